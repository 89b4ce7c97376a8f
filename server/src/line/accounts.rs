//! `users`, `keys` and `audit`: whoever can reach the database may do all of it, whether a server runs or not.

use std::fmt::Display;
use std::io;
use std::path::PathBuf;

use chrono::{DateTime, SecondsFormat, Utc};
use clap::{Args, Subcommand};
use scouter_engine::SystemClock;
use scouter_tasks::result::NewUid;

use super::database::on_database;
use super::{Failed, Place, say};
use crate::access::{Grant, Grants, Key, check_key, check_name, check_password, hash, named, one_time};
use crate::store::{NewKey, NewPassword, Store};

/// Who does what is done here.
const ACTOR: &str = "(command line)";
const CONNECTIONS: u32 = 1;
/// How many users or keys a list has.
const MOST: i64 = 100_000;

#[derive(Debug, Args)]
pub(super) struct Users {
    #[command(subcommand)]
    does: UsersDo,
}

#[derive(Debug, Subcommand)]
enum UsersDo {
    /// Make a user, with a password that is good for setting another.
    Create {
        /// What the user is called.
        name: String,
        /// A role in a space, as `shop=write`, or in every one, as `*=admin`.
        #[arg(long = "grant", required = true, value_name = "SPACE=ROLE")]
        grants: Vec<Grant>,
        #[command(flatten)]
        place: Place,
    },
    /// List all users.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Give a user a new password that is good for setting another, and end all sessions.
    Reset {
        /// Who.
        name: String,
        #[command(flatten)]
        place: Place,
    },
    /// Set the password of a user to a line that is read from the standard input, and end all sessions.
    Password {
        /// Whose.
        name: String,
        #[command(flatten)]
        place: Place,
    },
    /// Have a user do what is said here and nothing else, from the next request on.
    Change {
        /// Who.
        name: String,
        /// A role in a space, as `shop=write`, or in every one, as `*=admin`.
        #[arg(long = "grant", required = true, value_name = "SPACE=ROLE")]
        grants: Vec<Grant>,
        #[command(flatten)]
        place: Place,
    },
    /// Let a user in no more.
    Revoke {
        /// Who.
        name: String,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Args)]
pub(super) struct Keys {
    #[command(subcommand)]
    does: KeysDo,
}

#[derive(Debug, Subcommand)]
enum KeysDo {
    /// Make a key, and show it this once.
    Create {
        /// What it is for.
        name: String,
        /// A role in a space, as `shop=write`, or in every one, as `*=admin`.
        #[arg(long = "grant", required = true, value_name = "SPACE=ROLE")]
        grants: Vec<Grant>,
        /// After how many days it is not good any more; always where nothing is said.
        #[arg(long)]
        days: Option<u32>,
        #[command(flatten)]
        place: Place,
    },
    /// List all keys.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Have a key be good for what is said here and nothing else, from the next request on.
    Change {
        /// How it begins, as `scouter_k3v9xq2m`.
        prefix: String,
        /// A role in a space, as `shop=write`, or in every one, as `*=admin`.
        #[arg(long = "grant", required = true, value_name = "SPACE=ROLE")]
        grants: Vec<Grant>,
        #[command(flatten)]
        place: Place,
    },
    /// Make a key good for nothing.
    Revoke {
        /// How it begins, as `scouter_k3v9xq2m`.
        prefix: String,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Args)]
pub(super) struct Audit {
    /// How many lines to show, the newest.
    #[arg(long, visible_alias = "limit", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    last: u32,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn users(users: Users, bundled: Option<PathBuf>) -> Result<(), Failed> {
    match users.does {
        UsersDo::Create { name, grants, place } => {
            check_name(&name)?;
            let (password, grants) = (one_time()?, Grants::from_iter(grants));
            let new = NewPassword { hash: &hash(&password)?, one_time: true };
            let uid = SystemClock.new_uid();
            let added =
                async |store: &Store| Ok::<_, Failed>(store.add_user(ACTOR, uid, &name, new, &grants).await?);
            if !on(place, bundled, added).await? {
                return Err(format!("there is a user `{name}` already").into());
            }
            say(&format!("{name} {password}"));
            Ok(())
        }
        UsersDo::List { place } => {
            let all =
                on(place, bundled, async |store: &Store| Ok::<_, Failed>(store.users(MOST).await?)).await?;
            for user in all {
                let state = match user.revoked {
                    Some(since) => format!("revoked {}", moment(since)),
                    None if user.one_time => "password to be set".to_owned(),
                    None => "let in".to_owned(),
                };
                row(&[&user.name, &user.grants, &state]);
            }
            Ok(())
        }
        UsersDo::Reset { name, place } => {
            let password = one_time()?;
            set_password(place, bundled, &name, &password, true).await?;
            say(&format!("{name} {password}"));
            Ok(())
        }
        UsersDo::Password { name, place } => {
            let mut line = String::new();
            io::stdin().read_line(&mut line)?;
            let password = line.trim_end_matches(['\r', '\n']);
            check_password(password)?;
            set_password(place, bundled, &name, password, false).await?;
            say(&format!("{name} has a new password, and no session any more"));
            Ok(())
        }
        UsersDo::Change { name, grants, place } => {
            let grants = Grants::from_iter(grants);
            let changed =
                async |store: &Store| Ok::<_, Failed>(store.set_user_grants(ACTOR, &name, &grants).await?);
            found(on(place, bundled, changed).await?, || format!("there is no user `{name}` who is let in"))?;
            say(&format!("{name} has {grants} now"));
            Ok(())
        }
        UsersDo::Revoke { name, place } => {
            let revoked = async |store: &Store| Ok::<_, Failed>(store.revoke_user(ACTOR, &name).await?);
            found(on(place, bundled, revoked).await?, || format!("there is no user `{name}` who is let in"))?;
            say(&format!("{name} is let in no more"));
            Ok(())
        }
    }
}

