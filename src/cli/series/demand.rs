//! A trace of requests as demand: in words, as JSON, and as the lines of a plan that states it.

use std::fmt::Write as _;
use std::path::Path;

use crate::series::trace::{Demand, Lengths};
use crate::words::{fixed, short};

/// Hours of the day in one line.
const HOURS_IN_A_LINE: usize = 12;

/// What a trace shows.
pub(super) fn text(file: &Path, demand: &Demand) -> String {
    let mut shown = format!("{}\n", file.display());
    let mut line = |name: &str, text: &str| _ = writeln!(shown, "  {name:<14} {text}");
    line("Requests", &format!("{} in {} h", demand.requests, short(demand.span_hours)));
    for (name, lengths) in [("Prompt tokens", &demand.prompt), ("Answer tokens", &demand.answer)] {
        let tail: Vec<String> = lengths.quantiles.iter().map(|(share, tokens)| format!("p{} {}", 100.0 * share, short(*tokens))).collect();
        line(name, &format!("mean {}; {}", short(lengths.mean), tail.join(", ")));
    }
    for (index, hours) in demand.day.chunks(HOURS_IN_A_LINE).enumerate() {
        let values: Vec<String> = hours.iter().map(|share| fixed(*share, 2)).collect();
        line(if index == 0 { "Local day" } else { "" }, &values.join(" "));
    }
    let of_hours = demand.load_factor_of_hours.map_or_else(String::new, |share| format!("; of single hours {}", fixed(share, 2)));
    line("Load factor", &format!("{} of the mean day{of_hours}", fixed(demand.load_factor, 2)));
    for (index, note) in demand.notes.iter().enumerate() {
        line(if index == 0 { "To know" } else { "" }, note);
    }
    let _ = write!(shown, "\nIn a plan:\n{}", lines_of_a_plan(demand));
    shown
}

/// The profile of a day and the lengths, as a plan states them.
pub(super) fn lines_of_a_plan(demand: &Demand) -> String {
    let day: Vec<String> = demand.day.iter().map(|share| fixed(*share, 4)).collect();
    let quantiles = |lengths: &Lengths| {
        let rows: Vec<String> =
            lengths.quantiles.iter().map(|(share, tokens)| format!("(share_fraction: {share:?}, tokens: {tokens:?})")).collect();
        rows.join(", ")
    };
    format!(
        "// under `profiles`\n\"trace-day\": PerHour([{}]),\n// in the product\nprompt_tokens: {}, answer_tokens: {},\nprompt_quantiles: [{}],\nanswer_quantiles: [{}],\n// in the market\nlocal_time: \"trace-day\",\n",
        day.join(", "),
        fixed(demand.prompt.mean, 1),
        fixed(demand.answer.mean, 1),
        quantiles(&demand.prompt),
        quantiles(&demand.answer),
    )
}

fn lengths(lengths: &Lengths) -> serde_json::Value {
    let quantiles: serde_json::Map<String, serde_json::Value> =
        lengths.quantiles.iter().map(|(share, tokens)| (share.to_string(), (*tokens).into())).collect();
    serde_json::json!({ "mean": lengths.mean, "quantiles": quantiles })
}

/// The same for machines.
pub(super) fn json(file: &Path, demand: &Demand) -> serde_json::Value {
    serde_json::json!({
        "file": file.display().to_string(),
        "requests": demand.requests,
        "span_hours": demand.span_hours,
        "local_day": demand.day,
        "hours_unseen": demand.hours_unseen,
        "load_factor": demand.load_factor,
        "load_factor_of_hours": demand.load_factor_of_hours,
        "prompt_tokens": lengths(&demand.prompt),
        "answer_tokens": lengths(&demand.answer),
        "notes": demand.notes,
    })
}
