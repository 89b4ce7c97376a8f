use crate::{
    profile::{CoMoments, NumericStats, spearman},
    tests::{close, data, floats, golden},
};

#[test]
fn correlations_agree_with_scipy() {
    for case in golden("correlations") {
        let (x, y) = (floats(&case["x"]), floats(&case["y"]));
        let mut pair = CoMoments::default();
        pair.add(&x, &y);
        close(pair.correlation().unwrap(), &case["pearson"], 1e-12);
        close(spearman(&x, &y).unwrap(), &case["spearman"], 1e-12);
    }
}

#[test]
fn stats_agree_with_numpy() {
    for case in golden("moments") {
        let stats = NumericStats::of(&data(&case["data"])[..], 10);
        close(stats.mean.value().unwrap(), &case["mean"], 1e-13);
        close(stats.stddev.value().unwrap(), &case["sd"], 1e-13);
    }
}
