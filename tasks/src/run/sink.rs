//! Where rows go.

use std::convert::Infallible;
use std::error::Error;

use crate::result::Row;

/// Takes the rows of a run as they come, in the order of the records.
pub trait Sink: Send {
    /// Why it can take no more; ends the run.
    type Error: Error + Send + Sync + 'static;

    /// Takes the next rows.
    ///
    /// # Errors
    /// Where they can't be taken: the run ends, and these rows are lost to it.
    fn take(&mut self, rows: Vec<Row>) -> Result<(), Self::Error>;
}

/// Keeps them.
impl Sink for Vec<Row> {
    type Error = Infallible;

    fn take(&mut self, rows: Vec<Row>) -> Result<(), Self::Error> {
        self.extend(rows);
        Ok(())
    }
}
