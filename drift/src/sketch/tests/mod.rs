use super::*;
use crate::tests::Draw;
use proptest::prelude::*;
use std::collections::HashMap;

const SHARES: [f64; 7] = [0.001, 0.01, 0.25, 0.5, 0.75, 0.99, 0.999];

/// How far the ranks of a sketch's quantiles are from what was asked for, at most.
fn worst(quantiles: &[f64], values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let off = SHARES.iter().zip(quantiles).map(|(share, v)| {
        let low = sorted.partition_point(|x| x < v) as f64 / n;
        let high = sorted.partition_point(|x| x <= v) as f64 / n;
        (low - share).max(share - high).max(0.0)
    });
    off.fold(0.0, f64::max)
}

fn sketch(values: &[f64]) -> QuantileState {
    let mut state = QuantileState::default();
    values.chunks(1000).for_each(|chunk| state.add(chunk));
    state
}

fn normals(count: usize) -> Vec<f64> {
    let mut draw = Draw(5);
    (0..count).map(|_| draw.normal().exp()).collect()
}

#[test]
fn a_sketch_in_order_is_within_its_error() {
    let values: Vec<f64> = (0..300_000).map(f64::from).collect();
    let worst = worst(&sketch(&values).quantiles(&SHARES).unwrap(), &values);
    assert!(worst < Kll::RANK_ERROR, "{worst}");
}

#[test]
fn a_sketch_of_repeated_values_is_within_its_error() {
    let values: Vec<f64> = (0..200_000).map(|i| f64::from(i % 17)).collect();
    let worst = worst(&sketch(&values).quantiles(&SHARES).unwrap(), &values);
    assert!(worst < Kll::RANK_ERROR, "{worst}");
}

#[test]
fn merged_sketches_are_within_the_error_of_one() {
    let values = normals(300_000);
    let mut merged = QuantileState::default();
    for part in values.chunks(20_000) {
        merged.merge(&sketch(part));
    }
    let worst = worst(&merged.quantiles(&SHARES).unwrap(), &values);
    assert!(worst < Kll::RANK_ERROR, "{worst}");
}

#[test]
fn a_sketch_holds_few_values() {
    let text = serde_json::to_string(&sketch(&normals(500_000))).unwrap();
    let held = text.matches(',').count();
    assert!(held < 5_000, "{held}");
}

#[test]
fn nothing_merges_with_nothing() {
    let mut none = Kll::default();
    none.merge(&Kll::default());
    assert_eq!((none.count(), none.quantile(0.5)), (0, None));
}

#[test]
fn the_same_data_give_the_same_sketch() {
    assert_eq!(sketch(&normals(100_000)), sketch(&normals(100_000)));
}

#[test]
fn weights_add_up_to_the_count() {
    let mut sketch = Kll::default();
    sketch.add(normals(123_457));
    let last = sketch.shares(&[0.0, f64::MAX]);
    assert_eq!((sketch.count(), last), (123_457, vec![0.0, 1.0]));
}

#[test]
fn a_sketch_survives_json_and_a_damaged_one_is_refused() {
    let state = sketch(&normals(50_000));
    let text = serde_json::to_string(&state).unwrap();
    assert_eq!(serde_json::from_str::<QuantileState>(&text).unwrap(), state);
    let damaged = text.replace("\"count\":50000", "\"count\":50001");
    let error = serde_json::from_str::<QuantileState>(&damaged).unwrap_err().to_string();
    assert!(error.contains("does not hold the `50001` values"), "{error}");
}

#[test]
fn a_column_that_counts_its_values_differently_is_refused() {
    let mut shape = Shape::default();
    shape.add(&[1.0, 2.0, f64::NAN]);
    let kept = serde_json::to_value(&shape).unwrap();
    assert_eq!(serde_json::from_value::<Shape>(kept.clone()).unwrap(), shape);
    let changed = [
        ("extent", "finite", serde_json::json!(3)),
        ("extent", "finite", serde_json::json!(0)),
        ("extent", "missing", serde_json::json!(u64::MAX)),
        ("extent", "min", serde_json::json!(7.0)),
        ("extent", "max", serde_json::json!(null)),
        ("moments", "count", serde_json::json!(1)),
        ("quantiles", "exact", serde_json::json!([1.0])),
    ];
    for (part, field, value) in changed {
        let mut damaged = kept.clone();
        damaged[part][field] = value;
        assert!(serde_json::from_value::<Shape>(damaged).is_err(), "{part} {field}");
    }
}

