//! The embedded tables parse, name their sources and stay honest about gaps.

use std::collections::BTreeSet;

use tokenworks::catalog::{BenchmarkKind, Catalog, Confidence, HOURS_OF_CAPITAL, HOURS_PER_YEAR, KNOWN_MISSES, NOTICES, VERSION};
use tokenworks::resolved::calendar::to_plan_clock;
use tokenworks::resolved::{Series, SliceIx};
use tokenworks::study::Options;

const TABLES: [(&str, &str); 20] = [
    ("chips.csv", include_str!("../../assets/catalog/chips.csv")),
    ("corrections.csv", include_str!("../../assets/catalog/corrections.csv")),
    ("curves.csv", include_str!("../../assets/catalog/curves.csv")),
    ("demand.csv", include_str!("../../assets/catalog/demand.csv")),
    ("demand_curves.csv", include_str!("../../assets/catalog/demand_curves.csv")),
    ("demand_lengths.csv", include_str!("../../assets/catalog/demand_lengths.csv")),
    ("exchange_rates.csv", include_str!("../../assets/catalog/exchange_rates.csv")),
    ("hourly.csv", include_str!("../../assets/catalog/hourly.csv")),
    ("measured_points.csv", include_str!("../../assets/catalog/measured_points.csv")),
    ("NOTICES.md", NOTICES),
    ("policies.csv", include_str!("../../assets/catalog/policies.csv")),
    ("power.csv", include_str!("../../assets/catalog/power.csv")),
    ("prices.csv", include_str!("../../assets/catalog/prices.csv")),
    ("reference_cases.csv", include_str!("../../assets/catalog/reference_cases.csv")),
    ("rents.csv", include_str!("../../assets/catalog/rents.csv")),
    ("series.csv", include_str!("../../assets/catalog/series.csv")),
    ("served_models.csv", include_str!("../../assets/catalog/served_models.csv")),
    ("sites.csv", include_str!("../../assets/catalog/sites.csv")),
    ("speculation.csv", include_str!("../../assets/catalog/speculation.csv")),
    ("throughput.csv", include_str!("../../assets/catalog/throughput.csv")),
];

#[test]
fn every_row_is_read() {
    let catalog = Catalog::embedded();
    assert_eq!(catalog.problems(), Vec::<&str>::new());
    assert_eq!(VERSION, "2026-11");
    assert_eq!(catalog.chips().len(), 34);
    assert_eq!(catalog.served_models().len(), 50);
    assert_eq!(catalog.throughput().len(), 741);
    assert_eq!(catalog.measured_points().len(), 1469);
    assert_eq!(catalog.power().len(), 32);
    assert_eq!(catalog.sites().len(), 16);
    assert_eq!(catalog.prices().len(), 43);
    assert_eq!(catalog.demand().len(), 20);
    assert_eq!(catalog.policies().len(), 10);
    assert_eq!(catalog.reference_cases().len(), 11);
    assert_eq!(catalog.all_series().len(), 19);
    assert_eq!(catalog.lengths().len(), 21);
    assert_eq!(catalog.curves().len(), 15);
}

/// Ids of one table: unique, and of letters, digits, `-`, `_` and `.` only, as plans demand.
fn check_ids<'a>(table: &str, ids: impl Iterator<Item = &'a str>) {
    let mut seen = BTreeSet::new();
    for id in ids {
        assert!(
            !id.is_empty() && id.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter)),
            "{table}: `{id}` does not fit a plan"
        );
        assert!(seen.insert(id), "{table}: `{id}` twice");
    }
}

