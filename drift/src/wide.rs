//! Loops at the full width of the processor that runs them. A program is compiled for the least processor of its kind, whose vectors hold
//! two numbers; what stands in [`wide`] is compiled for wider ones too, and the widest that the processor has is taken. No sum is
//! reordered by that: results are the same on every processor.

use fearless_simd::{Level, dispatch};

/// Runs a loop compiled for the processor at hand. The closure and what it calls must be `#[inline(always)]`, else they stay narrow.
#[inline(always)]
pub(crate) fn wide<R>(work: impl FnOnce() -> R) -> R {
    dispatch!(Level::new(), _ => work())
}
