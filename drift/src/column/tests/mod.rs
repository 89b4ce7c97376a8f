use super::*;
use proptest::prelude::*;

fn read(column: &(impl Column + ?Sized)) -> Vec<f64> {
    let mut all = Vec::new();
    column.each_chunk(&mut |chunk| all.extend_from_slice(chunk));
    all
}

#[test]
fn contiguous_doubles_are_not_copied() {
    let values = vec![1.0; 5000];
    Numbers::new(&values).each_chunk(&mut |chunk| assert_eq!(chunk.as_ptr_range(), values.as_ptr_range()));
}

#[test]
fn arrow_masks_count_bits_from_their_offset() {
    let column = Numbers::new(&[1_i64, 2, 3]).masked(Mask::Valid { bits: &[0b0010_1000], offset: 3 });
    let read = read(&column);
    assert_eq!((read[0], read[2]), (1.0, 3.0));
    assert!(read[1].is_nan());
}

#[test]
fn pandas_masks_mark_what_is_missing_beyond_the_first_chunk() {
    let mut flags = vec![false; 3000];
    flags[2999] = true;
    let values = vec![7_u8; 3000];
    let read = read(&Numbers::new(&values).masked(Mask::Missing(&flags)));
    assert_eq!(read.iter().filter(|v| v.is_nan()).count(), 1);
    assert!(read[2999].is_nan());
}

#[test]
fn pieces_are_read_in_order() {
    let pieces = [Numbers::new(&[1_u16, 2]), Numbers::new(&[]), Numbers::new(&[3])];
    assert_eq!(read(&pieces[..]), [1.0, 2.0, 3.0]);
    assert_eq!(pieces[..].rows(), 3);
}

#[test]
fn the_largest_unsigned_number_is_rounded_not_wrapped() {
    assert_eq!(read(&Numbers::new(&[u64::MAX])), [18_446_744_073_709_551_615.0]);
}

#[test]
fn codes_and_categories_count_alike() {
    let mut codes = Tally::default();
    codes.add_codes(&[0_i8, 1, -1, 0, 9, 2], &[Some("a"), Some("b"), None], None);
    let mut categories = Tally::default();
    categories.add([Some("a"), Some("b"), None, Some("a"), None, None]);
    assert_eq!(codes, categories);
}

#[test]
fn masked_codes_are_missing() {
    let mut tally = Tally::default();
    tally.add_codes(&[0_u32, 0], &[Some("a")], Some(Mask::Missing(&[false, true])));
    assert_eq!((tally.count("a"), tally.missing()), (1, 1));
}

