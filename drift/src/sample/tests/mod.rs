use super::*;
use crate::Absent;
use proptest::prelude::*;

fn numbers() -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec(
        prop_oneof![
            8 => -1e6..1e6,
            4 => (-20..20).prop_map(f64::from),
            1 => Just(f64::NAN),
            1 => Just(f64::INFINITY),
            1 => Just(f64::NEG_INFINITY),
            1 => any::<f64>(),
        ],
        0..200,
    )
}

/// Enough values for the cells, out of few that repeat.
fn many() -> impl Strategy<Value = Vec<f64>> {
    (numbers(), any::<u64>()).prop_map(|(few, seed)| {
        let mut state = seed | 1;
        (0..20_000)
            .map(|i| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                match few.get(usize::try_from(state % 401).unwrap()) {
                    Some(v) => *v,
                    None => (state % 100_000) as f64 * 1e-3 + f64::from(i),
                }
            })
            .collect()
    })
}

fn finite(values: &[f64]) -> Vec<f64> {
    let mut finite: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    finite.sort_by(f64::total_cmp);
    finite
}

#[test]
fn nothing_has_no_range() {
    assert_eq!(Extent::default().range(), Err(Absent::NoRows));
}

#[test]
fn missing_values_alone_have_no_range() {
    assert_eq!(Extent::of(&[f64::NAN; 9][..]).range(), Err(Absent::AllMissing));
}

#[test]
fn infinities_alone_have_no_range() {
    assert_eq!(Extent::of(&[f64::INFINITY][..]).range(), Err(Absent::NoFinite));
}

#[test]
fn moments_whose_sums_are_beyond_all_numbers_equal_their_copy() {
    let part = Moments::of(&[1e308, -1e308][..]);
    let mut moments = part;
    moments.merge(&part);
    let copy = moments;
    assert!(moments.mean().unwrap().is_nan());
    assert_eq!(moments, copy);
    assert_ne!(moments, Moments::of(&[1.0; 4][..]));
}

#[test]
fn one_value_has_a_mean_and_no_deviation() {
    let moments = Moments::of(&[3.0][..]);
    assert_eq!(moments.mean(), Ok(3.0));
    assert_eq!(moments.standard_deviation(), Err(Absent::TooFew { needed: 2, found: 1 }));
}

#[test]
fn a_constant_has_no_skewness() {
    assert_eq!(Moments::of(&[3.0; 40][..]).skewness(), Err(Absent::Constant));
}

#[test]
fn variance_holds_far_from_zero() {
    let values: Vec<f64> = (0..10_000).map(|i| 1e9 + f64::from(i % 10)).collect();
    let variance = Moments::of(&values[..]).population_variance().unwrap();
    assert!((variance - 8.25).abs() < 1e-9, "{variance}");
}

#[test]
fn both_zeros_are_found_at_the_edges_of_the_cells() {
    let values: Vec<f64> = (0..20_000).map(|i| if i % 2 == 0 { 0.0 } else { -0.0 }).collect();
    let extent = Extent::of(&values[..]);
    assert_eq!(order_statistics(&values[..], &extent, &[0, 10_000, 19_999]).unwrap(), [0.0; 3]);
}

#[test]
fn quantiles_between_opposite_extremes_are_finite() {
    let values = [f64::MIN, f64::MAX];
    assert_eq!(quantiles(&values[..], &Extent::of(&values[..]), &[0.5]).unwrap(), [0.0]);
}

#[test]
fn an_extent_survives_json() {
    let extent = Extent::of(&[1.5, f64::NAN, -2.0][..]);
    let text = serde_json::to_string(&extent).unwrap();
    assert_eq!(serde_json::from_str::<Extent>(&text).unwrap(), extent);
}

proptest! {
    #[test]
    fn extents_of_parts_merge_to_that_of_the_whole(values in numbers(), cut in 0_usize..200) {
        let cut = cut.min(values.len());
        let mut merged = Extent::of(&values[..cut]);
        merged.merge(&Extent::of(&values[cut..]));
        prop_assert_eq!(merged, Extent::of(&values[..]));
        prop_assert_eq!(merged.finite(), finite(&values).len() as u64);
        prop_assert_eq!(merged.range().ok().map(|r| r.0), finite(&values).first().copied());
    }

    #[test]
    fn moments_of_parts_merge_to_those_of_the_whole(values in proptest::collection::vec(-1e3..1e3, 2..2000), cut in 0_usize..2000) {
        let cut = cut.min(values.len());
        let mut merged = Moments::of(&values[..cut]);
        merged.merge(&Moments::of(&values[cut..]));
        let whole = Moments::of(&values[..]);
        prop_assert_eq!(merged.count(), whole.count());
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1.0 + a.abs());
        prop_assert!(close(merged.mean().unwrap(), whole.mean().unwrap()));
        prop_assert!(close(merged.variance().unwrap(), whole.variance().unwrap()));
        prop_assert!(close(merged.skewness().unwrap(), whole.skewness().unwrap()));
    }

    #[test]
    fn selection_finds_what_sorting_finds(values in prop_oneof![numbers(), many()], ranks in proptest::collection::vec(0_u64..25_000, 1..12)) {
        let sorted = finite(&values);
        let found = order_statistics(&values[..], &Extent::of(&values[..]), &ranks);
        match sorted.len() {
            0 => prop_assert!(found.is_err()),
            n => {
                let expected: Vec<f64> = ranks.iter().map(|r| sorted[usize::try_from(*r).unwrap().min(n - 1)]).collect();
                prop_assert_eq!(found.unwrap(), expected);
            }
        }
    }

    #[test]
    fn samples_of_parts_merge_to_that_of_the_whole(values in numbers(), cut in 0_usize..200) {
        let cut = cut.min(values.len());
        let mut merged = Sorted::of(&values[..cut]);
        merged.merge(&Sorted::of(&values[cut..]));
        prop_assert_eq!(merged, Sorted::of(&values[..]));
    }
}
