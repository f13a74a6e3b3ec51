//! Rates of the utility rate database in the shapes in which they are published, each with a year of bills worked out by
//! hand; and what can't be carried over, which is listed and never left out in silence.

use tokenworks::plan::Plan;
use tokenworks::plan::urdb::import;

use crate::common::sketch::{Sketch, best, market, near, read, slices};

/// The tolerance of numbers worked out by hand.
const EXACT: f64 = 1e-9;

/// 10 MW by months for a year; in July 15 MW if so said.
fn steady(tariff: &str, in_july: bool) -> Plan {
    let most = if in_july {
        "(country: \"US\", latitude: 0.0, longitude: 0.0, demand: {\"chat\": (segments: [(answer_gtok_per_day: {\"2027-01\": 864.0, \"2027-07\": 1296.0, \"2027-08\": 864.0}, usd_per_mtok: (answer: 1.0))])})".to_owned()
    } else {
        market("chat", 864.0, 1.0, "")
    };
    let sketch = Sketch::new()
        .fleet(15_000.0)
        .top("horizon", "(start: \"2027-01\", period_months: 1, periods: 12, discount_rate_fraction: 0.0)")
        .top("slices", &slices(6, "\"day\": (months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])"))
        .with("markets", "near", &most)
        .grid(tariff);
    read(&sketch.text())
}

/// A schedule of 12 × 24: this period from June to September between two hours, else that one.
fn schedule(on: u32, off: u32, from: usize, until: usize) -> String {
    let row = |month: usize| {
        let hours: Vec<String> =
            (0..24).map(|hour| if (5..9).contains(&month) && (from..until).contains(&hour) { on } else { off }.to_string()).collect();
        format!("[{}]", hours.join(","))
    };
    format!("[{}]", (0..12).map(row).collect::<Vec<_>>().join(","))
}

fn listed(left_out: &[String], words: &str) -> bool {
    left_out.iter().any(|left| left.contains(words))
}

/// Three rising blocks of each month's energy without a schedule, demand by season with blocks in summer, a fixed
/// charge, a least charge a day that never holds.
///
/// Of a month's energy 1,000 MWh at 20 $ and 4,000 at 31 (with the adjustment), 144,000 $; the rest at 50: 2,440 MWh in
/// the seven long months, 2,200 in four, 1,720 in February: 12 · 144,000 + 7 · 122,000 + 4 · 110,000 + 86,000 =
/// 3,108,000 $. Demand: 8 months of 10 MW at 5 $/kW, 4 of 8 MW at 6 and 2 at 9: 400,000 + 264,000. Fixed: 12 · 150. In
/// all 3,773,800 $.
#[test]
fn blocks_and_seasons() {
    let record = "{\"utility\": \"Town\", \"name\": \"General service\", \"label\": \"5f\", \"approved\": true, \"sector\": \"Industrial\",
        \"energyratestructure\": [[{\"max\": 1000000, \"rate\": 0.02}, {\"max\": \"5000000\", \"rate\": \"0.03\", \"adj\": 0.001}, {\"rate\": 0.05}]],
        \"flatdemandstructure\": [[{\"rate\": 5}], [{\"max\": 8000, \"rate\": 6}, {\"rate\": 9}]],
        \"flatdemandmonths\": [0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0], \"flatdemandunit\": \"kW\",
        \"fixedmonthlycharge\": 150, \"mincharge\": 300, \"minchargeunits\": \"$/day\"}";
    let imported = import(record).unwrap();
    assert_eq!(imported.left_out, Vec::<String>::new());
    assert!(imported.source.contains("label 5f"));
    near(best(&steady(&imported.terms, false)).kpis.cost_npv_musd, 3.773_8, EXACT);
}

