//! `tokenworks series`: what is in a file of a series, and a clean one of it.

use std::path::PathBuf;

use clap::ValueEnum;

use super::failure::{Ended, Failure};
use super::output::{self, Format};
use crate::catalog::Catalog;
use crate::diagnostic::Severity;
use crate::disk::{self, Products};
use crate::plan::horizon::separator_of;
use crate::series::trace::Demand;
use crate::series::{self, Clean, Clock, Fault, Gaps, Holds, Preview, Reading, Stamp, Years, offset_words};
use crate::words::digits;

mod demand;
mod runs;

/// Say what is in a file of a series, and write a clean one
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tokenworks series prices.csv --column usd_per_mwh --holds price
  tokenworks series export.xlsx --sheet Prices --zone Europe/Berlin --unit EUR/MWh --to clean.csv
  tokenworks series trace.csv --as demand --zone America/New_York
  tokenworks series result.json --as throughput --chips 8 --chip h200_sxm --served-model llama-3.3-70b

The clean file has 8,760 hours from 1 January, 00:00, without 29 February and without summer time, in the unit of its
use. Exit code 1 if the file can't be read as a year of hours.")]
pub(super) struct Args {
    /// The file: CSV or the like, or .xlsx
    file: PathBuf,
    /// Column of the values, by name or number; the only one of numbers if left out
    #[arg(long, value_name = "NAME")]
    column: Option<String>,
    /// Sheet of a spreadsheet; the first if left out
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Lines above the line of names
    #[arg(long, value_name = "LINES")]
    skip_rows: Option<u32>,
    /// Between columns: `,`, `;`, `tab` or `|`
    #[arg(long, value_parser = parse_letter)]
    separator: Option<char>,
    /// Before fractions: `.` or `,`
    #[arg(long, value_parser = parse_letter)]
    decimal: Option<char>,
    /// Column that gives the time; may be repeated
    #[arg(long, value_name = "NAME")]
    time: Vec<String>,
    /// Time zone of the file's clock, such as Europe/Berlin
    #[arg(long, conflicts_with = "utc_offset")]
    zone: Option<String>,
    /// Clock of the file all year, hours ahead of UTC
    #[arg(long, value_name = "HOURS", allow_hyphen_values = true, value_parser = parse_offset)]
    utc_offset: Option<f64>,
    /// Which end of its step a time names
    #[arg(long, value_enum)]
    stamp: Option<StampWord>,
    /// Unit of the values, such as EUR/MWh, c/kWh, lb/MWh, kW or %
    #[arg(long)]
    unit: Option<String>,
    /// Size of the plant in the unit of the column; values are divided by it
    #[arg(long, value_name = "SIZE")]
    nameplate: Option<f64>,
    /// A year of several, or `mean` of all
    #[arg(long, value_parser = parse_years)]
    year: Option<Years>,
    /// What becomes of hours without a value
    #[arg(long, value_enum, default_value_t = GapsWord::Refuse)]
    gaps: GapsWord,
    /// What the series is for: decides its unit and what is plausible
    #[arg(long, value_enum)]
    holds: Option<HoldsWord>,
    /// What is made of it: a year of hours, or, of a trace of requests (time, prompt tokens, answer tokens), demand
    #[arg(long = "as", value_enum, default_value_t = AsWord::Hours)]
    made: AsWord,
    /// Of measured throughput: chips of the replica, where the file does not say it
    #[arg(long, value_name = "COUNT")]
    chips: Option<f64>,
    /// Of measured throughput: the chip, by its catalog id
    #[arg(long, value_name = "ID")]
    chip: Option<String>,
    /// Of measured throughput: the served model, by its catalog id
    #[arg(long, value_name = "ID")]
    served_model: Option<String>,
    /// Of measured throughput: precision of the weights, where the file does not say it
    #[arg(long, value_name = "NAME")]
    precision: Option<String>,
    /// Of measured throughput: the best run within so many ms per token; all if left out
    #[arg(long, value_name = "MS")]
    tpot_ms: Option<f64>,
    /// Of measured throughput: the plan's product
    #[arg(long, value_name = "ID", default_value = "chat")]
    product: String,
    /// Write the clean series here (a year of hours), or the lines of a plan (demand, throughput)
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Text to read or JSON for machines
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What is made of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum AsWord {
    /// A year of hours
    Hours,
    /// A local day's profile, lengths of prompts and answers, and load factor
    Demand,
    /// Rows of `throughput`, of InferenceX, aiconfigurator, vLLM benchmark_serving or GenAI-Perf results
    Throughput,
}

/// Which end of a step.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum StampWord {
    /// The beginning
    Begin,
    /// The end
    End,
}

/// What becomes of gaps.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum GapsWord {
    /// The file is not read
    Refuse,
    /// The value before holds on
    Hold,
    /// A straight line between the neighbours
    Interpolate,
    /// The mean of the hour on such days of the month
    Mean,
}

