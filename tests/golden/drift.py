"""Golden values for the crate `drift`, worked out with NumPy and SciPy and nothing of Scouter.

    python tests/golden/drift.py

writes `drift.json`, which the Rust tests read.
"""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path

import numpy as np
from scipy import integrate, optimize, special, stats
from scipy.spatial import distance

DATA = {
    "hundred": [float(i) for i in range(1, 101)],
    "squares": [float(i * i) for i in range(1, 51)],
    "exponential": [math.exp(i / 20) for i in range(200)],
    "scattered": [((i * 7919) % 1000) / 1000 for i in range(1000)],
    "zeros": [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 10.0],
}


def psi_of(p, q):
    return float(np.sum((np.asarray(p) - q) * np.log(np.asarray(p) / q)))


def psi_cases():
    pairs = [
        ([20, 30, 24, 26], [16, 28, 32, 24]),
        ([30, 40, 30], [20, 40, 40]),
        ([10] * 10, [5, 8, 9, 10, 10, 11, 11, 12, 12, 12]),
        ([50, 50], [90, 10]),
        ([25] * 4, [25] * 4),
    ]
    return [{"baseline": b, "current": c, "psi": psi_of(np.array(b) / sum(b), np.array(c) / sum(c))} for b, c in pairs]


def zero_cases():
    pairs = [
        ([1000] * 10, [0, 100, 100, 100, 100, 120, 120, 120, 120, 120]),
        ([1000] * 10, [0, 1, 1, 1, 1, 1, 1, 1, 1, 2]),
        ([500, 500, 0], [490, 490, 20]),
    ]
    out = []
    for base, target in pairs:
        b, t, k = np.array(base, float), np.array(target, float), len(base)
        p, q = b / b.sum(), t / t.sum()
        out.append(
            {
                "baseline": base,
                "current": target,
                "jeffreys": psi_of((b + 0.5) / (b.sum() + 0.5 * k), (t + 0.5) / (t.sum() + 0.5 * k)),
                "add_1e-10": psi_of(p + 1e-10, q + 1e-10),
                "fill_1e-4": psi_of(np.where(p == 0, 1e-4, p), np.where(q == 0, 1e-4, q)),
                "floor_1e-2": psi_of(np.maximum(p, 0.01), np.maximum(q, 0.01)),
            }
        )
    return out


def threshold_cases():
    out = []
    for alpha, bins, m, n in [
        (0.05, 10, 400, None),
        (0.05, 10, 400, 400),
        (0.05, 10, 1000, 10000),
        (0.05, 20, 1000, None),
        (0.01, 10, 10000, 100000),
        (0.05, 10, 1000000, 10000),
        (0.05, 2, 500, None),
        (0.1, 5, 250, 1000),
    ]:
        scale = 1 / m + (1 / n if n else 0)
        df = bins - 1
        out.append(
            {
                "alpha": alpha,
                "bins": bins,
                "current": m,
                "baseline": n,
                "chi_square": scale * stats.chi2.ppf(1 - alpha, df),
                "normal": scale * (df + stats.norm.ppf(1 - alpha) * math.sqrt(2 * df)),
                "normal_p_value_of_0.05": stats.norm.sf((0.05 / scale - df) / math.sqrt(2 * df)),
            }
        )
    return out


def homogeneity_cases():
    """Pearson's χ² and its gamma distribution, whose mean and variance are those over all tables with the same margins."""
    out = []
    for b, c in [
        ([20, 30, 24, 26], [16, 28, 32, 24]),
        ([40, 20, 5, 3, 1, 0], [8, 5, 1, 2, 0, 2]),
        ([1000, 2000, 5], [30, 70, 4]),
        ([300, 0], [37, 3]),
        ([9, 1], [1, 9]),
    ]:
        b, c = np.array(b), np.array(c)
        totals, rows = b + c, int(c.sum())
        expected = np.outer([b.sum(), c.sum()], totals) / totals.sum()
        free = itertools.product(*(range(min(t, rows) + 1) for t in totals[:-1]))
        sides = np.array([(*cells, rows - sum(cells)) for cells in free if 0 <= rows - sum(cells) <= totals[-1]])
        chances = stats.multivariate_hypergeom.pmf(sides, totals, rows)
        found = ((sides - expected[1]) ** 2 / expected[1] + (totals - sides - expected[0]) ** 2 / expected[0]).sum(axis=1)
        mean = (chances * found).sum() / chances.sum()
        variance = (chances * (found - mean) ** 2).sum() / chances.sum()
        statistic = ((b - expected[0]) ** 2 / expected[0] + (c - expected[1]) ** 2 / expected[1]).sum()
        p = stats.gamma.sf(statistic, mean**2 / variance, scale=variance / mean)
        out.append({"baseline": b.tolist(), "current": c.tolist(), "p": p})
    return out


