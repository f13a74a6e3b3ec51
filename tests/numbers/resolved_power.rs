//! What `export --resolved` writes of power: every number that a plan states of connections, feeds, contracts, losses
//! and of what may be shed stands there. Tried one by one: a number that could be changed without the export changing
//! would be one that nobody can check.

use serde_json::Value;
use tokenworks::catalog::Catalog;
use tokenworks::export::resolved::document;
use tokenworks::formulation::Program;
use tokenworks::plan::file;
use tokenworks::resolved::{Resolved, Series};

use crate::sketch::{Sketch, slices};

const SITE: &str = "interconnect_mw: 60.0, pue: 1.2, water_l_per_kwh: 0.3, om_usd_per_mw_year: 5000.0, \
    connections: {\"late\": (firm_mw: 10.0, non_firm_mw: 5.0, events: Windows([(months: [7, 11], from_hour: 12, until_hour: 20)]), notice_hours: 2.0, \
    response_fraction: 0.9, firm_from: \"2027-12\", service: Choose({\"offer\": (kind: NonFirm, from: \"2027-03\", until: \"2027-10\", at_most_mw: 2.0, \
    fee_usd_per_kw_month: 1.0, deposit_usd_per_kw: 50.0, study_usd: 70000.0)}), backup: (mw: 4.0, hours_per_year: 100.0, fuel_usd_per_mwh: 200.0, g_per_kwh: 700.0, \
    capex_usd_per_kw: 500.0, om_usd_per_kw_year: 5.0, life_years: 15.0)), \
    \"peaks\": (non_firm_mw: 3.0, events: Highest(profile: \"flat\", hours: 400, months: [1, 8], each_month: true)), \
    \"share\": (non_firm_mw: 3.0, events: Share(0.01))}, \
    feeds: {\"east\": (mw: 15.0), \"west\": (mw: 9.0, redundancy: N1)}, \
    halls: {\"hall\": (it_mw: 20.0, cooling: Liquid, feed: \"east\")}, \
    buildable: {\"h\": (it_mw: 10.0, cooling: Liquid, feed: \"west\", capex_usd_per_w: 10.0, life_years: 20.0, at_most: 2.0)}";

const TARIFF: &str = "(site: \"home\", connection: \"late\", from: \"2027-02\", until: \"2027-12\", carbon_g_per_kwh: 400.0, terms: Tariff(energy_usd_per_mwh: 50.0, cap_mw: 60.0, \
    demand_charge_usd_per_kw_month: 2.0, fixed_usd_per_month: 100.0, escalation_fraction_per_year: 0.02, ratchet_fraction: 0.6, existing_peak_mw: 25.0, \
    demand_charges: {\"day\": (usd_per_kw_month: 1.0, windows: [(months: [6, 7], from_hour: 8, until_hour: 20)], \
    tiers: [(up_to_mw: 10.0, usd_per_kw_month: 0.5), (usd_per_kw_month: 1.0)], \
    ratchet: (fraction: 0.8, months: 11, of_months: [6, 7], existing_peak_mw: 22.0, existing_peak_months_ago: 4)), \
    \"tags\": (usd_per_kw_month: 3.0, coincident: (hours: Share(0.02), over: Year))}, \
    energy_charges: {\"blocks\": (windows: [(from_hour: 6, until_hour: 18)], tiers: [(up_to_mwh: 1000.0, usd_per_mwh: 1.0), (usd_per_mwh: 2.0)])}, \
    minimum_bill: (contract_mw: {\"2027-01\": 40.0, \"2027-06\": 20.0}, demand_fraction: 0.5, usd_per_month: 1000.0, term_months: 8, exit_fee_usd_per_kw: 30.0, free_exit_fraction: 0.1), \
    interruptible: (from_hour: 0, until_hour: 24, cap_mw: 55.0, credit_usd_per_year: 10.0)))";

