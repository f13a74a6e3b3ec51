//! Served models and chips of one's own: by sizes, by the config of the weights, by the catalog's columns.

use std::path::Path;

use tokenworks::catalog::{Catalog, Chip, Evidence, ServedModel};
use tokenworks::charts;
use tokenworks::diagnostic::Diagnostic;
use tokenworks::disk::read_series;
use tokenworks::export;
use tokenworks::physics::throughput::correction::Distance;
use tokenworks::physics::throughput::frontier::frontier;
use tokenworks::physics::throughput::measured::MeasuredIndex;
use tokenworks::physics::throughput::{ServingNeed, operating_points};
use tokenworks::plan::Plan;
use tokenworks::resolved::{Rate, Resolved, Series};
use tokenworks::study::{self, Options};

use crate::sketch::{best, near, read};

const FOLDER: &str = "tests/own";

fn text(name: &str) -> String {
    std::fs::read_to_string(format!("{FOLDER}/{name}.ron")).unwrap()
}

fn problems(plan: &Plan) -> Vec<Diagnostic> {
    match study::state(plan, &Series::default(), &Options::default()) {
        Ok(stated) => stated.resolved.warnings,
        Err(problems) => problems,
    }
}

fn resolved(plan: &Plan) -> Resolved {
    Resolved::new(plan, Catalog::embedded(), &Series::default()).unwrap()
}

fn rate(resolved: &Resolved) -> &Rate {
    resolved.rates.iter().next().unwrap().iter().next().unwrap().as_ref().unwrap()
}

/// F12: 405 billion parameters in 126 layers with 8 key-value heads are enough for an estimate. The width is
/// √(405e9/(12·126)) = 16,366, to 128 16,384, as it is published; 2·8·128·126 = 258,048 elements are cached.
#[test]
fn a_model_by_its_sizes_is_served() {
    let plan = read(&text("own-shape"));
    let resolved = resolved(&plan);
    let row = resolved.products.iter().next().unwrap().first_ask().served.clone().unwrap();
    assert_eq!((row.hidden, row.kv_elements_per_token), (Some(16_384.0), Some(258_048.0)));
    assert_eq!(row.decode_attention_flop, Some(4.0 * 16_384.0 * 126.0));
    // What was derived is told, with its rule.
    let hidden = resolved.assumptions.iter().find(|assumption| assumption.path == "served_models.any.hidden").unwrap();
    assert_eq!((hidden.value, hidden.grade.as_str()), (16_384.0, "derived"));
    assert!(resolved.assumptions.iter().any(|assumption| assumption.path == "served_models.any.layers" && assumption.grade == "stated"));
    // It is what the same sizes of the catalog give without any measurement of that very model.
    let own = rate(&resolved);
    assert_eq!(own.evidence, Evidence::Stated);
    assert!(own.source.contains("same chip, other served models") && own.band > 0.1, "{} {}", own.source, own.band);
    let known = Catalog::embedded().served_model("llama-3.1-405b").unwrap();
    let need = ServingNeed { tpot_ms: Some(50.0), ..ServingNeed::plain(2000.0, 500.0) };
    let h200 = Catalog::embedded().chip("h200_sxm").unwrap();
    let like = operating_points(Catalog::embedded(), h200, known, &ServingNeed { precision: Some("fp8"), ..need }).unwrap().remove(0);
    let answer = own.pooled(4.0) / 3.6e-3;
    assert!((answer / like.answer_tok_per_s - 1.0).abs() < 0.2, "{answer} {}", like.answer_tok_per_s);
    let results = best(&plan);
    near(results.kpis.answer_tokens_ttok, 1024.0 * 0.95_f64.max(results_availability(h200)) * 0.8 * answer * 31.536e6 * 1e-12, 1e-6);
    // The chart of its frontier is there, with the grade.
    assert!(!results.comparison.pairs[0].frontier.curve.is_empty());
    assert!(results.comparison.pairs[0].frontier.curve.iter().all(|speed| speed.evidence == Evidence::Stated));
}

