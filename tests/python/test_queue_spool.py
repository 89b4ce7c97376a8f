"""What could not be sent lies on the disk, survives `kill -9` of the client, and is sent by whoever comes later."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import pytest

from scouter.client import ScouterClient
from scouter.drift import Drifter, PsiDriftConfig, PsiDriftProfile
from scouter.queue import HttpConfig, QueueOptions, ScouterQueue

Server = Any


def to(server: Server) -> HttpConfig:
    return HttpConfig(server_uri=server.uri)


def made(name: str | None = None) -> PsiDriftProfile:
    data = {"x": [float(number) for number in range(100)]}
    return Drifter().create_drift_profile(data, PsiDriftConfig(space="shop", name=name or f"model-{uuid.uuid4()}"))


@pytest.fixture
def profile(absent_server: Server) -> PsiDriftProfile:
    """A profile that was registered before the server went away."""
    absent_server.start()
    profile = made()
    ScouterClient(to(absent_server)).register_profile(profile, set_active=True)
    assert absent_server.end(signal.SIGTERM) == 0
    return profile


def values(server: Server) -> list[int]:
    return sorted(int(float(value)) for [value] in server.rows("SELECT numbers[1] FROM records"))


# The most seconds that anything is waited for: what a slow machine may need, and far more than any other.
MOST = 180.0


def until(queue: ScouterQueue, what: str, count: int) -> None:
    deadline = time.monotonic() + MOST
    while getattr(queue["model"].stats(), what) < count:
        assert time.monotonic() < deadline, queue["model"].stats()
        queue.flush(0.01)


# A client whose server is away: it tells once all lies in the spool, and then waits for its end.
CLIENT = """
import sys, time
from scouter.queue import HttpConfig, QueueOptions, ScouterQueue
path, uri, spool, first, count, counted = sys.argv[1:]
queue = ScouterQueue.from_path({"model": path}, HttpConfig(server_uri=uri), options=QueueOptions(spool_dir=spool, aggregate=counted == "True", linger=0.1))
for number in range(int(first), int(first) + int(count)):
    queue["model"].insert(x=float(number))
queue.flush(0.01)
while queue["model"].stats().spooled < int(count):
    queue.flush(0.01)
