"""Who is let in: a real server that asks everybody, and what its clients say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from typing import Any

import pytest

from scouter.client import ScouterClient
from scouter.drift import Drifter, PsiDriftConfig, PsiDriftProfile
from scouter.errors import ServerError
from scouter.queue import HttpConfig, ScouterQueue

Server = Any


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ["SERVER_URI", "USERNAME", "PASSWORD", "AUTH_TOKEN", "DATA_DIR"]:
        monkeypatch.delenv(f"SCOUTER_{name}", raising=False)


def scouter(server: Server, *arguments: str, line: str = "") -> str:
    """What a command of the server's says."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    run = "import sys; from scouter.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", run, *arguments, "--data-dir", str(server.data)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, input=line, env=environment)
    return done.stdout.strip()


def profile(space: str) -> PsiDriftProfile:
    data = {"x": [float(number) for number in range(200)]}
    return Drifter().create_drift_profile(data, PsiDriftConfig(space=space, name=f"model-{uuid.uuid4()}"))


def test_who_does_not_say_who_they_are_is_told(guarded_server: Server) -> None:
    with pytest.raises(ServerError, match="who asks is not said: give `HttpConfig` an `auth_token`") as raised:
        ScouterClient(HttpConfig(server_uri=guarded_server.uri)).list_profiles()
    assert (raised.value.status, raised.value.code) == (401, "unauthenticated")


def test_a_service_is_let_in_by_its_key(guarded_server: Server) -> None:
    config = HttpConfig(server_uri=guarded_server.uri, auth_token=scouter(guarded_server, "keys", "create", "loader", "--grant", "shop=write"))
    watched = profile("shop")
    ScouterClient(config).register_profile(watched, set_active=True)
    queue = ScouterQueue.from_profile({"model": watched}, config)
    queue["model"].insert(x=1.0)
    assert queue.shutdown(30.0)
    assert queue["model"].stats().accepted == 1


def test_a_user_logs_in(guarded_server: Server) -> None:
    name, password = scouter(guarded_server, "users", "create", "ada", "--grant", "shop=write").split()
    config = HttpConfig(server_uri=guarded_server.uri, username=name, password=password)
    with pytest.raises(ServerError, match="good for setting another") as raised:
        ScouterClient(config).list_profiles()
    assert raised.value.code == "forbidden"
    scouter(guarded_server, "users", "password", name, line="correct horse battery\n")
    config.password = "correct horse battery"
    watched = profile("shop")
    client = ScouterClient(config)
    client.register_profile(watched, set_active=True)
    # What was given at the login is used again, and given anew where it is good no more.
    scouter(guarded_server, "users", "password", name, line="correct horse battery\n")
    assert [found.uid for found in client.list_profiles(name=watched.config.name)] == [watched.uid]
    queue = ScouterQueue.from_profile({"model": watched}, config)
    queue["model"].insert(x=1.0)
    assert queue.shutdown(30.0)
    assert queue["model"].stats().accepted == 1


def test_a_queue_that_is_not_let_in_keeps_its_records_and_says_why(guarded_server: Server) -> None:
    watched = profile("shop")
    queue = ScouterQueue.from_profile({"model": watched}, HttpConfig(server_uri=guarded_server.uri, auth_token="wrong"))
    queue["model"].insert(x=1.0)
    assert not queue.flush(2.0)
    stats = queue["model"].stats()
    assert stats.waiting == 1 and stats.failures <= 3
    assert stats.last_error is not None and "not known here" in stats.last_error
    assert not queue.shutdown(0.1)
    assert queue["model"].stats().undelivered == 1


@pytest.mark.parametrize("grant", ["shop=write", "bank=read"], ids=["another space", "nowhere"])
def test_records_that_one_may_not_write_are_refused(guarded_server: Server, grant: str) -> None:
    admin, writer = (scouter(guarded_server, "keys", "create", "x", "--grant", grant) for grant in ["*=admin", grant])
    watched = profile("bank")
    ScouterClient(HttpConfig(server_uri=guarded_server.uri, auth_token=admin)).register_profile(watched, set_active=True)
    queue = ScouterQueue.from_profile({"model": watched}, HttpConfig(server_uri=guarded_server.uri, auth_token=writer))
    queue["model"].insert(x=1.0)
    assert queue.flush(30.0) is False
    assert queue["model"].stats().refused == {"forbidden": 1}
    assert queue.shutdown()


def test_what_was_done_is_told(guarded_server: Server) -> None:
    assert "user_created\tadmin" in scouter(guarded_server, "audit", "--last", "100000")
    assert len(scouter(guarded_server, "audit", "--limit", "1").splitlines()) == 1


def test_a_password_is_not_shown(guarded_server: Server) -> None:
    config = HttpConfig(server_uri=guarded_server.uri, username="ada", password="a wrong one, of 12")
    with pytest.raises(ServerError) as raised:
        ScouterClient(config).list_profiles()
    assert "wrong one" not in str(raised.value) + repr(config) + json.dumps(raised.value.args)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"username": "ada"}, "a `username` is given and no `password` .SCOUTER_PASSWORD.: give both, or an `auth_token`"),
        ({"password": "correct horse battery"}, "a `password` is given and no `username` .SCOUTER_USERNAME."),
    ],
)
def test_half_a_login_is_told_at_once(given: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=told):
        HttpConfig(**given)
    [(name, value)] = given.items()
    monkeypatch.setenv(f"SCOUTER_{name.upper()}", value)
    with pytest.raises(ValueError, match=told):
        HttpConfig()
    assert HttpConfig(auth_token="scouter_x").auth_token == "scouter_x"


def test_half_a_login_that_was_set_later_is_told_where_it_is_used() -> None:
    config = HttpConfig(username="ada", password="correct horse battery")
    config.password = ""
    with pytest.raises(ValueError, match="no `password`"):
        ScouterClient(config)


def test_a_server_that_asks_says_so(guarded_server: Server) -> None:
    assert guarded_server.process.stdout.readline().startswith("the first administrator is `admin`")
    assert guarded_server.process.stdout.readline().startswith("everybody is asked who they are")
