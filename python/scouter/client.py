"""What the server and its clients exchange: profiles, traces and their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Optional, Union

from scouter._scouter import (
    Attribute,
    CustomDriftProfile,
    DriftType,
    PsiDriftProfile,
    SpanEvent,
    SpanLink,
    SpcDriftProfile,
    TraceSpan,
    _Server,
)
from scouter.errors import ServerError
from scouter.transport import HttpConfig

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

Profile = Union[PsiDriftProfile, SpcDriftProfile, CustomDriftProfile]

__all__ = [
    "Attribute",
    "GetProfileRequest",
    "HttpConfig",
    "ProfileStatusRequest",
    "RegisteredProfile",
    "ScouterClient",
    "SpanEvent",
    "SpanLink",
    "TraceSpan",
]


class GetProfileRequest(NamedTuple):
    """Which profile."""

    name: str
    space: str
    version: str
    drift_type: DriftType


class ProfileStatusRequest(NamedTuple):
    """Which profile, and whether it is to be active."""

    name: str
    space: str
    version: str
    drift_type: DriftType
    active: bool


class RegisteredProfile(NamedTuple):
    """What the server knows of a profile."""

    uid: str
    """What records refer to it by."""
    space: str
    name: str
    version: str
    drift_type: DriftType
    active: bool
    """Whether it takes records, and drift is looked for in them."""
    created_at: datetime
    """When it was registered."""


class ScouterClient:
    """Registers profiles at a server, finds them, and switches them on and off.

    Args:
        config: Where the server is; `HttpConfig()` by default.

    Every method raises `ServerError` where the server says no or cannot be reached.
    """

    def __init__(self, config: Optional[HttpConfig] = None) -> None:
        self._server = _Server(config)

    def register_profile(self, profile: Profile, set_active: bool = False, deactivate_others: bool = False) -> bool:
        """Registers a profile. One of the same space, name, kind and version that says the same is the same profile.

        The server decides what records refer to it by: `profile.uid` and its version are set to that, so save it afterwards.

        Args:
            set_active: Whether it takes records from now on.
            deactivate_others: Whether other versions of it take none any more; only together with `set_active`, a `ServerError` otherwise.

        Returns:
            Whether it was not there before.
        """
        head = self._json({"activate": set_active, "deactivate_others": deactivate_others})
        answer = self._call("POST", "v1/profiles", f'{head[:-1]}, "profile": {profile.model_dump_json()}}}')
        profile.uid = answer["uid"]
        profile.config.version = answer["version"]
        return bool(answer["new"])

    def list_profiles(
        self,
        *,
        space: Optional[str] = None,
        name: Optional[str] = None,
        version: Optional[str] = None,
        drift_type: Optional[DriftType] = None,
        active: Optional[bool] = None,
    ) -> list[RegisteredProfile]:
        """The profiles that are registered, newest first: all, or those of a space, a name and so on."""
        from datetime import datetime
        from urllib.parse import urlencode

        kind = None if drift_type is None else drift_type.value()
        switched = None if active is None else str(active).lower()
        asked = {"space": space, "name": name, "version": version, "kind": kind, "active": switched, "limit": "500"}
        query = {key: value for key, value in asked.items() if value is not None}
        found: list[RegisteredProfile] = []
        while True:
            page = self._call("GET", f"v1/profiles?{urlencode(query)}")
            for item in page["items"]:
                kind, created = DriftType.from_value(item.pop("kind")), item.pop("created")
                fields = {field: item[field] for field in ("uid", "space", "name", "version", "active")}
                created_at = datetime.fromisoformat(_with_offset(created))
                found.append(RegisteredProfile(**fields, drift_type=kind, created_at=created_at))
            if page.get("next") is None:
                return found
            query["after"] = page["next"]

    def get_profile(self, request: GetProfileRequest) -> Profile:
        """The profile that is registered."""
        classes: dict[DriftType, type[Profile]] = {
            DriftType.Psi: PsiDriftProfile,
            DriftType.Spc: SpcDriftProfile,
            DriftType.Custom: CustomDriftProfile,
        }
        if request.drift_type not in classes:
            raise ValueError(f"profiles of {request.drift_type.value()} cannot be registered yet")
        document = self._call("GET", f"v1/profiles/{self._uid(request)}")["document"]
        return classes[request.drift_type].model_validate_json(self._json(document))

    def download_profile(self, request: GetProfileRequest, path: Optional[Path] = None) -> str:
        """Writes the profile that is registered to a JSON file, and tells which."""
        profile = self.get_profile(request)
        return str(profile.save_to_json() if path is None else profile.save_to_json(path))

    def update_profile_status(self, request: ProfileStatusRequest, deactivate_others: bool = False) -> bool:
        """Switches a profile on or off.

        Args:
            deactivate_others: Whether other versions of it are switched off; only where it is switched on, a `ServerError` otherwise.

        Returns:
            Whether it is on now.
        """
        uid = self._uid(GetProfileRequest(*request[:4]))
        body = self._json({"active": request.active, "deactivate_others": deactivate_others})
        return bool(self._call("PUT", f"v1/profiles/{uid}/status", body)["active"])

    def _uid(self, request: GetProfileRequest) -> str:
        name, space, version, drift_type = request
        found = self.list_profiles(space=space, name=name, version=version, drift_type=drift_type)
        if not found:
            wanted = f"`{name}` of the space `{space}` in version `{version}`"
            raise ServerError(f"there is no profile of {drift_type.value()} {wanted}", 404, "not_found")
        return found[0].uid

    def _call(self, method: str, path: str, body: Optional[str] = None) -> Any:
        import json

        return json.loads(self._server.call(method, path, body))

    @staticmethod
    def _json(value: Any) -> str:
        import json

        return json.dumps(value)


def _with_offset(moment: str) -> str:
    """The moment as Python 3.10 reads it too: with an offset in place of `Z`, and microseconds of six digits."""
    moment = moment.replace("Z", "+00:00")
    if "." in moment:
        head, rest = moment.split(".", 1)
        digits, sign, offset = rest.partition("+")
        moment = f"{head}.{digits[:6]:0<6}{sign}{offset}"
    return moment
