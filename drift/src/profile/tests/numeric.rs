use crate::{
    Absent,
    column::Numbers,
    profile::{CoMoments, Correlations, NumericState, NumericStats, Ranks, Statistic, spearman},
    sample::Moments,
    sketch::Kll,
    tests::Draw,
};
use proptest::prelude::*;

fn state(values: &[f64]) -> NumericState {
    let mut state = NumericState::default();
    state.add(values);
    state
}

fn absent(absent: Absent) -> Statistic {
    Statistic::Absent { absent }
}

#[test]
fn no_rows_are_described_without_numbers() {
    let stats = state(&[]).stats(20);
    assert_eq!((stats.rows, stats.mean, stats.histogram.is_none()), (0, absent(Absent::NoRows), true));
}

#[test]
fn missing_values_alone_are_counted() {
    let stats = NumericStats::of(&[f64::NAN; 7][..], 20);
    assert_eq!((stats.missing, stats.distinct.count), (7, 0));
    assert_eq!((stats.min, stats.quantiles.q50), (absent(Absent::AllMissing), absent(Absent::AllMissing)));
}

#[test]
fn infinities_are_counted_and_left_out_of_the_rest() {
    let values = [1.0, f64::INFINITY, 3.0, f64::NEG_INFINITY, f64::INFINITY];
    for stats in [state(&values).stats(2), NumericStats::of(&values[..], 2)] {
        assert_eq!((stats.infinite, stats.max.value(), stats.mean.value()), (3, Some(3.0), Some(2.0)));
        assert_eq!(stats.histogram.unwrap().counts, [1, 1]);
    }
}

#[test]
fn whole_numbers_beyond_2_to_the_53_are_told_apart_at_once_and_in_parts() {
    let ids: Vec<i64> = (0..1000).flat_map(|i| [(1 << 60) + i, -(1 << 60) - i]).collect();
    let mut parts = [NumericState::default(), NumericState::default()];
    for (state, part) in parts.iter_mut().zip(ids.chunks(1200)) {
        state.add_column(&Numbers::new(part));
    }
    let [mut merged, other] = parts;
    merged.merge(&other);
    for stats in [NumericStats::of(&Numbers::new(&ids), 2), merged.stats(2)] {
        assert_eq!((stats.distinct.count, stats.distinct.standard_error), (2000, 0.0));
    }
}

#[test]
fn small_whole_numbers_are_the_same_values_in_every_type() {
    let mut state = state(&[-1.0, 0.0, 1.0]);
    state.add_column(&Numbers::new(&[-1_i64, 0, 1, 2]));
    state.add_column(&Numbers::new(&[-1_i8, 3]));
    assert_eq!(state.stats(2).distinct.count, 5);
}

#[test]
fn one_row_has_no_deviation_but_a_histogram() {
    let stats = NumericStats::of(&[4.0][..], 20);
    assert_eq!(stats.stddev, absent(Absent::TooFew { needed: 2, found: 1 }));
    assert_eq!(stats.histogram.unwrap().counts, [1]);
}

#[test]
fn a_constant_has_one_bin_and_no_deviation_from_it() {
    let stats = NumericStats::of(&[4.0; 30][..], 20);
    assert_eq!((stats.stddev.value(), stats.histogram.unwrap().counts), (Some(0.0), vec![30]));
}

#[test]
fn long_columns_in_parts_are_within_the_stated_error() {
    let mut draw = Draw(3);
    let values: Vec<f64> = (0..200_000).map(|_| draw.normal()).collect();
    let mut parts = NumericState::default();
    for part in values.chunks(30_000) {
        parts.merge(&state(part));
    }
    let (parts, whole) = (parts.stats(20), NumericStats::of(&values[..], 20));
    assert!(parts.quantiles.rank_error > 0.0 && whole.quantiles.rank_error < f64::MIN_POSITIVE);
    let rank = |q: Statistic| values.iter().filter(|v| Some(**v) <= q.value()).count() as f64 / 200_000.0;
    for (share, q) in [(0.25, parts.quantiles.q25), (0.5, parts.quantiles.q50), (0.99, parts.quantiles.q99)] {
        assert!((rank(q) - share).abs() < Kll::RANK_ERROR, "{}", rank(q));
    }
    let (near, exact) = (parts.histogram.unwrap(), whole.histogram.unwrap());
    assert_eq!((&near.edges, near.counts.iter().sum::<u64>()), (&exact.edges, 200_000));
    let off = near.counts.iter().zip(&exact.counts).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
    assert!((off as f64) < 2.0 * Kll::RANK_ERROR * 200_000.0, "{off}");
}

