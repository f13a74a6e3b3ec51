//! Served models: the sizes that decide how fast a chip can answer with them.

use super::evidence::{Confidence, Fact};
use super::table::{Row, read};

/// One served model of the catalog. Plain data: a plan clones it and overrides what it knows better.
///
/// `None` is a number for which no source was found. Ask [`ServedModel::fact`] for a number
/// together with its source, date and confidence.
#[derive(Debug, Clone, PartialEq)]
pub struct ServedModel {
    /// Catalog id, for example `deepseek-v3-r1`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Architecture: `dense`, `moe`, `moe-hybrid`, `moe-mla`, `moe-mla-dsa`, `moe-csa`, `moe-msa` or
    /// `dense-hybrid`.
    pub family: String,
    /// All parameters, in billions.
    pub total_params_b: Option<f64>,
    /// Parameters used for one token, in billions.
    pub active_params_b: Option<f64>,
    /// Parameters read for every token (attention, shared experts, dense layers), in billions.
    pub always_read_params_b: Option<f64>,
    /// Parameters of all routed experts, in billions; 0 for a dense model.
    pub routed_expert_params_b: Option<f64>,
    /// Routed experts per layer; 1 for a dense model.
    pub experts: Option<f64>,
    /// Routed experts that one token visits per layer.
    pub experts_per_token: Option<f64>,
    /// Transformer layers.
    pub layers: Option<f64>,
    /// Width of the residual stream.
    pub hidden: Option<f64>,
    /// Cached elements per token of context, all layers.
    pub kv_elements_per_token: Option<f64>,
    /// Key-value heads, which tensor parallelism can split; 1 for a latent (MLA) cache.
    pub kv_heads: Option<f64>,
    /// Attention FLOP of one decoded token per token of context, all layers.
    pub decode_attention_flop: Option<f64>,
    /// Attention FLOP of one prefilled token per token of context, all layers.
    pub prefill_attention_flop: Option<f64>,
    /// Most tokens of context one token attends to (sparse attention); blank where all of them.
    pub sparse_attention_tokens: Option<f64>,
    /// Parameters of the input embedding table, in billions: counted among the always-read ones, but
    /// looked up and not read; blank where the table is shared with the output.
    pub input_embedding_params_b: Option<f64>,
    /// Cached elements per token of context that an indexer reads in full, all layers.
    pub index_elements_per_token: Option<f64>,
    /// FLOP of an indexer per token and token of context, all layers; not capped by sparse attention.
    pub index_flop: Option<f64>,
    /// Elements of state that linear-attention layers keep per request, whatever its length.
    pub state_elements_per_request: Option<f64>,
    /// Where the attention numbers come from.
    pub attention_source: String,
    /// Longest context, in tokens.
    pub max_context_tokens: Option<f64>,
    /// Precisions of published weights, best known first: `bf16`, `fp8`, `fp4`, `int4`.
    pub precisions: Vec<String>,
    /// Epoch capability index, for quality weights.
    pub capability_index: Option<f64>,
    /// Where the capability index comes from.
    pub capability_index_source: String,
    /// Where the row comes from.
    pub source: String,
    /// Date of the source.
    pub date: String,
    /// Grade of layers, widths, experts and attention.
    pub config_confidence: Confidence,
    /// Grade of the split into always-read and routed parameters.
    pub parameters_confidence: Confidence,
    /// The source's own words about confidence.
    pub confidence_note: String,
    /// Anything else worth knowing.
    pub note: String,
}

/// A number of a served model: key, unit and how to read it.
type ServedModelField = (&'static str, &'static str, fn(&ServedModel) -> Option<f64>);

/// Every number of a served model, in the order shown on screen: key, unit, value.
pub const SERVED_MODEL_FIELDS: &[ServedModelField] = &[
    ("total_params_b", "billion", |served| served.total_params_b),
    ("active_params_b", "billion", |served| served.active_params_b),
    ("always_read_params_b", "billion", |served| served.always_read_params_b),
    ("routed_expert_params_b", "billion", |served| served.routed_expert_params_b),
    ("experts", "", |served| served.experts),
    ("experts_per_token", "", |served| served.experts_per_token),
    ("layers", "", |served| served.layers),
    ("hidden", "", |served| served.hidden),
    ("kv_elements_per_token", "elements", |served| served.kv_elements_per_token),
    ("kv_heads", "", |served| served.kv_heads),
    ("decode_attention_flop", "FLOP", |served| served.decode_attention_flop),
    ("prefill_attention_flop", "FLOP", |served| served.prefill_attention_flop),
    ("sparse_attention_tokens", "tokens", |served| served.sparse_attention_tokens),
    ("input_embedding_params_b", "billion", |served| served.input_embedding_params_b),
    ("index_elements_per_token", "elements", |served| served.index_elements_per_token),
    ("index_flop", "FLOP", |served| served.index_flop),
    ("state_elements_per_request", "elements", |served| served.state_elements_per_request),
    ("max_context_tokens", "tokens", |served| served.max_context_tokens),
    ("capability_index", "", |served| served.capability_index),
];

