use crate::{
    Absent,
    column::{Numbers, Tally, Unit},
    psi::{Binning, EqualWidth, Part, PsiBaseline, Share, Threshold, ZeroBins},
    sketch::{Kll, Shape},
    tests::Draw,
};
use proptest::prelude::*;

fn numbers(values: &[f64]) -> Result<PsiBaseline, Absent> {
    PsiBaseline::of_numbers(values, Binning::default(), ZeroBins::default())
}

fn tally(categories: &[Option<&str>]) -> Tally {
    let mut tally = Tally::default();
    tally.add(categories.iter().copied());
    tally
}

fn ramp(n: i32) -> Vec<f64> {
    (0..n).map(f64::from).collect()
}

#[test]
fn no_rows_have_no_baseline() {
    assert_eq!(numbers(&[]), Err(Absent::NoRows));
}

#[test]
fn missing_values_alone_have_no_baseline() {
    assert_eq!(numbers(&[f64::NAN; 3]), Err(Absent::AllMissing));
}

#[test]
fn missing_categories_alone_have_no_baseline() {
    let found = PsiBaseline::of_categories(&tally(&[None]), 10, ZeroBins::default());
    assert_eq!(found, Err(Absent::AllMissing));
}

#[test]
fn a_constant_that_changes_is_seen() {
    let baseline = numbers(&[7.0; 500]).unwrap();
    let moved = baseline.count_numbers(&[7.5; 500][..]).unwrap();
    assert!(baseline.compare(&moved, Threshold::default()).unwrap().drifted);
}

#[test]
fn a_constant_that_stays_has_not_drifted() {
    let baseline = numbers(&[7.0; 500]).unwrap();
    let drift = baseline.compare(&baseline.counts, Threshold::default()).unwrap();
    assert_eq!((drift.psi, drift.p_value, drift.drifted), (0.0, 1.0, false));
}

/// The index and the p-value of later numbers.
fn drift(before: &[f64], after: &[f64]) -> (f64, f64) {
    let baseline = numbers(before).unwrap();
    let drift = baseline.compare(&baseline.count_numbers(after).unwrap(), Threshold::default()).unwrap();
    (drift.psi, drift.p_value)
}

#[test]
fn the_greatest_value_has_a_bin_of_its_own_where_nearly_all_rows_have_it() {
    // 95 of 100 are true: two bins, and the index of (0.05, 0.95) against (1, 0) is large.
    let mostly = [vec![0.0; 50], vec![1.0; 950]].concat();
    assert_eq!(numbers(&mostly).unwrap().counts.bins, [50, 950, 0]);
    let (index, p) = drift(&mostly, &[0.0; 1000]);
    assert!(index > 5.0 && p < 1e-9, "{index} {p}");
    // Half a row for each of two bins: p = 50.5/1001, q = 1000.5/1001.
    let (p, q) = (50.5_f64 / 1001.0, 1000.5 / 1001.0);
    let by_hand = (p - q) * (p / q).ln() + (q - p) * ((1.0 - p) / (1.0 - q)).ln();
    assert!((index - by_hand).abs() < 1e-12, "{index} {by_hand}");
}

#[test]
fn a_value_that_nearly_all_rows_have_is_told_from_less_and_from_more() {
    let mostly = [vec![-1.0; 30], vec![0.0; 950], vec![1.0; 20]].concat();
    assert_eq!(numbers(&mostly).unwrap().counts.bins, [30, 950, 20]);
    for to in [-1.0, 1.0, -7.0, 7.0] {
        assert!(drift(&mostly, &[to; 500]).1 < 1e-9, "{to}");
    }
    assert!(drift(&mostly, &mostly).1 > 0.99);
}

#[test]
fn two_bins_part_at_the_median_unless_nothing_lies_above_it() {
    let binning = Binning::Quantile { num_bins: 2 };
    let bins =
        |values: &[f64]| PsiBaseline::of_numbers(values, binning, ZeroBins::default()).unwrap().counts.bins;
    assert_eq!(bins(&ramp(1001)), [501, 500]);
    assert_eq!(bins(&[vec![0.0; 50], vec![1.0; 950]].concat()), [50, 950, 0]);
}

