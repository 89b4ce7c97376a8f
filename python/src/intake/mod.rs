//! Data of any library as columns of numbers, moments and texts, borrowed as they lie wherever that is possible.
//!
//! | file | what it reads |
//! |---|---|
//! | `source` | tells by its look what data is, and in which parts it comes |
//! | `array` | arrays of NumPy, of one or two dimensions |
//! | `arrow` | arrays of Arrow |
//! | `pandas` | data frames of pandas |
//! | `rows` | dicts and models, a row each; dicts of columns |
//! | `cell` | single Python objects |
//! | `csv`, `moment`, `files` | files, a part at a time |
//! | `cells` | what a column looks like to those who compute |
//! | `gathered` | columns in one piece, where there is room for it |
//! | `split`, `grouped` | rows told apart, and columns of those that belong together |
//! | `table` | columns side by side, with what they borrow from |

mod array;
mod arrow;
mod cell;
mod cells;
mod csv;
mod files;
mod gathered;
mod grouped;
mod moment;
mod pandas;
mod rows;
mod source;
mod split;
mod table;

pub(crate) use cell::micros;
pub(crate) use cells::{Cells, Holds, Nothing, Numbers, Plain, Texts, tally_numbers};
pub(crate) use gathered::{Room, gathered};
pub(crate) use moment::moment_of;
pub(crate) use source::{Intake, Spelling, Wanted, listed};
pub(crate) use split::{Groups, Split};
pub(crate) use table::{Named, Table};
