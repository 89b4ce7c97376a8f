"""`ScouterClient`: profiles at a real server."""

from __future__ import annotations

import pickle
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from scouter import PsiAlertConfig, SlackDispatchConfig
from scouter.client import GetProfileRequest, ProfileStatusRequest, ScouterClient
from scouter.drift import CustomDriftProfile, CustomMetric, CustomMetricDriftConfig, Drifter, PsiDriftConfig, PsiDriftProfile
from scouter.errors import ServerError
from scouter.queue import HttpConfig, ScouterQueue
from scouter.types import DriftType

Server = Any
Make = Callable[..., PsiDriftProfile]


@pytest.fixture
def client(server: Server) -> ScouterClient:
    return ScouterClient(HttpConfig(server_uri=server.uri))


@pytest.fixture
def make() -> Make:
    """Makes profiles under a name of the test's own."""
    name = f"model-{uuid.uuid4()}"

    def make(version: str = "0.1.0", shift: float = 0.0) -> PsiDriftProfile:
        data = {"x": [shift + number / 10 for number in range(200)]}
        return Drifter().create_drift_profile(data, PsiDriftConfig(space="shop", name=name, version=version))

    return make


def request(profile: PsiDriftProfile) -> GetProfileRequest:
    config = profile.config
    return GetProfileRequest(name=config.name, space=config.space, version=config.version, drift_type=DriftType.Psi)


def test_a_profile_is_registered_once_and_keeps_its_uid(client: ScouterClient, make: Make) -> None:
    first, again = make(), make()
    assert client.register_profile(first) is True
    assert client.register_profile(again) is False
    assert first.uid == again.uid


def test_what_was_registered_is_found_and_read_back(client: ScouterClient, make: Make) -> None:
    profile = make()
    client.register_profile(profile, set_active=True)
    [found] = client.list_profiles(name=profile.config.name)
    assert (found.uid, found.space, found.version, found.drift_type) == (profile.uid, "shop", "0.1.0", DriftType.Psi)
    assert found.active and found.created_at.tzinfo is not None
    assert client.get_profile(request(profile)) == profile


def test_what_was_registered_before_equals_what_is_made_again(client: ScouterClient, make: Make) -> None:
    first, again = make(), make()
    for profile in (first, again):
        client.register_profile(profile)
    assert first.features["x"].timestamp != again.features["x"].timestamp
    assert client.get_profile(request(again)) == again


def test_a_file_that_was_saved_before_it_was_registered_is_of_the_profile_that_was_there(client: ScouterClient, server: Server, make: Make, tmp_path: Path) -> None:
    first, again = make(), make()
    client.register_profile(first, set_active=True)
    path, own = again.save_to_json(tmp_path / "profile.json"), again.uid
    assert client.register_profile(again) is False and again.uid == first.uid != own
    queue = ScouterQueue.from_path({"model": path}, HttpConfig(server_uri=server.uri), wait_for_startup=True)
    queue["model"].insert(x=1.0)
    assert queue.shutdown(60.0) and queue["model"].stats().accepted == 1
    hour = timedelta(hours=1)
    now = datetime.now(timezone.utc)
    assert client.get_records(own, now - hour, now + hour).columns == client.get_records(first.uid, now - hour, now + hour).columns == {"x": [1.0]}


def test_a_profile_that_names_whom_the_server_cannot_tell_is_warned_of(client: ScouterClient, make: Make, caplog: pytest.LogCaptureFixture) -> None:
    profile = make()
    profile.config.alert_config = PsiAlertConfig(dispatch_config=SlackDispatchConfig("#drift"))
    assert client.register_profile(profile) is True
    [told] = [record.getMessage() for record in caplog.records if record.name == "scouter.client"]
    assert told.startswith(f"`{profile.config.name}`: ") and "Slack is not configured: set `SCOUTER_SLACK_TOKEN`" in told


def test_a_custom_profile_is_registered_and_read_back(client: ScouterClient) -> None:
    config = CustomMetricDriftConfig(space="shop", name=f"metrics-{uuid.uuid4()}")
    profile = CustomDriftProfile(config, [CustomMetric("mae", baseline_value=1.0, alert_threshold=_above())])
    client.register_profile(profile)
    asked = GetProfileRequest(config.name, "shop", config.version, DriftType.Custom)
    assert client.get_profile(asked) == profile


def _above() -> Any:
    from scouter.alert import AlertThreshold

    return AlertThreshold.Above


