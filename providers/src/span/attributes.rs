//! What a span says of its call.

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum Attribute {
    /// A text.
    Text(String),
    /// Texts in their order.
    Texts(Vec<String>),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
}

/// Attributes, each with its name in OpenTelemetry's conventions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributes(Vec<(&'static str, Attribute)>);

impl Attributes {
    /// All of them, in the order in which they were put.
    pub fn as_slice(&self) -> &[(&'static str, Attribute)] {
        &self.0
    }

    /// Adds one.
    pub fn put(&mut self, name: &'static str, value: impl Into<Attribute>) {
        self.0.push((name, value.into()));
    }

    /// Adds one, where there is a value.
    pub fn put_some(&mut self, name: &'static str, value: Option<impl Into<Attribute>>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    /// Adds others.
    pub(crate) fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }
}

impl From<&str> for Attribute {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Attribute {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<String>> for Attribute {
    fn from(texts: Vec<String>) -> Self {
        Self::Texts(texts)
    }
}

impl From<u16> for Attribute {
    fn from(number: u16) -> Self {
        Self::Int(number.into())
    }
}

impl From<u32> for Attribute {
    fn from(number: u32) -> Self {
        Self::Int(number.into())
    }
}

impl From<u64> for Attribute {
    /// What a server claims may be more than has a form.
    fn from(number: u64) -> Self {
        Self::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<i64> for Attribute {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<f64> for Attribute {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}