fn results_availability(chip: &Chip) -> f64 {
    chip.availability_fraction.unwrap_or(1.0)
}

/// F12: no sizes, or a name that nobody knows: refused, with the ways to say what it is.
#[test]
fn what_is_not_known_is_asked_for() {
    let said = problems(&read(&text("no-rows")));
    let told = said.iter().find(|problem| problem.message.contains("can't be served")).unwrap_or_else(|| panic!("{said:#?}"));
    for word in ["`config`", "`total_params_b`", "`layers`", "`kv_heads`"] {
        assert!(told.message.contains(word), "{word}: {}", told.message);
    }
    let said = problems(&read(&text("unknown-id")));
    let told = said.iter().find(|problem| problem.code == "unknown-served-model").unwrap_or_else(|| panic!("{said:#?}"));
    let help = told.help.as_deref().unwrap_or_default();
    assert!(told.message.contains("nemotron-3-ultra-550b") && help.contains("config.json") && help.contains("total_params_b"), "{help}");
    // What is missing of half-stated sizes is named.
    let half = text("own-shape").replace("layers: 126, ", "");
    let said = problems(&read(&half));
    assert!(said.iter().any(|problem| problem.message.contains("the served model's layers")), "{said:#?}");
    // A mixture of experts needs to say how many.
    let mixture = text("own-shape").replace("active_params_b: 405.0", "active_params_b: 40.0");
    let said = problems(&read(&mixture));
    assert!(said.iter().any(|problem| problem.message.contains("number of experts")), "{said:#?}");
}

/// By the config of its weights, beside the plan: the same as the catalog's row of it, and nothing is opened
/// outside of the folder.
#[test]
fn a_model_by_its_config_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let config = r#"{"model_type": "llama", "hidden_size": 16384, "intermediate_size": 53248, "num_attention_heads": 128,
        "num_hidden_layers": 126, "num_key_value_heads": 8, "vocab_size": 128256, "max_position_embeddings": 131072,
        "quantization_config": {"quant_method": "fp8"}}"#;
    std::fs::write(folder.path().join("config.json"), config).unwrap();
    let with = |path: &str| read(&text("no-rows").replace("quality: Stated(1.0)", &format!("quality: Stated(1.0), config: \"{path}\"")));
    let plan = with("config.json");
    let series = read_series(&plan, Some(folder.path())).unwrap();
    let resolved = Resolved::new(&plan, Catalog::embedded(), &series).unwrap();
    let row = resolved.products.iter().next().unwrap().first_ask().served.clone().unwrap();
    near(row.total_params_b.unwrap(), 405.85, 1e-4);
    assert_eq!(row.precisions, ["fp8"]);
    assert!(rate(&resolved).pooled(4.0) > 0.0);
    let refused = |plan: &Plan, folder: Option<&Path>| read_series(plan, folder).unwrap_err().remove(0);
    assert!(refused(&with("../config.json"), Some(folder.path())).message.contains("may not leave"));
    assert!(refused(&with("other.json"), Some(folder.path())).message.contains("no file `other.json`"));
    assert_eq!(refused(&plan, None).code, "no-folder");
    std::fs::write(folder.path().join("config.json"), r#"{"hidden_size": 4096, "linear_num_value_heads": 32}"#).unwrap();
    let problem = refused(&plan, Some(folder.path()));
    assert_eq!((problem.code, problem.path.as_str()), ("bad-config", "served_models.any.config"));
    assert!(problem.message.contains("linear attention"), "{}", problem.message);
}

