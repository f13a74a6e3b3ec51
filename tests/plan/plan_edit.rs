//! Changes by path: all or nothing, with every reference following a renaming.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tokenworks::diagnostic::Diagnostic;
use tokenworks::plan::edit::{Edit, apply, duplicate, get, node_at, shape_at, with_scenario, with_sets};
use tokenworks::plan::file::{print, read_plan};
use tokenworks::plan::node::{Bounds, Shape};
use tokenworks::plan::{Month, Plan};

use crate::plan::plan_file::{EVERY_FIELD, SMALL, plan_of};

fn small() -> Plan {
    plan_of(SMALL)
}

fn every() -> Plan {
    plan_of(EVERY_FIELD)
}

/// The plan after a change that must work; it must also survive its text.
fn after(plan: &Plan, edit: &Edit) -> Plan {
    let mut changed = plan.clone();
    apply(&mut changed, edit).unwrap_or_else(|problems| panic!("{edit:?}: {problems:#?}"));
    let text = print(&changed);
    assert_eq!(read_plan(&text).plan.as_ref(), Some(&changed), "{text}");
    changed
}

fn refused(plan: &Plan, edit: &Edit) -> Diagnostic {
    let mut changed = plan.clone();
    let problems = apply(&mut changed, edit).unwrap_err();
    assert_eq!(&changed, plan, "a refused change changes nothing");
    problems[0].clone()
}

#[test]
fn values_are_set_by_path() {
    let plan = every();
    for (path, value, expected) in [
        ("name", "\"New\"", "\"New\""),
        ("horizon.start", "\"2028-01\"", "\"2028-01\""),
        ("sites.abilene.interconnect_mw", "450", "450.0"),
        ("sites.abilene.interconnect_mw.2028-07", "500", "500.0"),
        ("sites.abilene.interconnect_mw.2030-01", "600", "600.0"),
        ("sites.abilene.interconnect_mw.start", "100", "100.0"),
        ("sites.abilene.halls.building-1.cooling", "Air", "Air"),
        ("sites.abilene.data_pipeline", "None", "None"),
        ("sites.ulanqab.data_pipeline.capacity_gtok_per_hour", "5", "5.0"),
        ("contracts.grid.terms.cap_mw", "80", "80.0"),
        ("contracts.ulanqab-grid.terms.cap_mw.2028-01", "80", "80.0"),
        ("contracts.grid.terms.energy_usd_per_mwh.mean", "39.5", "39.5"),
        ("contracts.grid.terms.energy_usd_per_mwh", "39.5", "39.5"),
        ("contracts.wind-ppa.terms.contract_mw", "500", "UpTo(500.0)"),
        ("contracts.wind-ppa.terms.contract_mw", "Fixed(500)", "Fixed(500.0)"),
        ("contracts.wind-ppa.terms.contract_mw.value", "500", "500.0"),
        ("contracts.grid.until", "None", "None"),
        ("chips.gb200.capex_usd", "44000", "44000.0"),
        ("chips.gb200.capex_usd.value", "44000", "44000.0"),
        ("chips.gb200.drain", "Never", "Never"),
        ("markets.us-central.demand.chat.segments.1.usd_per_mtok.answer", "0.8", "0.8"),
        ("profiles.office-hours.value.3", "0.7", "0.7"),
        ("profiles.pue-shape.value.cold.0", "1.05", "1.05"),
        ("objective", "[MinCost]", "[MinCost]"),
        ("objective.0", "200", "MinCostForTtok(200.0)"),
        ("budget.capex_musd_per_period.2028-01", "700", "700.0"),
        ("scenarios.late-grid.set.sites.abilene.interconnect_mw", "{\"2027-01\": 1}", "{\"2027-01\": 1}"),
        ("scenarios.late-grid.set.budget.capex_musd_total", "1e3", "1e3"),
        ("slices", "Hourly", "Hourly"),
        ("slices.days.peak.days_per_year", "12", "12.0"),
    ] {
        let changed = after(&plan, &Edit::set(path, value));
        assert_eq!(get(&changed, path).as_deref(), Some(expected), "{path}");
    }
    let changed = after(&plan, &Edit::set("contracts.ulanqab-grid.terms.cap_mw.2028-01", "80"));
    assert_eq!(get(&changed, "contracts.ulanqab-grid.terms.cap_mw").unwrap(), "{\"2028-01\": 80.0}");
    assert_eq!(after(&plan, &Edit::set_number("tolerance_fraction", 1e-7)).tolerance_fraction, 1e-7);
}

