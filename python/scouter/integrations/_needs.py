"""Frameworks, which nothing but their own module needs."""

from __future__ import annotations

from importlib import import_module


def needs(module: str, package: str) -> None:
    """Raises where a framework is not installed, and says what to install."""
    try:
        import_module(module)
    except ModuleNotFoundError as error:
        # A framework that is there and broken says best itself what it lacks.
        if error.name != module:
            raise
        words = f"this part of `scouter.integrations` needs the package `{package}`: `pip install {package}`"
        raise ModuleNotFoundError(words, name=module) from None
