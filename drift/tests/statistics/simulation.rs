//! Whether false alarms are as rare as they are said to be: thousands of runs of which no one is
//! better than the other.

use scouter_drift::statistics::Alpha;
use scouter_drift::statistics::adjust::{benjamini_hochberg, holm};
use scouter_drift::statistics::calibration::Confusion;
use scouter_drift::statistics::kappa::cohen;
use scouter_drift::statistics::mcnemar::mcnemar_exact;
use scouter_drift::statistics::sign_flip::sign_flip;
use scouter_drift::statistics::tango::{ClusterPairs, clustered, tango};

const DRAWS: u32 = 2_000;

/// A stream of random numbers for tests (xorshift64*).
struct Stream(u64);

impl Stream {
    fn chance(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Pairs of one record judged twice by equally good models. A record has a difficulty, and one
    /// in `cluster` shares it and what the models make of it.
    fn pairs(&mut self, n: u64, cluster: u64) -> Vec<ClusterPairs> {
        (0..n / cluster)
            .map(|_| {
                let solved = self.chance();
                let [before, now] = [self.chance() < solved, self.chance() < solved];
                let size = |is: bool| if is { cluster } else { 0 };
                ClusterPairs { gained: size(now && !before), lost: size(before && !now), n: cluster }
            })
            .collect()
    }
}

fn sums(pairs: &[ClusterPairs]) -> (u64, u64, u64) {
    pairs.iter().fold((0, 0, 0), |(gained, lost, n), of| (gained + of.gained, lost + of.lost, n + of.n))
}

/// The share of draws in which something holds.
fn share(mut draw: impl FnMut() -> bool) -> f64 {
    (0..DRAWS).filter(|_| draw()).count() as f64 / f64::from(DRAWS)
}

/// Three standard errors of a share of 0.05 over the draws.
const SLACK: f64 = 0.015;

#[test]
fn mcnemar_cries_wolf_no_more_often_than_its_level() {
    let mut stream = Stream(11);
    let alarms = share(|| {
        let (gained, lost, _) = sums(&stream.pairs(400, 1));
        mcnemar_exact(gained, lost) < 0.05
    });
    assert!((0.02..=0.05 + SLACK).contains(&alarms), "{alarms}");
}

#[test]
fn flipped_clusters_keep_the_level_where_single_records_would_not() {
    let mut stream = Stream(12);
    let mut naive = 0;
    let alarms = share(|| {
        let pairs = stream.pairs(400, 10);
        let (gained, lost, _) = sums(&pairs);
        naive += u32::from(mcnemar_exact(gained, lost) < 0.05);
        // Clusters of several sizes, so that the answer is added up.
        let differences: Vec<i64> = pairs
            .iter()
            .zip([1, 2, 3].into_iter().cycle())
            .map(|(of, scale)| scale * (i64::from(of.gained > 0) - i64::from(of.lost > 0)))
            .collect();
        sign_flip(&differences) < 0.05
    });
    assert!((0.02..=0.05 + SLACK).contains(&alarms), "{alarms}");
    assert!(f64::from(naive) / f64::from(DRAWS) > 0.3, "{naive}");
}

#[test]
fn intervals_of_a_difference_miss_the_truth_no_more_often_than_their_level() {
    let mut stream = Stream(13);
    let missed = share(|| {
        let (gained, lost, n) = sums(&stream.pairs(200, 1));
        !tango(gained, lost, n, Alpha::USUAL).unwrap().contains(0.0)
    });
    assert!((0.03..=0.05 + SLACK).contains(&missed), "{missed}");
}

#[test]
fn clustered_intervals_miss_the_truth_no_more_often_than_their_level() {
    let mut stream = Stream(14);
    let missed = share(|| !clustered(&stream.pairs(400, 10), Alpha::USUAL).unwrap().contains(0.0));
    assert!((0.02..=0.05 + SLACK).contains(&missed), "{missed}");
}

#[test]
fn of_twenty_tests_together_some_cries_wolf_no_more_often_than_the_level() {
    let mut stream = Stream(15);
    let mut unadjusted = 0;
    let mut hochberg = 0;
    let alarms = share(|| {
        let p: Vec<f64> = (0..20)
            .map(|_| {
                let (gained, lost, _) = sums(&stream.pairs(100, 1));
                mcnemar_exact(gained, lost)
            })
            .collect();
        let any = |p: &[f64]| p.iter().any(|p| *p < 0.05);
        unadjusted += u32::from(any(&p));
        // Where nothing is there to find, the share of false alarms is the chance of any.
        hochberg += u32::from(any(&benjamini_hochberg(&p)));
        any(&holm(&p))
    });
    assert!(alarms <= 0.05 + SLACK, "{alarms}");
    assert!(f64::from(hochberg) / f64::from(DRAWS) <= 0.05 + SLACK, "{hochberg}");
    assert!(f64::from(unadjusted) / f64::from(DRAWS) > 0.3, "{unadjusted}");
}

impl Stream {
    fn count(&mut self, n: u64, chance: f64) -> u64 {
        (0..n).filter(|_| self.chance() < chance).count() as u64
    }
}

/// The share of draws in which the interval of the corrected pass rate holds the true one.
fn corrected_rate_held(sensitivity: f64, specificity: f64, labels: u64, truth: f64) -> f64 {
    let mut stream = Stream(23);
    share(|| {
        let (true_passes, true_fails) =
            (stream.count(labels, sensitivity), stream.count(labels, specificity));
        let judge = Confusion {
            true_passes,
            false_fails: labels - true_passes,
            false_passes: labels - true_fails,
            true_fails,
        };
        let passing = truth * sensitivity + (1.0 - truth) * (1.0 - specificity);
        judge.correct(stream.count(500, passing), 500, Alpha::USUAL).unwrap().interval.contains(truth)
    })
}

#[test]
fn intervals_of_corrected_pass_rates_hold_the_truth_as_often_as_they_say() {
    for (sensitivity, specificity, labels, truth) in
        [(0.9, 0.8, 100, 0.6), (0.97, 0.95, 40, 0.9), (0.99, 0.99, 20, 0.3), (0.8, 0.85, 60, 0.1)]
    {
        let held = corrected_rate_held(sensitivity, specificity, labels, truth);
        assert!(held > 0.95 - SLACK, "{held} at {sensitivity}, {specificity}, {labels}, {truth}");
    }
}

#[test]
fn intervals_of_kappa_hold_the_truth_as_often_as_they_say() {
    let mut stream = Stream(29);
    // Half of the records are good, and both raters are right on 85 of 100: agreement of 0.745, by chance of 0.5.
    let truth = (0.745 - 0.5) / 0.5;
    let held = share(|| {
        let mut table = [[0_u64; 2]; 2];
        for _ in 0..200 {
            let good = stream.chance() < 0.5;
            let mut rates = || usize::from((stream.chance() < 0.85) == good);
            let (first, second) = (rates(), rates());
            table[first][second] += 1;
        }
        cohen(&table, Alpha::USUAL).unwrap().interval.contains(truth)
    });
    assert!((held - 0.95).abs() < SLACK, "{held}");
}

/// The chance of each number of successes among `n`.
fn chances(n: u64, chance: f64) -> Vec<f64> {
    let mut chances = vec![1.0];
    for _ in 0..n {
        let mut next = vec![0.0; chances.len() + 1];
        for (at, one) in chances.iter().enumerate() {
            next[at] += one * (1.0 - chance);
            next[at + 1] += one * chance;
        }
        chances = next;
    }
    chances
}

/// How often the lower end of kappa is above the truth, added up over all that a judge may say of so many good and bad records.
fn kappa_overrated(good: u64, bad: u64, sensitivity: f64, specificity: f64) -> f64 {
    let share = good as f64 / (good + bad) as f64;
    let passing = share * sensitivity + (1.0 - share) * (1.0 - specificity);
    let expected = share * passing + (1.0 - share) * (1.0 - passing);
    let truth = (share * sensitivity + (1.0 - share) * specificity - expected) / (1.0 - expected);
    let (passes, fails) = (chances(good, sensitivity), chances(bad, specificity));
    let mut overrated = 0.0;
    for (passed, of_passes) in (0..).zip(&passes) {
        for (failed, of_fails) in (0..).zip(&fails) {
            let table = [[passed, good - passed], [bad - failed, failed]];
            if cohen(&table, Alpha::USUAL).is_ok_and(|found| found.interval.low > truth) {
                overrated += of_passes * of_fails;
            }
        }
    }
    overrated
}

#[test]
fn few_labels_do_not_make_a_judge_look_better_than_it_is() {
    for (good, bad) in [(10, 10), (20, 20), (50, 50), (30, 10), (10, 40), (90, 10)] {
        for (sensitivity, specificity) in [
            (0.8, 0.8),
            (0.85, 0.85),
            (0.9, 0.9),
            (0.95, 0.95),
            (0.99, 0.99),
            (0.95, 0.7),
            (0.7, 0.95),
            (0.99, 0.8),
        ] {
            let overrated = kappa_overrated(good, bad, sensitivity, specificity);
            assert!(overrated <= 0.025, "{overrated} at {good}, {bad}, {sensitivity}, {specificity}");
        }
    }
}
