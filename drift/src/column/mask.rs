//! Which rows have no value, in the two forms that data frames use.

/// Which rows have no value.
#[derive(Debug, Clone, Copy)]
pub enum Mask<'a> {
    /// One bit for every row, lowest first; set where there is a value (Arrow, polars).
    Valid {
        /// The bits.
        bits: &'a [u8],
        /// How many bits come before the first row's.
        offset: usize,
    },
    /// One flag for every row, true where the value is missing (pandas).
    Missing(&'a [bool]),
}

impl Mask<'_> {
    /// Whether the row has no value. Rows beyond the mask have one.
    pub fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Valid { bits, offset } => {
                let at = offset + row;
                bits.get(at / 8).is_some_and(|byte| byte >> (at % 8) & 1 == 0)
            }
            Self::Missing(flags) => flags.get(row).copied().unwrap_or(false),
        }
    }
}
