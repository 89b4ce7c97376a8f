//! Rows are counted where there are enough of them, feature after feature.

use uuid::Uuid;

use super::fit::{custom, psi};
use crate::store::RecordRow;

fn row(numbers: &[f64], text: Option<&str>) -> RecordRow {
    let texts = Some(vec![text.map(str::to_owned)]);
    RecordRow { profile: Uuid::nil(), uid: Uuid::nil(), numbers: numbers.to_vec(), texts }
}

#[test]
fn rows_are_counted_by_the_bins_of_each_feature() {
    let watched = psi();
    let one = row(&[f64::NAN, 50.0], Some("Paris"));
    let two = row(&[1.0, 99.0], None);
    let rows: Vec<_> = [&one, &two, &two].into_iter().cycle().take(300).collect();
    let counts = watched.counted(&rows).unwrap();
    let of = |name: &str| &counts[watched.layout.counts[name].clone()];
    // Bins, then other, unseen and missing.
    let (age, city, income) = (of("age"), of("city"), of("income"));
    assert_eq!((age[0], age[age.len() - 1]), (200, 100));
    assert_eq!(city[city.len() - 2..], [100, 200]);
    assert_eq!(income.iter().sum::<i64>(), 300);
    assert_eq!(income[..income.len() - 3].iter().filter(|count| **count > 0).count(), 2);
}

#[test]
fn few_rows_are_not_counted_and_neither_are_those_of_other_kinds() {
    let watched = psi();
    let one = row(&[1.0, 2.0], None);
    let len = watched.layout.counts.last().unwrap().1.end;
    let enough = (len * 10).div_ceil(3);
    assert!(watched.counted(&vec![&one; enough]).is_some());
    assert!(watched.counted(&vec![&one; enough - 1]).is_none());
    assert!(custom().counted(&vec![&one; enough]).is_none());
}
