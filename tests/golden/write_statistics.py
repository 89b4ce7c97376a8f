"""Works out what the statistics of `drift/src/statistics` must give, by other means: scipy, statsmodels, or exact fractions.

Run it to write `statistics.json` beside it, which the Rust tests read. `tests/python/test_golden.py` checks that both agree.
"""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from scipy import optimize, stats
from statsmodels.api import OLS
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.proportion import proportion_confint

FILE = Path(__file__).with_name("statistics.json")
POWER = 0.8
Row = dict[str, Any]


def wilson() -> list[Row]:
    cases = [(0, 1), (1, 1), (0, 10), (10, 10), (3, 10), (742, 1319), (84, 200), (1, 1_000_000), (999_999, 1_000_000)]
    rows = []
    for passed, n in cases:
        for alpha in (0.05, 0.01):
            low, high = proportion_confint(passed, n, alpha, method="wilson")
            rows.append({"passed": passed, "n": n, "alpha": alpha, "low": max(low, 0.0), "high": min(high, 1.0)})
    return rows


def log_of(fraction: Fraction) -> float:
    return math.log(fraction.numerator) - math.log(fraction.denominator)


def mcnemar_exact() -> list[Row]:
    """By whole numbers of any length; where statsmodels can say it, it says the same."""
    rows = []
    for gained, lost in [(0, 0), (1, 0), (0, 5), (6, 1), (5, 5), (8, 9), (360, 76), (152, 209), (1000, 1), (2600, 2400), (7000, 3000)]:
        n, fewer = gained + lost, min(gained, lost)
        tail = Fraction(sum(math.comb(n, k) for k in range(fewer + 1)), 2**n)
        ln_p = log_of(min(Fraction(1), 2 * tail))
        if ln_p > -600:
            said = float(mcnemar([[0, gained], [lost, 0]], exact=True).pvalue)
            assert math.isclose(said, math.exp(ln_p), rel_tol=1e-8), (gained, lost, said)
        rows.append({"gained": gained, "lost": lost, "ln_p": ln_p})
    return rows


def sign_flip() -> list[Row]:
    rng = np.random.default_rng(20)
    small = [rng.integers(-4, 5, size).tolist() for size in (2, 5, 9, 12)] + [[1, 1, 1], [2, -2, 2, 2], [3, 1, 2], [-5, 1, 1, 1]]
    rows = []
    for differences in small:
        test = stats.permutation_test(
            (np.array(differences),), np.sum, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
        )
        rows.append({"differences": differences, "p": float(test.pvalue)})
    # Too many to work out: the statistic of Obuchowski, as modified by Yang and others.
    large = rng.integers(-3, 5, 6_000).tolist()
    z2 = sum(large) ** 2 / sum(d * d for d in large)
    rows.append({"differences": large, "p": float(stats.chi2.sf(z2, 1))})
    # Enough that the exact answer is told, checked against the fractions.
    middle = rng.integers(-3, 4, 200).tolist()
    ways = {0: 1}
    for d in middle:
        new: dict[int, int] = {}
        for total, count in ways.items():
            for flipped in (total + d, total - d):
                new[flipped] = new.get(flipped, 0) + count
        ways = new
    extreme = sum(count for total, count in ways.items() if abs(total) >= abs(sum(middle)))
    rows.append({"differences": middle, "p": float(Fraction(extreme, 2 ** len(middle)))})
    return rows


def score_bound(gained: float, lost: float, n: float, target: float) -> float:
    """The difference at which the score statistic takes this value, its nuisance found by maximising the likelihood."""

    def statistic(delta: float) -> float:
        def unlikely(q: float) -> float:  # q is the rate of lost pairs, q + delta that of gained ones
            told = 0.0
            for count, rate in ((gained, q + delta), (lost, q), (n - gained - lost, 1 - 2 * q - delta)):
                told -= count * math.log(rate) if count else 0.0
            return told

        low, high = max(0.0, -delta), (1 - delta) / 2
        inner = 1e-13 * (high - low)
        q = optimize.minimize_scalar(unlikely, bounds=(low + inner, high - inner), method="bounded", options={"xatol": 1e-13}).x
        return float((gained - lost - n * delta) / math.sqrt(n * (2 * q + delta - delta * delta)) - target)

    middle = (gained - lost) / n
    ends = (-1 + 1e-9, middle - 1e-9) if target > 0 else (middle + 1e-9, 1 - 1e-9)
    return float(optimize.brentq(statistic, *ends, xtol=1e-12))