impl ServedModel {
    /// A served model of which nothing is known.
    #[must_use]
    pub fn blank(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: id.to_owned(),
            family: String::new(),
            total_params_b: None,
            active_params_b: None,
            always_read_params_b: None,
            routed_expert_params_b: None,
            experts: None,
            experts_per_token: None,
            layers: None,
            hidden: None,
            kv_elements_per_token: None,
            kv_heads: None,
            decode_attention_flop: None,
            prefill_attention_flop: None,
            sparse_attention_tokens: None,
            input_embedding_params_b: None,
            index_elements_per_token: None,
            index_flop: None,
            state_elements_per_request: None,
            attention_source: String::new(),
            max_context_tokens: None,
            precisions: Vec::new(),
            capability_index: None,
            capability_index_source: String::new(),
            source: String::new(),
            date: String::new(),
            config_confidence: Confidence::Low,
            parameters_confidence: Confidence::Low,
            confidence_note: String::new(),
            note: String::new(),
        }
    }

    /// A number by its key, with its source; `None` if there is no such key.
    #[must_use]
    pub fn fact(&self, key: &str) -> Option<Fact> {
        let &(_, unit, value) = SERVED_MODEL_FIELDS.iter().find(|(name, _, _)| *name == key)?;
        let (source, confidence) = match key {
            "kv_heads"
            | "decode_attention_flop"
            | "prefill_attention_flop"
            | "sparse_attention_tokens"
            | "index_elements_per_token"
            | "index_flop"
            | "state_elements_per_request" => (&self.attention_source, Confidence::Derived),
            "capability_index" => (&self.capability_index_source, Confidence::Medium),
            key if key.ends_with("_params_b") => (&self.source, self.parameters_confidence),
            _ => (&self.source, self.config_confidence),
        };
        Some(Fact { value: value(self), unit, source: source.clone(), date: self.date.clone(), confidence })
    }

    /// Every number with its key and source, in the order shown on screen.
    #[must_use]
    pub fn facts(&self) -> Vec<(&'static str, Fact)> {
        SERVED_MODEL_FIELDS.iter().filter_map(|&(key, _, _)| Some((key, self.fact(key)?))).collect()
    }
}

pub(super) fn read_served_models(text: &str, problems: &mut Vec<String>) -> Vec<ServedModel> {
    read("served_models.csv", text, problems, |row: &mut Row<'_>| ServedModel {
        id: row.required_text("id"),
        name: row.required_text("name"),
        family: row.required_text("family"),
        total_params_b: row.number("total_params_b"),
        active_params_b: row.number("active_params_b"),
        always_read_params_b: row.number("always_read_params_b"),
        routed_expert_params_b: row.number("routed_expert_params_b"),
        experts: row.number("experts"),
        experts_per_token: row.number("experts_per_token"),
        layers: row.number("layers"),
        hidden: row.number("hidden"),
        kv_elements_per_token: row.number("kv_elements_per_token"),
        kv_heads: row.number("kv_heads"),
        decode_attention_flop: row.number("decode_attention_flop"),
        prefill_attention_flop: row.number("prefill_attention_flop"),
        sparse_attention_tokens: row.number("sparse_attention_tokens"),
        input_embedding_params_b: row.number("input_embedding_params_b"),
        index_elements_per_token: row.number("index_elements_per_token"),
        index_flop: row.number("index_flop"),
        state_elements_per_request: row.number("state_elements_per_request"),
        attention_source: row.text("attention_source"),
        max_context_tokens: row.number("max_context_tokens"),
        precisions: row.required_text("precisions").split(',').map(|word| word.trim().to_owned()).collect(),
        capability_index: row.number("capability_index"),
        capability_index_source: row.text("capability_index_source"),
        source: row.required_text("source"),
        date: row.required_text("date"),
        config_confidence: row.confidence("config_confidence"),
        parameters_confidence: row.confidence("parameters_confidence"),
        confidence_note: row.text("confidence_note"),
        note: row.text("note"),
    })
}
