"""Google's generateContent, by Gemini and by Vertex AI, and their embeddings: batchEmbedContents and predict."""

from __future__ import annotations

from typing import Any

from scouter.mock._api import Api, Said, chat, embeddings
from scouter.mock._request import Question, Request, texts

STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
REASONS = {"stop": "STOP", "length": "MAX_TOKENS"}


def _model(path: str) -> str:
    """The name between `models/` and the method."""
    return path.rpartition("models/")[2].rpartition(":")[0]


def _read(path: str, body: Any) -> Question:
    config = body.get("generationConfig") or {}
    schema = config.get("responseJsonSchema") or config.get("responseSchema")
    said = tuple(texts(content.get("parts")) for content in body["contents"])
    system = body.get("systemInstruction") or body.get("system_instruction") or {}
    return Question(_model(path), said, texts(system.get("parts")), schema)


def _generated(request: Request, said: Said) -> Any:
    candidate: dict[str, Any] = {"index": 0, "finishReason": "SAFETY"}
    if said.finish != "refusal":
        content = {"role": "model", "parts": [{"text": said.text}]}
        candidate = {"content": content, "finishReason": REASONS[said.finish], "index": 0}
    return {
        "candidates": [candidate],
        "usageMetadata": {
            "promptTokenCount": said.input_tokens,
            "candidatesTokenCount": said.output_tokens,
            "totalTokenCount": said.input_tokens + said.output_tokens,
        },
        "modelVersion": request.model,
        "responseId": f"response-{request.number}",
    }


def _read_embeddings(path: str, body: Any) -> Question:
    asked = [texts(request["content"]["parts"]) for request in body["requests"]]
    return Question(_model(path), tuple(asked), dimensions=body["requests"][0].get("outputDimensionality"))


def _embeddings(_request: Request, vectors: list[list[float]], _tokens: int) -> Any:
    return {"embeddings": [{"values": vector} for vector in vectors]}


def _read_instances(path: str, body: Any) -> Question:
    asked = tuple(instance["content"] for instance in body["instances"])
    return Question(_model(path), asked, dimensions=(body.get("parameters") or {}).get("outputDimensionality"))


def _predictions(request: Request, vectors: list[list[float]], tokens: int) -> Any:
    # Tokens are counted for each text; here they are all told of the first.
    counts = [tokens] + [0] * (len(request.messages) - 1)
    return {
        "predictions": [
            {"embeddings": {"values": vector, "statistics": {"truncated": False, "token_count": float(count)}}} for vector, count in zip(vectors, counts)
        ]
    }


def _error(status: int, message: str) -> Any:
    return {"error": {"code": status, "message": message, "status": STATUSES.get(status, "UNKNOWN")}}


WRONG_KEY = (400, "API key not valid. Please pass a valid API key.")
WRONG_TOKEN = (401, "Request had invalid authentication credentials.")

APIS = (
    Api("gemini", "generateContent", ":generateContent", _read, chat(_generated), _error, WRONG_KEY),
    Api("gemini", "batchEmbedContents", ":batchEmbedContents", _read_embeddings, embeddings(_embeddings), _error, WRONG_KEY),
    Api("vertex", "predict", ":predict", _read_instances, embeddings(_predictions), _error, WRONG_TOKEN),
)
VERTEX = Api("vertex", "generateContent", ":generateContent", _read, chat(_generated), _error, WRONG_TOKEN)
