//! Benchmarks: published throughput, with the workload and the limits it was reached under.

use super::evidence::Confidence;
use super::table::{Row, read};

/// Where a throughput row comes from. Only some kinds are measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum BenchmarkKind {
    /// Best configuration of a public sweep under a limit on the time per token.
    #[default]
    MeasuredFrontier,
    /// Highest throughput that a public benchmark published.
    PublishedPeak,
    /// One point of a public sweep, as published in words or tables.
    SweepPoint,
    /// A submission to `MLPerf` Inference (ragged lengths, recalled as means).
    MlPerf,
    /// What an operator published about its own service.
    Production,
    /// What a paper of the chip's vendor reports.
    Paper,
    /// What another tool predicts. Never a measurement.
    Prediction,
}

impl BenchmarkKind {
    /// The words shown on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::MeasuredFrontier => "public sweep",
            Self::PublishedPeak => "published peak",
            Self::SweepPoint => "point of a public sweep",
            Self::MlPerf => "MLPerf",
            Self::Production => "production",
            Self::Paper => "paper",
            Self::Prediction => "prediction of another tool",
        }
    }

    /// False for predictions, which are never graded measured.
    #[must_use]
    pub const fn is_measurement(self) -> bool {
        !matches!(self, Self::Prediction)
    }

    fn parse(word: &str) -> Option<Self> {
        match word {
            "measured_frontier" => Some(Self::MeasuredFrontier),
            "published_peak" => Some(Self::PublishedPeak),
            "sweep_point" => Some(Self::SweepPoint),
            "mlperf" => Some(Self::MlPerf),
            "production" => Some(Self::Production),
            "paper" => Some(Self::Paper),
            "aiconfigurator_prediction" => Some(Self::Prediction),
            _ => None,
        }
    }
}

/// How the requests of a benchmark were served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Serving {
    /// One pool of chips prefills and decodes.
    #[default]
    Aggregated,
    /// One pool prefills, another decodes; the rate is per chip of both.
    Disaggregated,
    /// Only decoding is counted, per chip of the decoding pool.
    Decode,
    /// Only prefilling is counted, per chip of the prefilling pool.
    Prefill,
    /// `MLPerf`: all requests at once, no limits.
    Offline,
    /// `MLPerf`: random arrivals, loose limits.
    Server,
    /// `MLPerf`: random arrivals, tight limits.
    Interactive,
}

impl Serving {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "aggregated" => Some(Self::Aggregated),
            "disaggregated" => Some(Self::Disaggregated),
            "decode" => Some(Self::Decode),
            "prefill" => Some(Self::Prefill),
            "offline" => Some(Self::Offline),
            "server" => Some(Self::Server),
            "interactive" => Some(Self::Interactive),
            _ => None,
        }
    }
}

/// One published throughput.
#[derive(Debug, Clone, PartialEq)]
pub struct ThroughputRow {
    /// What kind of source says it.
    pub kind: BenchmarkKind,
    /// Served model id.
    pub served_model: String,
    /// Chip id.
    pub chip: String,
    /// Precision of the weights.
    pub precision: String,
    /// Prompt tokens per request.
    pub prompt_tokens: Option<f64>,
    /// Answer tokens per request; blank where only prefill is counted.
    pub answer_tokens: Option<f64>,
    /// True where the lengths are means of a ragged set, recalled and not published with the row.
    pub lengths_recalled: bool,
    /// How the requests were served.
    pub serving: Serving,
    /// Limit on the time per answer token that the row was chosen under, in ms.
    pub tpot_limit_ms: Option<f64>,
    /// Time per answer token that was measured, in ms.
    pub tpot_ms: Option<f64>,
    /// Time to the first token that was measured, in ms.
    pub ttft_ms: Option<f64>,
    /// Chips that serve one replica.
    pub chips_per_replica: Option<f64>,
    /// Chips of the system that was measured.
    pub chips_in_system: Option<f64>,
    /// Requests in flight per replica.
    pub concurrency: Option<f64>,
    /// Serving engine.
    pub engine: String,
    /// True where the run drafted tokens ahead (speculative decoding, MTP).
    pub speculation: bool,
    /// Answer tokens per second and chip.
    pub answer_tok_per_s_per_chip: Option<f64>,
    /// Prompt and answer tokens per second and chip.
    pub total_tok_per_s_per_chip: Option<f64>,
    /// The configuration in the source's words.
    pub config: String,
    /// Date of the measurement or publication; may be blank.
    pub date: String,
    /// Where the row comes from.
    pub source: String,
    /// How well it is sourced.
    pub confidence: Confidence,
    /// The source's own words about confidence.
    pub confidence_note: String,
}

