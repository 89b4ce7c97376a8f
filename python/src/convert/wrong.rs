//! Why an object has no form as a value, and where in it that is.

use std::fmt;

/// How many steps of a way are shown, from its beginning and from its end.
const SHOWN_STEPS: usize = 8;

/// How much of a key is shown, in characters.
const SHOWN_KEY: usize = 100;

/// What is wrong with an object or something in it.
#[derive(Debug)]
pub(crate) struct Wrong {
    why: String,
    /// The way to it, from the inside out.
    steps: Vec<String>,
}

impl Wrong {
    /// It is within the entry of this key.
    pub(super) fn at_key(mut self, key: &str) -> Self {
        let plain = key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-') && !key.is_empty();
        let key = shown(key);
        self.steps.push(if plain { format!(".{key}") } else { format!("[{key:?}]") });
        self
    }

    /// It is within the item of this place.
    pub(super) fn at_place(mut self, place: usize) -> Self {
        self.steps.push(format!("[{place}]"));
        self
    }
}

/// Enough of a key to know it by.
pub(super) fn shown(key: &str) -> String {
    match key.char_indices().nth(SHOWN_KEY) {
        Some((end, _)) => format!("{}…", &key[..end]),
        None => key.to_owned(),
    }
}

impl From<String> for Wrong {
    fn from(why: String) -> Self {
        Self { why, steps: Vec::new() }
    }
}

impl From<&str> for Wrong {
    fn from(why: &str) -> Self {
        why.to_owned().into()
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            return f.write_str(&self.why);
        }
        let way: Vec<&str> = self.steps.iter().rev().map(String::as_str).collect();
        let way = match way.len() {
            len if len > 2 * SHOWN_STEPS => {
                format!("{} … {}", way[..SHOWN_STEPS].concat(), way[len - SHOWN_STEPS..].concat())
            }
            _ => way.concat(),
        };
        write!(f, "at `{}`: {}", way.trim_start_matches('.'), self.why)
    }
}