#[test]
fn ids_fit_plans() {
    let catalog = Catalog::embedded();
    check_ids("chips", catalog.chips().iter().map(|row| row.id.as_str()));
    check_ids("served models", catalog.served_models().iter().map(|row| row.id.as_str()));
    check_ids("power", catalog.power().iter().map(|row| row.id.as_str()));
    check_ids("sites", catalog.sites().iter().map(|row| row.id.as_str()));
    check_ids("prices", catalog.prices().iter().map(|row| row.id.as_str()));
    check_ids("curves", catalog.curves().iter().map(|row| row.id.as_str()));
    check_ids("demand", catalog.demand().iter().map(|row| row.id.as_str()));
    check_ids("policies", catalog.policies().iter().map(|row| row.id.as_str()));
    check_ids("references", catalog.reference_cases().iter().map(|row| row.id.as_str()));
    check_ids("series", catalog.all_series().iter().map(|row| row.id.as_str()));
}

#[test]
fn tables_name_each_other_rightly() {
    let catalog = Catalog::embedded();
    for row in catalog.throughput() {
        assert!(catalog.chip(&row.chip).is_some(), "throughput.csv: {}", row.chip);
        assert!(catalog.served_model(&row.served_model).is_some(), "throughput.csv: {}", row.served_model);
    }
    for point in catalog.measured_points() {
        assert!(catalog.chip(&point.chip).is_some(), "{}", point.chip);
        assert!(catalog.served_model(&point.served_model).is_some(), "{}", point.served_model);
    }
    for price in catalog.prices() {
        let known = price.served_model.is_empty() || catalog.served_model(&price.served_model).is_some();
        assert!(known, "prices.csv: {}", price.served_model);
    }
    let series = |id: &str| id.is_empty() || catalog.series(id).is_some();
    for site in catalog.sites() {
        assert!(series(&site.price_series) && series(&site.carbon_series), "{}", site.id);
        assert!(catalog.usd_per_unit(&site.electricity_currency).is_some(), "{}", site.id);
    }
    for row in catalog.power() {
        assert!(series(&row.suggested_series), "{}", row.id);
        let known = row.currency.is_empty() || catalog.usd_per_unit(&row.currency).is_some();
        assert!(known, "{}: {}", row.id, row.currency);
    }
}

#[test]
fn a_blank_stays_a_blank_and_a_default_is_marked() {
    let catalog = Catalog::embedded();
    let unknown = catalog.chip("jalapeno").unwrap();
    assert_eq!(unknown.hbm_gb, None);
    assert_eq!(unknown.fact("hbm_gb").unwrap().text(), "not found");
    let google = catalog.chip("tpu_v5e").unwrap();
    assert_eq!(google.capex_usd_per_chip, None);
    assert_eq!(google.software_factor, None);

    for chip in catalog.chips() {
        for key in ["idle_power_fraction", "life_years", "lead_months", "availability_fraction", "om_fraction_of_capex_per_year"] {
            let fact = chip.fact(key).unwrap();
            assert!(fact.value.is_some(), "{} {key}", chip.id);
            assert_eq!(fact.confidence, Confidence::StatedDefault, "{} {key}", chip.id);
            assert!(fact.source.contains("stated default"));
        }
        for (key, fact) in chip.facts() {
            if let Some(value) = fact.value {
                assert!(value >= 0.0 && value.is_finite(), "{} {key}", chip.id);
                assert!(!fact.source.is_empty(), "{} {key} has no source", chip.id);
                assert!(!fact.date.is_empty(), "{} {key} has no date", chip.id);
            }
        }
        assert_eq!(chip.fact("no_such_key"), None);
    }
    // A rack sold as one is a specification, a rack of servers is our guess.
    let rack = |id: &str| catalog.chip(id).unwrap().fact("chips_per_rack").unwrap().confidence;
    assert_eq!(rack("gb200_nvl72"), Confidence::High);
    assert_eq!(rack("h100_sxm"), Confidence::StatedDefault);

    for served in catalog.served_models() {
        for (key, fact) in served.facts() {
            assert!(fact.value.is_none() || !fact.source.is_empty(), "{} {key}", served.id);
        }
    }
    assert_eq!(catalog.served_model("mistral-large-3").unwrap().always_read_params_b, None);
    // The split of GLM-5 as its published config gives it.
    assert_eq!(catalog.served_model("glm-5").unwrap().always_read_params_b, Some(19.13));
}

