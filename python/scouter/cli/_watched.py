"""`scouter profiles` and `scouter alerts`: what a server watches and what it found, over HTTP as `ScouterClient` asks for it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from scouter import _verdict
from scouter.cli._command import command
from scouter.cli._exit import Exit, Stop, stopping
from scouter.cli._show import Output
from scouter.errors import ServerError

if TYPE_CHECKING:
    from scouter.cli._command import Commands, Run
    from scouter.client import Alert, DriftJob, DriftWindow, Profile, RegisteredProfile, ScouterClient, WaitingRows

NAMED = 10
"""How many features are named in a line."""

EPILOG = """\
The server is that of --server, or of SCOUTER_SERVER_URI, or http://127.0.0.1:8000. Who asks is said by SCOUTER_AUTH_TOKEN, or by SCOUTER_USERNAME and
SCOUTER_PASSWORD: secrets have no option.
"""


def declare(areas: Commands) -> None:
    """Says what there is."""
    others: dict[str, Any] = {"action": "store_true", "help": "other versions of it take none any more"}
    make = _area(areas, "profiles", "list, show, register, switch and run the profiles of a server")
    made = make("list", list_profiles, "list profiles, newest first")
    for part in ("space", "name", "version"):
        # `name` is that of the command.
        made.add_argument(f"--{part}", dest=f"of_{part}", metavar=part.upper(), help=f"only those of this {part}")
    made.add_argument("--active", action="store_true", help="only those that are active")
    _which(make("show", show_profile, "show a profile, and how things stand with its drift job"))
    made = make("register", register, "register the profile of a file that `save_to_json` wrote")
    made.add_argument("file", type=Path, metavar="FILE", help="the profile: a .json file")
    made.add_argument("--activate", action="store_true", help="it takes records from now on")
    made.add_argument("--deactivate-others", **others)
    made.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the profile as the server knows it, for queues to be made of")
    made = _which(make("activate", activate, "have a profile take records"))
    made.add_argument("--deactivate-others", **others)
    _which(make("deactivate", deactivate, "have a profile take no records any more"))
    made = _which(make("run", run, "have drift looked for at once, whatever the schedule says"))
    told = "wait so long at most for what is found: 0 no drift, 1 drift, 4 nothing that can be said, or not of all that is watched"
    made.add_argument("--wait", type=seconds, metavar="SECONDS", help=told)

    make = _area(areas, "alerts", "list and acknowledge what a server found")
    made = _which(make("list", list_alerts, "list alerts, newest first"), optional=True)
    made.add_argument("--active", action="store_true", help="only those that are not gone")
    made.add_argument("--limit", type=limit, default=50, metavar="N", help="how many at most, up to 500 (default: 50)")
    made = make("ack", acknowledge, "say that an alert is known: of what was told of it by then nothing more is told but its end")
    made.add_argument("alert", type=int, metavar="ALERT", help="its number, as `list` tells it")


def _area(areas: Commands, name: str, help: str) -> Callable[[str, Run, str], argparse.ArgumentParser]:
    area = areas.add_parser(name, help=help, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = area.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def make(one: str, does: Run, told: str) -> argparse.ArgumentParser:
        made = command(commands, one, does, told, name)
        made.add_argument("--server", metavar="URL", help="the server, as http://host:8000 or https://host")
        return made

    return make


def _which(made: argparse.ArgumentParser, optional: bool = False) -> argparse.ArgumentParser:
    told = "its uid, or SPACE/NAME, or SPACE/NAME/VERSION"
    if optional:
        made.add_argument("profile", nargs="?", metavar="PROFILE", help=f"{told}; all where none is named")
    else:
        made.add_argument("profile", metavar="PROFILE", help=told)
    return made


def seconds(text: str) -> float:
    """A time in seconds."""
    try:
        time = float(text)
    except ValueError:
        time = -1.0
    if not 0 <= time < float("inf"):
        raise argparse.ArgumentTypeError(f"`{text}` is no time in seconds")
    return time


def limit(text: str) -> int:
    """How many a page may have."""
    if not text.isdecimal() or not 1 <= int(text) <= 500:
        raise argparse.ArgumentTypeError(f"`{text}` is not a whole number from 1 to 500")
    return int(text)


def list_profiles(options: argparse.Namespace, output: Output) -> Exit:
    """Lists profiles."""
    with stopping():
        found = _client(options).list_profiles(
            space=options.of_space, name=options.of_name, version=options.of_version, active=options.active or None
        )
    if found:
        output.table(
            ["uid", "profile", "kind", "active", "registered"],
            [[profile.uid, _name(profile), profile.drift_type.value(), _yes(profile.active), _time(profile.created_at)] for profile in found],
        )
    asked = (options.of_space, options.of_name, options.of_version, options.active)
    none = "there is no such profile" if any(asked) else "there are no profiles"
    return _end(output, {"profiles": [_told(profile) for profile in found]}, "" if found else none)


def show_profile(options: argparse.Namespace, output: Output) -> Exit:
    """Shows a profile."""
    with stopping():
        client = _client(options)
        profile = _find(client, options.profile)
        document = client.get_profile(_request(profile)).model_dump_json()
        job = client.get_job(profile.uid)
        standing = _standing(client, profile.uid, job)
    lines = {"uid": profile.uid, "profile": _name(profile), "kind": profile.drift_type.value(), "active": _yes(profile.active)}
    lines["registered"] = _time(profile.created_at)
    if job.due_at is not None:
        lines["job"] = "under way" if job.under_way else f"due {_time(job.due_at)}"
    if job.failure is not None:
        lines["failed"] = job.failure
    if job.waiting is not None:
        lines["waiting"] = _few(job.waiting)
    if job.last is not None and job.last.rows:
        lines["found"] = f"{_found(job.last)}, {_time(job.last.ended)}"
    elif job.last is not None and job.waiting is None:
        lines["found"] = f"{_idle(job.last)}, as of {_time(job.last.ended)}"
    if standing:
        lines["alert"] = standing
    output.table(["field", "value"], lines.items())
    last = job.last and _window(job.last)
    told = {"under_way": job.under_way, "due_at": job.due_at and job.due_at.isoformat(), "failure": job.failure, "last": last, **_still(job)}
    return _end(output, {"profile": _told(profile), "job": told, "document": json.loads(document)}, "")


def register(options: argparse.Namespace, output: Output) -> Exit:
    """Registers the profile of a file."""
    with stopping():
        profile = _read(options.file)
        new = _client(options).register_profile(profile, set_active=options.activate, deactivate_others=options.deactivate_others)
        if options.output is not None:
            profile.save_to_json(options.output)
    config = profile.config
    said = f"{config.space}/{config.name}/{config.version} is {profile.uid}"
    told = {"uid": profile.uid, "space": config.space, "name": config.name, "version": config.version}
    return _end(output, {"profile": told, "new": new}, f"{said}{'' if new else ', as it was'}")


def activate(options: argparse.Namespace, output: Output) -> Exit:
    """Switches a profile on."""
    return _switch(options, output, True)


def deactivate(options: argparse.Namespace, output: Output) -> Exit:
    """Switches a profile off."""
    return _switch(options, output, False)


def _switch(options: argparse.Namespace, output: Output, active: bool) -> Exit:
    from scouter.client import ProfileStatusRequest

    with stopping():
        client = _client(options)
        profile = _find(client, options.profile)
        client.update_profile_status(ProfileStatusRequest(*_request(profile), active), active and options.deactivate_others)
    return _end(output, {"uid": profile.uid, "active": active}, f"{_name(profile)} is {'' if active else 'not '}active")


def run(options: argparse.Namespace, output: Output) -> Exit:
    """Has drift looked for."""
    with stopping():
        client = _client(options)
        profile = _find(client, options.profile)
        if options.wait is None:
            client.run_job(profile.uid)
            return _end(output, {"uid": profile.uid}, f"drift of {_name(profile)} is looked for")
        try:
            found, job = client._ended_job(profile.uid, options.wait)
        except TimeoutError as error:
            return output.end(Exit.INCONCLUSIVE, {"uid": profile.uid, "found": None}, str(error))
    content = {"uid": profile.uid, "found": found and _window(found), **_still(job)}
    if found is not None and found.drifted:
        return output.end(Exit.FAILED, content, _found(found))
    # The verdict goes by the window alone: nothing that is asked for afterwards takes it away.
    try:
        standing = _standing(client, profile.uid, job)
    except ServerError as error:
        standing = f"{job.alert} cannot be looked at: {error}"
    still = f"; alert {standing}" if standing else ""
    if found is not None:
        return output.end(Exit.INCONCLUSIVE if found.lost else Exit.PASSED, content, f"{_found(found)}{still}")
    return output.end(Exit.INCONCLUSIVE, content, f"{_nothing(job)}{still}")


def list_alerts(options: argparse.Namespace, output: Output) -> Exit:
    """Lists alerts."""
    from scouter.client import DriftAlertPaginationRequest

    with stopping():
        client = _client(options)
        if options.profile is None:
            found = client.list_alerts(active=options.active, limit=options.limit)
        else:
            profile = _find(client, options.profile)
            found = client.get_alerts(DriftAlertPaginationRequest(profile.uid, active=options.active, limit=options.limit)).items
    if found:
        rows = [[str(alert.id), _time(alert.created_at), alert.entity_name, _state(alert), _notices(alert), _what(alert)] for alert in found]
        output.table(["alert", "since", "profile", "state", "notices", "what"], rows)
    none = "there is no such alert" if options.profile or options.active else "there are no alerts"
    return _end(output, {"alerts": [_alert(alert) for alert in found]}, "" if found else none)


def acknowledge(options: argparse.Namespace, output: Output) -> Exit:
    """Acknowledges an alert."""
    with stopping():
        alert = _client(options).acknowledge_alert(options.alert)
    return _end(output, {"alert": _alert(alert)}, f"alert {alert.id} of {alert.entity_name} is {_state(alert)}")


def _client(options: argparse.Namespace) -> ScouterClient:
    from scouter.client import HttpConfig, ScouterClient

    return ScouterClient(HttpConfig(server_uri=options.server))


def _find(client: ScouterClient, named: str) -> RegisteredProfile:
    """The profile of a uid or a name.

    Raises:
        Stop: There is none of the name, or there are several.
        ServerError: There is none of the uid.
    """
    if _is_uid(named):
        return client._known(named)
    found = client.list_profiles(**_parts(named))
    if len(found) == 1:
        return found[0]
    if not found:
        raise Stop(f"there is no profile `{named}`: `scouter profiles list` shows which there are")
    several = ", ".join(f"`{profile.uid}` ({profile.drift_type.value()}, {profile.version})" for profile in found[:8])
    raise Stop(f"`{named}` is the name of {len(found)} profiles: say which of {several}")


def _parts(named: str) -> dict[str, Any]:
    parts = named.split("/")
    if len(parts) not in (2, 3) or not all(parts):
        raise Stop(f"`{named}` is neither the uid of a profile nor SPACE/NAME nor SPACE/NAME/VERSION")
    return dict(zip(("space", "name", "version"), parts))


def _is_uid(named: str) -> bool:
    try:
        return str(UUID(named)) == named.lower()
    except ValueError:
        return False


def _read(path: Path) -> Profile:
    """The profile of a file, of whatever kind it is."""
    from scouter.drift import CustomDriftProfile, PsiDriftProfile, SpcDriftProfile
    from scouter.evaluate import GenAIEvalProfile

    classes: dict[str, type[Profile]] = {
        "psi_drift_profile": PsiDriftProfile,
        "spc_drift_profile": SpcDriftProfile,
        "custom_drift_profile": CustomDriftProfile,
        "genai_eval_profile": GenAIEvalProfile,
    }
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        document = None
    kind = document.get("kind") if isinstance(document, dict) else None
    if not isinstance(kind, str):
        raise Stop(f"`{path}`: this is no profile, which is the JSON that its `save_to_json` wrote")
    if kind not in classes:
        raise Stop(f"`{path}`: it is a `{kind}`, and a server watches none but these: `{'`, `'.join(classes)}`")
    return classes[kind].from_file(path)


def _request(profile: RegisteredProfile) -> Any:
    from scouter.client import GetProfileRequest

    return GetProfileRequest(profile.name, profile.space, profile.version, profile.drift_type)


def _name(profile: RegisteredProfile) -> str:
    return f"{profile.space}/{profile.name}/{profile.version}"


def _told(profile: RegisteredProfile) -> dict[str, Any]:
    return {**profile._asdict(), "drift_type": profile.drift_type.value(), "created_at": profile.created_at.isoformat()}


def _alert(alert: Alert) -> dict[str, Any]:
    times = {name: at and at.isoformat() for name, at in alert._asdict().items() if name.endswith("_at")}
    return {**alert._asdict(), **times, "deliveries": alert.deliveries and alert.deliveries._asdict()}


def _window(window: DriftWindow) -> dict[str, Any]:
    return {**window._asdict(), "began": window.began.isoformat(), "ended": window.ended.isoformat()}


def _found(window: DriftWindow) -> str:
    """What a window came to. An older server does not say what is lost to it: of that nothing is claimed."""
    drifted = _names(window.drifted) or ("nothing else" if window.lost else "nothing")
    found = f"{drifted} drifted over {_verdict.count(window.rows, 'row')}"
    return f"{found}; of {_names(window.lost)} nothing can be said: too few rows, in the baseline or now" if window.lost else found


def _names(names: Collection[str]) -> str:
    """Names in a line, where there are many but the first of them."""
    left = len(names) - NAMED
    return ", ".join(list(names)[:NAMED]) + (f" and {left:,} more" if left > 0 else "")


def _idle(window: DriftWindow) -> str:
    return f"no new rows since {_time(window.began)}"


def _few(waiting: WaitingRows) -> str:
    return f"{waiting.rows:,} of {_verdict.count(waiting.needed, 'row')} wait, too few for anything to be said"


def _nothing(job: DriftJob) -> str:
    """Why a job that was waited for found nothing."""
    if job.waiting is not None:
        return _few(job.waiting)
    if job.last is not None and not job.last.rows:
        return _idle(job.last)
    # A server of an earlier version does not say which.
    return "nothing came since the last job, or too few rows for anything to be said"


def _still(job: DriftJob) -> dict[str, Any]:
    return {"waiting": job.waiting and job.waiting._asdict(), "alert": job.alert}


def _standing(client: ScouterClient, uid: str, job: DriftJob) -> str:
    """How the alert stands that is not gone, and what it names; empty where there is none."""
    from scouter.client import DriftAlertPaginationRequest

    if job.alert is None:
        return ""
    found = client.get_alerts(DriftAlertPaginationRequest(uid, active=True, limit=1)).items
    return "".join(f"{alert.id} is {_state(alert)}: {_names(alert.alert)}" for alert in found)


def _state(alert: Alert) -> str:
    if not alert.active:
        return "gone"
    return "open" if alert.acknowledged_at is None else "known"


def _notices(alert: Alert) -> str:
    """What became of what was told of it; empty where nobody is told, and of an older server, which does not say."""
    counts = alert.deliveries._asdict() if alert.deliveries else {}
    return ", ".join(f"{count:,} {what.replace('_', ' ')}" for what, count in counts.items() if count)


def _what(alert: Alert) -> str:
    return "; ".join(f"{name}: {said}" for name, said in alert.alert.items())


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _time(at: Any) -> str:
    return f"{at:%Y-%m-%d %H:%M:%SZ}"


def _end(output: Output, content: dict[str, Any], says: str) -> Exit:
    """The end of a command that did what it was to do: what it shows is all there is to say."""
    if output.json:
        return output.end(Exit.PASSED, content, "")
    if says:
        output.line(says)
    return Exit.PASSED
