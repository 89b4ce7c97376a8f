//! The reference page, made from the table.

use std::fmt::Write;

use super::row::{Example, Family, Row, Scope};
use super::table::Operator;

const HEAD: &str = "\
# Operators

What an assertion can say about a value: the `operator` of a task. This page is made from the table of operators; change
the table, then run `just docs`. How values compare is told in [values](values.md).

- **Expects** is what `expected_value` has to be. Anything else is an error of configuration, found before the first record.
- **On an array**: *each item* is judged by itself, and an empty array never passes; *the whole* array is looked at otherwise.
- A value of a kind that the operator cannot judge *fails*, with a message that says so, under an operator as under its opposite.
- A path that leads nowhere fails under every operator but `NotExists` (or `Exists` with `false`, which says the same).
";

/// The reference page of operators, in Markdown.
pub fn reference() -> String {
    let mut page = String::from(HEAD);
    let mut family = None;
    for operator in Operator::ALL {
        let row = operator.row();
        if family != Some(row.family) {
            family = Some(row.family);
            head(&mut page, row.family);
        }
        line(&mut page, row);
    }
    page
}

fn head(page: &mut String, family: Family) {
    // Writing into a `String` cannot fail.
    let _ = write!(
        page,
        "\n## {family}\n\n| operator | meaning | expects | on an array | passes | fails |\n|---|---|---|---|---|---|\n"
    );
}

fn line(page: &mut String, row: &Row) {
    let scope = match row.scope {
        Scope::Items => "each item",
        Scope::ItemsUnlessArrayExpected => "each item; the whole where an array is expected",
        Scope::Whole => "the whole",
    };
    let cells = [
        format!("`{}`", row.name),
        row.doc.to_owned(),
        row.expects.to_string(),
        scope.to_owned(),
        shown(row.passes),
        shown(row.fails),
    ];
    let cells = cells.map(|cell| cell.replace('|', "\\|"));
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

fn shown(example: Example) -> String {
    let actual = example.actual.map_or("(missing)".to_owned(), |actual| format!("`{actual}`"));
    match example.expected {
        Some(expected) => format!("{actual}, expected `{expected}`"),
        None => actual,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the switch that renews the page is for this test alone")]
    fn the_reference_page_is_up_to_date() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/operators.md");
        if std::env::var("SCOUTER_UPDATE").is_ok_and(|value| value == "1") {
            fs::write(&path, super::reference()).unwrap();
        }
        let page = fs::read_to_string(&path).unwrap_or_default();
        assert!(page == super::reference(), "docs/reference/operators.md is stale: run `just docs`");
    }
}