fn sketch() -> Sketch {
    let flat = "PerHour([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1, -0.1])";
    let with = |sketch: Sketch, id: &str, terms: &str| sketch.with("contracts", id, &format!("(site: \"home\", {terms})"));
    let sketch = Sketch::new()
        .top("horizon", "(start: \"2027-01\", period_months: 1, periods: 12, discount_rate_fraction: 0.08)")
        .top("slices", &slices(6, "\"day\": (share_fraction: 1.0)"))
        .with("profiles", "flat", flat)
        .site("home", SITE)
        .fleet(1000.0)
        .product("chat", "flexible_fraction: 0.1, shed: SameDay, shed_discount_usd_per_mtok: 0.4, shed_notice_hours: 1.0, utilisation_cap_fraction: 0.9")
        .with("resilience", "n-1", "(lose: Largest(Connection), keep: {\"chat\": (fraction: 0.3)}, worst_hours: Stated(Windows([(from_hour: 6, until_hour: 12)])))")
        .with("contracts", "grid", TARIFF);
    let sketch = with(
        sketch,
        "sun",
        "renewable: true, carbon_g_per_kwh: 11.0, terms: PayAsProduced(profile: \"flat\", price_usd_per_mwh: 40.0, contract_mw: UpTo(10.0), resale_usd_per_mwh: 5.0, market_usd_per_mwh: Series(id: \"flat\"), at_negative_prices: NoSettlement, escalation_fraction_per_year: 0.01)",
    );
    let sketch = with(
        sketch,
        "block",
        "terms: Baseload(price_usd_per_mwh: 60.0, contract_mw: Fixed(5.0), take_or_pay_fraction: 0.5, availability_fraction: 0.95, escalation_fraction_per_year: 0.01)",
    );
    let sketch = with(
        sketch,
        "river",
        "terms: Hydro(price_usd_per_mwh: 30.0, contract_mw: UpTo(5.0), gwh_per_year: 10.0, escalation_fraction_per_year: 0.01)",
    );
    let sketch = with(
        sketch,
        "gas",
        "terms: OnSite(fuel: Gas(usd_per_mwh_thermal: 10.0, efficiency_fraction: 0.4, g_per_kwh: 480.0), mw: UpTo(5.0), existing_mw: 1.0, capex_usd_per_kw: 800.0, om_usd_per_kw_year: 20.0, availability_fraction: 0.9, lead_months: 3.0, life_years: 20.0)",
    );
    let sketch = with(
        sketch,
        "store",
        "terms: Battery(energy_mwh: UpTo(10.0), existing_mwh: 2.0, duration_hours: 4.0, capex_usd_per_kwh: 200.0, om_usd_per_kwh_year: 2.0, one_way_efficiency_fraction: 0.95, wear_usd_per_mwh: 1.0, lead_months: 3.0, life_years: 15.0)",
    );
    with(
        sketch,
        "paper",
        "terms: Virtual(profile: \"flat\", strike_usd_per_mwh: 45.0, reference_usd_per_mwh: 40.0, at_negative_prices: Floor(3.0), contract_mw: UpTo(5.0))",
    )
}

/// The document without what only repeats the plan's own words.
fn exported(text: &str) -> Option<Value> {
    let plan = file::read_plan(text).plan?;
    let resolved = Resolved::new(&plan, Catalog::embedded(), &Series::default()).ok()?;
    let mut document = document(&resolved, &Program::default());
    document.as_object_mut()?.remove("assumptions");
    Some(document)
}

/// Numbers of a text that stand outside quotes: where each is, and its field or what stands before it.
fn numbers(text: &str) -> Vec<(std::ops::Range<usize>, String)> {
    let bytes = text.as_bytes();
    let (mut found, mut at, mut quoted) = (Vec::new(), 0, false);
    while at < bytes.len() {
        let begins = bytes[at].is_ascii_digit() && matches!(bytes[at - 1], b' ' | b'(' | b'[');
        if bytes[at] == b'"' {
            quoted = !quoted;
        } else if begins && !quoted {
            let end = at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
            let before: String = text[..at].chars().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect();
            found.push((at..end, before));
            at = end;
            continue;
        }
        at += 1;
    }
    found
}

