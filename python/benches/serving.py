"""A server of Scouter beside a benchmark."""

from __future__ import annotations

import subprocess
from pathlib import Path

SERVE = "import sys; from scouter.cli import main; sys.exit(main())"


def start(python: Path, data: Path, listen: str = "127.0.0.1:0") -> tuple[subprocess.Popen[str], str]:
    """Starts one that keeps its data there, and tells its address; the environment of this Python has Scouter."""
    command = [str(python), "-c", SERVE, "serve", "--listen", listen, "--data-dir", str(data)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    said = server.stdout.readline()
    if not said.startswith("listening on "):
        server.kill()
        raise SystemExit("the server does not start")
    return server, said.removeprefix("listening on ").strip()


def stop(server: subprocess.Popen[str]) -> None:
    server.terminate()
    server.wait()