/// One point of a public sweep with everything known about it: what the roofline is calibrated on.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasuredPoint {
    /// Served model id.
    pub served_model: String,
    /// Chip id.
    pub chip: String,
    /// Precision of the weights.
    pub precision: String,
    /// Prompt tokens per request.
    pub prompt_tokens: f64,
    /// Answer tokens per request.
    pub answer_tokens: f64,
    /// Chips that serve one replica.
    pub chips_per_replica: f64,
    /// Requests in flight per replica.
    pub concurrency: f64,
    /// Serving engine.
    pub engine: String,
    /// Time to the first token, in ms.
    pub ttft_ms: f64,
    /// Time per answer token, in ms.
    pub tpot_ms: f64,
    /// Answer tokens per second and chip.
    pub answer_tok_per_s_per_chip: f64,
    /// Date of the measurement; may be blank.
    pub date: String,
    /// Where the row comes from.
    pub source: String,
    /// How well it is sourced; a weak point is calibrated on, never offered as measured.
    pub confidence: Confidence,
    /// Why the point is weak; empty for most.
    pub note: String,
}

pub(super) fn read_throughput(text: &str, problems: &mut Vec<String>) -> Vec<ThroughputRow> {
    read("throughput.csv", text, problems, |row: &mut Row<'_>| ThroughputRow {
        kind: row.word("kind", BenchmarkKind::parse),
        served_model: row.required_text("served_model"),
        chip: row.required_text("chip"),
        precision: row.required_text("precision"),
        prompt_tokens: row.number("prompt_tokens"),
        answer_tokens: row.number("answer_tokens"),
        lengths_recalled: row.text("lengths_recalled") == "yes",
        serving: row.word("serving", Serving::parse),
        tpot_limit_ms: row.number("tpot_limit_ms"),
        tpot_ms: row.number("tpot_ms"),
        ttft_ms: row.number("ttft_ms"),
        chips_per_replica: row.number("chips_per_replica"),
        chips_in_system: row.number("chips_in_system"),
        concurrency: row.number("concurrency"),
        engine: row.text("engine"),
        speculation: row.text("speculation") == "yes",
        answer_tok_per_s_per_chip: row.number("answer_tok_per_s_per_chip"),
        total_tok_per_s_per_chip: row.number("total_tok_per_s_per_chip"),
        config: row.text("config"),
        date: row.text("date"),
        source: row.required_text("source"),
        confidence: row.confidence("confidence"),
        confidence_note: row.text("confidence_note"),
    })
}

pub(super) fn read_measured_points(text: &str, problems: &mut Vec<String>) -> Vec<MeasuredPoint> {
    read("measured_points.csv", text, problems, |row: &mut Row<'_>| MeasuredPoint {
        served_model: row.required_text("served_model"),
        chip: row.required_text("chip"),
        precision: row.required_text("precision"),
        prompt_tokens: row.required("prompt_tokens"),
        answer_tokens: row.required("answer_tokens"),
        chips_per_replica: row.required("chips_per_replica"),
        concurrency: row.required("concurrency"),
        engine: row.text("engine"),
        ttft_ms: row.required("ttft_ms"),
        tpot_ms: row.required("tpot_ms"),
        answer_tok_per_s_per_chip: row.required("answer_tok_per_s_per_chip"),
        date: row.text("date"),
        source: row.required_text("source"),
        confidence: row.confidence("confidence"),
        note: row.text("note"),
    })
}
