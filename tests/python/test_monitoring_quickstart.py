"""The quickstart of monitoring, as it is published, from its training data to a message in what speaks as Slack does."""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

Server = Any

QUICKSTART = """
import uvicorn
from contextlib import asynccontextmanager
from fastapi import FastAPI, Request
from pydantic import BaseModel
from scouter import (
    CommonCrons,
    Drifter,
    HttpConfig,
    PsiAlertConfig,
    PsiDriftConfig,
    ScouterClient,
    ScouterQueue,
)
from scouter.util import FeatureMixin

class PredictRequest(BaseModel, FeatureMixin):
    feature_1: float
    feature_2: float
    feature_3: float

def create_psi_profile(data):
    drifter = Drifter()
    client = ScouterClient()

    psi_config = PsiDriftConfig(
        space="production",
        name="my_model",
        version="0.0.1",
        alert_config=PsiAlertConfig(
            schedule=CommonCrons.Every6Hours,
            features_to_monitor=["feature_1", "feature_2"],
        ),
    )

    profile = drifter.create_drift_profile(data, psi_config)
    client.register_profile(profile=profile, set_active=True)
    return profile.save_to_json()

if __name__ == "__main__":
    profile_path = create_psi_profile(training_data)

    @asynccontextmanager
    async def lifespan(fast_app: FastAPI):
        fast_app.state.queue = ScouterQueue.from_path(
            path={"my_model": profile_path},
            transport_config=HttpConfig(),
        )
        yield
        fast_app.state.queue.shutdown()

    app = FastAPI(lifespan=lifespan)

    @app.post("/predict")
    async def predict(request: Request, payload: PredictRequest):
        request.app.state.queue["my_model"].insert(payload.to_features())
        return {"message": "success"}

    uvicorn.run(app, host="0.0.0.0", port=8888)
"""

# Gives it its training data, and has it listen where nobody else does.
RUN = """
import random, runpy, sys, uvicorn
run = uvicorn.run
uvicorn.run = lambda app, host, port: run(app, host="127.0.0.1", port=int(sys.argv[2]))
chance = random.Random(7)
data = {f"feature_{number}": [chance.gauss(number, 1.0) for _ in range(1_000)] for number in (1, 2, 3)}
runpy.run_path(sys.argv[1], {"training_data": data}, "__main__")
"""


@pytest.fixture
def told() -> queue.Queue[tuple[str, Any]]:
    """What whoever speaks as Slack does was told: where, and what."""
    return queue.Queue()


@pytest.fixture
def webhook(told: queue.Queue[tuple[str, Any]]) -> Iterator[str]:
    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"ok")
            told.put((self.path, json.loads(body)))

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Take) as receiver:
        thread = threading.Thread(target=receiver.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{receiver.server_port}/hooks/drift"
        finally:
            receiver.shutdown()
            thread.join()


def predict(server: Server, folder: Path, rows: list[dict[str, float]]) -> None:
    """Runs the service, and asks it for so many predictions."""
    (folder / "quickstart.py").write_text(QUICKSTART, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCOUTER_")}
    service = subprocess.Popen(
        [sys.executable, "-c", RUN, "quickstart.py", str(port)],
        cwd=folder,
        env={**kept, "SCOUTER_SERVER_URI": server.uri},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert service.stderr is not None
    said = []
    try:
        for line in service.stderr:
            said.append(line)
            if "Uvicorn running" in line:
                break
        else:
            pytest.fail("".join(said))
        for row in rows:
            headers = {"content-type": "application/json"}
            asked = urllib.request.Request(f"http://127.0.0.1:{port}/predict", json.dumps(row).encode(), headers)
            with urllib.request.urlopen(asked) as answer:
                assert json.load(answer) == {"message": "success"}
    finally:
        service.send_signal(signal.SIGTERM)
        service.stderr.read()
        service.stderr.close()
        service.wait(60)


def test_shifted_traffic_is_told_in_slack(absent_server: Server, webhook: str, told: queue.Queue[tuple[str, Any]], tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(f'slack_webhook = "{webhook}"\nalert_networks = ["127.0.0.0/8"]\n', encoding="utf-8")
    settings.chmod(0o600)
    absent_server.more = ("--config", str(settings))
    absent_server.start()
    predict(absent_server, tmp_path, [{f"feature_{at}": 10.0 + number / 100 for at in (1, 2, 3)} for number in range(60)])
    assert absent_server.rows("SELECT count(*) FROM records") == [["60"]]

    # Six hours are over, for the job that the server has planned by then.
    deadline = time.monotonic() + 60
    while not absent_server.rows("UPDATE drift_jobs SET due = now() RETURNING profile"):
        assert time.monotonic() < deadline, "no job was planned"
    path, message = told.get(timeout=60)
    assert path == "/hooks/drift"
    assert message["text"].startswith("*drift in production/my_model 0.0.1 (psi): feature_1, feature_2*\nfeature_1: PSI "), message
    assert "\nfeature_2: PSI " in message["text"] and "feature_3" not in message["text"] and "\n60 rows " in message["text"]
    assert told.empty()
