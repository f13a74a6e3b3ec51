//! Which share of each class of tasks goes which way, and how much comes out right.

use crate::results::Results;

use super::frame::{Words, axis, chart, empty, finite, present, span};
use super::{Body, Chart, ColorKey, Selection, Series};

const NO_TASKS: &str = "The plan states no tasks; name them under `tasks` with what each product makes of them.";

/// The chart.
pub(super) fn tasks(results: &Results, _selection: &Selection) -> Chart {
    const NAME: &str = "routing";
    const TITLE: &str = "Where tasks go";
    let several = results.routing.len() > 1;
    // A bar for each class and period that has tasks.
    let bars: Vec<(usize, usize)> = results
        .routing
        .iter()
        .enumerate()
        .flat_map(|(task, data)| data.millions.iter().enumerate().filter(|(_, count)| **count > 0.0).map(move |(period, _)| (task, period)))
        .collect();
    if bars.is_empty() || !results.has_numbers() {
        return empty(results, NAME, TITLE, NO_TASKS);
    }
    let mut names: Vec<(&str, &[usize])> = Vec::new();
    for way in results.routing.iter().flat_map(|task| &task.ways) {
        if !names.iter().any(|(name, _)| *name == way.name) {
            names.push((&way.name, &way.products));
        }
    }
    let over_bars = |value: &dyn Fn(usize, usize) -> f64| bars.iter().map(|(task, period)| finite(100.0 * value(*task, *period))).collect();
    let stacks = names.iter().map(|(name, _)| Series {
        name: (*name).to_owned(),
        color: ColorKey::Product((*name).to_owned()),
        values: over_bars(&|task, period| {
            let task = results.routing.get(task);
            task.map_or(0.0, |task| task.ways.iter().filter(|way| way.name == *name).map(|way| task.share(way, period)).sum())
        }),
    });
    let line = |name: &str, color: ColorKey, of: &dyn Fn(&crate::results::tasks::TaskRouting) -> &Vec<f64>| Series {
        name: name.to_owned(),
        color,
        values: over_bars(&|task, period| results.routing.get(task).and_then(|task| of(task).get(period)).copied().unwrap_or(0.0)),
    };
    let lines = vec![
        line("Come out right", ColorKey::Load, &|task| &task.pass_fraction),
        line("Needed", ColorKey::Limit, &|task| &task.need_fraction),
    ];
    let label = |(task, period): &(usize, usize)| {
        let period = results.periods.get(*period).map_or("", |period| period.label.as_str());
        match results.routing.get(*task).filter(|_| several) {
            Some(task) if results.periods.len() > 1 => format!("{} {period}", task.name),
            Some(task) => task.name.clone(),
            None => period.to_owned(),
        }
    };
    let words = Words {
        name: NAME,
        title: TITLE.into(),
        subtitle: format!("% of the tasks, {}", span(results, &Selection::default())),
        reading: "Each bar is all tasks of a class in a period, by who does them; of a cascade the second product is asked where the first failed.",
    };
    let body = Body::StackedBars { categories: bars.iter().map(label).collect(), stacks: present(stacks.collect()), lines: present(lines) };
    chart(results, words, axis("", ""), axis("Share of tasks", "%"), body)
}
