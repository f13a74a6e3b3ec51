//! Chips and served models as a plan knows them: the catalog's rows with the plan's own numbers, or none of
//! the catalog at all. What follows from other sizes is derived, with the rule in words.
//!
//! ```text
//! routed = (total − active)/(1 − k/E),  always read = total − routed         experts E, visited k
//! hidden = √(parameters/(12·layers)), to 128                                 of a dense one: 4·h² of attention, 8·h² of feed-forward
//! cached elements = 2·kv heads·128·layers                                    heads of 128, as of nearly all published weights
//! attention FLOP = 4·hidden·layers                                           heads·their size = width
//! ```

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::catalog::{Catalog, Chip, ServedModel};
use crate::plan::{self, Plan, Quantity};

/// Served models read from `config.json` files, by id in the plan.
pub type Configs = BTreeMap<String, ServedModel>;

/// A size that nobody states and others imply.
#[derive(Clone, Debug, PartialEq)]
pub struct Derived {
    /// Its field in the plan.
    pub field: &'static str,
    /// What it is taken as.
    pub value: f64,
    /// From what, in words.
    pub rule: &'static str,
}

/// Size of one attention head in nearly all published weights.
const HEAD: f64 = 128.0;

/// Parameters of a dense layer over the square of its width: four of attention, eight of feed-forward.
const SQUARES_OF_A_LAYER: f64 = 12.0;

/// A number of the plan in place of another.
fn replace(number: &mut Option<f64>, stated: Option<&Quantity>) {
    if let Some(stated) = stated {
        *number = Some(stated.value);
    }
}

/// Whether a plan says anything of a served model's sizes itself.
fn has_sizes(stated: &plan::ServedModel) -> bool {
    sizes(stated).iter().any(|(_, size)| size.is_some()) || !stated.precisions.is_empty()
}

/// The sizes a plan may state, by field.
pub(super) fn sizes(stated: &plan::ServedModel) -> [(&'static str, Option<&Quantity>); 14] {
    [
        ("total_params_b", stated.total_params_b.as_ref()),
        ("active_params_b", stated.active_params_b.as_ref()),
        ("always_read_params_b", stated.always_read_params_b.as_ref()),
        ("routed_expert_params_b", stated.routed_expert_params_b.as_ref()),
        ("experts", stated.experts.as_ref()),
        ("experts_per_token", stated.experts_per_token.as_ref()),
        ("layers", stated.layers.as_ref()),
        ("hidden", stated.hidden.as_ref()),
        ("kv_elements_per_token", stated.kv_elements_per_token.as_ref()),
        ("kv_heads", stated.kv_heads.as_ref()),
        ("decode_attention_flop", stated.decode_attention_flop.as_ref()),
        ("prefill_attention_flop", stated.prefill_attention_flop.as_ref()),
        ("sparse_attention_tokens", stated.sparse_attention_tokens.as_ref()),
        ("max_context_tokens", stated.max_context_tokens.as_ref()),
    ]
}

/// A served model of the plan with all its sizes, and those that were derived; `None` where the plan
/// gives no catalog id that is known, no config that was read and no size.
#[must_use]
pub fn served_model<'c>(plan: &Plan, id: &str, catalog: &'c Catalog, configs: &Configs) -> Option<(Cow<'c, ServedModel>, Vec<Derived>)> {
    let stated = plan.served_models.get(id)?;
    let known = stated.catalog.as_deref().and_then(|known| catalog.served_model(known));
    let config = configs.get(id);
    if !has_sizes(stated) && config.is_none() {
        return known.map(|known| (Cow::Borrowed(known), Vec::new()));
    }
    let mut row = match (known, config) {
        (None, None) => ServedModel { source: "the plan".to_owned(), ..ServedModel::blank(id) },
        (Some(known), None) => known.clone(),
        (None, Some(config)) => ServedModel { id: id.to_owned(), name: id.to_owned(), ..config.clone() },
        // The config says what it is, the catalog what was measured with it and how clever it is.
        (Some(known), Some(config)) => ServedModel {
            id: known.id.clone(),
            name: known.name.clone(),
            capability_index: known.capability_index,
            capability_index_source: known.capability_index_source.clone(),
            ..config.clone()
        },
    };
    if known.is_none() {
        // No row of the catalog may be taken for it.
        row.id = format!("own {id}");
    }
    if let Some(name) = &stated.name {
        row.name.clone_from(name);
    }
    replace(&mut row.total_params_b, stated.total_params_b.as_ref());
    replace(&mut row.active_params_b, stated.active_params_b.as_ref());
    replace(&mut row.always_read_params_b, stated.always_read_params_b.as_ref());
    replace(&mut row.routed_expert_params_b, stated.routed_expert_params_b.as_ref());
    replace(&mut row.experts, stated.experts.as_ref());
    replace(&mut row.experts_per_token, stated.experts_per_token.as_ref());
    replace(&mut row.layers, stated.layers.as_ref());
    replace(&mut row.hidden, stated.hidden.as_ref());
    replace(&mut row.kv_elements_per_token, stated.kv_elements_per_token.as_ref());
    replace(&mut row.kv_heads, stated.kv_heads.as_ref());
    replace(&mut row.decode_attention_flop, stated.decode_attention_flop.as_ref());
    replace(&mut row.prefill_attention_flop, stated.prefill_attention_flop.as_ref());
    replace(&mut row.sparse_attention_tokens, stated.sparse_attention_tokens.as_ref());
    replace(&mut row.max_context_tokens, stated.max_context_tokens.as_ref());
    if !stated.precisions.is_empty() {
        row.precisions.clone_from(&stated.precisions);
    } else if row.precisions.is_empty() {
        row.precisions = vec!["fp8".to_owned(), "bf16".to_owned()];
    }
    let derived = derive(&mut row);
    Some((Cow::Owned(row), derived))
}

