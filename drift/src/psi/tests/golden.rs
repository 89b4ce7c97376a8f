use statrs::distribution::{ChiSquared, ContinuousCDF};

use crate::{
    psi::{Binning, Counts, EqualWidth, Share, Sizes, Threshold, ZeroBins, psi, threshold::normal_p_value},
    sample::{Extent, Moments, quantiles},
    statistics::Alpha,
    tests::{close, counts, data, floats, golden},
};

fn pair(case: &serde_json::Value) -> (Counts, Counts) {
    (Counts::of_bins(counts(&case["baseline"])), Counts::of_bins(counts(&case["current"])))
}

fn share(share: f64) -> Share {
    Share::new(share).unwrap()
}

#[test]
fn index_agrees_with_numpy() {
    for case in golden("psi") {
        let (baseline, current) = pair(&case);
        close(psi(&baseline, &current, ZeroBins::Jeffreys).unwrap().psi, &case["psi"], 1e-12);
    }
}

#[test]
fn policies_for_empty_bins_agree_with_numpy() {
    for case in golden("zero") {
        let (baseline, current) = pair(&case);
        for (name, policy) in [
            ("jeffreys", ZeroBins::Jeffreys),
            ("add_1e-10", ZeroBins::Add { epsilon: share(1e-10) }),
            ("fill_1e-4", ZeroBins::Fill { proportion: share(1e-4) }),
            ("floor_1e-2", ZeroBins::Floor { proportion: share(1e-2) }),
        ] {
            close(psi(&baseline, &current, policy).unwrap().psi, &case[name], 1e-12);
        }
    }
}

#[test]
fn thresholds_and_p_values_agree_with_scipy() {
    for case in golden("thresholds") {
        let alpha = Alpha::new(case["alpha"].as_f64().unwrap()).unwrap();
        let bins = usize::try_from(case["bins"].as_u64().unwrap()).unwrap();
        let sizes = Sizes { baseline: case["baseline"].as_u64(), current: case["current"].as_u64().unwrap() };
        let (normal, chi_square) = (Threshold::Normal { alpha }, Threshold::ChiSquare { alpha });
        close(normal.value(bins, sizes), &case["normal"], 1e-11);
        close(chi_square.value(bins, sizes), &case["chi_square"], 1e-11);
        close(normal_p_value(0.05, bins, sizes), &case["normal_p_value_of_0.05"], 1e-9);
    }
}

#[test]
fn quantiles_agree_with_numpy() {
    for case in golden("quantiles") {
        let values = data(&case["data"]);
        let found =
            quantiles(&values[..], &Extent::of(&values[..]), &floats(&case["probabilities"])).unwrap();
        for (found, expected) in found.iter().zip(case["quantiles"].as_array().unwrap()) {
            close(*found, expected, 1e-14);
        }
    }
}

#[test]
fn quantiles_of_few_values_are_of_type_7() {
    // Squares: of thirteen, ranks 2.4, 4.8, 7.2 and 9.6 are 4 + 0.4·5, 16 + 0.8·9, 49 + 0.2·15 and 81 + 0.6·19.
    let squares: Vec<f64> = (0..13).map(|i| f64::from(i * i)).collect();
    let cases: [(&[f64], &[f64], &[f64]); 3] = [
        (&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], &[0.25, 0.5, 0.75], &[2.75, 4.5, 6.25]),
        (&[1.0, 2.0, 3.0], &[0.1, 0.5, 0.9], &[1.2, 2.0, 2.8]),
        (&squares, &[0.2, 0.4, 0.6, 0.8], &[6.0, 23.2, 52.0, 92.4]),
    ];
    for (values, probabilities, expected) in cases {
        let found = quantiles(values, &Extent::of(values), probabilities).unwrap();
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-13 * expected, "{found} is not {expected}");
        }
    }
}

#[test]
fn a_threshold_that_takes_the_baseline_for_the_truth_alarms_as_often_as_theory_says() {
    // P(χ²(9) > q · (1/M)/(1/M + 1/N)), q the 95 % quantile, by scipy.
    for (baseline, current, chance) in [
        (10_000_u32, 100_u32, 0.0528),
        (10_000, 1_000, 0.0810),
        (10_000, 5_000, 0.2570),
        (10_000, 10_000, 0.4886),
        (10_000, 50_000, 0.9710),
        (10_000, 100_000, 0.9969),
        (100_000, 100_000, 0.4886),
        (1_000, 10_000, 0.9969),
    ] {
        let of_truth = Sizes { baseline: None, current: u64::from(current) };
        let threshold = Threshold::ChiSquare { alpha: Alpha::USUAL }.value(10, of_truth);
        let scale = 1.0 / f64::from(baseline) + 1.0 / f64::from(current);
        let found = ChiSquared::new(9.0).unwrap().sf(threshold / scale);
        assert!((found - chance).abs() < 5.1e-5, "{baseline} {current}: {found}");
    }
}

#[test]
fn moments_agree_with_scipy() {
    for case in golden("moments") {
        let moments = Moments::of(&data(&case["data"])[..]);
        close(moments.mean().unwrap(), &case["mean"], 1e-13);
        close(moments.standard_deviation().unwrap(), &case["sd"], 1e-13);
        // Some are zero but for rounding.
        let (found, golden) = (moments.skewness().unwrap(), case["skewness"].as_f64().unwrap());
        assert!((found - golden).abs() <= 1e-11 * golden.abs().max(1.0), "{found} is not {golden}");
    }
}

#[test]
fn rules_of_equal_width_agree_with_numpy() {
    for case in golden("widths") {
        let values = data(&case["data"]);
        let extent = Extent::of(&values[..]);
        for (name, bins) in case["bins"].as_object().unwrap() {
            let method: EqualWidth = serde_json::from_value(name.as_str().into()).unwrap();
            let found = method.bins(&values[..], &extent).unwrap();
            assert_eq!(found as u64, bins.as_u64().unwrap(), "{name} of {}", case["data"]);
        }
    }
}

#[test]
fn a_manual_number_of_bins_is_taken_as_said() {
    let values = data(&"hundred".into());
    let binning = Binning::EqualWidth { method: EqualWidth::Manual { num_bins: 4 } };
    let (bins, wanted) = binning.bins(&values[..], &Extent::of(&values[..])).unwrap();
    assert_eq!((bins.edges(), wanted), ([25.75, 50.5, 75.25].as_slice(), 4));
}
