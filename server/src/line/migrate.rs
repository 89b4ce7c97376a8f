//! `migrate`: the tables of the database are brought up to date, or it is told what that would do.

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use sqlx::postgres::PgConnectOptions;

use super::database::on_database;
use super::{Failed, Place, say};
use crate::store::{Look, Schema, Store};

#[derive(Debug, Args)]
pub(super) struct Migrate {
    /// Tell what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    place: Place,
}

/// Brings the tables up to date, beside servers that run: each change is a transaction, and who comes second waits for the first.
pub(super) async fn migrate(
    Migrate { dry_run, place }: Migrate,
    bundled: Option<PathBuf>,
) -> Result<(), Failed> {
    on_database(place.database(bundled)?, async |connect: PgConnectOptions| {
        let Look { schema, .. } = Look::at(&connect).await?;
        if !dry_run && !schema.missing.is_empty() {
            Store::migrate(&connect).await?;
        }
        say(&told(&schema, dry_run));
        Ok(())
    })
    .await
}

/// What was done, or would be.
fn told(schema: &Schema, dry_run: bool) -> String {
    let Some((newest, _)) = schema.missing.last() else { return state(schema) };
    let would = if dry_run { "would be" } else { "were" };
    let from = schema.at.map_or_else(|| "nothing".to_owned(), |at| format!("version {at}"));
    let mut text = format!("the tables {would} brought from {from} to version {newest}:");
    for (version, what) in &schema.missing {
        // Writing into a `String` cannot fail.
        let _ = write!(text, "\n  {version} {what}");
    }
    text
}

/// Which tables there are, in the words of `check` too.
pub(super) fn state(schema: &Schema) -> String {
    let Schema { at, missing, own } = schema;
    let Some(at) = at else { return "there are no tables yet".to_owned() };
    if !missing.is_empty() {
        return format!("the tables are of version {at}, and those of this program of {own}");
    }
    if at > own {
        return format!(
            "the tables are of version {at}, which is later than {own} of this program, and work with it"
        );
    }
    format!("the tables are of version {at}, as this program")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_told_with_the_versions_between() {
        let missing = vec![(11, "evals".to_owned()), (12, "access".to_owned())];
        let schema = Schema { at: Some(10), missing, own: 12 };
        let done = "the tables were brought from version 10 to version 12:\n  11 evals\n  12 access";
        assert_eq!(told(&schema, false), done);
        assert_eq!(told(&schema, true), done.replace("were", "would be"));
        let empty = Schema { at: None, ..schema };
        assert!(told(&empty, true).starts_with("the tables would be brought from nothing to version 12:"));
        let later = Schema { at: Some(14), missing: Vec::new(), own: 12 };
        assert_eq!(
            told(&later, false),
            "the tables are of version 14, which is later than 12 of this program, and work with it"
        );
    }
}
