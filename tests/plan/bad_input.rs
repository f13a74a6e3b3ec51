//! Wrong plans: each fault is a diagnostic with its place, all at once, and never a panic.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tokenworks::diagnostic::{Diagnostic, Severity};
use tokenworks::plan::edit;
use tokenworks::plan::file::{Checked, print, read_plan};

use crate::plan::plan_file::{EVERY_FIELD, SMALL};

fn changed(from: &str, to: &str) -> String {
    assert_eq!(SMALL.matches(from).count(), 1, "`{from}` should stand once in small.ron");
    SMALL.replace(from, to)
}

fn errors(text: &str) -> Vec<Diagnostic> {
    let Checked { plan, diagnostics, .. } = read_plan(text);
    for diagnostic in &diagnostics {
        let span = diagnostic.span.unwrap_or_else(|| panic!("no place: {diagnostic:?}"));
        assert!(span.start <= span.end && span.end <= text.len() && text.is_char_boundary(span.start), "{diagnostic:?}");
        assert!(diagnostic.message.ends_with(['.', '?']), "a whole sentence: {diagnostic:?}");
    }
    let errors: Vec<_> = diagnostics.into_iter().filter(Diagnostic::is_error).collect();
    assert!(!errors.is_empty(), "no error found");
    let _ = plan;
    errors
}

/// Code, path and the text at the place of the only error.
fn one(text: &str) -> (&'static str, String, String) {
    let errors = errors(text);
    assert_eq!(errors.len(), 1, "{errors:#?}");
    let span = errors[0].span.unwrap();
    (errors[0].code, errors[0].path.clone(), text[span.start..span.end].to_owned())
}

fn found(code: &'static str, path: &str, text: &str) -> (&'static str, String, String) {
    (code, path.to_owned(), text.to_owned())
}

