//! Measured throughput out of other tools' files, with rates worked out by hand.

use tokenworks::catalog::{Catalog, Evidence};
use tokenworks::physics::throughput::split_of_a_run;
use tokenworks::resolved::Series;
use tokenworks::series::runs::{Run, read};
use tokenworks::study::{self, Options};

use crate::sketch::Sketch;

fn runs(text: &str) -> Vec<Run> {
    read(text.as_bytes()).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

#[track_caller]
fn refused(text: &str, said: &str) {
    let faults = read(text.as_bytes()).unwrap_err();
    assert!(!faults[0].help.is_empty() && faults[0].message.contains(said), "{faults:?}");
}

const VLLM: &str = r#"{"date": "20260503-142233", "backend": "vllm", "model_id": "meta-llama/Llama-3.3-70B-Instruct", "num_prompts": 640,
    "max_concurrency": 64, "duration": 100.0, "completed": 640, "total_input_tokens": 655360, "total_output_tokens": 655360,
    "request_throughput": 6.4, "output_throughput": 6553.6, "mean_ttft_ms": 210.5, "mean_tpot_ms": 9.6}"#;

/// vLLM: 655,360 tokens of 640 requests are 1,024 each; 6,553.6 tok/s on 8 chips, which only the planner knows, are 819.2.
#[test]
fn vllm_benchmark_serving() {
    let run = runs(VLLM).remove(0);
    assert_eq!((run.prompt_tokens, run.answer_tokens, run.concurrency), (1024.0, 1024.0, Some(64.0)));
    assert_eq!((run.engine.as_str(), run.date.as_str()), ("vllm", "2026-05-03"));
    assert_eq!((run.tpot_ms, run.ttft_ms), (Some(9.6), Some(210.5)));
    assert!((run.answer_tok_per_s_per_chip(Some(8.0)).unwrap() - 819.2).abs() < 1e-9);
    assert_eq!(run.answer_tok_per_s_per_chip(None).unwrap_err().code, "no-chips");
    // One result a line, as it appends them.
    assert_eq!(runs(&format!("{}\n{}\n", VLLM.replace('\n', " "), VLLM.replace('\n', " "))).len(), 2);
    refused(&VLLM.replace("6553.6", "0"), "output_throughput");
    refused(&VLLM.replace("\"completed\": 640, ", ""), "completed");
    refused("{\"hidden_size\": 4096}", "completed");
    refused("{", "no JSON");
}

/// GenAI-Perf says its units; nanoseconds are its old ones.
#[test]
fn genai_perf() {
    let of = |unit: &str, latency: f64| {
        runs(&format!(
            r#"{{"output_token_throughput": {{"unit": "tokens/sec", "avg": 800.0}}, "inter_token_latency": {{"unit": "{unit}", "avg": {latency}}},
                "time_to_first_token": {{"unit": "{unit}", "avg": {}}}, "input_sequence_length": {{"avg": 550.0}},
                "output_sequence_length": {{"avg": 256.0}},
                "input_config": {{"model": ["llama-3.1-8b"], "perf_analyzer": {{"stimulus": {{"concurrency": 10}}}}}}}}"#,
            latency * 20.0
        ))
        .remove(0)
    };
    for (unit, latency) in [("ms", 12.0), ("ns", 12e6), ("us", 12e3), ("s", 0.012)] {
        let run = of(unit, latency);
        assert!((run.tpot_ms.unwrap() - 12.0).abs() < 1e-9 && (run.ttft_ms.unwrap() - 240.0).abs() < 1e-9, "{unit}: {run:?}");
        assert_eq!((run.prompt_tokens, run.answer_tokens, run.concurrency), (550.0, 256.0, Some(10.0)));
        assert_eq!(run.served_model, "llama-3.1-8b");
    }
}