/// One price in all hours by a schedule of one period; flat demand with a ratchet on the summer's demand, in percent as
/// a text; demand at the utility's peak in summer afternoons; a least charge of each month.
///
/// 91,320 MWh (10 MW all year, 5 more in July) at 30 $: 2,739,600 $. Demand at 10 $/kW: 6 months of 10 MW, July's 15,
/// then 80 % of that for five: 135 MW, 1,350,000 $. At the peak 4 $/kW on 10, 15, 10 and 10 MW: 180,000 $. Up to 330,000 $
/// a month: 6,800 $ in January, March and May, 28,400 in February, 14,000 in April: 62,800 $. In all 4,332,400 $.
#[test]
fn ratchet_of_the_summer_and_demand_at_the_peak() {
    let record = format!(
        "[{{\"name\": \"Large power\", \"energyratestructure\": [[{{\"rate\": 0.03, \"unit\": \"kWh\"}}]],
        \"energyweekdayschedule\": {zero}, \"energyweekendschedule\": {zero},
        \"flatdemandstructure\": [[{{\"rate\": 9.5, \"adj\": 0.5}}]], \"flatdemandmonths\": [0,0,0,0,0,0,0,0,0,0,0,0],
        \"lookbackpercent\": \"80\", \"lookbackmonths\": [0,0,0,0,0,1,1,1,1,0,0,0], \"lookbackrange\": 11,
        \"coincidentratestructure\": [[{{\"rate\": 0}}], [{{\"rate\": 4}}]], \"coincidentrateschedule\": {peak}, \"coincidentrateunit\": \"kW\",
        \"mincharge\": 330000, \"minchargeunits\": \"$/month\"}}]",
        zero = schedule(0, 0, 0, 24),
        peak = schedule(1, 0, 16, 18),
    );
    let imported = import(&record).unwrap();
    assert_eq!(imported.left_out.len(), 1, "{:?}", imported.left_out);
    assert!(listed(&imported.left_out, "the one hour of the utility's peak"));
    let results = best(&steady(&imported.terms, true));
    near(results.kpis.cost_npv_musd, 4.332_4, EXACT);
    // Its bills, line by line, add up to the same.
    near(results.bills.iter().map(|line| line.usd).sum::<f64>(), 4_332_400.0, 1e-7);
    let in_month = |month: &str| results.bills.iter().filter(|line| line.month == month).map(|line| line.usd).sum::<f64>();
    for (month, usd) in [("2027-02", 330_000.0), ("2027-07", 334_800.0 + 150_000.0 + 60_000.0), ("2027-12", 223_200.0 + 120_000.0)] {
        near(in_month(month), usd, 1e-7);
    }
}

/// Energy by the time of use with three periods, demand by the time of use on working days and all days.
///
/// On 12 to 18 h from June to September (122 days) 10 MW draw 7,320 MWh at 90 $; on 18 to 24 h the same at 60 $; the
/// other 72,960 MWh at 35 $: 658,800 + 439,200 + 2,553,600 $. Demand at 7 $/kW in four summer months, and at 3 in all:
/// 280,000 + 360,000 $. In all 4,291,600 $.
#[test]
fn three_periods_of_the_day() {
    let row = |month: usize| {
        let of_hour = |hour: usize| match hour {
            12..18 if (5..9).contains(&month) => "2",
            18..24 if (5..9).contains(&month) => "1",
            _ => "0",
        };
        format!("[{}]", (0..24).map(of_hour).collect::<Vec<_>>().join(","))
    };
    let three = format!("[{}]", (0..12).map(row).collect::<Vec<_>>().join(","));
    let record = format!(
        "{{\"energyratestructure\": [[{{\"rate\": 0.035}}], [{{\"rate\": 0.06}}], [{{\"rate\": 0.09}}]], \"energyweekdayschedule\": {three}, \"energyweekendschedule\": {three},
        \"demandratestructure\": [[{{\"rate\": 0}}], [{{\"rate\": 7}}]], \"demandweekdayschedule\": {on}, \"demandweekendschedule\": {on}, \"demandunits\": \"kW\",
        \"flatdemandstructure\": [[{{\"rate\": 3}}]], \"flatdemandmonths\": [0,0,0,0,0,0,0,0,0,0,0,0]}}",
        on = schedule(1, 0, 12, 20),
    );
    let imported = import(&record).unwrap();
    assert_eq!(imported.left_out, Vec::<String>::new());
    near(best(&steady(&imported.terms, false)).kpis.cost_npv_musd, 4.291_6, EXACT);
}