/// Fills in what follows from other sizes.
fn derive(row: &mut ServedModel) -> Vec<Derived> {
    let mut derived = Vec::new();
    let mut fill = |number: &mut Option<f64>, field: &'static str, value: Option<f64>, rule: &'static str| {
        if number.is_none()
            && let Some(value) = value.filter(|value| value.is_finite() && *value >= 0.0)
        {
            *number = Some(value);
            derived.push(Derived { field, value, rule });
        }
    };
    let total = row.total_params_b;
    let is_dense = match (row.experts, total, row.active_params_b) {
        (Some(experts), _, _) => experts <= 1.0,
        (None, Some(total), Some(active)) => active > 0.95 * total,
        (None, Some(_), None) => row.routed_expert_params_b.is_none_or(|routed| routed <= 0.0),
        (None, None, _) => row.routed_expert_params_b == Some(0.0),
    };
    if is_dense {
        fill(&mut row.experts, "experts", Some(1.0), "dense: all parameters work for every token");
        fill(&mut row.experts_per_token, "experts_per_token", Some(1.0), "dense: all parameters work for every token");
        fill(&mut row.routed_expert_params_b, "routed_expert_params_b", Some(0.0), "dense: all parameters work for every token");
        fill(&mut row.always_read_params_b, "always_read_params_b", total, "dense: all parameters work for every token");
    } else if let (Some(total), Some(active), Some(experts), Some(visited)) =
        (total, row.active_params_b, row.experts, row.experts_per_token)
    {
        let routed = (total - active) / (1.0 - visited / experts);
        let rule = "(all − used)/(1 − experts visited/experts)";
        fill(&mut row.routed_expert_params_b, "routed_expert_params_b", Some(routed).filter(|routed| *routed <= total), rule);
    }
    let always = total.zip(row.routed_expert_params_b).map(|(total, routed)| total - routed);
    fill(&mut row.always_read_params_b, "always_read_params_b", always, "all parameters less those of routed experts");
    let width = row.layers.zip(total).filter(|_| is_dense).map(|(layers, total)| {
        let exact = (total * 1e9 / (SQUARES_OF_A_LAYER * layers)).sqrt();
        (exact / HEAD).round().max(1.0) * HEAD
    });
    fill(&mut row.hidden, "hidden", width, "√(parameters/(12·layers)), the shape of dense layers");
    let cached = row.layers.zip(row.kv_heads).map(|(layers, heads)| 2.0 * heads * HEAD * layers);
    fill(&mut row.kv_elements_per_token, "kv_elements_per_token", cached, "2·key-value heads·128·layers");
    let attention = row.layers.zip(row.hidden).map(|(layers, hidden)| 4.0 * hidden * layers);
    fill(&mut row.decode_attention_flop, "decode_attention_flop", attention, "4·width·layers");
    if row.family.is_empty() {
        if is_dense { "dense" } else { "moe" }.clone_into(&mut row.family);
    }
    derived
}

