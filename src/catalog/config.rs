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
//! Layers that see only a window keep that much for every request, whatever its length. What the reader does
//! not know of (linear attention, indexers, state spaces, kinds of layers, a wrong type) it refuses by name:
//! sizes that are silently wrong are worse than none.

use serde_json::Value;

use super::evidence::Confidence;
use super::served_models::ServedModel;

mod fields;
mod layers;
mod weights;

use fields::{Fields, says_nothing};
use layers::{Attention, attention, expert_layers};
use weights::precision;

/// Largest `config.json`, in bytes.
pub const MAX_CONFIG_BYTES: usize = 1 << 20;

/// Fields of kinds of layers whose sizes this reader cannot work out.
const UNKNOWN: &[(&str, &str)] = &[
    ("linear_num_value_heads", "linear attention"),
    ("linear_key_head_dim", "linear attention"),
    ("linear_attn_config", "linear attention"),
    ("full_attention_interval", "linear attention"),
    ("ssm_state_size", "a state space"),
    ("state_size", "a state space"),
    ("mamba_d_state", "a state space"),
    ("mamba_num_heads", "a state space"),
    ("attn_layer_period", "a state space"),
    ("hybrid_override_pattern", "layers of different kinds"),
    ("conv_L_cache", "convolutions"),
    ("index_topk", "sparse attention with an indexer"),
    ("index_n_heads", "sparse attention with an indexer"),
    ("cross_attention_layers", "cross-attention"),
    ("is_encoder_decoder", "an encoder of its own"),
    ("block_configs", "layers of different sizes"),
    ("global_head_dim", "heads of different sizes"),
    ("num_kv_shared_layers", "caches shared by layers"),
    ("hidden_size_per_layer_input", "embeddings of every layer"),
    ("interleave_moe_layer_step", "shared experts that the config does not state"),
    ("attention_chunk_size", "attention in chunks"),
    ("ffn_config", "its sizes in an object of their own"),
];

/// Model types whose feed-forward has no gate: two matrices, not three.
const UNGATED: &[&str] =
    &["gpt2", "gpt_neo", "gpt_neox", "gptj", "gpt_bigcode", "opt", "bloom", "falcon", "mpt", "phi", "starcoder2", "nemotron", "codegen"];

/// Starts of model types whose table of words is the same in and out where the config says nothing.
const TIED_UNLESS_SAID: &[&str] = &["gemma", "gpt2", "gpt_neo", "bloom", "falcon", "opt", "mpt", "cohere", "codegen"];

/// Words in the name of a class that writes text.
const WRITES_TEXT: &[&str] =
    &["CausalLM", "LMHead", "ConditionalGeneration", "ForGeneration", "ChatGLMModel", "ChatGLMForConditionalGeneration"];

