//! Python objects into values and back.

mod from_python;
mod given;
mod one_of;
mod out;
mod plain;
mod reader;
mod to_python;
pub(crate) mod whole;
mod wrap;
mod wrong;

pub(crate) use from_python::{Converter, from_python};
pub(crate) use given::given;
pub(crate) use one_of::{class, holds, none_of, one_of};
pub(crate) use out::{Out, Written};
pub(crate) use plain::{is_missing, plain};
pub(crate) use reader::Reader;
pub(crate) use to_python::to_python;
pub(crate) use wrap::PyJson;
