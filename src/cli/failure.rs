//! How a command ends when it does not do its work, and the exit code of each way.

use std::process::ExitCode;

/// Why a command did not do its work.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The plan is wrong or has no answer. What is wrong has been said already.
    #[error("")]
    Plan,
    /// The command line asks for something that does not exist.
    #[error("{0}")]
    Usage(String),
    /// Disk, solver or display failed.
    #[error("{0}")]
    World(String),
}

/// The end of a command.
pub(super) type Ended = Result<(), Failure>;

impl Failure {
    /// The world's failure with everything that caused it, as one sentence.
    pub(super) fn world(error: &dyn std::error::Error) -> Self {
        let mut sentence = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let next = error.to_string();
            // Some errors repeat their cause in their own words.
            if !sentence.contains(&next) {
                sentence = format!("{} ({next})", sentence.trim_end_matches('.'));
            }
            cause = error.source();
        }
        Self::World(sentence)
    }

    /// The exit code of this end.
    pub(super) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Plan => 1,
            Self::Usage(_) => 2,
            Self::World(_) => 3,
        })
    }
}
