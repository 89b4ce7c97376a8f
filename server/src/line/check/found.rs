//! What is found of a point.

use std::fmt::Display;

/// What was found of one point.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Good(String),
    Doubtful(String),
    Wrong(String),
}

impl Found {
    /// What there is to say of something that can be had, or why it cannot.
    pub(super) fn of<T, E: Display>(result: Result<T, E>, good: impl FnOnce(T) -> String) -> Self {
        result.map_or_else(|error| Self::Wrong(error.to_string()), |value| Self::Good(good(value)))
    }

    /// How bad it is: the exit code.
    pub(super) fn code(&self) -> u8 {
        match self {
            Self::Good(_) => 0,
            Self::Doubtful(_) => 1,
            Self::Wrong(_) => 2,
        }
    }

    /// A line of its own, whatever the message has in it.
    pub(super) fn line(&self, point: &str) -> String {
        let (word, told) = match self {
            Self::Good(told) => ("ok", told),
            Self::Doubtful(told) => ("doubtful", told),
            Self::Wrong(told) => ("wrong", told),
        };
        let told = told.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        format!("{word:<8}  {point:<8}  {told}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_one_line_whatever_was_said() {
        assert_eq!(Found::Wrong("a\n  b".to_owned()).line("data"), "wrong     data      a b");
    }
}
