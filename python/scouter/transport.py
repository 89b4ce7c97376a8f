"""How records and calls get to the server."""

from __future__ import annotations

import os
from typing import Optional

from scouter._arguments import checked_class

__all__ = ["HttpConfig"]


@checked_class
class HttpConfig:
    """A server over HTTP. What is not given comes from the environment.

    Args:
        server_uri: Its address, as `http://host:8000` or `https://host`; `SCOUTER_SERVER_URI`, and otherwise a server on this machine.
        username: Who logs in there; `SCOUTER_USERNAME`.
        password: The password that goes with the name; `SCOUTER_PASSWORD`.
        auth_token: An API key, or an access token of which somebody else takes care. It goes before a name; `SCOUTER_AUTH_TOKEN`.

    It pickles, with its secrets. It is not written as JSON, which is kept and sent on: without secrets it would be another configuration.

    Raises:
        ValueError: Where there is a name without a password, or a password without a name.
    """

    __slots__ = ("auth_token", "password", "server_uri", "username")

    server_uri: str
    username: str
    password: str
    auth_token: str

    def __init__(
        self,
        server_uri: Optional[str] = None,
        username: Optional[str] = None,
        password: Optional[str] = None,
        auth_token: Optional[str] = None,
    ) -> None:
        self.server_uri = _given(server_uri, "SCOUTER_SERVER_URI") or "http://127.0.0.1:8000"
        self.username = _given(username, "SCOUTER_USERNAME")
        self.password = _given(password, "SCOUTER_PASSWORD")
        self.auth_token = _given(auth_token, "SCOUTER_AUTH_TOKEN")
        self._check()

    def _check(self) -> None:
        if self.auth_token or bool(self.username) == bool(self.password):
            return
        there, missing = ("username", "password") if self.username else ("password", "username")
        raise ValueError(
            f"a `{there}` is given and no `{missing}` (SCOUTER_{missing.upper()}): give both, or an `auth_token` (SCOUTER_AUTH_TOKEN) in their place"
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, HttpConfig):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__ = None  # type: ignore[assignment]  # what it holds can be set

    def __repr__(self) -> str:
        secrets = "".join(f", {name}=…" for name in ("password", "auth_token") if getattr(self, name))
        return f"HttpConfig(server_uri={self.server_uri!r}, username={self.username!r}{secrets})"


def _given(value: Optional[str], variable: str) -> str:
    return os.environ.get(variable, "") if value is None else value
