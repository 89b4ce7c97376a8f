use std::convert::Infallible;
use std::thread;

use crate::{
    column::Matrix,
    spc::{ChartPoints, PartWork, SideBySide, Subgroups},
    tests::Draw,
};
use proptest::prelude::*;

const WIDTH: usize = 7;
const SIZE: usize = 9;

/// Numbers whose sums are rounded.
fn numbers(count: usize, seed: u64) -> Vec<f64> {
    let mut draw = Draw(seed);
    (0..count).map(|_| 100.0 * draw.uniform() - 30.0).collect()
}

fn column(rows: &[f64], width: usize, at: usize) -> Vec<f64> {
    rows.iter().skip(at).step_by(width).copied().collect()
}

fn all(rows: &[f64], width: usize, size: usize) -> SideBySide<'_> {
    SideBySide::in_parts(Matrix::new(rows, width), (0..width).collect(), size, 1).unwrap()
}

fn subgroups(beside: &SideBySide<'_>) -> Vec<Option<Subgroups>> {
    beside.subgroups(|parts, work| Ok::<_, Infallible>((0..parts).map(work).collect())).unwrap()
}

fn points(beside: &SideBySide<'_>) -> Vec<Option<ChartPoints>> {
    beside.points(|parts, work| Ok::<_, Infallible>((0..parts).map(work).collect())).unwrap()
}

fn points_of(column: &[f64], size: usize) -> ChartPoints {
    let mut points = ChartPoints::new(size);
    points.add(column);
    points
}

/// Which columns are given up; the others must be those that are taken one by one.
#[track_caller]
fn given_up(rows: &[f64]) -> Vec<usize> {
    let states = subgroups(&all(rows, WIDTH, SIZE));
    for (at, state) in states.iter().enumerate() {
        let of_column = Subgroups::of(&column(rows, WIDTH, at)[..], SIZE);
        assert!(state.as_ref().is_none_or(|state| *state == of_column), "column {at}");
    }
    (0..WIDTH).filter(|at| states[*at].is_none()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn columns_side_by_side_have_the_states_of_columns_one_by_one(size in 2_usize..31, width in 1_usize..41, groups in 0_usize..200, more in 0_usize..31, seed in any::<u64>()) {
        let rows = numbers((groups * size + more) * width, seed);
        for (at, state) in subgroups(&all(&rows, width, size)).into_iter().enumerate() {
            prop_assert_eq!(state, Some(Subgroups::of(&column(&rows, width, at)[..], size)));
        }
    }

    #[test]
    fn columns_side_by_side_have_the_points_of_columns_one_by_one(size in 2_usize..31, width in 1_usize..41, groups in 0_usize..200, more in 0_usize..31, seed in any::<u64>()) {
        let rows = numbers((groups * size + more) * width, seed);
        for (at, found) in points(&all(&rows, width, size)).into_iter().enumerate() {
            prop_assert_eq!(found, Some(points_of(&column(&rows, width, at), size)));
        }
    }
}

#[test]
fn rows_of_many_parts_have_the_states_of_their_columns() {
    let rows = numbers(200_003 * 3, 8);
    let beside = SideBySide::new(Matrix::new(&rows, 3), vec![0, 1, 2], 25).unwrap();
    assert!(beside.parts() > 3);
    for (at, state) in subgroups(&beside).into_iter().enumerate() {
        assert_eq!(state, Some(Subgroups::of(&column(&rows, 3, at)[..], 25)));
    }
}

#[test]
fn parts_on_threads_have_the_points_of_one_thread() {
    let rows = numbers(5000 * WIDTH, 2);
    let beside = all(&rows, WIDTH, SIZE);
    let on_threads = |parts: usize, work: &PartWork<'_>| {
        thread::scope(|scope| {
            let threads: Vec<_> = (0..parts).map(|part| scope.spawn(move || work(part))).collect();
            Ok::<_, Infallible>(threads.into_iter().map(|thread| thread.join().unwrap()).collect())
        })
    };
    assert_eq!(beside.points(on_threads).unwrap(), points(&all(&rows, WIDTH, SIZE)));
}

#[test]
fn wanted_columns_come_in_the_order_in_which_they_are_asked_for() {
    let rows = numbers(300 * 40, 3);
    let wanted = vec![39, 3, 4, 17, 0, 16];
    let beside = SideBySide::new(Matrix::new(&rows, 40), wanted.clone(), SIZE).unwrap();
    let expected = wanted.into_iter().map(|at| Some(points_of(&column(&rows, 40, at), SIZE)));
    assert_eq!(points(&beside), expected.collect::<Vec<_>>());
}

#[test]
fn a_column_that_is_not_there_has_no_state() {
    let rows = numbers(300 * WIDTH, 4);
    let beside = SideBySide::new(Matrix::new(&rows, WIDTH), vec![WIDTH, 1], SIZE).unwrap();
    assert_eq!(subgroups(&beside).iter().map(Option::is_some).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_column_with_a_value_that_is_not_finite_is_given_up_and_no_other() {
    let whole = 700 * SIZE;
    for (row, value) in [(0, f64::NAN), (whole / 2, f64::INFINITY), (whole - 1, f64::NEG_INFINITY)] {
        for at in [0, 3, WIDTH - 1] {
            let mut rows = numbers((whole + 2) * WIDTH, 5);
            rows[row * WIDTH + at] = value;
            assert_eq!(given_up(&rows), [at], "{value} in row {row}");
        }
    }
}

#[test]
fn a_column_whose_squares_are_too_large_is_given_up() {
    let mut rows = numbers(100 * SIZE * WIDTH, 6);
    rows[40 * WIDTH + 2] = 1e200;
    assert_eq!(given_up(&rows), [2]);
}

#[test]
fn columns_without_a_value_are_given_up() {
    assert_eq!(given_up(&vec![f64::NAN; 100 * SIZE * WIDTH]), (0..WIDTH).collect::<Vec<_>>());
}

#[test]
fn points_of_a_column_that_is_given_up_are_not_there() {
    let mut rows = numbers(200 * SIZE * WIDTH, 7);
    rows[90 * SIZE * WIDTH] = f64::NAN;
    let found = points(&all(&rows, WIDTH, SIZE));
    assert_eq!(found.iter().map(Option::is_none).collect::<Vec<_>>()[..2], [true, false]);
}

#[test]
fn what_is_missing_after_the_last_whole_subgroup_is_left_out() {
    let mut rows = numbers((100 * SIZE + 2) * WIDTH, 9);
    rows[100 * SIZE * WIDTH + 4] = f64::NAN;
    assert_eq!(given_up(&rows), Vec::<usize>::new());
    let states = subgroups(&all(&rows, WIDTH, SIZE));
    let last: Vec<_> = states.iter().flatten().map(|state| (state.left_out(), state.unused())).collect();
    assert_eq!((last[3], last[4]), ((0, 2), (1, 1)));
}

#[test]
fn single_values_and_very_large_subgroups_are_not_taken_side_by_side() {
    let rows = numbers(600 * WIDTH, 10);
    let is_taken = |size| SideBySide::new(Matrix::new(&rows, WIDTH), vec![0], size).is_some();
    assert_eq!([0, 1, 2, 256, 257, usize::MAX].map(is_taken), [false, false, true, true, false, false]);
}