#[test]
fn a_tally_survives_json() {
    let mut tally = Tally::default();
    tally.add([Some("b"), Some("a"), None]);
    let text = serde_json::to_string(&tally).unwrap();
    assert_eq!(text, r#"{"counts":{"a":1,"b":1},"missing":1}"#);
    assert_eq!(serde_json::from_str::<Tally>(&text).unwrap(), tally);
}

#[test]
fn a_tally_of_more_rows_than_can_be_counted_is_not_read() {
    let read =
        |a: u64| serde_json::from_str::<Tally>(&format!(r#"{{"counts": {{"a": {a}}}, "missing": 1}}"#));
    assert!(read(MOST_ROWS - 1).is_ok());
    assert!(read(MOST_ROWS).is_err() && read(u64::MAX).is_err());
}

proptest! {
    #[test]
    fn strides_read_what_indexing_reads(values in proptest::collection::vec(any::<f32>(), 0..5000), stride in 1_usize..9) {
        let expected: Vec<u64> = values.iter().step_by(stride).map(|v| f64::from(*v).to_bits()).collect();
        let column = Numbers::strided(&values, stride);
        prop_assert_eq!(column.rows(), expected.len());
        prop_assert_eq!(read(&column).iter().map(|v| v.to_bits()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn tallies_of_parts_merge_to_that_of_the_whole(categories in proptest::collection::vec(proptest::option::of("[a-d]{0,2}"), 0..50), cut in 0_usize..50) {
        let cut = cut.min(categories.len());
        let tally = |part: &[Option<String>]| {
            let mut tally = Tally::default();
            tally.add(part.iter().map(Option::as_deref));
            tally
        };
        let mut merged = tally(&categories[..cut]);
        merged.merge(&tally(&categories[cut..]));
        prop_assert_eq!(merged, tally(&categories));
    }
}

#[test]
fn lengths_of_codes_are_those_of_their_texts() {
    let flags = [false, false, false, true, false, false];
    let categories = [Some("naïve"), Some(""), None];
    let mask = Some(Mask::Missing(&flags[..]));
    let codes = TextLength::Characters.of_codes(&[1_i8, 0, -1, 0, 7, 2], &categories, mask);
    assert_eq!(codes[..2], [0.0, 5.0]);
    assert!(codes[2..].iter().all(|length| length.is_nan()));
}

proptest! {
    #[test]
    fn columns_of_a_matrix_are_those_read_one_by_one(width in 1_usize..40, rows in 0_usize..200, extra in 0_usize..40) {
        let values: Vec<f64> = (0..rows * width + extra.min(width - 1)).map(|i| i as f64).collect();
        let matrix = Matrix::new(&values, width);
        let mut columns = vec![Vec::new(); width];
        matrix.each_chunk(&mut |column, chunk| columns[column].extend_from_slice(chunk));
        for (i, column) in columns.iter().enumerate() {
            let expected: Vec<f64> = (0..rows).map(|row| values[row * width + i]).collect();
            prop_assert_eq!(column, &expected);
        }
        prop_assert_eq!(&matrix.gather(width / 3..width)[..], &columns[width / 3..]);
        let parts = [matrix.part(0..rows / 3), matrix.part(rows / 3..rows + 7)];
        prop_assert_eq!(parts[0].rows() + parts[1].rows(), rows);
    }
}

#[test]
fn any_columns_of_more_rows_than_are_read_at_once_are_those_read_one_by_one() {
    let (width, rows) = (14, 3301);
    let values: Vec<f64> = (0..rows * width).map(|i| i as f64).collect();
    let matrix = Matrix::new(&values, width);
    let wanted = [13, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 0];
    let mut columns = vec![Vec::new(); wanted.len()];
    matrix.each_chunk_of(&wanted, &mut |at, chunk| columns[at].extend_from_slice(chunk));
    for (column, found) in wanted.into_iter().zip(columns) {
        let rows = 0..if column < width { rows } else { 0 };
        assert_eq!(found, rows.map(|row| values[row * width + column]).collect::<Vec<f64>>());
    }
}

#[test]
fn rows_of_very_many_columns_are_read_a_few_at_a_time() {
    let values: Vec<u16> = (0..70 * 900).collect();
    let mut columns = vec![Vec::new(); 900];
    let mut longest = 0;
    Matrix::new(&values, 900).each_chunk(&mut |column, chunk| {
        longest = longest.max(chunk.len());
        columns[column].extend_from_slice(chunk);
    });
    assert!(longest < 70);
    let expected: Vec<f64> = (0..70).map(|row| f64::from(row * 900 + 899)).collect();
    assert_eq!(columns[899], expected);
}

#[test]
fn rows_of_doubles_are_seen_as_they_lie_and_others_are_not() {
    let values = [1.0, 2.0, 3.0, 4.0];
    let doubles = Matrix::new(&values, 2);
    assert_eq!(
        doubles.as_doubles().map(|rows| rows.gather(0..2)),
        Some(vec![vec![1.0, 3.0], vec![2.0, 4.0]])
    );
    assert!(Matrix::new(&[1_i64, 2], 2).as_doubles().is_none());
}

#[test]
fn a_matrix_without_columns_has_no_rows() {
    let none = Matrix::new(&[1.0, 2.0], 0);
    assert_eq!((none.rows(), none.gather(0..3).len()), (0, 0));
    none.each_chunk(&mut |_, _| panic!("there is nothing to visit"));
}

#[test]
fn whole_numbers_beyond_the_exact_ones_are_told_apart() {
    let ids = [9_007_199_254_740_992_i64, 0, 9_007_199_254_740_993, -5];
    let mut seen = Vec::new();
    let masked = Numbers::new(&ids).masked(Mask::Missing(&[false, true]));
    assert!(masked.each_whole(&mut |v| seen.push(v)));
    assert_eq!(seen, [Some(9_007_199_254_740_992), None, Some(9_007_199_254_740_993), Some(-5)]);
    assert!(!Numbers::new(&[1.5_f64, 2.5]).each_whole(&mut |_| ()));
}

#[track_caller]
fn is_read_from_the_middle(column: &(impl Column + ?Sized)) {
    let whole = read(column);
    let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    for first in 0..whole.len() {
        for end in first..=whole.len() {
            let mut part = vec![-1.0; end - first];
            column.read(first, &mut part);
            assert_eq!(bits(&part), bits(&whole[first..end]));
        }
    }
}

#[test]
fn rows_are_read_from_the_middle_as_from_the_beginning() {
    let rows = [1_i32, 10, 2, 20, 3, 30, 4, 40, 5, 50];
    let valid = [0b1_1011_u8];
    is_read_from_the_middle(&Numbers::strided(&rows[1..], 2).masked(Mask::Valid { bits: &valid, offset: 0 }));
    is_read_from_the_middle(&[0.5, f64::NAN, 2.5][..]);
    let pieces = [Numbers::new(&rows[..3]), Numbers::new(&rows[3..3]), Numbers::new(&rows[3..])];
    is_read_from_the_middle(&pieces[..]);
    is_read_from_the_middle(&Passing(&pieces[..]));
}

/// A column that has no way to begin in the middle.
struct Passing<'a, C: ?Sized>(&'a C);

impl<C: Column + ?Sized> Column for Passing<'_, C> {
    fn rows(&self) -> usize {
        self.0.rows()
    }

    fn each_chunk(&self, visit: &mut dyn FnMut(&[f64])) {
        self.0.each_chunk(visit);
    }
}
