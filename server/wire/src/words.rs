//! Enums that are sent as words. A word that this version does not know is kept, so that what is newer can be passed on and told.

macro_rules! words {
    ($(#[doc = $about:literal])* $name:ident { $($(#[doc = $doc:literal])* $variant:ident = $word:literal,)+ }) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $($(#[doc = $doc])* $variant,)+
            /// Something that this version does not know.
            Other(String),
        }

        impl $name {
            /// All that this version knows.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word for it, which does not change.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() {
                    $($word => Self::$variant,)+
                    _ => Self::Other(word),
                }
            }
        }

        impl From<$name> for String {
            fn from(known: $name) -> Self {
                known.as_str().to_owned()
            }
        }

        #[cfg(feature = "openapi")]
        impl $name {
            /// What the word says; nothing of one that this version does not know.
            pub fn about(&self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($doc),*).trim_ascii_start(),)+
                    Self::Other(_) => "",
                }
            }
        }

        #[cfg(feature = "openapi")]
        impl ::utoipa::PartialSchema for $name {
            fn schema() -> ::utoipa::openapi::RefOr<::utoipa::openapi::schema::Schema> {
                let words = Self::ALL.iter().map(|known| (known.as_str(), known.about()));
                $crate::words::schema(concat!($($about),*).trim_ascii_start(), words)
            }
        }

        #[cfg(feature = "openapi")]
        impl ::utoipa::ToSchema for $name {}
    };
}

pub(crate) use words;

/// What the description of the API says of words: those that this version knows, and what they say.
#[cfg(feature = "openapi")]
pub(crate) fn schema<'a>(
    about: &str,
    words: impl Iterator<Item = (&'a str, &'a str)>,
) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
    use utoipa::openapi::schema::{ObjectBuilder, Type};
    let (words, lines): (Vec<_>, Vec<_>) =
        words.map(|(word, about)| (word, format!("\n- `{word}`: {about}"))).unzip();
    let about = format!("{about}\n{}", lines.concat());
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).description(Some(about)).into()
}
