"""A queue that waits for its server: real servers, some of which come late or never."""

from __future__ import annotations

import json
import threading
import uuid
from pathlib import Path
from typing import Any

import pytest

from scouter.client import ScouterClient
from scouter.drift import Drifter, PsiDriftConfig, PsiDriftProfile
from scouter.errors import ServerError
from scouter.queue import HttpConfig, QueueOptions, ScouterQueue

Server = Any
SOON = QueueOptions(startup_timeout=2.0)


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ["SERVER_URI", "USERNAME", "PASSWORD", "AUTH_TOKEN"]:
        monkeypatch.delenv(f"SCOUTER_{name}", raising=False)


@pytest.fixture
def profile() -> PsiDriftProfile:
    data = {"x": [float(number) for number in range(100)]}
    return Drifter().create_drift_profile(data, PsiDriftConfig(space="shop", name=f"model-{uuid.uuid4()}"))


def test_a_queue_waits_until_the_server_is_there_and_knows_the_profile(absent_server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    config = HttpConfig(server_uri=absent_server.uri)
    path = profile.save_to_json(tmp_path / "profile.json")

    def come() -> None:
        absent_server.start()
        ScouterClient(config).register_profile(profile, set_active=True)

    coming = threading.Thread(target=come)
    coming.start()
    try:
        queue = ScouterQueue.from_path({"model": path}, config, wait_for_startup=True, options=QueueOptions(startup_timeout=120.0))
        assert [found.uid for found in ScouterClient(config).list_profiles()] == [profile.uid]
    finally:
        coming.join()
    queue["model"].insert(x=1.0)
    assert queue.flush(30.0) and queue["model"].stats().accepted == 1
    assert queue.shutdown()


def test_a_server_that_does_not_come_is_told(absent_server: Server, profile: PsiDriftProfile) -> None:
    with pytest.raises(ServerError, match="^`wait_for_startup`: no answer from `http://127.0.0.1:"):
        ScouterQueue.from_profile({"model": profile}, HttpConfig(server_uri=absent_server.uri), wait_for_startup=True, options=SOON)


def test_a_profile_that_the_server_does_not_know_is_told(server: Server, profile: PsiDriftProfile) -> None:
    with pytest.raises(ServerError, match=f"^`wait_for_startup`: there is no profile `{profile.uid}`") as raised:
        ScouterQueue.from_profile({"model": profile}, HttpConfig(server_uri=server.uri), wait_for_startup=True, options=SOON)
    assert (raised.value.status, raised.value.code) == (404, "not_found")


def test_who_is_not_let_in_is_told_without_waiting(guarded_server: Server, profile: PsiDriftProfile) -> None:
    config = HttpConfig(server_uri=guarded_server.uri, auth_token="wrong")
    # Far longer than a test may take.
    patient = QueueOptions(startup_timeout=86_400.0)
    with pytest.raises(ServerError, match="not known here") as raised:
        ScouterQueue.from_profile({"model": profile}, config, wait_for_startup=True, options=patient)
    assert raised.value.status == 401


def test_without_it_a_queue_waits_for_nobody(absent_server: Server, profile: PsiDriftProfile) -> None:
    queue = ScouterQueue.from_profile({"model": profile}, HttpConfig(server_uri=absent_server.uri))
    queue["model"].insert(x=1.0)
    assert queue["model"].stats().waiting == 1
    assert not queue.shutdown(0.1)


def test_options_are_read_back_and_kept(tmp_path: Path) -> None:
    options = QueueOptions(capacity=10, capacity_bytes=2_000_000, when_full="block", spool_dir=tmp_path, startup_timeout=5.0)
    assert (options.capacity, options.when_full, options.spool_dir, options.startup_timeout) == (10, "block", tmp_path, 5.0)
    assert (options.batch_size, options.linger, options.sample_ratio, options.aggregate) == (1_000, 1.0, 1.0, False)
    assert (options.capacity_bytes, QueueOptions().capacity_bytes) == (2_000_000, 64 << 20)
    assert QueueOptions.model_validate_json(options.model_dump_json()) == options
    before = {name: value for name, value in json.loads(options.model_dump_json()).items() if name != "capacity_bytes"}
    assert QueueOptions.model_validate_json(json.dumps(before)).capacity_bytes == 64 << 20
    with pytest.raises(ValueError, match="`startup_timeout` is -1, which is no time in seconds"):
        QueueOptions(startup_timeout=-1.0)
