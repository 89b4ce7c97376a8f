"""The server does what its OpenAPI document says: schemathesis makes requests of the document, sound and unsound ones, and looks at the answers."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from scouter.client import ScouterClient
from scouter.drift import Drifter, PsiDriftConfig
from scouter.queue import HttpConfig, ScouterQueue

Server = Any

PASSWORD = "correct horse battery"
# What bodies say beside their form is not told by a schema: a profile that is none, a time that ends before it begins. What is packed is tested
# elsewhere: here it would be random bytes. Records are refused one by one, in an answer that says 200. A key that was revoked can be revoked again.
CONFIG = """
headers = {{ Authorization = "Bearer {token}" }}

[parameters]
"header.Content-Encoding" = "identity"

[checks]
positive_data_acceptance = {{ enabled = false }}
use_after_free = {{ enabled = false }}

[[operations]]
include-path-regex = "^/v1/profiles/.uid./"
parameters = {{ "path.uid" = "{uid}" }}

[[operations]]
include-operation-id = "send_records"
checks = {{ negative_data_rejection = {{ enabled = false }} }}
"""


def scouter(server: Server, *arguments: str, line: str = "") -> None:
    """Runs a command on the server's data."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    run = "import sys; from scouter.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", run, *arguments, "--data-dir", str(server.data)]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=60, input=line, env=environment)


def logged_in(server: Server) -> str:
    """The token of an administrator: unlike an API key, no request that is made here revokes it."""
    scouter(server, "users", "create", "ada", "--grant", "*=admin")
    scouter(server, "users", "password", "ada", line=f"{PASSWORD}\n")
    body = json.dumps({"username": "ada", "password": PASSWORD}).encode()
    request = urllib.request.Request(f"{server.uri}/v1/auth/login", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return str(json.load(answer)["access_token"])


def watched(config: HttpConfig) -> str:
    """A profile with records."""
    data = {"x": [float(number) for number in range(200)], "city": ["Rome", "Oslo"] * 100}
    profile = Drifter().create_drift_profile(data, PsiDriftConfig(space="shop", name="model"))
    ScouterClient(config).register_profile(profile, set_active=True)
    queue = ScouterQueue.from_profile({"model": profile}, config)
    queue["model"].insert(x=1.0, city="Rome")
    queue["model"].insert(x=float("inf"), city=None)
    assert queue.shutdown(30.0)
    return str(profile.uid)


@pytest.mark.skipif(importlib.util.find_spec("schemathesis") is None, reason="schemathesis needs Python 3.11")
def test_the_server_does_what_its_document_says(guarded_server: Server, tmp_path: Path) -> None:
    token = logged_in(guarded_server)
    uid = watched(HttpConfig(server_uri=guarded_server.uri, auth_token=token))
    (tmp_path / "schemathesis.toml").write_text(CONFIG.format(token=token, uid=uid))
    with urllib.request.urlopen(f"{guarded_server.uri}/openapi.json") as answer:
        # That which gives the document is not tested again.
        operations = sum(len(item) for path, item in json.load(answer)["paths"].items() if path != "/openapi.json")
    run = "from schemathesis.cli import schemathesis; schemathesis()"
    # How slow a machine is says nothing of the server.
    patience = ["--request-timeout", "30", "--suppress-health-check", "too_slow"]
    options = ["--max-examples", "20", "--generation-deterministic", "--no-color", *patience]
    command = [sys.executable, "-c", run, "run", f"{guarded_server.uri}/openapi.json", *options]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Tested: {operations}\n" in done.stdout