#[test]
fn texts_that_occur_more_often_one_by_one_than_in_all_are_refused() {
    let read = |text: &str| serde_json::from_str::<Frequent>(text);
    assert!(read(r#"{"counts": {"a": 2, "b": 1}, "total": 3, "undercount": 0}"#).is_ok());
    assert!(read(r#"{"counts": {"a": 2, "b": 2}, "total": 3, "undercount": 0}"#).is_err());
    assert!(read(r#"{"counts": {"a": 2, "b": 1}, "total": 3, "undercount": 4}"#).is_err());
}

#[test]
fn many_distinct_values_are_counted_within_three_standard_errors() {
    let mut distinct = Distinct::default();
    distinct.add_numbers(&normals(200_000));
    let found = distinct.count();
    let off = found.count as f64 / 200_000.0 - 1.0;
    assert!(found.standard_error > 0.0 && off.abs() < 3.0 * found.standard_error, "{off}");
}

#[test]
fn distinct_values_of_parts_merge_to_the_count_of_the_whole() {
    let values = normals(60_000);
    let count = |part: &[f64]| {
        let mut distinct = Distinct::default();
        distinct.add_numbers(part);
        distinct
    };
    let mut merged = count(&values[..5_000]);
    for part in values[5_000..].chunks(11_000) {
        merged.merge(&count(part));
    }
    assert_eq!(merged.count(), count(&values).count());
}

#[test]
fn distinct_values_survive_json() {
    for many in [10, 20_000] {
        let mut distinct = Distinct::default();
        distinct.add_numbers(&normals(many));
        distinct.add_text("and a text");
        let text = serde_json::to_string(&distinct).unwrap();
        assert_eq!(serde_json::from_str::<Distinct>(&text).unwrap().count(), distinct.count());
    }
}

#[test]
fn words_that_a_whole_counts_exactly_are_exact_in_two_halves() {
    let words: Vec<String> = (0..10_000).map(|at| format!("word {}", at % 5_000)).collect();
    let half = |part: &[String]| {
        let mut frequent = Frequent::default();
        for word in part {
            frequent.add(word, 1);
        }
        frequent
    };
    let [mut merged, other] = [&words[..5_000], &words[5_000..]].map(half);
    merged.merge(&other);
    assert_eq!((merged.kept(), merged.undercount(), merged.most(1)[0].1), (5_000, 0, 2));
}

#[test]
fn a_frequent_word_is_found_among_more_words_than_counters() {
    let mut words = Frequent::default();
    for i in 0..50_000 {
        words.add(&format!("word {i}"), 1);
        words.add("the", 1);
    }
    let (word, count) = words.most(1)[0];
    assert_eq!((word, words.total()), ("the", 100_000));
    assert!(count <= 50_000 && count + words.undercount() >= 50_000, "{count}");
    assert!(words.undercount() <= 100_000 / 4096, "{}", words.undercount());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn sketches_of_any_parts_are_within_the_error(seed in any::<u64>(), cuts in proptest::collection::vec(0_usize..60_000, 0..6)) {
        let mut draw = Draw(seed);
        let values: Vec<f64> = (0..60_000).map(|_| draw.normal()).collect();
        let mut cuts: Vec<usize> = cuts.into_iter().chain([0, values.len()]).collect();
        cuts.sort_unstable();
        let mut merged = QuantileState::default();
        for pair in cuts.windows(2) {
            merged.merge(&sketch(&values[pair[0]..pair[1]]));
        }
        // 99 of 100 ranks are within the error, and nearly all within twice as much.
        let worst = worst(&merged.quantiles(&SHARES).unwrap(), &values);
        prop_assert!(worst < 2.0 * Kll::RANK_ERROR, "{}", worst);
    }

    #[test]
    fn counts_of_many_words_of_parts_are_those_of_the_whole_within_what_they_may_lack(
        different in 4_000_usize..20_000,
        times in 1_u64..4,
        cuts in proptest::collection::vec(0_usize..60_000, 0..4),
    ) {
        // The first of the words is in every place that divides by five, and so in every part.
        let place = |at: usize| if at.is_multiple_of(5) { 0 } else { at * 7919 % different };
        let words: Vec<String> = (0..2 * different).map(|at| format!("word {}", place(at))).collect();
        let count = |part: &[String]| {
            let mut frequent = Frequent::default();
            for word in part {
                frequent.add(word, times);
            }
            frequent
        };
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(words.len())).chain([0, words.len()]).collect();
        cuts.sort_unstable();
        let mut merged = Frequent::default();
        for pair in cuts.windows(2) {
            merged.merge(&count(&words[pair[0]..pair[1]]));
        }
        let whole = count(&words);
        if whole.undercount() == 0 {
            prop_assert_eq!(&merged, &whole);
        }
        let mut exact: HashMap<&str, u64> = HashMap::new();
        for word in &words {
            *exact.entry(word).or_default() += times;
        }
        prop_assert!(merged.kept() <= 8192 && merged.total() == whole.total());
        prop_assert!(merged.undercount() <= merged.total() / 4096, "{}", merged.undercount());
        let found: HashMap<&str, u64> = merged.most(usize::MAX).into_iter().collect();
        for (word, all) in exact {
            let found = found.get(word).copied().unwrap_or_default();
            prop_assert!(found <= all && found + merged.undercount() >= all, "{}: {} of {}", word, found, all);
        }
    }
}

proptest! {
    #[test]
    fn exact_parts_merge_to_the_whole(values in proptest::collection::vec(prop_oneof![-9.0..9.0, Just(f64::NAN)], 0..300), cut in 0_usize..300) {
        let cut = cut.min(values.len());
        let mut merged = sketch(&values[..cut]);
        merged.merge(&sketch(&values[cut..]));
        prop_assert_eq!(merged.quantiles(&SHARES), sketch(&values).quantiles(&SHARES));
        prop_assert_eq!(merged.shares(&[-1.0, 2.0]), sketch(&values).shares(&[-1.0, 2.0]));
    }

    #[test]
    fn counts_of_words_of_parts_merge_to_those_of_the_whole(words in proptest::collection::vec("[a-c]{1,2}", 0..60), cut in 0_usize..60) {
        let cut = cut.min(words.len());
        let count = |part: &[String]| {
            let mut frequent = Frequent::default();
            for word in part {
                frequent.add(word, 1);
            }
            frequent
        };
        let mut merged = count(&words[..cut]);
        merged.merge(&count(&words[cut..]));
        prop_assert_eq!(merged, count(&words));
    }
}
