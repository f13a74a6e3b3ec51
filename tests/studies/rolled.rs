//! Rolling on with nothing new: whatever a plan uses, the best rest stays what it was, or what is not carried over
//! is said; and what really stands counts.

use tokenworks::living::{Standing, StandingKind, from_csv, roll, standing, to_csv};
use tokenworks::plan::edit::{Edit, apply, with_scenario};
use tokenworks::plan::file::{print, read_plan};
use tokenworks::plan::{Month, Plan};
use tokenworks::resolved::Series;

use crate::common::sketch::{Sketch, best, chip, market, near, plans};

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

/// A chip of a year's supply, sold out, in half years, with what is added.
fn plan(sketch: Sketch) -> Plan {
    sketch
        .top("horizon", "(start: \"2027-01\", period_months: 6, periods: 6, discount_rate_fraction: 0.08)")
        .top("objective", "[MaxNpv]")
        .with("chips", "c", &chip(1.0, 6e4, 300.0, "supply_per_period: 60.0,"))
        .with("markets", "near", &market("chat", 20.0, 9.0, ""))
        .plan()
}

fn agrees(plan: &Plan, to: &str) -> Plan {
    let rolled = roll(plan, &Series::default(), month(to), &[]).unwrap();
    assert!(rolled.tail.npv_before.abs() > 1e-3, "{to}: {:?}", rolled.tail);
    assert!(rolled.tail.apart() <= 1e-6, "{to}: {:?} {:#?}\n{}", rolled.tail, rolled.said, print(&rolled.plan));
    assert!(!read_plan(&print(&rolled.plan)).has_errors());
    rolled.plan
}

#[test]
fn charges_that_escalate_go_on_from_where_they_were() {
    let tariff = "Tariff(energy_usd_per_mwh: 70.0, demand_charge_usd_per_kw_month: 9.0, fixed_usd_per_month: 20000.0, \
                  demand_charges: {\"peak\": (usd_per_kw_month: 3.0, tiers: [(up_to_mw: 0.05, usd_per_kw_month: 1.0), (usd_per_kw_month: 2.0)])}, \
                  energy_charges: {\"more\": (tiers: [(up_to_mwh: 40.0, usd_per_mwh: 1.0), (usd_per_mwh: 4.0)])}, escalation_fraction_per_year: 0.06)";
    let plan = plan(Sketch::new().grid(tariff));
    for to in ["2027-07", "2028-01", "2029-07"] {
        let rolled = agrees(&plan, to);
        let contract = rolled.contracts.values().next().unwrap();
        assert_eq!(contract.prices_as_of.map(|month| month.to_string()).as_deref(), Some("2027-01"));
    }
}

#[test]
fn offers_that_were_taken_are_taken_and_their_deposit_comes_back() {
    // Firm power of the offer is all there is from 2028-07 on; the chips ordered before wait for it.
    let site = "interconnect_mw: {\"2027-01\": 0.06}, pue: 1.0, halls: {\"hall\": (it_mw: 10.0, cooling: Liquid)}, \
                connections: {\"west\": (service: Choose({\"late\": (kind: Firm, from: \"2028-07\", at_most_mw: 0.2, \
                fee_usd_per_kw_month: 3.0, deposit_usd_per_kw: 80.0, study_usd: 1000.0)}))}";
    let plan = plan(Sketch::new().site("home", site).grid("Tariff(energy_usd_per_mwh: 70.0)"));
    assert!(best(&plan).kpis.npv_musd > 0.0);
    let mut taken = Vec::new();
    for to in ["2027-07", "2028-01", "2028-07", "2029-01"] {
        let rolled = agrees(&plan, to);
        let offer = &rolled.sites["home"].connections["west"].offers().unwrap()["late"];
        taken.push(offer.taken_mw.unwrap());
    }
    assert!(taken[0] > 0.1, "{taken:?}");
    taken.windows(2).for_each(|pair| near(pair[0], pair[1], 1e-6));
    // More than there is can't be taken.
    let wrong = print(&plan).replace("study_usd: 1000.0", "study_usd: 1000.0, taken_mw: 0.3");
    assert!(read_plan(&wrong).diagnostics.iter().any(|problem| problem.message.contains("0.3 MW of the offer")), "{wrong}");
}

