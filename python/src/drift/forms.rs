//! What the classes of this folder have in common, each thing once.

/// The attributes of alerts that go somewhere on a schedule.
macro_rules! goes_somewhere {
    ($class:ident) => {
        #[pymethods]
        impl $class {
            /// The kind of place that alerts go to.
            #[getter]
            fn dispatch_type(&self) -> $crate::drift::PyDispatchType {
                self.dispatch.kind()
            }

            /// Where alerts go.
            #[getter]
            fn dispatch_config(&self, py: Python<'_>) -> $crate::drift::dispatch::AnyDispatch {
                self.dispatch.clone_ref(py)
            }

            /// When is looked, as a cron expression in UTC.
            #[getter]
            fn schedule(&self) -> &str {
                self.schedule.as_str()
            }

            #[setter]
            fn set_schedule(&mut self, schedule: $crate::drift::dispatch::AnySchedule) -> PyResult<()> {
                self.schedule = schedule.read()?;
                Ok(())
            }
        }
    };
}

/// The attributes of a profile that has a configuration as an object of its own.
macro_rules! has_config {
    ($class:ident) => {
        #[pymethods]
        impl $class {
            /// What records refer to it by; the same as of its configuration.
            #[getter]
            fn uid(&self, py: Python<'_>) -> PyResult<String> {
                self.config.getattr(py, "uid")?.extract(py)
            }

            #[setter]
            fn set_uid(&self, py: Python<'_>, uid: &str) -> PyResult<()> {
                self.config.setattr(py, "uid", uid)
            }

            /// The version of the package that made it.
            #[getter]
            fn scouter_version(&self) -> &str {
                &self.scouter_version
            }
        }
    };
}