#[test]
fn the_export_version_of_hopper_stands_under_its_own_name() {
    let catalog = Catalog::embedded();
    let (export, full) = (catalog.chip("h800_sxm").unwrap(), catalog.chip("h100_sxm").unwrap());
    assert_eq!(export.fp8_dense_tflops, full.fp8_dense_tflops);
    assert_eq!(export.hbm_tb_per_s, full.hbm_tb_per_s);
    assert!(export.scaleup_gb_per_s_one_way < full.scaleup_gb_per_s_one_way);
    assert_eq!(export.rent_usd_per_chip_hour, Some(2.0));
}

#[test]
fn series_are_whole_years_in_their_own_time() {
    let catalog = Catalog::embedded();
    for (id, unit, offset, low, high) in [
        ("us-southwest-wind", "fraction", -7.0, 0.2, 0.4),
        ("us-southwest-sun", "fraction", -7.0, 0.25, 0.35),
        ("de-wind", "fraction", 1.0, 0.1, 0.2),
        ("de-sun", "fraction", 1.0, 0.1, 0.15),
        ("pjm-price", "usd_per_mwh", -5.0, 25.0, 31.0),
        ("nordpool-price", "usd_per_mwh", 1.0, 30.0, 45.0),
        ("de-price", "usd_per_mwh", 1.0, 35.0, 45.0),
        ("ercot-marginal-carbon", "gco2_per_kwh", -6.0, 560.0, 610.0),
        ("pjm-midatlantic-marginal-carbon", "gco2_per_kwh", -5.0, 590.0, 640.0),
        ("us-northwest-marginal-carbon", "gco2_per_kwh", -8.0, 700.0, 750.0),
        ("california-marginal-carbon", "gco2_per_kwh", -8.0, 440.0, 490.0),
    ] {
        let series = catalog.series(id).unwrap();
        assert_eq!(series.values.len(), HOURS_PER_YEAR, "{id}");
        assert_eq!(series.unit, unit, "{id}");
        assert!((series.utc_offset_hours - offset).abs() < 1e-12, "{id}");
        let mean = series.mean();
        assert!((low..high).contains(&mean), "{id}: mean {mean}");
        assert!(!series.licence.is_empty() && !series.source.is_empty(), "{id}");
        if unit == "fraction" {
            assert!(series.values.iter().all(|value| (0.0..=1.0).contains(value)), "{id}");
        }
    }
    // Sun at midnight would betray a wrong clock.
    let sun = catalog.series("us-southwest-sun").unwrap();
    assert!(sun.values.chunks(24).all(|day| day[0] == 0.0 && day[1] == 0.0));
    // Prices in EUR are converted once, at the catalog's rate: 25.7 EUR in the first hour.
    let nordic = catalog.series("nordpool-price").unwrap();
    let rate = catalog.usd_per_unit("EUR").unwrap();
    assert!((nordic.values[0] - 25.7 * rate).abs() < 1e-12);
}

