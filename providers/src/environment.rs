//! The variables that providers read, passed in by whoever owns the environment.

use std::collections::HashMap;
use std::fmt;

use crate::Secret;

/// Variables as the caller has them; nothing here reads the process's own.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment(HashMap<String, String>);

impl Environment {
    /// The first of `names` that is set and not empty.
    pub fn get(&self, names: &[&str]) -> Option<&str> {
        names
            .iter()
            .find_map(|name| self.0.get(*name).map(|value| value.trim()).filter(|value| !value.is_empty()))
    }

    /// The first of `names` that is set, as a secret.
    pub fn secret(&self, names: &[&str]) -> Option<Secret> {
        self.get(names).map(Secret::new)
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// Names only: the values may be keys.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_name_that_is_set_counts() {
        let environment = Environment::from_iter([("B", "2"), ("A", " "), ("C", "3")]);
        assert_eq!(environment.get(&["A", "B", "C"]), Some("2"));
        assert_eq!(environment.get(&["A"]), None);
    }

    #[test]
    fn values_are_not_shown() {
        let environment = Environment::from_iter([("OPENAI_API_KEY", "sk-123456")]);
        assert_eq!(format!("{environment:?}"), r#"{"OPENAI_API_KEY"}"#);
    }
}
