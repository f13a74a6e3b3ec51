//! A served model's sizes from the `config.json` that stands beside its published weights.
//!
//! ```text
//! attention per layer   h·heads·hd + 2·h·kv·hd + heads·hd·h                    (grouped queries)
//!                       h·q + q·heads·(nope + rope) + h·(c + rope) + c·heads·(nope + v) + heads·v·h   (latent, MLA)
//! feed-forward          3·h·width, dense, shared and each routed expert;  router h·E
//! embeddings            vocabulary·h in, the same out where they are not tied
//! cached elements       2·kv·hd per full-context layer;  c + rope of a latent cache
//! attention FLOP        2·heads·(query-key + value dimension) per full-context layer;
//!                       in the latent, c + rope and c, while decoding
//! ```
//! Layers that see only a window cache next to nothing and are left out, as in the catalog. What the
//! reader does not know of (linear attention, indexers, state spaces) it refuses by name: sizes that
//! are silently wrong are worse than none.

use serde_json::Value;

use super::evidence::Confidence;
use super::served_models::ServedModel;

/// Largest `config.json`, in bytes.
pub const MAX_CONFIG_BYTES: usize = 1 << 20;

/// Fields of kinds of layers whose sizes this reader cannot work out.
const UNKNOWN: &[(&str, &str)] = &[
    ("linear_num_value_heads", "linear attention"),
    ("linear_key_head_dim", "linear attention"),
    ("ssm_state_size", "a state space"),
    ("mamba_d_state", "a state space"),
    ("mamba_num_heads", "a state space"),
    ("index_topk", "sparse attention with an indexer"),
    ("index_n_heads", "sparse attention with an indexer"),
    ("cross_attention_layers", "cross-attention"),
    ("block_configs", "layers of different sizes"),
];

/// The numbers of a config, by the names that are in use for them.
struct Config<'a> {
    object: &'a Value,
    missing: Vec<&'static str>,
}

impl Config<'_> {
    fn optional(&self, names: &[&str]) -> Option<f64> {
        names.iter().find_map(|name| self.object.get(name)?.as_f64()).filter(|value| value.is_finite() && *value >= 0.0)
    }

    fn required(&mut self, names: &[&'static str]) -> f64 {
        self.optional(names).filter(|value| *value > 0.0).unwrap_or_else(|| {
            self.missing.extend(names.first());
            1.0
        })
    }
}

