"""While data are read, Python goes on, and Ctrl-C ends it."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scouter.drift import Drifter, PsiDriftConfig, SpcDriftConfig
from scouter.profile import DataProfiler

pytestmark = pytest.mark.timed


def test_other_threads_go_on_while_a_profile_is_made() -> None:
    data = np.random.default_rng(5).normal(size=(500_000, 4))
    go, ran = threading.Lock(), threading.Event()

    def other() -> None:
        go.acquire()
        ran.set()

    go.acquire()
    thread = threading.Thread(target=other)
    thread.start()
    interval = sys.getswitchinterval()
    # From here on no thread is made to give the interpreter up: the other one runs where this one does so itself.
    sys.setswitchinterval(1e6)
    try:
        go.release()
        assert not ran.is_set()
        Drifter().create_drift_profile(data, PsiDriftConfig())
        assert ran.is_set()
    finally:
        sys.setswitchinterval(interval)
        thread.join()


def longest_wait(work: Callable[[], object]) -> float:
    """How long another thread waits at most while this works, as a share of the whole time.

    The least of three: a busy machine may hold a thread up now and then, a lock that is kept does so each time.
    """
    return min(longest_wait_once(work) for _ in range(3))


def longest_wait_once(work: Callable[[], object]) -> float:
    beats, ended = [time.perf_counter()], threading.Event()

    def beat() -> None:
        while not ended.wait(0.001):
            beats.append(time.perf_counter())

    thread = threading.Thread(target=beat)
    try:
        thread.start()
        work()
    finally:
        ended.set()
        thread.join()
    return float(np.diff(beats).max() / (beats[-1] - beats[0]))


def test_other_threads_go_on_while_the_columns_of_a_file_become_bins(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    pd.DataFrame(random.normal(size=(8_000, 1_500)), columns=[f"c{at}" for at in range(1_500)]).to_parquet(tmp_path / "wide.parquet")
    assert longest_wait(lambda: Drifter().create_drift_profile(tmp_path / "wide.parquet", PsiDriftConfig())) < 1 / 4


@pytest.mark.parametrize("config", [PsiDriftConfig(), SpcDriftConfig()], ids=["bins", "charts"])
def test_other_threads_go_on_throughout_profiles_and_drift(config: PsiDriftConfig | SpcDriftConfig) -> None:
    data, drifter = np.random.default_rng(5).normal(size=(1_000_000, 8)), Drifter()
    profile = drifter.create_drift_profile(data, config)
    assert longest_wait(lambda: [drifter.create_drift_profile(data, config) for _ in range(10)]) < 1 / 4
    assert longest_wait(lambda: [drifter.compute_drift(data, profile) for _ in range(10)]) < 1 / 4


def test_other_threads_go_on_while_data_are_described() -> None:
    data = np.random.default_rng(5).normal(size=(1_000_000, 8))
    assert longest_wait(lambda: DataProfiler().create_data_profile(data)) < 1 / 4


@pytest.mark.parametrize("method", ["kolmogorov_smirnov", "psi", "mmd", "domain_classifier"])
def test_other_threads_go_on_while_samples_are_compared(method: str) -> None:
    before, after = np.random.default_rng(5).normal(size=(2, 20_000, 100))
    assert longest_wait(lambda: [Drifter().compare(before, after, method) for _ in range(3)]) < 1 / 4


def test_other_threads_go_on_while_objects_of_python_are_read() -> None:
    data = pd.DataFrame({"text": pd.Series([f"word {n}" for n in range(500_000)], dtype=object)})
    assert longest_wait(lambda: DataProfiler().create_data_profile(data)) < 1 / 4


def test_ctrl_c_ends_a_profile() -> None:
    script = """
        import _thread, threading
        import numpy as np
        from scouter.drift import Drifter, PsiDriftConfig

        part = np.random.default_rng(5).normal(size=(100_000, 8))

        def parts():
            yield part
            threading.Thread(target=_thread.interrupt_main).start()
            while True:
                yield part

        try:
            Drifter().create_drift_profile(parts(), PsiDriftConfig())
        except KeyboardInterrupt:
            print("stopped")
    """
    ran = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, timeout=60, check=False)
    assert ran.stdout == "stopped\n", ran.stderr
