//! What profiles and drift of 1,000,000 × 20 `f64` cost, beside one read of the same memory. One thread; columns are independent, so
//! a caller with more threads divides these times by them.

use std::{convert::Infallible, hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use scouter_drift::{
    column::{Column, Matrix, Numbers},
    profile::{NumericState, NumericStats},
    psi::{Binning, Bins, Counts, EqualWidth, PsiBaseline, Threshold, ZeroBins},
    spc::{Limits, Rules, SideBySide, SpcBaseline, Subgroups},
};

const ROWS: usize = 1_000_000;
const COLUMNS: usize = 20;

/// Sums of four uniform numbers, which look normal, from a linear congruential generator.
fn columns() -> Vec<Vec<f64>> {
    let mut state = 1_u64;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..COLUMNS)
        .map(|_| (0..ROWS).map(|_| uniform() + uniform() + uniform() + uniform() - 2.0).collect())
        .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "narrower on purpose")]
fn singles(column: &[f64]) -> Vec<f32> {
    column.iter().map(|v| *v as f32).collect()
}

fn benches(c: &mut Criterion) {
    let columns = columns();
    let rows: Vec<f64> = (0..ROWS * COLUMNS).map(|i| columns[i % COLUMNS][i / COLUMNS]).collect();
    let matrix = Matrix::new(&rows, COLUMNS);
    let singles: Vec<Vec<f32>> = columns.iter().map(|column| singles(column)).collect();
    let baseline = |column: &[f64]| PsiBaseline::of_numbers(column, Binning::default(), ZeroBins::default());
    let psi: Vec<_> = columns.iter().filter_map(|column| baseline(column).ok()).collect();
    let spc: Vec<_> = columns
        .iter()
        .filter_map(|column| SpcBaseline::new(&Subgroups::of(&column[..], 25), Limits::default()).ok())
        .collect();
    assert_eq!((psi.len(), spc.len()), (COLUMNS, COLUMNS));

    let mut group = c.benchmark_group("1,000,000 × 20");
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    group.bench_function("read", |b| {
        b.iter(|| {
            columns.iter().map(|column| column.iter().map(|v| v.to_bits()).fold(0, u64::wrapping_add)).max()
        });
    });
    group.bench_function("psi profile, quantiles", |b| {
        b.iter(|| columns.iter().filter_map(|column| baseline(black_box(column)).ok()).count());
    });
    group.bench_function("psi profile, equal width", |b| {
        let binning = Binning::EqualWidth { method: EqualWidth::default() };
        let of = |column: &Vec<f64>| PsiBaseline::of_numbers(&column[..], binning, ZeroBins::default()).ok();
        b.iter(|| black_box(&columns).iter().filter_map(of).count());
    });
    let drift = |baseline: &PsiBaseline, counts| baseline.compare(&counts, Threshold::default()).ok();
    group.bench_function("psi drift", |b| {
        let each = || psi.iter().zip(&columns);
        b.iter(|| each().filter_map(|(p, column)| drift(p, p.count_numbers(&column[..]).ok()?)).count());
    });
    group.bench_function("psi drift of float32", |b| {
        let each = || psi.iter().zip(&singles);
        b.iter(|| {
            each().filter_map(|(p, column)| drift(p, p.count_numbers(&Numbers::new(column)).ok()?)).count()
        });
    });
    group.bench_function("psi drift of rows", |b| {
        b.iter(|| {
            let mut counts: Vec<Counts> = psi.iter().map(|p| Counts::zero(p.counts.bins.len())).collect();
            matrix.each_chunk(&mut |i, chunk| {
                if let Bins::Numeric(bins) = &psi[i].bins {
                    bins.count_chunk(chunk, &mut counts[i]).unwrap_or_default();
                }
            });
            psi.iter().zip(counts).filter_map(|(p, counts)| drift(p, counts)).count()
        });
    });
    group.bench_function("psi profile of rows", |b| {
        let four =
            |i| matrix.gather(4 * i..4 * i + 4).iter().filter_map(|column| baseline(column).ok()).count();
        b.iter(|| (0..COLUMNS / 4).map(four).sum::<usize>());
    });
    group.bench_function("spc profile", |b| {
        b.iter(|| {
            black_box(&columns).iter().map(|column| Subgroups::of(&column[..], 25).count()).sum::<u64>()
        });
    });
    group.bench_function("spc drift", |b| {
        let rules = Rules::default();
        let each = || spc.iter().zip(&columns);
        b.iter(|| each().filter_map(|(baseline, column)| baseline.chart(&column[..], &rules).ok()).count());
    });
    let beside = || SideBySide::new(black_box(matrix), (0..COLUMNS).collect(), 25);
    group.bench_function("spc drift of rows", |b| {
        let rules = Rules::default();
        let points = |rows: SideBySide<'_>| {
            rows.points(|parts, work| Ok::<_, Infallible>((0..parts).map(work).collect())).ok()
        };
        b.iter(|| {
            let points = beside().and_then(points).unwrap_or_default();
            spc.iter()
                .zip(points)
                .filter_map(|(baseline, points)| baseline.judge(points?, &rules).ok())
                .count()
        });
    });
    group.bench_function("spc profile of rows", |b| {
        let states = |rows: SideBySide<'_>| {
            rows.subgroups(|parts, work| Ok::<_, Infallible>((0..parts).map(work).collect())).ok()
        };
        b.iter(|| {
            let states = beside().and_then(states).unwrap_or_default();
            states.iter().flatten().map(Subgroups::count).sum::<u64>()
        });
    });
    group.bench_function("data profile", |b| {
        b.iter(|| {
            black_box(&columns).iter().map(|column| NumericStats::of(&column[..], 20).rows).sum::<u64>()
        });
    });
    group.bench_function("data profile in parts", |b| {
        let of = |column: &Vec<f64>| {
            let mut state = NumericState::default();
            column[..].each_chunk(&mut |chunk| chunk.chunks(65_536).for_each(|part| state.add(part)));
            state.stats(20).rows
        };
        b.iter(|| black_box(&columns).iter().map(of).sum::<u64>());
    });
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