/// What a series is for.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum HoldsWord {
    /// $ per MWh
    Price,
    /// g CO2 per kWh
    Carbon,
    /// Output per MW contracted
    Share,
    /// A day's demand
    Demand,
}

fn parse_letter(text: &str) -> Result<char, String> {
    separator_of(text).ok_or_else(|| "write one letter, or `tab`".to_owned())
}

fn parse_offset(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(hours) if (-12.0..=14.0).contains(&hours) => Ok(hours),
        _ => Err("give hours from -12 to 14".to_owned()),
    }
}

fn parse_years(text: &str) -> Result<Years, String> {
    match text {
        "mean" => Ok(Years::Mean),
        _ => text.parse().map(Years::Only).map_err(|_| "give a year, or `mean`".to_owned()),
    }
}

impl Args {
    fn reading(&self) -> Reading {
        Reading {
            column: self.column.clone(),
            sheet: self.sheet.clone(),
            skip_rows: self.skip_rows,
            separator: self.separator,
            decimal: self.decimal,
            time_columns: self.time.clone(),
            zone: self.zone.clone(),
            utc_offset_hours: self.utc_offset,
            stamp: self.stamp.map(|stamp| match stamp {
                StampWord::Begin => Stamp::Begin,
                StampWord::End => Stamp::End,
            }),
            unit: self.unit.clone(),
            nameplate: self.nameplate,
            years: self.year,
            gaps: match self.gaps {
                GapsWord::Refuse => Gaps::Refuse,
                GapsWord::Hold => Gaps::Hold,
                GapsWord::Interpolate => Gaps::Interpolate,
                GapsWord::Mean => Gaps::Mean,
            },
            holds: match self.holds {
                None => Holds::Anything,
                Some(HoldsWord::Price) => Holds::Price,
                Some(HoldsWord::Carbon) => Holds::Carbon,
                Some(HoldsWord::Share) => Holds::Share,
                Some(HoldsWord::Demand) => Holds::Demand,
            },
            rates: Catalog::embedded()
                .exchange_rates()
                .iter()
                .map(|rate| (rate.currency.clone(), rate.usd_per_unit, rate.date.clone()))
                .collect(),
        }
    }

    /// Does it.
    pub(super) fn run(&self) -> Ended {
        let bytes = disk::read_bytes(&self.file, disk::MAX_SERIES_BYTES).map_err(|error| Failure::world(&error))?;
        if self.made == AsWord::Demand {
            return match series::trace::read(&bytes, &self.reading()) {
                Err(faults) => self.refuse(&faults),
                Ok(demand) => self.demand(&demand),
            };
        }
        if self.made == AsWord::Throughput {
            let stated = runs::Stated {
                chips: self.chips,
                chip: self.chip.as_deref(),
                served_model: self.served_model.as_deref(),
                precision: self.precision.as_deref(),
                tpot_ms: self.tpot_ms,
                product: &self.product,
            };
            return match series::runs::read(&bytes).and_then(|found| runs::text(&self.file, &found, stated)) {
                Err(faults) => self.refuse(&faults),
                Ok((shown, rows)) => {
                    output::data(&format!("{shown}\nIn a plan:\n{rows}"))?;
                    self.write_lines(&rows)
                }
            };
        }
        match series::read(&bytes, &self.reading()) {
            Err(faults) => self.refuse(&faults),
            Ok(clean) => {
                for warning in &clean.warnings {
                    say(warning);
                }
                match self.format {
                    Format::Text => output::data(&self.text(&clean))?,
                    Format::Json => output::json(&self.json(&clean))?,
                }
                self.to.as_ref().map_or(Ok(()), |to| {
                    Products::of(vec![self.file.clone()])
                        .write(to, clean_file(&clean).as_bytes())
                        .map_err(|error| Failure::world(&error))?;
                    output::note(&format!("The clean series is in {}.", to.display()));
                    Ok(())
                })
            }
        }
    }

    fn refuse(&self, faults: &[Fault]) -> Ended {
        for fault in faults {
            say(fault);
        }
        if self.format == Format::Json {
            let faults: Vec<_> = faults.iter().map(as_json).collect();
            output::json(&serde_json::json!({ "file": self.file.display().to_string(), "faults": faults }))?;
        }
        Err(Failure::Plan)
    }

    /// What a trace of requests shows, and how a plan states it.
    fn demand(&self, demand: &Demand) -> Ended {
        match self.format {
            Format::Text => output::data(&demand::text(&self.file, demand))?,
            Format::Json => output::json(&demand::json(&self.file, demand))?,
        }
        self.write_lines(&demand::lines_of_a_plan(demand))
    }

    fn write_lines(&self, lines: &str) -> Ended {
        self.to.as_ref().map_or(Ok(()), |to| {
            Products::of(vec![self.file.clone()]).write(to, lines.as_bytes()).map_err(|error| Failure::world(&error))?;
            output::note(&format!("The lines of a plan are in {}.", to.display()));
            Ok(())
        })
    }