pub(super) async fn keys(keys: Keys, bundled: Option<PathBuf>) -> Result<(), Failed> {
    match keys.does {
        KeysDo::Create { name, grants, days, place } => {
            check_key(&name, days)?;
            let (key, grants) = (Key::new()?, Grants::from_iter(grants));
            let hash = key.hash();
            let new = NewKey { prefix: key.prefix(), hash: &hash, name: &name, days };
            let added = async |store: &Store| Ok::<_, Failed>(store.add_key(ACTOR, new, &grants).await?);
            if !on(place, bundled, added).await? {
                return Err("a key begins like that already: try again".into());
            }
            say(key.reveal());
            Ok(())
        }
        KeysDo::List { place } => {
            for key in
                on(place, bundled, async |store: &Store| Ok::<_, Failed>(store.keys(MOST).await?)).await?
            {
                let state = match (key.revoked, key.expires) {
                    (Some(since), _) => format!("revoked {}", moment(since)),
                    (None, Some(until)) => format!("good until {}", moment(until)),
                    (None, None) => "good".to_owned(),
                };
                row(&[&key.prefix, &key.name, &key.grants, &state]);
            }
            Ok(())
        }
        KeysDo::Change { prefix, grants, place } => {
            let (prefix, grants) = (named(&prefix), Grants::from_iter(grants));
            let changed = async |store: &Store| {
                Ok::<_, Failed>(store.set_key_grants(ACTOR, prefix, &grants, None).await?)
            };
            found(on(place, bundled, changed).await?, || no_key(prefix, "that was not revoked"))?;
            say(&format!("{prefix} has {grants} now"));
            Ok(())
        }
        KeysDo::Revoke { prefix, place } => {
            let prefix = named(&prefix);
            let revoked = async |store: &Store| Ok::<_, Failed>(store.revoke_key(ACTOR, prefix).await?);
            found(on(place, bundled, revoked).await?, || no_key(prefix, "that is good"))?;
            say(&format!("{prefix} is good for nothing now"));
            Ok(())
        }
    }
}

pub(super) async fn audit(audit: Audit, bundled: Option<PathBuf>) -> Result<(), Failed> {
    let Audit { last, place } = audit;
    let read = async |store: &Store| Ok::<_, Failed>(store.audit(last.into()).await?);
    for done in on(place, bundled, read).await? {
        row(&[&moment(done.at), &done.actor, &done.action, &done.subject, &done.detail]);
    }
    Ok(())
}

async fn set_password(
    place: Place,
    bundled: Option<PathBuf>,
    name: &str,
    password: &str,
    one_time: bool,
) -> Result<(), Failed> {
    let new = NewPassword { hash: &hash(password)?, one_time };
    let set = async |store: &Store| Ok::<_, Failed>(store.set_password(ACTOR, name, new, None).await?);
    found(on(place, bundled, set).await?, || format!("there is no user `{name}` who is let in"))
}

fn found(found: bool, otherwise: impl FnOnce() -> String) -> Result<(), Failed> {
    if found { Ok(()) } else { Err(otherwise().into()) }
}

/// That there is no such key, and what names one where that is something else, such as the name that it was given.
fn no_key(prefix: &str, state: &str) -> String {
    let hint = if prefix.starts_with("scouter_") {
        ""
    } else {
        "; a key is named by its prefix, `scouter_` and eight characters: the first column of `keys list`"
    };
    format!("there is no key `{prefix}` {state}{hint}")
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn row(cells: &[&dyn Display]) {
    let cells: Vec<_> = cells.iter().map(ToString::to_string).collect();
    say(cells.join("\t").trim_end());
}

/// Does something with the store of a place.
async fn on<T>(
    place: Place,
    bundled: Option<PathBuf>,
    does: impl AsyncFnOnce(&Store) -> Result<T, Failed>,
) -> Result<T, Failed> {
    let on_store = async |connect| {
        let store = Store::connect(connect, CONNECTIONS).await?;
        let done = does(&store).await;
        store.close().await;
        done
    };
    on_database(place.database(bundled)?, on_store).await
}