#[test]
fn stats_survive_json() {
    for values in [vec![], vec![f64::NAN], vec![0.1, 0.7, 1e300, f64::INFINITY]] {
        let stats = NumericStats::of(&values[..], 3);
        let text = serde_json::to_string(&stats).unwrap();
        assert_eq!(serde_json::from_str::<NumericStats>(&text).unwrap(), stats, "{text}");
    }
}

#[test]
fn a_constant_column_correlates_with_nothing() {
    let mut all = Correlations::new(2);
    all.add(&[&[1.0, 2.0], &[5.0, 5.0]]).unwrap();
    assert_eq!(all.correlation(0, 1), Err(Absent::Constant));
}

#[test]
fn constants_that_have_no_exact_binary_form_correlate_with_nothing() {
    let mut pair = CoMoments::default();
    pair.add(&[0.1; 1000], &[0.3; 1000]);
    assert_eq!(pair.correlation(), Err(Absent::Constant));
    let constant = Moments::of(&[0.1; 1000][..]);
    assert_eq!((constant.mean(), constant.variance()), (Ok(0.1), Ok(0.0)));
}

#[test]
fn a_correlation_beyond_the_largest_number_says_so() {
    let mut pair = CoMoments::default();
    pair.add(&[1e200, -1e200, 2e200], &[1.0, 2.0, 3.0]);
    assert_eq!(pair.correlation(), Err(Absent::Overflow));
}

#[test]
fn sums_beyond_the_largest_number_equal_their_copy() {
    let mut pair = CoMoments::default();
    pair.add(&[1e308, -1e308], &[1.0, 2.0]);
    let copy = pair;
    assert_eq!(pair, copy);
    pair.add(&[1.0], &[1.0]);
    assert_ne!(pair, copy);
}

#[test]
fn a_column_that_comes_later_has_no_rows_before() {
    let mut all = Correlations::new(2);
    all.add(&[&[1.0, 2.0], &[3.0, 5.0]]).unwrap();
    all.widen(3);
    all.add(&[&[4.0, 0.0, 1.0], &[9.0, 1.0, 2.0], &[1.0, 2.0, 4.0]]).unwrap();
    let mut late = CoMoments::default();
    late.add(&[4.0, 0.0, 1.0], &[1.0, 2.0, 4.0]);
    assert_eq!(all.correlation(0, 2), late.correlation());
    let mut both = CoMoments::default();
    both.add(&[3.0, 5.0], &[1.0, 2.0]);
    both.add(&[9.0, 1.0, 2.0], &[4.0, 0.0, 1.0]);
    assert!((all.correlation(0, 1).unwrap() - both.correlation().unwrap()).abs() < 1e-15);
}

#[test]
fn ranks_of_more_rows_than_are_kept_say_so() {
    assert_eq!(Ranks::fit(Ranks::MOST_ROWS, 16), Ok(()));
    let most = (Ranks::MOST / 17) as u64;
    assert_eq!(Ranks::fit(Ranks::MOST_ROWS, 17), Err(Absent::TooManyRanks { most }));
    let most = Ranks::MOST_ROWS as u64;
    assert_eq!(Ranks::fit(Ranks::MOST_ROWS + 1, 1), Err(Absent::TooManyRanks { most }));
}

#[test]
fn correlations_of_other_columns_do_not_merge() {
    let found = Correlations::new(2).merge(&Correlations::new(3));
    assert_eq!(found, Err(Absent::Mismatch { left: 2, right: 3 }));
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![8 => -9.0..9.0, 4 => (-3..3).prop_map(f64::from), 1 => Just(f64::NAN), 1 => Just(f64::INFINITY)]
}

