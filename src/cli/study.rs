//! `tokenworks study`: questions that take more than one solve.

mod folder;
mod merge;
mod run;
mod script;
mod show;
mod spread;
mod summary;

use std::fmt::Write as _;
use std::path::PathBuf;

use super::failure::{Ended, Failure};
use super::input::{self, Opened, SolveOptions};
use super::output;
use crate::export::{lender, passport, text};
use crate::results::passport::passports;
use crate::study::earlier::earlier;
use crate::study::late::Dates;
use crate::study::stress::stress;
use crate::study::why_not::{Subject, why_not};
use crate::study::{goal_seek, question, sensitivity};
use crate::words::{percent, short, signed_percent};

/// Ask a plan why, what it would take, what its answer rests on; run its studies of many solves
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks study list plans/texas.ron
  tokenworks study run plans/texas.ron curve
  tokenworks study why-not plans/texas.ron --chip amarillo/h100
  tokenworks study take plans/texas.ron --path budget.capex_musd_per_period --ttok 40000
  tokenworks study sensitivity plans/gansu.ron
  tokenworks study passport plans/texas.ron --market us-east
  tokenworks study calendar plans/texas.ron --cost
  tokenworks study earlier plans/texas.ron
  tokenworks study stress plans/texas.ron")]
pub(super) struct Args {
    #[command(subcommand)]
    question: Question,
}

#[derive(Debug, clap::Subcommand)]
enum Question {
    List(show::List),
    Run(run::Run),
    Merge(merge::Merge),
    Show(show::Show),
    Script(script::Script),
    #[command(name = "why-not", about = question("why-not"))]
    WhyNot(WhyNot),
    #[command(name = "take", about = question("take"))]
    Take(Take),
    #[command(name = "sensitivity", about = question("sensitivity"))]
    Sensitivity(Sensitivity),
    #[command(name = "passport", about = question("passport"))]
    Passport(Passport),
    #[command(name = "calendar", about = question("calendar"))]
    Calendar(Calendar),
    #[command(name = "earlier", about = question("earlier"))]
    Earlier(Earlier),
    #[command(name = "stress", about = question("stress"))]
    Stress(Stress),
}

// The command of the study `why-not`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  tokenworks study why-not plans/texas.ron --chip amarillo/h100")]
struct WhyNot {
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    #[command(flatten)]
    subject: Asked,
    #[command(flatten)]
    options: SolveOptions,
}

// The command of the study `stress`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  tokenworks study stress plans/texas.ron")]
struct Stress {
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    #[command(flatten)]
    options: SolveOptions,
}

// The command of the study `earlier`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  tokenworks study earlier plans/texas.ron")]
struct Earlier {
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    #[command(flatten)]
    options: SolveOptions,
}

/// What is asked about.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Asked {
    /// A chip bought for a site
    #[arg(long, value_name = "SITE/CHIP")]
    chip: Option<String>,
    /// A kind of hall built at a site
    #[arg(long, value_name = "SITE/HALL")]
    hall: Option<String>,
    /// A power contract or plant
    #[arg(long, value_name = "CONTRACT")]
    contract: Option<String>,
    /// A product sold in a market
    #[arg(long, value_name = "MARKET/PRODUCT")]
    market: Option<String>,
}

// The command of the study `take`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  tokenworks study take plans/texas.ron --path budget.capex_musd_per_period --ttok 40000")]
struct Take {
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// The number that may give, by its path in the plan
    #[arg(long)]
    path: String,
    /// Quality-weighted tokens wanted over the horizon, Ttok
    #[arg(long)]
    ttok: f64,
    #[command(flatten)]
    options: SolveOptions,
}

// The command of the study `sensitivity`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  tokenworks study sensitivity plans/gansu.ron --top 10")]
struct Sensitivity {
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// How many inputs to show
    #[arg(long, default_value_t = 5)]
    top: usize,
    #[command(flatten)]
    options: SolveOptions,
}

// The command of the study `passport`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  tokenworks study passport plans/texas.ron --product chat --market us-east")]
struct Passport {
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// This product only
    #[arg(long)]
    product: Option<String>,
    /// This market only
    #[arg(long)]
    market: Option<String>,
    /// One period only, by its label
    #[arg(long)]
    period: Option<String>,
    #[command(flatten)]
    options: SolveOptions,
}

// The command of the study `calendar`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  tokenworks study calendar plans/texas.ron --cost")]
struct Calendar {
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// Solve again for each date as if it were missed by one period
    #[arg(long)]
    cost: bool,
    #[command(flatten)]
    options: SolveOptions,
}

pub(super) use folder::found;

impl Args {
    /// Does it.
    pub(super) fn run(&self) -> Ended {
        match &self.question {
            Question::List(question) => question.run(),
            Question::Run(question) => question.run(),
            Question::Merge(question) => question.run(),
            Question::Show(question) => question.run(),
            Question::Script(question) => question.run(),
            Question::WhyNot(question) => question.run(),
            Question::Take(question) => question.run(),
            Question::Sensitivity(question) => question.run(),
            Question::Passport(question) => question.run(),
            Question::Calendar(question) => question.run(),
            Question::Earlier(question) => question.run(),
            Question::Stress(question) => question.run(),
        }
    }
}

