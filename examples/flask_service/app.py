"""A service of Flask that is watched: a metric of every answer, and requests by route.

    scouter serve &
    python app.py              # says what the metric should be, and registers that
    gunicorn --workers 2 --bind 127.0.0.1:8888 'app:create_app()'
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, Response, abort, jsonify, request

from scouter import AlertThreshold, CustomDriftProfile, CustomMetric, CustomMetricDriftConfig, HttpConfig, ScouterClient, ScouterQueue
from scouter.integrations.flask import Scouter

PROFILE = Path("answers.json")


def register() -> None:
    """Says how sure the model was of its answers when it was tested."""
    confidence = CustomMetric("confidence", baseline_value=0.8, alert_threshold=AlertThreshold.Below, delta=0.1)
    profile = CustomDriftProfile(CustomMetricDriftConfig(space="support", name="answers", version="1.0.0"), [confidence])
    ScouterClient().register_profile(profile, set_active=True)
    profile.save_to_json(PROFILE)


def make_queue() -> ScouterQueue:
    return ScouterQueue.from_path({"answers": PROFILE}, HttpConfig())


scouter = Scouter(make_queue)


def create_app() -> Flask:
    app = Flask(__name__)
    scouter.init_app(app)

    @app.post("/answer")
    def answer() -> Response:
        question = request.get_json()["question"]
        confidence = 0.9 if question.endswith("?") else 0.4
        scouter.queue["answers"].insert(confidence=confidence)
        return jsonify(confidence=confidence, worker=os.getpid())

    @app.get("/answers/<int:number>")
    def one(number: int) -> Response:
        if number > 100:
            abort(404)
        return jsonify(answer=100 // number)

    @app.get("/answers")
    def some() -> Response:
        def lines() -> Iterator[str]:
            for number in range(5):
                yield f"{number}\n"

        return Response(lines(), mimetype="text/plain")

    return app


if __name__ == "__main__":
    register()
