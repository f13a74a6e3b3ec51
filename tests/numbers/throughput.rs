//! The throughput model: calibration, validation, identities, evidence and speed.

use std::time::{Duration, Instant};

use tokenworks::catalog::{BenchmarkKind, Catalog, Chip, Evidence, KNOWN_MISSES, ServedModel};
use tokenworks::physics::throughput::band::two_thirds;
use tokenworks::physics::throughput::calibrate::{Observation, calibrate, loss, observations};
use tokenworks::physics::throughput::choose::Pools;
use tokenworks::physics::throughput::chooser::corrections_csv;
use tokenworks::physics::throughput::constants::Constants;
use tokenworks::physics::throughput::correction::Distance;
use tokenworks::physics::throughput::measured::MeasuredIndex;
use tokenworks::physics::throughput::validation::validation;
use tokenworks::physics::throughput::{MissingParameters, OperatingPoint, ServingNeed, TwoPools, operating_points, withheld_points};

use crate::promises::readme::check_part;

fn chip(id: &str) -> &'static Chip {
    Catalog::embedded().chip(id).unwrap()
}

fn served(id: &str) -> &'static ServedModel {
    Catalog::embedded().served_model(id).unwrap()
}

fn points(chip: &Chip, served: &ServedModel, need: &ServingNeed<'_>) -> Result<Vec<OperatingPoint>, MissingParameters> {
    operating_points(Catalog::embedded(), chip, served, need)
}

fn need(prompt_tokens: f64, answer_tokens: f64, tpot_ms: f64) -> ServingNeed<'static> {
    ServingNeed { tpot_ms: Some(tpot_ms), ..ServingNeed::plain(prompt_tokens, answer_tokens) }
}

// --- calibration -------------------------------------------------------------------------------

/// The whole calibration, from the stated starting values: this is the program that made the
/// shipped constants. `cargo test calibration -- --nocapture` prints them.
#[test]
fn the_calibration_ends_at_the_shipped_constants() {
    let all = observations(Catalog::embedded());
    // 1,469 points less 24 weak ones, and 48 published ones whose configuration is known.
    assert_eq!(all.len(), 1493);
    let all: Vec<&Observation> = all.iter().collect();
    let fitted = calibrate(&all, Constants::STARTING, 2000, 5);
    println!("{fitted:#?}\nloss {:.6}", loss(&all, fitted));
    assert!(loss(&all, Constants::CALIBRATED) <= loss(&all, fitted) * 1.0005);
    for ((name, shipped), fitted) in Constants::NAMES.iter().zip(Constants::CALIBRATED.to_array()).zip(fitted.to_array()) {
        assert!((shipped / fitted - 1.0).abs() < 0.02, "{name}: {shipped} shipped, {fitted} fitted");
    }
}

/// The shipped corrections are those that the fit makes (`UPDATE=1 cargo test the_shipped_corrections`
/// writes them anew).
#[test]
fn the_shipped_corrections_are_those_of_the_fit() {
    let made = corrections_csv(Catalog::embedded());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write("assets/catalog/corrections.csv", &made).unwrap();
    }
    let shipped = std::fs::read_to_string("assets/catalog/corrections.csv").unwrap();
    assert_eq!(made.lines().count(), shipped.lines().count());
    for (made, shipped) in made.lines().zip(shipped.lines()).skip(1) {
        let (made, shipped): (Vec<_>, Vec<_>) = (made.split(',').collect(), shipped.split(',').collect());
        assert_eq!(made[..11], shipped[..11]);
        for column in [11, 12] {
            let (made, shipped): (f64, f64) = (made[column].parse().unwrap(), shipped[column].parse().unwrap());
            assert!((made - shipped).abs() < 1e-3 * shipped.abs().max(1.0), "{made} made, {shipped} shipped");
        }
    }
}

