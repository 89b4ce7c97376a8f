use proptest::prelude::*;

use crate::{
    Absent,
    methods::{DriftMethod, MethodDrift, Mmd, Pair, Points, auc, mmd, wasserstein},
    psi::{Counts, ZeroBins},
    sample::{Moments, Sorted},
    statistics::Alpha,
};

const OF_SAMPLES: [DriftMethod; 3] = [
    DriftMethod::KolmogorovSmirnov,
    DriftMethod::CramerVonMises,
    DriftMethod::Wasserstein { threshold: 0.1 },
];
const OF_COUNTS: [DriftMethod; 5] = [
    DriftMethod::Psi { zero_bins: ZeroBins::Jeffreys },
    DriftMethod::ChiSquare,
    DriftMethod::JensenShannon,
    DriftMethod::Hellinger,
    DriftMethod::TotalVariation { threshold: 0.1 },
];

fn samples(method: DriftMethod, baseline: &[f64], current: &[f64]) -> Result<MethodDrift, Absent> {
    let (baseline, current) = (Sorted::of(baseline), Sorted::of(current));
    method.compare(Pair::Samples { baseline: &baseline, current: &current }, Alpha::USUAL)
}

fn counts(method: DriftMethod, baseline: &[u64], current: &[u64]) -> MethodDrift {
    let (baseline, current) = (Counts::of_bins(baseline), Counts::of_bins(current));
    method.compare(Pair::Counts { baseline: &baseline, current: &current }, Alpha::USUAL).unwrap()
}

fn near(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-7 * (1.0 + left.abs())
}

/// Values of which some are equal.
fn values() -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec(prop_oneof![-9.0..9.0, (-3..3).prop_map(f64::from)], 2..60)
}

/// Two sides in the same bins, neither of which is empty.
fn sides() -> impl Strategy<Value = (Vec<u64>, Vec<u64>)> {
    let bins = proptest::collection::vec((0_u64..60, 0_u64..60), 2..12);
    let sides = bins.prop_map(|bins| -> (Vec<u64>, Vec<u64>) { bins.into_iter().unzip() });
    sides.prop_filter("a side is empty", |(baseline, current)| {
        [baseline, current].into_iter().all(|side| side.iter().any(|count| *count > 0))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_rows_does_not_matter(baseline in values(), current in values(), at in 0_usize..60) {
        let mut turned = current.clone();
        turned.reverse();
        turned.rotate_left(at % current.len());
        for method in OF_SAMPLES {
            prop_assert_eq!(samples(method, &baseline, &current), samples(method, &baseline, &turned));
        }
    }

    #[test]
    fn equal_samples_have_not_drifted(sample in values()) {
        for method in OF_SAMPLES {
            let drift = samples(method, &sample, &sample).unwrap();
            prop_assert!(!drift.drifted && drift.p_value > 0.9, "{:?} {:?}", method, drift);
            if method != DriftMethod::CramerVonMises {
                prop_assert!(drift.statistic.abs() < 1e-12, "{:?} {:?}", method, drift);
            }
        }
    }

    #[test]
    fn equal_counts_have_no_distance(bins in proptest::collection::vec(1_u64..60, 1..12)) {
        for method in OF_COUNTS {
            let drift = counts(method, &bins, &bins);
            prop_assert!(drift.statistic.abs() < 1e-7 && !drift.drifted, "{:?} {:?}", method, drift);
        }
    }

    #[test]
    fn samples_are_as_far_apart_both_ways(baseline in values(), current in values()) {
        for method in [DriftMethod::KolmogorovSmirnov, DriftMethod::CramerVonMises] {
            let [there, back] = [(&baseline, &current), (&current, &baseline)].map(|(a, b)| samples(method, a, b).unwrap());
            prop_assert!(near(there.statistic, back.statistic) && near(there.p_value, back.p_value), "{:?} {:?}", there, back);
        }
        let (before, after) = (Sorted::of(&baseline[..]), Sorted::of(&current[..]));
        prop_assert!(near(wasserstein(&before, &after).unwrap().0, wasserstein(&after, &before).unwrap().0));
        prop_assert!(near(auc(&before, &after).unwrap().0, 1.0 - auc(&after, &before).unwrap().0));
        let [before, after] = [&baseline, &current].map(|side| Points::of_columns(&[&side[..]]).unwrap());
        let how = Mmd { bandwidth: Some(1.0), permutations: 1, ..Mmd::default() };
        let discrepancy = |a, b| mmd(a, b, how).map(|(statistic, _)| statistic).unwrap_or_default();
        prop_assert!(near(discrepancy(&before, &after), discrepancy(&after, &before)));
    }

    #[test]
    fn counts_are_as_far_apart_both_ways((baseline, current) in sides()) {
        for method in OF_COUNTS {
            let (there, back) = (counts(method, &baseline, &current), counts(method, &current, &baseline));
            prop_assert!(near(there.statistic, back.statistic), "{:?} {:?} {:?}", method, there, back);
        }
    }

    #[test]
    fn distances_of_samples_are_within_their_bounds(baseline in values(), current in values()) {
        for method in OF_SAMPLES {
            let Ok(drift) = samples(method, &baseline, &current) else { continue };
            prop_assert!((0.0..=1.0).contains(&drift.p_value), "{:?} {:?}", method, drift);
            if method == DriftMethod::KolmogorovSmirnov {
                prop_assert!((0.0..=1.0).contains(&drift.statistic), "{:?}", drift);
            }
        }
        // Values must be moved at least as far as their mean moves, and at most over all that lies between them.
        let mean = |side: &[f64]| Moments::of(side).mean().unwrap();
        let least = (mean(&baseline) - mean(&current)).abs();
        let (distance, _) = wasserstein(&Sorted::of(&baseline[..]), &Sorted::of(&current[..])).unwrap();
        prop_assert!(distance >= least - 1e-9 && distance <= 18.0, "{} {}", distance, least);
    }

    #[test]
    fn distances_of_counts_are_within_their_bounds((baseline, current) in sides()) {
        for method in OF_COUNTS {
            let drift = counts(method, &baseline, &current);
            prop_assert!((0.0..=1.0).contains(&drift.p_value), "{:?} {:?}", method, drift);
            let most = match method {
                DriftMethod::Psi { .. } | DriftMethod::ChiSquare => f64::MAX,
                _ => 1.0 + 1e-12,
            };
            prop_assert!((-1e-12..=most).contains(&drift.statistic), "{:?} {:?}", method, drift);
        }
    }

    #[test]
    fn the_order_of_bins_does_not_matter((baseline, current) in sides()) {
        let turned = |side: &[u64]| -> Vec<u64> { side.iter().rev().copied().collect() };
        for method in OF_COUNTS {
            let there = counts(method, &baseline, &current).statistic;
            let turned = counts(method, &turned(&baseline), &turned(&current)).statistic;
            prop_assert!(near(there, turned), "{:?} {} {}", method, there, turned);
        }
    }
}
