//! Columns, or rows, that are divided among threads come out as on one.

use std::thread;

use scouter_drift::{
    column::Matrix,
    profile::{NumericState, NumericStats},
    psi::{Binning, Bins, Counts, PsiBaseline, ZeroBins},
    spc::{ChartPoints, Limits, Rules, SpcBaseline},
};

const ROWS: usize = 20_000;
const WIDTH: usize = 6;

fn rows() -> Vec<f64> {
    (0..ROWS * WIDTH).map(|i| ((i * 7919) % 10_007) as f64 / 7.0).collect()
}

#[test]
fn columns_on_threads_have_the_baselines_and_profiles_of_one_thread() {
    let columns = Matrix::new(&rows(), WIDTH).gather(0..WIDTH);
    let of = |column: &Vec<f64>| {
        let psi = PsiBaseline::of_numbers(&column[..], Binning::default(), ZeroBins::default()).unwrap();
        let spc = SpcBaseline::of_numbers(&column[..], None, Limits::default()).unwrap();
        (psi, spc, NumericStats::of(&column[..], 20))
    };
    let on_threads: Vec<_> = thread::scope(|scope| {
        let handles: Vec<_> = columns.iter().map(|column| scope.spawn(move || of(column))).collect();
        handles.into_iter().map(|handle| handle.join().unwrap()).collect()
    });
    assert_eq!(on_threads, columns.iter().map(of).collect::<Vec<_>>());
}

#[test]
fn rows_on_threads_have_the_counts_and_points_of_one_thread() {
    let rows = rows();
    let matrix = Matrix::new(&rows, WIDTH);
    let columns = matrix.gather(0..WIDTH);
    let psi = PsiBaseline::of_numbers(&columns[2][..], Binning::default(), ZeroBins::default()).unwrap();
    let spc = SpcBaseline::of_numbers(&columns[2][..], Some(25), Limits::default()).unwrap();
    let Bins::Numeric(bins) = &psi.bins else { panic!("{psi:?}") };
    let part = |rows| {
        let mut found = (bins.zero(), ChartPoints::new(25), NumericState::default());
        matrix.part(rows).each_chunk(&mut |column, chunk| {
            if column == 2 {
                bins.count_chunk(chunk, &mut found.0).unwrap();
                found.1.add(chunk);
                found.2.add(chunk);
            }
        });
        found
    };
    // Cut at a multiple of the subgroups' size.
    let (first, second) = thread::scope(|scope| {
        let later = scope.spawn(|| part(12_500..ROWS));
        (part(0..12_500), later.join().unwrap())
    });
    let (mut counts, mut points, mut state) = first;
    counts.merge(&second.0).unwrap();
    points.merge(&second.1).unwrap();
    state.merge(&second.2);
    let whole: Counts = psi.count_numbers(&columns[2][..]).unwrap();
    assert_eq!(counts, whole);
    let rules = Rules::default();
    assert_eq!(spc.judge(points, &rules).unwrap(), spc.chart(&columns[2][..], &rules).unwrap());
    assert_eq!(state.stats(20).distinct, NumericStats::of(&columns[2][..], 20).distinct);
}
