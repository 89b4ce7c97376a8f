"""Scouter, with a server that takes what is sent, and with none: `python ours.py URL`."""

from __future__ import annotations

import sys

import timing
from scouter.client import ScouterClient
from scouter.drift import Drifter, PsiDriftConfig
from scouter.queue import Features, HttpConfig, QueueOptions, ScouterQueue

config = HttpConfig(server_uri=sys.argv[1])
profile = Drifter().create_drift_profile(timing.training(), PsiDriftConfig(space="bench", name="bench"))
ScouterClient(config).register_profile(profile, set_active=True)
queue = ScouterQueue.from_profile({"model": profile}, config)
model = queue["model"]


def flush() -> None:
    queue.flush(60.0)
    if queue["model"].stats().waiting:
        raise SystemExit("the server takes no records")


timing.measure("nothing", lambda row: None)
timing.measure("a dict", model.insert, flush)
timing.measure('`queue["model"].insert(…)` of a dict', lambda row: queue["model"].insert(row), flush)
timing.measure("keyword arguments", lambda row: model.insert(**row), flush)
timing.measure("`Features` made of a dict", lambda row: model.insert(Features(row)), flush)
counting = ScouterQueue.from_profile({"model": profile}, config, options=QueueOptions(aggregate=True))
timing.measure("a dict, counted by bin", counting["model"].insert)
for ended in (queue, counting):
    ended.shutdown(60.0)
    stats = ended["model"].stats()
    if stats.accepted != stats.inserted:
        raise SystemExit(f"records are missing: {stats}")

away = HttpConfig(server_uri="http://127.0.0.1:9")
for way, capacity in (("server absent, a dict", 200_000), ("absent, full, a dict", 1_000)):
    unsent = ScouterQueue.from_profile({"model": profile}, away, options=QueueOptions(capacity=capacity))
    timing.measure(way, unsent["model"].insert)
    stats = unsent["model"].stats()
    if stats.inserted != stats.waiting + stats.dropped or (stats.dropped > 0) != (capacity < timing.CALLS):
        raise SystemExit(f"records are not counted: {stats}")
    unsent.shutdown(0.0)
