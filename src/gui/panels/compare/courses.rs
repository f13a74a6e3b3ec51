//! Numbers from dates on, side by side: steps that differ, with their dates.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Row;
use crate::plan::steps::{Steps, step_key};
use crate::plan::{Month, Plan, edit};
use crate::words;

/// Numbers from dates on are compared as one course: of each the steps that not all have, with their dates. A step that
/// comes later is no entry of another name.
pub(super) fn by_whole_course(plans: &[Arc<Plan>], rows: Vec<Row>) -> Vec<Row> {
    let course = |path: &str| -> Option<Vec<Steps>> {
        let (field, key) = path.rsplit_once('.')?;
        if key != "start" && Month::parse(key).is_err() {
            return None;
        }
        let read = |plan: &Arc<Plan>| Steps::of_text(&edit::get(plan, field)?).filter(|steps| steps.dates().is_some());
        plans.iter().map(read).collect()
    };
    let mut whole: Vec<Row> = Vec::new();
    for row in rows {
        let Some(courses) = course(&row.path) else {
            whole.push(row);
            continue;
        };
        let field = row.path.rsplit_once('.').map_or(row.path.as_str(), |(field, _)| field).to_owned();
        if whole.iter().any(|known| known.path == field) {
            continue;
        }
        let dates: Vec<&BTreeMap<Month, f64>> = courses.iter().filter_map(Steps::dates).collect();
        let in_all = |month: &Month, value: &f64| dates.iter().all(|dates| dates.get(month) == Some(value));
        let of = |own: &BTreeMap<Month, f64>| {
            let differs = own.iter().any(|(month, value)| !in_all(month, value));
            let said = own.iter().filter(|(month, value)| !differs || !in_all(month, value));
            let said = said.map(|(month, value)| format!("{:?}: {value:?}", step_key(*month)));
            Some(format!("{{{}}}", said.collect::<Vec<_>>().join(", ")))
        };
        let values = dates.iter().map(|own| of(own)).collect();
        let name = plans.first().map_or_else(String::new, |first| words::subject(first, &field));
        whole.push(Row { path: field, name, values });
    }
    whole
}