def tango() -> list[Row]:
    z = float(stats.norm.ppf(0.975))
    rows = []
    for gained, lost, n in [(1, 7, 21), (12, 2, 50), (2, 12, 50), (360, 76, 1319), (152, 209, 1319), (3, 0, 30), (40, 35, 100)]:
        low, high = score_bound(gained, lost, n, z), score_bound(gained, lost, n, -z)
        rows.append({"gained": gained, "lost": lost, "n": n, "low": low, "high": high})
    for n in (5, 73, 1000):  # where nothing changed there is a closed form
        rows.append({"gained": 0, "lost": 0, "n": n, "low": -z * z / (n + z * z), "high": z * z / (n + z * z)})
    return rows


def clustered() -> list[Row]:
    rng = np.random.default_rng(21)
    rows = []
    for count in (4, 12, 40):
        n = rng.integers(1, 9, count)
        gained = rng.binomial(n, 0.3)
        lost = rng.binomial(n - gained, 0.2)
        total, delta = n.sum(), (gained - lost).sum() / n.sum()
        # The standard errors of a regression on a constant, with and without clusters.
        pairs = [(k, d) for k in range(count) for d in [1] * gained[k] + [-1] * lost[k] + [0] * (n[k] - gained[k] - lost[k])]
        values, groups = np.array([d for _, d in pairs], float), np.array([k for k, _ in pairs])
        robust = OLS(values, np.ones(total)).fit(cov_type="cluster", cov_kwds={"groups": groups}).bse[0]
        effect = max(1.0, float(robust**2 / (values.var() / total)))
        t = float(stats.t.ppf(0.975, count - 1))
        parts = (gained.sum() / effect, lost.sum() / effect, total / effect)
        rows.append({
            "clusters": np.stack([gained, lost, n], 1).tolist(),
            "effect": effect,
            "low": score_bound(*parts, t),
            "high": score_bound(*parts, -t),
        })
        assert math.isclose(delta, values.mean())
    return rows


def paired_t() -> list[Row]:
    rng = np.random.default_rng(22)
    rows = []
    for size, clusters in [(2, 2), (5, 5), (30, 30), (30, 6), (200, 17), (800, 800)]:
        values = rng.normal(0.2, 1.0, size).round(3)
        groups = np.arange(size) % clusters
        if clusters == size:
            test = stats.ttest_1samp(values, 0.0)
            interval = test.confidence_interval(0.95)
            row = {"standard_error": float(stats.sem(values)), "p": float(test.pvalue), "low": interval.low, "high": interval.high}
        else:
            fit = OLS(values, np.ones(size)).fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": True}, use_t=True)
            low, high = fit.conf_int(0.05)[0]
            row = {"standard_error": float(fit.bse[0]), "p": float(fit.pvalues[0]), "low": float(low), "high": float(high)}
        row = {name: float(value) for name, value in row.items()}
        rows.append({"differences": values.tolist(), "clusters": clusters, "mean": float(values.mean()), **row})
    return rows


def split_mix(seed: int) -> Any:
    mask = 2**64 - 1
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & mask
        mixed = seed
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & mask
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
        yield mixed ^ (mixed >> 31)


def bootstrap() -> list[Row]:
    rng = np.random.default_rng(23)
    rows = []
    for seed, sizes in [(1, [1] * 20), (7, [1, 5, 2, 2, 9, 1, 3])]:
        sums = np.array([rng.exponential(1.0, size).sum() for size in sizes]).round(3)
        stream = split_mix(seed)
        means = []
        for _ in range(500):
            drawn = [(next(stream) * len(sizes)) >> 64 for _ in sizes]
            means.append(sums[drawn].sum() / np.array(sizes)[drawn].sum())
        low, high = np.quantile(means, [0.025, 0.975])
        rows.append({"sums": sums.tolist(), "sizes": sizes, "seed": seed, "draws": 500, "low": float(low), "high": float(high)})
    return rows


