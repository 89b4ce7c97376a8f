//! Shapes and text, escaped.

use std::fmt::Write;

use crate::report::text::{clip, one_line, visible};

/// How wide a drawing is that has a line of the page to itself.
pub(super) const WIDE: f64 = 720.0;

/// Where it ends but for the words beside it.
pub(super) const EDGE: f64 = 660.0;

/// A drawing under way.
#[derive(Debug)]
pub(super) struct Svg(String);

/// A place and a size, in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Svg {
    /// A drawing of this size; `label` says what it shows to those who do not see it.
    pub(super) fn new(label: &str, width: f64, height: f64) -> Self {
        let label = escape(label);
        Self(format!(
            r#"<svg class="scouter-chart" role="img" aria-label="{label}" viewBox="0 0 {width} {height}" style="max-width:{width}px">"#
        ))
    }

    /// A box; what it stands for is shown when it is pointed at.
    pub(super) fn fill(&mut self, class: &str, place: Rect, title: &str) {
        let Rect { x, y, width, height } = place;
        self.push(format_args!(
            r#"<rect class="{class}" x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}">"#
        ));
        if !title.is_empty() {
            self.push(format_args!("<title>{}</title>", escape(title)));
        }
        self.0.push_str("</rect>");
    }

    pub(super) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.push(format_args!(
            r#"<line class="{class}" x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}"/>"#
        ));
    }

    /// A line through points, from left to right.
    pub(super) fn path(&mut self, class: &str, points: impl Iterator<Item = (f64, f64)>) {
        self.push(format_args!(r#"<polyline class="{class}" points=""#));
        points.for_each(|(x, y)| self.push(format_args!("{x:.1},{y:.1} ")));
        self.0.push_str("\"/>");
    }

    pub(super) fn dot(&mut self, class: &str, at: (f64, f64), radius: f64, title: &str) {
        let (x, y) = at;
        let title = escape(title);
        self.push(format_args!(
            r#"<circle class="{class}" cx="{x:.1}" cy="{y:.1}" r="{radius}"><title>{title}</title></circle>"#
        ));
    }

    pub(super) fn text(&mut self, class: &str, at: (f64, f64), text: &str) {
        let (x, y) = at;
        let text = escape(text);
        self.push(format_args!(r#"<text class="{class}" x="{x:.1}" y="{y:.1}">{text}</text>"#));
    }

    pub(super) fn finish(mut self) -> String {
        self.0.push_str("</svg>");
        self.0
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing into a `String` cannot fail.
        let _ = self.0.write_fmt(text);
    }
}

/// Text of users, made safe to stand in markup.
fn escape(text: &str) -> String {
    minijinja::HtmlEscape(&clip(&one_line(&visible(text)), 200)).to_string()
}

/// The beginning of a text that has room for so many characters.
pub(super) fn shortened(text: &str, most: usize) -> String {
    if text.char_indices().nth(most).is_none() {
        return text.to_owned();
    }
    let end = text.char_indices().nth(most.saturating_sub(1)).map_or(text.len(), |(end, _)| end);
    format!("{}…", &text[..end])
}