/// The one point of a chip not yet on sale, when nothing of that chip was shown: inside its band.
#[test]
fn rubin_is_inside_its_band_when_left_out() {
    let offline = ServingNeed { precision: Some("fp4"), two_pools: TwoPools::Never, ..ServingNeed::plain(800.0, 3790.0) };
    let point = withheld_points(Catalog::embedded(), chip("vr200_nvl72"), served("deepseek-v3-r1"), &offline).unwrap().remove(0);
    let miss = 16_435.095 / point.answer_tok_per_s - 1.0;
    assert!(miss.abs() <= point.band_fraction && point.band_fraction < 1.0, "{miss} of {}", point.band_fraction);
}

/// Two pools are offered where they were shown, and say so where they were not.
#[test]
fn two_pools_only_where_shown() {
    let asked = |wish, served_id: &str, chip_id: &str| {
        let need = ServingNeed { two_pools: wish, ..need(3000.0, 700.0, 50.0) };
        points(chip(chip_id), served(served_id), &need).unwrap().remove(0)
    };
    let apart = |point: &OperatingPoint| point.replica.prefill_chips > 0.0;
    // Runs of DeepSeek R1 in two pools on GB200 are in the table, of Llama 70B there are none.
    assert!(apart(&asked(TwoPools::Shown, "deepseek-v3-r1", "gb200_nvl72")));
    assert!(!apart(&asked(TwoPools::Never, "deepseek-v3-r1", "gb200_nvl72")));
    assert!(!apart(&asked(TwoPools::Shown, "llama-3.3-70b", "gb200_nvl72")));
    // Kimi K2.6 has the sizes of Kimi K2, which was run in two pools there.
    assert_eq!(asked(TwoPools::Shown, "kimi-k2.6", "gb200_nvl72").evidence, Evidence::Calibrated);
    let wished = ServingNeed { two_pools: TwoPools::Always, ..need(3000.0, 700.0, 50.0) };
    for found in points(chip("h20"), served("gpt-oss-120b"), &wished).unwrap() {
        assert!(!apart(&found) || found.evidence == Evidence::Unproven, "{found:?}");
    }
    // What the first edition gave as 94,557 and was measured at about 15,000.
    let rack = points(chip("gb300_nvl72"), served("gpt-oss-120b"), &need(1024.0, 1024.0, 50.0)).unwrap().remove(0);
    assert!(rack.answer_tok_per_s < 40_000.0, "{rack:?}");
}

#[test]
fn the_shipped_constants_are_a_local_optimum() {
    let all = observations(Catalog::embedded());
    let all: Vec<&Observation> = all.iter().collect();
    let shipped = loss(&all, Constants::CALIBRATED);
    for (index, name) in Constants::NAMES.iter().enumerate() {
        for step in [0.97, 1.03] {
            let mut moved = Constants::CALIBRATED.to_array();
            moved[index] *= step;
            let moved = loss(&all, Constants::from_array(moved));
            assert!(moved > shipped, "{name} × {step} is better: {moved} < {shipped}");
        }
    }
}

// --- validation --------------------------------------------------------------------------------

