//! The walk along two empirical distribution functions, from step to step.

/// Visits every different value of two sorted samples in order, with the difference F − G of both functions there.
pub(super) fn steps(first: &[f64], second: &[f64], mut visit: impl FnMut(f64, f64)) {
    let (n, m) = (first.len() as f64, second.len() as f64);
    let (mut passed, mut passed_too) = (0, 0);
    loop {
        let value = match (first.get(passed), second.get(passed_too)) {
            (Some(x), Some(y)) => x.min(*y),
            (Some(v), None) | (None, Some(v)) => *v,
            (None, None) => return,
        };
        while first.get(passed).is_some_and(|x| *x <= value) {
            passed += 1;
        }
        while second.get(passed_too).is_some_and(|x| *x <= value) {
            passed_too += 1;
        }
        visit(value, passed as f64 / n - passed_too as f64 / m);
    }
}