#[test]
fn what_can_not_be_set_is_said() {
    let plan = every();
    for (path, value, code, word) in [
        ("sites.abilen.interconnect_mw", "4", "unknown-path", "`abilene`"),
        ("sites.abilene.interconect_mw", "4", "unknown-path", "`interconnect_mw`"),
        ("sites.abilene.interconnect_mw", "-4", "out-of-range", ""),
        ("sites.abilene.interconnect_mw.2028-07", "-4", "out-of-range", ""),
        ("sites.abilene.interconnect_mw.2031-07", "2e6", "out-of-range", ""),
        ("sites.abilene.interconnect_mw.soon", "4", "unknown-path", ""),
        ("sites.abilene.interconnect_mw", "NaN", "not-finite", ""),
        ("sites.abilene.interconnect_mw", "4 5", "syntax", ""),
        ("sites.abilene.interconnect_mw", "", "syntax", ""),
        ("sites.abilene.interconnect_mw", "{}", "empty-steps", ""),
        ("contracts.wind-ppa.terms.contract_mw", "-5", "out-of-range", ""),
        ("contracts.wind-ppa.terms.contract_mw", "Upto(5)", "unknown-variant", "`UpTo`"),
        ("contracts.grid.terms.energy_usd_per_mwh.mean", "1e9", "out-of-range", ""),
        ("chips.gb200.idle_fraction.value", "2", "out-of-range", ""),
        ("slices.days.peak.months.0", "13", "out-of-range", ""),
        ("schema", "2", "unknown-path", ""),
        ("", "()", "unknown-path", ""),
        ("sites..country", "\"US\"", "unknown-path", ""),
        ("sites.abilene.", "\"US\"", "unknown-path", ""),
        ("name.x", "1", "unknown-path", ""),
        ("sites.abilene.country", "US", "wrong-type", ""),
        ("sites.abilene", "(country: \"US\")", "missing-field", ""),
    ] {
        let problem = refused(&plan, &Edit::set(path, value));
        assert_eq!(problem.code, code, "{path} = {value}: {problem:?}");
        assert!(problem.help.unwrap_or_default().contains(word), "{path}");
        assert!(problem.span.is_none());
    }
}

#[test]
fn entries_are_added_removed_and_moved() {
    let plan = every();
    let site = "(country: \"US\", latitude: 1, longitude: 2, interconnect_mw: 5, pue: 1.2)";
    let edit = Edit::Insert { path: "sites".into(), id: "new".into(), position: Some(1), value: site.into() };
    assert_eq!(after(&plan, &edit).sites.keys().collect::<Vec<_>>(), ["abilene", "new", "ulanqab"]);
    assert_eq!(refused(&plan, &Edit::insert("sites", "abilene", site)).code, "duplicate-key");
    assert_eq!(refused(&plan, &Edit::insert("sites", "a.b", site)).code, "bad-id");
    assert_eq!(refused(&plan, &Edit::insert("sites", "x", "(country: 5)")).code, "missing-field");
    assert_eq!(refused(&plan, &Edit::insert("name", "x", "1")).code, "wrong-type");

    let changed = after(&plan, &Edit::insert("sites.ulanqab.interconnect_mw", "2028-01", "400"));
    assert_eq!(get(&changed, "sites.ulanqab.interconnect_mw").unwrap(), "{\"start\": 300.0, \"2028-01\": 400.0}");
    let changed = after(&plan, &Edit::insert("contracts.ulanqab-grid.terms.cap_mw", "2028-01", "400"));
    assert_eq!(get(&changed, "contracts.ulanqab-grid.terms.cap_mw").unwrap(), "{\"2028-01\": 400.0}");
    assert_eq!(refused(&plan, &Edit::insert("sites.ulanqab.interconnect_mw", "2028-01", "-4")).code, "out-of-range");
    let changed = after(&plan, &Edit::insert("objective", "", "MinCostPerToken(0.9)"));
    assert_eq!(changed.objective.len(), plan.objective.len() + 1);
    let segment = "(answer_gtok_per_day: 1, usd_per_mtok: (answer: 9))";
    let edit = Edit::Insert {
        path: "markets.us-central.demand.chat.segments".into(),
        id: String::new(),
        position: Some(0),
        value: segment.into(),
    };
    assert_eq!(after(&plan, &edit).markets["us-central"].demand["chat"].segments[0].usd_per_mtok.answer.constant(), Some(9.0));

    for (path, left) in [
        ("sites.abilene", None),
        ("sites.abilene.interconnect_mw.2027-07", None),
        ("objective.1", Some("MaxNpv")),
        ("contracts.grid.terms.interruptible", Some("None")),
        ("contracts.grid.terms.demand_charge_usd_per_kw_month", Some("0.0")),
        ("sites.abilene.halls.building-1.in_service", None),
        ("scenarios.late-grid.set.contracts.grid.terms.cap_mw", None),
        ("chips.gb200.capex_usd.source", Some("\"\"")),
    ] {
        let changed = after(&plan, &Edit::remove(path));
        if left.is_some() || !path.ends_with("in_service") {
            assert_eq!(get(&changed, path).as_deref(), left, "{path}");
        }
    }
    assert_eq!(
        after(&plan, &Edit::remove("sites.abilene.halls.building-1.in_service")).sites["abilene"].halls["building-1"].in_service,
        Month::ALWAYS
    );
    assert_eq!(refused(&plan, &Edit::remove("sites.abilene.country")).code, "missing-field");
    assert_eq!(refused(&plan, &Edit::remove("sites.nowhere")).code, "unknown-path");
    assert_eq!(refused(&small(), &Edit::remove("markets.us-central.demand.chat.segments.7")).code, "unknown-path");

    let moved = after(&plan, &Edit::Move { path: "sites.ulanqab".into(), position: 0 });
    assert_eq!(moved.sites.keys().collect::<Vec<_>>(), ["ulanqab", "abilene"]);
    let moved = after(&plan, &Edit::Move { path: "objective.0".into(), position: 99 });
    let end = format!("objective.{}", plan.objective.len() - 1);
    assert_eq!(get(&moved, &end).unwrap(), "MinCostForTtok(100.0)");
    assert_eq!(refused(&plan, &Edit::Move { path: "sites.x".into(), position: 0 }).code, "unknown-path");
}

