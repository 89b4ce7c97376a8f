//! What there is to say of the database and its tables.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use tokio::time::timeout;

use super::found::Found::{self, Doubtful, Good, Wrong};
use crate::line::migrate::state;
use crate::postgres::PrivateState;
use crate::run::{CONNECTIONS, Database, Tables};
use crate::store::{Facts, Look, Rights, Schema};

/// How long a database may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The Postgres that is not tried yet, as a number.
const UNKNOWN: i32 = 190_000;

pub(super) async fn database_of(database: Database, tables: Tables) -> Vec<(&'static str, Found)> {
    let (point, connect) = match database {
        Database::At(connect) => ("database", connect),
        Database::Private(options) => {
            let data = options.data.display().to_string();
            // It runs the programs of Postgres to know their version.
            let state = tokio::task::spawn_blocking(move || PrivateState::look(&options)).await;
            let found = match state {
                Err(error) => Wrong(error.to_string()),
                Ok(Err(error)) => Wrong(error.to_string()),
                Ok(Ok(PrivateState::New(version))) => {
                    Good(format!("`{data}` is to be made, with Postgres {version}"))
                }
                Ok(Ok(PrivateState::Resting(version))) => {
                    Good(format!("`{data}` has data of Postgres {version}, which does not run just now"))
                }
                Ok(Ok(PrivateState::Running { connect, in_use })) => {
                    let used = in_use.map(|error| ("data", Doubtful(error.to_string())));
                    return used.into_iter().chain(look("data", &connect, tables).await).collect();
                }
            };
            return vec![("data", found)];
        }
    };
    look(point, &connect, tables).await
}

/// Looks at a database that is there.
async fn look(point: &'static str, connect: &PgConnectOptions, tables: Tables) -> Vec<(&'static str, Found)> {
    match timeout(PATIENCE, Look::at(connect)).await {
        Ok(Ok(Look { postgres, schema, rights })) => {
            let found = of_tables(&schema, tables, postgres.creates, &rights);
            vec![(point, of_postgres(&postgres)), ("tables", found)]
        }
        // What was not ended in order leaves traces of a Postgres that is not there.
        Ok(Err(error)) if point == "data" => {
            vec![(point, Doubtful(format!("a server has it, or was not ended in order: {error}")))]
        }
        Ok(Err(error)) => vec![(point, Wrong(error.to_string()))],
        Err(_) => {
            vec![(point, Wrong(format!("the database does not answer within {} s", PATIENCE.as_secs())))]
        }
    }
}

fn of_postgres(facts: &Facts) -> Found {
    let Facts { number, version, fsync, standby, creates, temporary, connections } = facts;
    let own = i32::try_from(CONNECTIONS).unwrap_or(i32::MAX);
    if *standby {
        return Wrong(format!("Postgres {version} is a standby, where nothing can be written"));
    }
    if !temporary {
        return Wrong("its user may make no temporary tables: `GRANT TEMPORARY ON DATABASE`".to_owned());
    }
    if !creates {
        return Doubtful(
            "its user may make no tables: `GRANT CREATE ON SCHEMA`, which days to come need".to_owned(),
        );
    }
    if !fsync {
        return Doubtful(format!("`fsync` of Postgres {version} is off: what is acknowledged may be lost"));
    }
    if *number >= UNKNOWN {
        return Doubtful(format!("Postgres {version} is later than 18, the last that was tried"));
    }
    if *connections < own * 2 {
        return Doubtful(format!(
            "Postgres {version} takes {connections} connections, and each server has {own}"
        ));
    }
    Good(format!("Postgres {version}"))
}