#[test]
fn single_faults_are_found_where_they_are() {
    let cases = [
        ("interconnect_mw: {", "interconect_mw: {", found("unknown-field", "sites.abilene.interconect_mw", "interconect_mw")),
        ("interconnect_mw: {", "interconnect_kw: {", found("unknown-field", "sites.abilene.interconnect_kw", "interconnect_kw")),
        ("chip: \"h100\", count", "chip: \"h10O\", count", found("unknown-reference", "fleets.abilene-h100.chip", "\"h10O\"")),
        ("it_mw: 96.0", "it_mw: NaN", found("not-finite", "sites.abilene.halls.building-1.it_mw", "NaN")),
        ("it_mw: 96.0", "it_mw: inf", found("not-finite", "sites.abilene.halls.building-1.it_mw", "inf")),
        ("it_mw: 96.0", "it_mw: -inf", found("not-finite", "sites.abilene.halls.building-1.it_mw", "-inf")),
        ("it_mw: 96.0", "it_mw: 1e400", found("not-finite", "sites.abilene.halls.building-1.it_mw", "1e400")),
        ("it_mw: 96.0", "it_mw: -96.0", found("out-of-range", "sites.abilene.halls.building-1.it_mw", "-96.0")),
        ("it_mw: 96.0", "it_mw: \"96\"", found("wrong-type", "sites.abilene.halls.building-1.it_mw", "\"96\"")),
        ("\"2027-07\": 450.0", "\"2027-07\": -450.0", found("out-of-range", "sites.abilene.interconnect_mw.2027-07", "-450.0")),
        ("\"2027-07\": 450.0", "\"2027-13\": 450.0", found("bad-date", "sites.abilene.interconnect_mw", "\"2027-13\"")),
        ("\"2027-07\": 450.0", "\"2027-01\": 450.0", found("duplicate-key", "sites.abilene.interconnect_mw", "\"2027-01\"")),
        (
            "\"summer\": (months: [4, 5, 6, 7, 8, 9])",
            "\"summer\": (months: [4, 5, 6, 7, 8])",
            found(
                "month-without-day",
                "slices.days",
                "{\n            \"winter\": (months: [10, 11, 12, 1, 2, 3]),\n            \"summer\": (months: [4, 5, 6, 7, 8]),\n        }",
            ),
        ),
        (
            "\"h100\": (catalog: \"h100_sxm\"),",
            "\"h100\": (catalog: \"h100_sxm\"), \"h100\": (),",
            found("duplicate-key", "chips.h100", "\"h100\""),
        ),
        (
            "country: \"US\",\n            latitude: 32.45,",
            "country: \"US\", country: \"US\",\n            latitude: 32.45,",
            found("duplicate-key", "sites.abilene.country", "country"),
        ),
        ("period_months: 3", "period_months: 5", found("bad-period", "horizon.period_months", "5")),
        ("periods: 4", "periods: 4.5", found("wrong-type", "horizon.periods", "4.5")),
        ("block_hours: 4", "block_hours: 5", found("bad-blocks", "slices.block_hours", "5")),
        ("cooling: Liquid, rack", "cooling: Liqid, rack", found("unknown-variant", "sites.abilene.halls.building-1.cooling", "Liqid")),
        ("served_model: \"r1\"", "served_model: r1", found("wrong-type", "products.chat.served_model", "r1")),
        ("name: \"Abilene\"", "name: \"Abi\u{202e}lene\"", found("hidden-character", "", "\u{202e}")),
        ("name: \"Abilene\"", "name: \"Abi\\u{202e}lene\"", found("hidden-character", "sites.abilene.name", "\"Abi\\u{202e}lene\"")),
        ("name: \"Abilene\"", "name: \"Abi\\u{0}lene\"", found("hidden-character", "sites.abilene.name", "\"Abi\\u{0}lene\"")),
        ("name: \"Abilene\"", "name: \"Abi\0lene\"", found("hidden-character", "", "\0")),
        ("\"abilene\": (", "\"abi.lene\": (", found("bad-id", "sites", "\"abi.lene\"")),
        ("\"building-1\": (", "building-1: (", found("syntax", "sites.abilene.halls", "building-1")),
        (
            "\"chat\": (\n                    segments",
            "\"chet\": (\n                    segments",
            found("unknown-reference", "markets.us-central.demand.chet", ""),
        ),
        (
            "(answer: 0.9)",
            "(answer: 90.0)",
            found(
                "segment-order",
                "markets.us-central.demand.chat.segments.1",
                "(answer_gtok_per_day: 250.0, usd_per_mtok: (answer: 90.0))",
            ),
        ),
        (
            "terms: Tariff(energy_usd_per_mwh: 42.0, demand",
            "terms: Tariff(energy_usd_per_mwh: {\"2027-02\": 42.0}, demand",
            found("no-step-yet", "contracts.grid.terms.energy_usd_per_mwh", "{\"2027-02\": 42.0}"),
        ),
        (
            "country: \"US\",\n            latitude: 41.9",
            "country: \"usa\",\n            latitude: 41.9",
            found("bad-country", "markets.us-central.country", "\"usa\""),
        ),
        ("PerHour([\n            0.4, ", "PerHour([\n            ", found("wrong-count", "profiles.office-hours.value", "")),
        ("    schema: 1,\n", "", found("missing-field", "", "")),
        ("schema: 1", "schema: 0", found("unknown-schema", "schema", "0")),
        ("latitude: 32.45,\n", "latitude: 32.45\n", found("syntax", "sites.abilene", "longitude")),
    ];
    for (from, to, (code, path, text)) in cases {
        let (found_code, found_path, found_text) = one(&changed(from, to));
        assert_eq!((found_code, found_path), (code, path), "{to}");
        if !text.is_empty() {
            assert_eq!(found_text, text, "{to}");
        }
    }
}