#[test]
fn every_number_of_power_is_in_the_resolved_export() {
    let text = sketch().text();
    let base = exported(&text).expect("the plan is read and resolved");
    let (mut tried, mut silent, mut refused) = (0, Vec::new(), Vec::new());
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let begins = start;
        start += line.len();
        let entry = line.trim_start();
        let of_power =
            ["\"home\"", "\"grid\"", "\"sun\"", "\"block\"", "\"river\"", "\"gas\"", "\"store\"", "\"paper\"", "\"chat\"", "\"n-1\""];
        if !of_power.iter().any(|id| entry.starts_with(id)) {
            continue;
        }
        for (place, before) in numbers(line) {
            let number = &line[place.clone()];
            // A tenth less stays within what shares and blocks may be; a whole number becomes the next.
            // Hours move by a block, and months to an arrival by a whole one.
            let by = if before.ends_with("_hour: ") { 6 } else { 1 };
            let other = match number.parse::<u32>() {
                Ok(whole) => format!("{}", whole + by),
                Err(_) if before.ends_with("lead_months: ") => format!("{:?}", number.parse::<f64>().unwrap() + 1.0),
                Err(_) => format!("{:?}", number.parse::<f64>().unwrap() * 0.9),
            };
            if before.ends_with("longitude: ")
                || before.ends_with("latitude: ")
                || before.ends_with("answer_tokens: ")
                || before.ends_with("prompt_tokens: ")
            {
                continue;
            }
            let changed = format!("{}{other}{}", &text[..begins + place.start], &text[begins + place.end..]);
            tried += 1;
            match exported(&changed) {
                None => refused.push(format!("{before}{number} -> {other}")),
                Some(document) if document == base => silent.push(format!("{before}{number} -> {other}")),
                Some(_) => {}
            }
        }
    }
    assert!(tried > 100, "{tried} numbers");
    assert_eq!(silent, Vec::<String>::new());
    // There is no hour after the 24th.
    assert!(refused.iter().all(|what| what.contains("until_hour: ")) && refused.len() < 8, "{refused:#?}");
}

#[test]
fn every_word_of_power_is_in_the_resolved_export() {
    let text = sketch().text();
    let base = exported(&text).unwrap();
    for (from, to) in [
        ("kind: NonFirm", "kind: Firm"),
        ("from: \"2027-03\"", "from: \"2027-04\""),
        ("until: \"2027-10\"", "until: \"2027-09\""),
        ("firm_from: \"2027-12\"", "firm_from: \"2027-11\""),
        ("redundancy: N1", "redundancy: N"),
        ("feed: \"east\"", "feed: \"west\""),
        ("feed: \"west\"", "feed: \"east\""),
        ("each_month: true", "each_month: false"),
        ("connection: \"late\"", "connection: \"plain\""),
        ("over: Year", "over: Month"),
        ("renewable: true", "renewable: false"),
        ("at_negative_prices: NoSettlement", "at_negative_prices: Curtails"),
        ("at_negative_prices: Floor(3.0)", "at_negative_prices: NoSettlement"),
        ("Largest(Connection)", "Largest(Feed)"),
        ("Stated(Windows([(from_hour: 6, until_hour: 12)]))", "Busiest(100.0)"),
        ("shed: SameDay", "shed: Lost"),
        ("contract_mw: Fixed(5.0)", "contract_mw: UpTo(5.0)"),
        ("events: Share(0.01)", "events: Windows([(months: [3])])"),
        (", from: \"2027-02\", until", ", until"),
    ] {
        assert!(text.contains(from), "{from}");
        let changed = exported(&text.replacen(from, to, 1)).unwrap_or_else(|| panic!("{from} -> {to} is not read"));
        assert!(changed != base, "{from} -> {to} changes nothing");
    }
    let late = &base["places"][0]["site"]["connections"][0];
    assert_eq!(late["notice_hours"], 2.0);
    assert_eq!(late["offers"][0]["deposit_musd_per_mw"], 0.05);
    // 8 of 24 hours of July are events, two of its four blocks of six hours touch them: 0.1 of it is left there.
    assert_eq!(
        late["non_firm_share_by_period_and_slice"][6].as_array().unwrap().iter().filter(|share| share.as_f64().unwrap() < 0.5).count(),
        2
    );
    assert_eq!(late["non_firm_share_by_period_and_slice"][11][2], 1.0);
    assert_eq!(base["places"][0]["site"]["feeds"][1]["redundant"], true);
    assert_eq!(base["resilience"][0]["losses"][1]["lost"], "home.late");
    assert_eq!(base["resilience"][0]["keep"][0]["fraction"], 0.3);
    let backup =
        base["contracts"].as_array().unwrap().iter().find(|contract| contract["id"] == "home/late/backup").expect("backup is plant");
    assert_eq!(backup["delivery"], "on_site");
}
