//! P-values keep what they promise: without drift, five of a hundred are at most 0.05.

use crate::{
    column::Column,
    methods::{
        DomainClassifier, DriftMethod, Mmd, Pair, Points, auc, chi_square, cramer_von_mises,
        domain_classifier, hellinger, homogeneity, jensen_shannon, kolmogorov_smirnov, mmd, total_variation,
        wasserstein,
    },
    psi::{Counts, NumericBins},
    sample::Sorted,
    statistics::Alpha,
    tests::Draw,
};

fn rate(pairs: u32, seed: u64, mut p_value: impl FnMut(&mut Draw) -> f64) -> f64 {
    let mut draw = Draw(seed);
    let alarms = (0..pairs).filter(|_| p_value(&mut draw) <= 0.05).count();
    alarms as f64 / f64::from(pairs)
}

fn sample(draw: &mut Draw, rows: usize) -> Vec<f64> {
    (0..rows).map(|_| draw.normal()).collect()
}

#[track_caller]
fn near(found: f64) {
    assert!((found - 0.05).abs() < 0.012, "{found}");
}

#[test]
fn tests_of_samples_keep_their_level() {
    let sorted = |draw: &mut Draw, rows| Sorted::of(&sample(draw, rows)[..]);
    near(rate(2500, 1, |draw| kolmogorov_smirnov(&sorted(draw, 700), &sorted(draw, 900)).unwrap().1));
    near(rate(2500, 2, |draw| cramer_von_mises(&sorted(draw, 60), &sorted(draw, 90)).unwrap().1));
}

#[test]
fn tests_of_counts_keep_their_level() {
    let bins = NumericBins::new([-1.5, -0.5, 0.0, 0.5, 1.5]);
    let counts = |draw: &mut Draw, rows| bins.count(&sample(draw, rows)[..]);
    near(rate(2500, 3, |draw| chi_square(&counts(draw, 400), &counts(draw, 900)).unwrap().1));
    near(rate(2500, 4, |draw| hellinger(&counts(draw, 400), &counts(draw, 900)).unwrap().1));
    near(rate(2500, 5, |draw| jensen_shannon(&counts(draw, 400), &counts(draw, 900)).unwrap().1));
}

/// Counts of so many rows, each in a bin with its chance.
fn drawn(draw: &mut Draw, chances: &[f64], rows: usize) -> Counts {
    let ends: Vec<f64> = chances
        .iter()
        .scan(0.0, |end, chance| {
            *end += chance;
            Some(*end)
        })
        .collect();
    let mut counts = vec![0; ends.len()];
    for _ in 0..rows {
        let place = draw.uniform() * ends[ends.len() - 1];
        counts[ends.partition_point(|end| *end <= place).min(ends.len() - 1)] += 1;
    }
    Counts::of_bins(counts)
}

#[test]
fn windows_of_few_rows_keep_their_level_in_many_bins() {
    let even = |bins: usize| vec![1.0; bins];
    let zipf: Vec<f64> = (1..=100).map(|i| 1.0 / f64::from(i)).collect();
    let cases = [(even(10), 50), (even(100), 1000), (even(100), 100), (zipf.clone(), 300), (zipf, 50)];
    for (i, (chances, rows)) in cases.into_iter().enumerate() {
        let mut draw = Draw(20 + i as u64);
        let alarms = (0..800).filter(|_| {
            let (before, after) = (drawn(&mut draw, &chances, 10_000), drawn(&mut draw, &chances, rows));
            homogeneity(&before, &after).unwrap() < 0.05
        });
        let found = alarms.count() as f64 / 800.0;
        assert!((found - 0.05).abs() < 0.02, "{found} of {rows} rows in {} bins", chances.len());
    }
}

#[test]
fn a_few_rows_where_there_were_none_are_seen() {
    let p = homogeneity(&Counts::of_bins([5000, 5000, 0]), &Counts::of_bins([147, 147, 6])).unwrap();
    assert!(p < 1e-6, "{p}");
}

#[test]
fn areas_under_the_curve_keep_their_level() {
    let sorted = |draw: &mut Draw, rows| Sorted::of(&sample(draw, rows)[..]);
    near(rate(2500, 10, |draw| auc(&sorted(draw, 60), &sorted(draw, 90)).unwrap().1));
}