/// What lives for a year and a half, or is on its way for half a year, does so in the rolled plan as well.
#[test]
fn what_was_ordered_arrives_and_ends_when_it_would_have() {
    let halls = "interconnect_mw: 1.0, pue: 1.0, halls: {\"old\": (it_mw: 0.06, cooling: Liquid)}, buildable: {\"new\": (it_mw: 0.06, \
                 cooling: Liquid, capex_usd_per_w: 1.0, lead_months: 6.0, life_years: 1.5, at_most: 4.0)}";
    let pipe = "interconnect_mw: 1.0, pue: 1.0, halls: {\"hall\": (it_mw: 10.0, cooling: Liquid)}, data_pipeline: (capacity_gtok_per_hour: \
                0.05, expand_usd_per_gtok_per_hour: 1000.0, expand_at_most_gtok_per_hour: 0.4, lead_months: 6.0, life_years: 1.5)";
    let plans = [halls, pipe].map(|site| plan(Sketch::new().site("home", site).grid("Tariff(energy_usd_per_mwh: 70.0)")));
    for plan in &plans {
        for to in ["2027-07", "2028-01", "2028-07", "2029-01", "2029-07"] {
            agrees(plan, to);
        }
    }
    let rolled = agrees(&plans[0], "2028-01");
    let ends: Vec<_> =
        rolled.sites["home"].halls.values().filter_map(|hall| Some((hall.in_service.to_string(), hall.until?.to_string()))).collect();
    assert!(ends.contains(&("2027-07".to_owned(), "2029-01".to_owned())), "{ends:?}");
    let rolled = agrees(&plans[1], "2027-07");
    let capacity = &rolled.sites["home"].data_pipeline.as_ref().unwrap().capacity_gtok_per_hour;
    // Ordered at the start: it carries for a year and a half from July 2027 on.
    let at = |text: &str| capacity.at(month(text)).unwrap();
    assert!(at("2027-07") > 0.1, "{capacity:?}");
    near(at("2029-01"), 0.05, 1e-9);
}

/// Until a month that lies in its past a hall serves never, and that is said.
#[test]
fn a_hall_that_ends_before_it_begins_is_told() {
    let halls = "interconnect_mw: 1.0, pue: 1.0, halls: {\"old\": (it_mw: 0.06, cooling: Liquid), \"gone\": (it_mw: 9.0, cooling: Liquid, in_service: \"2028-01\", until: \"2028-01\")}";
    let with = |halls: &str| best(&plan(Sketch::new().site("home", halls).grid("Tariff(energy_usd_per_mwh: 70.0)")));
    let answer = with(halls);
    assert!(answer.warnings.iter().any(|problem| problem.path == "sites.home.halls.gone.until"), "{:?}", answer.warnings);
    let alone = with("interconnect_mw: 1.0, pue: 1.0, halls: {\"old\": (it_mw: 0.06, cooling: Liquid)}");
    near(answer.kpis.npv_musd, alone.kpis.npv_musd, 1e-9);
    // For one year there is room for more: 60 kW become 120 in two periods of six.
    let year = with(&halls.replace("it_mw: 9.0", "it_mw: 0.06").replace("until: \"2028-01\"", "until: \"2029-01\""));
    assert!(year.kpis.npv_musd > alone.kpis.npv_musd + 1e-3);
    let standing: Vec<_> = year.halls.iter().filter(|hall| hall.id == "gone").map(|hall| hall.in_service.clone()).collect();
    assert_eq!(standing, [[0.0, 0.0, 1.0, 1.0, 0.0, 0.0]]);
}