/// InferenceX: a rate of prompts and answers together holds the answers in their share: 9,000·1,024/9,216 = 1,000; times
/// in seconds. aiconfigurator: a prediction, never a measurement.
#[test]
fn tables() {
    let run = runs(
        "hw,model,framework,precision,tp,conc,isl,osl,tput_per_gpu,mean_tpot,mean_ttft,date\n\
         h200,llama-3.3-70b,vllm,fp8,8,64,8192,1024,9000,0.0125,0.8,2026-05-03T10:00:00\n",
    )
    .remove(0);
    assert!((run.answer_tok_per_s_per_chip(None).unwrap() - 1000.0).abs() < 1e-9);
    assert!((run.tpot_ms.unwrap() - 12.5).abs() < 1e-9 && (run.ttft_ms.unwrap() - 800.0).abs() < 1e-9);
    assert_eq!((run.chips, run.date.as_str(), run.predicted), (Some(8.0), "2026-05-03", false));
    let output = runs("hw,isl,osl,output_tput_per_gpu,tpot_ms\nh200,1024,1024,700,0.9\n").remove(0);
    assert_eq!((output.answer_tok_per_s, output.tpot_ms), (700.0, Some(0.9)));
    let predicted = runs("backend,version,system,model,isl,osl,concurrency,tokens/s/gpu,tokens/s/user\ntrtllm,1.0,h200_sxm,QWEN3_32B,4000,1000,32,650.5,50\n").remove(0);
    assert!(predicted.predicted && (predicted.tpot_ms.unwrap() - 20.0).abs() < 1e-9 && predicted.engine == "trtllm 1.0");
    refused("isl,osl\n1,2\n", "throughput of one chip");
    refused("tput_per_gpu\n1\n", "lengths");
    refused("isl,osl,tput_per_gpu\n1024,1024,x\n", "Line 2");
}

/// In a plan a measured run keeps its grade, engine and date, and its harmonic sum is the rate that was measured; without
/// a date it is doubted, and one of more than a year ago is wider.
#[test]
fn a_measured_row_keeps_its_grade() {
    let catalog = Catalog::embedded();
    let (chip, model) = (catalog.chip("h200_sxm").unwrap(), catalog.served_model("llama-3.3-70b").unwrap());
    let (prefill, decode) = split_of_a_run(chip, model, "fp8", (1024.0, 1024.0), (8.0, 64.0), 819.2).unwrap();
    assert!((1.0 / (1.0 / prefill + 1.0 / decode) - 819.2).abs() < 1e-9);
    let rate = |more: &str| {
        let row = format!("(chip: \"c\", product: \"chat\", prefill_tok_per_s: {prefill:?}, decode_tok_per_s: {decode:?}, {more})");
        let sketch = Sketch::new().with("fleets", "f", "(site: \"home\", chip: \"c\", count: 1000.0, in_service: \"2024-01\")").with(
            "throughput",
            "c-chat",
            &row,
        );
        let stated = study::state(&sketch.plan(), &Series::default(), &Options::default()).unwrap();
        let rate = stated.resolved.rates.iter().next().unwrap().iter().next().unwrap().clone().unwrap();
        (rate, stated.resolved.warnings)
    };
    let (measured, warnings) = rate("measured: true, date: \"2026-05-03\", engine: \"vllm 0.9\", source: \"result.json\"");
    assert_eq!(measured.evidence, Evidence::Measured);
    assert!(measured.source.contains("result.json (vllm 0.9, 2026-05-03)") && measured.band < 0.05, "{measured:?}");
    assert!(warnings.iter().all(|warning| warning.code != "undated-measurement"));
    let (old, _) = rate("measured: true, date: \"2025-05\"");
    assert!(old.band > 0.5, "{old:?}");
    let (undated, warnings) = rate("measured: true");
    assert_eq!(undated.evidence, Evidence::Measured);
    assert!(warnings.iter().any(|warning| warning.code == "undated-measurement"));
    assert_eq!(rate("").0.evidence, Evidence::Stated);
}
