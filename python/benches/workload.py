"""The work every tool is given: the same records, the same ten checks, the same graph.

Records are plain dicts of about 1.3 KB, as a support agent would log them, with fields that no check reads. They are
made from their number alone, so that every process sees the same ones and every tool must count the same passes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True)
class Check:
    """One assertion, in the words of `ComparisonOperator`."""

    id: str
    path: str
    operator: str
    expected: Any
    depends_on: tuple[str, ...] = field(default=())
    gate: bool = False


COUNTRIES = ("DE", "FR", "US", "DE", "JP")
REPLIES = (
    "Thank you for your patience. The refund for order {order} was issued today and reaches your account within five"
    " working days. You will get a confirmation by e-mail; the invoice was corrected as well.",
    "I have looked into order {order}. The parcel left our warehouse this morning, so it can no longer be changed, but"
    " you can send it back free of charge with the label in your account.",
    "I am sorry for the trouble. I could not find the order you mention; could you check the number and send it again?",
)


def record(i: int) -> Record:
    """Record number `i`: the same in every process."""
    order = f"ORD-{100_000 + i % 900_000}"
    broken = i % 11 == 0
    return {
        "request_id": f"req-{i:09d}",
        "query": f"Where is my refund for order {order}? I sent the parcel back two weeks ago and heard nothing since.",
        "response": REPLIES[i % 3].format(order=order),
        "status": "resolved" if i % 4 else "open",
        "confidence": 0.5 + (i % 50) / 100,
        "customer": {
            "id": i * 7,
            "name": "Jamie Example",
            "tier": "gold",
            "address": {"street": "Lindenallee 12", "city": "Potsdam", "zip": "14467", "country": COUNTRIES[i % 5]},
        },
        "usage": {"prompt_tokens": 812 + i % 97, "completion_tokens": 96 + i % 31, "latency_ms": 180 + i * 37 % 2_400},
        "tool_output": '{"order": "' + order + '", "state": "returned", "amount": 49.9' + ("" if broken else "}"),
        "tags": ["orders", "billing" if i % 3 == 0 else "shipping", "returns"],
        "retrieval": {
            "index": "help-center-2024",
            "documents": [] if i % 7 == 0 else [
                {"id": f"doc-{i % 40}", "score": 0.91, "title": "How refunds work", "language": "en"},
                {"id": f"doc-{i % 13}", "score": 0.64, "title": "Sending a parcel back", "language": "en"},
            ],
        },
        "session": {"channel": "chat", "locale": "en-GB", "turn": i % 9, "experiment": "prompt-b"},
        "policy": "Refunds go back to the card that paid. Returns are free within thirty days; after that the customer pays"
        " for the label. Never promise a date for a bank transfer, and never ask for a full card number.",
    }


TEN = (
    Check("is_resolved", "status", "Equals", "resolved"),
    Check("names_refund", "response", "Contains", "refund"),
    Check("names_order", "response", "MatchesRegex", r"\bORD-\d{6}\b"),
    Check("is_short", "response", "HasLengthLessThan", 190),
    Check("is_confident", "confidence", "GreaterThanOrEqual", 0.7),
    Check("is_german", "customer.address.country", "Equals", "DE"),
    Check("is_quick", "usage.latency_ms", "InRange", [0, 2000]),
    Check("tool_gave_json", "tool_output", "IsJson", True),
    Check("has_billing_tag", "tags", "Contains", "billing"),
    Check("found_documents", "retrieval.documents", "IsNotEmpty", True),
)


def _node(check: Check, *depends_on: str, gate: bool = False, **changes: Any) -> Check:
    return replace(check, depends_on=depends_on, gate=gate, **changes)


# Three levels, ten nodes; `is_resolved` is a gate that lets three in four through, `names_refund` one that never opens.
GRAPH = (
    _node(TEN[0], gate=True),
    _node(TEN[1], gate=True, expected="a text no reply holds"),
    _node(TEN[2]),
    _node(TEN[3], "is_resolved"),
    _node(TEN[4], "is_resolved"),
    _node(TEN[5], "names_refund"),
    _node(TEN[6], "names_order"),
    _node(TEN[7], "is_short", "is_confident"),
    _node(TEN[8], "is_german"),
    _node(TEN[9], "is_quick"),
)


def checks(shape: str) -> list[Check]:
    """The checks of a shape: `ten`, `graph`, `graph_nodes` (the graph's nodes without edges) or a number of checks."""
    if shape == "ten":
        return list(TEN)
    if shape == "graph":
        return list(GRAPH)
    if shape == "graph_nodes":
        return [_node(check) for check in GRAPH]
    return [replace(TEN[i % 10], id=f"{TEN[i % 10].id}_{i // 10}") for i in range(int(shape))]
