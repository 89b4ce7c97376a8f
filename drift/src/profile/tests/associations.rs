use crate::{
    Absent,
    profile::{Associations, Contingency, Correlations, Pairs, Ranks, Statistic, TooManyColumns},
};
use indexmap::IndexMap;
use proptest::prelude::*;

/// Columns of numbers and of texts, by their names.
#[derive(Debug, Clone, Default)]
struct Part {
    numbers: Vec<(String, Vec<f64>)>,
    texts: Vec<(String, Vec<Option<String>>)>,
}

impl Part {
    fn numbers(mut self, name: &str, values: impl IntoIterator<Item = f64>) -> Self {
        self.numbers.push((name.to_owned(), values.into_iter().collect()));
        self
    }

    fn texts(mut self, name: &str, values: impl IntoIterator<Item = Option<u32>>) -> Self {
        let values = values.into_iter().map(|text| text.map(|text| text.to_string()));
        self.texts.push((name.to_owned(), values.collect()));
        self
    }

    fn of_rows(rows: &[Row]) -> Self {
        Self::default()
            .numbers("x", rows.iter().map(|row| row.0))
            .numbers("y", rows.iter().map(|row| row.1))
            .numbers("z", rows.iter().map(|row| row.2))
            .texts("s", rows.iter().map(|row| row.3))
            .texts("t", rows.iter().map(|row| row.4))
    }

    fn state(&self) -> Associations {
        let mut state = Associations::default();
        let numbers = self.numbers.iter().map(|(name, _)| name.as_str());
        let (places, _) = state.open(numbers, self.texts.iter().map(|(name, _)| name.as_str())).unwrap();
        let columns: Vec<&[f64]> = self.numbers.iter().map(|(_, values)| &values[..]).collect();
        let mut sums = Correlations::new(columns.len());
        sums.add(&columns).unwrap();
        state.add_sums(&sums).unwrap();
        let lengths = self.numbers.iter().map(|(_, values)| values.len());
        let rows = lengths.chain(self.texts.iter().map(|(_, texts)| texts.len())).max().unwrap_or(0);
        state.add_values(rows, places.into_iter().zip(columns));
        let codes: Vec<Vec<u16>> = state
            .categories()
            .zip(&self.texts)
            .map(|(known, (_, texts))| {
                let mut code = |text: &String| known.code(text);
                texts.iter().map(|text| text.as_ref().map_or(Contingency::MISSING, &mut code)).collect()
            })
            .collect();
        for ((a, b), table) in state.tables() {
            if let Some(counts) = table {
                counts.add(&codes[a], &codes[b]);
            }
        }
        state.bound();
        state
    }
}

type Row = (f64, f64, f64, Option<u32>, Option<u32>);

fn told(state: &Associations) -> (Pairs, Pairs) {
    let ranks: Vec<_> = (0..state.numbers()).map(|at| state.ranks(at)).collect();
    let by_rank = Associations::pairs(state.numbers()).into_iter().map(|(a, b)| {
        let (a, b) = (ranks[a].clone()?, ranks[b].clone()?);
        a.correlation(&b)
    });
    let by_category = Associations::pairs(state.texts()).into_iter().map(|(a, b)| state.cramers_v(a, b));
    state.told(by_rank, by_category)
}

fn merged(parts: &[Part]) -> Associations {
    let mut whole = Associations::default();
    for part in parts {
        // As it comes back from a file.
        let text = serde_json::to_string(&part.state()).unwrap();
        whole.merge(&serde_json::from_str(&text).unwrap()).unwrap();
    }
    whole
}

fn near(found: &Pairs, expected: &Pairs) -> bool {
    let pairs = |of: &Pairs| of.values().map(IndexMap::len).sum::<usize>();
    pairs(found) == pairs(expected)
        && expected.iter().all(|(name, others)| {
            others.iter().all(|(other, expected)| match (found[name][other], *expected) {
                (Statistic::Value(found), Statistic::Value(expected)) => (found - expected).abs() < 1e-9,
                (found, expected) => found == expected,
            })
        })
}

/// What is kept as JSON, but for the sums.
fn without_sums(state: &Associations) -> serde_json::Value {
    let mut kept = serde_json::to_value(state).unwrap();
    kept.as_object_mut().unwrap().remove("linear");
    kept
}

