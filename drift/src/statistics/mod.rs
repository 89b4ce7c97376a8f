//! What every method stands on: intervals, tests and corrections for many of them.