#[test]
fn a_renaming_is_followed_everywhere() {
    let mut plan = every();
    let overrides = "{\"sites.abilene.interconnect_mw\": 5, \"fleets.abilene-h100\": (site: \"abilene\", chip: \"gb200\", count: 3.0, in_service: \"2027-01\")}";
    plan = after(&plan, &Edit::set("scenarios.late-grid.set", overrides));
    for (path, to) in [
        ("sites.abilene", "abilene-tx"),
        ("chips.gb200", "blackwell"),
        ("products.chat", "talk"),
        ("products.batch", "bulk"),
        ("served_models.r1", "reasoner"),
        ("markets.us-central", "chicago"),
        ("profiles.power-price", "spot"),
        ("profiles.wind", "west-wind"),
        ("slices.days.peak", "hot"),
        ("sites.abilene.buildable.liquid-48", "big"),
        ("contracts.grid", "utility"),
        ("sites.abilene.halls.building-1", "b1"),
        ("scenarios.late-grid", "later"),
    ] {
        let changed = after(&plan, &Edit::Rename { path: path.into(), to: to.into() });
        let checked = read_plan(&print(&changed));
        let errors: Vec<_> = checked.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).collect();
        assert!(errors.is_empty(), "{path}: {errors:#?}");
        // What was called so before is called so nowhere; other kinds of things may share a name.
        let old = path.rsplit('.').next().unwrap();
        assert!(!print(&changed).contains(&format!("\"{old}\"")), "{path}: {}", print(&changed));
        // And back again.
        let parent = path.rsplit_once('.').unwrap().0;
        assert_eq!(after(&changed, &Edit::Rename { path: format!("{parent}.{to}"), to: old.into() }), plan, "{path}");
    }
    let changed = after(&plan, &Edit::Rename { path: "sites.abilene".into(), to: "tx".into() });
    let set = &changed.scenarios["late-grid"].set.0;
    assert_eq!(set[0].0, "sites.tx.interconnect_mw");
    assert!(set[1].1.0.contains("site: \"tx\""), "{set:?}");

    assert_eq!(refused(&plan, &Edit::Rename { path: "sites.abilene".into(), to: "ulanqab".into() }).code, "duplicate-key");
    assert_eq!(refused(&plan, &Edit::Rename { path: "sites.abilene".into(), to: "a b".into() }).code, "bad-id");
    assert_eq!(refused(&plan, &Edit::Rename { path: "sites.nowhere".into(), to: "b".into() }).code, "bad-id");
    let changed = after(&plan, &Edit::Rename { path: "sites.abilene.interconnect_mw.2028-07".into(), to: "2028-10".into() });
    assert_eq!(get(&changed, "sites.abilene.interconnect_mw.2028-10").unwrap(), "450.0");
}