print("spooled", flush=True)
sys.stdin.read()
queue.flush(180.0)
"""

Client = subprocess.Popen[str]


def client(server: Server, profile: PsiDriftProfile, folder: Path, first: int, count: int, counted: bool = False) -> Client:
    path = profile.save_to_json(folder / "profile.json")
    options = [str(path), server.uri, str(folder / "spool"), str(first), str(count), str(counted)]
    return subprocess.Popen([sys.executable, "-c", CLIENT, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def kill(client: Client) -> None:
    """Kills a client once all of it lies in the spool."""
    assert client.stdout is not None and client.stdin is not None
    assert client.stdout.readline() == "spooled\n"
    client.send_signal(signal.SIGKILL)
    assert client.wait(60) == -signal.SIGKILL
    client.stdout.close()
    client.stdin.close()


def files(folder: Path) -> list[Path]:
    return sorted((folder / "spool").glob("*.spool"))


def test_what_a_killed_client_could_not_send_is_sent_by_the_next_one(absent_server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    kill(client(absent_server, profile, tmp_path, 0, 500))
    assert len(files(tmp_path)) == 1
    absent_server.start()
    with ScouterQueue.from_profile({"model": profile}, to(absent_server), options=QueueOptions(spool_dir=tmp_path / "spool")) as queue:
        queue["model"].insert(x=500.0)
        until(queue, "recovered", 500)
        assert queue.flush(MOST)
    stats = queue["model"].stats()
    assert (stats.inserted, stats.accepted, stats.recovered, stats.unrecovered) == (1, 1, 500, 0)
    assert values(absent_server) == list(range(501))
    assert files(tmp_path) == []


def test_what_a_client_left_under_another_uid_of_the_profile_is_sent(absent_server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    # As a program does that makes its profile anew each time it is run: its file is saved before the server says which uid the profile has.
    anew = made(profile.config.name)
    own = anew.uid
    kill(client(absent_server, anew, tmp_path, 0, 100))
    absent_server.start()
    assert ScouterClient(to(absent_server)).register_profile(anew) is False and anew.uid == profile.uid != own
    with ScouterQueue.from_profile({"model": anew}, to(absent_server), options=QueueOptions(spool_dir=tmp_path / "spool")) as queue:
        queue["model"].insert(x=100.0)
        until(queue, "recovered", 100)
        assert queue.flush(MOST)
    assert values(absent_server) == list(range(101)) and files(tmp_path) == []


def test_a_queue_of_another_uid_sends_what_was_left_under_the_profiles_own(absent_server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    kill(client(absent_server, profile, tmp_path, 0, 100))
    anew = made(profile.config.name)
    path = anew.save_to_json(tmp_path / "anew.json")
    absent_server.start()
    assert ScouterClient(to(absent_server)).register_profile(anew) is False
    with ScouterQueue.from_path({"model": path}, to(absent_server), options=QueueOptions(spool_dir=tmp_path / "spool")) as queue:
        queue["model"].insert(x=100.0)
        until(queue, "recovered", 100)
        assert queue.flush(MOST)
    assert values(absent_server) == list(range(101)) and files(tmp_path) == []


def test_what_lies_under_uids_of_other_profiles_or_none_stays(absent_server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    other, unknown = made(), made()
    kill(client(absent_server, other, tmp_path, 0, 100))
    kill(client(absent_server, unknown, tmp_path, 100, 100))
    left = files(tmp_path)
    absent_server.start()
    ScouterClient(to(absent_server)).register_profile(other, set_active=True)
    with ScouterQueue.from_profile({"model": profile}, to(absent_server), options=QueueOptions(spool_dir=tmp_path / "spool")) as queue:
        queue["model"].insert(x=200.0)
        until(queue, "accepted", 1)
    stats = queue["model"].stats()
    assert (stats.accepted, stats.recovered, stats.unrecovered) == (1, 0, 0)
    assert values(absent_server) == [200] and files(tmp_path) == left


def test_counts_survive_as_records_do(absent_server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    kill(client(absent_server, profile, tmp_path, 0, 500, counted=True))
    absent_server.start()
    with ScouterQueue.from_profile({"model": profile}, to(absent_server), options=QueueOptions(spool_dir=tmp_path / "spool")) as queue:
        queue["model"].insert(x=500.0)
        until(queue, "recovered", 500)
        assert queue.flush(MOST)
    assert queue["model"].stats().recovered == 500
    assert absent_server.rows("SELECT sum(counter) FROM bin_counts, unnest(counts) AS part (counter)") == [["500"]]


def test_many_processes_use_one_folder(absent_server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    clients = [client(absent_server, profile, tmp_path, 100 * number, 100) for number in range(4)]
    for one in clients[1:]:
        kill(one)
    [living, *_] = clients
    assert living.stdout is not None and living.stdin is not None and living.stdout.readline() == "spooled\n"
    absent_server.start()
    with ScouterQueue.from_profile({"model": profile}, to(absent_server), options=QueueOptions(spool_dir=tmp_path / "spool")) as queue:
        queue["model"].insert(x=400.0)
        # By either of those that live.
        deadline = time.monotonic() + MOST
        while not set(range(100, 401)) <= set(values(absent_server)):
            assert time.monotonic() < deadline, queue["model"].stats()
            queue.flush(0.01)
    # The one that was there before has kept its own, and sends it before it ends.
    living.stdin.close()
    assert living.wait(MOST + 60) == 0
    living.stdout.close()
    assert values(absent_server) == list(range(401))
    assert files(tmp_path) == []


# A client that forks once all lies in its spool: its child lives on. The queue's thread is in the handler of the log then, and at no file.
FORKING = """
import logging, os, sys, threading
from scouter.queue import HttpConfig, QueueOptions, ScouterQueue
path, uri, spool = sys.argv[1:]
told, forked = threading.Event(), threading.Event()
class Handler(logging.Handler):
    def emit(self, record):
        # What was not inserted yet when the queue told this first is told of later.
        if threading.current_thread() is not threading.main_thread() and queue["model"].stats().spooled == 100:
            told.set()
            forked.wait()
