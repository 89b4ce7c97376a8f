//! Tests that look at the whole module.

mod reference;
