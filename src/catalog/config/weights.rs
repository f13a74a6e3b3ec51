//! The precision of the published weights, as the config's quantisation says it.

use serde_json::Value;

/// Methods of quantisation whose settings are read.
const KNOWN: &[&str] = &[
    "fp8",
    "fbgemm_fp8",
    "mxfp4",
    "nvfp4",
    "modelopt",
    "compressed-tensors",
    "awq",
    "gptq",
    "bitsandbytes",
    "quark",
    "auto-round",
    "torchao",
];

/// The precision: `bf16`, `fp8`, `int8`, `fp4` or `int4`.
///
/// # Errors
/// What can't be told, in a sentence.
pub(super) fn precision(whole: &Value, object: &Value) -> Result<&'static str, String> {
    let stated = |holder: &'_ Value| {
        holder.get("quantization_config").or_else(|| holder.get("compression_config")).filter(|value| !value.is_null()).cloned()
    };
    let Some(quantised) = stated(whole).or_else(|| stated(object)) else { return Ok("bf16") };
    let words = quantised.to_string().to_ascii_lowercase();
    let method = quantised.get("quant_method").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    let has = |word: &str| words.contains(word);
    let bits: Vec<u64> = bits_of(&quantised);
    // Weights of 4 bits may keep caches of 8: the smaller is that of the weights.
    let found = if has("fp4") {
        "fp4"
    } else if method == "fp8" || method == "fbgemm_fp8" || has("\"fp8\"") || has("float8") {
        "fp8"
    } else if has("\"load_in_4bit\":true") || bits == [4] || (method == "awq" && bits.is_empty()) {
        if has("\"type\":\"float\"") { "fp4" } else { "int4" }
    } else if has("\"load_in_8bit\":true") || bits == [8] {
        if has("\"type\":\"float\"") { "fp8" } else { "int8" }
    } else {
        let of = match bits.as_slice() {
            [] if KNOWN.contains(&method.as_str()) => format!("by `{method}` without its bits"),
            [] => format!("by `{method}`, which is not read"),
            bits => format!("of {} bits", bits.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")),
        };
        return Err(format!(
            "`quantization_config` has weights {of}; only bf16, fp8, int8, fp4 and int4 are planned with. State the sizes and `precisions` instead"
        ));
    };
    Ok(found)
}

/// The bits of weights, wherever the settings state them; those of activations and caches do not count.
fn bits_of(settings: &Value) -> Vec<u64> {
    let mut found = Vec::new();
    collect(settings, &mut found);
    found.sort_unstable();
    found.dedup();
    found
}

fn collect(settings: &Value, found: &mut Vec<u64>) {
    let Value::Object(fields) = settings else { return };
    for (name, value) in fields {
        match (name.as_str(), value) {
            ("bits" | "num_bits" | "w_bit" | "weight_bits", Value::Number(bits)) => found.extend(bits.as_u64()),
            ("input_activations" | "output_activations" | "kv_cache_scheme", _) => {}
            (_, inner @ Value::Object(_)) => collect(inner, found),
            _ => {}
        }
    }
}
