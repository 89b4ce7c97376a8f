//! What a column looks like to those who compute with it.

use std::borrow::Cow;
use std::collections::HashMap;

use scouter_drift::column::{Code, Column, Mask, Tally, Unit};
use scouter_drift::profile::TextState;

/// Numbers that can be read on any thread.
pub(crate) type Numbers<'a> = Box<dyn Column + Send + Sync + 'a>;

/// The values of a column.
pub(crate) enum Cells<'a> {
    /// Numbers and booleans.
    Numbers(Numbers<'a>),
    /// Moments, in microseconds since 1970 in UTC.
    Times(Numbers<'a>),
    /// Texts and categories.
    Texts(Box<dyn Texts + 'a>),
    /// So many rows without a value, which tell nothing of what other parts hold.
    Missing(usize),
}

impl Cells<'_> {
    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        match self {
            Self::Numbers(numbers) | Self::Times(numbers) => numbers.rows(),
            Self::Texts(texts) => texts.rows(),
            Self::Missing(rows) => *rows,
        }
    }

    /// Whether no row has a value. What could hold numbers, as the columns of data frames do that hold nothing, is looked at.
    pub(crate) fn is_missing(&self) -> bool {
        match self {
            Self::Numbers(numbers) | Self::Times(numbers) => all_missing(&**numbers),
            Self::Texts(_) => false,
            Self::Missing(_) => true,
        }
    }

    /// What its numbers are.
    pub(crate) fn unit(&self) -> Unit {
        match self {
            Self::Times(_) => Unit::Moment,
            Self::Numbers(_) | Self::Texts(_) | Self::Missing(_) => Unit::Number,
        }
    }

    /// What the column holds, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Numbers(_) => "numbers",
            Self::Times(_) => "moments",
            Self::Texts(_) => "texts",
            Self::Missing(_) => "no values",
        }
    }
}

/// Whether no row of a column has a value.
pub(crate) fn all_missing(column: &(impl Column + ?Sized)) -> bool {
    let mut all = true;
    column.each_chunk(&mut |chunk| all = all && chunk.iter().all(|v| v.is_nan()));
    all
}

/// So many rows without a value, as numbers.
pub(crate) struct Nothing(pub(crate) usize);

impl Column for Nothing {
    fn rows(&self) -> usize {
        self.0
    }

    fn each_chunk(&self, visit: &mut dyn FnMut(&[f64])) {
        let chunk = [f64::NAN; 1024];
        for at in (0..self.0).step_by(chunk.len()) {
            visit(&chunk[..chunk.len().min(self.0 - at)]);
        }
    }
}

/// Texts in the order of their rows.
pub(crate) trait Texts: Send + Sync {
    fn rows(&self) -> usize;

    fn each<'s>(&'s self, visit: &mut dyn FnMut(Option<&'s str>));

    /// How often each occurs.
    fn tally(&self, tally: &mut Tally) {
        // Equal texts often follow each other, but the tally looks them up well enough.
        self.each(&mut |text| tally.add([text]));
    }

    fn describe(&self, state: &mut TextState) {
        const TOGETHER: usize = 8192;
        let mut some: Vec<Option<&str>> = Vec::with_capacity(TOGETHER);
        self.each(&mut |text| {
            some.push(text);
            if some.len() == TOGETHER {
                state.add(some.drain(..));
            }
        });
        state.add(some);
    }
}

/// Pieces one after another.
impl Texts for Vec<Box<dyn Texts + '_>> {
    fn rows(&self) -> usize {
        self.iter().map(|piece| piece.rows()).sum()
    }

    fn each<'s>(&'s self, visit: &mut dyn FnMut(Option<&'s str>)) {
        for piece in self {
            piece.each(visit);
        }
    }

    fn tally(&self, tally: &mut Tally) {
        for piece in self {
            piece.tally(tally);
        }
    }

    fn describe(&self, state: &mut TextState) {
        for piece in self {
            piece.describe(state);
        }
    }
}

/// Codes of categories.
pub(crate) struct Coded<'a, C> {
    pub(crate) codes: &'a [C],
    /// Arrow has categories that are no text.
    pub(crate) categories: Vec<Option<&'a str>>,
    pub(crate) mask: Option<Mask<'a>>,
}

impl<C: Code + Send + Sync> Texts for Coded<'_, C> {
    fn rows(&self) -> usize {
        self.codes.len()
    }

    fn each<'s>(&'s self, visit: &mut dyn FnMut(Option<&'s str>)) {
        for (row, code) in self.codes.iter().enumerate() {
            let at = code.position().filter(|_| !self.mask.is_some_and(|mask| mask.is_missing(row)));
            visit(at.and_then(|at| self.categories.get(at)).copied().flatten());
        }
    }

    fn tally(&self, tally: &mut Tally) {
        tally.add_codes(self.codes, &self.categories, self.mask);
    }

    fn describe(&self, state: &mut TextState) {
        state.add_codes(self.codes, &self.categories, self.mask);
    }
}