/// The sizes of a served model from the text of its `config.json`.
///
/// # Errors
/// What cannot be read, or is missing, in a sentence.
pub fn read_config(text: &str) -> Result<ServedModel, String> {
    // Windows writes a mark before the text.
    let whole: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| format!("it is no JSON: {error}"))?;
    // What sees pictures too keeps its language model one level down.
    let object = ["text_config", "llm_config", "language_config"].iter().find_map(|name| whole.get(name)).unwrap_or(&whole);
    if !object.is_object() {
        return Err("it is no config of a model: an object with `hidden_size`, `num_hidden_layers` and so on is expected".to_owned());
    }
    if let Some((field, what)) = UNKNOWN.iter().find(|(field, _)| object.get(field).is_some_and(|value| !says_nothing(value))) {
        return Err(format!("`{field}` says that it has {what}, whose sizes are not worked out from a config; state them instead"));
    }
    if let Some(classes) = whole.get("architectures").and_then(Value::as_array).filter(|classes| !classes.is_empty())
        && !classes.iter().filter_map(Value::as_str).any(|class| WRITES_TEXT.iter().any(|word| class.contains(word)))
    {
        let class = classes.first().and_then(Value::as_str).unwrap_or_default();
        return Err(format!("`architectures` says that it is a `{class}`, which writes no text"));
    }
    let model_type = [object, &whole].iter().find_map(|holder| holder.get("model_type").and_then(Value::as_str)).unwrap_or_default();
    let fields = Fields::new(object);
    let layers = fields.required(&["num_hidden_layers", "n_layer", "num_layers"]);
    let hidden = fields.required(&["hidden_size", "n_embd", "d_model"]);
    let vocabulary = fields.required(&["vocab_size", "padded_vocab_size"]);
    let tied = match fields.value(&["tie_word_embeddings"]).or_else(|| Fields::new(&whole).value(&["tie_word_embeddings"])) {
        Some((_, Value::Bool(tied))) => *tied,
        Some((name, other)) => {
            fields.wrong(format!("`{name}` should be true or false, not {other}"));
            false
        }
        None => TIED_UNLESS_SAID.iter().any(|start| model_type.starts_with(start)),
    };
    let heads = attention_sizes(&fields, hidden);
    let seen = attention(&fields, layers, model_type.trim_end_matches("_text"));
    let work = feed_forward(&fields, hidden, layers, model_type);
    let weights = precision(&whole, object);
    fields.finish()?;

    let table = vocabulary * hidden;
    let always = layers * heads.parameters + work.always + if tied { table } else { 2.0 * table };
    let family = match (heads.latent, work.experts > 1.0) {
        (true, _) => "moe-mla",
        (false, true) => "moe",
        (false, false) => "dense",
    };
    // Where every layer sees a window, it is what one token attends to; where some do, each request keeps that
    // much of them whatever its length (read once a step, not written anew: half of what a state costs).
    let (full, sparse, state) = match seen {
        Attention { full, window, .. } if full <= 0.0 => (layers, Some(window), None),
        Attention { full, windowed, window } if windowed > 0.0 => (full, None, Some(0.5 * windowed * window * heads.cached)),
        Attention { full, .. } => (full, None, None),
    };
    Ok(ServedModel {
        family: family.to_owned(),
        total_params_b: Some((always + work.routed) * 1e-9),
        active_params_b: Some((always + work.routed * work.visited / work.experts) * 1e-9),
        always_read_params_b: Some(always * 1e-9),
        routed_expert_params_b: Some(work.routed * 1e-9),
        experts: Some(work.experts),
        experts_per_token: Some(work.visited),
        layers: Some(layers),
        hidden: Some(hidden),
        kv_elements_per_token: Some(heads.cached * full),
        kv_heads: Some(heads.kv_heads),
        decode_attention_flop: Some(heads.decode_flop * full),
        prefill_attention_flop: Some(heads.prefill_flop * full),
        sparse_attention_tokens: sparse.filter(|window| window.is_finite()),
        state_elements_per_request: state.filter(|elements| elements.is_finite()),
        input_embedding_params_b: (!tied).then_some(table * 1e-9),
        max_context_tokens: Fields::new(object).positive(&["max_position_embeddings", "model_max_length", "seq_length", "n_positions"]),
        precisions: vec![weights?.to_owned()],
        attention_source: "heads and head dimensions of the config".to_owned(),
        source: format!("config.json beside the plan ({model_type})"),
        config_confidence: Confidence::High,
        parameters_confidence: Confidence::Derived,
        ..ServedModel::blank("config")
    })
}

/// What one layer's attention takes.
struct Heads {
    parameters: f64,
    /// Cached elements per token.
    cached: f64,
    kv_heads: f64,
    decode_flop: f64,
    prefill_flop: f64,
    latent: bool,
}

fn attention_sizes(fields: &Fields<'_>, hidden: f64) -> Heads {
    let heads = fields.required(&["num_attention_heads", "n_head", "n_heads"]);
    if let Some(latent) = fields.optional(&["kv_lora_rank"]).filter(|rank| *rank > 0.0) {
        let rope = fields.required(&["qk_rope_head_dim"]);
        let nope = fields.required(&["qk_nope_head_dim"]);
        let value = fields.required(&["v_head_dim"]);
        let queries = match fields.optional(&["q_lora_rank"]).filter(|rank| *rank > 0.0) {
            Some(rank) => hidden * rank + rank * heads * (nope + rope),
            None => hidden * heads * (nope + rope),
        };
        let keys_and_values = hidden * (latent + rope) + latent * heads * (nope + value);
        return Heads {
            parameters: queries + keys_and_values + heads * value * hidden,
            cached: latent + rope,
            kv_heads: 1.0,
            decode_flop: 2.0 * heads * (latent + rope + latent),
            prefill_flop: 2.0 * heads * (nope + rope + value),
            latent: true,
        };
    }
    // Falcon and ChatGLM say it with a switch.
    let shared = fields.switch("multi_query") || fields.switch("multi_query_attention");
    let stated = fields.positive(&["num_key_value_heads", "num_kv_heads", "n_head_kv", "multi_query_group_num"]);
    let kv_heads = stated.unwrap_or(if shared { 1.0 } else { heads });
    if kv_heads > heads {
        fields.wrong(format!("it has more key-value heads ({kv_heads}) than heads ({heads})"));
    }
    let head = fields.positive(&["head_dim", "kv_channels", "d_kv"]).unwrap_or(hidden / heads);
    let flop = 4.0 * heads * head;
    Heads {
        parameters: 2.0 * hidden * heads * head + 2.0 * hidden * kv_heads * head,
        cached: 2.0 * kv_heads * head,
        kv_heads,
        decode_flop: flop,
        prefill_flop: flop,
        latent: false,
    }
}