/// The tables of the README are those of the validation (`UPDATE=1 cargo test validation_table` writes
/// them anew), and the bars hold.
#[test]
fn validation_table() {
    let validation = validation(Catalog::embedded());
    println!("{}", validation.to_markdown());
    let table = &validation.chooser;
    for row in &table.rows {
        if let Some(bar) = row.bar {
            assert!(row.median_error <= bar, "{}: {}", row.test, row.median_error);
        }
        if row.covers && row.cases >= 20 {
            assert!((0.55..=0.80).contains(&row.inside), "{}: {} inside", row.test, row.inside);
        }
    }
    let first = &table.rows[0];
    assert!(first.cases > 400 && first.median_bias.abs() <= 0.08 && (0.60..=0.75).contains(&first.inside), "{first:?}");
    assert!((0.60..=0.75).contains(&table.inside_other_half), "{}", table.inside_other_half);
    assert_eq!(table.unmarked, 0);
    // Rubin's one point lies inside its band when it is left out, and the band says something.
    let unseen = table.unseen.unwrap();
    assert!((unseen.measured - 16_435.095).abs() < 1e-3, "{unseen:?}");
    assert!((unseen.measured / unseen.predicted - 1.0).abs() <= unseen.band_fraction && unseen.band_fraction < 1.0, "{unseen:?}");
    check_part("chooser", &format!("\n{}\n", table.first_rows()));
    check_part("throughput", &format!("\n{}\n", validation.to_markdown()));
    for row in &validation.rows {
        assert!(row.cases > 0 && row.median_error.is_finite(), "{}", row.test);
        if let Some(bar) = row.bar {
            assert!(row.median_error <= bar, "{}: {}", row.test, row.median_error);
        }
    }
    assert_eq!(validation.production.len(), 4);
    for check in &validation.production {
        assert!(check.error().abs() <= 0.30, "{}: {}", check.name, check.error());
    }
    // Every served model that is off by a quarter when left out is marked on screen.
    for (id, _, left_out) in &validation.served_models {
        if left_out.median_error > 0.25 {
            assert!(Catalog::embedded().known_miss(served(id)).is_some(), "{id} is not marked");
        }
    }
}

/// The sentences of the known misses, held to the measurements.
#[test]
fn known_misses_are_as_bad_as_they_say() {
    let index = MeasuredIndex::embedded();
    let ratios = |chip: &str, served: &str, recalled: bool, pools: Pools| -> Vec<f64> {
        index
            .pair(chip, served)
            .iter()
            .filter(|run| run.sweep.is_none() && run.lengths_recalled == recalled && run.pools == pools)
            .filter_map(|run| run.ratio())
            .collect()
    };
    let within = |ratios: &[f64], low: f64, high: f64| {
        assert!(!ratios.is_empty());
        assert!(ratios.iter().all(|ratio| (low..high).contains(ratio)), "{ratios:?}");
    };
    within(&ratios("h100_sxm", "deepseek-v3-r1", false, Pools::Two), 0.6, 0.95);
    within(&ratios("mi355x", "deepseek-v3-r1", false, Pools::Two), 0.25, 0.6);
    within(&ratios("mi300x", "deepseek-v3-r1", false, Pools::One), 0.3, 0.65);
    // MLPerf submitted 2,327 and 2,907 answer tokens per second and chip under 80 ms.
    for (rack, submitted) in [("gb200_nvl72", 2327.5), ("gb300_nvl72", 2907.3)] {
        let even = ServingNeed { precision: Some("fp4"), ..need(800.0, 3880.0, 80.0) };
        let (rack, served) = (chip(rack), served("deepseek-v3-r1"));
        let even = withheld_points(Catalog::embedded(), rack, served, &even).unwrap();
        let reached = submitted / even[0].answer_tok_per_s;
        assert!((0.2..0.6).contains(&reached), "{} {reached}", rack.id);
    }
    assert_eq!(KNOWN_MISSES.len(), 6);
}

// --- identities of published figures -------------------------------------------------------------

#[test]
fn dollars_per_million_tokens_are_exact() {
    for (usd_per_hour, tok_per_s, published, digit) in [
        (1.95, 13_429.7, 0.0403, 5e-5),
        (2.652, 18_131.6, 0.0406, 5e-5),
        (1.41, 2_453.9, 0.160, 5e-4),
        (1.30, 850.1, 0.425, 5e-4),
        (1.48, 4_222.8, 0.097, 5e-4),
    ] {
        let usd_per_mtok: f64 = usd_per_hour / (tok_per_s * 3600.0 / 1e6);
        assert!((usd_per_mtok - published).abs() < digit, "{usd_per_mtok} is not {published}");
    }
    // The rates are rows of the catalog.
    for rate in [13_429.7, 18_131.6, 2_453.9, 850.1, 4_222.8] {
        let found = Catalog::embedded()
            .throughput()
            .iter()
            .any(|row| row.kind == BenchmarkKind::PublishedPeak && row.total_tok_per_s_per_chip == Some(rate));
        assert!(found, "{rate}");
    }
}

