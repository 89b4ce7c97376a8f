//! What must hold whatever the data.

use proptest::prelude::*;
use scouter_drift::statistics::Alpha;
use scouter_drift::statistics::adjust::{benjamini_hochberg, holm};
use scouter_drift::statistics::bootstrap::{ClusterSum, Draws, bootstrap};
use scouter_drift::statistics::mcnemar::{ln_mcnemar_exact, mcnemar_exact};
use scouter_drift::statistics::paired_t::{paired_t, paired_t_clustered};
use scouter_drift::statistics::power::{pairs_for_equivalence, smallest_rate_difference};
use scouter_drift::statistics::sign_flip::sign_flip;
use scouter_drift::statistics::tango::{ClusterPairs, clustered, tango};
use scouter_drift::statistics::trials::{Tally, at_least, pass_at, pass_hat, trial_mean};
use scouter_drift::statistics::wilson::wilson;

fn tallies() -> impl Strategy<Value = Tally> {
    (1_u64..40)
        .prop_flat_map(|trials| (Just(trials), 0..=trials))
        .prop_map(|(trials, passed)| Tally { trials, passed })
}

fn pairs() -> impl Strategy<Value = (u64, u64, u64)> {
    (0_u64..300, 0_u64..300, 1_u64..500).prop_map(|(gained, lost, same)| (gained, lost, gained + lost + same))
}

