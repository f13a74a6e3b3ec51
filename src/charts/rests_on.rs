//! What throughputs rest on, as a table: the runs that were published, with date, engine and how far they
//! are from what is asked. It stands beside the chart of throughput against speed, and in reports.

use crate::physics::throughput::choose::Pools;
use crate::physics::throughput::frontier::RestsOn;
use crate::words::grouped;

use super::tables::{Table, TableCell};

/// Most kinds of runs listed for a pair; the rest is counted.
const MOST: usize = 12;

/// Its title.
pub(crate) const TITLE: &str = "What this rests on";

/// The table of some pairs: what they are called and what their rates rest on.
pub(crate) fn table<'r>(pairs: impl Iterator<Item = (String, &'r [RestsOn])>) -> Table {
    let header = ["Throughput of", "Runs", "Of what", "Engine", "Date", "Prompt + answer tokens", "Pools", "Distance", "Source"];
    let mut rows = Vec::new();
    for (name, groups) in pairs {
        rows.extend(groups.iter().take(MOST).map(|group| row(&name, group)));
        let rest = groups.get(MOST..).unwrap_or_default();
        if !rest.is_empty() {
            let runs: usize = rest.iter().map(|group| group.rows).sum();
            let furthest = rest.iter().map(|group| group.distance).max().map_or("", |distance| distance.label());
            let words = format!("{} more kinds of runs", rest.len());
            rows.push(
                [
                    TableCell::from(name.as_str()),
                    TableCell::from(runs as f64),
                    TableCell::from(words.as_str()),
                    TableCell::from(""),
                    TableCell::from(""),
                    TableCell::from(""),
                    TableCell::from(""),
                    TableCell::from(format!("up to: {furthest}").as_str()),
                    TableCell::from(""),
                ]
                .to_vec(),
            );
        }
    }
    Table { name: "rests-on".into(), title: TITLE.into(), header: header.map(String::from).to_vec(), rows }
}

fn row(name: &str, group: &RestsOn) -> Vec<TableCell> {
    let pools = match group.pools {
        Some(Pools::One) => "one",
        Some(Pools::Two) => "two",
        None => "one or two",
    };
    let tokens =
        group.tokens.map_or_else(|| "several".to_owned(), |(prompt, answer)| format!("{} + {}", grouped(prompt, 0), grouped(answer, 0)));
    let date = if group.date.is_empty() { "undated" } else { &group.date };
    vec![
        TableCell::from(name),
        TableCell::from(group.rows as f64),
        TableCell::from(group.ran.as_str()),
        TableCell::from(group.engine.as_str()),
        TableCell::from(date),
        TableCell::from(tokens.as_str()),
        TableCell::from(pools),
        TableCell::from(group.distance_in_words().as_str()),
        TableCell::from(group.source.as_str()),
    ]
}
