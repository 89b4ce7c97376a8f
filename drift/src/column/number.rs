//! Numbers of any width, seen as `f64`.

mod sealed {
    pub trait Sealed {}
}

/// A number as it lies in memory. It is read as `f64`; whole numbers beyond 2⁵³ are rounded to the nearest.
pub trait Number: Copy + Send + Sync + sealed::Sealed {
    /// The nearest `f64`.
    fn to_f64(self) -> f64;

    /// Whether there are numbers of this type that are not told apart as `f64`.
    const WIDE: bool = false;

    /// The number itself, of wide types.
    fn whole(self) -> Option<i128> {
        None
    }

    /// The same memory as `f64`, where it is.
    fn as_doubles(_values: &[Self]) -> Option<&[f64]> {
        None
    }
}

impl sealed::Sealed for f64 {}
impl Number for f64 {
    fn to_f64(self) -> f64 {
        self
    }

    fn as_doubles(values: &[Self]) -> Option<&[f64]> {
        Some(values)
    }
}

impl sealed::Sealed for bool {}
impl Number for bool {
    fn to_f64(self) -> f64 {
        f64::from(u8::from(self))
    }
}

macro_rules! exact {
    ($($t:ty),*) => {$(
        impl sealed::Sealed for $t {}
        impl Number for $t {
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
        }
    )*};
}
exact!(f32, i8, i16, i32, u8, u16, u32);

macro_rules! rounded {
    ($($t:ty),*) => {$(
        impl sealed::Sealed for $t {}
        impl Number for $t {
            const WIDE: bool = true;

            fn to_f64(self) -> f64 {
                self as f64
            }

            fn whole(self) -> Option<i128> {
                Some(self.into())
            }
        }
    )*};
}
rounded!(i64, u64);