#[test]
fn slips_of_the_hand_are_guessed() {
    let help = |text: &str| errors(text)[0].help.clone().unwrap_or_default();
    assert!(help(&changed("interconnect_mw: {", "interconnect_kw: {")).contains("`interconnect_mw`"));
    assert!(help(&changed("chip: \"h100\", count", "chip: \"h10O\", count")).contains("`h100`"));
    assert!(help(&changed("cooling: Liquid, rack", "cooling: Liqid, rack")).contains("`Liquid`"));
    assert!(help(&changed("pue: 1.12", "pue: Flat(1.12)")).contains("number alone"));
}

#[test]
fn weights_of_days_must_add_up() {
    let days = "\"winter\": (months: [10, 11, 12, 1, 2, 3]),\n            \"summer\": (months: [4, 5, 6, 7, 8, 9]),";
    let code = |days_text: &str| one(&changed(days, days_text)).0;
    assert_eq!(code("\"a\": (share_fraction: 0.5), \"b\": (share_fraction: 0.4),"), "shares-do-not-add-up");
    assert_eq!(code("\"a\": (share_fraction: 0.5), \"b\": (months: [1, 2]),"), "mixed-days");
    assert_eq!(code("\"a\": (months: [1,2,3,4,5,6,7,8,9,10,11,12], days_per_year: 300.0),"), "days-do-not-fit");
    assert_eq!(code("\"a\": (months: [1,2,3,4,5,6,7,8,9,10,11,12]), \"b\": (months: [2], days_per_year: 29.0),"), "days-do-not-fit");
    assert_eq!(code("\"a\": (), \"b\": (months: [2]),"), "bad-day");
    assert_eq!(code("\"a\": (months: [1, 13]),"), "out-of-range");
    let good = changed(days, "\"a\": (months: [1,2,3,4,5,6,7,8,9,10,11,12]), \"b\": (months: [7, 8], days_per_year: 9.0),");
    assert_eq!(read_plan(&good).diagnostics, []);
}

#[test]
fn a_truncated_plan_says_where_it_ends() {
    for cut in [SMALL.len() / 3, SMALL.len() / 2, SMALL.len() - 3] {
        let text = &SMALL[..cut];
        let errors = errors(text);
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!(errors[0].code, "syntax");
        assert!(errors[0].message.contains("ends before") || errors[0].message.contains("never closed"), "{errors:?}");
        assert!(read_plan(text).plan.is_none());
    }
}

#[test]
fn a_newer_schema_is_one_diagnostic_and_no_plan() {
    let text = changed("schema: 1,", "schema: 2, quantum: Entangled(3),");
    let checked = read_plan(&text);
    assert!(checked.plan.is_none() && checked.is_newer());
    assert_eq!(checked.diagnostics.len(), 1);
    assert_eq!(checked.diagnostics[0].code, "newer-schema");
    // Wherever the version stands.
    let text =
        SMALL.replacen("    schema: 1,\n", "    future: {1: 2},\n", 1).replacen("    name: \"One", "    schema: 7,\n    name: \"One", 1);
    assert_eq!(read_plan(&text).diagnostics[0].code, "newer-schema");
}

#[test]
fn a_schema_is_a_plain_number_that_exists() {
    for odd in ["1_000", "0x2", "0b11", "0o2", "1_", "0x1", "0"] {
        let text = changed("schema: 1", &format!("schema: {odd}"));
        let read = read_plan(&text);
        assert!(read.plan.is_none(), "{odd} was read");
        assert!(read.has_errors(), "{odd}");
    }
    assert_eq!(one(&changed("schema: 1", "schema: 1_000")), found("unknown-schema", "schema", "1_000"));
    assert!(read_plan(&changed("schema: 1", "schema :  1 ")).plan.is_some());
}

