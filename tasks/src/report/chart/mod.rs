//! Small drawings: SVG that needs nothing beside itself but a few lines of style. Text takes the colour of what is around it, and all
//! other colours can be read on light and on dark, so that one drawing serves pages and notebooks in any theme.
//!
//! | file | what it holds |
//! |---|---|
//! | `svg` | shapes and text, escaped |
//! | `scale` | from values to places, and which values an axis is marked at |
//! | `shares` | how rows fall into bins, then and now, and what each bin adds to the index |
//! | `control` | a control chart: points, zones, alerts |
//! | `spread` | the S chart beneath it |
//! | `histogram` | how numbers are spread |

mod control;
mod histogram;
mod scale;
mod shares;
mod spread;
mod svg;

pub(super) use control::{control, says};
pub(super) use histogram::histogram;
pub(super) use shares::{Share, shares};
pub(super) use spread::spread;

/// The style of all drawings.
pub(super) const STYLE: &str = include_str!("chart.css");
