"""Frameworks are needed by their own module alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

FRAMEWORKS = ["anyio", "asgiref", "django", "fastapi", "flask", "gunicorn", "starlette", "werkzeug"]


def output(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("module", ["scouter", "scouter.queue", "scouter.integrations", "scouter.integrations.asgi", "scouter.integrations.wsgi"])
def test_nothing_but_its_own_module_loads_a_framework(module: str) -> None:
    assert output(f"import sys, {module}; print(sorted(sys.modules.keys() & {FRAMEWORKS}))") == "[]"


@pytest.mark.parametrize(("module", "lacks", "package"), [("fastapi", "starlette", "fastapi"), ("flask", "flask", "flask"), ("django", "django", "django")])
def test_a_framework_that_is_not_there_is_named(module: str, lacks: str, package: str) -> None:
    code = f"""
import sys
sys.modules[{lacks!r}] = None
try:
    import scouter.integrations.{module}
except ModuleNotFoundError as error:
    print(error.name, str(error))
"""
    words = f"this part of `scouter.integrations` needs the package `{package}`: `pip install {package}`"
    assert output(code) == f"{lacks} {words}"


def test_what_a_framework_lacks_itself_is_told_as_it_is() -> None:
    code = """
import sys
sys.modules["werkzeug"] = None
try:
    import scouter.integrations.flask
except ModuleNotFoundError as error:
    print(error.name)
"""
    assert output(code).startswith("werkzeug")
