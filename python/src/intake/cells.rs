//! What a column looks like to those who compute with it.

use std::borrow::Cow;
use std::collections::HashMap;

use scouter_drift::column::{Code, Column, Mask, Tally, TextLength, Unit, read_pieces};
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
    /// So many rows without a value, and of what, where that is known: they tell nothing of what other parts hold.
    Missing(usize, Option<Holds>),
}

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Numbers,
    Times,
    Texts,
}

impl Holds {
    /// That of numbers that are this.
    pub(crate) fn of_unit(unit: Unit) -> Self {
        match unit {
            Unit::Number => Self::Numbers,
            Unit::Moment => Self::Times,
        }
    }
}

impl Cells<'_> {
    /// Texts as their lengths.
    ///
    /// # Errors
    /// With what the column holds, where that is something else.
    pub(crate) fn measured(self, length: TextLength) -> Result<Self, &'static str> {
        match self {
            Self::Texts(texts) => Ok(Self::Numbers(Box::new(Lengths { texts, length }))),
            other if other.is_missing() => Ok(Self::Missing(other.rows(), None)),
            other => Err(other.kind()),
        }
    }
}

impl Cells<'_> {
    /// What its values are; none where that is not said.
    pub(crate) fn holds(&self) -> Option<Holds> {
        match self {
            Self::Numbers(_) => Some(Holds::Numbers),
            Self::Times(_) => Some(Holds::Times),
            Self::Texts(_) => Some(Holds::Texts),
            Self::Missing(_, of) => *of,
        }
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        match self {
            Self::Numbers(numbers) | Self::Times(numbers) => numbers.rows(),
            Self::Texts(texts) => texts.rows(),
            Self::Missing(rows, _) => *rows,
        }
    }

    /// Whether no row has a value. Columns of data frames look like numbers or texts where they hold nothing, so all are looked at.
    pub(crate) fn is_missing(&self) -> bool {
        match self {
            Self::Numbers(numbers) | Self::Times(numbers) => all_missing(&**numbers),
            Self::Texts(texts) => {
                let mut all = true;
                texts.each(&mut |text| all &= text.is_none());
                all
            }
            Self::Missing(..) => true,
        }
    }

    /// What its numbers are.
    pub(crate) fn unit(&self) -> Unit {
        match self {
            Self::Times(_) | Self::Missing(_, Some(Holds::Times)) => Unit::Moment,
            Self::Numbers(_) | Self::Texts(_) | Self::Missing(..) => Unit::Number,
        }
    }

    /// What the column holds, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Numbers(_) => "numbers",
            Self::Times(_) => "moments",
            Self::Texts(_) => "texts",
            Self::Missing(..) => "no values",
        }
    }
}

fn all_missing(column: &(impl Column + ?Sized)) -> bool {
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

/// Texts as numbers: how long they are. What is no text has no length.
struct Lengths<'a> {
    texts: Box<dyn Texts + 'a>,
    length: TextLength,
}

impl Column for Lengths<'_> {
    fn rows(&self) -> usize {
        self.texts.rows()
    }

    fn each_chunk(&self, visit: &mut dyn FnMut(&[f64])) {
        const TOGETHER: usize = 1024;
        let mut some = Vec::with_capacity(TOGETHER);
        self.texts.each(&mut |text| {
            some.push(text.map_or(f64::NAN, |text| self.length.of(text)));
            if some.len() == TOGETHER {
                visit(&some);
                some.clear();
            }
        });
        if !some.is_empty() {
            visit(&some);
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

    fn read(&self, first: usize, to: &mut [f64]) {
        self.0.as_ref().read(first, to);
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

    fn read(&self, first: usize, to: &mut [f64]) {
        read_pieces(self.0.iter().map(|piece| &**piece), first, to);
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
            buffer.extend(chunk.iter().map(|v| self.scaled(*v)));
            visit(&buffer);
        });
    }

    fn read(&self, first: usize, to: &mut [f64]) {
        self.numbers.read(first, to);
        for v in to {
            *v = self.scaled(*v);
        }
    }
}

impl Scaled<'_> {
    fn scaled(&self, v: f64) -> f64 {
        let none = self.missing.unwrap_or(f64::NAN).to_bits();
        if v.to_bits() == none { f64::NAN } else { v * self.factor }
    }
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
