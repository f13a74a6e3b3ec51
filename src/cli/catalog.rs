//! `tokenworks catalog`: the embedded reference facts, each with its source.

mod published;

use std::fmt::Write as _;

use clap::{Subcommand, ValueEnum};

use super::failure::{Ended, Failure};
use super::output;
use crate::catalog::{Catalog, Fact, LengthsRow, VERSION};
use crate::physics::throughput::validation::validation;

/// List and show the embedded facts about chips, served models, sites, power, prices and series
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks catalog list
  tokenworks catalog list chips
  tokenworks catalog show gb200_nvl72
  tokenworks catalog validate")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

/// What to do with the catalog.
#[derive(Debug, Subcommand)]
enum Command {
    /// List the ids, by kind
    #[command(after_help = "Example:\n  tokenworks catalog list chips")]
    List {
        /// One kind only
        #[arg(value_enum)]
        kind: Option<Kind>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Print how well throughputs are known: what a plan is given against what was measured
    #[command(after_help = "Example:\n  tokenworks catalog validate")]
    Validate,
    /// Show all that is known about entries, with sources, dates and grades
    #[command(after_help = "Example:\n  tokenworks catalog show gb200_nvl72 deepseek-v3-r1")]
    Show {
        /// Ids as listed
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

/// The kinds of entries that have an id of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Chips
    Chips,
    /// Served models
    ServedModels,
    /// Typical sites
    Sites,
    /// Prices and costs of power
    Power,
    /// List prices of tokens
    Prices,
    /// Prices of served models over their hosts
    HostedPrices,
    /// Policies and trade rules
    Policies,
    /// Hourly series
    Series,
    /// How fast prices, software and worth have moved
    Curves,
    /// Tariffs for large loads
    Tariffs,
    /// Lead times of what power needs
    LeadTimes,
    /// What halls have cost
    HallCosts,
    /// Lengths of prompts and answers of published workloads
    Lengths,
}

/// An entry as rows of words: what all kinds have in common.
struct Entry {
    kind: Kind,
    id: String,
    title: String,
    /// Words about it: key and text.
    words: Vec<(&'static str, String)>,
    /// Numbers about it.
    facts: Vec<(&'static str, Fact)>,
    source: String,
    date: String,
}

impl Args {
    /// Does it.
    pub(super) fn run(&self) -> Ended {
        if matches!(self.command, Command::Validate) {
            return output::data(&validation(Catalog::embedded()).to_markdown());
        }
        let entries = entries(Catalog::embedded());
        match &self.command {
            Command::Validate => Ok(()),
            Command::List { kind, json } => {
                let listed: Vec<_> = entries.iter().filter(|entry| kind.is_none_or(|kind| kind == entry.kind)).collect();
                if *json {
                    let rows: Vec<_> = listed
                        .iter()
                        .map(|entry| serde_json::json!({ "kind": entry.kind.word(), "id": entry.id, "title": entry.title }))
                        .collect();
                    return output::json(&serde_json::json!({ "catalog_version": VERSION, "entries": rows }));
                }
                output::data(&list(&listed))
            }
            Command::Show { ids, json } => {
                let mut found = Vec::new();
                for id in ids {
                    let before = found.len();
                    found.extend(entries.iter().filter(|entry| entry.id == *id));
                    if found.len() == before {
                        let near = crate::diagnostic::nearest_name(id, entries.iter().map(|entry| entry.id.as_str()));
                        let hint = near.map_or_else(
                            || "`tokenworks catalog list` names all entries.".to_owned(),
                            |near| format!("Did you mean `{near}`?"),
                        );
                        return Err(Failure::Usage(format!("The catalog has no `{id}`. {hint}")));
                    }
                }
                if *json {
                    let shown: Vec<_> = found.iter().map(|entry| entry.json()).collect();
                    return output::json(&serde_json::json!({ "catalog_version": VERSION, "entries": shown }));
                }
                let shown: Vec<_> = found.iter().map(|entry| entry.text()).collect();
                output::data(&shown.join("\n"))
            }
        }
    }
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Chips => "chips",
            Self::ServedModels => "served-models",
            Self::Sites => "sites",
            Self::Power => "power",
            Self::Prices => "prices",
            Self::HostedPrices => "hosted-prices",
            Self::Policies => "policies",
            Self::Series => "series",
            Self::Curves => "curves",
            Self::Tariffs => "tariffs",
            Self::LeadTimes => "lead-times",
            Self::HallCosts => "hall-costs",
            Self::Lengths => "lengths",
        }
    }
}

fn list(entries: &[&Entry]) -> String {
    let width = entries.iter().map(|entry| entry.id.chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    let mut kind = None;
    for entry in entries {
        if kind != Some(entry.kind) {
            let gap = if kind.is_some() { "\n" } else { "" };
            let _ = writeln!(out, "{gap}{}", entry.kind.word());
            kind = Some(entry.kind);
        }
        let _ = writeln!(out, "  {:width$}  {}", entry.id, entry.title);
    }
    out
}

impl Entry {
    fn text(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "{} ({})\n  {}", self.id, self.kind.word(), self.title);
        for (key, words) in self.words.iter().filter(|(_, words)| !words.is_empty()) {
            let _ = writeln!(out, "  {key}: {words}");
        }
        let width = self.facts.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
        for (key, fact) in &self.facts {
            let _ = writeln!(out, "  {key:width$}  {:<18}  {}", fact.text(), fact.confidence);
        }
        let _ = writeln!(out, "  source: {} ({})", self.source, self.date);
        out
    }

    fn json(&self) -> serde_json::Value {
        let words: serde_json::Map<String, serde_json::Value> = self
            .words
            .iter()
            .filter(|(_, words)| !words.is_empty())
            .map(|(key, words)| ((*key).to_owned(), words.clone().into()))
            .collect();
        let facts: serde_json::Map<String, serde_json::Value> = self
            .facts
            .iter()
            .map(|(key, fact)| {
                let fact = serde_json::json!({
                    "value": fact.value, "unit": fact.unit, "source": fact.source, "date": fact.date, "confidence": fact.confidence,
                });
                ((*key).to_owned(), fact)
            })
            .collect();
        serde_json::json!({
            "kind": self.kind.word(), "id": self.id, "title": self.title, "about": words, "facts": facts,
            "source": self.source, "date": self.date,
        })
    }
}

/// Every entry of the catalog that has an id, in the order of `list`.
fn entries(catalog: &Catalog) -> Vec<Entry> {
    let mut entries = Vec::new();
    entries.extend(catalog.chips().iter().map(|chip| Entry {
        kind: Kind::Chips,
        id: chip.id.clone(),
        title: format!("{} ({})", chip.name, chip.vendor),
        words: vec![
            ("cooling", chip.cooling.label().to_owned()),
            ("made by", chip.fab.clone()),
            ("first delivered", chip.release.clone()),
            ("price contains", chip.capex_basis.clone()),
            ("price for planning", chip.capex_choice().trim_start_matches("; ").to_owned()),
            ("rents", catalog.rents(&chip.id).map(|rent| rent.in_words()).collect::<Vec<_>>().join("; ")),
            ("not found", chip.missing().join("; ")),
            ("note", chip.note.clone()),
        ],
        facts: chip.facts(),
        source: chip.source.clone(),
        date: chip.date.clone(),
    }));
    entries.extend(catalog.served_models().iter().map(|served| Entry {
        kind: Kind::ServedModels,
        id: served.id.clone(),
        title: format!("{}, {}", served.name, served.family),
        words: vec![
            ("published precisions", served.precisions.join(", ")),
            ("known miss", catalog.known_miss(served).map(|miss| miss.sentence.to_owned()).unwrap_or_default()),
            ("note", served.note.clone()),
        ],
        facts: served.facts(),
        source: served.source.clone(),
        date: served.date.clone(),
    }));
    entries.extend(catalog.sites().iter().map(|site| Entry {
        kind: Kind::Sites,
        id: site.id.clone(),
        title: format!("{}, {} ({})", site.name, site.country, site.place),
        words: vec![
            ("electricity price", site.price_basis.clone()),
            ("United States chips", site.us_chips_exportable.label().to_owned()),
            ("price series", site.price_series.clone()),
            ("carbon series", site.carbon_series.clone()),
            ("note", site.note.clone()),
        ],
        facts: site.facts(),
        source: site.source.clone(),
        date: site.date.clone(),
    }));
    entries.extend(catalog.power().iter().map(|row| {
        let fact = |value| Fact { value, ..row.fact() };
        Entry {
            kind: Kind::Power,
            id: row.id.clone(),
            title: format!("{}, {}", row.kind, row.region),
            words: vec![("unit", row.unit()), ("suggested series", row.suggested_series.clone()), ("note", row.note.clone())],
            facts: vec![("low", fact(row.low)), ("mid", fact(row.mid)), ("high", fact(row.high))],
            source: row.source.clone(),
            date: row.date.clone(),
        }
    }));
    entries.extend(catalog.curves().iter().map(|curve| {
        let fact = |value: Option<f64>| Fact {
            value,
            unit: "a year",
            source: curve.source.clone(),
            date: curve.until.clone(),
            confidence: curve.confidence,
        };
        Entry {
            kind: Kind::Curves,
            id: curve.id.clone(),
            title: format!("{} ({})", curve.name, curve.of),
            words: vec![("taken from", format!("{} to {}", curve.from, curve.until)), ("note", curve.note.clone())],
            facts: vec![
                ("factor_per_year", fact(Some(curve.factor_per_year))),
                ("low", fact(curve.low_factor_per_year)),
                ("high", fact(curve.high_factor_per_year)),
            ],
            source: curve.source.clone(),
            date: curve.until.clone(),
        }
    }));
    entries.extend(catalog.prices().iter().map(|price| {
        Entry {
            kind: Kind::Prices,
            id: price.id.clone(),
            title: format!("{} by {}", price.listed_name, price.provider),
            words: vec![("served model", price.served_model.clone()), ("note", price.note.clone())],
            facts: [
                ("answer", price.answer_usd_per_mtok),
                ("prompt", price.prompt_usd_per_mtok),
                ("cached_prompt", price.cached_prompt_usd_per_mtok),
            ]
            .map(|(key, value)| {
                (
                    key,
                    Fact { value, unit: "USD/Mtok", source: price.source.clone(), date: price.date.clone(), confidence: price.confidence },
                )
            })
            .into(),
            source: price.source.clone(),
            date: price.date.clone(),
        }
    }));
    entries.extend(catalog.policies().iter().map(|policy| Entry {
        kind: Kind::Policies,
        id: policy.id.clone(),
        title: policy.rule.clone(),
        words: vec![
                ("kind", policy.kind.clone()),
                ("country", policy.country.clone()),
                ("says", policy.threshold.clone()),
                ("detail", policy.detail.clone()),
                (
                    "numbers",
                    policy
                        .numbers
                        .iter()
                        .map(|number| format!("{} {} {}", number.name, number.value, number.unit))
                        .collect::<Vec<_>>()
                        .join(", "),
                ),
                ("confidence", format!("{} {}", policy.confidence, policy.confidence_note)),
            ],
        facts: Vec::new(),
        source: policy.source.clone(),
        date: policy.date.clone(),
    }));
    entries.extend(catalog.all_series().iter().map(|series| Entry {
        kind: Kind::Series,
        id: series.id.clone(),
        title: series.title.clone(),
        words: vec![
            ("unit", series.unit.clone()),
            ("clock", if series.is_local { "the users' own".to_owned() } else { format!("UTC{:+}", series.utc_offset_hours) }),
            ("licence", series.licence.clone()),
            ("note", series.note.clone()),
        ],
        facts: vec![(
            "mean",
            Fact {
                value: Some(series.mean()),
                unit: "",
                source: series.source.clone(),
                date: series.date.clone(),
                confidence: series.confidence,
            },
        )],
        source: series.source.clone(),
        date: series.date.clone(),
    }));
    entries.extend(published::entries(catalog));
    let rows = catalog.lengths();
    let mut workloads: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    workloads.dedup();
    entries.extend(workloads.into_iter().map(|id| {
        let of = |what: &str| rows.iter().find(|row| row.id == id && row.what == what);
        let (prompt, answer) = (of("prompt"), of("answer"));
        let any = prompt.or(answer);
        let words = |row: Option<&LengthsRow>| row.map(LengthsRow::in_words).unwrap_or_default();
        let mean = |row: &LengthsRow| Fact {
            value: Some(row.mean),
            unit: "tokens",
            source: row.source.clone(),
            date: String::new(),
            confidence: row.confidence,
        };
        Entry {
            kind: Kind::Lengths,
            id: id.to_owned(),
            title: format!("Lengths of {id}"),
            words: vec![
                ("prompt", words(prompt)),
                ("answer", words(answer)),
                ("note", any.map(|row| row.note.clone()).unwrap_or_default()),
            ],
            facts: [("mean prompt", prompt), ("mean answer", answer)]
                .into_iter()
                .filter_map(|(key, row)| Some((key, mean(row?))))
                .collect(),
            source: any.map(|row| row.source.clone()).unwrap_or_default(),
            date: String::new(),
        }
    }));
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_an_id_a_title_and_a_source() {
        let entries = entries(Catalog::embedded());
        assert!(entries.len() > 50);
        for entry in &entries {
            assert!(!entry.id.is_empty() && !entry.title.is_empty() && !entry.source.is_empty(), "{}", entry.id);
            assert!(entry.text().contains("source: "));
        }
    }
}