/// A profile of features: the class, what is read of it, and how it is kept.
macro_rules! feature_profile {
    (
        $(#[$doc:meta])*
        $class:ident($profile:ident, $state:ident) as $name:literal in $file:literal:
        $config:ident, $feature:ident($inner:ident), told as $about:ident;
        $(#[$merged:meta])*
        merge
    ) => {
        $(#[$doc])*
        #[pyclass(module = "scouter.drift", name = $name, skip_from_py_object)]
        #[derive(Debug)]
        pub(crate) struct $class {
            /// How it was made.
            #[pyo3(get)]
            config: Py<$config>,
            scouter_version: String,
            features: indexmap::IndexMap<String, $inner>,
            absent: indexmap::IndexMap<String, scouter_drift::Absent>,
            /// What it is put together with others by; none where that was not asked for.
            state: Option<$state>,
        }

        #[pymethods]
        impl $class {
            $(#[$merged])*
            fn merge(&self, py: Python<'_>, other: &Self) -> PyResult<Self> {
                let (Some(ours), Some(theirs)) = (&self.state, &other.state) else {
                    return Err($crate::errors::value(scouter_tasks::profile::MergeError::NotKept));
                };
                let (config, others) = (self.config.borrow(py).spec(py), other.config.borrow(py).spec(py));
                let now: chrono::DateTime<chrono::Utc> =
                    scouter_engine::Clock::now(&scouter_engine::SystemClock).into();
                let merged = py.detach(|| $profile::merge((&config, ours), (&others, theirs), now));
                let (profile, state) = merged.map_err($crate::errors::value)?;
                let alone = scouter_tasks::profile::alone(&ours.columns, &theirs.columns);
                $crate::merged::warn_of_alone(py, alone);
                // Others that were made of the same rows have another date.
                let is_same = !self.features.is_empty() && self.features == other.features && ours == theirs;
                if std::ptr::eq(self, other) || is_same {
                    $crate::merged::warn_of_twice(py);
                }
                Ok(Self::of(py, profile)?.with(Some(state)))
            }

            /// The document as a server keeps it, without what parts are put together by.
            #[pyo3(name = "_registered_json")]
            fn registered_json(&self, py: Python<'_>) -> PyResult<String> {
                Ok(scouter_tasks::value::to_json(&$crate::data::Data::shown(self, py)?))
            }

            /// The features.
            #[getter]
            fn features(&self) -> indexmap::IndexMap<String, $feature> {
                self.features.iter().map(|(name, feature)| (name.clone(), $feature(feature.clone()))).collect()
            }

            /// Columns of which there is no baseline, and why.
            #[getter]
            fn absent(&self) -> indexmap::IndexMap<String, String> {
                $crate::drift::identity::reasons(&self.absent)
            }
        }

        impl $class {
            pub(crate) fn spec(&self, py: Python<'_>) -> $profile {
                $profile {
                    scouter_version: self.scouter_version.clone(),
                    config: self.config.borrow(py).spec(py),
                    features: self.features.clone(),
                    absent: self.absent.clone(),
                }
            }

            pub(crate) fn of(py: Python<'_>, profile: $profile) -> PyResult<Self> {
                Ok(Self {
                    config: Py::new(py, $config::of(py, profile.config)?)?,
                    scouter_version: profile.scouter_version,
                    features: profile.features,
                    absent: profile.absent,
                    state: None,
                })
            }

            /// The same with what it is put together with others by.
            pub(super) fn with(self, state: Option<$state>) -> Self {
                Self { state, ..self }
            }
        }

        impl $crate::data::Data for $class {
            const NAME: &'static str = $name;

            fn to_value(&self, py: Python<'_>) -> PyResult<scouter_tasks::value::Value> {
                let profile = self.spec(py);
                let document = match &self.state {
                    Some(state) => scouter_tasks::profile::write_with(&profile, state),
                    None => scouter_tasks::profile::write(&profile),
                };
                document.map_err($crate::errors::value)
            }

            /// Nobody reads what is kept beside the profile.
            fn shown(&self, py: Python<'_>) -> PyResult<scouter_tasks::value::Value> {
                scouter_tasks::profile::write(&self.spec(py)).map_err($crate::errors::value)
            }

            fn compared(&self, py: Python<'_>) -> PyResult<scouter_tasks::value::Value> {
                let content = scouter_tasks::profile::Content::content(self.spec(py));
                scouter_tasks::profile::write(&content).map_err($crate::errors::value)
            }

            fn from_value(py: Python<'_>, value: &scouter_tasks::value::Value) -> PyResult<Self> {
                let wrong = |error: scouter_tasks::profile::DocumentError| {
                    Self::wrong(py, format!("not a `{}`: {error}", $name))
                };
                let profile: $profile = scouter_tasks::profile::read(value).map_err(wrong)?;
                let state = scouter_tasks::profile::read_state(value).map_err(wrong)?;
                Ok(Self::of(py, profile)?.with(state))
            }

            fn wrong(py: Python<'_>, message: String) -> PyErr {
                $crate::errors::profile(py, message)
            }
        }

        $crate::drift::forms::has_config!($class);
        $crate::data::document_methods!($class in $file);
        $crate::told::told!($class as $about);
    };
}

/// What later data come to on a profile: the class, what is read of every such class, and how it is kept.
macro_rules! drift_map {
    (
        $(#[$doc:meta])*
        $class:ident($map:ident) as $name:literal in $file:literal:
        $one:ident at $features:ident, told as $about:ident
    ) => {
        $(#[$doc])*
        #[pyclass(module = "scouter.drift", name = $name, frozen, skip_from_py_object)]
        #[derive(Clone, Debug)]
        pub(crate) struct $class(pub(super) $map);

        #[pymethods]
        impl $class {
            /// What the name belongs to.
            #[getter]
            fn space(&self) -> &str {
                &self.0.identity.space
            }

            /// The model or service.
            #[getter]
            fn name(&self) -> &str {
                &self.0.identity.name
            }

            /// Its version.
            #[getter]
            fn version(&self) -> &str {
                &self.0.identity.version
            }

            /// What is watched, has a baseline, and could not be compared with it, or has too few rows. While there is any, nothing is known to be well.
            #[getter]
            fn lost(&self) -> Vec<&str> {
                scouter_tasks::report::drift::About::$about(&self.0).lost()
            }
        }

        $crate::drift::forms::kept_map!($class($map) as $name in $file: $one at $features, told as $about);
    };
}

/// What is read of every map, and how it is kept.
macro_rules! kept_map {
    (
        $class:ident($map:ident) as $name:literal in $file:literal:
        $one:ident at $features:ident, told as $about:ident
    ) => {
        #[pymethods]
        impl $class {
            /// What nothing can be said of, and why.
            #[getter]
            fn absent(&self) -> indexmap::IndexMap<String, String> {
                $crate::drift::identity::reasons(&self.0.absent)
            }

            fn __getitem__(&self, name: &str) -> PyResult<$one> {
                let found = self.0.$features.get(name).cloned().map($one);
                found.ok_or_else(|| $crate::errors::no_feature(name, self.0.$features.keys()))
            }
        }

        $crate::data::keeps!($class($map));
        $crate::data::documents!($class($map) as $name in $file);
        $crate::told::told!($class as $about);
    };
}

/// What is read of a map whose features come to a number each.
macro_rules! numbers_of_features {
    ($class:ident: $one:ident, $number:ident) => {
        #[pymethods]
        impl $class {
            /// The number that every feature comes to: its index, or the statistic of the method.
            #[getter]
            fn features(&self) -> indexmap::IndexMap<String, f64> {
                self.0.features.iter().map(|(name, one)| (name.clone(), one.drift.$number)).collect()
            }

            /// All that is known of every feature.
            #[getter]
            fn details(&self) -> indexmap::IndexMap<String, $one> {
                self.0.features.iter().map(|(name, one)| (name.clone(), $one(one.clone()))).collect()
            }

            /// The features that drifted, of those that are watched.
            #[getter]
            fn drifted(&self) -> Vec<&str> {
                self.0.drifted().collect()
            }
        }
    };
}

pub(super) use {drift_map, feature_profile, goes_somewhere, has_config, kept_map, numbers_of_features};
