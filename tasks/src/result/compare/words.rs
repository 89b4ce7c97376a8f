//! What a comparison says, for whoever must decide. Plain words first; the names of statistics stand
//! in brackets behind them.

use std::fmt::Write;
use std::num::NonZeroU32;

use super::comparison::{Comparison, Validity};
use super::decide::{ComparisonVerdict, RateChange};
use super::options::Options;
use super::pair::{Side, Trend};
use crate::counted::counted;
use crate::operator::short_key;
use crate::result::table::percent;

/// How many tasks are named; the rest is counted.
const MOST_NAMES: usize = 8;

/// What the verdict means, in a sentence without its full stop.
pub fn headline(comparison: &Comparison) -> String {
    match comparison.validity() {
        Validity::Valid => {}
        Validity::Disjoint => return disjoint(comparison),
        Validity::OtherTrials { compared, baseline } => return other_trials([compared, baseline]),
        Validity::NothingCompared => return "no check that counts came to a verdict in both runs".to_owned(),
        Validity::PlacesUnknown => {
            return "the runs left out different records that could not be read, and records without ids are \
                    paired by their place: give them ids, or mend the data"
                .to_owned();
        }
        Validity::TooManyErrors => {
            let trials = comparison.other_trials().map(|trials| format!("; {}", other_trials(trials)));
            return format!(
                "{}, so that they say nothing about quality{}",
                errors(comparison, "more than the", "that may"),
                trials.unwrap_or_default()
            );
        }
    }
    let verdict = comparison.verdict();
    let threshold = threshold(&comparison.options);
    match verdict {
        ComparisonVerdict::Improved => better(comparison),
        ComparisonVerdict::Regressed => worse(comparison),
        ComparisonVerdict::Unchanged if comparison.overall.is_none() => {
            "as good as the baseline over all records".to_owned()
        }
        ComparisonVerdict::Unchanged => {
            format!("as good as the baseline: the change is surely no more than {threshold} points")
        }
        ComparisonVerdict::Inconclusive | ComparisonVerdict::Invalid => undecided(comparison),
    }
}

/// That the runs ran each record another number of times, and what to do.
fn other_trials([compared, baseline]: [NonZeroU32; 2]) -> String {
    format!(
        "this run ran each record {}, the baseline {}: run it with `trials={baseline}`, or make a new baseline with \
         `trials={compared}`",
        counted_times(compared),
        counted_times(baseline)
    )
}

/// `once`, `4 times`.
fn counted_times(times: NonZeroU32) -> String {
    if times.get() == 1 { "once".to_owned() } else { counted(times, "time") }
}

/// Which records the runs have instead of common ones.
fn disjoint(comparison: &Comparison) -> String {
    let first = |name: Option<String>| short_key(&name.unwrap_or_default());
    let now = first(comparison.new_records().next());
    let before = first(comparison.lost_records().next());
    format!(
        "the runs have no record in common: this one has {now}, the baseline has {before}; records are paired by \
         their ids, so give them the ids that they had"
    )
}

/// What got worse, and what is not looked at any more.
fn worse(comparison: &Comparison) -> String {
    let regressed = ComparisonVerdict::Regressed;
    let worse = among_records(comparison, regressed, "worse");
    let all = over_all(comparison, regressed).map(|names| format!("worse over all records: {names}"));
    let lost = listed(comparison.lost_tasks()).map(|lost| {
        let new = listed(comparison.new_tasks());
        let new = new
            .map(|new| format!(" (new: {new}; a task that was renamed needs its old id, or a new baseline)"));
        format!("no longer checked: {lost}{}", new.unwrap_or_default())
    });
    worse.into_iter().chain(all).chain(lost).collect::<Vec<_>>().join("; ")
}

fn better(comparison: &Comparison) -> String {
    let improved = ComparisonVerdict::Improved;
    let better = among_records(comparison, improved, "better");
    let all = over_all(comparison, improved).map(|names| format!("better over all records: {names}"));
    better.into_iter().chain(all).collect::<Vec<_>>().join("; ")
}