#[test]
fn dealt_rows_keep_their_level() {
    let sorted = |draw: &mut Draw, rows| Sorted::of(&sample(draw, rows)[..]);
    let found = rate(400, 11, |draw| wasserstein(&sorted(draw, 25), &sorted(draw, 40)).unwrap().1);
    assert!((found - 0.05).abs() < 0.033, "{found}");
    let bins = NumericBins::new([-1.0, 0.0, 1.0]);
    let counts = |draw: &mut Draw, rows| bins.count(&sample(draw, rows)[..]);
    let found = rate(400, 12, |draw| total_variation(&counts(draw, 100), &counts(draw, 900)).unwrap().1);
    assert!((found - 0.05).abs() < 0.033, "{found}");
}

#[test]
fn distances_of_a_few_rows_are_no_drift_by_themselves() {
    let mut draw = Draw(13);
    let sorted = |draw: &mut Draw| Sorted::of(&sample(draw, 12)[..]);
    let alarms = (0..200).filter(|_| {
        let (baseline, current) = (sorted(&mut draw), sorted(&mut draw));
        let pair = Pair::Samples { baseline: &baseline, current: &current };
        DriftMethod::Wasserstein { threshold: 0.1 }.compare(pair, Alpha::USUAL).unwrap().drifted
    });
    let alarms = alarms.count();
    assert!(alarms < 25, "{alarms}");
}

#[test]
fn the_classifier_keeps_its_level() {
    let how = DomainClassifier::default();
    let found = rate(800, 14, |draw| {
        let sides = [60, 80].map(|rows| plane(&sample(draw, rows), &sample(draw, rows)));
        domain_classifier(&sides[0], &sides[1], how).unwrap().1
    });
    assert!((found - 0.05).abs() < 0.024, "{found}");
}

#[test]
fn the_classifier_sees_a_change_of_correlation_alone() {
    let mut draw = Draw(15);
    let (x, y) = (sample(&mut draw, 400), sample(&mut draw, 400));
    let together: Vec<f64> = x.iter().zip(&y).map(|(x, y)| 0.95 * x + 0.31 * y).collect();
    let (before, after) = (plane(&sample(&mut draw, 400), &sample(&mut draw, 400)), plane(&x, &together));
    let (area, p) = domain_classifier(&before, &after, DomainClassifier::default()).unwrap();
    assert!(area > 0.7 && p < 1e-6, "{area} {p}");
}

#[test]
fn the_classifier_sees_a_small_change_in_wide_embeddings() {
    let mut draw = Draw(16);
    let mut side = |moved: f64| {
        let columns: Vec<Vec<f64>> = (0..64)
            .map(|i| {
                let by = if i < 8 { moved } else { 0.0 };
                sample(&mut draw, 600).into_iter().map(|v| v + by).collect()
            })
            .collect();
        Points::of_columns(&columns.iter().map(|column| &column[..]).collect::<Vec<_>>()).unwrap()
    };
    let (before, after) = (side(0.0), side(0.4));
    assert!(domain_classifier(&before, &after, DomainClassifier::default()).unwrap().1 < 1e-6);
}

fn plane(x: &[f64], y: &[f64]) -> Points {
    Points::of_columns::<[f64]>(&[x, y]).unwrap()
}

#[test]
fn permutations_keep_their_level() {
    let how = Mmd { permutations: 99, ..Mmd::default() };
    let found = rate(600, 6, |draw| {
        let sides = [(); 2].map(|()| plane(&sample(draw, 12), &sample(draw, 12)));
        mmd(&sides[0], &sides[1], how).unwrap().1
    });
    assert!((found - 0.05).abs() < 0.03, "{found}");
}

#[test]
fn a_change_of_correlation_alone_is_seen() {
    let mut draw = Draw(8);
    let (x, y) = (sample(&mut draw, 300), sample(&mut draw, 300));
    let together: Vec<f64> = x.iter().zip(&y).map(|(x, y)| 0.95 * x + 0.31 * y).collect();
    assert_eq!(x[..].rows(), together[..].rows());
    let (before, after) = (plane(&sample(&mut draw, 300), &sample(&mut draw, 300)), plane(&x, &together));
    let how = Mmd { permutations: 200, ..Mmd::default() };
    assert!(mmd(&before, &after, how).unwrap().1 < 0.01);
}

#[test]
fn scaling_takes_units_away() {
    let mut draw = Draw(9);
    let (x, y) = (sample(&mut draw, 50), sample(&mut draw, 50));
    let thousands: Vec<f64> = x.iter().map(|v| v * 1000.0 + 5.0).collect();
    let scaled = |points: Points| points.scaled_by(&points).unwrap();
    let (a, b) = (scaled(plane(&x, &y)), scaled(plane(&thousands, &y)));
    for i in 0..50 {
        assert!(a.row(i).iter().zip(b.row(i)).all(|(a, b)| (a - b).abs() < 1e-9));
    }
}
