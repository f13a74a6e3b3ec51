//! Requests of many lengths: classes by hand, mean work, and the tail against the promise of speed.

use tokenworks::catalog::{Catalog, Confidence};
use tokenworks::physics::throughput::{ServingNeed, operating_points};
use tokenworks::plan::{Plan, Quantile};
use tokenworks::resolved::lengths::{LengthClass, classes, frontier_for};
use tokenworks::resolved::serving::need_of;
use tokenworks::resolved::{Resolved, Series};

use crate::sketch::{near, read};

fn quantiles(of: &[(f64, f64)]) -> Vec<Quantile> {
    of.iter().map(|(share_fraction, tokens)| Quantile { share_fraction: *share_fraction, tokens: *tokens }).collect()
}

/// Half of the requests have up to 1,000 tokens, nine of ten up to 10,000, the mean is 3,000: 500 for half of them,
/// 9,000/ln 10 = 3,908.65 for four tenths, and (3,000 − 250 − 1,563.46)/0.1 = 11,865.4 for the rest.
#[test]
fn classes_by_hand() {
    let found = classes(3000.0, &quantiles(&[(0.5, 1000.0), (0.9, 10_000.0)])).unwrap();
    let wanted = [(0.5, 500.0), (0.4, 9000.0 / 10.0_f64.ln()), (0.1, 11_865.4)];
    for (found, (share, tokens)) in found.iter().zip(wanted) {
        near(found.share, share, 1e-9);
        near(found.tokens, tokens, 1e-5);
    }
    assert_eq!(classes(700.0, &[]).unwrap(), [LengthClass { share: 1.0, tokens: 700.0 }]);
    // A mean that can't be: at least 0.9·(250 + 1,563.46) + 1,000.
    let refused = classes(2000.0, &quantiles(&[(0.5, 1000.0), (0.9, 10_000.0)])).unwrap_err();
    assert!(refused.contains("at least 2632"), "{refused}");
    for wrong in [&[(0.5, 10.0), (0.5, 20.0)][..], &[(0.9, 10.0), (0.5, 20.0)], &[(0.5, 20.0), (0.9, 10.0)], &[(1.0, 5.0)]] {
        assert!(classes(15.0, &quantiles(wrong)).is_err(), "{wrong:?}");
    }
}

/// Every published workload's quantiles agree with its mean, and the classes hold that mean exactly.
#[test]
fn published_lengths_agree() {
    for row in Catalog::embedded().lengths() {
        let found = classes(row.mean, &quantiles(&row.quantiles)).unwrap_or_else(|reason| panic!("{} {}: {reason}", row.id, row.what));
        near(found.iter().map(|class| class.share * class.tokens).sum(), row.mean, 1e-9);
        near(found.iter().map(|class| class.share).sum(), 1.0, 1e-9);
        assert!(found.windows(2).all(|pair| pair[0].tokens <= pair[1].tokens), "{}", row.id);
        assert!(row.confidence <= Confidence::Medium);
    }
}

fn plan(product: &str) -> Plan {
    let text = std::fs::read_to_string("tests/own/own-shape.ron").unwrap();
    let model = "served_models: {\"any\": (catalog: \"llama-3.3-70b\", quality: Stated(1.0))},";
    let from = text.find("served_models:").unwrap();
    let to = text.find("throughput: {}").unwrap();
    read(&format!("{}{model}\n    products: {{\"chat\": (served_model: \"any\", {product})}},\n    {}", &text[..from], &text[to..]))
}