/// Demand as it was published: a day on the users' own clock has none of its own, a week is UTC's; the mean is 1.
#[test]
fn demand_curves_are_days_and_weeks() {
    let catalog = Catalog::embedded();
    for (id, is_local, hour, value) in [
        ("demand-alibaba-m-large", true, 24, 0.9944),
        ("demand-alibaba-deepseek-r1", true, 1, 1.3893),
        ("demand-azure-conversation", false, 0, 0.9735),
        ("demand-azure-coding", false, 169, 0.6706),
    ] {
        let series = catalog.series(id).unwrap();
        assert_eq!((series.is_local, series.values.len(), series.unit.as_str()), (is_local, HOURS_PER_YEAR, "relative"), "{id}");
        assert!((series.values[hour] - value).abs() < 1e-12, "{id}");
        assert!((series.mean() - 1.0).abs() < 0.01, "{id}: {}", series.mean());
    }
    // Conversation at Azure: mean over peak hour 0.604, read off the week.
    let week = &catalog.series("demand-azure-conversation").unwrap().values[..168];
    let peak = week.iter().copied().fold(0.0, f64::max);
    assert!((week.iter().sum::<f64>() / 168.0 / peak - 0.604).abs() < 0.002, "{peak}");
    // Used in a market, a local day is the market's: its hour 0 stays midnight there, whatever the plan's clock.
    let sketch = crate::sketch::Sketch::new()
        .top("slices", &crate::sketch::slices(1, "\"day\": (share_fraction: 1.0)"))
        .with("fleets", "f", "(site: \"home\", chip: \"c\", count: 1000.0, in_service: \"2024-01\")")
        .with("profiles", "local", "Catalog(\"demand-alibaba-m-large\")")
        .with("markets", "near", &crate::sketch::market("chat", 1.0, 1.0, "utc_offset_hours: 8.0, local_time: \"local\","));
    let stated = tokenworks::study::state(&sketch.plan(), &Series::default(), &Options::default()).unwrap();
    let shape = &stated.resolved.markets.iter().next().unwrap().shape;
    // Midnight at UTC+8 is 16 o'clock of the plan's UTC.
    let at_midnight: Vec<f64> = shape.iter().copied().collect();
    assert!((at_midnight[16] / at_midnight.iter().sum::<f64>() * 24.0 - 0.9944).abs() < 0.01, "{at_midnight:?}");
}

#[test]
fn amounts_are_converted_at_one_dated_rate() {
    let catalog = Catalog::embedded();
    for rate in catalog.exchange_rates() {
        assert!(rate.usd_per_unit > 0.0 && !rate.date.is_empty(), "{}", rate.currency);
    }
    let sweden = catalog.site("se-nordic").unwrap();
    assert_eq!(sweden.electricity_currency, "EUR");
    let usd = catalog.electricity_usd_per_mwh(sweden).unwrap();
    assert!((usd - 66.0 * catalog.usd_per_unit("EUR").unwrap()).abs() < 1e-9);
    let share = catalog.power_row("take-or-pay").unwrap();
    assert_eq!(catalog.power_in_usd(share), [Some(0.6), Some(0.8), Some(0.85)]);
    assert_eq!(share.unit(), "fraction");
    assert_eq!(catalog.power_row("battery-capex-dea").unwrap().unit(), "EUR/kWh");
    let gulf = catalog.power_row("gulf-24x7").unwrap();
    assert_eq!(catalog.power_in_usd(gulf), [None, None, None]);
}

#[test]
fn names_are_guessed() {
    let catalog = Catalog::embedded();
    for (wanted, meant) in [
        ("gb200", "gb200_nvl72"),
        ("h200", "h200_sxm"),
        ("MI355", "mi355x"),
        ("deepseek-r1", "deepseek-r1"),
        ("deepseek-v3", "deepseek-v3.2"),
        ("us_ercot", "us-ercot"),
        ("us-southwest-solar", "us-southwest-sun"),
        ("pjm-prices", "pjm-price"),
    ] {
        assert_eq!(catalog.nearest(wanted), Some(meant), "{wanted}");
    }
    assert_eq!(catalog.nearest("something else entirely"), None);
}

#[test]
fn predictions_are_told_from_measurements() {
    let catalog = Catalog::embedded();
    let predictions = catalog.throughput().iter().filter(|row| row.source.contains("run by us")).collect::<Vec<_>>();
    assert_eq!(predictions.len(), 239);
    for row in predictions {
        assert_eq!(row.kind, BenchmarkKind::Prediction);
        assert!(!row.kind.is_measurement());
    }
}

#[test]
fn weak_points_say_why() {
    let catalog = Catalog::embedded();
    let weak: Vec<_> = catalog.measured_points().iter().filter(|point| point.confidence.is_weak()).collect();
    assert_eq!(weak.len(), 24);
    assert!(weak.iter().all(|point| !point.note.is_empty()));
}