#[test]
fn deepseeks_published_day_is_exact() {
    let cost: f64 = 226.75 * 8.0 * 24.0 * 2.0;
    assert!((cost - 87_072.0).abs() < 1e-6);
    let price = Catalog::embedded().price("deepseek-r1").unwrap();
    let revenue = 342e3 * price.cached_prompt_usd_per_mtok.unwrap()
        + 266e3 * price.prompt_usd_per_mtok.unwrap()
        + 168e3 * price.answer_usd_per_mtok.unwrap();
    assert!((revenue - 562_100.0).abs() < 1e-6, "{revenue}");
    assert!((revenue / 562_027.0 - 1.0).abs() < 2e-4);
    assert!(((revenue - cost) / cost - 5.45).abs() < 0.01);
}

#[test]
fn cloud_matrix_tokens_per_joule_are_exact() {
    let decode =
        Catalog::embedded().throughput().iter().find(|row| row.chip == "ascend910c" && row.answer_tok_per_s_per_chip.is_some()).unwrap();
    let tokens_per_joule = 384.0 * decode.answer_tok_per_s_per_chip.unwrap() / 559e3;
    assert!((tokens_per_joule - 1.33).abs() < 0.005, "{tokens_per_joule}");
    // 559 kW over 384 chips is the all-in power of the catalog.
    assert!((chip("ascend910c").allin_it_kw_per_chip.unwrap() * 384.0 - 559.0).abs() < 0.2);
}

// --- evidence ------------------------------------------------------------------------------------

#[test]
fn a_measured_row_comes_back_to_the_digit() {
    let tpu = points(chip("tpu_v7"), served("qwen3.5-397b-a17b"), &need(8192.0, 1024.0, 50.0)).unwrap();
    assert_eq!(tpu[0].evidence, Evidence::Measured);
    assert!((tpu[0].answer_tok_per_s - 1040.44).abs() < 1e-9);

    let rack = points(chip("gb300_nvl72"), served("deepseek-v3-r1"), &need(8192.0, 1024.0, 50.0)).unwrap();
    assert_eq!(rack[0].evidence, Evidence::Measured);
    assert!((rack[0].answer_tok_per_s - 2014.62).abs() < 1e-9);

    // Two pools that were published apart keep their own rates.
    let ascend = points(chip("ascend910c"), served("deepseek-v3-r1"), &need(4096.0, 4096.0, 50.0)).unwrap();
    assert_eq!(ascend[0].evidence, Evidence::Measured);
    assert!((ascend[0].decode_tok_per_s - 1943.0).abs() < 1e-9);
    assert!((ascend[0].prefill_tok_per_s - 6688.0).abs() < 1e-9);
}

#[test]
fn interpolation_stays_between_its_ends() {
    let (chip, served) = (chip("h200_sxm"), served("llama-3.3-70b"));
    let runs: Vec<_> = MeasuredIndex::embedded()
        .pair(&chip.id, &served.id)
        .iter()
        .filter(|run| run.prompt_tokens == 8192.0 && run.answer_tokens == 1024.0)
        .collect();
    let fastest_ms = runs.iter().map(|run| run.tpot_s * 1e3).fold(f64::MAX, f64::min);
    let best = runs.iter().map(|run| run.answer_tok_per_s).fold(0.0, f64::max);
    // Tighter than anything measured: no longer measured, and never a measured rate.
    if let Ok(tighter) = points(chip, served, &need(8192.0, 1024.0, fastest_ms * 0.9)) {
        assert_eq!(tighter[0].evidence, Evidence::Calibrated);
    }
    // Looser than anything measured: the best measured, not more.
    let looser = points(chip, served, &need(8192.0, 1024.0, 10_000.0)).unwrap();
    assert_eq!(looser[0].evidence, Evidence::Measured);
    assert!((looser[0].answer_tok_per_s - best).abs() < 1e-9);
    // In between: never slower when the limit is looser, and inside the limit.
    let mut last = 0.0;
    for step in 0..60 {
        let limit_ms = fastest_ms * 1.05_f64.powi(step);
        let found = points(chip, served, &need(8192.0, 1024.0, limit_ms)).unwrap();
        assert_eq!(found[0].evidence, Evidence::Measured);
        assert!(found[0].answer_tok_per_s >= last - 1e-9, "at {limit_ms} ms");
        assert!(found[0].tpot_ms <= limit_ms + 1e-9);
        last = found[0].answer_tok_per_s;
    }
}