/// What went this way of the records or of a task that looks at them one by one.
fn among_records(comparison: &Comparison, verdict: ComparisonVerdict, word: &str) -> Option<String> {
    let whole = comparison.overall.is_some_and(|overall| overall.verdict == verdict);
    let any = whole || comparison.tasks.iter().any(|task| task.verdict() == verdict);
    any.then(|| better_or_worse(comparison, verdict, word))
}

/// The tasks that look at all records at once and went this way, with what they came to.
fn over_all(comparison: &Comparison, verdict: ComparisonVerdict) -> Option<String> {
    let told = comparison.tasks_over_all(verdict).map(|(id, change)| {
        format!("`{id}` ({} before, {} now)", change.baseline.as_str(), change.comparison.as_str())
    });
    shortened(told)
}

fn better_or_worse(comparison: &Comparison, verdict: ComparisonVerdict, word: &str) -> String {
    const LUCK: &str = "by more than luck explains";
    let whole = comparison.overall.map(|overall| overall.verdict);
    if whole == Some(verdict) {
        return format!("{word} than the baseline, {LUCK}");
    }
    let names = tasks(comparison, verdict).unwrap_or_default();
    let whole = whole.map(|whole| format!("; all tasks together: {}", whole.as_str())).unwrap_or_default();
    format!("{word} than the baseline in {names}, {LUCK}{whole}")
}

fn undecided(comparison: &Comparison) -> String {
    const OPEN: &str = "too few records to tell better from worse";
    if let [first, more @ ..] = comparison.changed_tasks.as_slice() {
        let more = listed(more.iter().map(|task| task.task_id.as_str()));
        let more = more.map(|names| format!("; so are {names}")).unwrap_or_default();
        return format!(
            "`{}` is another check than that of the baseline ({}){more}: make a new baseline with it",
            first.task_id, first.what
        );
    }
    let Some(overall) = comparison.overall else { return OPEN.to_owned() };
    if let Some(records) = overall.records_needed {
        return format!("{OPEN}; about {records} like these would decide");
    }
    let seen = match (overall.gained, overall.lost) {
        (0, 0) => "no record changed",
        _ => "what got better and what got worse cancel out",
    };
    format!(
        "{seen}, but to be called unchanged, it must be said which change is too small to matter: set `regression_threshold`"
    )
}

/// The tasks of this verdict, by name.
fn tasks(comparison: &Comparison, verdict: ComparisonVerdict) -> Option<String> {
    let all = comparison.tasks.iter().filter(|task| task.verdict() == verdict);
    listed(all.map(|task| comparison.task_id(task.task)))
}

/// The first of these ids, and how many more there are; `None` where there is none.
fn listed<'i>(ids: impl Iterator<Item = &'i str>) -> Option<String> {
    shortened(ids.map(|id| format!("`{id}`")))
}

fn shortened(names: impl Iterator<Item = String>) -> Option<String> {
    let all: Vec<String> = names.collect();
    let more = all.len().saturating_sub(MOST_NAMES);
    let mut text = all.iter().take(MOST_NAMES).map(String::as_str).collect::<Vec<_>>().join(", ");
    if more > 0 {
        let _ = write!(text, " and {more} more");
    }
    (!all.is_empty()).then_some(text)
}