#[test]
fn known_misses_reach_the_served_models_they_mean() {
    let catalog = Catalog::embedded();
    let miss = |id: &str| catalog.known_miss(catalog.served_model(id).unwrap());
    assert_eq!(miss("glm-5").unwrap().name, "sparse attention (DSA)");
    assert_eq!(miss("glm-5.2").unwrap().name, "sparse attention (DSA)");
    assert_eq!(miss("deepseek-v4-pro").unwrap().name, "sparse attention (DSA)");
    assert_eq!(miss("llama-3.3-70b"), None);
    for miss in KNOWN_MISSES {
        let reaches =
            catalog.served_models().iter().any(|served| catalog.chips().iter().any(|chip| miss.covers_pair(chip, served, 10_000.0)));
        assert!(reaches, "{} is about nothing", miss.name);
    }
}

#[test]
fn policies_carry_numbers() {
    let catalog = Catalog::embedded();
    let threshold = &catalog.policy("us-bis-2026").unwrap().numbers;
    assert_eq!(threshold[0].name, "total_processing_performance");
    assert!((threshold[0].value - 21_000.0).abs() < 1e-9);
    // The two chips that the rule names are below its thresholds, the next one is not.
    let tpp = |id: &str| catalog.chip(id).unwrap().total_processing_performance.unwrap();
    assert!(tpp("h200_sxm") < 21_000.0 && tpp("mi325x") < 21_000.0 && tpp("b200_sxm") > 21_000.0);
}

#[test]
fn nothing_points_at_a_machine() {
    for (name, text) in TABLES {
        for trace in ["/Users/", "/home/", "/work", "/tmp/", "/root", "pypi.org", "crates.io", "huggingface.co", "localhost"] {
            assert!(!text.contains(trace), "{name} contains {trace}");
        }
    }
    assert!(NOTICES.contains("NREL") && NOTICES.contains("epftoolbox") && NOTICES.contains("AVERT"));
}

/// A year of representative days holds what the hours held, and the picked days what the highest days held.
#[test]
fn reduced_series_keep_energy_and_picked_peaks() {
    let plan = crate::sketch::read(&std::fs::read_to_string("plans/texas.ron").unwrap());
    let stated = tokenworks::study::state(&plan, &Series::default(), &Options::default()).unwrap();
    let calendar = &stated.resolved.calendar;
    let clock = -6.0;
    let hours_of = |slice: SliceIx| calendar.periods.keys().take(4).map(|quarter| calendar.hours(quarter, slice)).sum::<f64>();
    for series in Catalog::embedded().all_series() {
        let hourly = to_plan_clock(&series.values, series.utc_offset_hours, clock);
        let reduced = calendar.reduce(&hourly);
        let year: f64 = reduced.pairs().map(|(slice, value)| value * hours_of(slice)).sum();
        let whole: f64 = hourly.iter().sum();
        assert!((year / whole - 1.0).abs() < 1e-9, "{}: {year} of {whole}", series.id);
    }
    // The nine summer days with the highest mean price stand for themselves.
    let price = Catalog::embedded().series("pjm-price").unwrap();
    let hourly = to_plan_clock(&price.values, price.utc_offset_hours, clock);
    let mut summer: Vec<f64> = hourly.chunks(24).map(|day| day.iter().sum::<f64>() / 24.0).skip(151).take(92).collect();
    summer.sort_by(|left, right| right.total_cmp(left));
    let highest = summer.iter().take(9).sum::<f64>() / 9.0;
    let reduced = calendar.reduce(&hourly);
    let (peak, _) = calendar.days.pairs().find(|(_, day)| day.id == "summer-peak").unwrap();
    let blocks: Vec<f64> = reduced.pairs().filter(|(slice, _)| calendar.slices[*slice].day == peak).map(|(_, value)| *value).collect();
    let mean = blocks.iter().sum::<f64>() / blocks.len() as f64;
    assert!((mean / highest - 1.0).abs() < 1e-9, "{mean} of {highest}");
    // In the hourly mode every hour is itself.
    let hourly_plan = crate::sketch::read(&std::fs::read_to_string("tests/plans/hourly.ron").unwrap());
    let stated = tokenworks::study::state(&hourly_plan, &Series::default(), &Options::default()).unwrap();
    let kept = stated.resolved.calendar.reduce(&hourly);
    assert_eq!(kept.iter().copied().collect::<Vec<_>>(), hourly);
}