fn numbers() -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec(value(), 0..300)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// On both sides of the bounds up to which distinct values, and all values, are kept.
    #[test]
    fn long_parts_merge_to_the_whole_within_the_stated_errors(rows in 6_000_usize..40_000, cut in 0.0..1.0, kinds in 1_usize..50_000, seed in 0_u64..1000) {
        let mut draw = Draw(seed);
        let values: Vec<f64> = (0..rows).map(|_| (draw.uniform() * kinds as f64).floor()).collect();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "less than there are rows")]
        let cut = (rows as f64 * cut) as usize;
        let mut merged = state(&values[..cut]);
        merged.merge(&state(&values[cut..]));
        let (merged, whole) = (merged.stats(7), NumericStats::of(&values[..], 7));
        prop_assert_eq!(
            (merged.rows, merged.missing, merged.min, merged.max, merged.distinct),
            (whole.rows, whole.missing, whole.min, whole.max, whole.distinct)
        );
        let found = merged.quantiles;
        for (share, quantile) in [(0.25, found.q25), (0.5, found.q50), (0.75, found.q75), (0.99, found.q99)] {
            let quantile = quantile.value().unwrap();
            let below = values.iter().filter(|v| **v < quantile).count() as f64 / rows as f64;
            let upto = values.iter().filter(|v| **v <= quantile).count() as f64 / rows as f64;
            // The error is stated with 99 % confidence, and twice of it is never seen. One row is as near as a quantile between two values comes.
            let error = 2.0 * found.rank_error + 1.0 / rows as f64;
            prop_assert!(below - error <= share && share <= upto + error, "{share}: {below} to {upto}");
        }
    }
}

proptest! {
    #[test]
    fn a_profile_of_parts_is_that_of_the_whole(values in numbers(), cut in 0_usize..300) {
        let cut = cut.min(values.len());
        let mut merged = state(&values[..cut]);
        merged.merge(&state(&values[cut..]));
        let (merged, whole) = (merged.stats(7), NumericStats::of(&values[..], 7));
        prop_assert_eq!(
            (merged.rows, merged.missing, merged.infinite, merged.min, merged.max, merged.distinct, merged.quantiles, &merged.histogram),
            (whole.rows, whole.missing, whole.infinite, whole.min, whole.max, whole.distinct, whole.quantiles, &whole.histogram)
        );
        for (a, b) in [(merged.mean, whole.mean), (merged.stddev, whole.stddev)] {
            match (a, b) {
                (Statistic::Value(a), Statistic::Value(b)) => prop_assert!((a - b).abs() < 1e-12 * (1.0 + b.abs())),
                (a, b) => prop_assert_eq!(a, b),
            }
        }
    }

    #[test]
    fn a_profile_of_any_chunks_in_any_order_of_merging_is_that_of_the_whole(values in numbers(), cuts in proptest::collection::vec(0_usize..300, 0..6)) {
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(values.len())).chain([0, values.len()]).collect();
        cuts.sort_unstable();
        let mut parts: Vec<NumericState> = cuts.windows(2).map(|pair| state(&values[pair[0]..pair[1]])).collect();
        // Neighbours first, as machines would that hold a file each; then what they have made.
        while parts.len() > 1 {
            let pairs = parts.chunks(2).map(|pair| {
                let mut merged = pair[0].clone();
                pair[1..].iter().for_each(|later| merged.merge(later));
                merged
            });
            parts = pairs.collect();
        }
        let (merged, whole) = (parts[0].stats(7), state(&values).stats(7));
        prop_assert_eq!(
            (merged.rows, merged.missing, merged.infinite, merged.min, merged.max, merged.distinct, merged.quantiles, merged.histogram),
            (whole.rows, whole.missing, whole.infinite, whole.min, whole.max, whole.distinct, whole.quantiles, whole.histogram)
        );
        let off = merged.mean.value().unwrap_or(0.0) - whole.mean.value().unwrap_or(0.0);
        prop_assert!(off.abs() < 1e-12);
    }

    #[test]
    fn ranks_leave_rows_out_as_if_they_were_not_there(rows in proptest::collection::vec((value(), value()), 3..200)) {
        let (x, y): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
        let both = rows.iter().copied().filter(|(x, y)| x.is_finite() && y.is_finite());
        let (whole_x, whole_y): (Vec<f64>, Vec<f64>) = both.unzip();
        prop_assert_eq!(spearman(&x, &y), spearman(&whole_x, &whole_y));
    }

    #[test]
    fn correlations_of_parts_merge_to_those_of_the_whole(rows in proptest::collection::vec((-9.0..9.0, -9.0..9.0), 3..1500), cut in 0_usize..1500) {
        let cut = cut.min(rows.len());
        let (x, y): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
        let of = |x: &[f64], y: &[f64]| {
            let mut all = Correlations::new(2);
            all.add(&[x, y]).map(|()| all)
        };
        let mut merged = of(&x[..cut], &y[..cut]).unwrap();
        merged.merge(&of(&x[cut..], &y[cut..]).unwrap()).unwrap();
        let whole = of(&x, &y).unwrap();
        prop_assert!((merged.correlation(0, 1).unwrap() - whole.correlation(0, 1).unwrap()).abs() < 1e-9);
    }
}
