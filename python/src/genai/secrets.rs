//! What is secret in a connection: headers and proxy. It is compared and pickled, and neither shown nor written.

use std::collections::BTreeMap;

use scouter_providers::{Connection, Secret};
use scouter_tasks::value::{Map, Value};

use super::settings::revealed;

/// The names of what is said about a connection, beside whatever else stands in the same map.
const NAMES: [&str; 4] = ["base_url", "timeout", "headers", "proxy"];

/// Headers and proxy, for pickles.
pub(super) fn of(connection: &Connection) -> (BTreeMap<String, String>, Option<String>) {
    let proxy = connection.proxy.as_ref().map(|proxy| proxy.reveal().to_owned());
    (revealed(&connection.headers), proxy)
}

/// Gives a connection its headers and its proxy again.
pub(super) fn give(connection: &mut Connection, headers: BTreeMap<String, String>, proxy: Option<String>) {
    connection.headers = headers.into_iter().map(|(name, value)| (name, Secret::new(&value))).collect();
    connection.proxy = proxy.map(|proxy| Secret::new(&proxy));
}

/// What is written, with what is not: to be compared alone.
pub(super) fn beside(written: Value, connection: &Connection) -> Value {
    let (headers, proxy) = of(connection);
    let headers = headers.into_iter().map(|(name, value)| (name, Value::from(value)));
    Value::list([written, Value::map(headers), Value::from(proxy)])
}

/// Two maps as one.
pub(super) fn together(parts: [&Value; 2]) -> Value {
    let entries = parts.into_iter().filter_map(Value::as_map).flat_map(Map::iter);
    Value::map(entries.map(|(key, value)| (key.clone(), value.clone())))
}

/// What a map says of a connection, behind whatever else it says; `None` where it is no map.
pub(super) fn apart(value: &Value) -> Option<(Value, Value)> {
    let entries = value.as_map()?.iter().map(|(key, value)| (key.clone(), value.clone()));
    let (connection, rest): (Vec<_>, Vec<_>) = entries.partition(|(key, _)| NAMES.contains(&key.as_str()));
    Some((Value::map(rest), Value::map(connection)))
}

/// The data of a class with a connection, of which `written` and `read` are all that is not secret.
macro_rules! connects {
    ($class:ident as $name:literal) => {
        impl $crate::data::Data for $class {
            const NAME: &'static str = $name;

            fn to_value(&self, _py: Python<'_>) -> PyResult<scouter_tasks::value::Value> {
                self.written()
            }

            fn compared(&self, _py: Python<'_>) -> PyResult<scouter_tasks::value::Value> {
                Ok($crate::genai::secrets::beside(self.written()?, &self.0.connection))
            }

            fn from_value(_py: Python<'_>, value: &scouter_tasks::value::Value) -> PyResult<Self> {
                let wrong = |why: String| $crate::errors::value(format!("not a `{}`: {why}", $name));
                let (own, connection) = $crate::genai::secrets::apart(value)
                    .ok_or_else(|| wrong("it must be an object".to_owned()))?;
                let connection = scouter_tasks::value::from_value(&connection);
                let connection = connection.map_err(|error| wrong(error.to_string()))?;
                Self::read(&own, connection).map_err(wrong)
            }

            fn pickled<'py>(&self, py: Python<'py>) -> PyResult<$crate::data::Pickled<'py>> {
                let again = py.get_type::<Self>().getattr("_unpickled")?;
                let text = scouter_tasks::value::to_json(&self.written()?);
                let (headers, proxy) = $crate::genai::secrets::of(&self.0.connection);
                Ok((again, (text, headers, proxy).into_pyobject(py)?))
            }
        }

        $crate::data::data_methods!($class);

        #[pymethods]
        impl $class {
            /// Makes the object of a pickle again.
            #[staticmethod]
            #[pyo3(signature = (json_string, headers, proxy))]
            fn _unpickled(
                py: Python<'_>,
                json_string: &str,
                headers: std::collections::BTreeMap<String, String>,
                proxy: Option<String>,
            ) -> PyResult<Self> {
                let mut again: Self = $crate::data::from_text(py, json_string)?;
                $crate::genai::secrets::give(&mut again.0.connection, headers, proxy);
                Ok(again)
            }
        }
    };
}

pub(super) use connects;
