//! Objects that are given back as they are, with the types that Python's type checkers should see.

macro_rules! given {
    ($(#[$doc:meta])* $name:ident = $hint:expr) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) struct $name<'py>(pub(crate) pyo3::Bound<'py, pyo3::PyAny>);

        impl<'py> pyo3::IntoPyObject<'py> for $name<'py> {
            type Target = pyo3::PyAny;
            type Output = pyo3::Bound<'py, pyo3::PyAny>;
            type Error = std::convert::Infallible;

            const OUTPUT_TYPE: pyo3::inspect::PyStaticExpr = $hint;

            fn into_pyobject(self, _py: pyo3::Python<'py>) -> Result<Self::Output, Self::Error> {
                Ok(self.0)
            }
        }
    };
}

pub(crate) use given;