logging.getLogger("scouter.queue").addHandler(Handler())
queue = ScouterQueue.from_path({"model": path}, HttpConfig(server_uri=uri), options=QueueOptions(spool_dir=spool, linger=0.1))
for number in range(100):
    queue["model"].insert(x=float(number))
told.wait()
child = os.fork() == 0
# Both write into one pipe, a line at once.
os.write(1, b"child\\n" if child else b"parent\\n")
# In the child the thread is not there that waits, and may have had the lock.
if not child:
    forked.set()
sys.stdin.read()
"""


def test_a_child_of_a_fork_does_not_hold_the_files_of_its_parent(absent_server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    path = profile.save_to_json(tmp_path / "profile.json")
    options = [str(path), absent_server.uri, str(tmp_path / "spool")]
    parent = subprocess.Popen([sys.executable, "-c", FORKING, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None and parent.stdin is not None
    assert sorted(parent.stdout.readline() for _ in range(2)) == ["child\n", "parent\n"]
    parent.send_signal(signal.SIGKILL)
    assert parent.wait(60) == -signal.SIGKILL
    absent_server.start()
    try:
        with ScouterQueue.from_profile({"model": profile}, to(absent_server), options=QueueOptions(spool_dir=tmp_path / "spool")) as queue:
            queue["model"].insert(x=100.0)
            until(queue, "recovered", 100)
            assert queue.flush(MOST)
        assert values(absent_server) == list(range(101))
    finally:
        # The child ends with its input.
        parent.stdin.close()
        parent.stdout.close()


def test_memory_goes_to_the_disk_while_a_server_hangs(tmp_path: Path) -> None:
    with socket.socket() as hanging:
        hanging.bind(("127.0.0.1", 0))
        hanging.listen()
        uri = f"http://127.0.0.1:{hanging.getsockname()[1]}"
        options: dict[str, Any] = {"capacity": 100, "linger": 0.01, "spool_dir": tmp_path / "spool"}
        queue = ScouterQueue.from_profile({"model": made()}, HttpConfig(server_uri=uri), options=QueueOptions(**options))
        queue["model"].insert(x=0.0)
        asked, _ = hanging.accept()
        with asked:
            # The first record is under way, and there is no answer to it.
            assert asked.recv(1) == b"P"
            deadline = time.monotonic() + MOST
            while (stats := queue["model"].stats()).spooled < 90:
                assert time.monotonic() < deadline, stats
                # However far the disk has come meanwhile, there is always enough in memory for it, and never too much.
                for _ in range(stats.waiting, 91):
                    queue["model"].insert(x=0.0)
                queue.flush(0.01)
            stats = queue["model"].stats()
            assert (stats.spooled + stats.waiting, stats.dropped, stats.failures) == (stats.inserted, 0, 0)
            assert queue.shutdown(0.0) is True
    stats = queue["model"].stats()
    assert (stats.spooled, stats.waiting) == (stats.inserted, 0)


def test_what_was_torn_is_left_out_and_counted(absent_server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    kill(client(absent_server, profile, tmp_path, 0, 100))
    [path] = files(tmp_path)
    # As a process leaves it that is killed while it writes.
    path.write_bytes(path.read_bytes() + (1_000).to_bytes(4, "little") + b"\0" * 50)
    absent_server.start()
    with ScouterQueue.from_profile({"model": profile}, to(absent_server), options=QueueOptions(spool_dir=tmp_path / "spool")) as queue:
        queue["model"].insert(x=100.0)
        until(queue, "unrecovered", 1)
        assert queue.flush(MOST)
    stats = queue["model"].stats()
    assert (stats.recovered, stats.unrecovered) == (100, 1)
    assert values(absent_server) == list(range(101))


def test_what_of_its_own_cannot_be_read_is_given_up_and_waited_for_no_more(
    absent_server: Server, profile: PsiDriftProfile, tmp_path: Path
) -> None:
    options = QueueOptions(spool_dir=tmp_path / "spool", linger=0.01)
    queue = ScouterQueue.from_profile({"model": profile}, to(absent_server), options=options)
    for number in range(10):
        queue["model"].insert(x=float(number))
    until(queue, "spooled", 10)
    [path] = files(tmp_path)
    # Its mark and the head of the first piece.
    os.truncate(path, 20)
    absent_server.start()
    until(queue, "undelivered", 10)
    queue.flush(MOST)
    # What was given up was told by then.
    assert queue.flush(MOST) is True
    stats = queue["model"].stats()
    assert (stats.spooled, stats.undelivered, stats.unrecovered) == (0, 10, 0)
    queue["model"].insert(x=10.0)
    assert queue.shutdown(MOST) is False
    assert queue["model"].stats().accepted == 1 and values(absent_server) == [10]


def test_memory_is_free_again_and_all_is_sent_once_the_server_is_back(absent_server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    options: dict[str, Any] = {"capacity": 100, "linger": 0.01, "spool_dir": tmp_path / "spool"}
    queue = ScouterQueue.from_profile({"model": profile}, to(absent_server), options=QueueOptions(**options))
    for batch in range(20):
        for number in range(100):
            queue["model"].insert(x=float(100 * batch + number))
        until(queue, "spooled", 100 * (batch + 1))
    stats = queue["model"].stats()
    assert (stats.spooled, stats.waiting, stats.dropped) == (2_000, 0, 0)
    assert queue.flush(0.1) is False
    absent_server.start()
    assert queue.flush(MOST)
    stats = queue["model"].stats()
    assert (stats.accepted, stats.spooled, stats.recovered) == (2_000, 0, 0)
    assert queue.shutdown()
    assert values(absent_server) == list(range(2_000)) and files(tmp_path) == []


def test_shutdown_leaves_what_it_could_not_send_and_does_not_wait_for_it(
    absent_server: Server, profile: PsiDriftProfile, tmp_path: Path
) -> None:
    queue = ScouterQueue.from_profile({"model": profile}, to(absent_server), options=QueueOptions(spool_dir=tmp_path / "spool"))
    for number in range(10):
        queue["model"].insert(x=float(number))
    assert queue.shutdown(60.0) is True
    stats = queue["model"].stats()
    assert (stats.spooled, stats.undelivered, stats.waiting) == (10, 0, 0)
    absent_server.start()
    with ScouterQueue.from_profile({"model": profile}, to(absent_server), options=QueueOptions(spool_dir=tmp_path / "spool")) as later:
        later["model"].insert(x=10.0)
        until(later, "recovered", 10)
        assert later.flush(MOST)
    assert later["model"].stats().recovered == 10 and values(absent_server) == list(range(11))


def test_a_full_disk_leaves_records_in_memory(absent_server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    options: dict[str, Any] = {"capacity": 10, "spool_dir": tmp_path / "spool", "spool_bytes": 10}
    queue = ScouterQueue.from_profile({"model": profile}, to(absent_server), options=QueueOptions(**options))
    for number in range(15):
        queue["model"].insert(x=float(number))
    until(queue, "failures", 2)
    stats = queue["model"].stats()
    assert (stats.spooled, stats.waiting, stats.dropped) == (0, 10, 5)
    absent_server.start()
    assert queue.shutdown(MOST) and values(absent_server) == list(range(10))


def test_what_the_server_refuses_of_earlier_processes_is_counted(absent_server: Server, tmp_path: Path) -> None:
    unknown = made()
    kill(client(absent_server, unknown, tmp_path, 0, 5))
    absent_server.start()
    with ScouterQueue.from_profile({"model": unknown}, to(absent_server), options=QueueOptions(spool_dir=tmp_path / "spool")) as queue:
        queue["model"].insert(x=5.0)
        until(queue, "unrecovered", 5)
        queue.flush(MOST)
    stats = queue["model"].stats()
    assert (stats.recovered, stats.unrecovered, stats.refused) == (0, 5, {"unknown_profile": 1})
    assert files(tmp_path) == []


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        ScouterQueue.from_profile(made(), HttpConfig(), options=QueueOptions(spool_dir=tmp_path / "file"))
    with pytest.raises(ValueError, match="`spool_bytes` is 0: leave `spool_dir` out"):
        ScouterQueue.from_profile(made(), HttpConfig(), options=QueueOptions(spool_dir=tmp_path, spool_bytes=0))