/// What the verdict rests on: a name for each thing, and what there is to say of it.
pub fn evidence(comparison: &Comparison) -> Vec<(&'static str, String)> {
    let Comparison { options, overall, .. } = comparison;
    let mut lines = vec![("Checks passed", checks(comparison))];
    let [worse, better, same] =
        [Trend::Regressed, Trend::Improved, Trend::Unchanged].map(|trend| comparison.trend(trend));
    let pairs = comparison.pairs.len();
    let records = format!("{worse} regressed, {better} improved, {same} unchanged of {pairs} in both runs");
    let threshold = format!("(threshold: {} points)", threshold(options));
    lines.push(("Records", format!("{records} {threshold}")));
    let valid = comparison.validity() == Validity::Valid;
    if let Some(overall) = overall.as_ref().filter(|_| valid) {
        let change = points(overall.difference);
        lines.push(("Pass rate", format!("{change} points over the records, {}", likely(overall, options))));
        let (gained, lost) = (overall.gained, overall.lost);
        if (gained, lost, overall.records) != (better, worse, pairs) {
            let same = overall.records - gained - lost;
            let of = overall.records;
            let told = format!("{gained} better, {lost} worse, {same} as before of {of} judged in both runs");
            lines.push(("It rests on", told));
        }
        lines.push(("Luck", luck(overall, options)));
        lines.extend(disagreement(overall).map(|told| ("Interval", told)));
        lines.extend(noticed(overall).map(|noticed| ("Would notice", noticed)));
    }
    lines.extend(tasks(comparison, ComparisonVerdict::Regressed).map(|names| ("Tasks worse", names)));
    lines.extend(tasks(comparison, ComparisonVerdict::Improved).map(|names| ("Tasks better", names)));
    let all = |verdict, name| over_all(comparison, verdict).map(|told| (name, told));
    lines.extend(all(ComparisonVerdict::Regressed, "Worse over all records"));
    lines.extend(all(ComparisonVerdict::Improved, "Better over all records"));
    let told = matches!(comparison.validity(), Validity::TooManyErrors | Validity::Disjoint);
    if comparison.error_share().1 > 0.0 && !told {
        lines.push(("Errors", errors(comparison, "at most", "may")));
    }
    lines
}

/// How sure the change of a rate is, in a line.
pub(crate) fn sureness(rate: &RateChange, options: &Options) -> String {
    let mut text =
        format!("{} points, {}; {}", points(rate.difference), likely(rate, options), luck(rate, options));
    if let Some(records) = rate.records_needed {
        let _ = write!(text, "; about {} like these would decide", counted(records, "record"));
    }
    text
}

fn checks(comparison: &Comparison) -> String {
    format!("{} before, {} now", comparison.baseline.counts(), comparison.compared.counts())
}

fn likely(rate: &RateChange, options: &Options) -> String {
    let level = percent(1.0 - options.alpha.get());
    let [low, high] = [rate.interval.low, rate.interval.high].map(points);
    let clusters = if rate.clusters == rate.records {
        String::new()
    } else {
        format!(", {} of records that hang together", counted(rate.clusters, "cluster"))
    };
    format!("likely between {low} and {high} ({level} interval{clusters})")
}

/// What chance alone would make of it.
fn luck(rate: &RateChange, options: &Options) -> String {
    let adjusted = if rate.adjusted_p.total_cmp(&rate.p).is_eq() {
        String::new()
    } else {
        format!(", {} adjusted for all that was tested", p_value(rate.adjusted_p))
    };
    let often = often(rate.p);
    let level = options.alpha.get();
    format!(
        "equally good runs differ as much {often} ({}{adjusted}; below {level} counts)",
        told_p_value(rate.p)
    )
}

/// How often something of this chance happens.
fn often(p: f64) -> String {
    match p {
        ..1e-4 => "less than once in 10,000 times".to_owned(),
        ..0.095 => format!("once in {:.0} times", 1.0 / p),
        ..0.995 => format!("{:.0} times in 100", 100.0 * p),
        _ => "nearly always".to_owned(),
    }
}

/// What to make of an interval that leaves out 0 beside a p value that leaves chance open.
fn disagreement(rate: &RateChange) -> Option<String> {
    let leaves_out = rate.interval.low > 0.0 || rate.interval.high < 0.0;
    (leaves_out && rate.verdict == ComparisonVerdict::Inconclusive).then(|| {
        "it leaves out 0, and the p value decides: that is worked out by another method, and adjusted for all that was tested"
            .to_owned()
    })
}

fn noticed(rate: &RateChange) -> Option<String> {
    let points = 100.0 * rate.smallest?;
    let records = counted(rate.records, "record");
    Some(format!(
        "a change of {points:.1} points or more, 8 times in 10, with {records} (detectable difference)"
    ))
}