#[test]
fn ranks_of_more_rows_than_are_kept_in_all_parts_together_say_so() {
    let rows = Ranks::MOST_ROWS / 2;
    let half =
        |rows: usize| Part::default().numbers("x", vec![1.0; rows]).numbers("y", vec![2.0; rows]).state();
    let mut whole = half(rows);
    whole.merge(&half(rows)).unwrap();
    assert!(whole.ranks(0).is_ok());
    whole.merge(&half(1)).unwrap();
    let most = Ranks::MOST_ROWS as u64;
    assert_eq!(whole.ranks(0), Err(Absent::TooManyRanks { most }));
    assert!(serde_json::to_string(&whole).unwrap().len() < 1000);
}

#[test]
fn categories_that_are_too_many_in_all_parts_together_say_so() {
    let part =
        |from: u32| Part::default().texts("s", (from..from + 600).map(Some)).texts("t", [Some(1); 600]);
    assert_eq!(part(0).state().cramers_v(0, 1), Err(Absent::Constant));
    assert_eq!(merged(&[part(0), part(600)]).cramers_v(0, 1), Err(Absent::TooMany { most: 1000 }));
}

/// Texts that begin alike and are 20,000 bytes long, and others that go with them.
fn long(ends: &[u32]) -> Part {
    let text = |end: &u32| Some(format!("{}{end}", "ü".repeat(10_000)));
    let part = Part::default().texts("t", ends.iter().copied().map(Some));
    Part {
        texts: [("s".to_owned(), ends.iter().map(text).collect())].into_iter().chain(part.texts).collect(),
        ..part
    }
}

#[test]
fn long_categories_are_kept_short_and_told_apart() {
    let state = long(&[1, 2, 1, 3]).state();
    assert!((state.cramers_v(0, 1).unwrap() - 1.0).abs() < 1e-12);
    assert!(serde_json::to_string(&state).unwrap().len() < 1000);
    let merged = merged(&[long(&[1, 2]), long(&[1, 3])]);
    assert_eq!(without_sums(&merged), without_sums(&state));
}

#[test]
fn long_categories_that_were_kept_as_they_are_go_with_those_that_are_kept_short() {
    let part = long(&[1, 2]);
    let mut kept = serde_json::to_value(part.state()).unwrap();
    kept["texts"][0][1] = serde_json::json!(part.texts[0].1);
    assert_eq!(serde_json::from_value::<Associations>(kept).unwrap(), part.state());
}

#[test]
fn pairs_of_categories_that_are_too_many_in_all_parts_together_say_so() {
    let part = |from: u32| {
        let rows = from..from + 5000;
        let part = Part::default().texts("s", rows.clone().map(|row| Some(row % 100)));
        let part = part.texts("t", rows.map(|row| Some(row / 100)));
        (0..58).fold(part, |part, at| part.texts(&format!("same {at}"), std::iter::repeat_n(Some(1), 5000)))
    };
    // 2^24 pairs are counted, shared by the 1,770 pairs of columns.
    assert!(part(0).state().cramers_v(0, 1).is_ok());
    assert_eq!(merged(&[part(0), part(5000)]).cramers_v(0, 1), Err(Absent::TooManyPairs { most: 9478 }));
}

#[test]
fn more_columns_than_are_compared_in_all_parts_together_are_refused() {
    let part = |kind: &str| (0..600).fold(Part::default(), |part, at| part.texts(&format!("{kind}{at}"), []));
    let mut left = part("a").state();
    assert_eq!(left.merge(&part("b").state()), Err(TooManyColumns));
}

#[test]
fn a_column_without_a_text_in_one_part_and_with_numbers_in_another_is_one_of_numbers() {
    let empty =
        Part::default().numbers("x", [1.0, 2.0]).texts("y", [None, None]).texts("s", [Some(1), Some(2)]);
    let full = Part::default().numbers("x", [3.0, 4.0]).numbers("y", [1.0, 0.0]);
    let (linear, ranked) = told(&merged(&[empty, full]));
    assert!((linear["x"]["y"].value().unwrap() + 1.0).abs() < 1e-12);
    assert_eq!((ranked["y"].len(), linear.get("s")), (1, None));
}

