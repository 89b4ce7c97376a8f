//! What the server says of itself: a log on the standard error, and traces where somebody wants them.

use std::io::{self, IsTerminal};
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, ValueEnum};
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use scouter_engine::nearest;
use tokio::runtime::Handle;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry, fmt, registry};
use url::Url;

use super::traces::{TracesError, provider};

/// How long what was traced last may take to arrive once the server has ended.
const FLUSH: Duration = Duration::from_secs(2);
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
/// Whose spans are sent.
const OWN: &str = "scouter_server";

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// A line for people.
    Text,
    /// A JSON object a line.
    Json,
}

#[derive(Debug, Clone, Args)]
pub(super) struct LogOptions {
    /// How the log is written: lines for people, or a JSON object a line.
    #[arg(long, global = true, env = "SCOUTER_LOG_FORMAT", value_enum, default_value = "text")]
    log_format: LogFormat,
    /// What the log holds: a level, or levels by part, as `info,scouter_server::http=debug`, which has a line for each request.
    #[arg(long, global = true, env = "SCOUTER_LOG", default_value = "info", value_parser = levels)]
    log: Targets,
}

/// Reads levels. A word that is none would be taken for a part of the program, and leave out all others, alerts too.
fn levels(text: &str) -> Result<Targets, String> {
    let words = text.split(',').map(str::trim).filter(|part| !part.contains('='));
    for word in words {
        if LevelFilter::from_str(word).is_err() {
            let begins = LEVELS.into_iter().find(|level| word.to_lowercase().starts_with(level));
            let near = begins.or_else(|| nearest(word, LEVELS));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(format!(
                "`{word}` is no level: levels are {}, and that of a part is written `part=level`{near}",
                LEVELS.map(|level| format!("`{level}`")).join(", ")
            ));
        }
    }
    text.parse::<Targets>().map_err(|error| error.to_string())
}

/// What is to be ended when the process does.
#[derive(Debug)]
pub(super) struct Logs(Option<SdkTracerProvider>);

impl LogOptions {
    /// Whether it is for programs.
    pub(super) fn is_json(&self) -> bool {
        self.log_format == LogFormat::Json
    }

    /// Begins to write the log, in any case, and to send traces to a collector where one is named.
    ///
    /// # Errors
    /// The collector has no address of the web.
    pub(super) fn start(&self, collector: Option<&Url>, runtime: &Handle) -> Result<Logs, TracesError> {
        let provider = collector.map(|collector| provider(collector, runtime)).transpose();
        let written = fmt::layer().with_writer(io::stderr);
        let written: Box<dyn Layer<Registry> + Send + Sync> = match self.log_format {
            LogFormat::Text => written.with_ansi(io::stderr().is_terminal()).boxed(),
            LogFormat::Json => written.json().flatten_event(true).with_span_list(false).boxed(),
        };
        let sent = provider.as_ref().ok().and_then(Option::as_ref).map(|provider| {
            tracing_opentelemetry::layer()
                .with_location(false)
                .with_threads(false)
                .with_tracked_inactivity(false)
                .with_tracer(provider.tracer(OWN))
                .with_filter(Targets::new().with_target(OWN, LevelFilter::INFO))
        });
        // Whoever runs it inside of another program may listen already.
        let _ = registry().with(written.with_filter(self.log.clone())).with(sent).try_init();
        provider.map(Logs)
    }
}

impl Logs {
    /// Sends what is left of the traces, for so long as a process that is to end may take.
    pub(super) fn finish(self) {
        if let Some(provider) = self.0
            && provider.shutdown_with_timeout(FLUSH).is_err()
        {
            tracing::warn!("what was traced last did not arrive at the collector");
        }
    }
}
