"""A service whose features are watched: every prediction goes to the server, which looks for drift every six hours.

    scouter serve &
    python app.py [PORT]
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import uvicorn
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


def create_psi_profile(data: dict[str, list[float]]) -> Path:
    """Says how the features were when the model was trained, and registers that at the server."""
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
    # What records refer to the profile by is known from here on: so it is saved afterwards.
    client.register_profile(profile=profile, set_active=True)
    saved: Path = profile.save_to_json()
    return saved


if __name__ == "__main__":
    random = Random(7)
    training_data = {f"feature_{number}": [random.gauss(number, 1.0) for _ in range(10_000)] for number in (1, 2, 3)}
    profile_path = create_psi_profile(training_data)

    @asynccontextmanager
    async def lifespan(fast_app: FastAPI) -> AsyncIterator[None]:
        fast_app.state.queue = ScouterQueue.from_path(
            path={"my_model": profile_path},
            transport_config=HttpConfig(),
        )
        yield
        fast_app.state.queue.shutdown()

    app = FastAPI(lifespan=lifespan)

    @app.post("/predict")
    async def predict(request: Request, payload: PredictRequest) -> dict[str, str]:
        request.app.state.queue["my_model"].insert(payload.to_features())
        return {"message": "success"}

    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]) if len(sys.argv) > 1 else 8888)
