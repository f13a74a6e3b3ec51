//! Measured throughput in other tools' files: InferenceX and aiconfigurator tables (CSV), vLLM's
//! `benchmark_serving` and NVIDIA's GenAI-Perf results (JSON). What a file does not say (above all how many chips
//! served) must be stated; nothing is guessed.

use serde_json::Value;

use super::number::{Cell, Style};
use super::reading::{Fault, Reading};

/// One measured run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    /// The chip or system as the file calls it; empty where it does not.
    pub chip: String,
    /// The served model as the file calls it; empty where it does not.
    pub served_model: String,
    /// Precision of the weights, where the file says it.
    pub precision: Option<String>,
    /// Serving engine.
    pub engine: String,
    /// Date as the file writes it, as `2026-05-03` or `2026-05`; empty where it does not.
    pub date: String,
    /// Mean prompt tokens of a request.
    pub prompt_tokens: f64,
    /// Mean answer tokens of a request.
    pub answer_tokens: f64,
    /// Requests in flight, where it is said.
    pub concurrency: Option<f64>,
    /// Chips of the replica, where it is said.
    pub chips: Option<f64>,
    /// Answer tokens per second: of one chip where `per_chip`, else of all.
    pub answer_tok_per_s: f64,
    /// The rate is that of one chip.
    pub per_chip: bool,
    /// Mean time per answer token, ms.
    pub tpot_ms: Option<f64>,
    /// Mean time to the first token, ms.
    pub ttft_ms: Option<f64>,
    /// The numbers are a prediction of a tool, no measurement.
    pub predicted: bool,
}

impl Run {
    /// Answer tokens per second and chip, with the chips stated where the file does not say them.
    ///
    /// # Errors
    /// What must be stated.
    pub fn answer_tok_per_s_per_chip(&self, chips: Option<f64>) -> Result<f64, Fault> {
        if self.per_chip {
            return Ok(self.answer_tok_per_s);
        }
        match chips.or(self.chips).filter(|chips| *chips >= 1.0) {
            Some(chips) => Ok(self.answer_tok_per_s / chips),
            None => Err(Fault::error("no-chips", "chips", "The file does not say how many chips served.", "State them: `--chips 8`.")),
        }
    }
}

/// Reads the runs of a file.
///
/// # Errors
/// Why it is not read, with what to do.
pub fn read(bytes: &[u8]) -> Result<Vec<Run>, Vec<Fault>> {
    let starts = bytes.iter().copied().find(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xef | 0xbb | 0xbf));
    let runs = if matches!(starts, Some(b'{' | b'[')) { of_json(bytes) } else { of_table(bytes) };
    let runs = runs.map_err(|fault| vec![fault])?;
    if runs.is_empty() {
        return Err(vec![Fault::error("bad-file", "path", "The file has no runs.", "Choose the tool's result file.")]);
    }
    Ok(runs)
}

fn of_json(bytes: &[u8]) -> Result<Vec<Run>, Fault> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    let mut found = Vec::new();
    // One object, a list of them, or one a line, as vLLM appends them.
    let whole: Result<Value, _> = serde_json::from_str(text);
    match whole {
        Ok(Value::Array(all)) => found.extend(all),
        Ok(one) => found.push(one),
        Err(error) => {
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                found.push(serde_json::from_str(line).map_err(|_| {
                    Fault::error("bad-file", "path", format!("The file is no JSON: {error}."), "Choose the tool's result file.")
                })?);
            }
        }
    }
    found
        .iter()
        .map(|value| if value.get("output_token_throughput").is_some_and(Value::is_object) { of_genai_perf(value) } else { of_vllm(value) })
        .collect()
}

fn missing(what: &str, tool: &str) -> Fault {
    Fault::error(
        "missing-field",
        "path",
        format!("The result of {tool} has no `{what}`, or it is no number above zero."),
        "Save the result again with all of its statistics.",
    )
}

