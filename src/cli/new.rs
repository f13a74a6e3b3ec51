//! `tokenworks new`: a plan to start from.

use std::path::PathBuf;

use super::failure::{Ended, Failure};
use super::output;
use crate::{disk, plan::example};

/// Write a bundled example as the start of a new plan
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks new
  tokenworks new texas --to my-campus.ron

Without a name the examples are listed.")]
pub(super) struct Args {
    /// Name of the example
    name: Option<String>,
    /// Write it into this file instead of stdout; an existing file is left alone
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

impl Args {
    /// Does it.
    pub(super) fn run(&self) -> Ended {
        let Some(name) = &self.name else {
            if self.to.is_some() {
                return Err(Failure::Usage("Name the example to write: `tokenworks new` lists them.".to_owned()));
            }
            let lines: Vec<_> = example::EXAMPLES.iter().map(|example| format!("{:12}  {}", example.name, example.about)).collect();
            return output::data(&lines.join("\n"));
        };
        let Some(example) = example::find(name) else {
            let names = example::EXAMPLES.iter().map(|example| example.name);
            let hint = crate::diagnostic::nearest_name(name, names)
                .map_or_else(|| "`tokenworks new` lists the examples.".to_owned(), |near| format!("Did you mean `{near}`?"));
            return Err(Failure::Usage(format!("There is no example `{name}`. {hint}")));
        };
        match &self.to {
            None => output::data(example.text),
            Some(file) => {
                disk::write_new(file, example.text.as_bytes()).map_err(|error| Failure::world(&error))?;
                output::note(&format!("Wrote {}. Open it with `tokenworks {}`.", file.display(), file.display()));
                Ok(())
            }
        }
    }
}
