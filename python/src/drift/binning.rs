//! How numbers are cut into bins.

use pyo3::prelude::*;
use scouter_drift::psi::{Binning, EqualWidth, MOST_BINS};

use super::dispatch::any_of;
use crate::data::gathers;
use crate::errors;

fn bins(num_bins: usize) -> PyResult<usize> {
    if (2..=MOST_BINS).contains(&num_bins) {
        return Ok(num_bins);
    }
    let why = if num_bins == 1 { ", since no number drifts out of a single bin" } else { "" };
    Err(errors::value(format!("`num_bins` is `{num_bins}`: it must be from 2 to {MOST_BINS}{why}")))
}

/// A class that says how many bins there are, and nothing else.
macro_rules! so_many {
    ($(#[$doc:meta])* $class:ident as $name:literal = $rule:ident::$variant:ident, ($($signature:tt)*)) => {
        $(#[$doc])*
        #[pyclass(module = "scouter.drift", name = $name, skip_from_py_object)]
        #[derive(Debug)]
        pub(crate) struct $class(usize);

        #[pymethods]
        impl $class {
            #[new]
            #[pyo3(signature = ($($signature)*))]
            fn new(num_bins: usize) -> PyResult<Self> {
                bins(num_bins).map(Self)
            }

            /// How many.
            #[getter]
            fn num_bins(&self) -> usize {
                self.0
            }

            #[setter]
            fn set_num_bins(&mut self, num_bins: usize) -> PyResult<()> {
                self.0 = bins(num_bins)?;
                Ok(())
            }
        }

        impl $class {
            fn spec(&self, _py: Python<'_>) -> $rule {
                $rule::$variant { num_bins: self.0 }
            }

            /// Of a profile that an earlier version made, too, which took a single bin.
            fn of(_py: Python<'_>, rule: $rule) -> PyResult<Self> {
                match rule {
                    $rule::$variant { num_bins } => Ok(Self(num_bins)),
                    _ => Err(errors::value("it is another rule")),
                }
            }
        }

        gathers!($class($rule) as $name);
    };
}

so_many! {
    /// As many bins as said.
    ///
    /// Args:
    ///     num_bins: How many, from 2 to 10,000.
    PyManual as "Manual" = EqualWidth::Manual, (num_bins)
}
so_many! {
    /// Bins with the same number of rows, by quantiles of type 7. Where values repeat so often that no row lies between two
    /// edges, bins are merged.
    ///
    /// Args:
    ///     num_bins: How many are wanted, from 2 to 10,000.
    PyQuantile as "QuantileBinning" = Binning::Quantile, (num_bins=10)
}

/// A rule for the number of bins that needs no number.
macro_rules! rule {
    ($(#[$doc:meta])* $class:ident as $name:literal = $variant:ident) => {
        $(#[$doc])*
        #[pyclass(module = "scouter.drift", name = $name, frozen, skip_from_py_object)]
        #[derive(Debug, Default)]
        pub(crate) struct $class;

        #[pymethods]
        impl $class {
            #[new]
            fn new() -> Self {
                Self
            }
        }

        impl $class {
            fn spec(&self, _py: Python<'_>) -> EqualWidth {
                EqualWidth::$variant
            }

            fn of(_py: Python<'_>, method: EqualWidth) -> PyResult<Self> {
                match method {
                    EqualWidth::$variant => Ok(Self),
                    _ => Err(errors::value("it is another rule")),
                }
            }
        }

        gathers!($class(EqualWidth) as $name);
    };
}

rule! {
    /// √n bins.
    PySquareRoot as "SquareRoot" = SquareRoot
}
rule! {
    /// 1 + log₂ n bins, for data much like a normal distribution (Sturges 1926).
    PySturges as "Sturges" = Sturges
}
rule! {
    /// 2·n^⅓ bins.
    PyRice as "Rice" = Rice
}
rule! {
    /// Sturges' rule, with more bins the more skewed the data are (Doane 1976).
    PyDoane as "Doane" = Doane
}
rule! {
    /// Bins whose width follows the standard deviation (Scott 1979).
    PyScott as "Scott" = Scott
}
rule! {
    /// (2n)^⅓ bins, the least number that could be best (Terrell and Scott 1985).
    PyTerrellScott as "TerrellScott" = TerrellScott
}
rule! {
    /// Bins whose width follows the distance of the quartiles (Freedman and Diaconis 1981).
    PyFreedmanDiaconis as "FreedmanDiaconis" = FreedmanDiaconis
}
rule! {
    /// The more of `Sturges` and `FreedmanDiaconis`, the latter at most 2·√n.
    PyAuto as "Auto" = Auto
}

any_of! {
    /// Any rule for the number of bins of equal width.
    AnyMethod = EqualWidth {
        Manual(PyManual),
        SquareRoot(PySquareRoot),
        Sturges(PySturges),
        Rice(PyRice),
        Doane(PyDoane),
        Scott(PyScott),
        TerrellScott(PyTerrellScott),
        FreedmanDiaconis(PyFreedmanDiaconis),
        Auto(PyAuto),
    }
}

impl AnyMethod {
    fn of(py: Python<'_>, method: EqualWidth) -> PyResult<Self> {
        Ok(match method {
            EqualWidth::Manual { .. } => Self::Manual(Py::new(py, PyManual::of(py, method)?)?),
            EqualWidth::SquareRoot => Self::SquareRoot(Py::new(py, PySquareRoot)?),
            EqualWidth::Sturges => Self::Sturges(Py::new(py, PySturges)?),
            EqualWidth::Rice => Self::Rice(Py::new(py, PyRice)?),
            EqualWidth::Doane => Self::Doane(Py::new(py, PyDoane)?),
            EqualWidth::Scott => Self::Scott(Py::new(py, PyScott)?),
            EqualWidth::TerrellScott => Self::TerrellScott(Py::new(py, PyTerrellScott)?),
            EqualWidth::FreedmanDiaconis => Self::FreedmanDiaconis(Py::new(py, PyFreedmanDiaconis)?),
            EqualWidth::Auto => Self::Auto(Py::new(py, PyAuto)?),
        })
    }
}

/// Bins of the same width between the least and the greatest value.
///
/// Args:
///     method: The rule for their number; `Doane()` by default.
#[pyclass(module = "scouter.drift", name = "EqualWidthBinning", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct PyEqualWidth {
    method: AnyMethod,
}

#[pymethods]
impl PyEqualWidth {
    #[new]
    #[pyo3(signature = (method=None))]
    fn new(py: Python<'_>, method: Option<AnyMethod>) -> PyResult<Self> {
        Ok(Self { method: method.map_or_else(|| AnyMethod::of(py, EqualWidth::default()), Ok)? })
    }

    /// The rule for their number.
    #[getter]
    fn method(&self, py: Python<'_>) -> AnyMethod {
        self.method.clone_ref(py)
    }

    #[setter]
    fn set_method(&mut self, method: AnyMethod) {
        self.method = method;
    }
}

impl PyEqualWidth {
    fn spec(&self, py: Python<'_>) -> Binning {
        Binning::EqualWidth { method: self.method.spec(py) }
    }

    fn of(py: Python<'_>, binning: Binning) -> PyResult<Self> {
        match binning {
            Binning::EqualWidth { method } => Ok(Self { method: AnyMethod::of(py, method)? }),
            Binning::Quantile { .. } => Err(errors::value("it is quantile binning")),
        }
    }
}

gathers!(PyEqualWidth(Binning) as "EqualWidthBinning");

any_of! {
    /// Any way to cut numbers into bins.
    AnyBinning = Binning { Quantile(PyQuantile), EqualWidth(PyEqualWidth) }
}

impl AnyBinning {
    pub(super) fn of(py: Python<'_>, binning: Binning) -> PyResult<Self> {
        Ok(match binning {
            Binning::Quantile { .. } => Self::Quantile(Py::new(py, PyQuantile::of(py, binning)?)?),
            Binning::EqualWidth { .. } => Self::EqualWidth(Py::new(py, PyEqualWidth::of(py, binning)?)?),
        })
    }
}