fn of_tables(schema: &Schema, tables: Tables, creates: bool, rights: &Rights) -> Found {
    let told = state(schema);
    let Rights { user, owners, closed } = rights;
    let (owner, complete) = (owners.first(), schema.missing.is_empty());
    match (owner, tables) {
        // Whoever looks whether there is anything to do needs the right, too.
        (_, Tables::UpToDate) if !creates => Wrong(format!(
            "{told}, and its user may not bring them up to date: `GRANT CREATE ON SCHEMA`, or `--no-migrate`"
        )),
        (_, Tables::AsTheyAre) if !complete => Wrong(format!("{told}: run `migrate`")),
        _ if !closed.is_empty() => Wrong(format!(
            "{told}, and `{user}` may not read and write `{}`: `GRANT SELECT, INSERT, UPDATE, DELETE`",
            closed.join("`, `")
        )),
        (Some(owner), Tables::UpToDate) if !complete => Wrong(format!(
            "{told}, and belong to `{owner}`, so that `{user}` cannot bring them up to date: run `migrate` as `{owner}`, or `GRANT \"{owner}\" TO \"{user}\"`"
        )),
        (Some(owner), _) => Doubtful(format!(
            "{told}, and belong to `{owner}`, so that `{user}` can neither make days that are to come nor drop those that are over: \
             `GRANT \"{owner}\" TO \"{user}\"`"
        )),
        (None, _) if complete => Good(told),
        (None, _) => Good(format!("{told}; the server brings them up to date")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts {
            number: 170_002,
            version: "17.2".to_owned(),
            fsync: true,
            standby: false,
            creates: true,
            temporary: true,
            connections: 100,
        }
    }

    #[test]
    fn a_postgres_that_cannot_be_used_is_wrong_and_one_that_is_odd_is_doubtful() {
        assert_eq!(of_postgres(&facts()), Good("Postgres 17.2".to_owned()));
        for (facts, code, told) in [
            (Facts { standby: true, ..facts() }, 2, "standby"),
            (Facts { temporary: false, ..facts() }, 2, "GRANT TEMPORARY"),
            (Facts { creates: false, ..facts() }, 1, "GRANT CREATE"),
            (Facts { fsync: false, ..facts() }, 1, "fsync"),
            (Facts { number: 190_000, version: "19.0".to_owned(), ..facts() }, 1, "later than 18"),
            (Facts { connections: 19, ..facts() }, 1, "19 connections"),
        ] {
            let found = of_postgres(&facts);
            assert_eq!(found.code(), code, "{found:?}");
            assert!(found.line("database").contains(told), "{found:?}");
        }
    }

    #[test]
    fn tables_of_an_earlier_version_are_wrong_only_where_they_are_to_stay_or_cannot_be_changed() {
        let schema = Schema { at: Some(3), missing: vec![(4, "drift".to_owned())], own: 4 };
        let code = |schema, tables, creates| of_tables(schema, tables, creates, &Rights::default()).code();
        assert_eq!(code(&schema, Tables::UpToDate, true), 0);
        assert_eq!(code(&schema, Tables::UpToDate, false), 2);
        assert_eq!(code(&schema, Tables::AsTheyAre, true), 2);
        let whole = Schema { missing: Vec::new(), ..schema };
        assert_eq!(code(&whole, Tables::UpToDate, false), 2);
        assert_eq!(code(&whole, Tables::AsTheyAre, false), 0);
    }

    #[test]
    fn tables_of_somebody_else_are_wrong_where_they_are_to_be_changed_and_doubtful_otherwise() {
        let schema = Schema { at: Some(3), missing: vec![(4, "drift".to_owned())], own: 4 };
        let rights = Rights { user: "clerk".to_owned(), owners: vec!["dba".to_owned()], closed: Vec::new() };
        let found = of_tables(&schema, Tables::UpToDate, true, &rights);
        assert!(found.code() == 2 && found.line("tables").contains("run `migrate` as `dba`"), "{found:?}");
        let whole = Schema { missing: Vec::new(), ..schema };
        for tables in [Tables::UpToDate, Tables::AsTheyAre] {
            let found = of_tables(&whole, tables, true, &rights);
            let told = found.line("tables");
            assert!(found.code() == 1 && told.ends_with("`GRANT \"dba\" TO \"clerk\"`"), "{told}");
        }
        let closed = Rights { closed: vec!["alerts".to_owned(), "users".to_owned()], ..rights };
        let found = of_tables(&whole, Tables::AsTheyAre, true, &closed);
        assert!(found.code() == 2 && found.line("tables").contains("`alerts`, `users`"), "{found:?}");
    }
}