    fn text(&self, clean: &Clean) -> String {
        let seen = &clean.seen;
        let preview = Preview::of(clean);
        let mut lines: Vec<(&str, String)> =
            vec![("Text", format!("{}; between columns: {}; fractions after `{}`", seen.encoding, seen.separator, seen.decimal))];
        let names = seen.columns.iter().take(12).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let more = if seen.columns.len() > 12 { format!(" and {} more", seen.columns.len() - 12) } else { String::new() };
        let place = if seen.header_line == 0 { "no line of names".to_owned() } else { format!("names in line {}", seen.header_line) };
        lines.push(("Columns", format!("{names}{more} ({place})")));
        lines.push(("Values", format!("{} of `{}`", seen.rows, seen.column)));
        let step = if seen.step_minutes.is_multiple_of(60) {
            format!("{} h", seen.step_minutes / 60)
        } else {
            format!("{} min", seen.step_minutes)
        };
        lines.push((
            "Time",
            match &seen.span {
                Some((from, to)) => format!("{}; every {step}, from {from} to {to}", seen.time),
                None => format!("none in the file; by their number, every {step} from 1 January, 00:00"),
            },
        ));
        lines.push((
            "Clock",
            match clean.clock {
                Clock::Fixed(hours) => offset_words(hours),
                Clock::Unknown => "not stated: read as UTC unless a plan says otherwise".to_owned(),
            },
        ));
        lines.push(("Missing", format!("{} hours", seen.missing_hours)));
        lines.push(("Range", format!("{} to {}, mean {}", digits(preview.low, 5), digits(preview.high, 5), digits(preview.mean, 5))));
        lines.push((
            "Unit",
            match (&self.unit, &seen.unit_stated) {
                (Some(unit), _) => format!("{unit}, as stated"),
                (None, Some(unit)) => format!("likely {unit}: the file says so"),
                (None, None) => "the file does not say it".to_owned(),
            },
        ));
        for (index, note) in clean.put_right.iter().enumerate() {
            lines.push((if index == 0 { "Put right" } else { "" }, note.clone()));
        }
        let mut shown = format!("{}\n", self.file.display());
        for (name, text) in &lines {
            shown.push_str(&format!("  {name:<10} {text}\n"));
        }
        shown
    }

    fn json(&self, clean: &Clean) -> serde_json::Value {
        let seen = &clean.seen;
        let preview = Preview::of(clean);
        serde_json::json!({
            "file": self.file.display().to_string(),
            "encoding": seen.encoding,
            "separator": seen.separator,
            "decimal": seen.decimal.to_string(),
            "columns": seen.columns,
            "column": seen.column,
            "header_line": seen.header_line,
            "rows": seen.rows,
            "time": seen.time,
            "first": seen.span.as_ref().map(|(first, _)| first),
            "last": seen.span.as_ref().map(|(_, last)| last),
            "step_minutes": seen.step_minutes,
            "utc_offset_hours": match clean.clock { Clock::Fixed(hours) => Some(hours), Clock::Unknown => None },
            "missing_hours": seen.missing_hours,
            "low": preview.low,
            "high": preview.high,
            "mean": preview.mean,
            "mean_day": preview.mean_day,
            "unit": self.unit.as_ref().or(seen.unit_stated.as_ref()),
            "zone_spoken_of": seen.zone_stated,
            "put_right": clean.put_right,
            "warnings": clean.warnings.iter().map(as_json).collect::<Vec<_>>(),
        })
    }
}

fn as_json(fault: &Fault) -> serde_json::Value {
    let severity = if fault.severity == Severity::Error { "error" } else { "warning" };
    serde_json::json!({ "severity": severity, "code": fault.code, "field": fault.field, "message": fault.message, "help": fault.help })
}

fn say(fault: &Fault) {
    let word = if fault.severity == Severity::Error { "error" } else { "warning" };
    output::note(&format!("{word}: {} ({})", fault.message, fault.code));
    if !fault.help.is_empty() {
        output::note(&format!("  help: {}", for_command_line(&fault.help)));
    }
}

/// Help speaks of a plan's fields; here they are options of the same names.
fn for_command_line(help: &str) -> String {
    const FIELDS: [&str; 8] = ["zone", "utc_offset_hours", "stamp", "unit", "nameplate", "year", "gaps", "column"];
    let spoken = FIELDS.iter().any(|field| help.contains(&format!("{field}:")) || help.contains(&format!("`{field}`")));
    if spoken { format!("{help} Here the fields of a plan are options, such as `--zone Europe/Berlin`.") } else { help.to_owned() }
}

/// 8,760 lines with the hour of the year.
fn clean_file(clean: &Clean) -> String {
    let mut text = "hour,value\n".to_owned();
    for (hour, value) in clean.values.iter().enumerate() {
        text += &format!("{hour},{value}\n");
    }
    text
}