/// A chip by the catalog's columns is what the catalog's own row is, but for what was measured with it; more
/// memory bandwidth is never slower, and one that is missing is named.
#[test]
fn a_chip_by_its_columns_serves() {
    let own = |columns: &str| {
        let chip = format!("chips: {{\"c\": (all_in_kw: 1.0, idle_fraction: 0.2, {columns})}},");
        read(&text("own-shape").replace("chips: {\"c\": (catalog: \"h200_sxm\", supply_per_period: 0.0)},", &chip))
    };
    let columns = |bandwidth: f64| {
        own(&format!(
            "vendor: \"NVIDIA\", hbm_gb: 141.0, hbm_tb_per_s: {bandwidth:?}, bf16_dense_tflops: 989.0, fp8_dense_tflops: 1979.0, scaleup_domain_chips: 8.0, scaleup_gb_per_s_one_way: 450.0, scaleout_gb_per_s_one_way: 50.0"
        ))
    };
    let answer = |plan: &Plan| rate(&resolved(plan)).pooled(4.0);
    let (mine, faster) = (answer(&columns(4.8)), answer(&columns(9.6)));
    let catalog = answer(&read(&text("own-shape")));
    assert!((mine / catalog - 1.0).abs() < 0.25, "{mine} {catalog}");
    assert!(faster > mine);
    let said = problems(&own("hbm_gb: 141.0, bf16_dense_tflops: 989.0"));
    assert!(said.iter().any(|problem| problem.message.contains("the chip's memory bandwidth")), "{said:#?}");
    // A number in place of the catalog's counts, and makes the rate stated.
    let halved = read(&text("own-shape").replace("catalog: \"h200_sxm\",", "catalog: \"h200_sxm\", hbm_tb_per_s: 2.4,"));
    assert!(answer(&halved) < catalog);
}

/// What rates rest on: a pair that was measured names its own runs first, at these lengths before others; one
/// that was not names what ran on the same chip; a chip of one's own what ran on the vendor's; and where a
/// software factor is typed, nothing.
#[test]
fn what_rates_rest_on_is_told_with_its_distance() {
    let catalog = Catalog::embedded();
    let need = ServingNeed { tpot_ms: Some(50.0), ..ServingNeed::plain(1024.0, 1024.0) };
    let of = |chip: &Chip, model: &ServedModel| frontier(catalog, chip, model, &need).rests_on;
    let (h200, llama) = (catalog.chip("h200_sxm").unwrap(), catalog.served_model("llama-3.3-70b").unwrap());
    let measured = of(h200, llama);
    assert_eq!(measured[0].distance, Distance::Between);
    assert_eq!(measured[0].tokens, Some((1024.0, 1024.0)));
    assert!(measured.windows(2).all(|pair| pair[0].distance <= pair[1].distance), "nearest first");
    assert!(measured.iter().filter(|group| group.distance <= Distance::SamePair).all(|group| !group.engine.is_empty() && group.rows > 0));
    // Every run of the pair is counted once.
    let runs = MeasuredIndex::embedded().pair(&h200.id, &llama.id).len();
    let own: usize = measured.iter().filter(|group| group.distance <= Distance::SamePair).map(|group| group.rows).sum();
    assert_eq!(own, runs);
    let other = measured.iter().find(|group| group.distance == Distance::SamePair).unwrap();
    assert!(other.distance_in_words().contains("times as long"), "{}", other.distance_in_words());

    // Own sizes: no run is of them.
    let mine = ServedModel { id: "own x".into(), ..llama.clone() };
    let near = of(h200, &mine);
    assert!(near[0].distance == Distance::SameChip && near[0].ran.contains(" on H200"), "{:?}", near[0]);
    // A catalog chip with another bandwidth is no longer the one that was measured.
    let slower = Chip { hbm_tb_per_s: Some(2.4), ..h200.clone() };
    assert!(of(&slower, llama).iter().all(|group| group.distance > Distance::Between));
    let own_chip = Chip { id: "own c".into(), software_factor: None, ..h200.clone() };
    assert_eq!(of(&own_chip, llama)[0].distance, Distance::SameVendor);
    let nobody = Chip { vendor: "Nobody".into(), ..own_chip.clone() };
    assert_eq!(of(&nobody, llama).iter().map(|group| group.distance).collect::<Vec<_>>(), [Distance::Nothing]);
    let typed = Chip { software_factor: Some(0.4), ..h200.clone() };
    assert!(of(&typed, llama).is_empty());
    // In an answer, its table and its report.
    let results = best(&read(&text("own-shape")));
    let chart = charts::find("frontier").map(|entry| (entry.chart)(&results, &charts::Selection::default())).unwrap();
    let table = chart.beside.unwrap();
    assert_eq!(table.header[7], "Distance");
    assert!(!table.rows.is_empty() && table.rows.iter().all(|row| row.len() == table.header.len()));
    let report = export::report::render(&export::report::ReportInput { results: &results, assumptions: &[], plan: None, studies: &[] });
    assert!(report.contains("What this rests on") && report.contains("same chip, other served models"));
}