#[test]
fn ids_that_differ_in_capitals_only_are_refused() {
    let twice = changed("contracts: {", "contracts: {\"Grid\": (site: \"abilene\", terms: Tariff(energy_usd_per_mwh: 40.0)), ");
    let errors = errors(&twice);
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert_eq!((errors[0].code, errors[0].path.as_str()), ("twin-id", "contracts.grid"));
    // By hand in the window and on the command line too.
    let plan = read_plan(SMALL).plan.unwrap();
    let value = edit::duplicate(&plan, "contracts.grid").unwrap();
    assert!(edit::apply(&mut plan.clone(), &value).is_ok());
    for wrong in [
        edit::Edit::Insert {
            path: "contracts".into(),
            id: "GRID".into(),
            position: None,
            value: "(site: \"abilene\", terms: Tariff(energy_usd_per_mwh: 40.0))".into(),
        },
        edit::Edit::Many {
            label: String::new(),
            edits: vec![value, edit::Edit::Rename { path: "contracts.grid-2".into(), to: "Grid".into() }],
        },
    ] {
        assert_eq!(edit::apply(&mut plan.clone(), &wrong).unwrap_err()[0].code, "twin-id");
    }
    // To change the capitals of one is no twin.
    edit::apply(&mut plan.clone(), &edit::Edit::Rename { path: "contracts.grid".into(), to: "Grid".into() }).unwrap();
}

#[test]
fn numbers_next_to_nothing_are_told_with_their_field() {
    let text = changed("energy_usd_per_mwh: 42.0", "energy_usd_per_mwh: 1e-100");
    let read = read_plan(&text);
    assert!(read.plan.is_some());
    let told: Vec<_> = read.diagnostics.iter().filter(|told| told.code == "next-to-nothing").collect();
    assert_eq!(told.len(), 1, "{:?}", read.diagnostics);
    assert_eq!(told[0].path, "contracts.grid.terms.energy_usd_per_mwh");
    assert!(told[0].message.contains("energy_usd_per_mwh"));
    assert!(!read_plan(SMALL).diagnostics.iter().any(|told| told.code == "next-to-nothing"));
}

#[test]
fn texts_that_are_no_plan_are_refused() {
    for (text, word) in [
        ("", "empty"),
        ("  // nothing\n", "value"),
        ("[1, 2]", "starts with"),
        ("#![enable(implicit_some)]\n(schema: 1)", "starts with"),
        ("Plan(schema: 1)", "starts with"),
        ("(schema: 1) (schema: 1)", "Nothing may follow"),
        ("{\"schema\": 1}", "starts with"),
        ("(schema: 1, name: \"x)", "never closed"),
        ("(schema: 1]", "does not close"),
    ] {
        let errors = errors(text);
        assert!(errors.iter().any(|error| error.message.contains(word)), "{text}: {errors:#?}");
    }
    let long = format!("(schema: 1, notes: \"{}\")", "x".repeat(9 << 20));
    assert_eq!(read_plan(&long).diagnostics[0].code, "too-long");
    assert!(read_plan(&long).diagnostics[0].message.contains("8 MiB"));
}

#[test]
fn deep_nesting_needs_no_stack() {
    for bracket in ["(", "[", "{", "(a:", "[[(", "Some(", "/*"] {
        let text = bracket.repeat(500_000);
        // Less stack than a frame of the window has.
        std::thread::Builder::new().stack_size(512 << 10).spawn(move || errors(&text).len()).unwrap().join().unwrap();
    }
}

