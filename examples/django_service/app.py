"""A service of Django that is watched, all in one file: features of every request, and requests by route.

    scouter serve &
    python app.py register     # says how the data were, and registers that
    python app.py runserver 8888
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import django  # type: ignore[import-untyped]
from django.conf import settings  # type: ignore[import-untyped]
from django.core.management import execute_from_command_line  # type: ignore[import-untyped]
from django.http import HttpRequest, JsonResponse, StreamingHttpResponse  # type: ignore[import-untyped]
from django.urls import path  # type: ignore[import-untyped]

from scouter import Drifter, HttpConfig, ScouterClient, ScouterQueue, SpcDriftConfig

PROFILE = Path("machines.json")

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="only for this example",
    SCOUTER_QUEUE=f"{__name__}.make_queue",
    SCOUTER_PROFILE="machines",
    MIDDLEWARE=["scouter.integrations.django.ScouterMiddleware"],
)
django.setup()

from scouter.integrations.django import queue  # noqa: E402


def register() -> None:
    """Says how machines were when they ran well."""
    random = Random(7)
    data = {"heat": [random.gauss(60, 5) for _ in range(2_000)], "noise": [random.gauss(40, 2) for _ in range(2_000)]}
    profile = Drifter().create_drift_profile(data, SpcDriftConfig(space="plant", name="machines", version="1.0.0"))
    ScouterClient().register_profile(profile, set_active=True)
    profile.save_to_json(PROFILE)


def make_queue() -> ScouterQueue:
    return ScouterQueue.from_path({"machines": PROFILE}, HttpConfig())


def state(request: HttpRequest, machine: int) -> JsonResponse:
    heat, noise = float(request.GET["heat"]), float(request.GET["noise"])
    queue()["machines"].insert(heat=heat, noise=noise)
    return JsonResponse({"machine": machine, "well": heat < 80})


def rows(request: HttpRequest) -> StreamingHttpResponse:
    def lines() -> Iterator[str]:
        for machine in range(5):
            yield f"{machine}\n"

    return StreamingHttpResponse(lines(), content_type="text/plain")


def broken(request: HttpRequest) -> Any:
    raise RuntimeError("this one is broken")


urlpatterns = [
    path("machines/<int:machine>/", state),
    path("machines/", rows),
    path("broken/", broken),
]

if __name__ == "__main__":
    if sys.argv[1:] == ["register"]:
        register()
    else:
        execute_from_command_line(sys.argv)
