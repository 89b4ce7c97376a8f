use crate::{
    Absent,
    psi::{Binning, Bins, Counts, EqualWidth, NumericBins, ZeroBins, psi},
    sample::Extent,
};
use proptest::prelude::*;

fn edges() -> impl Strategy<Value = Vec<f64>> {
    prop_oneof![
        proptest::collection::vec((-50..50).prop_map(f64::from), 0..60),
        (2_i32..90).prop_map(|n| (0..n).map(|i| f64::from(i) * 0.7 - 20.0).collect()),
        proptest::collection::vec(any::<f64>(), 0..40),
    ]
}

fn values() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![
        8 => -60.0..60.0,
        8 => (-60..60).prop_map(f64::from),
        1 => any::<f64>(),
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(f64::NEG_INFINITY),
    ];
    proptest::collection::vec(value, 0..3000)
}

proptest! {
    #[test]
    fn every_value_is_counted_where_it_lies(edges in edges(), values in values()) {
        let bins = NumericBins::new(edges);
        let mut expected = bins.zero();
        for v in &values {
            if v.is_nan() {
                expected.missing += 1;
            } else {
                expected.bins[bins.edges().iter().filter(|edge| *edge < v).count()] += 1;
            }
        }
        prop_assert_eq!(bins.count(&values[..]), expected);
    }

    #[test]
    fn single_values_fall_where_columns_of_them_are_counted(edges in edges(), values in values()) {
        let bins = Bins::Numeric(NumericBins::new(edges));
        let mut one_by_one = bins.zero();
        for value in &values {
            one_by_one.add(bins.part_of(*value), 1);
        }
        let Bins::Numeric(bins) = bins else { unreachable!() };
        prop_assert_eq!(one_by_one, bins.count(&values[..]));
    }

    #[test]
    fn counts_of_parts_merge_to_those_of_the_whole(values in values(), cut in 0_usize..3000) {
        let bins = NumericBins::new([-10.0, 0.0, 10.0]);
        let cut = cut.min(values.len());
        let mut merged = bins.count(&values[..cut]);
        merged.merge(&bins.count(&values[cut..])).unwrap();
        prop_assert_eq!(merged, bins.count(&values[..]));
    }

    #[test]
    fn the_index_is_symmetric_and_never_negative(a in proptest::collection::vec(0_u64..50, 6), b in proptest::collection::vec(0_u64..50, 6)) {
        prop_assume!(a.iter().sum::<u64>() > 0 && b.iter().sum::<u64>() > 0);
        let (a, b) = (Counts::of_bins(a), Counts::of_bins(b));
        let there = psi(&a, &b, ZeroBins::Jeffreys).unwrap().psi;
        let back = psi(&b, &a, ZeroBins::Jeffreys).unwrap().psi;
        prop_assert!(there >= 0.0 && (there - back).abs() < 1e-12, "{} {}", there, back);
    }

    #[test]
    fn equal_proportions_have_an_index_of_zero(a in proptest::collection::vec(1_u64..50, 1..9), times in 1_u64..9) {
        let b: Vec<u64> = a.iter().map(|n| n * times).collect();
        let index = psi(&Counts::of_bins(a), &Counts::of_bins(b), ZeroBins::Jeffreys).unwrap();
        prop_assert!(index.psi.abs() < 1e-12);
    }

    #[test]
    fn no_bin_of_a_quantile_baseline_is_empty_but_beside_a_value_that_all_quantiles_are(finite in proptest::collection::vec(prop_oneof![(-3..3).prop_map(f64::from), -3.0..3.0], 2..60), num_bins in 1_usize..30) {
        prop_assume!(finite.iter().any(|v| *v > finite[0]));
        let (bins, _) = Binning::Quantile { num_bins }.bins(&finite[..], &Extent::of(&finite[..])).unwrap();
        let counts = bins.count(&finite[..]).bins;
        let around_one = matches!(bins.edges(), [below, value] if below.next_up() >= *value);
        prop_assert!(around_one && counts[1] > 0 || counts.iter().all(|n| *n > 0), "{:?}", counts);
    }
}

#[test]
fn counts_of_other_bins_do_not_merge() {
    let mismatch = Absent::Mismatch { left: 2, right: 3 };
    assert_eq!(Counts::zero(2).merge(&Counts::zero(3)), Err(mismatch));
}

#[test]
fn far_outliers_do_not_ask_for_millions_of_bins() {
    let mut values: Vec<f64> = (0..1000).map(f64::from).collect();
    values.push(1e12);
    let extent = Extent::of(&values[..]);
    assert_eq!(EqualWidth::FreedmanDiaconis.bins(&values[..], &extent), Ok(10_000));
}

#[test]
fn no_more_quantiles_are_cut_than_bins_are_of_use() {
    let values: Vec<f64> = (0..40_000).map(f64::from).collect();
    let binning = Binning::Quantile { num_bins: 1_000_000 };
    let (bins, wanted) = binning.bins(&values[..], &Extent::of(&values[..])).unwrap();
    assert_eq!((bins.len(), wanted), (10_000, 10_000));
}

#[test]
fn moments_beyond_the_largest_number_leave_the_rule_of_sturges() {
    for scale in [1e130, 1e200] {
        let values: Vec<f64> = (0..1000).map(|i| f64::from(i * i) * scale).collect();
        let extent = Extent::of(&values[..]);
        for method in [EqualWidth::Doane, EqualWidth::Scott] {
            let found = method.bins(&values[..], &extent).unwrap();
            assert!(found >= 10, "{method:?} at {scale}: {found}");
        }
    }
}

#[test]
fn an_index_against_no_rows_is_absent() {
    let some = Counts::of_bins([1, 2]);
    assert_eq!(psi(&some, &Counts::zero(2), ZeroBins::Jeffreys), Err(Absent::NoRows));
}

#[test]
fn bins_empty_on_both_sides_take_no_part() {
    let index = psi(&Counts::of_bins([5, 0, 5]), &Counts::of_bins([5, 0, 5]), ZeroBins::Jeffreys).unwrap();
    assert_eq!(index.terms.len(), 2);
}