def quantile_cases():
    deciles = [i / 10 for i in range(1, 10)]
    return [
        {"data": name, "probabilities": deciles, "quantiles": np.quantile(values, deciles).tolist()}
        for name, values in DATA.items()
    ]


def width_cases():
    out = []
    for name in ["hundred", "squares", "exponential", "scattered"]:
        x = np.array(DATA[name])
        n = len(x)
        rules = {"SquareRoot": "sqrt", "Sturges": "sturges", "Rice": "rice", "Doane": "doane", "Scott": "scott"}
        rules |= {"FreedmanDiaconis": "fd", "Auto": "auto"}
        bins = {ours: len(np.histogram_bin_edges(x, bins=theirs)) - 1 for ours, theirs in rules.items()}
        out.append({"data": name, "bins": bins | {"TerrellScott": math.ceil((2 * n) ** (1 / 3))}})
    return out


def c4(n):
    # The quotient of both gamma functions; the difference of their logarithms has lost five digits at n = 100,000.
    return math.sqrt(2 / (n - 1)) * special.poch((n - 1) / 2, 0.5)


def spc_case(values, n):
    x = np.asarray(values).reshape(-1, n)
    center, s_bar = float(x.mean(axis=1).mean()), float(x.std(axis=1, ddof=1).mean())
    sigma = s_bar / c4(n)
    spread = 3 * math.sqrt(1 - c4(n) ** 2) / c4(n)
    return {
        "values": [float(v) for v in np.ravel(values)],
        "n": n,
        "center": center,
        "s_bar": s_bar,
        "subgroup_means": [[center - k * sigma / math.sqrt(n), center + k * sigma / math.sqrt(n)] for k in (1, 2, 3)],
        "individual": [[center - k * sigma, center + k * sigma] for k in (1, 2, 3)],
        "s_limits": [max(0.0, (1 - spread)) * s_bar, (1 + spread) * s_bar],
    }


def spc_cases():
    groups = [
        [9.9, 10.1, 10.0, 10.2],
        [10.3, 9.8, 9.9, 10.0],
        [9.9, 10.4, 10.1, 10.2],
        [9.7, 10.2, 9.9, 10.0],
        [10.1, 10.0, 9.8, 10.0],
        [10.2, 10.1, 10.4, 10.3],
    ]
    drawn = np.random.default_rng(7).normal(5, 2, size=(40, 25))
    return [spc_case(groups, 4), spc_case(drawn, 25)]


def single_cases():
    """Charts of single values, with the constants of the range of two values by numerical integration."""
    density = lambda r: math.exp(-r * r / 4) / math.sqrt(math.pi)
    d2 = integrate.quad(lambda r: r * density(r), 0, np.inf)[0]
    d3 = math.sqrt(integrate.quad(lambda r: r * r * density(r), 0, np.inf)[0] - d2 * d2)
    viscosity = [33.75, 33.05, 34.0, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.2, 33.62, 33.0, 33.54, 33.12, 33.84]
    out = []
    for values in (viscosity, np.random.default_rng(13).normal(-4, 3, size=700).tolist()):
        x = np.array(values)
        center, moving_range = x.mean(), np.abs(np.diff(x)).mean()
        sigma = moving_range / d2
        out.append(
            {
                "values": values,
                "center": center,
                "moving_range": moving_range,
                "limits": [[center - k * sigma, center + k * sigma] for k in (1, 2, 3)],
                "range_limit": moving_range * (1 + 3 * d3 / d2),
            }
        )
    return out


def nelson(z):
    z = np.asarray(z, float)
    found = []
    for i in range(len(z)):
        rules = []

        def window(size):
            return z[i + 1 - size : i + 1] if i + 1 >= size else None

        if abs(z[i]) > 3:
            rules.append(1)
        w = window(9)
        if w is not None and (all(w > 0) or all(w < 0)):
            rules.append(2)
        w = window(6)
        if w is not None and (all(np.diff(w) > 0) or all(np.diff(w) < 0)):
            rules.append(3)
        w = window(14)
        if w is not None:
            d = np.diff(w)
            if all(d[1:] * d[:-1] < 0):
                rules.append(4)
        for rule, size, need, limit in ((5, 3, 2, 2), (6, 5, 4, 1)):
            w = window(size)
            if w is not None:
                for sign in (1, -1):
                    if sign * z[i] > limit and sum(sign * w > limit) >= need:
                        rules.append(rule)
        w = window(15)
        if w is not None and all(abs(w) < 1):
            rules.append(7)
        w = window(8)
        if w is not None and all(abs(w) > 1) and any(w > 1) and any(w < -1):
            rules.append(8)
        if rules:
            found.append([i, rules])
    return found