fn pair(text: &str) -> Result<(String, String), Failure> {
    text.split_once('/')
        .map(|(left, right)| (left.to_owned(), right.to_owned()))
        .ok_or_else(|| Failure::Usage(format!("`{text}` needs two ids joined by `/`, as in abilene/gb200.")))
}

impl Asked {
    fn subject(&self) -> Result<Subject, Failure> {
        if let Some(text) = &self.chip {
            let (site, chip) = pair(text)?;
            return Ok(Subject::Chip { site, chip });
        }
        if let Some(text) = &self.hall {
            let (site, kind) = pair(text)?;
            return Ok(Subject::Hall { site, kind });
        }
        if let Some(text) = &self.market {
            let (market, product) = pair(text)?;
            return Ok(Subject::Market { market, product });
        }
        Ok(Subject::Contract(self.contract.clone().unwrap_or_default()))
    }
}

impl WhyNot {
    fn run(&self) -> Ended {
        let opened = input::open(&self.plan, &self.options, None)?;
        let subject = self.subject.subject()?;
        let why = opened.ask(&self.options, |plan, series, options| why_not(plan, series, options, &subject))?;
        let mut text = format!("{}\nUsed now {} {}.\n", why.sentence, short(why.used), why.unit);
        for part in &why.parts {
            let _ = writeln!(text, "  {:>12} {} from {}", short(part.amount), why.first_unit, part.cause);
        }
        output::data(&text)
    }
}

impl Take {
    fn run(&self) -> Ended {
        let opened = input::open(&self.plan, &self.options, None)?;
        let take = opened
            .ask(&self.options, |plan, series, options| goal_seek::what_would_it_take(plan, series, options, &self.path, self.ttok))?;
        output::data(&take.sentence)
    }
}

impl Sensitivity {
    fn run(&self) -> Ended {
        let opened: Opened = input::open(&self.plan, &self.options, None)?;
        let effects = opened.ask(&self.options, sensitivity::sensitivity)?;
        let mut text = String::from("Input, its grade and uncertainty, and what the first goal does when it is lower and higher\n");
        for effect in effects.iter().take(self.top) {
            let [low, high] = effect.first.map(|change| signed_percent(change, 2));
            let _ = writeln!(
                text,
                "  {:<44} {:>10} {:<30} {:<14} ±{:>5}  {low:>9} {high:>9}",
                effect.path,
                short(effect.value),
                effect.unit,
                effect.grade,
                percent(effect.band)
            );
        }
        output::data(&text)
    }
}

impl Passport {
    fn run(&self) -> Ended {
        let opened = input::open(&self.plan, &self.options, None)?;
        let results = opened.solve(&self.options)?;
        input::settled(&results)?;
        let known = |what: &str, wanted: &Option<String>, ids: &mut dyn Iterator<Item = String>| {
            let Some(wanted) = wanted else { return Ok(None) };
            let ids: Vec<String> = ids.collect();
            let found = ids.iter().position(|id| id == wanted);
            found.map(Some).ok_or_else(|| Failure::Usage(format!("The plan has no {what} `{wanted}`. It has {}.", ids.join(", "))))
        };
        let product = known("product", &self.product, &mut results.products.iter().map(|product| product.id.clone()))?;
        let market = known("market", &self.market, &mut results.markets.iter().map(|market| market.id.clone()))?;
        let period = known("period", &self.period, &mut results.periods.iter().map(|period| period.label.clone()))?;
        let mut text = String::new();
        for found in &passports(&results, period).passports {
            if product.is_some_and(|product| product != found.product) || market.is_some_and(|market| market != found.market) {
                continue;
            }
            let _ = writeln!(text, "{}", passport::name(&results, found));
            for (fact, words) in passport::facts(&results, found) {
                let _ = writeln!(text, "  {fact:<14} {words}");
            }
        }
        if text.is_empty() {
            text = "This product is not sold in this market.".into();
        }
        output::data(&text)
    }
}

impl Stress {
    fn run(&self) -> Ended {
        let opened = input::open(&self.plan, &self.options, None)?;
        let cases = opened.ask(&self.options, stress)?;
        output::data(&text::table(&lender::solved_again(&cases)))
    }
}

impl Earlier {
    fn run(&self) -> Ended {
        let opened = input::open(&self.plan, &self.options, None)?;
        let dates = opened.ask(&self.options, earlier)?;
        let mut text = String::new();
        for date in &dates {
            let _ = writeln!(text, "{}", date.sentence);
        }
        if text.is_empty() {
            text = "No power of the grid comes within the horizon, so no date could be earlier.".into();
        }
        output::data(&text)
    }
}

impl Calendar {
    fn run(&self) -> Ended {
        let opened = input::open(&self.plan, &self.options, None)?;
        let dates = opened.ask(&self.options, Dates::new)?;
        let mut text = String::new();
        for decision in &dates.decisions {
            let _ = writeln!(text, "{}", decision.sentence());
            if self.cost {
                let _ = writeln!(text, "  {}", dates.late(decision).sentence);
            }
        }
        if text.is_empty() {
            text = "Nothing is ordered and nothing signed: the plan runs on what stands.".into();
        }
        output::data(&text)
    }
}
