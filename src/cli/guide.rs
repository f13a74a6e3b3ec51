//! `tokenworks guide`: the guide for planners.

use super::failure::{Ended, Failure};
use super::output;
use crate::guide::{PAGES, page, search};

/// Print a page of the guide for planners
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks guide
  tokenworks guide first-plan
  tokenworks guide --search \"take-or-pay\"

Without a page the pages are listed.")]
pub(super) struct Args {
    /// Name of the page
    #[arg(conflicts_with = "search")]
    page: Option<String>,
    /// Print the passages that hold these words
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,
}

impl Args {
    /// Does it.
    pub(super) fn run(&self) -> Ended {
        if let Some(words) = &self.search {
            let found: Vec<_> = search(words).iter().map(|passage| format!("[{}]\n{}", passage.page.name, passage.text)).collect();
            if found.is_empty() {
                return Err(Failure::Usage(format!("No passage of the guide holds \"{}\".", words.escape_debug())));
            }
            return output::data(&found.join("\n\n"));
        }
        match &self.page {
            None => {
                let lines: Vec<_> = PAGES.iter().map(|page| format!("{:12}  {}", page.name, page.about)).collect();
                output::data(&lines.join("\n"))
            }
            Some(name) => output::data(page(name).map_err(Failure::Usage)?.text.trim_end()),
        }
    }
}