#[test]
fn ten_faults_are_told_at_once_with_their_places() {
    let mut text = SMALL.to_owned();
    for (from, to) in [
        ("period_months: 3", "period_months: 5"),
        ("latitude: 32.45", "latitude: 95.0"),
        ("pue: 1.12", "pue: NaN"),
        ("rack_positions: 720.0", "rack_postions: 720.0"),
        ("at_most: 8.0", "at_most: -8.0"),
        ("\"gb200\": (", "\"gb200\": ( drian: PerDay,"),
        ("site: \"abilene\", chip: \"h100\"", "site: \"abilen\", chip: \"h10\""),
        ("answer_tokens: 1024.0", "answer_tokens: \"many\""),
        ("country: \"US\",\n            latitude: 41.9", "country: \"America\",\n            latitude: 41.9"),
    ] {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text = text.replace(from, to);
    }
    let found: Vec<_> = errors(&text)
        .into_iter()
        .map(|error| {
            let span = error.span.unwrap();
            let line = text.lines().nth(span.line - 1).unwrap();
            let rest: String = line.chars().skip(span.column - 1).take(9).collect();
            (error.code, error.path, rest)
        })
        .collect();
    let expected = [
        ("bad-period", "horizon.period_months", "5, period"),
        ("out-of-range", "sites.abilene.latitude", "95.0,"),
        ("not-finite", "sites.abilene.pue", "NaN,"),
        ("unknown-field", "sites.abilene.halls.building-1.rack_postions", "rack_post"),
        ("out-of-range", "sites.abilene.buildable.liquid-48.at_most", "-8.0)},"),
        ("unknown-field", "chips.gb200.drian", "drian: Pe"),
        ("unknown-reference", "fleets.abilene-h100.site", "\"abilen\","),
        ("unknown-reference", "fleets.abilene-h100.chip", "\"h10\", co"),
        ("wrong-type", "products.chat.answer_tokens", "\"many\", t"),
        ("bad-country", "markets.us-central.country", "\"America\""),
    ];
    let expected: Vec<_> = expected.iter().map(|(code, path, text)| (*code, (*path).to_owned(), (*text).to_owned())).collect();
    assert_eq!(found, expected);
}

#[test]
fn paths_of_series_stay_in_the_plans_folder() {
    for path in [
        "../x.csv",
        "/etc/passwd",
        "a/../../x.csv",
        "C:\\\\x.csv",
        "C:/x.csv",
        "\\\\\\\\host\\\\share\\\\x.csv",
        "//host/share",
        "a//b.csv",
        "~/x.csv",
        "file:x",
        "",
        "./x.csv",
        "a\\\\b.csv",
    ] {
        let text = changed("profiles: {", &format!("profiles: {{ \"s\": Csv(path: \"{path}\", column: \"x\"),"));
        assert_eq!(one(&text).0, "bad-path", "{path}");
    }
    let text = changed("profiles: {", "profiles: { \"s\": Csv(path: \"series/a b-é.csv\", column: \"x\"),");
    assert_eq!(read_plan(&text).diagnostics, []);
}

#[test]
fn scenarios_are_checked_in_their_place() {
    let scenario = |set: &str| {
        let end = SMALL.trim_end().len() - 1;
        format!("{}    scenarios: {{\"late\": (set: {{{set}}})}},\n)\n", &SMALL[..end])
    };
    for (set, code, path) in [
        ("\"sites.abilen.interconnect_mw\": 5.0", "unknown-path", "scenarios.late.set.sites.abilen.interconnect_mw"),
        ("\"sites.abilene.interconnect_mw\": -5.0", "out-of-range", "scenarios.late.set.sites.abilene.interconnect_mw"),
        ("\"sites.abilene.interconnect_mw\": (", "syntax", ""),
        ("\"fleets.abilene-h100.chip\": \"h1\"", "unknown-reference", "scenarios.late.set.fleets.abilene-h100.chip"),
        ("\"scenarios.late.notes\": \"x\"", "bad-path", "scenarios.late.set.scenarios.late.notes"),
        ("\"horizon.period_months\": 7", "bad-period", "scenarios.late.set.horizon.period_months"),
    ] {
        let (found_code, found_path, _) = one(&scenario(set));
        assert_eq!((found_code, found_path.as_str()), (code, path), "{set}");
    }
    assert_eq!(read_plan(&scenario("\"sites.abilene.interconnect_mw\": 5.0, \"budget.capex_musd_total\": 900")).diagnostics, []);
}

