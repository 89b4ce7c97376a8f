//! Settings: of the command line, the environment, a file and the defaults, the first of which that says something counts. What there is
//! to set stands once, as the arguments of the commands; a file has the same names without the dashes.

use std::any::TypeId;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory, FromArgMatches};
use scouter_engine::nearest;
use toml::{Table, Value};

use super::Line;

/// Why settings cannot be had.
#[derive(Debug, thiserror::Error)]
pub(super) enum SettingsError {
    /// The command line or the environment: what is wrong, or what was asked for, such as help.
    #[error(transparent)]
    Line(#[from] clap::Error),
    /// A secret stands where everybody on the machine can read it.
    #[error(
        "`--{}` would show a secret to everybody who lists the processes of the machine: set `{variable}`, or `{key}` in the file that \
         `--config` names", key.replace('_', "-")
    )]
    Shown {
        /// Its name in a file.
        key: String,
        /// Its variable.
        variable: String,
    },
    /// The file is not there, or not ours to read.
    #[error("failed to read the settings in `{}`: {cause}", path.display())]
    Unread {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// The file says what cannot be.
    #[error("failed to read the settings in `{}`: {what}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// All that is wrong, without what may be secret.
        what: String,
    },
    /// Each of them can be, and all together cannot.
    #[error("{0}")]
    Together(String),
}

/// What is said on a command line, in the environment, and in the file that one of them names.
///
/// # Errors
/// Something of it cannot be, or help was asked for.
pub(super) fn read(arguments: &[OsString]) -> Result<Line, SettingsError> {
    let command = || command(arguments);
    let matches = command().try_get_matches_from(arguments).map_err(|error| named(error, arguments))?;
    if let Some(arg) = shown(&command(), &matches) {
        let (key, variable) = (arg.get_id().to_string(), variable(arg).unwrap_or_default());
        return Err(SettingsError::Shown { key, variable });
    }
    let line = Line::from_arg_matches(&matches)?;
    let Some(path) = &line.common.config else { return Ok(line) };
    let text =
        fs::read_to_string(path).map_err(|cause| SettingsError::Unread { path: path.clone(), cause })?;
    let file = values(&text).map_err(|what| SettingsError::Wrong { path: path.clone(), what })?;
    let matches =
        over(command(), &file).try_get_matches_from(arguments).map_err(|error| named(error, arguments))?;
    Ok(Line::from_arg_matches(&matches)?)
}

/// What other servers call what `--listen` says.
const LISTEN_ELSEWHERE: [&str; 4] = ["--address", "--bind", "--host", "--port"];

/// An error over a value with the name of its variable, where that said it, in place of that of an option which nobody wrote; over an option that
/// other servers have, with ours.
fn named(mut error: clap::Error, arguments: &[OsString]) -> clap::Error {
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else { return error };
    let flag = option.split(' ').next().unwrap_or_default();
    let unknown = error.kind() == ErrorKind::UnknownArgument;
    if unknown && LISTEN_ELSEWHERE.contains(&flag) && listens(arguments) {
        error.insert(ContextKind::SuggestedArg, ContextValue::String("--listen".to_owned()));
        // It is that of the option that was suggested before.
        error.remove(ContextKind::Usage);
        return error;
    }
    let of_flag = |arg: &&Arg| arg.get_long().is_some_and(|long| flag.strip_prefix("--") == Some(long));
    let line = Line::command();
    let args = line.get_subcommands().flat_map(Command::get_arguments).chain(line.get_arguments());
    let variable = args.filter(|arg| arg.get_env().is_some()).find(of_flag).and_then(variable);
    if let (false, Some(variable)) = (says(arguments, flag), variable) {
        error.insert(ContextKind::InvalidArg, ContextValue::String(variable));
    }
    error
}

/// Whether the command is one that takes `--listen`.
fn listens(arguments: &[OsString]) -> bool {
    let line = Line::command();
    let said = |command: &&Command| arguments.iter().any(|said| said == command.get_name());
    line.get_subcommands()
        .filter(said)
        .any(|command| command.get_arguments().any(|arg| arg.get_long() == Some("listen")))
}

/// Whether an option is said on the command line.
fn says(arguments: &[OsString], flag: &str) -> bool {
    arguments.iter().filter_map(|said| said.to_str()).any(|said| said.split('=').next() == Some(flag))
}

