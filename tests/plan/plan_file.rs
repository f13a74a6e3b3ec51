//! Plans as texts: what is read is printed the same, in one canonical form.

use tokenworks::plan::Plan;
use tokenworks::plan::file::{has_comments, print, read_plan};
use tokenworks::plan::node::Shape;

pub const SMALL: &str = include_str!("../plans/small.ron");
pub const EVERY_FIELD: &str = include_str!("../plans/every-field.ron");

pub fn plan_of(text: &str) -> Plan {
    let checked = read_plan(text);
    assert_eq!(checked.diagnostics, []);
    checked.plan.unwrap()
}

#[test]
fn plans_round_trip_through_their_text() {
    for text in [SMALL, EVERY_FIELD] {
        let plan = plan_of(text);
        let printed = print(&plan);
        assert_eq!(plan_of(&printed), plan);
        assert_eq!(print(&plan_of(&printed)), printed, "printing is stable");
        assert!(!has_comments(&printed));
    }
}

/// A diff in review shows the lines that were meant.
#[test]
fn a_plan_in_canonical_form_prints_as_itself() {
    let printed = print(&plan_of(SMALL));
    assert_eq!(printed, SMALL);
    assert!(printed.lines().all(|line| line.chars().count() <= 112), "{printed}");
}

#[test]
fn every_field_of_the_schema_is_in_the_sample() {
    let text = print(&plan_of(EVERY_FIELD));
    let mut missing = Vec::new();
    names(Shape::Record(Plan::fields), &mut |name| {
        if !text.contains(name) {
            missing.push(name.to_owned());
        }
    });
    assert_eq!(missing, Vec::<String>::new());
}

fn names(shape: Shape, visit: &mut dyn FnMut(&str)) {
    match shape {
        Shape::Record(fields) => {
            for field in fields() {
                // A plan states months or shares, never both.
                if field.name != "share_fraction" {
                    visit(&format!("{}:", field.name));
                }
                names((field.shape)(), visit);
            }
        }
        Shape::Choice(variants) => {
            for variant in variants() {
                // The default is not printed where it can be left out.
                if ![
                    "Interactive",
                    "Auto",
                    "Air",
                    "PerDay",
                    "Committed",
                    "Annual",
                    "FromIndex",
                    "Hourly",
                    "Elastic",
                    "MinCostPerToken",
                    "Country",
                    "Shown",
                    "All",
                    "Month",
                    "Settles",
                    "Lost",
                ]
                .contains(&variant.name)
                {
                    visit(variant.name);
                }
                if let Some(shape) = variant.shape {
                    names(shape(), visit);
                }
            }
        }
        Shape::Optional(inner) | Shape::Map(inner) | Shape::List(inner) => names(inner(), visit),
        _ => {}
    }
}

#[test]
fn odd_ways_of_writing_are_read_and_printed_plainly() {
    let odd = SMALL
        .replacen("schema: 1,", "/* which */ schema : 1 , // first", 1)
        .replacen("name: \"One campus\"", "name: r#\"One \"real\" campus\"#", 1)
        .replacen("it_mw: 96.0", "it_mw: 9_6e0", 1)
        .replacen("rack_positions: 720.0", "rack_positions: Some(720)", 1)
        .replacen("terms: Tariff(", "terms: Tariff /* grid */ (", 1)
        .replace('\n', "\r\n");
    let odd = format!("\u{feff}// a remark first\r\n{odd}// and last");
    let plan = plan_of(&odd);
    assert_eq!(plan.name, "One \"real\" campus");
    assert!(has_comments(&odd));
    let plain = SMALL.replacen("\"One campus\"", "\"One \\\"real\\\" campus\"", 1);
    assert_eq!(plan, plan_of(&plain));
}

#[test]
fn a_url_in_a_text_is_no_comment() {
    assert!(!has_comments("(notes: \"see https://example.org /* here */\")"));
}

#[test]
fn numbers_keep_every_bit() {
    for number in [1e-6, 0.1, 1.0 / 3.0, 123_456.789, 1e9 - 1.0, 4.9e-5, 99_999.999_999_999] {
        let text = SMALL.replacen("count: 4096.0", &format!("count: {number:?}"), 1);
        let plan = plan_of(&text);
        assert_eq!(plan.fleets["abilene-h100"].count.to_bits(), f64::to_bits(number));
        assert_eq!(plan_of(&print(&plan)).fleets["abilene-h100"].count.to_bits(), f64::to_bits(number));
    }
}

#[test]
fn places_of_values_are_known() {
    let checked = read_plan(SMALL);
    let span = checked.places["sites.abilene.interconnect_mw.2027-07"];
    assert_eq!(&SMALL[span.start..span.end], "450.0");
    assert_eq!(SMALL.lines().nth(span.line - 1).unwrap().chars().nth(span.column - 1), Some('4'));
    let span = checked.places["contracts.grid.terms.energy_usd_per_mwh"];
    assert_eq!(&SMALL[span.start..span.end], "42.0");
}

/// Ids are written in Latin, Chinese, Japanese and Korean letters, each of them in one way; what could be taken for
/// another id, or for none, is refused.
#[test]
fn ids_may_be_of_other_scripts_and_never_of_two_forms() {
    let named = |id: &str| SMALL.replace("\"grid\": (", &format!("{}: (", tokenworks::plan::node::quoted(id)));
    for id in ["阿比林-风", "évry", "ō_1", "데이터센터", "データ", "Œuf", "straße"] {
        let plan = plan_of(&named(id));
        assert!(plan.contracts.contains_key(id), "{id}");
        assert_eq!(plan_of(&print(&plan)), plan);
    }
    let wrong =
        ["e\u{301}vry", "ｗide", "\u{430}bc", "Ω", "a b", "a.b", "\u{202e}x", "x\u{200b}", "ﬁn", "ĳ", "ǆ", "①", "²", "٣", "ｶ", "x\u{301}"];
    for id in wrong {
        let found = read_plan(&named(id));
        assert!(found.diagnostics.iter().any(|problem| problem.code == "bad-id"), "{id:?} is taken: {:?}", found.diagnostics);
    }
    // Capitals tell nothing apart, in any script.
    let twins = SMALL.replace("contracts: {", "contracts: {\n        \"ÉVRY\": (site: \"abilene\", terms: Virtual(profile: 1.0, strike_usd_per_mwh: 1.0)),\n        \"évry\": (site: \"abilene\", terms: Virtual(profile: 1.0, strike_usd_per_mwh: 1.0)),");
    let found = read_plan(&twins);
    assert!(found.diagnostics.iter().any(|problem| problem.code == "twin-id"), "{:?}", found.diagnostics);
}