#[test]
fn bins_of_equal_width_tell_rows_apart_where_the_quartiles_are_equal() {
    let mostly = [vec![0.0; 50], vec![1.0; 950]].concat();
    let binning = Binning::EqualWidth { method: EqualWidth::FreedmanDiaconis };
    let baseline = PsiBaseline::of_numbers(&mostly[..], binning, ZeroBins::default()).unwrap();
    let counts = baseline.count_numbers(&[0.0; 1000][..]).unwrap();
    assert!(baseline.compare(&counts, Threshold::default()).unwrap().drifted);
}

#[test]
fn more_categories_than_can_be_told_apart_have_no_baseline() {
    let names: Vec<String> = (0..100_001).map(|i| i.to_string()).collect();
    let mut ids = Tally::default();
    ids.add(names.iter().map(|name| Some(name.as_str())));
    let found = PsiBaseline::of_categories(&ids, 10, ZeroBins::default());
    assert_eq!(found, Err(Absent::TooMany { most: 100_000 }));
}

#[test]
fn one_row_makes_a_baseline() {
    assert_eq!(numbers(&[3.0]).unwrap().counts.bins, [0, 1, 0]);
}

#[test]
fn missing_values_are_a_bin_of_their_own() {
    let baseline = numbers(&ramp(1000)).unwrap();
    let mut later = ramp(1000);
    later[..300].fill(f64::NAN);
    let drift = baseline.compare(&baseline.count_numbers(&later[..]).unwrap(), Threshold::default()).unwrap();
    assert!(drift.terms.iter().any(|term| term.part == Part::Missing && term.term > 0.0));
}

#[test]
fn infinities_fall_into_the_outermost_bins() {
    let baseline = numbers(&ramp(1000)).unwrap();
    let counts = baseline.count_numbers(&[f64::NEG_INFINITY, f64::INFINITY, f64::INFINITY][..]).unwrap();
    assert_eq!((counts.bins[0], counts.bins[9], counts.missing), (1, 2, 0));
}

#[test]
fn ties_that_merge_bins_are_reported() {
    let baseline = numbers(&[0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 10.0]).unwrap();
    assert_eq!((baseline.wanted_bins, baseline.counts.bins.len()), (10, 5));
}

#[test]
fn booleans_have_a_bin_for_each_value() {
    let flags: Vec<bool> = (0..10).map(|i| i < 7).collect();
    let baseline =
        PsiBaseline::of_numbers(&Numbers::new(&flags), Binning::default(), ZeroBins::default()).unwrap();
    assert_eq!(baseline.counts.bins, [3, 7]);
}

#[test]
fn an_unseen_category_is_drift_even_where_all_others_stay() {
    let before = tally(&[Some("a"), Some("b")].repeat(200));
    let baseline = PsiBaseline::of_categories(&before, 10, ZeroBins::default()).unwrap();
    let mut after = before;
    after.add(vec![Some("new"); 40]);
    let drift = baseline.compare(&baseline.count_categories(&after).unwrap(), Threshold::default()).unwrap();
    assert!(drift.drifted);
    assert_eq!(drift.terms.last().unwrap().part, Part::Unseen);
}

#[test]
fn numbers_are_not_counted_into_categories() {
    let baseline = PsiBaseline::of_categories(&tally(&[Some("a")]), 10, ZeroBins::default()).unwrap();
    assert_eq!(baseline.count_numbers(&[1.0][..]), Err(Absent::WrongInput));
}

