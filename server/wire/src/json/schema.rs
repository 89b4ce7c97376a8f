//! What the description of the API says of bodies whose JSON is written and read by hand.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

use super::cell::Cell;
use super::form;
use crate::records::Batch;

/// The JSON form of a batch.
type Form = form::Batch<form::Group<form::Record>>;

impl PartialSchema for Batch {
    fn schema() -> RefOr<Schema> {
        Form::schema()
    }
}

impl ToSchema for Batch {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Form::schemas(schemas);
    }
}

impl PartialSchema for Cell {
    fn schema() -> RefOr<Schema> {
        let about = "The value of a feature: a number, a text or a moment as ISO 8601 has it, `null` where it is missing, `true` and \
                     `false` for 1 and 0.";
        let types = SchemaType::Array(vec![Type::Number, Type::String, Type::Boolean, Type::Null]);
        ObjectBuilder::new().schema_type(types).description(Some(about)).into()
    }
}

impl ToSchema for Cell {}
