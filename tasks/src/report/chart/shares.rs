//! How rows fall into bins, then and now, and what each bin adds to the index.

use super::scale::Scale;
use super::svg::{EDGE, Rect, Svg, WIDE, shortened};
use crate::counted::counted;
use crate::result::{number, short_number};

/// How many bins are drawn; of more, those that add most.
const MOST: usize = 40;
const ROW: f64 = 26.0;
const TOP: f64 = 24.0;
const LABELS: f64 = 170.0;
/// Where the shares begin and end, and the terms.
const SHARES: (f64, f64) = (LABELS + 8.0, 460.0);
const TERMS: (f64, f64) = (540.0, EDGE);

/// A bin: its share of the rows, from 0 to 1.
#[derive(Clone, Debug)]
pub(crate) struct Share {
    pub(crate) label: String,
    pub(crate) baseline: f64,
    /// Its share now, and what it adds to the index; none of a baseline alone.
    pub(crate) current: Option<(f64, f64)>,
}

/// Bins one below the other, in their order.
pub(crate) fn shares(name: &str, bins: &[Share]) -> String {
    let term = |bin: &Share| bin.current.map_or(bin.baseline, |(_, term)| term);
    let mut drawn: Vec<usize> = (0..bins.len()).collect();
    drawn.sort_by(|a, b| term(&bins[*b]).total_cmp(&term(&bins[*a])));
    drawn.truncate(MOST);
    drawn.sort_unstable();
    let left_out = bins.len() - drawn.len();
    let has_now = bins.iter().any(|bin| bin.current.is_some());
    let height = TOP + ROW * drawn.len() as f64 + if left_out > 0 { 22.0 } else { 4.0 };
    let what = if has_now { "shares of bins in the baseline and now" } else { "shares of bins" };
    let mut svg = Svg::new(&format!("{name}: {what}"), WIDE, height);
    head(&mut svg, has_now);
    let greatest = |of: &dyn Fn(&Share) -> f64| bins.iter().map(of).fold(0.0, f64::max);
    let most = greatest(&|bin| bin.baseline).max(greatest(&|bin| bin.current.map_or(0.0, |(now, _)| now)));
    let share = Scale::new(0.0, most.max(1e-9), SHARES.0, SHARES.1);
    let terms = Scale::new(
        0.0,
        greatest(&|bin| bin.current.map_or(0.0, |(_, term)| term)).max(1e-9),
        TERMS.0,
        TERMS.1,
    );
    for (row, &at) in drawn.iter().enumerate() {
        let y = TOP + ROW * row as f64;
        bin(&mut svg, y, &bins[at], (share, terms));
    }
    svg.line("axis", (SHARES.0, TOP), (SHARES.0, TOP + ROW * drawn.len() as f64));
    if left_out > 0 {
        let told = format!("and {} of less weight", counted(left_out, "more bin"));
        svg.text("soft", (SHARES.0, height - 6.0), &told);
    }
    svg.finish()
}

fn head(svg: &mut Svg, has_now: bool) {
    let key = |svg: &mut Svg, class: &str, x: f64, text: &str| {
        svg.fill(class, Rect { x, y: 4.0, width: 10.0, height: 10.0 }, "");
        svg.text("soft", (x + 15.0, 13.0), text);
    };
    key(svg, "was", SHARES.0, "baseline");
    if has_now {
        key(svg, "now", SHARES.0 + 84.0, "now");
        key(svg, "term", TERMS.0, "adds to PSI");
    }
}

fn bin(svg: &mut Svg, y: f64, bin: &Share, (share, terms): (Scale, Scale)) {
    // One decimal is what a bar shows; what would be zero then is told exactly.
    let percent = |share: f64| {
        let percent = 100.0 * share;
        if percent < 0.1 { format!("{}%", short_number(percent)) } else { format!("{percent:.1}%") }
    };
    svg.text("end", (LABELS, y + 15.0), &shortened(&bin.label, 26));
    let bar = |svg: &mut Svg, class: &str, y: f64, height: f64, of: f64, what: &str| {
        let width = share.place(of) - SHARES.0;
        let title = format!("{}: {} {what}", bin.label, percent(of));
        svg.fill(class, Rect { x: SHARES.0, y, width, height }, &title);
        svg.text("soft", (SHARES.0 + width + 5.0, y + height - 1.0), &percent(of));
    };
    let Some((now, term)) = bin.current else {
        bar(svg, "was", y + 5.0, 12.0, bin.baseline, "of the baseline");
        return;
    };
    bar(svg, "was", y + 1.0, 10.0, bin.baseline, "of the baseline");
    bar(svg, "now", y + 12.0, 10.0, now, "now");
    let width = (terms.place(term) - TERMS.0).max(0.5);
    let title = format!("{}: adds {} to the index", bin.label, number(term));
    svg.fill("term", Rect { x: TERMS.0, y: y + 6.0, width, height: 10.0 }, &title);
    svg.text("soft", (TERMS.0 + width + 5.0, y + 15.0), &number(term));
}