/// Drafts: no more than published is taken, one that is not published is unproven, and where arithmetic is
/// what takes time they gain nothing.
#[test]
fn speculation_costs() {
    let catalog = Catalog::embedded();
    let (chip, served) = (catalog.chip("b200_sxm").unwrap(), catalog.served_model("deepseek-v3-r1").unwrap());
    let at = |tpot_ms: f64, accepted: f64, drafted: Option<f64>| {
        let need = ServingNeed {
            tpot_ms: Some(tpot_ms),
            speculative_acceptance_fraction: accepted,
            drafted_tokens: drafted,
            precision: Some("fp4"),
            ..ServingNeed::plain(3000.0, 1000.0)
        };
        operating_points(catalog, chip, served, &need).map(|mut points| points.remove(0))
    };
    let refused = at(20.0, 2.0, None).unwrap_err().to_string();
    assert!(refused.contains("0.9") && refused.contains("arXiv 2412.19437"), "{refused}");
    assert!(at(20.0, 0.8, Some(0.5)).unwrap_err().to_string().contains("drafted"));
    // Drafting many to have the same accepted costs.
    let (one, four) = (at(20.0, 0.8, Some(1.0)).unwrap(), at(20.0, 0.8, Some(4.0)).unwrap());
    assert!(four.answer_tok_per_s < one.answer_tok_per_s, "{} {}", four.answer_tok_per_s, one.answer_tok_per_s);
    let unpublished = ServingNeed { tpot_ms: Some(50.0), speculative_acceptance_fraction: 0.8, ..ServingNeed::plain(3000.0, 1000.0) };
    let llama = catalog.served_model("llama-3.3-70b").unwrap();
    let point = operating_points(catalog, chip, llama, &unpublished).unwrap().remove(0);
    assert_eq!(point.evidence, Evidence::Unproven);
    assert!(point.source.contains("nobody has published"), "{}", point.source);
}

/// Agents with 100,000 tokens of context and 95 % found in a cache: fetching costs, and so does the memory of
/// those that wait for their tools.
#[test]
fn cached_context_costs() {
    let catalog = Catalog::embedded();
    let (chip, served) = (catalog.chip("h200_sxm").unwrap(), catalog.served_model("llama-3.3-70b").unwrap());
    let at = |fetch: Option<f64>, kept: f64| {
        let need = ServingNeed {
            tpot_ms: Some(50.0),
            cache_hit_fraction: 0.95,
            cache_fetch_gb_per_s: fetch,
            cached_contexts_per_request: kept,
            precision: Some("fp8"),
            ..ServingNeed::plain(100_000.0, 1000.0)
        };
        operating_points(catalog, chip, served, &need).unwrap().remove(0)
    };
    let here = at(None, 0.0);
    // Llama 70B caches 2·8·128·80 = 163,840 elements a token of one byte.
    assert!(here.source.contains("163840 bytes a token"), "{}", here.source);
    let (network, slow) = (at(Some(50.0), 0.0), at(Some(2.0), 0.0));
    assert!(network.answer_tok_per_s <= here.answer_tok_per_s && slow.answer_tok_per_s < 0.8 * network.answer_tok_per_s);
    let waiting = at(None, 4.0);
    assert!(waiting.answer_tok_per_s < 0.8 * here.answer_tok_per_s, "{} {}", waiting.answer_tok_per_s, here.answer_tok_per_s);
    for point in [here, network, slow, waiting] {
        let harmonic = 1.0 / (1.0 / point.decode_tok_per_s + 5.0 / point.prefill_tok_per_s);
        near(harmonic, point.answer_tok_per_s, 1e-9);
    }
}
