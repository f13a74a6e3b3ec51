//! A hedge as text and as tables: what to sign, what each future comes to, what knowing is worth.

use std::fmt::Write as _;

use super::line;
use crate::charts::{Table, TableCell};
use crate::study::engine::{Over, Record, Run};
use crate::study::kinds::hedge::{groups, hedging_of, numbers, sentences, value};
use crate::words::{percent, short};

pub(super) fn text(out: &mut String, run: &Run, records: &[Record]) {
    let Some(hedging) = hedging_of(&run.points) else { return };
    for sentence in sentences(&run.points, records) {
        let _ = writeln!(out, "{sentence}");
    }
    let numbers = numbers(&run.points, records);
    if numbers.measure.is_none() {
        return;
    }
    let value = |amount: Option<f64>| amount.map_or_else(|| "no answer".to_owned(), |amount| value(&numbers.goal, amount));
    let _ = writeln!(out, "\n{}, future by future:", crate::words::sentence(&numbers.goal));
    line(out, "", &["probability", "hedged", "known before", "regret"].map(str::to_owned));
    for (number, future) in hedging.futures.iter().enumerate() {
        let cells = [
            percent(future.probability),
            value(numbers.hedged.get(number).copied()),
            value(numbers.known.get(number).copied().flatten()),
            value(numbers.regret.get(number).copied().flatten()),
        ];
        line(out, &future.id, &cells);
    }
    line(out, "mean", &[String::new(), value(numbers.mean), String::new(), String::new()]);
    if hedging.over != Over::Mean {
        line(out, "what is made best", &[String::new(), value(numbers.measure), value(numbers.if_known), String::new()]);
    }
    let groups = groups(&run.points, records);
    if !groups.is_empty() {
        let _ = writeln!(out, "\nSigned before {}:", hedging.decide_before);
        line(out, "", &["hedged", "least if known", "most if known", "futures"].map(str::to_owned));
        for group in &groups {
            let cells =
                [short(group.hedged), short(group.least()), short(group.most()), format!("{} of {}", group.wanted_in(), group.known.len())];
            line(out, &format!("{}, {}", group.name, group.unit), &cells);
        }
    }
    if numbers.care.len() > 1 {
        let _ = writeln!(out, "\nWhat care costs, by the weight of the worst futures:");
        line(out, "", &["mean", "worst"].map(str::to_owned));
        for care in &numbers.care {
            line(out, &percent(care.weight), &[value(Some(care.mean)), value(Some(care.worst))]);
        }
    }
    let proof = records.iter().filter(|record| record.at.first() == Some(&1.0)).find_map(|record| record.answer.proof.as_ref());
    if let Some(proof) = proof {
        let _ = writeln!(
            out,
            "\nProved: nothing signed now comes to more than {} (gap {:.1e}), by {} of {} unknowns.",
            value(Some(proof.bound)),
            proof.gap,
            proof.by,
            crate::words::grouped(proof.columns as f64, 0)
        );
    }
}

/// The tables that a report shows.
pub(super) fn tables(id: &str, run: &Run, records: &[Record]) -> Vec<Table> {
    let Some(hedging) = hedging_of(&run.points) else { return Vec::new() };
    let numbers = numbers(&run.points, records);
    if numbers.measure.is_none() {
        return Vec::new();
    }
    let unit = if numbers.goal == "tokens" { "Ttok" } else { "M$" };
    let number = |value: Option<f64>| value.map_or(TableCell::Text("no answer".into()), TableCell::from);
    let table = |name: &str, title: String, header: Vec<String>, rows: Vec<Vec<TableCell>>| Table {
        name: format!("{id} {name}"),
        title: format!("{id}: {title}"),
        header,
        rows,
    };
    let in_unit = |name: &str| format!("{name} [{unit}]");
    let futures = hedging.futures.iter().enumerate().map(|(place, future)| {
        vec![
            future.id.as_str().into(),
            future.probability.into(),
            number(numbers.hedged.get(place).copied()),
            number(numbers.known.get(place).copied().flatten()),
            number(numbers.regret.get(place).copied().flatten()),
        ]
    });
    let header = vec!["Future".into(), "Probability".into(), in_unit("Hedged"), in_unit("Known before"), in_unit("Regret")];
    let mut tables = vec![table("futures", format!("{} by future", crate::words::sentence(&numbers.goal)), header, futures.collect())];
    let signed: Vec<Vec<TableCell>> = groups(&run.points, records)
        .iter()
        .map(|group| {
            vec![
                group.name.as_str().into(),
                group.unit.as_str().into(),
                group.hedged.into(),
                group.least().into(),
                group.most().into(),
                format!("{} of {}", group.wanted_in(), group.known.len()).as_str().into(),
            ]
        })
        .collect();
    if !signed.is_empty() {
        let header = ["What", "Unit", "Hedged", "Least if known", "Most if known", "Futures that would"].map(str::to_owned).to_vec();
        tables.push(table("signed", format!("what is signed before {}", hedging.decide_before), header, signed));
    }
    let mut worth: Vec<(String, Option<f64>)> = vec![("Knowing everything first".into(), numbers.evpi)];
    for (place, of) in numbers.learning.iter().filter(|_| numbers.learning.len() > 1) {
        let name = hedging.uncertainties.get(*place).map_or("", |uncertainty| uncertainty.name.as_str());
        worth.push((format!("Knowing {name} first"), *of));
    }
    worth.push(("Hedging over planning with averages".into(), numbers.vss));
    worth.push(("Knowing it now over a period later".into(), numbers.later));
    worth.push(("Signing now over waiting".into(), numbers.waiting));
    let rows = worth.into_iter().map(|(name, worth)| vec![name.as_str().into(), number(worth)]).collect();
    tables.push(table("worth", "what knowing, hedging and signing are worth".into(), vec!["What".into(), in_unit("Worth")], rows));
    if numbers.care.len() > 1 {
        let header = vec!["Weight of the worst".into(), in_unit("Mean"), in_unit("Mean of the worst")];
        let rows = numbers.care.iter().map(|care| vec![care.weight.into(), care.mean.into(), care.worst.into()]).collect();
        tables.push(table("care", "what care costs".into(), header, rows));
    }
    tables
}