#[test]
fn predictions_of_other_tools_are_never_measurements() {
    let catalog = Catalog::embedded();
    let measured = |chip: &str, served: &str| {
        catalog.measured_points().iter().any(|point| point.chip == chip && point.served_model == served)
            || catalog.throughput().iter().any(|row| row.kind.is_measurement() && row.chip == chip && row.served_model == served)
    };
    let mut only_predicted = 0;
    for row in catalog.throughput() {
        if row.kind == BenchmarkKind::Prediction && !measured(&row.chip, &row.served_model) {
            only_predicted += 1;
            assert!(MeasuredIndex::embedded().pair(&row.chip, &row.served_model).is_empty());
            let need = need(row.prompt_tokens.unwrap(), row.answer_tokens.unwrap(), row.tpot_limit_ms.unwrap());
            if let Ok(found) = points(chip(&row.chip), served(&row.served_model), &need) {
                assert!(found.iter().all(|point| point.evidence != Evidence::Measured));
            }
        }
    }
    assert!(only_predicted > 0);
}

#[test]
fn the_order_of_preference() {
    let evidence = |chip: &Chip, served: &ServedModel, need: &ServingNeed<'_>| {
        let first = points(chip, served, need).unwrap().remove(0);
        (first.evidence, first.band_fraction)
    };
    let llama = served("llama-3.3-70b");
    let grade = |chip: &Chip, served: &ServedModel, need: &ServingNeed<'_>| evidence(chip, served, need).0;
    // Same pair, same lengths; same pair, other lengths; same pair with a cache.
    assert_eq!(grade(chip("h200_sxm"), llama, &need(1024.0, 1024.0, 50.0)), Evidence::Measured);
    assert_eq!(grade(chip("h200_sxm"), llama, &need(3000.0, 700.0, 50.0)), Evidence::Calibrated);
    let cached = ServingNeed { cache_hit_fraction: 0.5, ..need(1024.0, 1024.0, 50.0) };
    assert_eq!(grade(chip("h200_sxm"), llama, &cached), Evidence::Calibrated);
    // Same chip, another served model; another chip of the vendor; nothing at all.
    assert_eq!(grade(chip("b300_sxm"), llama, &need(1024.0, 1024.0, 50.0)), Evidence::Calibrated);
    assert_eq!(grade(chip("vr200_nvl72"), llama, &need(1024.0, 1024.0, 50.0)), Evidence::Calibrated);
    assert_eq!(grade(chip("trainium3"), llama, &need(1024.0, 1024.0, 50.0)), Evidence::Modelled);
    // A band grows with distance, at the same slope of the frontier.
    let widths: Vec<f64> = Distance::ALL.into_iter().map(|distance| two_thirds(distance, Pools::One)).collect();
    assert!(widths.windows(2).all(|pair| pair[0] < pair[1]), "{widths:?}");
    // Long reasoning answers are less sure.
    let long = evidence(chip("trainium3"), llama, &need(1024.0, 8192.0, 50.0)).1;
    assert!(long > two_thirds(Distance::Nothing, Pools::One), "{long}");
    // A number typed in the plan makes the result stated, in the direction it should.
    let need = need(1024.0, 1024.0, 50.0);
    let mut slow = chip("b300_sxm").clone();
    slow.hbm_tb_per_s = slow.hbm_tb_per_s.map(|rate| rate / 2.0);
    let original = points(chip("b300_sxm"), llama, &need).unwrap().remove(0);
    let overridden = points(&slow, llama, &need).unwrap().remove(0);
    assert_eq!(overridden.evidence, Evidence::Stated);
    assert!(overridden.answer_tok_per_s < original.answer_tok_per_s);
    let mut tuned = chip("b300_sxm").clone();
    tuned.software_factor = Some(0.5);
    let tuned = points(&tuned, llama, &need).unwrap().remove(0);
    assert_eq!(tuned.evidence, Evidence::Stated);
    assert!(tuned.answer_tok_per_s < original.answer_tok_per_s);
    // A price is not a throughput: changing it changes nothing.
    let mut dear = chip("b300_sxm").clone();
    dear.capex_usd_per_chip = Some(1e6);
    assert_eq!(points(&dear, llama, &need).unwrap().remove(0), original);
}