/// The command line. A variable that is set and empty says nothing: so do compositions, units and charts set what nobody filled in. Nor does the one that
/// names the server to ask where `--listen` does: an option goes before the environment.
fn command(arguments: &[OsString]) -> Command {
    let command = heard(Line::command());
    if !says(arguments, "--listen") {
        return command;
    }
    command.mut_subcommand("health", |health| health.mut_arg("server", |arg| arg.env(None::<&'static str>)))
}

fn heard(command: Command) -> Command {
    let hear = |arg: Arg| {
        #[expect(clippy::disallowed_methods, reason = "the variables of settings are looked at here alone")]
        let said = arg.get_env().and_then(std::env::var_os);
        let empty = said.is_some_and(|said| said.to_string_lossy().trim().is_empty());
        if empty { arg.env(None::<&'static str>) } else { arg }
    };
    command.mut_args(hear).mut_subcommands(heard)
}

/// Whether a file of settings holds a secret, and others than its owner can read it.
pub(super) fn is_exposed(path: &Path) -> bool {
    let open = fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0);
    let table = fs::read_to_string(path).ok().and_then(|text| text.parse::<Table>().ok());
    let secret = |key: &String| all().iter().any(|arg| arg.get_id() == key && hides(arg));
    open && table.is_some_and(|table| table.keys().any(secret))
}

/// All that can be set: what has a variable of the environment.
pub(super) fn all() -> Vec<Arg> {
    let line = Line::command();
    let serve = line.find_subcommand("serve").into_iter().flat_map(Command::get_arguments);
    serve.chain(line.get_arguments()).filter(|arg| arg.get_env().is_some()).cloned().collect()
}

/// Whether it is a secret, which a command line must not show.
pub(super) fn is_secret(arg: &Arg) -> bool {
    arg.is_hide_set()
}

/// Whether its value is not to be shown: a secret, or what may hold one.
fn hides(arg: &Arg) -> bool {
    arg.is_hide_env_values_set()
}

/// Its variable of the environment.
pub(super) fn variable(arg: &Arg) -> Option<String> {
    arg.get_env().map(|name| name.to_string_lossy().into_owned())
}

/// Whether it is one value, several, or yes and no.
fn is_list(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Append)
}

/// Whether it is a whole number.
fn is_number(arg: &Arg) -> bool {
    arg.get_value_parser().type_id() == TypeId::of::<u32>()
}

/// The first secret that stands on the command line.
fn shown<'a>(command: &'a Command, matches: &ArgMatches) -> Option<&'a Arg> {
    let said = |arg: &&Arg| matches.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
    command.get_arguments().filter(|arg| is_secret(arg)).find(said).or_else(|| {
        let (name, matches) = matches.subcommand()?;
        shown(command.find_subcommand(name)?, matches)
    })
}

type File = Vec<(String, Vec<String>)>;

/// What a file says, by its names.
fn values(text: &str) -> Result<File, String> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        // Its own words quote the line, in which a secret may stand.
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        format!("line {}: {}", before.matches('\n').count() + 1, error.message())
    })?;
    let settings = all();
    let (mut file, mut wrong) = (File::new(), Vec::new());
    for (key, value) in &table {
        match value_of(&settings, key, value) {
            Ok(texts) => file.push((key.clone(), texts)),
            Err(what) => wrong.push(what),
        }
    }
    if wrong.is_empty() { Ok(file) } else { Err(wrong.join("; ")) }
}

fn value_of(settings: &[Arg], key: &str, value: &Value) -> Result<Vec<String>, String> {
    let in_file = || settings.iter().filter(|arg| arg.get_id() != "config");
    let Some(arg) = in_file().find(|arg| arg.get_id() == key) else {
        let near = nearest(key, in_file().map(|arg| arg.get_id().as_str()));
        let near = near.map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
        return Err(format!("there is no setting `{key}`{near}"));
    };
    let wrong = |wanted: &str| format!("`{key}` is {wanted}, and of the type `{}` here", value.type_str());
    let texts = match (arg.get_action(), value) {
        (ArgAction::SetTrue, Value::Boolean(set)) => vec![set.to_string()],
        (ArgAction::SetTrue, _) => return Err(wrong("`true` or `false`")),
        (_, Value::Array(items)) if is_list(arg) => {
            let texts: Option<_> = items.iter().map(one).collect();
            texts.ok_or_else(|| wrong("a list of texts"))?
        }
        (_, Value::Integer(number)) if is_number(arg) => vec![number.to_string()],
        (_, _) if is_number(arg) => return Err(wrong("a number, without quotes")),
        (_, value) => vec![one(value).ok_or_else(|| wrong("a text or a number"))?],
    };
    fits(arg, &texts).map_err(|what| format!("`{key}`: {what}"))?;
    Ok(texts)
}

fn one(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether the command line would take these values.
fn fits(arg: &Arg, texts: &[String]) -> Result<(), String> {
    let Some(flag) = arg.get_long() else { return Ok(()) };
    if matches!(arg.get_action(), ArgAction::SetTrue) {
        return Ok(());
    }
    let alone = Command::new("settings").no_binary_name(true).disable_help_flag(true);
    let said = texts.iter().map(|text| format!("--{flag}={text}"));
    let told = alone.arg(arg.clone().env(None::<&'static str>)).try_get_matches_from(said);
    told.map(drop).map_err(|error| {
        let told = error.to_string();
        let told =
            told.lines().take_while(|line| !line.is_empty()).map(str::trim).collect::<Vec<_>>().join(" ");
        told.trim_start_matches("error: ").to_owned()
    })
}

/// A command with what a file says in place of its defaults, which everything else goes before.
fn over(command: Command, file: &File) -> Command {
    let set = |arg: Arg| match file.iter().find(|(key, _)| arg.get_id() == key) {
        Some((_, texts)) => arg.default_values(texts),
        None => arg,
    };
    command.mut_args(set).mut_subcommands(|command| over(command, file))
}
