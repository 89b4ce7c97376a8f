"""What all middleware does with a request: it is counted, and nothing that goes wrong with that reaches the application."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from scouter.queue import Queue, ScouterQueue

Clock = Callable[[], float]
"""Seconds that only ever grow, such as `time.perf_counter`."""

UNMATCHED = "(unmatched)"
"""What requests are counted as that no route of the application is for."""

BROKEN = 500
"""The status of a request whose answer failed, also where one had begun."""

CLOSED = 499
"""The status of a request whose client went away before it was answered, as web servers write it into their logs."""

SILENCE = 60.0
"""For how many seconds after an error none is told."""

LOG = logging.getLogger("scouter.integrations")


class Requests:
    """Counts requests at the entrance of a profile.

    Args:
        profile: The name of the entrance; it may be left out where the queue has but one.
        clock: The time by which requests are measured.
    """

    def __init__(self, profile: Optional[str], clock: Clock) -> None:
        self.clock = clock
        self._profile = profile
        # The queue, and its entrance.
        self._known: Optional[tuple[ScouterQueue, Queue]] = None
        self._lost = 0
        self._silent_until = float("-inf")

    def entrance(self, queue: ScouterQueue) -> Queue:
        """The entrance of the profile.

        Raises:
            LookupError: Where the queue has none of that name, or several and none is named.
        """
        known = self._known
        if known is not None and known[0] is queue:
            return known[1]
        names = list(queue.stats())
        if self._profile is None and len(names) > 1:
            several = ", ".join(f"`{name}`" for name in names)
            raise LookupError(f"the queue has several profiles ({several}): `profile=` says which one requests are counted for")
        found = queue[names[0] if self._profile is None else self._profile]
        self._known = (queue, found)
        return found

    def count(self, queue: Callable[[], ScouterQueue], route: Callable[[], Optional[str]], begun: float, status: int) -> None:
        """Counts a request that is over. Nothing is raised; what goes wrong is logged once a minute."""
        seconds = max(self.clock() - begun, 0.0)
        try:
            self.entrance(queue()).observe(route() or UNMATCHED, seconds, status)
        except Exception as error:
            self._lost += 1
            now = self.clock()
            if now >= self._silent_until:
                self._silent_until = now + SILENCE
                # `KeyError` quotes its message.
                why = error.args[0] if isinstance(error, LookupError) and error.args else error
                lost = "1 request was" if self._lost == 1 else f"{self._lost:,} requests were"
                LOG.error("%s not counted so far, the last since %s", lost, why)