#[test]
fn what_only_deserves_a_warning_is_one() {
    let text = changed(
        "\"abilene-h100\": (",
        "\"late\": (site: \"abilene\", chip: \"h100\", count: 8, in_service: \"2040-01\"),\n        \"abilene-h100\": (",
    );
    let diagnostics = read_plan(&text).diagnostics;
    assert_eq!(
        diagnostics.iter().map(|diagnostic| (diagnostic.severity, diagnostic.code)).collect::<Vec<_>>(),
        [(Severity::Warning, "outside-horizon")]
    );
}

/// A place in a plan where text can be cut or put in.
fn boundary(text: &str, at: prop::sample::Index) -> usize {
    let mut at = at.index(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, rng_seed: RngSeed::Fixed(11), ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = read_plan(&text);
        let _ = read_plan(&format!("(schema: 1, {text}"));
        let _ = read_plan(&format!("(schema: 1, sites: {{{text}}})"));
    }

    #[test]
    fn texts_of_plan_like_pieces_never_panic(pieces in proptest::collection::vec(prop::sample::select(vec![
        "(", ")", "{", "}", "[", "]", ",", ":", "\"", "'", "r#\"", "\\", "//", "/*", "*/", "\n", " ", "schema: 1", "sites", "\"a\"", "1e9", "-", "Some", "None",
        "UpTo(", "NaN", "é", "\u{feff}", "\u{202e}", "0x", "_", "#", "!", "b\"", "Tariff(", "..", "'a'", "'(", "🙂",
    ]), 0..60)) {
        let text = pieces.concat();
        let _ = read_plan(&text);
        let _ = read_plan(&format!("(schema: 1, {text})"));
        let _ = edit::with_sets(&read_plan(SMALL).plan.unwrap(), &[("contracts.grid.terms", text.as_str())]);
    }

    #[test]
    fn mutated_plans_never_panic_and_never_read_as_something_else(
        from in any::<prop::sample::Index>(), len in 0_usize..40, insert in "[(){}\\[\\],:\"a-z0-9. \\\\/*-]{0,6}", every in any::<bool>(),
    ) {
        let text = if every { EVERY_FIELD } else { SMALL };
        let start = boundary(text, from);
        let mut end = (start + len).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let mutated = format!("{}{insert}{}", &text[..start], &text[end.max(start)..]);
        let checked = read_plan(&mutated);
        for diagnostic in &checked.diagnostics {
            prop_assert!(diagnostic.span.is_none_or(|span| span.end <= mutated.len()));
        }
        match checked.plan {
            // What was read can be written and is read as the same again.
            Some(plan) => {
                let again = read_plan(&print(&plan));
                prop_assert_eq!(again.plan.as_ref(), Some(&plan));
            }
            None => prop_assert!(checked.diagnostics.iter().any(Diagnostic::is_error)),
        }
    }
}

#[test]
fn time_zones_exist_and_keep_the_clock_that_is_stated() {
    let with = |zone: &str| SMALL.replacen("utc_offset_hours: -6.0,", &format!("utc_offset_hours: -6.0, time_zone: \"{zone}\","), 1);
    assert!(read_plan(&with("America/Chicago")).diagnostics.is_empty());
    let (code, path, _) = one(&with("Europe/Trondheim"));
    assert_eq!((code, path.as_str()), ("unknown-zone", "sites.abilene.time_zone"));
    // Oslo is an hour ahead of UTC in winter, not six behind.
    let read = read_plan(&with("Europe/Oslo"));
    let [only] = &read.diagnostics[..] else { panic!("{:?}", read.diagnostics) };
    assert_eq!((only.code, only.severity, only.path.as_str()), ("two-clocks", Severity::Warning, "sites.abilene.utc_offset_hours"));
    assert!(only.message.contains("Europe/Oslo is 1 h ahead"), "{}", only.message);
}