def western_electric(z):
    found = []
    for i, v in enumerate(z):
        rules = [1] if abs(v) > 3 else []
        for rule, size, need, limit in ((2, 3, 2, 2), (3, 5, 4, 1), (4, 8, 8, 0)):
            for sign in (1, -1):
                w = z[max(0, i + 1 - size) : i + 1]
                if sign * v > limit and sum(sign * x > limit for x in w) >= need:
                    rules.append(rule)
        if rules:
            found.append([i, rules])
    return found


def rule_cases():
    rng = np.random.default_rng(11)
    cases = [
        [0.1, 3.2, 0.0],
        [2.1, 0.5, 2.2],
        [2.1, -2.3, 0.1],
        [1.2, 1.5, 0.3, 1.1, 1.4],
        [0.1, 0.2, 0.3, 0.1, 0.4, 0.2, 0.6, 0.1],
        [1.5, 1.5, 1.5, 2.5],
        [0.5] * 7 + [1.5],
        [-3, -2.4, -1.6, -0.9, -0.1, 0.6, 1.2],
        [0.5, -0.5] * 7,
        [1.2, -1.3] * 4,
        [0.2, -0.3] * 7 + [0.1],
        [1.1, 1.2, -0.1, 1.3, 1.4, 1.5],
        rng.normal(0.3, 1.2, 400).tolist(),
        np.cumsum(rng.normal(0, 0.4, 400)).tolist(),
    ]
    return [{"z": z, "western_electric": western_electric(z), "nelson": nelson(z)} for z in cases]


def sequences():
    """Points of a process that moves by less than a standard deviation, and comes back."""
    rng = np.random.default_rng(31)
    return [rng.normal(np.where((np.arange(n) > n / 4) & (np.arange(n) < n / 2), move, 0), 1) for n, move in ((80, 0.9), (300, -0.7))]


def cusum_cases():
    """Both sums as what their walk is above its own lowest point, rather than step by step."""
    out = []
    for z in sequences():
        for k, h in ((0.5, 5.0), (0.25, 4.0)):
            sums, begins = {}, {}
            for name, sign in (("high", 1), ("low", -1)):
                walk = np.concatenate([[0.0], np.cumsum(sign * z - k)])
                lowest = np.minimum.accumulate(walk)
                sums[name] = (walk - lowest)[1:]
                begins[name] = [int(np.flatnonzero(walk[: i + 1] == lowest[i])[-1]) for i in range(1, len(walk))]
            alerts, seen = [], {"high": -1, "low": -1}
            for at in range(len(z)):
                side = next((name for name in ("high", "low") if sums[name][at] > h), None)
                if side:
                    alerts.append(list(range(max(begins[side][at], seen[side] + 1), at + 1)))
                    seen[side] = at
            lines = {name: line.tolist() for name, line in sums.items()}
            out.append({"z": z.tolist(), "reference": k, "decision": h, **lines, "alerts": alerts})
    return out


def ewma_cases():
    """Averages as weighted sums of all points so far."""
    out = []
    for z in sequences():
        for weight, width in ((0.1, 2.814), (0.4, 3.054)):
            t = np.arange(1, len(z) + 1)
            averages = np.convolve(z, weight * (1 - weight) ** np.arange(len(z)))[: len(z)]
            limits = width * np.sqrt(weight**2 * np.cumsum((1 - weight) ** (2 * (t - 1))))
            alerts = [[int(at)] for at in np.flatnonzero(np.abs(averages) > limits)]
            case = {"z": z.tolist(), "weight": weight, "width": width, "averages": averages.tolist()}
            out.append({**case, "limits": limits.tolist(), "alerts": alerts})
    return out