#[test]
fn sums_beyond_the_largest_number_survive_json() {
    let part = Part::default().numbers("x", [1e200, -1e200, 2e200]).numbers("y", [1.0, 2.0, 3.0]);
    let overflow = Statistic::Absent { absent: Absent::Overflow };
    assert_eq!(told(&merged(&[part])).0["x"]["y"], overflow);
}

#[test]
fn what_does_not_fit_together_is_not_read() {
    let of_rows = |rows: usize| {
        let rows = vec![(1.0, 2.0, 3.0, Some(1), Some(2)); rows];
        serde_json::to_value(Part::of_rows(&rows).state()).unwrap()
    };
    let (kept, more) = (of_rows(1), of_rows(2));
    let changed = [
        ("rows", serde_json::json!(2)),
        ("numbers", serde_json::json!(["x", "y"])),
        ("values", serde_json::json!([])),
        ("texts", serde_json::json!([["s", []], ["t", []]])),
        ("tables", serde_json::json!([])),
        ("tables", serde_json::json!(["AAAA"])),
        ("linear", more["linear"].clone()),
        ("tables", more["tables"].clone()),
    ];
    for (field, value) in changed {
        let mut damaged = kept.clone();
        damaged[field] = value;
        assert!(serde_json::from_value::<Associations>(damaged).is_err(), "{field}");
    }
    assert!(serde_json::from_value::<Associations>(kept).is_ok());
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![8 => (-20_i32..20).prop_map(|v| f64::from(v) / 4.0), 1 => Just(f64::NAN), 1 => Just(f64::INFINITY)]
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let text = || proptest::option::of(0_u32..5);
    proptest::collection::vec((number(), number(), number(), text(), text()), 0..200)
}

/// Where rows are cut, from the first to behind the last.
fn cuts(cuts: Vec<usize>, rows: usize) -> Vec<usize> {
    let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(rows)).chain([0, rows]).collect();
    cuts.sort_unstable();
    cuts
}

proptest! {
    #[test]
    fn correlations_of_any_parts_are_those_of_the_whole(rows in rows(), at in proptest::collection::vec(0_usize..200, 0..5)) {
        let cuts = cuts(at, rows.len());
        let parts: Vec<Part> = cuts.windows(2).map(|cut| Part::of_rows(&rows[cut[0]..cut[1]])).collect();
        let (merged, whole) = (merged(&parts), Part::of_rows(&rows).state());
        prop_assert_eq!(without_sums(&merged), without_sums(&whole));
        let ((linear, ranked), (whole_linear, whole_ranked)) = (told(&merged), told(&whole));
        prop_assert_eq!(ranked, whole_ranked);
        prop_assert!(near(&linear, &whole_linear), "{linear:?} {whole_linear:?}");
    }

    /// The second of every three parts has its columns in another order, and the third lacks some: they have no value in its rows.
    #[test]
    fn columns_of_parts_go_by_their_names(mut rows in rows(), at in proptest::collection::vec(0_usize..200, 0..5)) {
        let cuts = cuts(at, rows.len());
        let mut parts = Vec::new();
        for (number, cut) in cuts.windows(2).enumerate() {
            let rows = &mut rows[cut[0]..cut[1]];
            if number % 3 == 2 {
                for row in &mut *rows {
                    (row.1, row.3) = (f64::NAN, None);
                }
            }
            let mut part = Part::of_rows(rows);
            match number % 3 {
                1 => {
                    part.numbers.reverse();
                    part.texts.reverse();
                }
                2 => {
                    part.numbers.remove(1);
                    part.texts.remove(0);
                }
                _ => {}
            }
            parts.push(part);
        }
        let whole = told(&Part::of_rows(&rows).state());
        for parts in [parts.clone(), parts.into_iter().rev().collect()] {
            let (linear, ranked) = told(&merged(&parts));
            prop_assert!(near(&linear, &whole.0), "{linear:?} {:?}", whole.0);
            prop_assert!(near(&ranked, &whole.1), "{ranked:?} {:?}", whole.1);
        }
    }
}

#[test]
fn a_state_with_missing_numbers_equals_its_copy() {
    let mut part = Associations::default();
    part.open(["x"], []).unwrap();
    part.add_values(2, [(0, &[1.0, f64::NAN][..])]);
    assert_eq!(part, part.clone());
}
