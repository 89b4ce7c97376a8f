//! The population stability index: a baseline's bins, what falls into them later, and whether the two differ by more than
//! chance.

mod baseline;
mod binning;
mod category;
mod counts;
mod drift;
mod form;
mod index;
mod known;
mod numeric;
mod threshold;
mod width;
mod zero;

#[cfg(test)]
mod tests;

pub use baseline::{Bins, PsiBaseline};
pub(crate) use binning::even_edges;
pub use binning::{Binning, SingleBin};
pub use category::CategoryBins;
pub use counts::{Counts, Part};
pub use drift::{PsiDrift, Term};
pub use form::{BinForm, FormError};
pub use index::{Index, psi};
pub use numeric::NumericBins;
pub use threshold::{Sizes, Threshold};
pub use width::{EqualWidth, MOST_BINS};
pub use zero::{NotAShare, Share, ZeroBins};