/// Numbers in one piece.
pub(crate) struct Plain<V>(pub(crate) V);

impl<V: AsRef<[f64]>> Column for Plain<V> {
    fn rows(&self) -> usize {
        self.0.as_ref().len()
    }

    fn each_chunk(&self, visit: &mut dyn FnMut(&[f64])) {
        self.0.as_ref().each_chunk(visit);
    }
}

/// Pieces of numbers one after another.
pub(crate) struct Chunked<'a>(pub(crate) Vec<Numbers<'a>>);

impl Column for Chunked<'_> {
    fn rows(&self) -> usize {
        self.0.iter().map(|piece| piece.rows()).sum()
    }

    fn each_chunk(&self, visit: &mut dyn FnMut(&[f64])) {
        for piece in &self.0 {
            piece.each_chunk(visit);
        }
    }

    fn each_whole(&self, visit: &mut dyn FnMut(Option<i128>)) -> bool {
        self.0.iter().all(|piece| piece.each_whole(visit))
    }
}

/// Numbers in units of something else: every value of a column, times a factor.
pub(crate) struct Scaled<'a> {
    pub(crate) numbers: Numbers<'a>,
    pub(crate) factor: f64,
    /// The value that stands for none.
    pub(crate) missing: Option<f64>,
}

impl Column for Scaled<'_> {
    fn rows(&self) -> usize {
        self.numbers.rows()
    }

    fn each_chunk(&self, visit: &mut dyn FnMut(&[f64])) {
        let mut buffer = Vec::new();
        self.numbers.each_chunk(&mut |chunk| {
            buffer.clear();
            let none = self.missing.unwrap_or(f64::NAN).to_bits();
            let scale = |v: &f64| if v.to_bits() == none { f64::NAN } else { v * self.factor };
            buffer.extend(chunk.iter().map(scale));
            visit(&buffer);
        });
    }
}

/// A column whose values were brought into one piece.
pub(crate) struct Gathered<'a, C: ?Sized> {
    values: Vec<f64>,
    from: &'a C,
}

impl<C: Column + ?Sized> Column for Gathered<'_, C> {
    fn rows(&self) -> usize {
        self.values.len()
    }

    fn each_chunk(&self, visit: &mut dyn FnMut(&[f64])) {
        self.values[..].each_chunk(visit);
    }

    fn each_whole(&self, visit: &mut dyn FnMut(Option<i128>)) -> bool {
        self.from.each_whole(visit)
    }
}

/// A column that does not lie in one piece of `f64`, for methods that read it more than once.
pub(crate) fn gathered<C: Column + ?Sized>(column: &C) -> Option<Gathered<'_, C>> {
    let rows = column.rows();
    let (mut values, mut in_one_piece) = (Vec::new(), false);
    column.each_chunk(&mut |chunk| {
        in_one_piece |= chunk.len() == rows;
        if !in_one_piece {
            values.reserve(rows - values.len());
            values.extend_from_slice(chunk);
        }
    });
    (!in_one_piece).then_some(Gathered { values, from: column })
}

/// A text that is a number with a fraction or an exponent, as numbers are spelled that become categories; any other as it is.
pub(crate) fn spelled(text: &str) -> Cow<'_, str> {
    match text.parse::<f64>() {
        Ok(number) if text.contains(['.', 'e', 'E']) => Cow::Owned((number + 0.0).to_string()),
        _ => Cow::Borrowed(text),
    }
}

/// Numbers as categories: each by its shortest decimal form, whole ones without a point, so that `1` and `1.0` are the same.
pub(crate) fn tally_numbers(numbers: &(impl Column + ?Sized), tally: &mut Tally) {
    let mut whole: HashMap<Option<i128>, u64> = HashMap::new();
    if numbers.each_whole(&mut |v| *whole.entry(v).or_default() += 1) {
        for (v, count) in whole {
            tally.weigh(v.map(|v| v.to_string()).as_deref(), count);
        }
        return;
    }
    let mut places: HashMap<u64, u32> = HashMap::new();
    let mut names: Vec<String> = Vec::new();
    let mut codes: Vec<i64> = Vec::new();
    numbers.each_chunk(&mut |chunk| {
        for part in chunk.chunks(8192) {
            codes.clear();
            codes.extend(part.iter().map(|v| {
                if v.is_nan() {
                    return -1;
                }
                // Minus zero is zero.
                let v = v + 0.0;
                let code = *places.entry(v.to_bits()).or_insert_with(|| {
                    names.push(v.to_string());
                    u32::try_from(names.len() - 1).unwrap_or(u32::MAX)
                });
                i64::from(code)
            }));
            let known: Vec<Option<&str>> = names.iter().map(|name| Some(name.as_str())).collect();
            tally.add_codes(&codes, &known, None);
        }
    });
}