#[test]
fn copies_get_a_free_id_and_name() {
    let plan = every();
    let edit = duplicate(&plan, "sites.abilene").unwrap();
    let once = after(&plan, &edit);
    assert_eq!(once.sites.keys().collect::<Vec<_>>(), ["abilene", "abilene-2", "ulanqab"]);
    assert_eq!(once.sites["abilene-2"].name, "Abilene 2");
    assert_eq!(edit.label(&plan), "duplicate Abilene");
    let twice = after(&once, &duplicate(&once, "sites.abilene-2").unwrap());
    assert!(twice.sites.contains_key("abilene-3"));
    let plan = after(&plan, &duplicate(&plan, "markets.us-central.demand.chat.segments.0").unwrap());
    assert_eq!(plan.markets["us-central"].demand["chat"].segments.len(), 3);
    assert!(duplicate(&plan, "sites.nowhere").is_err());
    assert!(duplicate(&plan, "name").is_err());
}

#[test]
fn several_changes_are_all_or_nothing() {
    let plan = small();
    let both =
        |second: &str| Edit::Many { label: "two".into(), edits: vec![Edit::set("name", "\"x\""), Edit::set("horizon.periods", second)] };
    assert_eq!(after(&plan, &both("8")).horizon.periods, 8);
    assert_eq!(refused(&plan, &both("-8")).code, "wrong-type");
}

#[test]
fn changes_are_named_in_the_planners_words() {
    let plan = every();
    for (edit, label) in [
        (Edit::set("sites.abilene.interconnect_mw", "450"), "set Abilene interconnect to 450 MW"),
        (Edit::set("sites.abilene.interconnect_mw.2028-07", "450.0"), "set Abilene interconnect from 2028-07 to 450 MW"),
        (Edit::set("sites.abilene.halls.building-1.it_mw", "96"), "set Abilene building 1 IT to 96 MW"),
        (Edit::set("horizon.discount_rate_fraction", "0.07"), "set discount rate to 7 %"),
        (Edit::set("contracts.grid.terms.cap_mw", "None"), "clear Grid cap"),
        (Edit::set("contracts.wind-ppa.terms.contract_mw", "UpTo(400.0)"), "set Wind PPA contract to up to 400 MW"),
        (Edit::set("contracts.wind-ppa.terms.contract_mw.value", "400.0"), "set Wind PPA contract to 400 MW"),
        (Edit::set("contracts.grid.terms.energy_usd_per_mwh", "42"), "set Grid energy to 42 $/MWh"),
        (Edit::set("markets.us-central.demand.chat.segments.0.usd_per_mtok.answer", "2"), "set Chicago chat segment 1 answer to 2"),
        (Edit::set("contracts.grid.renewable", "true"), "switch Grid renewable on"),
        (Edit::set_text("name", "Plan B"), "set name to Plan B"),
        (Edit::insert("sites", "dallas", "()"), "add site dallas"),
        (Edit::insert("sites.abilene.interconnect_mw", "2030-01", "600"), "set Abilene interconnect from 2030-01 to 600 MW"),
        (Edit::remove("sites.abilene"), "delete site Abilene"),
        (Edit::remove("contracts.grid"), "delete power contract Grid"),
        (Edit::remove("contracts.grid.until"), "reset Grid until"),
        (Edit::remove("objective.0"), "delete goal 1"),
        (Edit::Rename { path: "sites.abilene".into(), to: "tx".into() }, "rename Abilene to tx"),
        (Edit::Move { path: "chips.h100".into(), position: 0 }, "move H100 SXM"),
    ] {
        assert_eq!(edit.label(&plan), label);
    }
}

#[test]
fn every_value_has_a_shape_that_fits() {
    let plan = every();
    let mut count = 0;
    walk(&plan, "", &mut |path, place_found| {
        count += 1;
        assert!(place_found, "{path}");
    });
    assert!(count > 300, "{count}");
    let bounds = |path: &str| -> Option<Bounds> { shape_at(&plan, path).unwrap().bounds };
    assert_eq!(bounds("contracts.wind-ppa.terms.contract_mw.value"), Some((0.0, 1e6)));
    assert_eq!(bounds("sites.abilene.interconnect_mw.2040-01"), Some((0.0, 1e6)));
    assert_eq!(bounds("contracts.grid.terms.energy_usd_per_mwh.mean"), Some((-1e4, 1e5)));
    assert!(matches!(shape_at(&plan, "fleets.abilene-h100.chip").unwrap().shape, Shape::Reference("chips")));
    assert!(matches!(shape_at(&plan, "sites.ulanqab.data_pipeline.lead_months").unwrap().shape, Shape::Number));
    assert!(shape_at(&plan, "sites.abilene.nonsense").is_none());
    assert_eq!(
        shape_at(&plan, "chips.gb200.capex_usd").unwrap().doc.trim(),
        "Capex per chip, all-in (host, network, rack), by date of the order, $"
    );
}

