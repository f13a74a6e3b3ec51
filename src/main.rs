//! The `tokenworks` program: logs and panics are set up here, everything else is the library's.

use std::path::Path;
use std::process::ExitCode;

use tokenworks::cli::{self, Next};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

fn main() -> ExitCode {
    start_log();
    explain_panics();
    match cli::run() {
        Next::Exit(code) => code,
        Next::OpenWindow(plan) => open_workbench(plan.as_deref()),
    }
}

/// Opens the window; where there is none, the plan is solved and reported instead.
#[cfg(feature = "gui")]
fn open_workbench(plan: Option<&Path>) -> ExitCode {
    if let Some(why) = cli::no_display() {
        return cli::without_window(plan, &why);
    }
    match tokenworks::gui::run(plan.map(Path::to_owned)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => cli::without_window(plan, &why),
    }
}

/// This build has no window.
#[cfg(not(feature = "gui"))]
fn open_workbench(plan: Option<&Path>) -> ExitCode {
    cli::without_window(plan, "This build of tokenworks has no window.")
}

/// Warnings and errors go to stderr; `TOKENWORKS_LOG=debug` says more, `off` says nothing.
fn start_log() {
    let level = std::env::var("TOKENWORKS_LOG").ok().and_then(|level| level.parse().ok()).unwrap_or(LevelFilter::WARN);
    let print =
        tracing_subscriber::fmt::layer().with_writer(|| cli::Log).with_ansi(false).with_target(false).with_filter(of_interest(level));
    let log = tracing_subscriber::registry().with(print);
    // The window shows warnings in its log, and learns from errors that no file dialog answers.
    #[cfg(feature = "gui")]
    let log = log.with(tokenworks::gui::log::Catch.with_filter(of_interest(LevelFilter::WARN)));
    log.init();
}

/// What is logged at a level: at that of warnings, not that a font stands in for another, as it does for every name in
/// another script. That none holds a letter is still said.
fn of_interest(level: LevelFilter) -> Targets {
    let all = Targets::new().with_default(level);
    if level == LevelFilter::WARN {
        all.with_target("usvg::text", LevelFilter::ERROR).with_target("usvg::text::layout", LevelFilter::WARN)
    } else {
        all
    }
}

/// A panic is a bug: say so, where, and what to do about it; unsaved work is kept first thing after.
fn explain_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("no message");
        let thread = std::thread::current().name().unwrap_or("unnamed").to_owned();
        if tokenworks::solve::is_guarded() {
            tracing::info!("A solver panicked: {message} (at {place}). Another one is asked.");
            return;
        }
        tracing::error!(
            "This is a bug in Tokenworks: {message} (at {place}, in thread `{thread}`). Please report it with the plan that shows it."
        );
        #[cfg(feature = "gui")]
        tokenworks::gui::files::panic::keep();
    }));
}