/// What is odd in a record is said: no hour goes without its price in silence, no block is lost.
#[test]
fn odd_records_say_what_is_odd() {
    let left_out = |text: &str| {
        let imported = import(text).unwrap();
        // Whatever is odd, a plan can use what comes of it.
        steady(&imported.terms, false);
        imported
    };
    let zero = schedule(0, 0, 0, 24);
    let unpriced =
        left_out(&format!("{{\"energyratestructure\": [[{{\"rate\": 0.03}}]], \"energyweekdayschedule\": {}}}", schedule(4, 0, 12, 18)));
    assert!(listed(&unpriced.left_out, "names period 4, for which there are no rates"), "{:?}", unpriced.left_out);
    // The hours that have a price have it, the others none.
    assert!(unpriced.terms.contains("energy_usd_per_mwh: 0.0") && unpriced.terms.contains("windows"), "{}", unpriced.terms);
    let never = left_out("{\"energyratestructure\": [[{\"rate\": 0.03}, {\"max\": 500, \"rate\": 0.04}]]}");
    assert!(listed(&never.left_out, "1 of its 2 blocks are never reached"), "{:?}", never.left_out);
    let back = left_out("{\"energyratestructure\": [[{\"max\": 500, \"rate\": 0.03}, {\"max\": 200, \"rate\": 0.04}, {\"rate\": 0.05}]]}");
    assert!(listed(&back.left_out, "never reached") && back.terms.contains("usd_per_mwh: 50.0"), "{back:?}");
    let ends = left_out("{\"energyratestructure\": [[{\"max\": 500, \"rate\": 0.03}, {\"max\": 900, \"rate\": 0.04}]]}");
    assert!(listed(&ends.left_out, "its last block ends at 900"), "{:?}", ends.left_out);
    let credit = left_out("{\"flatdemandstructure\": [[{\"rate\": -2}]], \"flatdemandmonths\": [0,0,0,0,0,0,0,0,0,0,0,0]}");
    assert!(listed(&credit.left_out, "a credit of 2 $/kW"), "{:?}", credit.left_out);
    let short = left_out("{\"flatdemandstructure\": [[{\"rate\": 2}]], \"flatdemandmonths\": [0, 0, 3]}");
    assert!(
        listed(&short.left_out, "3 months instead of 12") && listed(&short.left_out, "month 3 that has no rates"),
        "{:?}",
        short.left_out
    );
    let seasons = left_out(
        "{\"flatdemandstructure\": [[{\"rate\": 5}], [{\"rate\": 9}]], \"flatdemandmonths\": [0,0,0,0,0,1,1,1,1,0,0,0], \"lookbackpercent\": 0.75}",
    );
    assert!(listed(&seasons.left_out, "counts the demand of its own 8 months only"), "{:?}", seasons.left_out);
    let ratchets = left_out(
        "{\"flatdemandstructure\": [[{\"rate\": 5}]], \"flatdemandmonths\": [0,0,0,0,0,0,0,0,0,0,0,0], \"demandratchetpercentage\": [0.5,0.5,0.5,0.5,0.5,1,1,1,1,0.5,0.5,0.5]}",
    );
    assert!(listed(&ratchets.left_out, "differs by month"), "{:?}", ratchets.left_out);
    let units = left_out(&format!(
        "{{\"energyratestructure\": [[{{\"rate\": 0.03}}]], \"demandratestructure\": [[{{\"rate\": 1}}]], \"demandweekdayschedule\": {zero}, \"demandunits\": \"kVA\", \"fixedchargefirstmeter\": 3, \"fixedchargeunits\": \"$/hp\", \"fixedchargeeaaddl\": 4, \"fueladjustmentsmonthly\": [0.001,0,0,0,0,0,0,0,0,0,0,0], \"demandwindow\": 15}}"
    ));
    for said in ["`demandunits` is kVA", "`$/hp`", "fixedchargeeaaddl", "fueladjustmentsmonthly", "15 minutes"] {
        assert!(listed(&units.left_out, said), "{said}: {:?}", units.left_out);
    }
    let torn = left_out("{\"energyratestructure\": [[{\"rate\": 0.03}], [{\"rate\": 0.08}]], \"energyweekdayschedule\": [[0, 1]]}");
    assert!(listed(&torn.left_out, "no schedule of 12 × 24 hours"), "{:?}", torn.left_out);
}
