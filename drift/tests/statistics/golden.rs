//! Values worked out by `tests/golden/write_statistics.py` with scipy, statsmodels and fractions.

use scouter_drift::statistics::adjust::{benjamini_hochberg, holm};
use scouter_drift::statistics::agreement::{Scale, fleiss, krippendorff};
use scouter_drift::statistics::bootstrap::{ClusterSum, Draws, bootstrap};
use scouter_drift::statistics::calibration::Confusion;
use scouter_drift::statistics::kappa::cohen;
use scouter_drift::statistics::mcnemar::{ln_mcnemar_exact, mcnemar_exact};
use scouter_drift::statistics::paired_t::paired_t_clustered;
use scouter_drift::statistics::power::{
    pairs_for_mean_difference, pairs_for_rate_difference, smallest_mean_difference, smallest_rate_difference,
};
use scouter_drift::statistics::sign_flip::sign_flip;
use scouter_drift::statistics::tango::{ClusterPairs, clustered, design_effect, tango};
use scouter_drift::statistics::trials::{Tally, at_least, pass_at, pass_hat, trial_mean};
use scouter_drift::statistics::wilson::wilson;
use scouter_drift::statistics::{Alpha, Interval};
use serde_json::Value;

const GOLDEN: &str = include_str!("../../../tests/golden/statistics.json");

/// The cases of a method; there are some.
fn cases(method: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(GOLDEN).unwrap();
    let cases = all[method].as_array().unwrap().clone();
    assert!(cases.len() > 1, "{method}");
    cases
}

fn count(case: &Value, key: &str) -> u64 {
    case[key].as_u64().unwrap_or_else(|| panic!("no `{key}` in {case}"))
}

fn float(case: &Value, key: &str) -> f64 {
    case[key].as_f64().unwrap_or_else(|| panic!("no `{key}` in {case}"))
}

