"""A transport for tests of what an application hands over."""

from __future__ import annotations

import json
from typing import Any

from scouter._scouter import _Inbox


class MockConfig:
    """A transport that keeps what it is given: a queue with it sends nothing and needs no server.

        transport = MockConfig()
        with ScouterQueue.from_profile({"model": profile}, transport) as queue:
            queue["model"].insert({"x": 1.0})
        assert transport.records[0]["features"] == {"x": 1.0}

    Args:
        settings: Those of whichever transport it stands in for. They are kept, and nothing follows from them.
    """

    def __init__(self, **settings: Any) -> None:
        self.settings = settings
        self._inbox = _Inbox()

    @property
    def records(self) -> list[dict[str, Any]]:
        """What was handed over, in its order, as the server's API has it: `profile` (its `uid`), `uid`, and one of `features`, `bins`, `metrics`,
        `eval` and `requests`. Records come with `flush()` or at the end of their queue at the latest."""
        groups = [group for body in self._inbox.bodies() for group in json.loads(body)["groups"]]
        return [{"profile": group["profile"], **record} for group in groups for record in group["records"]]

    def clear(self) -> None:
        """Forgets what was handed over."""
        self._inbox.clear()

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in self.settings.items())
        return f"MockConfig({settings})"