#[test]
fn missing_parameters_say_what_is_missing() {
    let refusal = |chip: &Chip, served: &ServedModel, need: &ServingNeed<'_>| points(chip, served, need).unwrap_err().to_string();
    let chat = need(4096.0, 1024.0, 50.0);
    let text = refusal(chip("jalapeno"), served("llama-3.3-70b"), &chat);
    assert!(text.starts_with("jalapeno cannot serve llama-3.3-70b: "), "{text}");
    assert!(text.contains("memory bandwidth") && text.contains("state them in the plan"), "{text}");
    let text = refusal(chip("h200_sxm"), served("mistral-large-3"), &chat);
    assert!(text.contains("always-read parameters"), "{text}");
    let text = refusal(chip("groq_lpu1"), served("llama-3.3-70b"), &chat);
    assert!(text.contains("do not fit"), "{text}");
    let text = refusal(chip("h200_sxm"), served("llama-3.3-70b"), &need(4096.0, 1024.0, 0.1));
    assert!(text.contains("limits"), "{text}");
    let text = refusal(chip("h200_sxm"), served("llama-2-70b"), &chat);
    assert!(text.contains("longest context"), "{text}");
    let odd = ServingNeed { precision: Some("fp3"), ..chat };
    assert!(refusal(chip("h200_sxm"), served("llama-3.3-70b"), &odd).contains("fp3"));
    // A planner who states what is missing is served.
    let mut stated = chip("jalapeno").clone();
    stated.hbm_gb = Some(216.0);
    stated.hbm_tb_per_s = Some(7.0);
    stated.bf16_dense_tflops = Some(1500.0);
    stated.fp8_dense_tflops = Some(3000.0);
    let found = points(&stated, served("llama-3.1-8b"), &chat).unwrap();
    assert_eq!(found[0].evidence, Evidence::Stated);
}

// --- every pair ----------------------------------------------------------------------------------

