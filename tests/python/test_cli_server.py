"""`scouter profiles` and `scouter alerts` against a real server."""

from __future__ import annotations

import json
import re
import uuid
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from scouter.alert import AlertThreshold
from scouter.cli import Exit, main
from scouter.client import DriftJob, DriftWindow, ScouterClient
from scouter.drift import CustomDriftProfile, CustomMetric, CustomMetricDriftConfig, Drifter, PsiDriftConfig, PsiDriftProfile
from scouter.errors import ServerError
from scouter.queue import HttpConfig, ScouterQueue

Server = Any


@pytest.fixture(autouse=True)
def here(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SCOUTER_SERVER_URI", server.uri)
    for name in ["USERNAME", "PASSWORD", "AUTH_TOKEN"]:
        monkeypatch.delenv(f"SCOUTER_{name}", raising=False)
    monkeypatch.chdir(tmp_path)


def made(version: str = "1.0.0", name: str | None = None) -> PsiDriftProfile:
    data = {"x": [number / 10 for number in range(200)]}
    name = name or f"model-{uuid.uuid4()}"
    return Drifter().create_drift_profile(data, PsiDriftConfig(space="shop", name=name, version=version))


def registered(version: str = "1.0.0", name: str | None = None) -> PsiDriftProfile:
    profile = made(version, name)
    ScouterClient().register_profile(profile, set_active=True)
    return profile


def content(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """What a command says as JSON."""
    main([*arguments, "--json"])
    return dict(json.loads(capsys.readouterr().out))


def drifted(profile: PsiDriftProfile, rows: int = 40) -> None:
    with ScouterQueue.from_profile({"m": profile}) as queue:
        for number in range(rows):
            queue["m"].insert(x=100.0 + number)


def test_a_profile_is_registered_and_found(capsys: pytest.CaptureFixture[str]) -> None:
    profile = made()
    profile.save_to_json(Path("profile.json"))
    assert main(["profiles", "register", "profile.json", "--activate", "-o", "known.json"]) == Exit.PASSED
    kept = PsiDriftProfile.from_file("known.json")
    assert capsys.readouterr().out == f"shop/{profile.config.name}/1.0.0 is {kept.uid}\n"
    told = content(capsys, "profiles", "register", "profile.json")
    assert (told["new"], told["profile"]["uid"], told["command"], told["exit_code"]) == (False, kept.uid, "profiles register", 0)
    [found] = content(capsys, "profiles", "list", "--name", profile.config.name, "--active")["profiles"]
    assert (found["uid"], found["drift_type"], found["active"]) == (kept.uid, "psi", True)
    assert main(["profiles", "list", "--space", "nowhere"]) == Exit.PASSED
    assert capsys.readouterr().out == "there is no such profile\n"


def test_a_profile_is_shown_by_its_uid_and_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    profile = registered()
    for named in (profile.uid, f"shop/{profile.config.name}", f"shop/{profile.config.name}/1.0.0"):
        assert main(["profiles", "show", named]) == Exit.PASSED
        assert f"uid\t{profile.uid}\n" in capsys.readouterr().out
    told = content(capsys, "profiles", "show", profile.uid)
    assert told["document"]["kind"] == "psi_drift_profile" and told["job"]["last"] is None


def test_a_profile_is_switched(capsys: pytest.CaptureFixture[str]) -> None:
    first = registered()
    second = registered("2.0.0", first.config.name)
    both = f"shop/{first.config.name}"
    assert main(["profiles", "activate", f"{both}/2.0.0", "--deactivate-others"]) == Exit.PASSED
    assert capsys.readouterr().out == f"{both}/2.0.0 is active\n"
    assert [profile.uid for profile in ScouterClient().list_profiles(name=first.config.name, active=True)] == [second.uid]
    assert main(["profiles", "deactivate", second.uid]) == Exit.PASSED
    assert ScouterClient().list_profiles(name=first.config.name, active=True) == []
    capsys.readouterr()
    assert main(["profiles", "show", both]) == Exit.BAD_CONFIGURATION
    told = capsys.readouterr().err
    assert "is the name of 2 profiles" in told and first.uid in told and second.uid in told


def test_drift_is_looked_for_and_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    profile = registered()
    assert main(["profiles", "run", profile.uid]) == Exit.PASSED
    assert main(["profiles", "run", profile.uid, "--wait", "60"]) == Exit.INCONCLUSIVE
    drifted(profile)
    capsys.readouterr()
    assert main(["profiles", "run", profile.uid, "--wait", "60"]) == Exit.FAILED
    assert capsys.readouterr().out == "failed: x drifted over 40 rows\n"


def test_of_a_baseline_of_few_rows_nobody_is_told_that_nothing_drifted(capsys: pytest.CaptureFixture[str]) -> None:
    data = {"x": [float(number) for number in range(12)]}
    profile = Drifter().create_drift_profile(data, PsiDriftConfig(space="shop", name=f"model-{uuid.uuid4()}"))
    ScouterClient().register_profile(profile, set_active=True)
    drifted(profile)
    capsys.readouterr()
    told = "nothing else drifted over 40 rows; of x nothing can be said: too few rows, in the baseline or now"
    assert main(["profiles", "run", profile.uid, "--wait", "60"]) == Exit.INCONCLUSIVE
    assert capsys.readouterr().out == f"inconclusive: {told}\n"
    assert main(["profiles", "show", profile.uid]) == Exit.PASSED
    assert f"found\t{told}, " in capsys.readouterr().out
    window = content(capsys, "profiles", "show", profile.uid)["job"]["last"]
    assert (window["drifted"], window["lost"]) == ([], ["x"])


def test_of_a_metric_with_few_values_in_the_window_nobody_is_told_that_it_did_not_drift(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = [CustomMetric(name, 1.0, AlertThreshold.Above, minimum_count=fewest) for name, fewest in [("mae", 1), ("latency", 3)]]
    profile = CustomDriftProfile(CustomMetricDriftConfig(space="shop", name=f"metrics-{uuid.uuid4()}"), metrics)
    ScouterClient().register_profile(profile, set_active=True)
    with ScouterQueue.from_profile({"m": profile}) as queue:
        for _ in range(2):
            queue["m"].insert(mae=0.5, latency=0.5)
    assert main(["profiles", "run", profile.uid, "--wait", "60"]) == Exit.INCONCLUSIVE
    told = "nothing else drifted over 2 rows; of latency nothing can be said: too few rows, in the baseline or now"
    assert capsys.readouterr().out == f"inconclusive: {told}\n"


@pytest.mark.parametrize(
    ("names", "lost", "code", "told"),
    [
        ([], None, Exit.PASSED, "passed: nothing drifted over 40 rows"),
        ([], [], Exit.PASSED, "passed: nothing drifted over 40 rows"),
        (["y"], ["x"], Exit.FAILED, "failed: y drifted over 40 rows; of x nothing can be said: too few rows, in the baseline or now"),
    ],
    ids=["an older server", "all is said", "drifted"],
)
def test_a_verdict_goes_by_what_the_server_says_is_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], names: list[str], lost: list[str] | None, code: Exit, told: str
) -> None:
    began = datetime(2026, 3, 1, tzinfo=timezone.utc)
    window = DriftWindow(began, began, 40, names, lost)
    ended = (window, DriftJob(under_way=False, due_at=None, failure=None, last=window))
    monkeypatch.setattr(ScouterClient, "_ended_job", lambda self, uid, wait: ended)
    assert main(["profiles", "run", registered().uid, "--wait", "60"]) == code
    assert capsys.readouterr().out == f"{told}\n"


def test_a_look_at_nothing_says_so_and_tells_which_alert_is_open_and_whether_it_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    profile = registered()
    drifted(profile)
    found = ScouterClient().run_job(profile.uid, wait=60.0)
    assert found is not None
    alert = ScouterClient().get_job(profile.uid).alert
    assert main(["profiles", "run", profile.uid, "--wait", "60"]) == Exit.INCONCLUSIVE
    since = f"no new rows since {found.ended:%Y-%m-%d %H:%M:%SZ}"
    assert capsys.readouterr().out == f"inconclusive: {since}; alert {alert} is open: x\n"
    assert main(["profiles", "show", profile.uid]) == Exit.PASSED
    shown = capsys.readouterr().out
    assert f"found\t{since}, as of " in shown and f"alert\t{alert} is open: x\n" in shown
    told = content(capsys, "profiles", "show", profile.uid)["job"]
    assert (told["last"]["rows"], told["waiting"], told["alert"]) == (0, None, alert)
    assert main(["alerts", "ack", str(alert)]) == Exit.PASSED
    capsys.readouterr()
    assert main(["profiles", "show", profile.uid]) == Exit.PASSED
    assert f"alert\t{alert} is known: x\n" in capsys.readouterr().out


def test_a_verdict_stands_where_the_alert_cannot_be_looked_at(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def away(*asked: object) -> None:
        raise ServerError("no answer")

    profile = registered()
    drifted(profile)
    ScouterClient().run_job(profile.uid, wait=60.0)
    alert = ScouterClient().get_job(profile.uid).alert
    monkeypatch.setattr(ScouterClient, "get_alerts", away)
    assert main(["profiles", "run", profile.uid, "--wait", "60"]) == Exit.INCONCLUSIVE
    assert capsys.readouterr().out.endswith(f"; alert {alert} cannot be looked at: no answer\n")


def test_where_many_features_drifted_the_first_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"f{number:02}" for number in range(12)]
    data = {name: [number / 10 for number in range(200)] for name in names}
    profile = Drifter().create_drift_profile(data, PsiDriftConfig(space="shop", name=f"model-{uuid.uuid4()}"))
    ScouterClient().register_profile(profile, set_active=True)
    with ScouterQueue.from_profile({"m": profile}) as queue:
        for number in range(40):
            queue["m"].insert(**dict.fromkeys(names, 100.0 + number))
    assert main(["profiles", "run", profile.uid, "--wait", "60"]) == Exit.FAILED
    assert capsys.readouterr().out == f"failed: {', '.join(names[:10])} and 2 more drifted over 40 rows\n"


def test_how_few_rows_wait_and_how_many_are_enough_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    profile = registered()
    drifted(profile, rows=12)
    assert main(["profiles", "run", profile.uid, "--wait", "60"]) == Exit.INCONCLUSIVE
    few = "12 of 30 rows wait, too few for anything to be said"
    assert capsys.readouterr().out == f"inconclusive: {few}\n"
    assert main(["profiles", "show", profile.uid]) == Exit.PASSED
    assert f"waiting\t{few}\n" in capsys.readouterr().out
    assert content(capsys, "profiles", "show", profile.uid)["job"]["waiting"] == {"rows": 12, "needed": 30}


def test_a_server_without_profiles_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(ScouterClient, "list_profiles", lambda self, **asked: [])
    assert main(["profiles", "list"]) == Exit.PASSED
    assert capsys.readouterr().out == "there are no profiles\n"


def test_alerts_are_listed_and_acknowledged(capsys: pytest.CaptureFixture[str]) -> None:
    profile = registered()
    assert main(["alerts", "list", profile.uid]) == Exit.PASSED
    assert capsys.readouterr().out == "there is no such alert\n"
    drifted(profile)
    ScouterClient().run_job(profile.uid, wait=60.0)
    [alert] = content(capsys, "alerts", "list", profile.uid, "--active")["alerts"]
    assert list(alert["alert"]) == ["x"] and alert["acknowledged_at"] is None
    assert sum(alert["deliveries"].values()) == 1 and alert["deliveries"]["given_up"] == 0
    assert main(["alerts", "ack", str(alert["id"])]) == Exit.PASSED
    assert capsys.readouterr().out == f"alert {alert['id']} of shop/{profile.config.name}/1.0.0 is known\n"
    assert alert["id"] in [one["id"] for one in content(capsys, "alerts", "list")["alerts"]]
    assert main(["alerts", "list", profile.uid]) == Exit.PASSED
    # Whether the log was written to by now is up to the server.
    assert re.search(r"\tknown\t1 (delivered|waiting)\tx: PSI ", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["profiles", "show", "shop/nothing"], "there is no profile `shop/nothing`: `scouter profiles list` shows which there are"),
        (["profiles", "show", str(uuid.UUID(int=7))], "there is no profile `00000000-0000-0000-0000-000000000007`"),
        (["profiles", "show", "nothing"], "`nothing` is neither the uid of a profile nor SPACE/NAME nor SPACE/NAME/VERSION"),
        (["profiles", "run", "shop/nothing"], "there is no profile `shop/nothing`"),
        (["profiles", "register", "nothing.json"], "`nothing.json`: No such file or directory"),
        (["profiles", "register", "empty.json"], "`empty.json`: this is no profile, which is the JSON that its `save_to_json` wrote"),
        (["profiles", "register", "data.json"], "`data.json`: it is a `data_profile`, and a server watches none but these: `psi_drift_profile`, "),
        (["alerts", "ack", "0"], "there is no alert `0`"),
        (["profiles", "list", "--server", "nowhere"], "`nowhere` is no address of a server"),
        (["profiles", "list", "--server", "http://127.0.0.1:9"], "no answer from `http://127.0.0.1:9`: "),
    ],
)
def test_what_cannot_be_is_told(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty.json").write_text("{}")
    Path("data.json").write_text('{"format": 1, "kind": "data_profile"}')
    assert main(arguments) == Exit.BAD_CONFIGURATION
    written = capsys.readouterr()
    assert written.err.startswith(f"scouter: {told}") and written.out == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["profiles", "run", "a/b", "--wait", "soon"], "`soon` is no time in seconds"),
        (["alerts", "list", "--limit", "0"], "`0` is not a whole number from 1 to 500"),
        (["alerts", "ack", "first"], "invalid int value: 'first'"),
        (["profiles"], "the following arguments are required: COMMAND"),
    ],
)
def test_arguments_that_make_no_sense_are_told(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == Exit.BAD_CONFIGURATION
    assert told in capsys.readouterr().err


def test_who_is_not_let_in_is_told(guarded_server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profiles", "list", "--server", guarded_server.uri]) == Exit.BAD_CONFIGURATION
    assert "SCOUTER_AUTH_TOKEN" in capsys.readouterr().err
    assert HttpConfig().auth_token == ""
