//! Tokenworks: a desktop planner for AI factories.
//!
//! A plan goes one way, from text to picture, through six nouns that the code and the screen share:
//!
//! ```text
//!  text ──► Plan ──► Resolved ──► Formulation ──► Outcome ──► Results ──► Chart ──► screen, file
//!  (RON)   as       resolved,    the LP          the         in plan     data
//!          stated   all finite                   solver's    units
//!                                                word
//! ```
//!
//! | room | what it is for |
//! |---|---|
//! | [`diagnostic`] | the one way to say that a plan is wrong: code, sentence, place, way out |
//! | [`words`] | numbers, units, nouns and paths as people read them, on screen and on paper |
//! | [`catalog`] | the embedded facts, each with source, date and grade |
//! | [`plan`] | the schema, reading and printing plans, changes by path |
//! | [`physics`] | pure functions: throughput, cost, finance, geography |
//! | [`finance`] | money as a lender sees it: statement by year, debt, tax, levelised cost |
//! | [`series`] | files of series as people have them: bytes in, a clean year and what was put right out |
//! | [`resolved`] | a plan with every reference and every number resolved |
//! | [`formulation`] | the LP, one file for each family of constraints, its equations on top |
//! | [`solve`] | solvers, the certificate, the hot session, conflicts and ranges |
//! | [`hedge`] | one program of many futures: what is decided before they are known is decided once |
//! | [`proof`] | a file that proves an answer, and its check by our own arithmetic |
//! | [`results`] | the answer in plan units: tables, what limits are worth, where tokens come from |
//! | [`charts`] | each chart as data, one file each |
//! | [`study`] | questions that take more than one solve |
//! | [`living`] | the plan as time goes on: rolled on to a later month, and what changed between two plans |
//! | [`export`] | bytes of every file format; all escaping is done here |
//! | [`guide`] | the pages for planners, compiled in |
//! | [`disk`] | bounded reads, atomic saves, recovery |
//! | [`cli`] | one file for each command |
//! | `gui` | the workbench |
//!
//! What holds everywhere (`tests/promises/architecture.rs` reads the first three off the source):
//! * a room uses rooms above it in this table, never those below; `words`, `catalog`, `plan` and `physics`
//!   are one floor and may use each other;
//! * `plan`, `physics`, `series`, `resolved`, `formulation`, `proof`, `results`, `charts` and `export` do no
//!   input or output and read no clock; only `disk` names `std::fs`;
//! * only `solve::highs` names HiGHS, and only there is `unsafe`; only `gui` names egui, and the
//!   crate builds without it;
//! * a [`resolved::Resolved`] holds finite numbers only, and a formulation made of one fails only on
//!   numbers that no solver can hold;
//! * units are turned into the solver's in the formulation alone;
//! * every answer has been through our own certificate, and what it found is shown with the numbers.

pub mod catalog;
pub mod charts;
pub mod cli;
pub mod diagnostic;
pub mod disk;
pub mod export;
pub mod finance;
pub mod formulation;
#[cfg(feature = "gui")]
pub mod gui;
pub mod guide;
pub mod hedge;
pub mod living;
pub mod physics;
pub mod plan;
pub mod proof;
pub mod resolved;
pub mod results;
pub mod series;
pub mod solve;
pub mod study;
pub mod words;

/// Version of the program: that of the package, and the commit if the build was told it (`make package` tells it).
#[must_use]
pub fn version() -> &'static str {
    static VERSION: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| match option_env!("TOKENWORKS_COMMIT") {
        Some(commit) => format!("{} (commit {commit})", env!("CARGO_PKG_VERSION")),
        None => env!("CARGO_PKG_VERSION").to_owned(),
    });
    &VERSION
}