fn floats(case: &Value, key: &str) -> Vec<f64> {
    case[key].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

fn near(ours: f64, theirs: f64, relative: f64, case: &Value) {
    let error = (ours - theirs).abs();
    assert!(error <= relative * theirs.abs() + 1e-300, "{ours} is not {theirs}: {case}");
}

/// Bounds agree to so many parts of the width of the interval.
fn same_bounds(ours: Option<Interval>, case: &Value, parts: f64) {
    let (ours, low, high) = (ours.unwrap(), float(case, "low"), float(case, "high"));
    let most = parts * (high - low);
    assert!((ours.low - low).abs() <= most && (ours.high - high).abs() <= most, "{ours:?}: {case}");
}

#[test]
fn wilson_intervals_are_those_of_statsmodels() {
    for case in cases("wilson") {
        let alpha = Alpha::new(float(&case, "alpha")).unwrap();
        same_bounds(wilson(count(&case, "passed"), count(&case, "n"), alpha), &case, 1e-9);
    }
}

#[test]
fn mcnemar_is_exact_however_small_p_is() {
    for case in cases("mcnemar_exact") {
        let ln_p = ln_mcnemar_exact(count(&case, "gained"), count(&case, "lost"));
        assert!((ln_p - float(&case, "ln_p")).abs() < 1e-11, "{ln_p}: {case}");
    }
}

#[test]
fn gsm8k_pairs_have_the_p_values_that_were_published_for_them() {
    assert!(mcnemar_exact(360, 76) < 1e-40);
    assert_eq!(format!("{:.5}", mcnemar_exact(152, 209)), "0.00315");
}

#[test]
fn flipped_signs_of_clusters_are_counted_exactly() {
    for case in cases("sign_flip") {
        let differences: Vec<i64> =
            case["differences"].as_array().unwrap().iter().map(|d| d.as_i64().unwrap()).collect();
        near(sign_flip(&differences), float(&case, "p"), 1e-9, &case);
    }
}

#[test]
fn score_bounds_are_those_of_the_constrained_likelihood() {
    for case in cases("tango") {
        let [gained, lost, n] = ["gained", "lost", "n"].map(|key| count(&case, key));
        same_bounds(tango(gained, lost, n, Alpha::USUAL), &case, 1e-6);
    }
}

#[test]
fn clustered_bounds_widen_by_the_design_effect_of_a_robust_regression() {
    for case in cases("clustered") {
        let clusters: Vec<ClusterPairs> = case["clusters"].as_array().unwrap().iter().map(pairs).collect();
        near(design_effect(&clusters), float(&case, "effect"), 1e-9, &case);
        same_bounds(clustered(&clusters, Alpha::USUAL), &case, 1e-6);
    }
}

fn pairs(cluster: &Value) -> ClusterPairs {
    let [gained, lost, n] = [0, 1, 2].map(|at| cluster[at].as_u64().unwrap());
    ClusterPairs { gained, lost, n }
}

#[test]
fn paired_t_is_that_of_scipy_and_of_a_robust_regression() {
    for case in cases("paired_t") {
        let (differences, clusters) = (floats(&case, "differences"), case["clusters"].as_u64().unwrap());
        let clusters = usize::try_from(clusters).unwrap();
        let test = paired_t_clustered(&differences, |at| at % clusters, clusters, Alpha::USUAL).unwrap();
        near(test.mean, float(&case, "mean"), 1e-10, &case);
        near(test.standard_error, float(&case, "standard_error"), 1e-10, &case);
        near(test.p, float(&case, "p"), 1e-8, &case);
        same_bounds(Some(test.interval), &case, 1e-9);
    }
}

#[test]
fn the_same_seed_draws_the_same_interval_as_another_implementation() {
    for case in cases("bootstrap") {
        let sizes = case["sizes"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap());
        let clusters: Vec<ClusterSum> =
            floats(&case, "sums").into_iter().zip(sizes).map(|(sum, n)| ClusterSum { sum, n }).collect();
        let how = Draws { draws: 500, seed: count(&case, "seed") };
        same_bounds(bootstrap(&clusters, how, Alpha::USUAL), &case, 1e-9);
    }
}

#[test]
fn adjusted_p_values_are_those_of_statsmodels() {
    for case in cases("adjust") {
        let p = floats(&case, "p");
        for (ours, theirs) in [(holm(&p), "holm"), (benjamini_hochberg(&p), "benjamini_hochberg")] {
            let theirs = floats(&case, theirs);
            assert_eq!(ours.len(), theirs.len());
            ours.iter().zip(theirs).for_each(|(ours, theirs)| near(*ours, theirs, 1e-12, &case));
        }
    }
}

#[test]
fn the_smallest_difference_of_rates_and_the_number_that_finds_it_belong_together() {
    for case in cases("rate_power") {
        let (n, changed) = (count(&case, "n"), float(&case, "changed"));
        let smallest = smallest_rate_difference(n, changed, Alpha::USUAL).unwrap();
        near(smallest, float(&case, "smallest"), 1e-9, &case);
        let pairs = pairs_for_rate_difference(smallest, changed, Alpha::USUAL).unwrap();
        assert!(pairs.abs_diff(count(&case, "pairs")) <= 1, "{pairs}: {case}");
    }
}

#[test]
fn the_number_that_finds_a_mean_difference_is_that_of_the_noncentral_t_within_one() {
    for case in cases("mean_power") {
        let (difference, deviation) = (float(&case, "difference"), float(&case, "deviation"));
        let pairs = pairs_for_mean_difference(difference, deviation, Alpha::USUAL).unwrap();
        assert!((pairs as f64 - float(&case, "n")).abs() <= 1.0, "{pairs}: {case}");
        let found = smallest_mean_difference(pairs, deviation, Alpha::USUAL).unwrap();
        assert!(found <= difference && found > 0.95 * difference, "{found}: {case}");
    }
}

#[test]
fn estimators_of_trials_are_ratios_of_binomial_coefficients() {
    for case in cases("trials") {
        let (of, k) =
            (Tally { trials: count(&case, "trials"), passed: count(&case, "passed") }, count(&case, "k"));
        assert!((pass_at(of, k).unwrap() - float(&case, "pass_at")).abs() < 1e-12, "{case}");
        assert!((pass_hat(of, k).unwrap() - float(&case, "pass_hat")).abs() < 1e-12, "{case}");
        for (least, theirs) in (0..).zip(floats(&case, "at_least")) {
            assert!((at_least(of, least, k).unwrap() - theirs).abs() < 1e-9, "at least {least}: {case}");
        }
    }
}

#[test]
fn the_error_of_a_mean_over_trials_is_that_of_a_clustered_regression() {
    for case in cases("trial_mean") {
        let trials = count(&case, "trials");
        let passed = case["passed"].as_array().unwrap().iter().map(|passed| passed.as_u64().unwrap());
        let tallies: Vec<Tally> = passed.map(|passed| Tally { trials, passed }).collect();
        let ours = trial_mean(&tallies).unwrap();
        near(ours.mean.value, float(&case, "mean"), 1e-12, &case);
        near(ours.mean.standard_error.unwrap(), float(&case, "standard_error"), 1e-9, &case);
        near(ours.within.unwrap(), float(&case, "within"), 1e-9, &case);
        assert!((ours.between.unwrap() - float(&case, "between")).abs() < 1e-7, "{case}");
    }
}

fn table(case: &Value, key: &str) -> Vec<Vec<u64>> {
    let row = |row: &Value| row.as_array().unwrap().iter().map(|count| count.as_u64().unwrap()).collect();
    case[key].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn cohens_kappa_is_that_of_statsmodels() {
    for case in cases("cohen_kappa") {
        let found = cohen(&table(&case, "table"), Alpha::USUAL).unwrap();
        near(found.kappa, float(&case, "kappa"), 1e-12, &case);
        near(found.standard_error, float(&case, "standard_error"), 1e-10, &case);
        same_bounds(Some(found.interval), &case, 1e-9);
    }
}

#[test]
fn fleiss_kappa_is_that_of_statsmodels() {
    for case in cases("fleiss") {
        near(fleiss(&table(&case, "items")).unwrap(), float(&case, "kappa"), 1e-11, &case);
    }
}

#[test]
fn krippendorffs_alpha_is_that_of_all_pairs_in_fractions() {
    for case in cases("krippendorff") {
        let scale = if case["scale"] == "nominal" { Scale::Nominal } else { Scale::Interval };
        let row = |row: &Value| row.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
        let items: Vec<Vec<f64>> = case["items"].as_array().unwrap().iter().map(row).collect();
        near(krippendorff(&items, scale).unwrap(), float(&case, "alpha"), 1e-11, &case);
    }
}

#[test]
fn corrected_pass_rates_are_those_of_numerical_derivatives() {
    for case in cases("rogan_gladen") {
        let [true_passes, false_fails, false_passes, true_fails] =
            [0, 1, 2, 3].map(|i| case["judge"][i].as_u64().unwrap());
        let judge = Confusion { true_passes, false_fails, false_passes, true_fails };
        let found = judge.correct(count(&case, "passed"), count(&case, "n"), Alpha::USUAL).unwrap();
        assert!((found.rate - float(&case, "rate")).abs() < 1e-12, "{found:?}: {case}");
        near(found.standard_error, float(&case, "standard_error"), 1e-8, &case);
        same_bounds(Some(found.interval), &case, 1e-9);
    }
}
