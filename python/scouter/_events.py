"""Where `async` functions of tasks run, and how a run is awaited."""

from __future__ import annotations

import asyncio
import atexit
import contextvars
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

from scouter._scouter import wait_for_functions

if TYPE_CHECKING:
    from scouter._scouter import EvaluationConfig, GenAIEvalDataset, GenAIEvalResults

LEAVING = 5.0
"""How many seconds functions that were timed out may take to return when the interpreter ends. A thread that is in one
while it ends takes the process with it."""

atexit.register(wait_for_functions, LEAVING)

ENDING = 0.05
"""How many seconds a loop of our own may take to end before its thread is left to itself."""


class Events:
    """An event loop for what the functions of one run await: that of whoever awaits the run, or one of its own."""

    def __init__(self, loop: Optional[asyncio.AbstractEventLoop]) -> None:
        self.variables = contextvars.copy_context()
        """The context variables of whoever runs, which functions see."""
        self._loop = loop
        self._thread: Optional[threading.Thread] = None
        self._closed = False
        self._lock = threading.Lock()

    def submit(self, awaitable: Awaitable[Any], done: Callable[[Future[Any]], Any]) -> Future[Any]:
        """Awaits it on the loop; `done` is called with the finished future."""

        async def await_it() -> Any:
            try:
                return await awaitable
            except (SystemExit, KeyboardInterrupt) as error:
                # These end a loop, and all that runs on it with it.
                raise RuntimeError(f"{type(error).__name__}: {error}") from error

        waiting = await_it()
        try:
            future = asyncio.run_coroutine_threadsafe(waiting, self._running())
        except RuntimeError:  # The loop is closed: nobody waits for this any more.
            waiting.close()
            if asyncio.iscoroutine(awaitable):
                awaitable.close()
            raise
        future.add_done_callback(done)
        return future

    def close(self) -> None:
        """Ends the loop if it is our own, and what still runs on it. A function that does not end is left behind."""
        with self._lock:
            self._closed, thread, loop = True, self._thread, self._loop
        if thread is not None and loop is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(ENDING)

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._closed:
                raise RuntimeError("the run has ended")
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._run, args=(self._loop,), name="scouter-events", daemon=True)
                self._thread.start()
            return self._loop

    @staticmethod
    def _run(loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_forever()
        finally:
            left = asyncio.all_tasks(loop)
            for task in left:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()


async def evaluate_async(
    dataset: GenAIEvalDataset,
    config: Optional[EvaluationConfig],
    trials: int,
    run_dir: Optional[Path],
    reuse: Optional[Path],
) -> GenAIEvalResults:
    """Runs a dataset in a thread; cancelled, it stops the run and waits for it to end."""
    loop = asyncio.get_running_loop()
    stop = threading.Event()
    run: asyncio.Future[GenAIEvalResults] = loop.create_future()

    def work() -> None:
        try:
            end = partial(run.set_result, dataset._evaluate(config, trials, (run_dir, reuse), loop, stop))
        except BaseException as error:
            end = partial(run.set_exception, error)
        with suppress(RuntimeError):  # The loop is closed: nobody waits for this any more.
            loop.call_soon_threadsafe(lambda: None if run.done() else end())

    # A thread of its own: the loop's own threads may all be needed by what the run waits for.
    # It sees the context variables of whoever awaits it.
    threading.Thread(target=contextvars.copy_context().run, args=(work,), name="scouter-evaluate").start()
    try:
        return await asyncio.shield(run)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([run])
        raise