/// vLLM's `benchmark_serving --save-result`.
fn of_vllm(value: &Value) -> Result<Run, Fault> {
    const TOOL: &str = "vLLM's benchmark_serving";
    let number = |name: &str| value.get(name).and_then(Value::as_f64).filter(|number| number.is_finite() && *number > 0.0);
    let needed = |name: &str| number(name).ok_or_else(|| missing(name, TOOL));
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let completed = needed("completed")?;
    let rate = needed("output_throughput")?;
    let backend = text("backend");
    // `20260503-142233`
    let date = text("date");
    let digits: String = date.chars().take_while(char::is_ascii_digit).collect();
    let date = match (digits.get(0..4), digits.get(4..6), digits.get(6..8)) {
        (Some(year), Some(month), Some(day)) if digits.len() == 8 => format!("{year}-{month}-{day}"),
        _ => date,
    };
    Ok(Run {
        served_model: text("model_id"),
        engine: if backend.is_empty() { "vllm".to_owned() } else { backend },
        date,
        prompt_tokens: needed("total_input_tokens")? / completed,
        answer_tokens: needed("total_output_tokens")? / completed,
        concurrency: number("max_concurrency"),
        answer_tok_per_s: rate,
        tpot_ms: number("mean_tpot_ms"),
        ttft_ms: number("mean_ttft_ms"),
        ..Run::default()
    })
}

/// GenAI-Perf's `profile_export_genai_perf.json`.
fn of_genai_perf(value: &Value) -> Result<Run, Fault> {
    const TOOL: &str = "GenAI-Perf";
    let mean = |name: &str| value.get(name)?.get("avg")?.as_f64().filter(|number| number.is_finite() && *number > 0.0);
    let needed = |name: &str| mean(name).ok_or_else(|| missing(name, TOOL));
    // Times are in ms unless the file says otherwise.
    let time = |name: &str| {
        let unit = value.get(name)?.get("unit").and_then(Value::as_str).unwrap_or("ms");
        let factor = match unit {
            "ns" => 1e-6,
            "us" => 1e-3,
            "s" | "sec" => 1e3,
            _ => 1.0,
        };
        Some(mean(name)? * factor)
    };
    let config = value.get("input_config").unwrap_or(&Value::Null);
    let model = config
        .get("model")
        .or_else(|| config.get("model_names"))
        .and_then(|model| model.as_str().or_else(|| model.as_array()?.first()?.as_str()));
    let concurrency = config.get("concurrency").or_else(|| config.get("perf_analyzer")?.get("stimulus")?.get("concurrency"));
    Ok(Run {
        served_model: model.unwrap_or_default().to_owned(),
        engine: config.get("backend").and_then(Value::as_str).unwrap_or("genai-perf").to_owned(),
        prompt_tokens: needed("input_sequence_length")?,
        answer_tokens: needed("output_sequence_length")?,
        concurrency: concurrency.and_then(Value::as_f64).filter(|number| *number > 0.0),
        answer_tok_per_s: needed("output_token_throughput")?,
        tpot_ms: time("inter_token_latency"),
        ttft_ms: time("time_to_first_token"),
        ..Run::default()
    })
}