fn errors(comparison: &Comparison, most: &str, may: &str) -> String {
    let (side, share) = comparison.error_share();
    let [share, allowed] = [share, comparison.options.max_error_share].map(percent_short);
    let what = match side {
        Side::Baseline => "of the baseline's records errored",
        Side::Comparison => "of the records errored or are lost",
    };
    format!("{share} {what}, {most} {allowed} {may}")
}

fn percent_short(share: f64) -> String {
    percent((1e3 * share).round() / 1e3)
}

/// The threshold in percentage points.
pub(super) fn threshold(options: &Options) -> f64 {
    (1e8 * options.threshold).round() / 1e6
}

/// A p value, to as many digits as tell something. It is never zero: one that is smaller than floats can tell is below what they can.
pub(crate) fn p_value(p: f64) -> String {
    if p >= 0.001 {
        format!("{p:.3}")
    } else if p < 1e-300 {
        "< 1e−300".to_owned()
    } else {
        format!("{p:.1e}").replace('-', "−")
    }
}

/// The same in a sentence: `p = 0.003`, `p < 1e−300`.
pub(crate) fn told_p_value(p: f64) -> String {
    let said = p_value(p);
    if said.starts_with('<') { format!("p {said}") } else { format!("p = {said}") }
}

/// A change of a rate, in percentage points.
pub(crate) fn points(delta: f64) -> String {
    let points = format!("{:+.1}", 100.0 * delta);
    if matches!(points.as_str(), "+0.0" | "-0.0") { "±0.0".to_owned() } else { points.replace('-', "−") }
}

/// A number of any size, to four digits or more.
pub(crate) fn number(number: f64) -> String {
    let size = number.abs();
    let text = match size {
        0.0 => "0".to_owned(),
        _ if !(1e-3..1e7).contains(&size) => format!("{number:.3e}"),
        1e3.. => format!("{number:.1}"),
        10.0.. => format!("{number:.2}"),
        _ => format!("{number:.4}"),
    };
    text.replace('-', "−")
}

/// The same without zeros at its end, for limits and marks.
pub(crate) fn short_number(of: f64) -> String {
    let text = number(of);
    match text.split_once('e') {
        None if text.contains('.') => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        Some((digits, power)) if digits.contains('.') => {
            format!("{}e{power}", digits.trim_end_matches('0').trim_end_matches('.'))
        }
        _ => text,
    }
}

/// The same of a change, with its sign.
pub(crate) fn signed(change: f64) -> String {
    let text = number(change);
    if change > 0.0 { format!("+{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_are_told_as_people_count() {
        assert_eq!(often(0.453), "45 times in 100");
        assert_eq!(often(0.0071), "once in 141 times");
        assert_eq!(often(1e-40), "less than once in 10,000 times");
        assert_eq!(often(1.0), "nearly always");
    }

    #[test]
    fn p_values_have_the_digits_that_tell_something_and_are_never_zero() {
        let told = [1.0, 0.0312, 0.00042, 1e-300, 0.0].map(told_p_value);
        assert_eq!(told, ["p = 1.000", "p = 0.031", "p = 4.2e−4", "p = 1.0e−300", "p < 1e−300"]);
    }

    #[test]
    fn numbers_of_any_size_keep_four_digits() {
        let shown = [0.0, 0.58381, 12.3456, 1_234.56, -3e-9, 2.5e8].map(number);
        assert_eq!(shown, ["0", "0.5838", "12.35", "1234.6", "−3.000e−9", "2.500e8"]);
        let short = [10.0, 12.3456, 0.5, 2.5e8, 1e9, 150.0].map(short_number);
        assert_eq!(short, ["10", "12.35", "0.5", "2.5e8", "1e9", "150"]);
        assert_eq!([signed(0.5), signed(-0.5), signed(0.0)], ["+0.5000", "−0.5000", "0"]);
    }

    #[test]
    fn a_change_of_nothing_has_no_sign() {
        assert_eq!([points(-0.0), points(0.0004), points(-0.047)], ["±0.0", "±0.0", "−4.7"]);
    }
}