def adjust() -> list[Row]:
    rng = np.random.default_rng(24)
    rows = []
    for p in [[0.01, 0.04, 0.03], [0.5], [], [0.02, 0.02, 0.02], rng.beta(0.3, 1.0, 40).tolist()]:
        methods = {"holm": "holm", "benjamini_hochberg": "fdr_bh"}
        rows.append({"p": p} | {ours: multipletests(p, method=theirs)[1].tolist() if p else [] for ours, theirs in methods.items()})
    return rows


def rate_power() -> list[Row]:
    z, power = stats.norm.ppf(0.975), stats.norm.ppf(POWER)
    rows = []
    for n, changed in [(50, 0.3), (200, 0.05), (1000, 0.2), (1319, 0.33), (100_000, 0.01)]:

        def short(delta: float, n: int = n, changed: float = changed) -> float:
            most = max(changed, delta)
            return float((z * math.sqrt(most) + power * math.sqrt(most - delta * delta)) ** 2 / delta**2 - n)

        smallest = float(optimize.brentq(short, 1e-6, 1.0))
        rows.append({"n": n, "changed": changed, "smallest": smallest, "pairs": n})
    return rows


def mean_power() -> list[Row]:
    rows = []
    for effect in (0.05, 0.1, 0.2, 0.5, 0.8):
        n = float(TTestPower().solve_power(effect_size=effect, alpha=0.05, power=POWER))
        rows.append({"difference": 3.0 * effect, "deviation": 3.0, "n": n})
    return rows


