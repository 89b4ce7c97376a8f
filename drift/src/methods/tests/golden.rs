use std::f64::consts::LN_2;

use crate::{
    methods::{
        Mmd, Points, auc, chi_square, cramer_von_mises, cramers_v, hellinger, homogeneity, jensen_shannon,
        kolmogorov_smirnov::{kolmogorov_smirnov, limit},
        mmd, total_variation, wasserstein,
    },
    psi::Counts,
    sample::Sorted,
    tests::{close, counts, floats, golden},
};

/// Fails unless a p-value by a thousand permutations is within four standard errors of one by many more.
#[track_caller]
fn chance(found: f64, golden: &serde_json::Value) {
    let p = golden.as_f64().unwrap();
    assert!((found - p).abs() < 4.0 * (p * (1.0 - p) / 1000.0).sqrt() + 0.002, "{found} is not {p}");
}

#[test]
fn samples_agree_with_scipy() {
    for case in golden("two_samples") {
        let [before, after] = ["a", "b"].map(|side| Sorted::of(&floats(&case[side])[..]));
        let (distance, p) = kolmogorov_smirnov(&before, &after).unwrap();
        close(distance, &case["ks"], 1e-12);
        close(p, &case["ks_exact_p"], 1e-9);
        let [n, m] = [&before, &after].map(|side| side.values().len() as f64);
        close(limit((n * m / (n + m)).sqrt() * distance), &case["ks_limit_p"], 1e-9);
        let (distance, p) = wasserstein(&before, &after).unwrap();
        close(distance, &case["wasserstein"], 1e-12);
        chance(p, &case["wasserstein_p"]);
        let (area, p) = auc(&before, &after).unwrap();
        close(area, &case["auc"], 1e-12);
        close(p, &case["auc_p"], 1e-9);
        let (statistic, p) = cramer_von_mises(&before, &after).unwrap();
        close(statistic, &case["cvm"], 1e-10);
        close(p, &case["cvm_p"], 1e-5);
    }
}

#[test]
fn counts_agree_with_scipy() {
    for case in golden("counts") {
        let sides = [counts(&case["baseline"]), counts(&case["current"])];
        let [baseline, current] = sides.clone().map(Counts::of_bins);
        let (statistic, p) = chi_square(&baseline, &current).unwrap();
        close(statistic, &case["chi_square"], 1e-12);
        close(p, &case["chi_square_p"], 1e-9);
        close(cramers_v(&sides).unwrap(), &case["cramers_v"], 1e-12);
        let (distance, p) = jensen_shannon(&baseline, &current).unwrap();
        close(distance * distance * LN_2, &case["jensen_shannon"], 1e-11);
        close(p, &case["jensen_shannon_p"], 1e-9);
        let (distance, p) = hellinger(&baseline, &current).unwrap();
        close(distance, &case["hellinger"], 1e-12);
        close(p, &case["hellinger_p"], 1e-9);
        let (distance, p) = total_variation(&baseline, &current).unwrap();
        close(distance, &case["total_variation"], 1e-12);
        chance(p, &case["total_variation_p"]);
    }
}

#[test]
fn homogeneity_agrees_with_every_table_of_the_same_margins() {
    for case in golden("homogeneity") {
        let [baseline, current] =
            [&case["baseline"], &case["current"]].map(|side| Counts::of_bins(counts(side)));
        close(homogeneity(&baseline, &current).unwrap(), &case["p"], 1e-9);
    }
}

#[test]
fn large_samples_that_lie_apart_have_a_p_value_of_zero() {
    let before: Vec<f64> = (0..1_000_000).map(f64::from).collect();
    let after: Vec<f64> = before.iter().map(|v| v + 2e6).collect();
    let (t, p) = cramer_von_mises(&Sorted::of(&before[..]), &Sorted::of(&after[..])).unwrap();
    // Ranks differ by n in one sample and by nothing in the other: T = n/2 − (4n² − 1)/(12n) = n/6 + 1/(12n).
    assert!((t - (1e6 / 6.0 + 1.0 / 12e6)).abs() < 1e-6 && p <= 0.0, "{t} {p}");
}

#[test]
fn discrepancy_agrees_with_numpy() {
    let case = &golden("mmd")[0];
    let column =
        |side: &str| -> Vec<f64> { case[side].as_array().unwrap().iter().flat_map(floats).collect() };
    let points = |side| Points::of_columns(&[&column(side)[..]]).unwrap();
    let how = Mmd { bandwidth: Some(1.0), ..Mmd::default() };
    close(mmd(&points("x"), &points("y"), how).unwrap().0, &case["unbiased"], 1e-12);
}