#[test]
fn every_operating_point_is_sound() {
    let catalog = Catalog::embedded();
    let mut served_pairs = 0;
    let needs = [
        need(4096.0, 1024.0, 50.0),
        need(8192.0, 1024.0, 20.0),
        need(1024.0, 8192.0, 100.0),
        need(8000.0, 1000.0, 50.0),
        need(800.0, 3880.0, 100.0),
        ServingNeed { cache_hit_fraction: 0.9, ttft_ms: Some(2000.0), ..need(4096.0, 512.0, 50.0) },
        ServingNeed { cache_hit_fraction: 1.0, speculative_acceptance_fraction: 0.8, ..need(1024.0, 256.0, 30.0) },
        ServingNeed::plain(1.0, 1.0),
    ];
    for chip in catalog.chips() {
        for served in catalog.served_models() {
            for need in &needs {
                let Ok(found) = points(chip, served, need) else {
                    continue;
                };
                served_pairs += 1;
                assert!((1..=4).contains(&found.len()));
                for point in &found {
                    let what = format!("{} {} {need:?} {point:?}", chip.id, served.id);
                    for value in [point.prefill_tok_per_s, point.decode_tok_per_s, point.answer_tok_per_s] {
                        assert!(value.is_finite() && value > 0.0, "{what}");
                    }
                    assert!(point.tpot_ms > 0.0 && point.tpot_ms.is_finite(), "{what}");
                    assert!((0.04..=2.6).contains(&point.band_fraction), "{what}");
                    assert!(!point.configuration.is_empty() && !point.source.is_empty(), "{what}");
                    if let Some(limit) = need.tpot_ms {
                        assert!(point.tpot_ms <= limit * (1.0 + 1e-9), "{what}");
                    }
                    // The LP's harmonic rule gives back the rate.
                    let prompt_per_answer = need.prompt_tokens * (1.0 - need.cache_hit_fraction) / need.answer_tokens;
                    let harmonic = 1.0 / (1.0 / point.decode_tok_per_s + prompt_per_answer / point.prefill_tok_per_s);
                    let error = (harmonic / point.answer_tok_per_s - 1.0).abs();
                    assert!(error < 1e-9, "{what}");
                }
                for pair in found.windows(2) {
                    assert!(pair[1].answer_tok_per_s < pair[0].answer_tok_per_s);
                    assert!(pair[1].tpot_ms < pair[0].tpot_ms);
                }
            }
        }
    }
    assert!(served_pairs > 1000, "{served_pairs}");
}

#[test]
fn a_looser_limit_and_more_memory_never_hurt() {
    let catalog = Catalog::embedded();
    for id in ["trainium3", "mi455x", "gb200_nvl72"] {
        for served in catalog.served_models() {
            let mut last = 0.0;
            for limit in [20.0, 30.0, 50.0, 80.0, 120.0] {
                // Lengths nobody measured, so that one grade of evidence answers throughout.
                if let Ok(found) = points(chip(id), served, &need(3000.0, 700.0, limit)) {
                    let rate = found[0].answer_tok_per_s;
                    let same_factor = id != "gb200_nvl72";
                    assert!(!same_factor || rate >= last * (1.0 - 0.01), "{id} {} at {limit} ms", served.id);
                    last = rate;
                }
            }
        }
    }
}

/// Thirty chips with twenty products, timed in CPU of this thread (other tests share the processor):
/// printed to be compared with the 50 ms aimed at; what fails the test is another order of magnitude.
#[test]
fn the_largest_plan_is_looked_up_quickly() {
    let catalog = Catalog::embedded();
    let chips: Vec<&Chip> = catalog.chips().iter().filter(|chip| chip.hbm_tb_per_s.is_some()).take(30).collect();
    let sized = catalog.served_models().iter().filter(|served| served.always_read_params_b.is_some());
    let products: Vec<&ServedModel> = sized.take(20).collect();
    let look_up = || {
        for chip in &chips {
            for served in &products {
                let _ = points(chip, served, &need(4096.0, 1024.0, 50.0));
            }
        }
    };
    let cold = thread_cpu();
    look_up();
    println!(
        "{} pairs cold in {:?}",
        chips.len() * products.len(),
        thread_cpu().zip(cold).map(|(after, before)| after.saturating_sub(before))
    );
    let best = (0..5)
        .map(|_| {
            let (before, start) = (thread_cpu(), Instant::now());
            look_up();
            thread_cpu().zip(before).map_or_else(|| start.elapsed(), |(after, before)| after.saturating_sub(before))
        })
        .min()
        .unwrap();
    println!("again in {best:?} (aimed at: 50 ms)");
    assert!(best < Duration::from_millis(500), "{best:?}");
}

/// CPU time of this thread, where the kernel tells (Linux).
pub fn thread_cpu() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split_whitespace().next()?.parse().ok()?))
}
