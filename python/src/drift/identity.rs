//! Whose profile it is, and the numbers of its texts.

use indexmap::IndexMap;
use pyo3::prelude::*;
use scouter_drift::Absent;
use scouter_engine::SystemClock;
use scouter_tasks::profile::{FeatureMap, Identity, check_name, check_version};
use scouter_tasks::result::NewUid;

use crate::data::wraps;
use crate::errors;

/// What is given of it.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub(super) space: Option<String>,
    pub(super) name: Option<String>,
    pub(super) version: Option<String>,
}

impl Given {
    /// Puts it in the place of what was there: all of it, or nothing where a part cannot be what it is.
    pub(super) fn onto(self, identity: &mut Identity) -> PyResult<()> {
        let Self { space, name, version } = self;
        for (field, given) in [("space", &space), ("name", &name)] {
            given.as_deref().map_or(Ok(()), |given| check_name(field, given)).map_err(errors::value)?;
        }
        version.as_deref().map_or(Ok(()), check_version).map_err(errors::value)?;
        let set = |field: &mut String, given: Option<String>| {
            if let Some(given) = given {
                *field = given;
            }
        };
        set(&mut identity.space, space);
        set(&mut identity.name, name);
        set(&mut identity.version, version);
        if identity.uid.is_empty() {
            identity.uid = SystemClock.new_uid().to_string();
        }
        Ok(())
    }
}

/// Whose the profile of a group of rows is: the same, under an identifier of its own.
pub(super) fn of_group(identity: &Identity, is_group: bool) -> Identity {
    let mut own = identity.clone();
    if is_group || own.uid.is_empty() {
        own.uid = SystemClock.new_uid().to_string();
    }
    own
}

/// The attributes that say whose a profile is.
macro_rules! has_identity {
    ($class:ident) => {
        #[pymethods]
        impl $class {
            /// What the name belongs to, such as a team.
            #[getter]
            fn space(&self) -> &str {
                &self.identity.space
            }

            #[setter]
            fn set_space(&mut self, space: String) -> PyResult<()> {
                let space = Some(space);
                $crate::drift::identity::Given { space, ..Default::default() }.onto(&mut self.identity)
            }

            /// The model or service.
            #[getter]
            fn name(&self) -> &str {
                &self.identity.name
            }

            #[setter]
            fn set_name(&mut self, name: String) -> PyResult<()> {
                let name = Some(name);
                $crate::drift::identity::Given { name, ..Default::default() }.onto(&mut self.identity)
            }

            /// Its version.
            #[getter]
            fn version(&self) -> &str {
                &self.identity.version
            }

            #[setter]
            fn set_version(&mut self, version: String) -> PyResult<()> {
                let version = Some(version);
                $crate::drift::identity::Given { version, ..Default::default() }.onto(&mut self.identity)
            }

            /// What records refer to the profile by. Given by us.
            #[getter]
            fn uid(&self) -> &str {
                &self.identity.uid
            }

            #[setter]
            fn set_uid(&mut self, uid: String) {
                self.identity.uid = uid;
            }

            /// Reads a configuration that was saved.
            ///
            /// Raises:
            ///     ProfileError: Where the file is damaged, of another kind, or of a later version.
            #[staticmethod]
            fn load_from_json_file(py: Python<'_>, path: std::path::PathBuf) -> PyResult<Self> {
                $crate::data::load(py, &path)
            }
        }
    };
}

pub(super) use has_identity;

/// Which number stands for which text, by feature.
#[pyclass(module = "scouter.drift", name = "FeatureMap", frozen, from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyFeatureMap(pub(super) FeatureMap);

#[pymethods]
impl PyFeatureMap {
    /// Texts with their numbers, by feature.
    #[getter]
    fn features(&self) -> IndexMap<String, IndexMap<String, u64>> {
        self.0.features.clone()
    }
}

wraps!(PyFeatureMap(FeatureMap) as "FeatureMap");

/// Reasons, by name.
pub(super) fn reasons(absent: &IndexMap<String, Absent>) -> IndexMap<String, String> {
    absent.iter().map(|(name, why)| (name.clone(), why.to_string())).collect()
}