/// Two classes of prompts: the mean rate is the tokens over the time that each class takes, recomputed here from the
/// operating points. Long prompts cost more than their share, so the mean length alone is too good.
#[test]
fn work_is_the_mean_over_lengths() {
    let lengths = "prompt_tokens: 3000.0, answer_tokens: 500.0, tpot_ms: 50.0, precision: \"fp8\"";
    let mixed =
        plan(&format!("{lengths}, prompt_quantiles: [(share_fraction: 0.5, tokens: 1000.0), (share_fraction: 0.9, tokens: 10000.0)]"));
    let rate = |plan: &Plan| {
        let resolved = Resolved::new(plan, Catalog::embedded(), &Series::default()).unwrap();
        let rate = resolved.rates.iter().next().unwrap().iter().next().unwrap().clone().unwrap();
        (rate, resolved.warnings)
    };
    let (found, _) = rate(&mixed);
    let catalog = Catalog::embedded();
    let (chip, model) = (catalog.chip("h200_sxm").unwrap(), catalog.served_model("llama-3.3-70b").unwrap());
    let (mut prefill_s, mut decode_s) = (0.0, 0.0);
    for class in classes(3000.0, &quantiles(&[(0.5, 1000.0), (0.9, 10_000.0)])).unwrap() {
        let need = ServingNeed { tpot_ms: Some(50.0), precision: Some("fp8"), ..ServingNeed::plain(class.tokens, 500.0) };
        let point = operating_points(catalog, chip, model, &need).unwrap().remove(0);
        prefill_s += class.share * class.tokens / point.prefill_tok_per_s;
        decode_s += class.share * 500.0 / point.decode_tok_per_s;
    }
    near(found.prefill / 3.6e-3, 3000.0 / prefill_s, 1e-9);
    near(found.decode / 3.6e-3, 500.0 / decode_s, 1e-9);
    let (plain, _) = rate(&plan(lengths));
    assert!(found.pooled(6.0) < plain.pooled(6.0), "{} {}", found.pooled(6.0), plain.pooled(6.0));
    assert!(found.source.contains("3 classes of lengths"), "{}", found.source);
    // The frontier that is drawn goes through what is solved with.
    let drawn = |plan: &Plan| {
        let product = &plan.products["chat"];
        let frontier = frontier_for(chip, model, product, &need_of(product, plan.horizon.start));
        frontier.curve.iter().find(|speed| (speed.tpot_ms - 50.0).abs() < 1e-9).unwrap().answer_tok_per_s * 3.6e-3
    };
    near(drawn(&mixed), found.pooled(6.0), 1e-9);
    near(drawn(&plan(lengths)), plain.pooled(6.0), 1e-9);
}

/// A hundredth of the requests may be late, and is said to be; a tenth may not.
#[test]
fn the_tail_is_held_against_the_promise() {
    let of = |share: f64| {
        let mean = share * 500.0 + (1.0 - share) * 100_000.0;
        plan(&format!(
            "prompt_tokens: {mean:?}, answer_tokens: 200.0, tpot_ms: 100.0, ttft_ms: 1500.0, precision: \"fp8\", \
             prompt_quantiles: [(share_fraction: {share:?}, tokens: 1000.0)]"
        ))
    };
    let resolved = Resolved::new(&of(0.995), Catalog::embedded(), &Series::default()).unwrap();
    let told = resolved.warnings.iter().find(|warning| warning.code == "late-tail").unwrap_or_else(|| panic!("{:#?}", resolved.warnings));
    assert!(told.message.contains("The longest 0.50 % of requests miss the promise"), "{}", told.message);
    let problems = Resolved::new(&of(0.9), Catalog::embedded(), &Series::default()).unwrap_err();
    assert!(problems.iter().any(|problem| problem.message.contains("10.0 % of its requests would miss the promise")), "{problems:#?}");
    let wrong = plan("prompt_tokens: 100.0, answer_tokens: 200.0, prompt_quantiles: [(share_fraction: 0.5, tokens: 1000.0)]");
    let problems = Resolved::new(&wrong, Catalog::embedded(), &Series::default()).unwrap_err();
    let told = problems.iter().find(|problem| problem.code == "contradicting-lengths").unwrap();
    assert!(told.path == "products.chat.prompt_quantiles" && told.message.contains("contradicts"), "{told:?}");
}
