//! Reads a page of specs: see `tests/specs/README.md`.

/// A table of a page with the blocks that count for it.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) context: Option<String>,
    pub(crate) spans: Option<String>,
    pub(crate) tasks: Option<String>,
    pub(crate) kind: Kind,
    pub(crate) rows: Vec<Row>,
}

/// What a table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What becomes of the tasks of a record.
    Tasks,
    /// What an operator says of a value.
    Operators,
    /// What is wrong with a task file.
    Problems,
}

/// A line of a table: its place in the file, and its cells by column.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) line: usize,
    cells: Vec<(String, String)>,
}

impl Row {
    /// The cell of a column; empty where there is no such column.
    pub(crate) fn cell(&self, column: &str) -> &str {
        self.cells.iter().find(|(name, _)| name == column).map_or("", |(_, cell)| cell)
    }
}

/// The blocks that are in force.
#[derive(Clone, Debug, Default)]
struct Blocks([Option<String>; 3]);

const BLOCKS: [&str; 3] = ["json context", "json spans", "yaml tasks"];

/// The cases of a page. A mistake names its line.
pub(crate) fn read(text: &str) -> Result<Vec<Case>, String> {
    let lines: Vec<&str> = text.lines().collect();
    let (mut page, mut section) = (Blocks::default(), None::<Blocks>);
    let mut cases = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        if line.starts_with("## ") {
            section = Some(Blocks::default());
        } else if let Some(info) = line.strip_prefix("```") {
            let end = lines[at + 1..].iter().position(|line| *line == "```");
            let end = at + 1 + end.ok_or_else(|| format!("line {}: the block is never closed", at + 1))?;
            match BLOCKS.iter().position(|known| *known == info) {
                Some(kind) => {
                    section.as_mut().unwrap_or(&mut page).0[kind] = Some(lines[at + 1..end].join("\n"));
                }
                None if info.contains(' ') => return Err(format!("line {}: unknown block `{info}`", at + 1)),
                None => {}
            }
            at = end;
        } else if line.starts_with('|') {
            let length = lines[at..].iter().take_while(|line| line.starts_with('|')).count();
            let own = section.as_ref().unwrap_or(&page);
            let block = |kind: usize| own.0[kind].clone().or_else(|| page.0[kind].clone());
            if let Some((kind, rows)) = table(&lines[at..at + length], at + 1)? {
                cases.push(Case { context: block(0), spans: block(1), tasks: block(2), kind, rows });
            }
            at += length - 1;
        }
        at += 1;
    }
    Ok(cases)
}

/// A table that begins at this line; `None` where it is prose.
fn table(lines: &[&str], first: usize) -> Result<Option<(Kind, Vec<Row>)>, String> {
    let header = cells(lines[0]);
    let has = |name: &str| header.iter().any(|column| column == name);
    let (kind, columns): (_, &[&str]) = match (has("outcome"), has("problem"), has("operator")) {
        (true, _, true) => {
            (Kind::Operators, &["actual", "operator", "expected", "each", "outcome", "message"])
        }
        (true, _, false) => (Kind::Tasks, &["task", "outcome", "message"]),
        (false, true, _) => (Kind::Problems, &["task", "field", "problem"]),
        (false, false, _) => return Ok(None),
    };
    if let Some(unknown) = header.iter().find(|column| !columns.contains(&column.as_str())) {
        return Err(format!("line {first}: unknown column `{unknown}`"));
    }
    let mut rows = Vec::new();
    for (line, text) in (first..).zip(lines).skip(2) {
        let cells = cells(text);
        if cells.len() != header.len() {
            return Err(format!("line {line}: {} cells in {} columns", cells.len(), header.len()));
        }
        rows.push(Row { line, cells: header.iter().cloned().zip(cells).collect() });
    }
    if rows.is_empty() { Err(format!("line {first}: the table has no rows")) } else { Ok(Some((kind, rows))) }
}

/// The cells of a line, without the backticks around them.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut escaped = false;
    let inner = line.trim().trim_start_matches('|');
    for c in inner.strip_suffix('|').unwrap_or(inner).chars() {
        if c == '|' && !escaped {
            cells.push(String::new());
        } else if let Some(cell) = cells.last_mut() {
            if c == '|' {
                cell.pop();
            }
            cell.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    cells.iter().map(|cell| plain(cell.trim()).to_owned()).collect()
}

fn plain(cell: &str) -> &str {
    match cell.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
        Some(inner) if !inner.contains('`') => inner,
        _ => cell,
    }
}