proptest! {
    #[test]
    fn a_rate_lies_in_its_interval_and_the_interval_between_0_and_1(passed in 0_u64..5_000, failed in 0_u64..5_000) {
        prop_assume!(passed + failed > 0);
        let n = passed + failed;
        let interval = wilson(passed, n, Alpha::USUAL).unwrap();
        prop_assert!(interval.contains(passed as f64 / n as f64));
        prop_assert!(interval.low >= 0.0 && interval.high <= 1.0);
    }

    #[test]
    fn a_difference_lies_in_its_interval_and_mirrors_when_sides_are_swapped((gained, lost, n) in pairs()) {
        let one = tango(gained, lost, n, Alpha::USUAL).unwrap();
        let other = tango(lost, gained, n, Alpha::USUAL).unwrap();
        prop_assert!(one.contains((gained as f64 - lost as f64) / n as f64));
        prop_assert!(one.low >= -1.0 && one.high <= 1.0);
        prop_assert!((one.low + other.high).abs() < 1e-9 && (one.high + other.low).abs() < 1e-9);
    }

    #[test]
    fn mcnemar_does_not_care_which_side_is_which(gained in 0_u64..3_000, lost in 0_u64..3_000) {
        let p = mcnemar_exact(gained, lost);
        prop_assert!((0.0..=1.0).contains(&p));
        prop_assert_eq!(p.to_bits(), mcnemar_exact(lost, gained).to_bits());
    }

    #[test]
    fn more_of_the_same_direction_is_stronger_evidence(gained in 0_u64..100_000, lost in 0_u64..100_000) {
        prop_assume!(gained > lost);
        prop_assert!(ln_mcnemar_exact(gained + 1, lost) < ln_mcnemar_exact(gained, lost) || gained == lost + 1);
    }

    #[test]
    fn clusters_of_one_record_are_what_mcnemar_tests(gained in 0_u64..50, lost in 0_u64..50) {
        let one = |count: u64, sign: i64| std::iter::repeat_n(sign, usize::try_from(count).unwrap());
        let differences: Vec<i64> = one(gained, 1).chain(one(lost, -1)).collect();
        prop_assert!((sign_flip(&differences) - mcnemar_exact(gained, lost)).abs() < 1e-12);
    }

    #[test]
    fn a_cluster_that_is_of_two_minds_does_not_tell(differences in prop::collection::vec(-5_i64..6, 0..40)) {
        let with: Vec<i64> = differences.iter().copied().chain([0, 0]).collect();
        prop_assert_eq!(sign_flip(&differences).to_bits(), sign_flip(&with).to_bits());
    }

    #[test]
    fn pairs_that_are_all_alone_have_the_interval_of_unclustered_ones_but_for_t(gained in 0_u64..40, lost in 0_u64..40) {
        // Enough clusters that Student's t is near the normal distribution.
        let n = gained + lost + 2_000;
        let of = |gained, lost| ClusterPairs { gained, lost, n: 1 };
        let clusters: Vec<ClusterPairs> = (0..n)
            .map(|at| if at < gained { of(1, 0) } else { of(0, u64::from(at < gained + lost)) })
            .collect();
        let (one, other) = (clustered(&clusters, Alpha::USUAL).unwrap(), tango(gained, lost, n, Alpha::USUAL).unwrap());
        prop_assert!((one.low - other.low).abs() < 1e-3 * other.width());
        prop_assert!((one.high - other.high).abs() < 1e-3 * other.width());
    }

    #[test]
    fn doubling_every_record_adds_nothing_where_clusters_are_known(values in prop::collection::vec(-9.0_f64..9.0, 2..30)) {
        let twice: Vec<f64> = values.iter().flat_map(|value| [*value, *value]).collect();
        let once = paired_t(&values, Alpha::USUAL).unwrap();
        let both = paired_t_clustered(&twice, |at| at / 2, values.len(), Alpha::USUAL).unwrap();
        prop_assert!((once.standard_error - both.standard_error).abs() <= 1e-9 * (1.0 + once.standard_error));
    }

    #[test]
    fn a_bootstrapped_mean_stays_between_the_extremes(
        values in prop::collection::vec(-9.0_f64..9.0, 2..30),
        seed in any::<u64>(),
    ) {
        let clusters: Vec<ClusterSum> = values.iter().map(|sum| ClusterSum { sum: *sum, n: 1 }).collect();
        let interval = bootstrap(&clusters, Draws { draws: 50, seed }, Alpha::USUAL).unwrap();
        let extremes = values.iter().fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(*value), high.max(*value)));
        prop_assert!(interval.low >= extremes.0 - 1e-9 && interval.high <= extremes.1 + 1e-9);
    }

    #[test]
    fn an_adjusted_p_is_never_smaller_and_holm_is_the_stricter(p in prop::collection::vec(0.0_f64..=1.0, 0..30)) {
        for ((raw, holm), hochberg) in p.iter().zip(holm(&p)).zip(benjamini_hochberg(&p)) {
            prop_assert!(*raw <= hochberg && hochberg <= holm + 1e-15 && holm <= 1.0);
        }
    }

    #[test]
    fn one_trial_is_the_pass_rate_by_every_measure(case in tallies()) {
        let rate = case.rate().unwrap();
        for one in [pass_at(case, 1), pass_hat(case, 1), at_least(case, 1, 1)] {
            prop_assert!((one.unwrap() - rate).abs() < 1e-9);
        }
    }

    #[test]
    fn more_trials_make_one_pass_likelier_and_all_passing_less_likely(case in tallies(), k in 1_u64..39) {
        prop_assume!(k < case.trials);
        prop_assert!(pass_at(case, k + 1).unwrap() >= pass_at(case, k).unwrap() - 1e-12);
        prop_assert!(pass_hat(case, k + 1).unwrap() <= pass_hat(case, k).unwrap() + 1e-12);
    }

    #[test]
    fn the_parts_of_an_error_make_up_the_whole(cases in prop::collection::vec(tallies(), 2..30)) {
        let of = trial_mean(&cases).unwrap();
        let total = of.mean.standard_error.unwrap();
        if let (Some(between), Some(within)) = (of.between, of.within) {
            prop_assert!(between.hypot(within) >= total - 1e-12);
            prop_assert!(between <= total + 1e-12);
        }
    }

    #[test]
    fn more_records_show_smaller_differences(n in 20_u64..1_000_000, changed in 0.0_f64..1.0) {
        let one = smallest_rate_difference(n, changed, Alpha::USUAL).unwrap();
        prop_assert!(smallest_rate_difference(2 * n, changed, Alpha::USUAL).unwrap() < one);
    }

    #[test]
    fn as_many_unchanged_pairs_as_were_asked_for_show_equivalence(margin in 0.001_f64..0.9) {
        let n = pairs_for_equivalence(0.0, 0.0, margin, Alpha::USUAL).unwrap();
        prop_assert!(tango(0, 0, n, Alpha::USUAL).unwrap().is_within(margin + 1e-9));
        prop_assert!(n == 1 || !tango(0, 0, n - 1, Alpha::USUAL).unwrap().is_within(margin - 1e-9));
    }
}

#[test]
fn differences_that_are_all_alike_are_tested_by_their_signs() {
    let alike = paired_t(&[0.1; 3], Alpha::USUAL).unwrap();
    assert_eq!(alike.p.to_bits(), 0.25_f64.to_bits());
    assert_eq!(paired_t(&[0.0; 3], Alpha::USUAL).unwrap().p.to_bits(), 1.0_f64.to_bits());
}

#[test]
fn what_is_too_little_is_said_to_be() {
    assert_eq!(paired_t(&[1.0], Alpha::USUAL), None);
    assert_eq!(paired_t_clustered(&[1.0, 2.0], |_| 0, 1, Alpha::USUAL), None);
    let one = ClusterPairs { gained: 3, lost: 0, n: 9 };
    assert!(clustered(&[one], Alpha::USUAL).unwrap().contains(-1.0));
    assert_eq!(pass_at(Tally { trials: 3, passed: 1 }, 4), None);
    assert_eq!(trial_mean(&[Tally::default()]), None);
}
