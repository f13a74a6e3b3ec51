//! `tokenworks completions` and `tokenworks manual`: what shells and man are told about the command line, made
//! from its definition, so that it can't fall behind.

use std::path::{Path, PathBuf};

use clap::Command;
use clap_complete::{Generator as _, Shell};
use clap_mangen::Man;

use super::failure::{Ended, Failure};
use super::output;
use crate::disk::{self, Products};

/// Print what a shell needs to complete commands, options and their values
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks completions bash > ~/.local/share/bash-completion/completions/tokenworks
  tokenworks completions fish > ~/.config/fish/completions/tokenworks.fish

Packages bring them along.")]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    /// Does it.
    pub(super) fn run(&self, mut command: Command) -> Ended {
        command.set_bin_name("tokenworks");
        command.build();
        let mut bytes = Vec::new();
        self.shell.try_generate(&command, &mut bytes).map_err(|error| Failure::world(&error))?;
        output::data(&String::from_utf8_lossy(&bytes))
    }
}

/// Write the pages of the manual, one for each command
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  tokenworks manual --to man1")]
pub(super) struct Manual {
    /// Folder for the pages; made if it is not there
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
}

impl Manual {
    /// Does it.
    pub(super) fn run(&self, mut command: Command) -> Ended {
        command.build();
        disk::create_folder(&self.to).map_err(|error| Failure::world(&error))?;
        pages(&command, "tokenworks", &self.to)
    }
}

/// The page of a command and those of its own commands, `tokenworks-study-run.1` and the like.
fn pages(command: &Command, name: &str, folder: &Path) -> Ended {
    let page = Man::new(command.clone())
        .title(name.to_uppercase())
        .source(format!("Tokenworks {}", env!("CARGO_PKG_VERSION")))
        .manual("Tokenworks");
    let mut bytes = Vec::new();
    page.render(&mut bytes).map_err(|error| Failure::world(&error))?;
    Products::default().write(&folder.join(format!("{name}.1")), &bytes).map_err(|error| Failure::world(&error))?;
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
        pages(inner, &format!("{name}-{}", inner.get_name()), folder)?;
    }
    Ok(())
}