/// The sizes of a served model from the text of its `config.json`.
///
/// # Errors
/// What cannot be read, or is missing, in a sentence.
pub fn read_config(text: &str) -> Result<ServedModel, String> {
    let whole: Value = serde_json::from_str(text).map_err(|error| format!("it is no JSON: {error}"))?;
    // What sees pictures too keeps its language model one level down.
    let object = ["text_config", "llm_config", "language_config"].iter().find_map(|name| whole.get(name)).unwrap_or(&whole);
    if !object.is_object() {
        return Err("it is no config of a model: an object with `hidden_size`, `num_hidden_layers` and so on is expected".to_owned());
    }
    if let Some((field, what)) = UNKNOWN.iter().find(|(field, _)| object.get(field).is_some_and(|value| !value.is_null())) {
        return Err(format!("`{field}` says that it has {what}, whose sizes are not worked out from a config; state them instead"));
    }
    let mut config = Config { object, missing: Vec::new() };
    let hidden = config.required(&["hidden_size", "n_embd", "d_model"]);
    let layers = config.required(&["num_hidden_layers", "n_layer", "num_layers"]);
    let heads = config.required(&["num_attention_heads", "n_head"]);
    let vocabulary = config.required(&["vocab_size"]);
    let kv_heads = config.optional(&["num_key_value_heads", "num_kv_heads"]).unwrap_or(heads);
    let head = config.optional(&["head_dim"]).filter(|size| *size > 0.0).unwrap_or(hidden / heads);
    let tied = object.get("tie_word_embeddings").or_else(|| whole.get("tie_word_embeddings")).and_then(Value::as_bool).unwrap_or(false);
    let experts =
        config.optional(&["n_routed_experts", "num_local_experts", "num_experts", "moe_num_experts"]).filter(|count| *count > 1.0);

    let full_layers = full_context_layers(object, layers);
    let latent = config.optional(&["kv_lora_rank"]).filter(|rank| *rank > 0.0);
    let (attention, kv_elements, kv_heads, decode_flop, prefill_flop) = if let Some(latent) = latent {
        let rope = config.required(&["qk_rope_head_dim"]);
        let nope = config.required(&["qk_nope_head_dim"]);
        let value = config.required(&["v_head_dim"]);
        let queries = match config.optional(&["q_lora_rank"]).filter(|rank| *rank > 0.0) {
            Some(rank) => hidden * rank + rank * heads * (nope + rope),
            None => hidden * heads * (nope + rope),
        };
        let keys_and_values = hidden * (latent + rope) + latent * heads * (nope + value);
        (
            queries + keys_and_values + heads * value * hidden,
            latent + rope,
            1.0,
            2.0 * heads * (latent + rope + latent),
            2.0 * heads * (nope + rope + value),
        )
    } else {
        let flop = 4.0 * heads * head;
        (2.0 * hidden * heads * head + 2.0 * hidden * kv_heads * head, 2.0 * kv_heads * head, kv_heads, flop, flop)
    };

    let dense_width = config.optional(&["intermediate_size", "ffn_hidden_size"]);
    let (always_layers, routed, visited) = match experts {
        None => {
            let width = dense_width.filter(|width| *width > 0.0).unwrap_or_else(|| {
                config.missing.push("intermediate_size");
                1.0
            });
            (layers * 3.0 * hidden * width, 0.0, 1.0)
        }
        Some(experts) => {
            let width = config.optional(&["moe_intermediate_size"]).filter(|width| *width > 0.0).or(dense_width).unwrap_or_else(|| {
                config.missing.push("moe_intermediate_size");
                1.0
            });
            let visited = config.required(&["num_experts_per_tok", "num_experts_per_token", "moe_topk", "experts_per_token"]);
            let dense_layers = config.optional(&["first_k_dense_replace", "moe_layer_start_index"]).unwrap_or(0.0).min(layers);
            let expert_layers = layers - dense_layers;
            let shared_width = config
                .optional(&["shared_expert_intermediate_size"])
                .or_else(|| Some(width * config.optional(&["n_shared_experts", "num_shared_experts"])?))
                .unwrap_or(0.0);
            let always =
                dense_layers * 3.0 * hidden * dense_width.unwrap_or(0.0) + expert_layers * (3.0 * hidden * shared_width + hidden * experts);
            (always, expert_layers * experts * 3.0 * hidden * width, visited)
        }
    };
    if !config.missing.is_empty() {
        let names: Vec<String> = config.missing.iter().map(|name| format!("`{name}`")).collect();
        return Err(format!("{} not found in it", names.join(", ")));
    }
    let table = vocabulary * hidden;
    let always = layers * attention + always_layers + if tied { table } else { 2.0 * table };
    let experts = experts.unwrap_or(1.0);
    let family = match (latent.is_some(), experts > 1.0) {
        (true, _) => "moe-mla",
        (false, true) => "moe",
        (false, false) => "dense",
    };
    let text_of = |name: &str| whole.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(ServedModel {
        family: family.to_owned(),
        total_params_b: Some((always + routed) * 1e-9),
        active_params_b: Some((always + routed * visited / experts) * 1e-9),
        always_read_params_b: Some(always * 1e-9),
        routed_expert_params_b: Some(routed * 1e-9),
        experts: Some(experts),
        experts_per_token: Some(visited),
        layers: Some(layers),
        hidden: Some(hidden),
        kv_elements_per_token: Some(kv_elements * full_layers),
        kv_heads: Some(kv_heads),
        decode_attention_flop: Some(decode_flop * full_layers),
        prefill_attention_flop: Some(prefill_flop * full_layers),
        input_embedding_params_b: (!tied).then_some(table * 1e-9),
        max_context_tokens: config.optional(&["max_position_embeddings", "model_max_length"]).filter(|tokens| *tokens > 0.0),
        precisions: vec![precision(&whole, object).to_owned()],
        attention_source: "heads and head dimensions of the config".to_owned(),
        source: format!("config.json beside the plan ({})", text_of("model_type")),
        config_confidence: Confidence::High,
        parameters_confidence: Confidence::Derived,
        ..ServedModel::blank("config")
    })
}

/// Layers that attend to the whole context.
fn full_context_layers(object: &Value, layers: f64) -> f64 {
    if let Some(kinds) = object.get("layer_types").and_then(Value::as_array) {
        return kinds.iter().filter(|kind| kind.as_str() == Some("full_attention")).map(|_| 1.0).sum();
    }
    let number = |name: &str| object.get(name).and_then(Value::as_f64).filter(|value| *value > 0.0);
    match (number("sliding_window"), number("sliding_window_pattern")) {
        (Some(_), Some(pattern)) => (layers / pattern).floor(),
        // A window that a flag switches off, or that stands for all layers, is no limit that matters here.
        _ => layers,
    }
}

/// The precision of the published weights.
fn precision(whole: &Value, object: &Value) -> &'static str {
    let quantised = whole.get("quantization_config").or_else(|| object.get("quantization_config"));
    let words = quantised.map(|value| value.to_string().to_ascii_lowercase()).unwrap_or_default();
    let method = quantised.and_then(|value| value.get("quant_method")).and_then(Value::as_str).unwrap_or_default();
    if method == "fp8" || words.contains("\"fp8\"") || words.contains("float8") {
        "fp8"
    } else if words.contains("fp4") {
        "fp4"
    } else if words.contains("\"bits\":4") || words.contains("\"num_bits\":4") || method == "awq" {
        "int4"
    } else if words.contains("\"num_bits\":8") || words.contains("\"bits\":8") {
        "int8"
    } else {
        "bf16"
    }
}