def test_a_profile_is_downloaded(client: ScouterClient, make: Make, tmp_path: Path) -> None:
    profile = make()
    client.register_profile(profile)
    path = client.download_profile(request(profile), tmp_path / "profile.json")
    assert PsiDriftProfile.from_file(Path(path)) == profile


def test_a_profile_is_switched_off_and_on(client: ScouterClient, make: Make) -> None:
    profile = make()
    client.register_profile(profile, set_active=True)
    asked = request(profile)
    assert client.update_profile_status(ProfileStatusRequest(*asked, active=False)) is False
    assert client.list_profiles(name=asked.name, active=True) == []
    assert client.update_profile_status(ProfileStatusRequest(*asked, active=True)) is True


def test_other_versions_are_switched_off(client: ScouterClient, make: Make) -> None:
    first, second = make("0.1.0"), make("0.2.0")
    client.register_profile(first, set_active=True)
    client.register_profile(second, set_active=True, deactivate_others=True)
    [active] = client.list_profiles(name=first.config.name, active=True)
    assert active.version == "0.2.0"


def test_other_content_under_a_version_is_a_conflict(client: ScouterClient, make: Make) -> None:
    client.register_profile(make())
    with pytest.raises(ServerError, match="`0.1.1`|0.1.1") as raised:
        client.register_profile(make(shift=5.0))
    assert (raised.value.status, raised.value.code) == (409, "conflict")
    assert pickle.loads(pickle.dumps(raised.value)).code == "conflict"


def test_a_profile_that_is_not_there_is_told(client: ScouterClient) -> None:
    with pytest.raises(ServerError, match="there is no profile of psi `nothing`") as raised:
        client.get_profile(GetProfileRequest("nothing", "shop", "0.1.0", DriftType.Psi))
    assert raised.value.code == "not_found"


def test_a_server_that_cannot_be_reached_is_told(absent_server: Server, make: Make) -> None:
    with pytest.raises(ServerError, match=f"no answer from `{absent_server.uri}`") as raised:
        ScouterClient(HttpConfig(server_uri=absent_server.uri)).register_profile(make())
    assert raised.value.status is None


@pytest.mark.parametrize("uri", ["", "nowhere", "ftp://host", "http://user:secret@host"])
def test_an_address_that_is_none_is_told(uri: str) -> None:
    config = HttpConfig()
    config.server_uri = uri
    with pytest.raises(ValueError, match="is no address of a server"):
        ScouterClient(config)


def test_the_address_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ["SERVER_URI", "USERNAME", "PASSWORD", "AUTH_TOKEN"]:
        monkeypatch.delenv(f"SCOUTER_{name}", raising=False)
    assert HttpConfig().server_uri == "http://127.0.0.1:8000"
    monkeypatch.setenv("SCOUTER_SERVER_URI", "https://scouter.example")
    monkeypatch.setenv("SCOUTER_AUTH_TOKEN", "secret")
    config = HttpConfig()
    assert (config.server_uri, config.auth_token) == ("https://scouter.example", "secret")
    assert HttpConfig(server_uri="http://here").server_uri == "http://here"
    assert "secret" not in repr(config) and pickle.loads(pickle.dumps(config)) == config


@pytest.mark.parametrize("part", ["space", "name"])
def test_a_profile_that_nobody_would_find_is_not_registered(client: ScouterClient, part: str) -> None:
    given = {"space": "shop", "name": "model"}
    del given[part]
    profile = Drifter().create_drift_profile({"x": [number / 10 for number in range(200)]}, PsiDriftConfig(**given))
    with pytest.raises(ValueError, match=f"the profile has no {part}.*set `profile.config.{part}`"):
        client.register_profile(profile)


def test_a_name_that_is_set_later_is_enough(client: ScouterClient) -> None:
    profile = Drifter().create_drift_profile({"x": [number / 10 for number in range(200)]})
    profile.config.space, profile.config.name = "shop", f"late-{uuid.uuid4()}"
    assert client.register_profile(profile) is True


def test_a_path_in_the_address_is_told(server: Server) -> None:
    with pytest.raises(ServerError, match="there is nothing at `/api/v1/profiles`"):
        ScouterClient(HttpConfig(server_uri=f"{server.uri}/api")).list_profiles()


def test_an_address_that_encrypts_to_a_server_that_does_not_is_told(server: Server) -> None:
    with pytest.raises(ServerError, match="does not encrypt: its address begins with `http://`"):
        ScouterClient(HttpConfig(server_uri=server.uri.replace("http://", "https://"))).list_profiles()
