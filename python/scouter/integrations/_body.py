"""Bodies of responses, which tell when they are over."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Optional

Over = Callable[[Optional[BaseException]], None]
"""Is called once, with what was raised in place of an end, if anything was."""


class _Closing:
    def __init__(self, body: Any, over: Over) -> None:
        self._body = body
        self._parts: Any = None
        self._over: Optional[Over] = over

    def _end(self, error: Optional[BaseException] = None) -> None:
        over, self._over = self._over, None
        if over is not None:
            over(error)

    def close(self) -> None:
        """Closes the body that was given. Servers call it in any case, also where nothing was ever read."""
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        except BaseException as error:
            self._end(error)
            raise
        self._end()


class Body(_Closing):
    """An iterable that tells when it is over: at its end, when it fails, or when it is closed before."""

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            if self._parts is None:
                self._parts = iter(self._body)
            return next(self._parts)
        except StopIteration:
            self._end()
            raise
        except BaseException as error:
            self._end(error)
            raise


class AsyncBody(_Closing):
    """The same of an asynchronous iterable."""

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        try:
            if self._parts is None:
                self._parts = aiter(self._body)
            return await anext(self._parts)
        except StopAsyncIteration:
            self._end()
            raise
        except BaseException as error:
            self._end(error)
            raise
