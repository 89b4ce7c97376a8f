"""A service of FastAPI that is watched: features of every prediction, and requests by route.

    scouter serve &
    python app.py              # says how the data were, and registers that
    uvicorn app:app --port 8888
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

from fastapi import BackgroundTasks, FastAPI, HTTPException, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from scouter import Drifter, HttpConfig, PsiDriftConfig, ScouterClient, ScouterQueue
from scouter.integrations.fastapi import ScouterMiddleware, lifespan
from scouter.util import FeatureMixin

PROFILE = Path("prices.json")


class Flat(BaseModel, FeatureMixin):
    area: float
    rooms: int


def register() -> None:
    """Says how flats were when the model was trained."""
    random = Random(7)
    areas = [random.gauss(70, 15) for _ in range(2_000)]
    data = {"area": areas, "rooms": [max(1, round(area / 25)) for area in areas]}
    profile = Drifter().create_drift_profile(data, PsiDriftConfig(space="shop", name="prices", version="1.0.0"))
    ScouterClient().register_profile(profile, set_active=True)
    profile.save_to_json(PROFILE)


def make_queue() -> ScouterQueue:
    return ScouterQueue.from_path({"prices": PROFILE}, HttpConfig())


app = FastAPI(lifespan=lifespan(make_queue))
app.add_middleware(ScouterMiddleware)


@app.post("/flats/{flat_id}/price")
async def price(request: Request, flat_id: int, flat: Flat, later: BackgroundTasks) -> dict[str, float]:
    request.app.state.queue["prices"].insert(flat.to_features())
    later.add_task(note, flat_id)
    return {"price": 3_000 * flat.area}


@app.get("/flats/{flat_id}")
async def flat(flat_id: int) -> dict[str, int]:
    if flat_id > 1_000:
        raise HTTPException(404, "there is no such flat")
    return {"flat": 1_000 // flat_id}


@app.get("/prices")
async def prices() -> StreamingResponse:
    async def rows() -> AsyncIterator[str]:
        for area in range(20, 120, 20):
            yield f"{area},{3_000 * area}\n"
            await asyncio.sleep(0)

    return StreamingResponse(rows(), media_type="text/csv")


async def note(flat_id: int) -> None:
    """Runs when the answer is sent: it delays nobody, and is no part of what a request took."""
    print(f"priced {flat_id}", flush=True)


if __name__ == "__main__":
    register()