/// A pair without parameters is left out with a warning that says what is missing; never a zero.
#[test]
fn a_pair_without_parameters_says_what_is_missing() {
    let text = std::fs::read_to_string("plans/texas.ron").unwrap();
    // The catalog holds no sizes of this chip.
    let plan = crate::sketch::read(&text.replace(r#"catalog: "h100_sxm""#, r#"catalog: "jalapeno""#));
    let stated = tokenworks::study::state(&plan, &Series::default(), &Options::default()).unwrap();
    let warnings: Vec<_> = stated.resolved.warnings.iter().filter(|warning| warning.code == "no-throughput-for-pair").collect();
    assert_eq!(warnings.len(), 2, "one for each product");
    for warning in warnings {
        assert!(
            warning.message.contains("memory bandwidth not found") || warning.message.contains("memory bandwidth"),
            "{}",
            warning.message
        );
    }
    let jalapeno = stated.resolved.chip("h100").unwrap();
    assert!(stated.resolved.rates[jalapeno].iter().all(Option::is_none));
    // Where no chip is left for a product, that is an error.
    let plan = crate::sketch::read(
        &text.replace(r#"catalog: "h100_sxm""#, r#"catalog: "jalapeno""#).replace(r#"catalog: "gb200_nvl72""#, r#"catalog: "jalapeno""#),
    );
    let problems = tokenworks::study::state(&plan, &Series::default(), &Options::default()).unwrap_err();
    assert!(problems.iter().any(|problem| problem.code == "no-throughput" && problem.is_error()));
}

/// Every shipped plan says which catalog it was made with; another version is noted.
#[test]
fn plans_record_the_catalog_they_were_made_with() {
    for folder in ["plans", "plans/reference"] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "ron") {
                let plan = crate::sketch::read(&std::fs::read_to_string(&path).unwrap());
                assert_eq!(plan.catalog_version, VERSION, "{}", path.display());
            }
        }
    }
    let text =
        std::fs::read_to_string("plans/texas.ron").unwrap().replace(r#"catalog_version: "2026-11""#, r#"catalog_version: "2025-01""#);
    let stated = tokenworks::study::state(&crate::sketch::read(&text), &Series::default(), &Options::default()).unwrap();
    let note = stated.resolved.warnings.iter().find(|warning| warning.code == "catalog-version").unwrap();
    assert!(note.message.contains("2025-01") && note.message.contains(VERSION), "{}", note.message);
}

/// A chip that lacks power or price says so, and from where the number could come; rents have their term.
#[test]
fn what_is_missing_of_a_chip_is_named() {
    let catalog = Catalog::embedded();
    let missing = |id: &str| catalog.chip(id).unwrap().missing().join("; ");
    assert!(missing("mi455x").contains("price (from a quote"), "{}", missing("mi455x"));
    assert!(missing("jalapeno").contains("memory bandwidth (from its data sheet"), "{}", missing("jalapeno"));
    assert_eq!(missing("h100_sxm"), "");
    for chip in catalog.chips() {
        let listed = missing(chip.id.as_str());
        assert_eq!(chip.capex_usd_per_chip.is_none(), listed.contains("price (from"), "{}: {listed}", chip.id);
        assert_eq!(chip.allin_it_kw_per_chip.is_none(), listed.contains("power per chip"), "{}: {listed}", chip.id);
    }
    let rents: Vec<String> = catalog.rents("h100_sxm").map(|rent| rent.in_words()).collect();
    assert!(rents.iter().any(|rent| rent.starts_with("one-year contract 2026-06: 2.65 $/h (")), "{rents:#?}");
    // Both published prices are told with which one counts.
    let fact = catalog.chip("h100_sxm").unwrap().fact("capex_usd_per_chip").unwrap();
    assert!(fact.source.contains("24700 implied") && fact.source.contains("50000 was published all-in"), "{}", fact.source);
    // What has no 4-bit units has no rate of them.
    assert_eq!(catalog.chip("h200_sxm").unwrap().fp4_dense_tflops, None);
    assert_eq!(catalog.chip("ascend950pr").unwrap().fp4_dense_tflops, Some(1560.0));
}

/// The share for upkeep is held against the published cost of owning. By hand for the H100: 1.17 $/h less
/// 24,700/27,588 = 0.8953 leaves 0.2747 $/h, 2,406 $ a year; 3 % of 24,700 $ are 741 $, 31 % of it.
#[test]
fn upkeep_is_held_against_published_opex() {
    let catalog = Catalog::embedded();
    let h100 = catalog.chip("h100_sxm").unwrap();
    assert!((h100.published_opex_usd_per_hour().unwrap() - 0.2747).abs() < 1e-4);
    let fact = h100.fact("om_fraction_of_capex_per_year").unwrap();
    assert_eq!(fact.confidence, Confidence::StatedDefault);
    for words in ["no share for upkeep alone was published", "2,406 $ a year", "741 $ (31 %)"] {
        assert!(fact.source.contains(words), "{words}: {}", fact.source);
    }
    let mut held = 0;
    for chip in catalog.chips() {
        let fact = chip.fact("om_fraction_of_capex_per_year").unwrap();
        let Some(opex) = chip.published_opex_usd_per_hour() else {
            assert!(fact.source.contains("no cost of owning was published"), "{}", chip.id);
            continue;
        };
        held += 1;
        // One method behind all implied prices: hosting and power at 0.20 $ per kWh of IT, the rest is capital.
        let per_kwh = opex / chip.allin_it_kw_per_chip.unwrap();
        let implied = (chip.own_usd_per_chip_hour.unwrap() - 0.20 * chip.allin_it_kw_per_chip.unwrap()) * HOURS_OF_CAPITAL;
        assert!((implied / chip.capex_implied_usd_per_chip.unwrap() - 1.0).abs() < 0.008, "{}: {implied}", chip.id);
        assert!((0.19..0.21).contains(&per_kwh), "{}: {per_kwh}", chip.id);
        // The default never takes more than half of what was published for all of it.
        let upkeep = chip.om_fraction_of_capex_per_year.unwrap() * chip.capex_usd_per_chip.unwrap() / 8760.0;
        assert!(upkeep < 0.5 * opex, "{}: {upkeep} of {opex}", chip.id);
    }
    assert_eq!(held, 12);
}

/// Facts that were wrong once: what is shipped, what a chip lacks, dates and terms.
#[test]
fn corrected_facts_stay_corrected() {
    let catalog = Catalog::embedded();
    assert_eq!(catalog.chip("ascend950pr").unwrap().fp4_dense_tflops, Some(1560.0));
    assert_eq!(catalog.chip("h200_sxm").unwrap().fp4_dense_tflops, None);
    for rate in catalog.exchange_rates() {
        assert!(!rate.date.is_empty() && !rate.source.is_empty(), "{}", rate.currency);
    }
    assert_eq!(catalog.exchange_rates().iter().find(|rate| rate.currency == "CNY").unwrap().date, "2026-06");
    for chip in catalog.chips() {
        for rent in catalog.rents(&chip.id) {
            assert!(!rent.term.is_empty() && !rent.date.is_empty() && !rent.source.is_empty(), "{}", chip.id);
        }
        let price = chip.fact("capex_usd_per_chip").unwrap();
        if let (Some(low), Some(all_in)) = (chip.capex_implied_usd_per_chip, chip.capex_all_in_usd_per_chip) {
            // Both are there, and which of them is used is said.
            assert!(
                price.source.contains(&format!("{low} implied")) && price.source.contains(&format!("{all_in} was published")),
                "{}",
                chip.id
            );
        }
        let rent = chip.fact("rent_usd_per_chip_hour").unwrap();
        assert!(rent.value.is_none() || rent.source.contains("no term was published"), "{}", chip.id);
    }
}