fn walk(plan: &Plan, path: &str, visit: &mut dyn FnMut(&str, bool)) {
    let Some(node) = node_at(plan, path) else {
        return visit(path, false);
    };
    if !path.is_empty() {
        visit(path, shape_at(plan, path).is_some());
    }
    for key in node.children() {
        let child = if path.is_empty() { key } else { format!("{path}.{key}") };
        // An optional value that is left out shows its fields to nobody.
        if node_at(plan, &child).is_some() {
            walk(plan, &child, visit);
        }
    }
}

#[test]
fn scenarios_and_sets_make_another_plan() {
    let plan = every();
    let late = with_scenario(&plan, "late-grid").unwrap();
    assert_eq!(get(&late, "sites.abilene.interconnect_mw").unwrap(), "{\"2027-01\": 200.0, \"2029-07\": 450.0}");
    assert_eq!(get(&late, "contracts.grid.terms.cap_mw").unwrap(), "None");
    let problem = &with_scenario(&plan, "late-gird").unwrap_err()[0];
    assert!(problem.help.as_deref().unwrap().contains("late-grid"));

    let set = with_sets(&plan, &[("sites.abilene.interconnect_mw", "450"), ("name", "No quotes"), ("fleets.abilene-h100.chip", "gb200")])
        .unwrap();
    assert_eq!(set.name, "No quotes");
    assert_eq!(set.fleets["abilene-h100"].chip.0, "gb200");
    let problems = with_sets(&plan, &[("sites.abilen.pue", "1"), ("horizon.periods", "many"), ("name", "x")]).unwrap_err();
    assert_eq!(problems.iter().map(|problem| problem.path.as_str()).collect::<Vec<_>>(), ["sites.abilen.pue", "horizon.periods"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, rng_seed: RngSeed::Fixed(11), ..ProptestConfig::default() })]

    /// Whatever an edit does, the plan after it is one that can be saved and opened.
    #[test]
    fn plans_survive_their_text_after_any_edits(
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 0_u8..6, any::<prop::sample::Index>(), -1e7..1e7_f64), 1..6),
    ) {
        let mut plan = every();
        for (which, kind, what, number) in edits {
            let mut paths = Vec::new();
            walk(&plan, "", &mut |path, _| paths.push(path.to_owned()));
            let path = paths[which.index(paths.len())].clone();
            let value = match what.index(6) {
                0 => number.to_string(),
                1 => format!("{:e}", number / 1e9),
                2 => get(&plan, &paths[what.index(paths.len())]).unwrap_or_default(),
                3 => "None".to_owned(),
                4 => "\"é \\\" \\n\"".to_owned(),
                _ => number.trunc().abs().to_string(),
            };
            let edit = match kind {
                0 | 1 => Edit::Set { path, value },
                2 => Edit::Insert { path, id: format!("new-{}", number.trunc().abs() % 7.0), position: Some(what.index(9)), value },
                3 => Edit::Remove { path },
                4 => Edit::Rename { path, to: format!("id-{}", number.trunc().abs() % 5.0) },
                _ => Edit::Move { path, position: what.index(9) },
            };
            let _ = edit.label(&plan);
            let before = plan.clone();
            if let Err(problems) = apply(&mut plan, &edit) {
                prop_assert!(!problems.is_empty());
                prop_assert_eq!(&plan, &before);
            }
            let text = print(&plan);
            let checked = read_plan(&text);
            prop_assert_eq!(checked.plan.as_ref(), Some(&plan), "{:?}: {:?}\n{}", edit, checked.diagnostics, text);
        }
    }
}

/// What nobody can see does not get into a plan by a change either: the plan could not be read again.
#[test]
fn hidden_characters_are_refused_in_changes() {
    let plan = small();
    for (value, why) in [("\"a\u{7}b\"", "as it is"), ("\"a\\u{7}b\"", "escaped"), ("\"a\u{202e}b\"", "the direction of writing")] {
        assert_eq!(refused(&plan, &Edit::set("name", value)).code, "hidden-character", "{why}");
        let all = tokenworks::plan::edit::applied(&plan, &Edit::insert("sites", "new", format!("(name: {value})"))).unwrap_err();
        assert!(all.iter().any(|problem| problem.code == "hidden-character"), "{why}: {all:?}");
    }
    assert_eq!(refused(&plan, &Edit::set_text("name", "a\u{7}b")).code, "hidden-character");
}