/// A chip of the plan with its columns; `None` where the plan gives neither a catalog id that is known nor
/// any column.
#[must_use]
pub fn chip<'c>(plan: &Plan, id: &str, catalog: &'c Catalog) -> Option<Cow<'c, Chip>> {
    let stated = plan.chips.get(id)?;
    let known = stated.catalog.as_deref().and_then(|known| catalog.chip(known));
    let columns = columns(stated);
    if columns.iter().all(|(_, column)| column.is_none()) && stated.vendor.is_none() {
        return known.map(Cow::Borrowed);
    }
    let mut row = known.cloned().unwrap_or_else(|| Chip {
        name: stated.name.clone().unwrap_or_else(|| id.to_owned()),
        // What licences and training count is all that is known of memory and arithmetic.
        hbm_tb_per_s: stated.memory_tb_per_s.as_ref().map(|stated| stated.value).filter(|rate| *rate > 0.0),
        bf16_dense_tflops: stated.dense_bf16_tflops.as_ref().map(|stated| stated.value).filter(|rate| *rate > 0.0),
        source: "the plan".to_owned(),
        ..Chip::blank(&format!("own {id}"))
    });
    if let Some(vendor) = &stated.vendor {
        // `nvidia` is NVIDIA: what was measured with its software counts.
        let known = catalog.chips().iter().map(|chip| &chip.vendor).find(|known| known.eq_ignore_ascii_case(vendor.trim()));
        row.vendor.clone_from(known.unwrap_or(vendor));
    }
    replace(&mut row.hbm_gb, stated.hbm_gb.as_ref());
    replace(&mut row.hbm_tb_per_s, stated.hbm_tb_per_s.as_ref());
    replace(&mut row.bf16_dense_tflops, stated.bf16_dense_tflops.as_ref());
    replace(&mut row.fp8_dense_tflops, stated.fp8_dense_tflops.as_ref());
    replace(&mut row.fp4_dense_tflops, stated.fp4_dense_tflops.as_ref());
    replace(&mut row.scaleup_domain_chips, stated.scaleup_domain_chips.as_ref());
    replace(&mut row.scaleup_gb_per_s_one_way, stated.scaleup_gb_per_s_one_way.as_ref());
    replace(&mut row.scaleout_gb_per_s_one_way, stated.scaleout_gb_per_s_one_way.as_ref());
    replace(&mut row.software_factor, stated.software_factor.as_ref());
    // Without 8-bit units its weights are unpacked and computed in bf16.
    row.fp8_dense_tflops = row.fp8_dense_tflops.or(row.bf16_dense_tflops);
    Some(Cow::Owned(row))
}

/// The columns a plan may state of a chip for serving, by field.
pub(super) fn columns(stated: &plan::Chip) -> [(&'static str, Option<&Quantity>); 9] {
    [
        ("hbm_gb", stated.hbm_gb.as_ref()),
        ("hbm_tb_per_s", stated.hbm_tb_per_s.as_ref()),
        ("bf16_dense_tflops", stated.bf16_dense_tflops.as_ref()),
        ("fp8_dense_tflops", stated.fp8_dense_tflops.as_ref()),
        ("fp4_dense_tflops", stated.fp4_dense_tflops.as_ref()),
        ("scaleup_domain_chips", stated.scaleup_domain_chips.as_ref()),
        ("scaleup_gb_per_s_one_way", stated.scaleup_gb_per_s_one_way.as_ref()),
        ("scaleout_gb_per_s_one_way", stated.scaleout_gb_per_s_one_way.as_ref()),
        ("software_factor", stated.software_factor.as_ref()),
    ]
}
