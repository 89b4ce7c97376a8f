"""A queue whose server is away or says no tells so by itself, though nothing more is inserted."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from scouter.drift import Drifter, PsiDriftConfig, PsiDriftProfile
from scouter.queue import HttpConfig, ScouterQueue

Server = Any


class Heard(logging.Handler):
    """What was said, by which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[str, str]] = []
        self.something = threading.Event()
        self.does: Callable[[], None] = lambda: None

    def emit(self, record: logging.LogRecord) -> None:
        self.does()
        self.said.append((record.getMessage(), threading.current_thread().name))
        self.something.set()


@pytest.fixture
def heard() -> Iterator[Heard]:
    heard, logger = Heard(), logging.getLogger("scouter.queue")
    logger.addHandler(heard)
    try:
        yield heard
    finally:
        logger.removeHandler(heard)


def made() -> PsiDriftProfile:
    data = {"x": [float(number) for number in range(100)]}
    return Drifter().create_drift_profile(data, PsiDriftConfig(space="shop", name=f"model-{uuid.uuid4()}"))


def queue(server: Server) -> ScouterQueue:
    return ScouterQueue.from_profile({"model": made()}, HttpConfig(server_uri=server.uri))


def test_a_server_that_is_away_is_told_though_nothing_more_comes(absent_server: Server, heard: Heard) -> None:
    with queue(absent_server) as waiting:
        waiting["model"].insert(x=1.0)
        assert heard.something.wait(180)
        [(said, thread)] = heard.said
        assert said.startswith("`model`: of 1 record, 1 wait; 1 attempt to send failed, the last: no answer from `http://")
        assert thread != threading.current_thread().name
        waiting.shutdown(0.0)


def test_records_that_the_server_refuses_are_told_though_nothing_more_comes(server: Server, heard: Heard) -> None:
    with queue(server) as waiting:
        waiting["model"].insert(x=1.0)
        assert heard.something.wait(180)
    assert "1 refused (unknown_profile)" in heard.said[0][0]


def test_who_hears_it_may_use_the_queue(absent_server: Server, heard: Heard) -> None:
    with queue(absent_server) as waiting:
        heard.does = lambda: waiting["model"].insert(x="one")
        waiting["model"].insert(x=1.0)
        assert heard.something.wait(180)
        heard.does = lambda: None
        assert waiting["model"].stats().refused == {"type": 1}
        waiting.shutdown(0.0)


def test_who_hears_it_may_end_the_queue(absent_server: Server, heard: Heard) -> None:
    with queue(absent_server) as waiting:
        ended: list[bool] = []
        heard.does = lambda: ended.append(waiting.shutdown(0.0))
        waiting["model"].insert(x=1.0)
        assert heard.something.wait(180)
        heard.does = lambda: None
        assert ended[0] is False
    assert waiting["model"].stats().undelivered == 1


def test_who_hears_it_and_does_not_return_does_not_keep_the_end_for_good(absent_server: Server, heard: Heard) -> None:
    told, free = threading.Event(), threading.Event()

    def block() -> None:
        told.set()
        free.wait()

    heard.does = block
    waiting = queue(absent_server)
    waiting["model"].insert(x=1.0)
    assert told.wait(180)
    try:
        assert waiting.shutdown(0.0) is False
        assert waiting["model"].stats().waiting == 1
    finally:
        heard.does = lambda: None
        free.set()
    assert waiting.shutdown(0.0) is False and waiting["model"].stats().undelivered == 1


def test_nothing_is_told_where_all_is_well(server: Server, heard: Heard) -> None:
    from scouter.client import ScouterClient

    profile, config = made(), HttpConfig(server_uri=server.uri)
    ScouterClient(config).register_profile(profile, set_active=True)
    with ScouterQueue.from_profile({"model": profile}, config) as sent:
        sent["model"].insert(x=1.0)
        assert sent.flush(180.0)
    assert heard.said == []
