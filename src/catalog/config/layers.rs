//! Which layers see the whole context, which only a window of it, and which have experts.

use serde_json::Value;

use super::fields::Fields;

/// How the layers attend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Attention {
    /// Layers that see the whole context.
    pub full: f64,
    /// Layers that see a window.
    pub windowed: f64,
    /// The window, in tokens; infinite where there is none.
    pub window: f64,
}

/// Model types all of whose layers see the window that `sliding_window` states; of others that state one
/// without saying where, nothing can be said.
const WINDOW_EVERYWHERE: &[&str] = &["mistral", "mixtral", "phi3", "starcoder2"];

/// How the layers of a config attend. What it says of a kind of layer that is not known is noted as wrong.
pub(super) fn attention(fields: &Fields<'_>, layers: f64, model_type: &str) -> Attention {
    let all_full = Attention { full: layers, windowed: 0.0, window: f64::INFINITY };
    let window = fields.optional(&["sliding_window"]).filter(|window| *window > 0.0);
    if let Some((name, kinds)) = fields.value(&["layer_types"]) {
        return of_kinds(fields, name, kinds, layers, window);
    }
    // Qwen states a window and a switch that leaves it off.
    let switched_off = fields.value(&["use_sliding_window"]).is_some() && !fields.switch("use_sliding_window");
    let Some(window) = window.filter(|_| !switched_off) else { return all_full };
    if let Some(pattern) = fields.positive(&["sliding_window_pattern", "_sliding_window_pattern"]) {
        let full = (layers / pattern).floor();
        return Attention { full, windowed: layers - full, window };
    }
    match model_type {
        "gemma2" => {
            let full = (layers / 2.0).floor();
            Attention { full, windowed: layers - full, window }
        }
        known if WINDOW_EVERYWHERE.contains(&known) => Attention { full: 0.0, windowed: layers, window },
        _ if fields.value(&["use_sliding_window"]).is_some() => {
            // The first `max_window_layers` see everything.
            let full = fields.optional(&["max_window_layers"]).unwrap_or(0.0).min(layers);
            Attention { full, windowed: layers - full, window }
        }
        _ => {
            fields.wrong(format!(
                "`sliding_window` is {window}, and nothing says which layers see only that (`layer_types` or `sliding_window_pattern`)"
            ));
            all_full
        }
    }
}

fn of_kinds(fields: &Fields<'_>, name: &str, kinds: &Value, layers: f64, window: Option<f64>) -> Attention {
    let Some(kinds) = kinds.as_array() else {
        fields.wrong(format!("`{name}` should be a list with a word for each layer"));
        return Attention { full: layers, windowed: 0.0, window: f64::INFINITY };
    };
    let (mut full, mut windowed) = (0.0, 0.0);
    for kind in kinds {
        match kind.as_str() {
            Some("full_attention" | "attention" | "global_attention") => full += 1.0,
            Some("sliding_attention" | "local_attention") => windowed += 1.0,
            _ => fields.wrong(format!("`{name}` has {kind}, a kind of layer whose sizes are not worked out from a config")),
        }
    }
    if full + windowed != layers {
        fields.wrong(format!("`{name}` has {} layers, the config {layers}", kinds.len()));
    }
    let window = match window {
        Some(window) => window,
        None => {
            if windowed > 0.0 {
                fields.missing(&["sliding_window"]);
            }
            f64::INFINITY
        }
    };
    Attention { full, windowed, window }
}

/// Layers with routed experts.
pub(super) fn expert_layers(fields: &Fields<'_>, layers: f64) -> f64 {
    // A list of 0 and 1 for each layer, or every so many layers.
    if let Some((name, Value::Array(marks))) = fields.value(&["moe_layer_freq"]) {
        if marks.len() as f64 != layers {
            fields.wrong(format!("`{name}` has {} layers, the config {layers}", marks.len()));
        }
        return marks.iter().filter(|mark| mark.as_f64().is_some_and(|mark| mark > 0.0)).count() as f64;
    }
    let dense_first = fields.optional(&["first_k_dense_replace", "moe_layer_start_index"]).unwrap_or(0.0).min(layers);
    let every = fields.positive(&["decoder_sparse_step", "moe_layer_freq", "moe_layer_interval"]).unwrap_or(1.0);
    let dense_listed = match fields.value(&["mlp_only_layers"]) {
        None => 0.0,
        Some((_, Value::Array(listed))) => listed.len() as f64,
        Some((name, other)) => {
            fields.wrong(format!("`{name}` should be a list of layers, not {other}"));
            0.0
        }
    };
    (((layers - dense_first) / every).floor() - dense_listed).max(0.0)
}
