//! A hedge as text: what to sign, what each future comes to, what knowing is worth.

use std::fmt::Write as _;

use super::line;
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
