//! Bodies of the API for records that were kept, column by column.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

/// Which records of a profile: the query of `GET /v1/profiles/{uid}/records`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct TableQuery {
    /// Made at this time or later, by the clock of whoever made them.
    pub start_datetime: DateTime<Utc>,
    /// Made before this time; now where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_datetime: Option<DateTime<Utc>>,
    /// From behind this one on: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Uuid>,
}

/// Some of the records, in the order in which they were made.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TablePage {
    /// Which record each row is.
    pub uid: Vec<Uuid>,
    /// When it was made.
    pub created_at: Vec<DateTime<Utc>>,
    /// When the database took it.
    pub arrived_at: Vec<DateTime<Utc>>,
    /// Features or metrics, in the order of the profile.
    pub columns: Vec<Column>,
    /// Where there may be more: behind which they begin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Uuid>,
}

/// A feature or a metric.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its values, by row.
    #[serde(flatten)]
    pub cells: Cells,
}

/// Values, by row.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Cells {
    /// Numbers.
    Numbers(Vec<Number>),
    /// Texts; none where it is missing.
    Texts(Vec<Option<String>>),
}

/// A number, of which JSON has not all: NaN, which is missing, is `null`, and what is without end is a text, `"Infinity"` or `"-Infinity"`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(pub f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            f64::INFINITY => serializer.serialize_str("Infinity"),
            f64::NEG_INFINITY => serializer.serialize_str("-Infinity"),
            number => serializer.serialize_f64(number),
        }
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Number {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
        let types = SchemaType::Array(vec![Type::Number, Type::String, Type::Null]);
        let about = "A number; `null` where it is missing, `\"Infinity\"` or `\"-Infinity\"` where it is without end.";
        ObjectBuilder::new().schema_type(types).description(Some(about)).into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Number {}
