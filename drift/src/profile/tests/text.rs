use crate::{
    Absent,
    column::Mask,
    profile::{Contingency, Statistic, TextState},
};
use proptest::prelude::*;

fn state(texts: &[Option<String>]) -> TextState {
    let mut state = TextState::default();
    state.add(texts.iter().map(Option::as_deref));
    state
}

#[test]
fn no_rows_have_no_lengths() {
    let stats = TextState::default().stats(10);
    assert_eq!(stats.char_stats.mean_length, Statistic::Absent { absent: Absent::NoRows });
}

#[test]
fn missing_texts_alone_have_no_lengths() {
    let stats = state(&[None, None]).stats(10);
    assert_eq!(stats.char_stats.median_length, Statistic::Absent { absent: Absent::AllMissing });
    assert_eq!((stats.rows, stats.missing, stats.words.len()), (2, 2, 0));
}

#[test]
fn an_empty_text_is_not_missing() {
    let stats = state(&[Some(String::new())]).stats(10);
    assert_eq!((stats.missing, stats.distinct.count, stats.char_stats.min_length.value()), (0, 1, Some(0.0)));
}

#[test]
fn lengths_are_counted_in_characters_not_bytes() {
    let stats = state(&[Some("Zürich".to_owned())]).stats(10);
    assert_eq!(stats.char_stats.max_length.value(), Some(6.0));
}

#[test]
fn the_median_of_long_texts_is_near() {
    let texts: Vec<_> = [10_000, 20_001, 70_000].map(|n| Some("x".repeat(n))).to_vec();
    let stats = state(&texts).stats(0);
    let median = stats.char_stats.median_length.value().unwrap();
    assert!((20_001.0 - median) / 20_001.0 < 1.0 / 2048.0, "{median}");
    assert_eq!(stats.char_stats.max_length.value(), Some(70_000.0));
}

#[test]
fn more_words_than_counters_are_counted_alike_twice() {
    let texts: Vec<_> = (0..30_000).map(|i| Some(format!("{} {}", i % 9000, i * 7 % 30_000))).collect();
    let of = || {
        let mut state = TextState::default();
        texts.chunks(8192).for_each(|part| state.add(part.iter().map(Option::as_deref)));
        state
    };
    assert_eq!(of(), of());
    assert!(of().stats(3).undercount > 0);
}

#[test]
fn words_without_an_end_are_kept_by_their_beginning() {
    let stats = state(&[Some("x".repeat(100_000))]).stats(1);
    assert_eq!(stats.words[0].word.len(), 128);
}

#[test]
fn codes_and_texts_are_described_alike() {
    let mut codes = TextState::default();
    codes.add_codes(
        &[0_i8, 1, -1, 1, 1, 2],
        &[Some("on time"), Some("late"), None],
        Some(Mask::Missing(&[false, false, false, false, true, false])),
    );
    let texts = ["on time", "late", "", "late"].map(|text| (!text.is_empty()).then(|| text.to_owned()));
    let mut plain = state(&texts);
    plain.add([None, None]);
    assert_eq!(codes.stats(5), plain.stats(5));
}

#[test]
fn counted_texts_are_described_as_those_that_come_one_by_one() {
    let texts = [Some("late"), Some("on time"), None, Some("late")];
    let mut tally = crate::column::Tally::default();
    tally.add(texts);
    let (mut counted, mut plain) = (TextState::default(), TextState::default());
    counted.add_tally(&tally);
    plain.add(texts);
    assert_eq!(counted.stats(5), plain.stats(5));
}

#[test]
fn a_state_survives_json() {
    let kept = state(&[Some("a b".to_owned()), None]);
    let text = serde_json::to_string(&kept).unwrap();
    assert_eq!(serde_json::from_str::<TextState>(&text).unwrap(), kept);
}

#[test]
fn counts_of_texts_that_do_not_fit_together_are_not_read() {
    let kept = serde_json::to_value(state(&[Some("ab".to_owned()), Some("abcd".to_owned()), None])).unwrap();
    let changed = [
        ("rows", serde_json::json!(4)),
        ("rows", serde_json::json!(u64::MAX)),
        ("missing", serde_json::json!(4)),
        ("characters", serde_json::json!(9)),
        ("greatest", serde_json::json!(2)),
        ("least", serde_json::json!(null)),
        ("lengths", serde_json::json!([[2, 1]])),
        ("lengths", serde_json::json!([[2, u64::MAX], [4, 3]])),
        ("words", serde_json::json!({"counts": {"ab": 1}, "total": 7, "undercount": 0})),
    ];
    for (field, value) in changed {
        let mut damaged = kept.clone();
        damaged[field] = value;
        assert!(serde_json::from_value::<TextState>(damaged).is_err(), "{field}");
    }
    assert!(serde_json::from_value::<TextState>(kept).is_ok());
}

#[test]
fn categories_that_go_together_at_random_hardly_hang_together() {
    let mut table = Contingency::default();
    let codes = |every: u16| (0..9000).map(|i| i / every % 3).collect::<Vec<u16>>();
    table.add(&codes(1), &codes(3));
    assert!(table.cramers_v().unwrap() < 1e-9);
}

#[test]
fn a_single_category_hangs_together_with_nothing() {
    let mut table = Contingency::default();
    table.add(&[0, 0], &[0, 1]);
    assert_eq!(table.cramers_v(), Err(Absent::Constant));
}

#[test]
fn rows_without_a_category_are_in_no_pair() {
    let mut table = Contingency::default();
    table.add(&[0, Contingency::MISSING], &[Contingency::MISSING, 0]);
    assert_eq!((table.pairs(), table.cramers_v()), (0, Err(Absent::NoRows)));
}

proptest! {
    #[test]
    fn a_profile_of_parts_is_that_of_the_whole(texts in proptest::collection::vec(proptest::option::of("[a-c ]{0,6}"), 0..60), cut in 0_usize..60) {
        let cut = cut.min(texts.len());
        let mut merged = state(&texts[..cut]);
        merged.merge(&state(&texts[cut..]));
        prop_assert_eq!(&merged, &state(&texts));
        prop_assert_eq!(merged.stats(9), state(&texts).stats(9));
    }

    #[test]
    fn tables_of_parts_merge_to_that_of_the_whole(rows in proptest::collection::vec((0_u16..40, prop_oneof![Just(Contingency::MISSING), 0_u16..3]), 0..400), cut in 0_usize..400) {
        let cut = cut.min(rows.len());
        let table = |part: &[(u16, u16)]| {
            let (first, second): (Vec<u16>, Vec<u16>) = part.iter().copied().unzip();
            let mut table = Contingency::default();
            table.add(&first, &second);
            table
        };
        let mut merged = table(&rows[..cut]);
        merged.merge(&table(&rows[cut..]));
        prop_assert_eq!(merged, table(&rows));
    }
}