#[cfg(test)]
mod tests {
    use super::read_config;
    use crate::catalog::Catalog;

    /// The published config of Llama 3.1 405B: 126·(2·16384² + 2·16384·1024 + 3·16384·53248) and two
    /// tables of 128,256·16384 are 405.85 billion; 2·8·128·126 elements are cached a token.
    #[test]
    fn a_dense_config_is_worked_out() {
        let found = read_config(
            r#"{"model_type": "llama", "hidden_size": 16384, "intermediate_size": 53248, "num_attention_heads": 128,
                "num_hidden_layers": 126, "num_key_value_heads": 8, "vocab_size": 128256, "max_position_embeddings": 131072,
                "tie_word_embeddings": false, "torch_dtype": "bfloat16"}"#,
        )
        .unwrap();
        assert!((found.total_params_b.unwrap() - 405.85).abs() < 0.01, "{:?}", found.total_params_b);
        assert_eq!(found.kv_elements_per_token, Some(258_048.0));
        assert_eq!(found.decode_attention_flop, Some(4.0 * 16384.0 * 126.0));
        assert_eq!((found.family.as_str(), found.precisions[0].as_str()), ("dense", "bf16"));
        let known = Catalog::embedded().served_model("llama-3.1-405b").unwrap();
        assert_eq!(found.kv_elements_per_token, known.kv_elements_per_token);
        assert_eq!(found.decode_attention_flop, known.decode_attention_flop);
    }

    /// The published config of DeepSeek V3 gives what stands in the catalog of it.
    #[test]
    fn a_latent_mixture_is_worked_out() {
        let found = read_config(
            r#"{"model_type": "deepseek_v3", "hidden_size": 7168, "intermediate_size": 18432, "moe_intermediate_size": 2048,
                "num_attention_heads": 128, "num_key_value_heads": 128, "num_hidden_layers": 61, "first_k_dense_replace": 3,
                "n_routed_experts": 256, "n_shared_experts": 1, "num_experts_per_tok": 8, "q_lora_rank": 1536, "kv_lora_rank": 512,
                "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128, "vocab_size": 129280,
                "tie_word_embeddings": false, "quantization_config": {"quant_method": "fp8"}}"#,
        )
        .unwrap();
        let known = Catalog::embedded().served_model("deepseek-v3-r1").unwrap();
        let near = |left: Option<f64>, right: Option<f64>| (left.unwrap() / right.unwrap() - 1.0).abs() < 0.005;
        assert!(near(found.total_params_b, known.total_params_b), "{:?}", found.total_params_b);
        assert!(near(found.routed_expert_params_b, known.routed_expert_params_b));
        assert_eq!(found.kv_elements_per_token, known.kv_elements_per_token);
        assert_eq!(found.decode_attention_flop, known.decode_attention_flop);
        assert_eq!(found.prefill_attention_flop, known.prefill_attention_flop);
        assert_eq!((found.experts, found.experts_per_token, found.kv_heads), (Some(256.0), Some(8.0), Some(1.0)));
        assert_eq!(found.precisions[0], "fp8");
    }

    /// The published config of gpt-oss 120B: half of its layers see a window only.
    #[test]
    fn windows_cache_nothing() {
        let kinds = ["\"sliding_attention\",\"full_attention\""; 18].join(",");
        let found = read_config(&format!(
            r#"{{"model_type": "gpt_oss", "hidden_size": 2880, "intermediate_size": 2880, "num_attention_heads": 64,
                "num_key_value_heads": 8, "head_dim": 64, "num_hidden_layers": 36, "num_local_experts": 128,
                "num_experts_per_tok": 4, "vocab_size": 201088, "sliding_window": 128, "layer_types": [{kinds}],
                "quantization_config": {{"quant_method": "mxfp4"}}}}"#
        ))
        .unwrap();
        let known = Catalog::embedded().served_model("gpt-oss-120b").unwrap();
        assert_eq!(found.kv_elements_per_token, known.kv_elements_per_token);
        assert!((found.total_params_b.unwrap() / known.total_params_b.unwrap() - 1.0).abs() < 0.01, "{:?}", found.total_params_b);
        assert_eq!(found.precisions[0], "fp4");
    }

    #[test]
    fn what_is_not_known_is_named() {
        let refusal = |text: &str| read_config(text).unwrap_err();
        assert!(refusal("{").contains("no JSON"));
        assert!(refusal("[]").contains("`hidden_size`"));
        let text = refusal(r#"{"hidden_size": 4096, "num_hidden_layers": 32, "vocab_size": 32000}"#);
        assert!(text.contains("`num_attention_heads`") && text.contains("`intermediate_size`"), "{text}");
        assert!(refusal(r#"{"hidden_size": 4096, "linear_num_value_heads": 32}"#).contains("linear attention"));
    }
}