/// Names of a table's columns: letters and digits only, in lower case.
fn bare(name: &str) -> String {
    name.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// Tables of InferenceX and aiconfigurator.
fn of_table(bytes: &[u8]) -> Result<Vec<Run>, Fault> {
    let opened = super::open(bytes, &Reading::default())?;
    let table = &opened.table;
    let names: Vec<String> = table.cells(0).map(bare).collect();
    let find = |words: &[&str]| words.iter().find_map(|word| names.iter().position(|name| name == word));
    let prompt = find(&["isl", "inputlength", "prompttokens", "inputtokens", "inputseqlen"]);
    let answer = find(&["osl", "outputlength", "answertokens", "outputtokens", "outputseqlen"]);
    // Of one chip, of answers alone where both are there.
    let per_chip = find(&["outputtputpergpu", "outputtokspergpu", "outputtokensgpu", "outputtokensspergpu", "answertokpersperchip"]);
    let aic = find(&["tokenssgpu", "tokensgpu"]);
    let total_per_chip = find(&["tputpergpu", "throughputpergpu", "throughputgputoksgpu", "tokspergpu"]);
    let (Some(prompt), Some(answer)) = (prompt, answer) else {
        return Err(unknown_columns(table.cells(0), "the prompt and answer lengths (`isl`, `osl`)"));
    };
    let Some((rate, includes_prompts)) = per_chip.or(aic).map(|column| (column, false)).or_else(|| Some((total_per_chip?, true))) else {
        return Err(unknown_columns(table.cells(0), "a throughput of one chip (`output_tput_per_gpu`, `tput_per_gpu`, `tokens/s/gpu`)"));
    };
    let (user, tpot) = (
        find(&["tokenssuser", "interactivity", "intvty", "meanintvty", "medianintvty"]),
        find(&["tpot", "meantpot", "mediantpot", "tpotms"]),
    );
    let ttft = find(&["ttft", "meanttft", "medianttft", "ttftms"]);
    let (chips, batch) = (find(&["numgpus", "numtotalgpus", "tp", "gpus"]), find(&["conc", "concurrency", "maxconcurrency"]));
    let text_columns = [
        find(&["hw", "hardware", "system", "chip", "gpu"]),
        find(&["model", "modelid", "modelname", "servedmodel"]),
        find(&["framework", "backend", "engine"]),
        find(&["date", "rundate", "timestamp"]),
        find(&["precision", "quant", "dtype"]),
    ];
    let version = find(&["version", "backendversion"]);
    // InferenceX writes seconds, others milliseconds; no time per token is below a millisecond or above a second.
    let says_ms = |column: Option<usize>| column.and_then(|column| names.get(column)).is_some_and(|name| name.ends_with("ms"));
    let to_ms = |time: Option<f64>, column: Option<usize>| if !says_ms(column) && time.is_some_and(|time| time < 1.0) { 1e3 } else { 1.0 };
    let style = Style { decimal: '.' };
    let mut runs = Vec::new();
    for row in 1..table.rows() {
        let number = |column: Option<usize>| match style.read(table.cell(row, column?)) {
            Cell::Number(number) if number > 0.0 => Some(number),
            _ => None,
        };
        let needed = |column: usize| {
            number(Some(column)).ok_or_else(|| {
                Fault::error(
                    "bad-value",
                    "path",
                    format!(
                        "Line {} has `{}` where a number above zero is expected.",
                        table.line(row),
                        crate::plan::reader::shortened(table.cell(row, column))
                    ),
                    "Leave that run out.",
                )
            })
        };
        let text = |index: usize| {
            text_columns.get(index).copied().flatten().map(|column| table.cell(row, column).trim().to_owned()).unwrap_or_default()
        };
        let (prompt, answer, rate) = (needed(prompt)?, needed(answer)?, needed(rate)?);
        let engine = text(2);
        let version = version.map(|column| table.cell(row, column).trim()).filter(|version| !version.is_empty());
        runs.push(Run {
            chip: text(0),
            served_model: text(1),
            precision: Some(text(4)).filter(|precision| !precision.is_empty()),
            engine: version.map_or_else(|| engine.clone(), |version| format!("{engine} {version}").trim().to_owned()),
            date: text(3).chars().take(10).collect(),
            prompt_tokens: prompt,
            answer_tokens: answer,
            concurrency: number(batch),
            chips: number(chips),
            // A throughput of prompts and answers together holds the answers in their proportion.
            answer_tok_per_s: if includes_prompts { rate * answer / (prompt + answer) } else { rate },
            per_chip: true,
            tpot_ms: number(user).map(|speed| 1e3 / speed).or_else(|| Some(number(tpot)? * to_ms(number(tpot), tpot))),
            ttft_ms: number(ttft).map(|time| time * to_ms(number(tpot), tpot.or(ttft))),
            predicted: aic.is_some() && per_chip.is_none(),
        });
    }
    Ok(runs)
}

fn unknown_columns<'t>(names: impl Iterator<Item = &'t str>, what: &str) -> Fault {
    let seen: Vec<String> = names.take(12).map(|name| format!("`{}`", crate::plan::reader::shortened(name))).collect();
    Fault::error(
        "unknown-column",
        "path",
        format!("The table has no column for {what}; found {}.", seen.join(", ")),
        "Choose an InferenceX or aiconfigurator result, or give its columns those names.",
    )
}
