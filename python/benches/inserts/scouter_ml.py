"""scouter-ml, with its transport for tests, which sends nothing: with any other it wants its own server."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import timing
from scouter.drift import Drifter, PsiDriftConfig
from scouter.mock import MockConfig
from scouter.queue import Feature, Features, ScouterQueue

data = timing.training()
table = np.array([data[name] for name in timing.FEATURES]).T
profile = Drifter().create_drift_profile(table, PsiDriftConfig(name="bench"))
names = list(profile.features)
path = profile.save_to_json(Path(tempfile.mkdtemp()) / "profile.json")
queue = ScouterQueue.from_path({"model": Path(path)}, transport_config=MockConfig())
model = queue["model"]

timing.measure("nothing", lambda row: None)
timing.measure("`Features` made of a dict", lambda row: model.insert(Features(dict(zip(names, row.values())))))
timing.measure(
    "`Features` made of a list",
    lambda row: model.insert(Features([Feature.float(name, value) for name, value in zip(names, row.values())])),
)
queue.shutdown()