/// The feed-forward of all layers.
struct Work {
    /// Parameters that every token reads.
    always: f64,
    /// Parameters of the routed experts.
    routed: f64,
    experts: f64,
    visited: f64,
}

fn feed_forward(fields: &Fields<'_>, hidden: f64, layers: f64, model_type: &str) -> Work {
    let ungated = UNGATED.contains(&model_type);
    let matrices = if ungated { 2.0 } else { 3.0 };
    let dense_width = || {
        let stated = fields.positive(&["intermediate_size", "ffn_hidden_size", "n_inner", "ffn_dim"]);
        // The width of GPT-2 and those after it, where nothing is said.
        stated.or(ungated.then_some(4.0 * hidden))
    };
    let needed = |width: Option<f64>, name: &str| {
        width.unwrap_or_else(|| {
            fields.missing(&[name]);
            1.0
        })
    };
    let experts =
        fields.optional(&["n_routed_experts", "num_local_experts", "num_experts", "moe_num_experts"]).filter(|count| *count > 1.0);
    let Some(experts) = experts else {
        let width = needed(dense_width(), "intermediate_size");
        return Work { always: layers * matrices * hidden * width, routed: 0.0, experts: 1.0, visited: 1.0 };
    };
    let width = needed(fields.positive(&["moe_intermediate_size", "expert_ffn_hidden_size"]).or_else(dense_width), "moe_intermediate_size");
    let visited = fields.required(&["num_experts_per_tok", "num_experts_per_token", "moe_topk", "experts_per_token", "moe_k"]);
    if visited > experts {
        fields.wrong(format!("a token visits {visited} of {experts} experts"));
    }
    let with_experts = expert_layers(fields, layers);
    let dense_layers = layers - with_experts;
    let dense = if dense_layers > 0.0 { dense_layers * matrices * hidden * needed(dense_width(), "intermediate_size") } else { 0.0 };
    let shared = fields.optional(&["shared_expert_intermediate_size", "moe_shared_expert_intermediate_size"]).unwrap_or_else(|| {
        width * fields.optional(&["n_shared_experts", "num_shared_experts", "num_shared_expert", "moe_num_shared_experts"]).unwrap_or(0.0)
    });
    Work {
        always: dense + with_experts * (matrices * hidden * shared + hidden * experts),
        routed: with_experts * experts * matrices * hidden * width,
        experts,
        visited,
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

    /// A small dense config, with more fields in front.
    fn dense(more: &str) -> String {
        format!(
            r#"{{{more} "hidden_size": 4096, "intermediate_size": 14336, "num_attention_heads": 32, "num_hidden_layers": 32,
                "vocab_size": 32000}}"#
        )
    }

    /// What is there but can't be read is never taken for absent: each would have changed sizes silently.
    #[test]
    fn wrong_types_are_refused_by_name() {
        let refusal = |more: &str| read_config(&dense(more)).unwrap_err();
        for (field, said) in [
            (r#""num_key_value_heads": "8","#, "`num_key_value_heads`"),
            (r#""num_key_value_heads": 0,"#, "`num_key_value_heads` should be above 0"),
            (r#""num_key_value_heads": 64,"#, "more key-value heads (64) than heads (32)"),
            (r#""num_key_value_heads": -8,"#, "`num_key_value_heads`"),
            (r#""tie_word_embeddings": "true","#, "`tie_word_embeddings` should be true or false"),
            (r#""head_dim": [128, 256],"#, "`head_dim`"),
            (r#""sliding_window": "4096","#, "`sliding_window`"),
            (r#""sliding_window": 4096,"#, "nothing says which layers"),
            (r#""layer_types": ["full_attention"],"#, "has 1 layers, the config 32"),
            (r#""num_local_experts": 8, "num_experts_per_tok": 9,"#, "visits 9 of 8"),
            (r#""num_local_experts": 8, "num_experts_per_tok": 2, "n_shared_experts": "1","#, "`n_shared_experts`"),
            (r#""architectures": ["BertForMaskedLM"],"#, "writes no text"),
            (r#""is_encoder_decoder": true,"#, "an encoder"),
            (r#""quantization_config": {"quant_method": "gptq", "bits": 3},"#, "3 bits"),
            (r#""quantization_config": {"quant_method": "aqlm"},"#, "`aqlm`"),
            (r#""linear_attn_config": {"kda_layers": [1]},"#, "linear attention"),
        ] {
            assert!(refusal(field).contains(said), "{field}: {}", refusal(field));
        }
        let unknown = dense(r#""layer_types": ["conv"],"#);
        assert!(read_config(&unknown).unwrap_err().contains("a kind of layer"));
        // Switched off, zero or null is as good as absent.
        for more in [
            r#""sliding_window": 32768, "use_sliding_window": false, "max_window_layers": 28,"#,
            r#""mamba_d_state": 0, "is_encoder_decoder": false, "num_key_value_heads": null, "head_dim": null,"#,
            "\"architectures\": [\"LlamaForCausalLM\"],",
        ] {
            let found = read_config(&dense(more)).unwrap();
            assert_eq!(found.kv_elements_per_token, Some(2.0 * 32.0 * 128.0 * 32.0), "{more}");
        }
        assert!(read_config(&format!("\u{feff}{}", dense(""))).is_ok(), "a byte order mark is no part of it");
    }

    /// A window in every layer limits what a token attends to; a window in some is kept for each request. By hand:
    /// of 32 layers with one full in four, 8 see everything: 2·32·128·8 = 65,536 elements a token; 24 keep
    /// 512 tokens of 8,192 elements, half of which counts: 50,331,648.
    #[test]
    fn windows_count() {
        let everywhere = read_config(&dense(r#""model_type": "mistral", "sliding_window": 4096,"#)).unwrap();
        assert_eq!(everywhere.sparse_attention_tokens, Some(4096.0));
        assert_eq!(everywhere.kv_elements_per_token, Some(2.0 * 32.0 * 128.0 * 32.0));
        let some = read_config(&dense(r#""sliding_window": 512, "sliding_window_pattern": 4,"#)).unwrap();
        assert_eq!((some.kv_elements_per_token, some.sparse_attention_tokens), (Some(65_536.0), None));
        assert_eq!(some.state_elements_per_request, Some(50_331_648.0));
    }

    /// Experts in every second layer, and dense layers that are listed: 16 of 32 layers less 2 listed are 14.
    #[test]
    fn layers_without_experts_are_dense() {
        let moe = |more: &str| {
            read_config(&dense(&format!(r#"{more} "num_experts": 8, "num_experts_per_tok": 2, "moe_intermediate_size": 1024,"#))).unwrap()
        };
        let routed = |layers: f64| layers * 8.0 * 3.0 * 4096.0 * 1024.0 * 1e-9;
        let near = |found: Option<f64>, wanted: f64| (found.unwrap() / wanted - 1.0).abs() < 1e-12;
        assert!(near(moe("").routed_expert_params_b, routed(32.0)));
        assert!(near(moe(r#""decoder_sparse_step": 2, "mlp_only_layers": [1, 3],"#).routed_expert_params_b, routed(14.0)));
        assert!(near(moe(r#""first_k_dense_replace": 1,"#).routed_expert_params_b, routed(31.0)));
        // The dense ones are read by every token.
        assert!(moe(r#""first_k_dense_replace": 1,"#).always_read_params_b > moe("").always_read_params_b);
    }

    /// What published weights are quantised to, as five tools write it.
    #[test]
    fn quantised_weights_are_told_apart() {
        let of = |settings: &str| read_config(&dense(&format!(r#""quantization_config": {settings},"#))).unwrap().precisions.remove(0);
        assert_eq!(of(r#"{"quant_method": "awq", "bits": 4}"#), "int4");
        assert_eq!(of(r#"{"quant_method": "gptq", "bits": 8}"#), "int8");
        assert_eq!(of(r#"{"quant_method": "bitsandbytes", "load_in_4bit": true}"#), "int4");
        assert_eq!(of(r#"{"quant_method": "modelopt", "quant_algo": "NVFP4", "kv_cache_quant_algo": "FP8"}"#), "fp4");
        let tensors = |bits: u32, kind: &str, also: u32| {
            format!(
                r#"{{"quant_method": "compressed-tensors", "config_groups": {{"group_0": {{"weights": {{"num_bits": {bits}, "type": "{kind}"}},
                    "input_activations": {{"num_bits": {also}, "type": "{kind}"}}}}}}}}"#
            )
        };
        assert_eq!(of(&tensors(8, "float", 8)), "fp8");
        assert_eq!(of(&tensors(4, "int", 8)), "int4");
    }

    /// GPT-2's feed-forward has two matrices of four times its width: 12·(4·768² + 2·768·3072) and one table of
    /// 50,257·768 are 124 million, as it is called.
    #[test]
    fn feed_forward_without_a_gate() {
        let found = read_config(r#"{"model_type": "gpt2", "n_embd": 768, "n_head": 12, "n_layer": 12, "vocab_size": 50257}"#).unwrap();
        assert!((found.total_params_b.unwrap() - 0.1235).abs() < 0.001, "{:?}", found.total_params_b);
    }
}