#[test]
fn baselines_survive_json() {
    let values: Vec<f64> = (0..997).map(|i| (f64::from(i) * 0.37).sin() / 3.0).collect();
    let binning = Binning::EqualWidth { method: EqualWidth::SquareRoot };
    let rare = tally(&[Some("a"), Some("a"), Some("b"), Some("b"), Some("c"), None]);
    for baseline in [
        numbers(&values).unwrap(),
        numbers(&[1.0]).unwrap(),
        numbers(&values).unwrap().of_unit(Unit::Moment),
        PsiBaseline::of_numbers(
            &values[..],
            binning,
            ZeroBins::Fill { proportion: Share::new(1e-4).unwrap() },
        )
        .unwrap(),
        PsiBaseline::of_categories(&rare, 2, ZeroBins::default()).unwrap(),
    ] {
        let text = serde_json::to_string(&baseline).unwrap();
        assert_eq!(serde_json::from_str::<PsiBaseline>(&text).unwrap(), baseline, "{text}");
    }
}

#[test]
fn a_newer_format_is_refused_by_name() {
    let text = serde_json::to_string(&numbers(&[1.0, 2.0]).unwrap()).unwrap();
    let newer = text.replace(r#""format":1"#, r#""format":9"#);
    let error = serde_json::from_str::<PsiBaseline>(&newer).unwrap_err().to_string();
    assert!(error.contains("written in format `9`"), "{error}");
}

#[test]
fn a_fixed_threshold_that_is_none_is_refused() {
    for threshold in ["-0.1", "0.0"] {
        let text = format!(r#"{{"fixed":{{"threshold":{threshold}}}}}"#);
        let error = serde_json::from_str::<Threshold>(&text).unwrap_err().to_string();
        assert!(error.contains("must be a number above 0"), "{error}");
    }
}

#[test]
fn two_bins_of_one_category_are_refused() {
    let two = tally(&[Some("a"), Some("b")]);
    let whole = PsiBaseline::of_categories(&two, 10, ZeroBins::default()).unwrap();
    let text = serde_json::to_string(&whole).unwrap().replace(r#""b""#, r#""a""#);
    let error = serde_json::from_str::<PsiBaseline>(&text).unwrap_err().to_string();
    assert!(error.contains("the category `a` has more than one bin"), "{error}");
}

#[test]
fn limits_out_of_order_are_refused() {
    let text = serde_json::to_string(&numbers(&ramp(100)).unwrap()).unwrap();
    let damaged = text.replacen(r#""upper_limit":9.9"#, r#""upper_limit":99.9"#, 1);
    assert_ne!(damaged, text);
    assert!(serde_json::from_str::<PsiBaseline>(&damaged).is_err());
}

fn refused(damaged: &str) -> String {
    serde_json::from_str::<PsiBaseline>(damaged).expect_err(damaged).to_string()
}

#[test]
fn a_limit_that_is_not_that_of_the_bin_before_is_refused() {
    let text = serde_json::to_string(&numbers(&ramp(100)).unwrap()).unwrap();
    let damaged = text.replacen(r#""lower_limit":9.9"#, r#""lower_limit":9.8"#, 1);
    assert_ne!(damaged, text);
    assert!(refused(&damaged).contains("bin `1` has neither a category nor a limit that fits its place"));
}

#[test]
fn counts_of_nothing_or_of_more_than_can_be_counted_are_refused() {
    let text = serde_json::to_string(&numbers(&[1.0, 2.0]).unwrap()).unwrap();
    let says = "the counts of the bins must add up to at least `1` and to no more than can be counted";
    let none = text.replace(r#""count":1"#, r#""count":0"#);
    let many = text.replace(r#""count":1"#, &format!(r#""count":{}"#, u64::MAX));
    for damaged in [none, many] {
        assert_ne!(damaged, text);
        assert!(refused(&damaged).contains(says), "{}", refused(&damaged));
    }
}

#[test]
fn a_policy_for_empty_bins_whose_number_is_no_share_is_refused() {
    for policy in
        [r#"{"fill":{"proportion":0.0}}"#, r#"{"add":{"epsilon":-1e-9}}"#, r#"{"floor":{"proportion":1.0}}"#]
    {
        let error = serde_json::from_str::<ZeroBins>(policy).unwrap_err().to_string();
        assert!(error.contains("it must be above 0 and below 1"), "{error}");
    }
}

#[test]
fn nothing_is_to_be_made_by_a_single_bin_and_what_was_is_read() {
    let manual = |num_bins| Binning::EqualWidth { method: EqualWidth::Manual { num_bins } };
    let quantile = |num_bins| Binning::Quantile { num_bins };
    for num_bins in [0, 1] {
        let says = format!("`num_bins` is `{num_bins}`: it must be 2 or more");
        for binning in [quantile(num_bins), manual(num_bins)] {
            let told = binning.check().unwrap_err().to_string();
            assert!(told.starts_with(&says), "{told}");
            let written = serde_json::to_string(&binning).unwrap();
            assert_eq!(serde_json::from_str::<Binning>(&written).unwrap(), binning);
        }
    }
    for binning in [quantile(2), manual(2), Binning::EqualWidth { method: EqualWidth::Doane }] {
        assert_eq!(binning.check(), Ok(()));
    }
}

#[test]
fn a_baseline_in_parts_is_that_of_the_whole_while_values_are_few() {
    let values: Vec<f64> =
        (0..5000).map(|i| f64::from(i * i % 997)).chain([f64::NAN, f64::INFINITY]).collect();
    let mut shape = Shape::default();
    values.chunks(700).for_each(|part| shape.add(part));
    for method in [EqualWidth::Doane, EqualWidth::Scott, EqualWidth::FreedmanDiaconis, EqualWidth::Auto] {
        let binning = Binning::EqualWidth { method };
        let whole = PsiBaseline::of_numbers(&values[..], binning, ZeroBins::default()).unwrap();
        assert_eq!(PsiBaseline::of_shape(&shape, binning, ZeroBins::default()).unwrap(), whole);
    }
    let parts = PsiBaseline::of_shape(&shape, Binning::default(), ZeroBins::default()).unwrap();
    assert_eq!(parts, numbers(&values).unwrap());
}

#[test]
fn a_long_baseline_in_parts_has_bins_of_nearly_equal_counts() {
    let values: Vec<f64> = (0..200_000).map(|i| f64::from(i % 50_021)).collect();
    let mut shape = Shape::default();
    values.chunks(9000).for_each(|part| shape.add(part));
    let baseline = PsiBaseline::of_shape(&shape, Binning::default(), ZeroBins::default()).unwrap();
    let exact = baseline.count_numbers(&values[..]).unwrap();
    let off = baseline.counts.bins.iter().zip(&exact.bins).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
    assert!(off < 1200, "{off}"); // twice the rank error of 0.3 %
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_baseline_of_any_parts_is_that_of_the_whole_within_the_error_of_the_sketch(seed in any::<u64>(), cuts in proptest::collection::vec(0_usize..60_000, 0..6)) {
        let mut draw = Draw(seed);
        let values: Vec<f64> = (0..60_000).map(|_| draw.normal()).collect();
        let mut cuts: Vec<usize> = cuts.into_iter().chain([0, values.len()]).collect();
        cuts.sort_unstable();
        let mut merged = Shape::default();
        for pair in cuts.windows(2) {
            let mut part = Shape::default();
            values[pair[0]..pair[1]].chunks(1000).for_each(|chunk| part.add(chunk));
            merged.merge(&part);
        }
        let baseline = PsiBaseline::of_shape(&merged, Binning::default(), ZeroBins::default()).unwrap();
        let exact = baseline.count_numbers(&values[..]).unwrap();
        // 99 of 100 ranks are within the error, and nearly all within twice as much.
        let most = 2.0 * Kll::RANK_ERROR * 60_000.0;
        let (mut said, mut counted) = (0, 0);
        for (bin, (found, exact)) in (1..).zip(baseline.counts.bins.iter().zip(&exact.bins)) {
            said += found;
            counted += exact;
            let off = (counted as f64 - f64::from(bin) * 6000.0).abs().max(said.abs_diff(counted) as f64);
            prop_assert!(off < most, "{} at the end of bin {}", off, bin);
        }
        prop_assert_eq!((said, counted, baseline.counts.bins.len()), (60_000, 60_000, 10));
    }
}