/// Backup plant that a connection asks for is bought once: rolled on it stands and is paid.
#[test]
fn backup_plant_is_not_bought_again() {
    let site = "interconnect_mw: 1.0, pue: 1.0, halls: {\"hall\": (it_mw: 10.0, cooling: Liquid)}, connections: {\"late\": (backup: (mw: 0.05, \
                hours_per_year: 150.0, fuel_usd_per_mwh: 60.0, capex_usd_per_kw: 900.0, om_usd_per_kw_year: 5.0, life_years: 15.0), \
                firm_mw: 0.03, non_firm_mw: 0.4, events: Windows([(from_hour: 18, until_hour: 20)]))}";
    let plan = plan(Sketch::new().site("home", site).grid("Tariff(energy_usd_per_mwh: 70.0)"));
    for to in ["2027-07", "2028-01", "2029-01"] {
        let rolled = agrees(&plan, to);
        near(rolled.sites["home"].connections["late"].backup.as_ref().unwrap().existing_mw, 0.05, 1e-9);
    }
}

#[test]
fn a_subsidy_has_what_is_left_of_it_and_a_share_counts_what_was_ordered() {
    let plan = plan(Sketch::new().grid("Tariff(energy_usd_per_mwh: 70.0)").with(
        "policies",
        "grant",
        "CapexSubsidy(site: \"home\", rate_fraction: 0.3, ceiling_musd: 2.0)",
    ));
    // 60 chips at 60,000 $: 1.08 M$ of subsidy a period, so 0.92 M$ are left after the first.
    let rolled = agrees(&plan, "2027-07");
    let tokenworks::plan::Policy::CapexSubsidy(grant) = &rolled.policies["grant"] else { panic!("no subsidy") };
    near(grant.ceiling_musd.unwrap(), 0.92, 1e-6);
    agrees(&plan, "2028-01");
}

#[test]
fn scenarios_go_on_saying_what_they_said() {
    let mut plan = plan(Sketch::new().grid("Tariff(energy_usd_per_mwh: 70.0)"));
    apply(&mut plan, &Edit::set("markets.near.demand.chat.price_factor_per_year", "0.8")).unwrap();
    let price = "markets.near.demand.chat.segments.0.usd_per_mtok.answer";
    for (id, value) in [("dear", "12.0".to_owned()), ("falling", "Curve(from: 11.0, factor_per_year: 0.9)".to_owned())] {
        apply(&mut plan, &Edit::insert("scenarios", id, format!("(set: {{\"{price}\": {value}}})"))).unwrap();
    }
    let rolled = roll(&plan, &Series::default(), month("2028-01"), &[]).unwrap().plan;
    for id in ["dear", "falling"] {
        // What is sold for a token in 2028 is the same in both: 12 · 0.8, and 11 · 0.9 · 0.8.
        let price = |plan: &Plan, period: usize| {
            let results = best(&with_scenario(plan, id).unwrap());
            results.money[period].revenue_musd / results.tokens[period].answer_ttok
        };
        near(price(&rolled, 0), price(&plan, 2), 1e-9);
    }
}

#[test]
fn what_really_stands_counts() {
    let plan = plan(Sketch::new().grid("Tariff(energy_usd_per_mwh: 70.0)"));
    let series = Series::default();
    let to = month("2028-01");
    let rows = standing(&plan, &series, to).unwrap();
    near(rows.iter().filter(|row| row.kind == StandingKind::Chips).map(|row| row.amount).sum(), 120.0, 1e-9);
    // The table of the answer, read back, changes nothing.
    let table = to_csv(&rows);
    let again = roll(&plan, &series, to, &from_csv(&plan, &table).unwrap()).unwrap();
    assert!(again.tail.apart() <= 1e-6 && again.said.iter().any(|said| said.ends_with("as planned.")), "{:#?}", again.said);
    // Only 50 came, two months late: less is earned than planned, by as much as a plan in which so many stand says.
    let stated = from_csv(&plan, "what,site,thing,amount,month\nchips,home,c,50,2027-09\n").unwrap();
    let rolled = roll(&plan, &series, to, &stated).unwrap();
    assert!(
        rolled.is_stated && rolled.said.iter().any(|said| said == "Stated: 50.00 of the chips c at home; the plan has 120."),
        "{:#?}",
        rolled.said
    );
    let counts: Vec<f64> = rolled.plan.fleets.values().map(|fleet| fleet.count).collect();
    assert_eq!(counts, [50.0]);
    assert!(rolled.tail.npv_after < rolled.tail.npv_before, "{:?}", rolled.tail);
    // An amount of nothing: there is none.
    let none = from_csv(&plan, "what;site;thing;amount;month\nchips;home;c;0;2027-09\n").unwrap();
    assert!(roll(&plan, &series, to, &none).unwrap().plan.fleets.is_empty());
    for (table, said) in [
        ("what,site,thing,amount\nchips,home,c,1\n", "no column `month`"),
        ("what,site,thing,amount,month\nchips,hom,c,1,2027-07\n", "no site `hom`"),
        ("what,site,thing,amount,month\nchips,home,d,1,2027-07\n", "no chip `d`"),
        ("what,site,thing,amount,month\nchips,home,c,-1,2027-07\n", "`-1` is no amount"),
        ("what,site,thing,amount,month\nchips,home,c,1,July\n", "`July` is no month"),
        ("what,site,thing,amount,month\nracks,home,c,1,2027-07\n", "`racks` is nothing that can stand"),
        ("what,site,thing,amount,month\ncontract,home,grd,1,2027-07\n", "no contract there `grd`"),
        ("what,site,thing,amount,month\n", "nothing is stated"),
    ] {
        let problems = from_csv(&plan, table).unwrap_err();
        assert!(problems[0].message.contains(said) && problems[0].help.is_some(), "{said}: {problems:#?}");
    }
    let row = Standing { amount: 1.0, ..rows[0].clone() };
    assert_eq!(row.from(), Some(month("2027-01")));
}