def run_lengths():
    """How many points of a process that does not change it takes to an alert on average, over many processes side by side."""
    digits, trend = ((8, 16), (4, 8), (2, 4), (1, 1)), 7

    def by_digits(z):
        broken = np.zeros(len(z), bool)
        for zone, (consecutive, alternating) in enumerate(digits):
            side = (z > zone).astype(int) - (z < -zone)
            if z.shape[1] >= consecutive:
                last = side[:, -consecutive:]
                broken |= (last == 1).all(axis=1) | (last == -1).all(axis=1)
            if z.shape[1] >= alternating:
                last = side[:, -alternating:]
                broken |= (last != 0).all(axis=1) & (last[:, 1:] == -last[:, :-1]).all(axis=1)
        if z.shape[1] >= trend:
            steps = np.diff(z[:, -trend:], axis=1)
            broken |= (steps > 0).all(axis=1) | (steps < 0).all(axis=1)
        return broken

    def by_nelson(z):
        broken = np.abs(z[:, -1]) > 3
        far = np.abs(z)
        width = z.shape[1]
        if width >= 9:
            broken |= (z[:, -9:] > 0).all(axis=1) | (z[:, -9:] < 0).all(axis=1)
        if width >= 6:
            steps = np.diff(z[:, -6:], axis=1)
            broken |= (steps > 0).all(axis=1) | (steps < 0).all(axis=1)
        if width >= 14:
            steps = np.diff(z[:, -14:], axis=1)
            broken |= (steps[:, 1:] * steps[:, :-1] < 0).all(axis=1)
        for size, need, limit in ((3, 2, 2), (5, 4, 1)):
            if width >= size:
                for sign in (1, -1):
                    last = sign * z[:, -size:]
                    broken |= (last[:, -1] > limit) & ((last > limit).sum(axis=1) >= need)
        if width >= 15:
            broken |= (far[:, -15:] < 1).all(axis=1)
        if width >= 8:
            last = z[:, -8:]
            broken |= (far[:, -8:] > 1).all(axis=1) & (last > 1).any(axis=1) & (last < -1).any(axis=1)
        return broken

    def average(rule, processes=10_000):
        rng = np.random.default_rng(29)
        window, points, total = np.empty((processes, 0)), 0, 0
        while len(window):
            points += 1
            window = np.hstack([window[:, -15:], rng.normal(size=(len(window), 1))])
            broken = rule(window)
            total += points * int(broken.sum())
            window = window[~broken]
        return total / processes

    return {"digits": average(by_digits), "nelson": average(by_nelson)}


def permuted(a, b, statistic):
    """The p-value of a statistic by shuffling both samples' values, with a standard error of at most 0.005."""
    rng = np.random.default_rng(17)
    test = stats.permutation_test((a, b), statistic, n_resamples=10_000, alternative="greater", rng=rng)
    return float(test.pvalue)


def two_sample_cases():
    rng = np.random.default_rng(3)
    pairs = [
        ([float(i) for i in range(1, 11)], [float(i) for i in range(2, 11)] + [20.0]),
        (rng.normal(0, 1, 40).tolist(), rng.normal(0.5, 1, 60).tolist()),
        (rng.normal(0, 1, 300).tolist(), rng.normal(0.2, 1.3, 500).tolist()),
        (np.round(rng.exponential(2, 80), 1).tolist(), np.round(rng.exponential(2.6, 70), 1).tolist()),
    ]
    out = []
    for a, b in pairs:
        exact = stats.ks_2samp(a, b, method="exact")
        n = len(a) * len(b) / (len(a) + len(b))
        d = stats.ks_2samp(a, b, method="asymp").statistic
        cvm = stats.cramervonmises_2samp(a, b, method="asymptotic")
        larger = stats.mannwhitneyu(b, a, alternative="greater", method="asymptotic")
        out.append(
            {
                "a": a,
                "b": b,
                "ks": d,
                "ks_exact_p": exact.pvalue,
                "ks_limit_p": special.kolmogorov(math.sqrt(n) * d),
                "wasserstein": stats.wasserstein_distance(a, b),
                "wasserstein_p": permuted(a, b, stats.wasserstein_distance),
                "auc": larger.statistic / (len(a) * len(b)),
                "auc_p": larger.pvalue,
                "cvm": cvm.statistic,
                "cvm_p": cvm.pvalue,
            }
        )
    return out