def trials() -> list[Row]:
    rows = []
    for n, passed in [(1, 0), (4, 0), (4, 1), (4, 3), (4, 4), (10, 7), (200, 120)]:
        for k in sorted({1, 2, 3, n // 2, n} & set(range(1, n + 1))):
            least = [float(stats.hypergeom.sf(m - 1, n, passed, k)) for m in range(k + 1)]
            ways = Fraction(math.comb(n, k))
            rows.append({
                "trials": n,
                "passed": passed,
                "k": k,
                "pass_at": float(1 - math.comb(n - passed, k) / ways),
                "pass_hat": float(math.comb(passed, k) / ways),
                "at_least": least,
            })
    return rows


def trial_mean() -> list[Row]:
    rng = np.random.default_rng(25)
    rows = []
    for cases, n in [(50, 4), (8, 2), (300, 10)]:
        passed = rng.binomial(n, rng.beta(0.5, 0.5, cases))
        outcomes = np.array([[1.0] * c + [0.0] * (n - c) for c in passed])
        means = outcomes.mean(axis=1)
        within = math.sqrt((outcomes.var(axis=1, ddof=1) / n).mean() / cases)
        # The clustered standard error of the mean of all trials is that of the cases' means.
        fit = OLS(outcomes.ravel(), np.ones(cases * n)).fit(cov_type="cluster", cov_kwds={"groups": np.repeat(np.arange(cases), n)})
        error = float(fit.bse[0])
        assert math.isclose(error, stats.sem(means), rel_tol=1e-9)
        rows.append({
            "trials": n,
            "passed": passed.tolist(),
            "mean": float(means.mean()),
            "standard_error": error,
            "within": within,
            "between": math.sqrt(max(0.0, error**2 - within**2)),
        })
    return rows


def cohen_kappa() -> list[Row]:
    tables = [
        [[20, 5], [10, 15]],
        [[90, 10], [20, 80]],
        [[50, 0], [3, 1]],
        [[1, 9], [8, 2]],
        [[44, 5, 1], [7, 20, 3], [9, 5, 6]],
        [[0, 4, 0], [0, 11, 2], [1, 0, 7]],
    ]
    rows = []
    for table in tables:
        found = cohens_kappa(table)
        # Two items more in every row.
        more = cohens_kappa([[cell + 2 / len(table) for cell in row] for row in table])
        bounds = {"low": max(-1.0, min(found.kappa, more.kappa_low)), "high": min(1.0, max(found.kappa, more.kappa_upp))}
        rows.append({"table": table, "kappa": found.kappa, "standard_error": found.std_kappa} | bounds)
    return rows


def fleiss() -> list[Row]:
    rng = np.random.default_rng(31)
    wikipedia = [[0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1]]
    wikipedia += [[7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]]
    tables = [wikipedia, [[2, 1], [1, 2], [0, 3], [3, 0]], rng.multinomial(5, [0.2, 0.5, 0.3], 40).tolist()]
    return [{"items": table, "kappa": float(fleiss_kappa(table))} for table in tables]


def krippendorff() -> list[Row]:
    """Pair by pair, in fractions."""
    rng = np.random.default_rng(32)
    scores = [[int(v) for v in np.clip(np.round(rng.normal(rng.integers(1, 6), 0.8, rng.integers(0, 5))), 1, 5)] for _ in range(30)]
    rows = []
    for items in ([[1, 1], [2, 2], [3], [1, 2]], [[0, 0, 1], [1, 1, 1], [0, 1], []], scores):
        for scale in ("nominal", "interval"):

            def apart(a: int, b: int, scale: str = scale) -> int:
                return int(a != b) if scale == "nominal" else (a - b) ** 2

            def pairs(values: list[int]) -> int:
                return sum(apart(a, b) for i, a in enumerate(values) for j, b in enumerate(values) if i != j)

            paired = [item for item in items if len(item) > 1]
            together = [value for item in paired for value in item]
            n = len(together)
            observed = sum(Fraction(pairs(item), len(item) - 1) for item in paired) / n
            rows.append({"items": items, "scale": scale, "alpha": float(1 - observed / Fraction(pairs(together), n * (n - 1)))})
    return rows


def rogan_gladen() -> list[Row]:
    """The standard error by numerical derivatives, and the interval as published."""
    rows = []
    for tp, fn, fp, tn, passed, n in [(90, 10, 20, 80, 620, 1000), (45, 5, 2, 28, 1, 200), (10, 0, 0, 10, 77, 100), (7, 3, 4, 6, 400, 500)]:
        shares = np.array([passed / n, tp / (tp + fn), tn / (tn + fp)])
        sizes = np.array([n, tp + fn, tn + fp])

        def corrected(x: np.ndarray) -> float:
            return float((x[0] + x[2] - 1) / (x[1] + x[2] - 1))

        slopes = [(corrected(shares + h) - corrected(shares - h)) / 2e-6 for h in np.eye(3) * 1e-6]
        error = float(np.sqrt(np.sum(np.square(slopes) * shares * (1 - shares) / sizes)))
        z = stats.norm.ppf(0.975)
        more = np.array([z * z, 2.0, 2.0])
        p, se, sp = near = (shares * sizes + more / 2) / (sizes + more)
        theta = corrected(near)
        vp, vse, vsp = near * (1 - near) / (sizes + more)
        shift = 2 * z * z * (theta * vse - (1 - theta) * vsp)
        reach = z * math.sqrt(vp + theta**2 * vse + (1 - theta) ** 2 * vsp) / (se + sp - 1)
        bounds = np.clip([theta + shift - reach, theta + shift + reach], 0, 1)
        rows.append({
            "judge": [tp, fn, fp, tn],
            "passed": passed,
            "n": n,
            "rate": min(1.0, max(0.0, corrected(shares))),
            "standard_error": error,
            "low": float(bounds[0]),
            "high": float(bounds[1]),
        })
    return rows


METHODS = [wilson, mcnemar_exact, sign_flip, tango, clustered, paired_t, bootstrap, adjust, rate_power, mean_power, trials, trial_mean, cohen_kappa, fleiss, krippendorff, rogan_gladen]


def values() -> dict[str, list[Row]]:
    """Every method's cases, each with what must come out."""
    return {method.__name__: method() for method in METHODS}


if __name__ == "__main__":
    lines = [f"{json.dumps(name)}: [\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]" for name, rows in values().items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