#[test]
fn a_month_that_is_none_of_the_plan_is_refused_with_those_that_are() {
    let plan = plan(Sketch::new().grid("Tariff(energy_usd_per_mwh: 70.0)"));
    for (to, said) in
        [("2030-01", "lies after the plan's horizon"), ("2027-01", "is not after 2027-01"), ("2027-08", "lies within a period")]
    {
        let problems = roll(&plan, &Series::default(), month(to), &[]).unwrap_err();
        assert!(
            problems[0].message.contains(said) && problems[0].help.as_deref().is_some_and(|help| help.contains("2027-07")),
            "{problems:#?}"
        );
    }
}

/// Plans of which every number is drawn, of every feature that plans have; with `ROLLED=FOLDER` those of a folder.
#[test]
fn whatever_a_plan_uses_the_best_rest_stays_or_it_is_said() {
    let folder = std::env::var("ROLLED").unwrap_or_else(|_| "tests/oracle/plans".to_owned());
    let mut unexplained = Vec::new();
    let (mut exact, mut told, mut none) = (0, 0, 0);
    for (name, plan) in plans(&folder) {
        let mut plan = plan;
        if plan.horizon.periods < 2 || apply(&mut plan, &Edit::set("objective", "[MaxNpv]")).is_err() {
            continue;
        }
        let to = plan.horizon.start.plus(plan.horizon.period_months as i32);
        match roll(&plan, &Series::default(), to, &[]) {
            Ok(rolled) if rolled.tail.apart() <= 1e-6 => exact += 1,
            Ok(rolled) => {
                let is_said =
                    rolled.said.iter().any(|said| said.contains("by itself") || said.contains("ratchet") || said.contains("can stand"));
                if !is_said {
                    unexplained.push(format!("{name} to {to}: {:e} apart, {:?} {:#?}", rolled.tail.apart(), rolled.tail, rolled.said));
                }
                told += 1;
            }
            // What has no answer can't be rolled on; what had one has one still.
            Err(problems) => {
                let is_said = |help: &String| help.contains("by itself") && help.contains("not carried over");
                if problems
                    .iter()
                    .any(|problem| problem.message.starts_with("The rolled plan") && !problem.help.as_ref().is_some_and(is_said))
                {
                    unexplained.push(format!("{name} to {to}: {problems:#?}"));
                }
                none += 1;
            }
        }
    }
    assert!(unexplained.is_empty(), "{} unexplained\n{}", unexplained.len(), unexplained.join("\n"));
    println!("{exact} agree, {told} say why not, {none} have no answer");
    assert!(exact >= 4 * told.max(1), "{exact} agree, {told} say why not, {none} have no answer");
}