def count_cases():
    out = []
    for b, c in [([20, 30, 24, 26], [16, 28, 32, 24]), ([400, 300, 300], [5000, 2100, 1900]), ([30, 0, 70], [25, 5, 60])]:
        p, q = np.array(b) / sum(b), np.array(c) / sum(c)
        js = float(distance.jensenshannon(p, q) ** 2)
        hellinger = float(np.sqrt(0.5 * np.sum((np.sqrt(p) - np.sqrt(q)) ** 2)))
        chi = stats.chi2_contingency([b, c], correction=False)
        scale = 1 / sum(b) + 1 / sum(c)
        dealt = np.random.default_rng(19).multivariate_hypergeometric(np.array(b) + c, sum(b), size=100_000)
        rest = np.array(b) + c - dealt
        distances = 0.5 * np.abs(dealt / sum(b) - rest / sum(c)).sum(axis=1)
        variation = float(0.5 * np.abs(p - q).sum())
        out.append(
            {
                "baseline": b,
                "current": c,
                "chi_square": chi.statistic,
                "chi_square_p": chi.pvalue,
                "cramers_v": math.sqrt(chi.statistic / (sum(b) + sum(c))),
                "jensen_shannon": js,
                "jensen_shannon_p": stats.chi2.sf(8 * js / scale, len(b) - 1),
                "hellinger": hellinger,
                "hellinger_p": stats.chi2.sf(8 * hellinger**2 / scale, len(b) - 1),
                "total_variation": variation,
                "total_variation_p": float(np.mean(distances >= variation * (1 - 1e-9))),
            }
        )
    return out


def mmd_case():
    x, y = np.array([0.0, 1.0, 2.0])[:, None], np.array([1.0, 2.0, 4.0])[:, None]

    def kernel(a, b):
        return np.exp(-((a[:, None, :] - b[None, :, :]) ** 2).sum(-1) / 2)

    kxx, kyy, kxy = kernel(x, x), kernel(y, y), kernel(x, y)
    n = len(x)
    off = ~np.eye(n, dtype=bool)
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "unbiased": kxx[off].sum() / (n * (n - 1)) + kyy[off].sum() / (n * (n - 1)) - 2 * kxy.mean(),
        "biased": kxx.mean() + kyy.mean() - 2 * kxy.mean(),
    }


def logistic_cases():
    """Ridge logistic regression in which both classes weigh half."""
    rng = np.random.default_rng(23)
    out = []
    for rows, width, ridge in ((60, 3, 0.01), (25, 1, 0.1), (80, 12, 0.05)):
        second = np.arange(rows) >= rows // 3
        x = rng.normal(0, 1, (rows, width)) + second[:, None] * rng.normal(0, 0.7, width)
        weight, sign = np.where(second, 0.5 / second.sum(), 0.5 / (~second).sum()), np.where(second, 1, -1)

        def loss(w):
            return float(np.sum(weight * np.logaddexp(0, -sign * (x @ w))) + ridge / 2 * w @ w)

        def slope(w):
            return x.T @ (-weight * sign * special.expit(-sign * (x @ w))) + ridge * w

        found = optimize.minimize(loss, np.zeros(width), jac=slope, method="BFGS", options={"gtol": 1e-12})
        out.append({"rows": x.tolist(), "second": second.tolist(), "ridge": ridge, "weights": found.x.tolist()})
    return out


def correlation_cases():
    rng = np.random.default_rng(5)
    x = np.round(rng.normal(0, 1, 60), 1)
    y = np.round(x * 0.6 + rng.normal(0, 1, 60), 1)
    return [
        {
            "x": x.tolist(),
            "y": y.tolist(),
            "pearson": float(stats.pearsonr(x, y).statistic),
            "spearman": float(stats.spearmanr(x, y).statistic),
        }
    ]


def values():
    """Every group of cases, each with what must come out."""
    return {
        "data": DATA,
        "psi": psi_cases(),
        "zero": zero_cases(),
        "thresholds": threshold_cases(),
        "homogeneity": homogeneity_cases(),
        "quantiles": quantile_cases(),
        "widths": width_cases(),
        "moments": [
            {"data": k, "mean": float(np.mean(v)), "sd": float(np.std(v, ddof=1)), "skewness": float(stats.skew(v))}
            for k, v in DATA.items()
        ],
        "c4": [[n, c4(n)] for n in (2, 3, 4, 5, 10, 25, 100, 1000, 100000)],
        "spc": spc_cases(),
        "spc_singles": single_cases(),
        "rules": rule_cases(),
        "cusum": cusum_cases(),
        "ewma": ewma_cases(),
        "run_lengths": run_lengths(),
        "two_samples": two_sample_cases(),
        "counts": count_cases(),
        "mmd": mmd_case(),
        "logistic": logistic_cases(),
        "correlations": correlation_cases(),
    }


if __name__ == "__main__":
    groups = (f"{json.dumps(name)}: {json.dumps(group, default=float)}" for name, group in values().items())
    Path(__file__).with_suffix(".json").write_text("{\n" + ",\n".join(groups) + "\n}\n", encoding="utf-8")
