"""The variables by which providers are found, pointed at a test server."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

LOOPBACK = "127.0.0.1"


def base_urls(url: str) -> dict[str, str]:
    """The base URL of each provider, as our own client takes it."""
    return {
        "openai": f"{url}/v1",
        "anthropic": url,
        "gemini": f"{url}/v1beta",
        "vertex": f"{url}/v1/projects/test/locations/global",
    }


def variables(url: str, key: str) -> dict[str, str]:
    """Keys and addresses under the names that providers and their own clients read, and no proxy on the way."""
    urls = base_urls(url)
    past = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    no_proxy = f"{past},{LOOPBACK}" if past else LOOPBACK
    return {
        "OPENAI_API_KEY": key,
        "OPENAI_BASE_URL": urls["openai"],
        "OPENAI_API_BASE": urls["openai"],
        "AZURE_OPENAI_API_KEY": key,
        "AZURE_OPENAI_ENDPOINT": url,
        "ANTHROPIC_API_KEY": key,
        "ANTHROPIC_BASE_URL": urls["anthropic"],
        "GEMINI_API_KEY": key,
        "GOOGLE_API_KEY": key,
        "GEMINI_BASE_URL": urls["gemini"],
        "GOOGLE_GEMINI_BASE_URL": url,  # Google's client adds the version itself
        "GOOGLE_ACCESS_TOKEN": key,
        "VERTEX_BASE_URL": urls["vertex"],
        "GOOGLE_VERTEX_BASE_URL": url,
        "no_proxy": no_proxy,
        "NO_PROXY": no_proxy,
    }


@contextmanager
def environment(changes: Mapping[str, str]) -> Iterator[None]:
    """Sets variables, and puts back what was there."""
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
