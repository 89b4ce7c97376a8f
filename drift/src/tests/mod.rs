//! What tests share: golden values made by `tests/golden/drift.py`, and numbers drawn from a seed.

use serde_json::Value;

use crate::mix::mix;

/// One group of golden cases.
pub(crate) fn golden(group: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("../../../tests/golden/drift.json")).unwrap();
    match &all[group] {
        Value::Array(cases) => cases.clone(),
        case => vec![case.clone()],
    }
}

/// The numbers of a golden data set.
pub(crate) fn data(name: &Value) -> Vec<f64> {
    floats(&golden("data")[0][name.as_str().unwrap()])
}

pub(crate) fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

pub(crate) fn counts(value: &Value) -> Vec<u64> {
    value.as_array().unwrap().iter().map(|v| v.as_u64().unwrap()).collect()
}

/// Fails unless two numbers agree to this much of the golden one; zero agrees with what is as near to it.
#[track_caller]
pub(crate) fn close(found: f64, golden: &Value, tolerance: f64) {
    let golden = golden.as_f64().unwrap();
    let unit = if golden.abs() > 0.0 { golden.abs() } else { 1.0 };
    assert!((found - golden).abs() <= tolerance * unit, "{found} is not {golden}");
}

/// Numbers that look random and are the same in every run (splitmix64).
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// Between 0 and 1, both left out.
    pub(crate) fn uniform(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// From a standard normal distribution (Box and Muller).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}
