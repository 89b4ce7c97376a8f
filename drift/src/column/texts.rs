//! Texts seen as numbers: how long they are. Drift of lengths is often the first that is seen of a prompt or an answer that has changed.

use serde::{Deserialize, Serialize};

use super::{Code, Mask};

/// What of a text is counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextLength {
    /// Its characters (Unicode scalar values).
    #[default]
    Characters,
    /// Its words: what stands between white space.
    Words,
}

impl TextLength {
    /// The length of one text.
    pub fn of(self, text: &str) -> f64 {
        match self {
            Self::Characters => text.chars().count() as f64,
            Self::Words => text.split_whitespace().count() as f64,
        }
    }

    /// The lengths of a column, NaN where there is no text. An empty text has the length 0.
    ///
    /// ```
    /// use scouter_drift::{column::TextLength, sample::Extent};
    ///
    /// let lengths = TextLength::Words.column([Some("late again"), None, Some("late")]);
    /// assert_eq!(Extent::of(&lengths[..]).range(), Ok((1.0, 2.0)));
    /// ```
    pub fn column<'a>(self, texts: impl IntoIterator<Item = Option<&'a str>>) -> Vec<f64> {
        texts.into_iter().map(|text| text.map_or(f64::NAN, |text| self.of(text))).collect()
    }

    /// The lengths of a column of dictionary codes. A code that has no category, or one that is no text, has no length.
    pub fn of_codes<C: Code>(
        self,
        codes: &[C],
        categories: &[Option<&str>],
        mask: Option<Mask<'_>>,
    ) -> Vec<f64> {
        let lengths = self.column(categories.iter().copied());
        let known = |(row, code): (usize, &C)| {
            code.position().filter(|_| !mask.is_some_and(|mask| mask.is_missing(row)))
        };
        let length = |at: usize| lengths.get(at).copied();
        codes.iter().enumerate().map(|row| known(row).and_then(length).unwrap_or(f64::NAN)).collect()
    }
}
