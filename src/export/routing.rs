//! Where tasks go, as a table and in sentences: for the terminal, the report, the window and spreadsheets.

use crate::charts::frame::at;
use crate::charts::tables::{Table, TableCell};
use crate::results::Results;
use crate::results::tasks::{TaskRouting, WayTaken};
use crate::words::{digits, grouped, musd, percent};

/// Which share of each class of tasks goes where, by period; none where the plan states no tasks.
#[must_use]
pub fn tables(results: &Results) -> Vec<Table> {
    if results.routing.is_empty() || !results.has_numbers() {
        return Vec::new();
    }
    vec![shares(results), quality(results)]
}

fn table(name: &str, title: &str, header: &[&str]) -> Table {
    Table { name: name.into(), title: title.into(), header: header.iter().map(ToString::to_string).collect(), rows: Vec::new() }
}

fn shares(results: &Results) -> Table {
    let header = [
        "Tasks",
        "Period",
        "Done by",
        "Share of tasks",
        "Tasks [million]",
        "Right of these",
        "Answer tokens per task",
        "Pass rate and tokens",
    ];
    let mut made = table("routing", "Where tasks go", &header);
    for task in &results.routing {
        for (period, info) in results.periods.iter().enumerate() {
            for way in task.ways.iter().filter(|way| at(&way.millions, period) > 0.0) {
                made.rows.push(vec![
                    TableCell::from(task.name.as_str()),
                    TableCell::from(info.label.as_str()),
                    TableCell::from(way.name.as_str()),
                    TableCell::from(percent(task.share(way, period)).as_str()),
                    at(&way.millions, period).into(),
                    TableCell::from(percent(way.pass_fraction).as_str()),
                    way.answer_tokens_per_task.into(),
                    TableCell::from(if way.measured { "measured" } else { "stated" }),
                ]);
            }
        }
    }
    made
}

fn quality(results: &Results) -> Table {
    let header = ["Tasks", "Period", "Tasks [million]", "Right", "Needed", "One point more costs [M$]", "One point less saves [M$]"];
    let mut made = table("quality", "What quality costs", &header);
    for task in &results.routing {
        for (period, info) in results.periods.iter().enumerate().filter(|(period, _)| at(&task.millions, *period) > 0.0) {
            let point = results.quality_musd_per_point(&task.id, period);
            let cell = |value: Option<f64>| value.map_or_else(|| TableCell::from("–"), TableCell::from);
            made.rows.push(vec![
                TableCell::from(task.name.as_str()),
                TableCell::from(info.label.as_str()),
                at(&task.millions, period).into(),
                TableCell::from(percent(at(&task.pass_fraction, period)).as_str()),
                TableCell::from(percent(at(&task.need_fraction, period)).as_str()),
                cell(point.map(|(more, _)| more)),
                cell(point.map(|(more, less)| less.unwrap_or(more))),
            ]);
        }
    }
    made
}

/// The same in sentences, one for each class of tasks.
#[must_use]
pub fn in_words(results: &Results) -> Vec<String> {
    if !results.has_numbers() {
        return Vec::new();
    }
    results.routing.iter().filter_map(|task| sentence(results, task)).collect()
}

fn sentence(results: &Results, task: &TaskRouting) -> Option<String> {
    let all: f64 = task.millions.iter().sum();
    if all <= 0.0 {
        return None;
    }
    let of = |way: &WayTaken| way.millions.iter().sum::<f64>();
    let mut ways: Vec<&WayTaken> = task.ways.iter().filter(|way| of(way) > 0.0).collect();
    ways.sort_by(|one, other| of(other).total_cmp(&of(one)));
    let count = if all < 10.0 { format!("{} million", digits(all, 3)) } else { format!("{} million", grouped(all, 0)) };
    let parts = ways.iter().enumerate().map(|(number, way)| {
        let share = percent(of(way) / all);
        if number == 0 { format!("{share} of {count} tasks go to {}", way.name) } else { format!("{share} to {}", way.name) }
    });
    let right: f64 = ways.iter().map(|way| of(way) * way.pass_fraction).sum::<f64>() / all;
    let parts: Vec<String> = parts.collect();
    let mut said = format!("{}: {}; {} come out right", crate::words::sentence(&task.name), parts.join(", "), percent(right));
    let need: Vec<f64> = task.need_fraction.iter().zip(&task.millions).filter(|(_, count)| **count > 0.0).map(|(need, _)| *need).collect();
    let (least, most) = (need.iter().copied().fold(f64::INFINITY, f64::min), need.iter().copied().fold(0.0, f64::max));
    said += &match (least, most) {
        (_, most) if most <= 0.0 => ", and nothing is asked of them.".to_owned(),
        (least, most) if most - least <= 1e-9 => format!(", where {} must.", percent(most)),
        (least, most) => format!(", where {} to {} must, by date.", percent(least), percent(most)),
    };
    let dearest = (0..results.periods.len())
        .filter_map(|period| Some((period, results.quality_musd_per_point(&task.id, period)?)))
        .max_by(|one, other| (one.1).0.total_cmp(&(other.1).0));
    if let Some((period, (more, less))) = dearest {
        let when = results
            .periods
            .get(period)
            .filter(|_| results.periods.len() > 1)
            .map_or_else(String::new, |info| format!(" in {}", info.label));
        said += &format!(" One point more{when} would cost {}", musd(more));
        said += &less.map_or_else(|| ".".to_owned(), |less| format!("; one less would save {}.", musd(less)));
    } else if most > 0.0 && right > most + 1e-9 {
        said += " More quality than needed costs nothing here: the cheapest ways are that good.";
    }
    Some(said)
}
