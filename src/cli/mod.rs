//! The command line: one file per command. Data goes to stdout, everything else to stderr.
//!
//! Exit codes: 0 done; 1 the plan is wrong or has no answer; 2 wrong usage; 3 the world failed
//! (disk, solver, display). Ctrl-C keeps the system's default, which ends the program by SIGINT:
//! shells report that as 130.

mod bridge;
mod catalog;
mod check;
mod diff;
mod export;
mod failure;
mod guide;
mod input;
mod new;
mod output;
mod problems;
mod report;
mod roll;
mod series;
mod shell;
mod solve;
mod study;
mod tariff;
mod verify;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use failure::{Ended, Failure};
pub use output::Log;

/// Plans AI factories: sites, chips and power contracts in, the best token plan out.
#[derive(Debug, Parser)]
#[command(
    name = "tokenworks",
    version = crate::version(),
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = "Without a command the workbench opens; where there is no display, the plan is solved \
                  and its report written into tokenworks-report/.\n\n\
                  Examples:\n  tokenworks plans/texas.ron\n  tokenworks solve plans/texas.ron\n\n\
                  Exit codes: 0 done; 1 the plan is wrong or has no answer; 2 wrong usage; 3 the world failed \
                  (disk, solver, display); 130 interrupted."
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Plan to open in the workbench; an example if left out
    plan: Option<PathBuf>,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Args),
    Solve(solve::Args),
    Export(export::Args),
    Report(report::Args),
    Diff(diff::Args),
    Bridge(bridge::Args),
    Roll(roll::Args),
    New(new::Args),
    Catalog(catalog::Args),
    Series(series::Args),
    Tariff(tariff::Args),
    Study(study::Args),
    Verify(verify::Args),
    Guide(guide::Args),
    Completions(shell::Completions),
    #[command(hide = true)]
    Manual(shell::Manual),
}

/// What is left to do once the command line has been read.
#[derive(Debug)]
pub enum Next {
    /// The work is done; exit with this code.
    Exit(ExitCode),
    /// Open the window, with this plan or the example.
    OpenWindow(Option<PathBuf>),
}

/// Reads the command line and does what it says, except opening a window.
#[must_use]
pub fn run() -> Next {
    match Cli::try_parse() {
        Err(error) => {
            if error.use_stderr() {
                // What was typed is quoted: without its colours, nothing in it is obeyed.
                output::note(error.render().to_string().trim_end());
            } else {
                // `--help` and `--version`. A closed pipe is no error.
                let _ = error.print();
            }
            Next::Exit(ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)))
        }
        Ok(Cli { command: None, plan }) => match plan.as_deref().map_or(Ok(()), meant_as_plan) {
            Ok(()) => Next::OpenWindow(plan),
            Err(failure) => Next::Exit(leave(Err(failure))),
        },
        Ok(Cli { command: Some(command), .. }) => Next::Exit(leave(command.run())),
    }
}

/// Where no window can be opened: says why in one line, solves the plan (else the example), writes
/// the report into `tokenworks-report/` and names the file.
#[must_use]
pub fn without_window(plan: Option<&Path>, why: &str) -> ExitCode {
    output::note(why);
    leave(report::write_into_working_folder(plan))
}

/// Why no window can be opened, as far as one can tell beforehand.
#[must_use]
pub fn no_display() -> Option<String> {
    let missing = |name| std::env::var_os(name).is_none_or(|value| value.is_empty());
    let headless = cfg!(all(unix, not(target_os = "macos"))) && missing("DISPLAY") && missing("WAYLAND_DISPLAY");
    headless.then(|| "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): solving the plan instead.".to_owned())
}

impl Command {
    fn run(&self) -> Ended {
        match self {
            Self::Check(args) => args.run(),
            Self::Solve(args) => args.run(),
            Self::Export(args) => args.run(),
            Self::Report(args) => args.run(),
            Self::Diff(args) => args.run(),
            Self::Bridge(args) => args.run(),
            Self::Roll(args) => args.run(),
            Self::New(args) => args.run(),
            Self::Catalog(args) => args.run(),
            Self::Series(args) => args.run(),
            Self::Tariff(args) => args.run(),
            Self::Study(args) => args.run(),
            Self::Verify(args) => args.run(),
            Self::Guide(args) => args.run(),
            Self::Completions(args) => args.run(Cli::command()),
            Self::Manual(args) => args.run(Cli::command()),
        }
    }
}

/// A mistyped command must not open a window on a plan called `sovle`.
fn meant_as_plan(plan: &Path) -> Result<(), Failure> {
    let word = plan.to_string_lossy();
    if word.contains(['.', '/', '\\']) || plan.exists() {
        return Ok(());
    }
    let cli = Cli::command();
    let near = crate::diagnostic::nearest_name(&word, cli.get_subcommands().map(clap::Command::get_name));
    Err(Failure::Usage(match near {
        Some(near) => format!("There is no command or plan `{word}`. Did you mean `tokenworks {near}`?"),
        None => format!("There is no command or plan `{word}`. `tokenworks --help` lists the commands."),
    }))
}

/// Says what went wrong, if it was not said yet, and gives the exit code.
fn leave(ended: Ended) -> ExitCode {
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let sentence = failure.to_string();
            if !sentence.is_empty() {
                output::note(&format!("error: {sentence}"));
            }
            failure.exit_code()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_mistyped_command_is_not_taken_for_a_plan() {
        let failure = meant_as_plan(Path::new("sovle")).unwrap_err();
        assert!(failure.to_string().contains("tokenworks solve"), "{failure}");
        assert!(meant_as_plan(Path::new("missing.ron")).is_ok());
    }
}
