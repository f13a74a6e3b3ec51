//! What has to go on when the largest part of its kind is lost.

use super::node::{Map, choice, record};
use super::power::Hours;
use crate::diagnostic::Diagnostic;

record! {
    /// What has to go on when one part of a kind is lost, whichever it is.
    pub struct Resilience {
        /// What is lost
        lose: Lose,
        /// What has to go on, by product; other products and training may stop
        keep: Map<Keep>,
        /// Hours in which that has to hold; all if left out
        worst_hours: Option<WorstHours> = None,
        /// Remarks and sources
        notes: String = String::new(),
    }
}

choice! {
    /// What is lost.
    pub enum Lose {
        /// The largest part of a kind, and so any one of them
        Largest(Part),
    }
}

choice! {
    /// A kind of parts.
    pub enum Part {
        /// A feed between a site and its halls: its halls are dark unless it is redundant
        Feed,
        /// A connection to the grid, the plain one or another
        Connection,
        /// Plant on a site, all of one contract
        Plant,
        /// A site
        Site,
    }
}

record! {
    /// How much of a product has to go on.
    pub struct Keep {
        /// Share of its tokens in the hour that are still made
        fraction: f64 [0.0, 1.0],
    }
}

choice! {
    /// Hours in which something has to hold.
    pub enum WorstHours {
        /// So many hours a year, those in which the kept products want the most
        Busiest(f64),
        /// These
        Stated(Hours),
    }
}

impl Resilience {
    /// Everything that breaks a rule; `at` is its path.
    #[must_use]
    pub fn check(&self, at: &str) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        if self.keep.values().all(|keep| keep.fraction <= 0.0) {
            let message = "Nothing has to go on, so this asks for nothing.".to_owned();
            found.push(
                Diagnostic::warning("never-binds", format!("{at}.keep"), message)
                    .help("State a share for a product: `keep: {\"chat\": (fraction: 0.9)}`."),
            );
        }
        match &self.worst_hours {
            Some(WorstHours::Busiest(hours)) if !(*hours > 0.0 && *hours <= 8760.0) => {
                let message = format!("{hours} hours a year are not between 0 and 8,760.");
                found.push(
                    Diagnostic::error("out-of-range", format!("{at}.worst_hours.value"), message).help("Leave it out for all hours."),
                );
            }
            Some(WorstHours::Stated(hours)) => found.extend(hours.check(&format!("{at}.worst_hours.value"))),
            _ => {}
        }
        if matches!(self.worst_hours, Some(WorstHours::Stated(Hours::Share(_)))) {
            let message = "Nobody knows which hours a share means, so nothing can be held in them.".to_owned();
            found.push(
                Diagnostic::error("no-hours", format!("{at}.worst_hours.value"), message)
                    .help("State windows or a profile's highest hours, or leave `worst_hours` out for all hours."),
            );
        }
        found
    }
}
