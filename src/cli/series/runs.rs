//! Measured runs of other tools as `throughput` rows of a plan.

use std::fmt::Write as _;
use std::path::Path;

use crate::catalog::Catalog;
use crate::physics::throughput::split_of_a_run;
use crate::plan::node::quoted;
use crate::series::Fault;
use crate::series::runs::Run;
use crate::words::{fixed, grouped, short};

/// What the file does not say and the planner states.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stated<'s> {
    /// Chips of the replica that was measured.
    pub chips: Option<f64>,
    /// Catalog id of the chip.
    pub chip: Option<&'s str>,
    /// Catalog id of the served model.
    pub served_model: Option<&'s str>,
    /// Precision of the weights.
    pub precision: Option<&'s str>,
    /// Longest time per token.
    pub tpot_ms: Option<f64>,
    /// Product of the plan.
    pub product: &'s str,
}

/// The runs in words, and the rows of those that can be stated.
pub(super) fn text(file: &Path, runs: &[Run], stated: Stated<'_>) -> Result<(String, String), Vec<Fault>> {
    let mut shown = format!("{}\n", file.display());
    let mut rows = String::from("// under `throughput`\n");
    let within = |run: &&Run| stated.tpot_ms.is_none_or(|most| run.tpot_ms.is_some_and(|ms| ms <= most));
    let mut chosen: Vec<(&Run, f64)> = Vec::new();
    for run in runs.iter().filter(within) {
        chosen.push((run, run.answer_tok_per_s_per_chip(stated.chips).map_err(|fault| vec![fault])?));
    }
    if chosen.is_empty() {
        let most = stated.tpot_ms.unwrap_or(0.0);
        return Err(vec![Fault::error(
            "no-run",
            "tpot_ms",
            format!("None of {} runs answers within {most} ms per token.", runs.len()),
            "State a longer time, or leave it out to see all of them.",
        )]);
    }
    if stated.tpot_ms.is_some() {
        // Of those within the promise the plan counts on the best.
        chosen.sort_by(|left, right| right.1.total_cmp(&left.1));
        chosen.truncate(1);
    }
    for (number, (run, rate)) in chosen.into_iter().enumerate() {
        let time = run.tpot_ms.map_or_else(|| "time per token not said".to_owned(), |ms| format!("{} ms per token", short(ms)));
        let lengths = format!("{} + {} tokens", grouped(run.prompt_tokens, 0), grouped(run.answer_tokens, 0));
        let what = if run.predicted { "predicted" } else { "measured" };
        let _ = writeln!(
            shown,
            "  {} {} {}: {} answer tok/s per chip at {lengths}, {time}, {what}",
            run.chip,
            run.served_model,
            run.engine,
            short(rate)
        );
        rows.push_str(&row(file, number, run, rate, &lengths, &time, stated)?);
    }
    Ok((shown, rows))
}

fn row(file: &Path, number: usize, run: &Run, rate: f64, lengths: &str, time: &str, stated: Stated<'_>) -> Result<String, Vec<Fault>> {
    let catalog = Catalog::embedded();
    let needed = |id: Option<&str>, option: &'static str, what: &str| {
        id.map(str::to_owned).ok_or_else(|| {
            vec![Fault::error(
                "missing-option",
                option,
                format!("The rate holds prompts and answers together; to split it, {what} must be known."),
                format!("State it by its catalog id: `--{} …` (`tokenworks catalog list` names them).", option.replace('_', "-")),
            )]
        })
    };
    let unknown = |kind: &str, id: &str| {
        vec![Fault::error("unknown-id", "chip", format!("The catalog has no {kind} `{id}`."), "`tokenworks catalog list` names them.")]
    };
    let chip_id = needed(stated.chip, "chip", "the chip")?;
    let model_id = needed(stated.served_model, "served_model", "the served model")?;
    let chip = catalog.chip(&chip_id).ok_or_else(|| unknown("chip", &chip_id))?;
    let model = catalog.served_model(&model_id).ok_or_else(|| unknown("served model", &model_id))?;
    let precision = stated
        .precision
        .map(str::to_owned)
        .or_else(|| run.precision.clone())
        .or_else(|| model.precisions.first().cloned())
        .unwrap_or_default();
    let chips = stated.chips.or(run.chips).unwrap_or(1.0);
    // By Little's law, where the file does not say it.
    let concurrency = run.concurrency.or_else(|| Some(rate * chips * run.tpot_ms? / 1e3)).unwrap_or(1.0);
    let (prefill, decode) =
        split_of_a_run(chip, model, &precision.to_lowercase(), (run.prompt_tokens, run.answer_tokens), (chips, concurrency), rate)
            .ok_or_else(|| {
                vec![Fault::error(
                    "unknown-size",
                    "served_model",
                    format!("A size of {chip_id} or {model_id}, or the precision `{precision}`, is not known, so the rate can't be split."),
                    "State `--precision`, or the row by hand.",
                )]
            })?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let source = format!("{name}: {}, {lengths}, {time}", if run.predicted { "a prediction" } else { "a run" });
    let measured = if run.predicted {
        String::new()
    } else {
        format!("measured: true, date: {}, engine: {}, ", quoted(&run.date), quoted(&run.engine))
    };
    Ok(format!(
        "\"{}-{}-{}\": (chip: {}, product: {}, prefill_tok_per_s: {}, decode_tok_per_s: {}, replica_chips: {chips:?}, {measured}source: {}),\n",
        stated.product,
        chip_id,
        number + 1,
        quoted(&chip_id),
        quoted(stated.product),
        fixed(prefill, 1),
        fixed(decode, 1),
        quoted(&source)
    ))
}
