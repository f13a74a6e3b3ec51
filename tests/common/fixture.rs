//! A made-up answer whose sums agree, for charts and exports: 2 sites and a place of rented chips,
//! 3 chips, 8 quarters, 3 days × 6 blocks, 6 contracts with a battery and a contract for
//! difference, 2 products, 3 markets, tokens bought from an API.

use std::sync::Arc;

use tokenworks::catalog::Evidence;
use tokenworks::finance::{Asset, Debt, Depreciation, Figures, Loss, Project, Shape, Terms};
use tokenworks::physics::throughput::Replica;
use tokenworks::physics::throughput::choose::Pools;
use tokenworks::physics::throughput::correction::Distance;
use tokenworks::physics::throughput::frontier::{Frontier, RestsOn, Speed};
use tokenworks::physics::token_cost::{Conditions, Payment, Work, token_cost};
use tokenworks::plan::Month;
use tokenworks::plan::power::KINDS;
use tokenworks::results::comparison::{Comparison, Effect, ServingPair};
use tokenworks::results::lender::{BreakEvens, Lender, Stress};
use tokenworks::results::traced::Traced;
use tokenworks::results::*;

const DAYS: [f64; 4] = [90.0, 91.0, 92.0, 92.0];

fn over(value: impl Fn(usize) -> f64) -> Vec<f64> {
    (0..8).map(value).collect()
}

/// Load of a site as a share of its IT power over the blocks of a day.
fn shape(day: usize, block: usize) -> f64 {
    [[0.78, 0.74, 0.86, 0.97, 1.0, 0.9], [0.8, 0.76, 0.9, 1.0, 0.98, 0.88], [0.72, 0.7, 0.78, 0.86, 0.85, 0.8]][day][block]
}

/// Two sellers, a price in each of three markets, and who has what of it.
/// Letters of which a third goes to one product and the others through two, in every period.
fn routed(name: &dyn Fn(&str) -> String) -> tasks::TaskRouting {
    let way = |title: &str, products: Vec<usize>, pass_fraction: f64, tokens: f64, share: f64| tasks::WayTaken {
        name: name(title),
        products,
        pass_fraction,
        answer_tokens_per_task: tokens,
        measured: share > 0.5,
        millions: over(|period| share * (30.0 + 5.0 * period as f64)),
    };
    tasks::TaskRouting {
        id: "letters".into(),
        name: name("Letters"),
        market: 0,
        millions: over(|period| 30.0 + 5.0 * period as f64),
        need_fraction: over(|_| 0.85),
        pass_fraction: over(|_| 0.85),
        answer_ttok: over(|period| 0.03 + 0.005 * period as f64),
        ways: vec![way("chat", vec![0], 0.75, 600.0, 0.33), way("chat, then batch", vec![0, 1], 0.9, 1400.0, 0.67)],
    }
}

fn traded(name: &dyn Fn(&str) -> String) -> trade::Trade {
    let seller = |id: &str, title: &str, country: &str, size: f64| trade::ActorResult {
        id: id.into(),
        name: name(title),
        country: Some(country.into()),
        answer_ttok: over(|period| size * (10.0 + period as f64)),
        quality_ttok: over(|period| size * (9.0 + period as f64)),
        exports_ttok: over(|period| 0.25 * size * (10.0 + period as f64)),
        sold_ttok: vec![over(|period| size * (10.0 + period as f64) / 3.0); 3],
        revenue_musd: over(|period| size * (30.0 - period as f64)),
        cost_musd: over(|period| size * (18.0 + 0.5 * period as f64)),
        capex_musd: over(|_| 40.0 * size),
        energy_gwh: over(|period| size * (5.0 + period as f64)),
        million_chip_hours: over(|period| size * (4.0 + period as f64)),
        made_ttok: over(|period| size * (10.0 + period as f64)),
        npv_musd: 60.0 * size,
    };
    let price = |market: usize| trade::MarketPrice {
        market,
        product: 0,
        usd_per_mtok: over(|period| 1.8 + 0.2 * market as f64 - 0.1 * period as f64).into_iter().map(Some).collect(),
        sold_ttok: over(|period| 5.0 + period as f64),
        consumer_musd: over(|period| 3.0 + period as f64),
        error_fraction: over(|_| 2e-4),
    };
    trade::Trade {
        actors: vec![seller("east", "East", "CN", 1.0), seller("west", "West", "US", 2.0)],
        prices: (0..3).map(price).collect(),
        equilibrium: Some(trade::Equilibrium {
            conduct: "Cournot",
            price_error_fraction: 2e-4,
            surplus: trade::Surplus {
                consumers_musd: vec![50.0, 40.0, 30.0],
                producers_musd: vec![60.0, 120.0],
                governments_musd: vec![("US".into(), 8.0), ("CN".into(), -3.0)],
                transfers: vec![
                    trade::Transfer { country: "US".into(), what: "duties on tokens", musd: 8.0 },
                    trade::Transfer { country: "CN".into(), what: "subsidies on power", musd: -3.0 },
                ],
            },
            lost_to_competition_musd: Some(12.0),
            replies: vec![
                trade::BestReply { actor: 0, gain_musd: 0.01, gain_fraction: 1e-4 },
                trade::BestReply { actor: 1, gain_musd: 0.0, gain_fraction: 0.0 },
            ],
        }),
    }
}

/// A fixture with the given names in place of harmless ones.
pub fn named(names: &dyn Fn(&str) -> String) -> Results {
    let periods: Vec<PeriodInfo> = (0..8)
        .map(|period| PeriodInfo {
            label: format!("{}Q{}", 2027 + period / 4, period % 4 + 1),
            start: Month::new(2027 + period as i32 / 4, (period as u32 % 4) * 3 + 1),
            days: DAYS[period % 4],
            years: DAYS[period % 4] / 365.0,
            discount: 1.08f64.powi(-(1 + period as i32 / 4)),
        })
        .collect();
    let days: Vec<DayInfo> = [("winter", 0.3), ("summer", 0.4), ("mild", 0.3)]
        .map(|(id, share)| DayInfo { id: id.into(), days: periods.iter().map(|period| period.days * share).collect() })
        .to_vec();
    let slices: Vec<SliceInfo> = (0..18)
        .map(|slice| SliceInfo {
            day: slice / 6,
            start_hour: (slice % 6) as f64 * 4.0,
            block_hours: 4.0,
            hours: days[slice / 6].days.iter().map(|days| days * 4.0).collect(),
        })
        .collect();
    let site = |id: &str, name: &str, country: &str, latitude: f64, longitude: f64, interconnect: [f64; 2], rented: bool| SiteInfo {
        id: id.into(),
        name: names(name),
        country: country.into(),
        latitude,
        longitude,
        interconnect_mw: over(|period| interconnect[usize::from(period >= 4)]),
        rented,
    };
    let sites = vec![
        site("abilene", "Abilene", "US", 32.45, -99.73, [200.0, 450.0], false),
        site("lulea", "Luleå", "SE", 65.58, 22.15, [140.0, 140.0], false),
        site("cloud-frankfurt", "Cloud, Frankfurt", "DE", 50.11, 8.68, [0.0, 0.0], true),
    ];
    let named = |id: &str, name: &str| Named { id: id.into(), name: names(name) };
    let chips = vec![named("gb200", "GB200 NVL72"), named("h100", "H100 SXM"), named("vr200", "VR200 NVL144")];
    let products = vec![named("chat", "Chat"), named("batch", "Batch")];
    let market = |id: &str, name: &str, country: &str, latitude: f64, longitude: f64| MarketInfo {
        id: id.into(),
        name: names(name),
        country: country.into(),
        latitude,
        longitude,
        single_price: false,
    };
    let markets = vec![
        market("us", "US Central", "US", 41.26, -95.94),
        market("eu", "Europe", "DE", 50.1, 8.7),
        market("br", "Brazil", "BR", -23.5, -46.6),
    ];

    // Chips: kW all-in, Ttok per 1,000 chips and quarter.
    let fleet_of = |site: usize, chip: usize, existing: f64, orders: &[(usize, f64)], rented: f64| {
        let kw = [1.9, 1.4, 2.6][chip];
        let rate = [0.062, 0.021, 0.135][chip];
        let ordered = over(|period| orders.iter().filter(|(at, _)| *at == period).map(|(_, count)| *count).sum());
        let arrivals = over(|period| if period >= 2 { ordered[period - 2] } else { 0.0 });
        let in_service = over(|period| existing + arrivals[..=period].iter().sum::<f64>());
        let utilisation = over(|period| 0.71 + 0.02 * period as f64 - 0.05 * chip as f64);
        let working = over(|period| in_service[period] + rented);
        ChipsAt {
            site,
            chip,
            answer_ttok: (0..8)
                .map(|period| {
                    let tokens = working[period] / 1000.0 * rate * utilisation[period] * periods[period].days;
                    vec![tokens * 0.7, tokens * 0.3]
                })
                .collect(),
            all_in_mw: over(|period| in_service[period] * kw / 1000.0),
            racks: over(|period| in_service[period] / 72.0),
            rented: over(|_| rented),
            orders: ordered,
            arrivals,
            in_service,
            utilisation,
        }
    };
    let fleet = vec![
        fleet_of(0, 0, 0.0, &[(0, 36_000.0), (1, 28_800.0)], 0.0),
        fleet_of(0, 1, 16_384.0, &[], 0.0),
        fleet_of(0, 2, 0.0, &[(3, 14_400.0), (4, 21_600.0), (5, 28_800.0)], 0.0),
        fleet_of(1, 0, 14_400.0, &[(1, 21_600.0)], 0.0),
        fleet_of(1, 1, 8_192.0, &[], 0.0),
        fleet_of(2, 1, 0.0, &[], 4_096.0),
    ];

    let halls = vec![
        HallsAt {
            site: 0,
            id: "building-1".into(),
            existing: true,
            it_mw: 60.0,
            liquid: false,
            rack_positions: Some(600.0),
            orders: over(|_| 0.0),
            in_service: over(|_| 1.0),
        },
        HallsAt {
            site: 0,
            id: "liquid-48".into(),
            existing: false,
            it_mw: 48.0,
            liquid: true,
            rack_positions: None,
            orders: over(|period| [2.0, 1.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0][period]),
            in_service: over(|period| [0.0, 0.0, 2.0, 3.0, 3.0, 4.0, 6.0, 6.0][period]),
        },
        HallsAt {
            site: 1,
            id: "north".into(),
            existing: true,
            it_mw: 90.0,
            liquid: true,
            rack_positions: Some(900.0),
            orders: over(|_| 0.0),
            in_service: over(|_| 1.0),
        },
    ];

    // Power: load, then contracts fill it.
    let mut power = Vec::new();
    let mut contracts: Vec<ContractInfo> = Vec::new();
    let blank = |id: &str, site: usize, kind: &str, renewable: bool| ContractInfo {
        id: names(id),
        site,
        kind: KINDS.iter().find(|known| known.variant == kind).unwrap(),
        renewable,
        contracted: over(|_| 0.0),
        hours: 1.0,
        draw_mw: vec![vec![0.0; 18]; 8],
        certificates_mw: Vec::new(),
        losses_mw: Vec::new(),
        energy_gwh: over(|_| 0.0),
        certificates_gwh: over(|_| 0.0),
        surplus_gwh: over(|_| 0.0),
        cost_musd: over(|_| 0.0),
        carbon_kt: over(|_| 0.0),
        charge_state_mwh: Vec::new(),
        peak_mw: over(|_| 0.0),
    };
    for (site, pue) in [(0, 1.18), (1, 1.08)] {
        let mut nuclear = blank("nuclear", site, "Baseload", false);
        let mut wind = blank(if site == 0 { "wind-ppa" } else { "hydro" }, site, "PayAsProduced", true);
        let mut sun = blank("solar-ppa", site, "PayAsProduced", true);
        let mut grid = blank(if site == 0 { "grid-tariff" } else { "grid-north" }, site, "Tariff", false);
        let mut battery = blank("battery", site, "Battery", false);
        battery.losses_mw.clone_from(&battery.draw_mw);
        let mut load_mw = vec![vec![0.0; 18]; 8];
        let mut it_mw = load_mw.clone();
        let mut through = load_mw.clone();
        for period in 0..8 {
            let chips: f64 = fleet.iter().filter(|fleet| fleet.site == site).map(|fleet| fleet.all_in_mw[period]).sum();
            for slice in 0..18 {
                let (day, block) = (slice / 6, slice % 6);
                let it = chips * shape(day, block);
                let load = it * pue;
                let sunlight: f64 = [0.0_f64, 0.1, 0.75, 0.9, 0.35, 0.0][block] * [0.6, 1.0, 0.8][day];
                let mut left = load;
                if site == 0 {
                    battery.draw_mw[period][slice] = if period < 2 { 0.0 } else { [0.0, 0.0, -12.0, -14.0, 23.4, 0.0][block] };
                    battery.losses_mw[period][slice] = (-battery.draw_mw[period][slice]).max(0.0) * 0.1;
                    left -= battery.draw_mw[period][slice];
                    nuclear.draw_mw[period][slice] = if period >= 4 { 60.0_f64.min(left) } else { 0.0 };
                    sun.draw_mw[period][slice] = (90.0 * sunlight).min(left - nuclear.draw_mw[period][slice]);
                }
                wind.draw_mw[period][slice] = ([50.0_f64, 55.0, 35.0, 25.0, 40.0, 60.0][block] * if site == 0 { 1.0 } else { 1.3 })
                    .min(left - nuclear.draw_mw[period][slice] - sun.draw_mw[period][slice]);
                grid.draw_mw[period][slice] =
                    left - nuclear.draw_mw[period][slice] - sun.draw_mw[period][slice] - wind.draw_mw[period][slice];
                it_mw[period][slice] = it;
                load_mw[period][slice] = load;
                through[period][slice] = left;
            }
        }
        let energy = |draw: &[Vec<f64>]| {
            over(|period| (0..18).map(|slice| draw[period][slice].max(0.0) * slices[slice].hours[period] / 1000.0).sum())
        };
        power.push(SitePower {
            energy_gwh: energy(&load_mw),
            load_mw,
            it_mw,
            interconnect_mw: through,
            water_ml: over(|period| 12.0 + period as f64),
        });
        let kept: Vec<(ContractInfo, f64, f64)> = if site == 0 {
            vec![(grid, 52.0, 0.38), (wind, 38.0, 0.0), (sun, 31.0, 0.0), (nuclear, 74.0, 0.0), (battery, 4.0, 0.0)]
        } else {
            vec![(grid, 41.0, 0.02), (wind, 33.0, 0.0)]
        };
        for (mut contract, price, carbon) in kept {
            contract.energy_gwh = energy(&contract.draw_mw);
            contract.cost_musd = contract.energy_gwh.iter().map(|gwh| gwh * price / 1000.0).collect();
            contract.carbon_kt = contract.energy_gwh.iter().map(|gwh| gwh * carbon).collect();
            contract.peak_mw = contract.draw_mw.iter().map(|draws| draws.iter().copied().fold(0.0, f64::max)).collect();
            contract.contracted.clone_from(&contract.peak_mw);
            if contract.kind.role == Role::Store {
                contract.charge_state_mwh = vec![(0..18).map(|slice| [0.0, 0.0, 0.0, 46.0, 99.0, 0.0][slice % 6]).collect(); 8];
            }
            contracts.push(contract);
        }
    }
    power.push(SitePower {
        load_mw: vec![vec![0.0; 18]; 8],
        it_mw: vec![vec![0.0; 18]; 8],
        interconnect_mw: vec![vec![0.0; 18]; 8],
        energy_gwh: over(|_| 0.0),
        water_ml: over(|_| 0.0),
    });

    // Flows: each site serves markets in fixed shares; some tokens are bought.
    let mut flows = Vec::new();
    for (site, shares) in [(0, [0.7, 0.0, 0.3]), (1, [0.0, 1.0, 0.0]), (2, [0.0, 1.0, 0.0])] {
        for product in 0..2 {
            for (market, share) in shares.into_iter().enumerate().filter(|(_, share)| *share > 0.0) {
                let made = over(|period| {
                    fleet.iter().filter(|fleet| fleet.site == site).map(|fleet| fleet.answer_ttok[period][product]).sum::<f64>() * share
                });
                flows.push(Flow {
                    site: Some(site),
                    purchase: None,
                    product,
                    market,
                    gtok_per_hour: (0..8).map(|period| vec![made[period] * 1000.0 / (periods[period].days * 24.0); 18]).collect(),
                    answer_ttok: made,
                });
            }
        }
    }
    let bought = over(|period| if period < 4 { 4.0 } else { 1.5 });
    flows.push(Flow {
        site: None,
        purchase: Some(names("api-frontier")),
        product: 0,
        market: 0,
        gtok_per_hour: (0..8).map(|period| vec![bought[period] * 1000.0 / (periods[period].days * 24.0); 18]).collect(),
        answer_ttok: bought.clone(),
    });

    let mut sales = Vec::new();
    for market in 0..3 {
        for product in 0..2 {
            for (segment, (share, price)) in [(0.6, 2.4), (0.4, 1.3)].into_iter().enumerate() {
                let price = price * if product == 0 { 1.0 } else { 0.5 };
                let sold = over(|period| {
                    flows
                        .iter()
                        .filter(|flow| flow.market == market && flow.product == product)
                        .map(|flow| flow.answer_ttok[period])
                        .sum::<f64>()
                        * share
                });
                if sold.iter().sum::<f64>() > 0.0 {
                    sales.push(Sale {
                        market,
                        product,
                        segment,
                        of_tasks: false,
                        usd_per_mtok: vec![price; sold.len()],
                        volume_ttok: sold.iter().map(|sold| sold * if segment == 0 { 1.0 } else { 1.4 }).collect(),
                        revenue_musd: sold.iter().map(|sold| sold * price).collect(),
                        sold_ttok: sold,
                    });
                }
            }
        }
    }

    let tokens = over(|period| flows.iter().map(|flow| flow.answer_ttok[period]).sum());
    let capex = over(|period| {
        fleet.iter().map(|fleet| fleet.orders[period] * [0.048, 0.03, 0.075][fleet.chip]).sum::<f64>()
            + halls.iter().map(|hall| hall.orders[period] * hall.it_mw * 9.5).sum::<f64>()
    });
    let mut annuity = 0.0;
    let money: Vec<PeriodMoney> = (0..8)
        .map(|period| {
            annuity += capex[period] * 0.066;
            let power: f64 = contracts.iter().map(|contract| contract.cost_musd[period]).sum();
            let cost_musd = [
                annuity * 0.74,
                annuity * 0.24,
                annuity * 0.02,
                power,
                18.0 + 2.0 * period as f64,
                4.096 * 2.0 * 24.0 * periods[period].days / 1000.0,
                bought[period] * 1.9,
                tokens[period] * 0.02,
                tokens[period] * 0.011,
                contracts.iter().map(|contract| contract.carbon_kt[period]).sum::<f64>() * 0.03,
            ];
            PeriodMoney {
                cost_musd,
                revenue_musd: sales.iter().map(|sale: &Sale| sale.revenue_musd[period]).sum(),
                capex_musd: capex[period],
                capital_musd: capex[period],
                opex_musd: cost_musd[3..].iter().sum(),
                chip_duty_musd: capex[period] * 0.01,
                subsidy_musd: 0.0,
                unpaid_annuities_musd: capex[period] * 0.5,
            }
        })
        .collect();

    let bind = |path: &str,
                period: Option<usize>,
                site: Option<usize>,
                family: &'static str,
                limit: f64,
                limit_unit: &'static str,
                dual: f64,
                range: Option<[f64; 2]>| Binding {
        path: names(path),
        period: period.map_or(String::new(), |period| periods[period].label.clone()),
        period_index: period,
        site,
        family,
        limit,
        limit_unit,
        dual,
        unit: format!("Ttok per {limit_unit}"),
        dual_musd: Some(dual * 0.9),
        range,
        limit_index: None,
        less: None,
        less_musd: None,
        is_npv: false,
        stable: true,
        subject: path.to_owned(),
        fact: true,
        sentence: names(&format!("One more {limit_unit} of {path} is worth {dual:.2} Ttok.")),
    };
    let mut binding = Vec::new();
    for period in 0..8 {
        if (4..7).contains(&period) {
            binding.push(bind(
                "sites.abilene.interconnect_mw",
                Some(period),
                Some(0),
                "interconnect",
                450.0,
                "MW",
                0.05 + 0.02 * period as f64,
                Some([430.0, 488.0]),
            ));
        }
        if period < 3 {
            binding.push(bind(
                "chips.gb200.supply",
                Some(period),
                None,
                "chip_supply",
                36.0,
                "thousand chips",
                0.6 - 0.1 * period as f64,
                Some([30.0, 41.0]),
            ));
        }
        if period >= 3 {
            binding.push(bind(
                "sites.lulea.halls.north.it_mw",
                Some(period),
                Some(1),
                "hall_capacity",
                90.0,
                "MW",
                0.03 + 0.01 * period as f64,
                None,
            ));
        }
        if period < 2 || period == 7 {
            binding.push(bind("markets.us.demand.chat", Some(period), Some(0), "demand", 80.0, "Gtok per day", 0.08, None));
        }
        if (1..3).contains(&period) {
            binding.push(bind("sites.abilene.halls.building-1.it_mw", Some(period), Some(0), "hall_capacity", 60.0, "MW", 0.21, None));
        }
    }
    binding.push(bind("budget.capex_musd", None, None, "budget", 14_000.0, "M$", 0.004, Some([12_500.0, 14_900.0])));

    let mut kpis = Kpis::default();
    let years: f64 = periods.iter().map(|period| period.years).sum();
    let counted: Vec<PeriodTokens> = tokens
        .iter()
        .zip(&bought)
        .map(|(sold, bought)| PeriodTokens { answer_ttok: sold - bought, quality_ttok: (sold - bought) * 1.12, bought_ttok: *bought })
        .collect();
    kpis.answer_tokens_ttok = counted.iter().map(|tokens| tokens.answer_ttok).sum();
    kpis.quality_tokens_ttok = counted.iter().map(|tokens| tokens.quality_ttok).sum();
    kpis.bought_tokens_ttok = bought.iter().sum();
    kpis.answer_tokens_ttok_per_year = kpis.answer_tokens_ttok / years;
    for (money, period) in money.iter().zip(&periods) {
        kpis.cost_npv_musd += money.cost_total_musd() * period.discount;
        kpis.revenue_npv_musd += money.revenue_musd * period.discount;
        kpis.capex_musd += money.capex_musd;
    }
    kpis.npv_musd = kpis.revenue_npv_musd - kpis.cost_npv_musd;
    let discounted: f64 = counted.iter().zip(&periods).map(|(tokens, period)| tokens.quality_ttok * period.discount).sum();
    kpis.cost_usd_per_mtok = kpis.cost_npv_musd / discounted;
    kpis.cost_usd_per_raw_mtok = kpis.cost_usd_per_mtok * 1.12;
    kpis.end_value_musd = money.iter().map(|money| money.unpaid_annuities_musd).sum();
    kpis.end_value_npv_musd = kpis.end_value_musd * 1.08f64.powi(-2);
    kpis.load_gwh = power.iter().flat_map(|power| &power.energy_gwh).sum();
    kpis.energy_gwh =
        contracts.iter().filter(|contract| contract.kind.role == Role::Energy).flat_map(|contract| &contract.energy_gwh).sum();
    kpis.peak_mw = (0..8)
        .flat_map(|period| (0..18).map(move |slice| (period, slice)))
        .map(|(period, slice)| power.iter().map(|power| power.load_mw[period][slice]).sum::<f64>())
        .fold(0.0, f64::max);
    kpis.tokens_per_kwh = kpis.answer_tokens_ttok * 1e12 / (kpis.load_gwh * 1e6);
    kpis.tok_per_s_per_mw = kpis.tokens_per_kwh / 3.6;
    kpis.carbon_kt = contracts.iter().flat_map(|contract| &contract.carbon_kt).sum();
    kpis.carbon_g_per_mtok = kpis.carbon_kt * 1e9 / (kpis.answer_tokens_ttok * 1e6);
    kpis.water_ml = power.iter().flat_map(|power| &power.water_ml).sum();
    kpis.renewable_fraction = 0.47;

    Results {
        lender: Some(financed()),
        bills: Vec::new(),
        connections: Vec::new(),
        shed: Vec::new(),
        losses: Vec::new(),
        plan_name: names("Abilene campus, 2027 to 2028"),
        plan_sha256: "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f809".into(),
        scenario_name: names("late-grid"),
        status: Status::Optimal,
        phases: vec![
            PhaseValue { name: "tokens".into(), value: kpis.quality_tokens_ttok, unit: "Ttok".into() },
            PhaseValue { name: "cost".into(), value: kpis.cost_npv_musd, unit: "MUSD".into() },
            PhaseValue { name: "revenue".into(), value: kpis.revenue_npv_musd, unit: "MUSD".into() },
        ],
        kpis,
        periods,
        days,
        slices,
        sites,
        chips,
        products,
        markets,
        contracts,
        fleet,
        halls,
        flows,
        sales,
        power,
        money,
        tokens: counted,
        fractions: fractions::Fractions::default(),
        chip_hours: Vec::new(),
        unreached: Vec::new(),
        trade: traded(names),
        routing: vec![routed(names)],
        traced: Traced::default(),
        decisions: Vec::new(),
        capex_limit_musd: over(|_| 2_400.0),
        binding,
        give_up: None,
        entry_prices: Vec::new(),
        conflict: Vec::new(),
        message: String::new(),
        certificate: Certificate {
            max_row_residual: 3e-9,
            max_bound_residual: 0.0,
            max_dual_residual: 4e-10,
            relative_gap: 2e-10,
            checked: true,
        },
        serving: Vec::new(),
        evidence: EvidenceShares { measured: 0.72, calibrated: 0.18, modelled: 0.1, unproven: 0.0, stated: 0.0 },
        comparison: comparison(),
        unneeded_energy: Vec::new(),
        warnings: Vec::new(),
        solver: SolverInfo {
            name: "HiGHS".into(),
            version: "1.11.0".into(),
            columns: 9_902,
            rows: 7_214,
            nonzeros: 41_380,
            build_ms: 12.0,
            solve_ms: 640.0,
            iterations: 5_120,
        },
        energy_residual_mw: 2e-9,
    }
}

/// Three chips, two products: measured, calibrated and stated, one of them rented too.
fn comparison() -> Comparison {
    let conditions = Conditions { pue: 1.12, power_usd_per_mwh: 61.0 };
    let pair = |chip: usize, product: usize, rate: f64, evidence: Evidence| {
        let kw = [1.9, 1.4, 2.6][chip];
        let work = Work { active_kw: kw, idle_kw: 0.35 * kw, availability: 0.95, busy: [0.8, 1.0][product] };
        let bought = Payment::bought([43_000.0, 31_000.0, 66_000.0][chip], 900.0, 0.08, 0.5, 5.0);
        let mut costs = vec![(None, token_cost(rate, work, bought, conditions).unwrap())];
        if chip == 1 {
            costs.push((Some("cloud-frankfurt".into()), token_cost(rate, work, Payment::Rented(2.4), conditions).unwrap()));
        }
        let speed = |tpot_ms: f64, share: f64, evidence| Speed { tpot_ms, answer_tok_per_s: rate * share, evidence, band_fraction: 0.2 };
        let frontier = if evidence == Evidence::Stated {
            Frontier::default()
        } else {
            Frontier {
                curve: vec![
                    speed(10.0, 0.15, evidence),
                    speed(25.0, 0.6, evidence),
                    speed(50.0, 1.0, evidence),
                    speed(100.0, 1.3, evidence),
                ],
                measured: vec![speed(22.0, 0.5, Evidence::Measured), speed(48.0, 0.97, Evidence::Measured)],
                measured_tokens: Some((1024.0, 1024.0)),
                rests_on: vec![RestsOn {
                    ran: "this served model on this chip".into(),
                    engine: "an engine".into(),
                    date: "2026-05".into(),
                    tokens: Some((1024.0, 1024.0)),
                    pools: Some(Pools::One),
                    rows: 12,
                    distance: Distance::SamePair,
                    length_factors: Some((0.25, 1.0)),
                    source: "a made-up benchmark".into(),
                }],
                refused: None,
            }
        };
        ServingPair {
            chip,
            product,
            answer_tok_per_s: rate,
            evidence,
            band_fraction: if evidence == Evidence::Stated { 0.0 } else { 0.25 },
            tpot_ms: (evidence != Evidence::Stated).then_some(50.0),
            configuration: "8 chips per replica".into(),
            source: "a made-up benchmark".into(),
            replica: Replica::one_pool(8.0),
            known_misses: Vec::new(),
            made_ttok: [3.0, 1.0][product] / (1.0 + chip as f64),
            costs,
            frontier: Arc::new(frontier),
        }
    };
    Comparison {
        conditions: Some(conditions),
        from_answer: true,
        pairs: vec![
            pair(0, 0, 950.0, Evidence::Measured),
            pair(0, 1, 4_100.0, Evidence::Measured),
            pair(1, 0, 310.0, Evidence::Calibrated),
            pair(1, 1, 1_450.0, Evidence::Stated),
            pair(2, 0, 2_300.0, Evidence::Calibrated),
        ],
        effects: vec![Effect {
            path: "throughput.gb200-chat".into(),
            value: 1200.0,
            unit: "answer tok/s per chip, decoding",
            grade: "measured".into(),
            band: 0.1,
            first: [-0.06, 0.05],
            cost_musd: [0.0, 0.0],
        }],
    }
}

/// The fixture.
pub fn results() -> Results {
    named(&|name| name.to_owned())
}

/// The fixture with names that try to break every format.
pub fn hostile() -> Results {
    let bad = [
        "=1+1",
        "<script>alert(1)</script>",
        "../x",
        "&\"'",
        "@SUM(A1)",
        "-2+3",
        "\tTab\u{1}",
        "名前の長いデータセンター拠点が続く",
        "]]>",
        "+cmd|' /C calc'!A0",
        "two\nlines",
        "\u{202e}txt.exe",
        "עברית",
    ];
    let count = std::cell::Cell::new(0);
    named(&|_| {
        count.set(count.get() + 1);
        format!("{} {}", bad[count.get() % bad.len()], count.get())
    })
}

/// An answer that is none.
pub fn infeasible() -> Results {
    let mut results = results();
    results.status = Status::Infeasible;
    results.kpis = Kpis::default();
    results.fleet.clear();
    results.halls.clear();
    results.flows.clear();
    results.sales.clear();
    results.trade = trade::Trade::default();
    results.power.clear();
    results.money.clear();
    results.contracts.clear();
    results.binding.clear();
    results.conflict = vec![Give {
        path: "sites.abilene.interconnect_mw".into(),
        give: 12.5,
        unit: "MW",
        value: 200.0,
        sentence: "The interconnect of Abilene must give 12.5 MW.".into(),
    }];
    results
}

/// A made-up project of two years under debt and tax: 400 M$ bought, 380 and 320 M$ a year less 60.
fn financed() -> Lender {
    let chips = Asset {
        cost: 400.0,
        paid_years: 0.0,
        serves_years: 0.0,
        depreciation: Depreciation::Macrs5,
        end_value: 90.0,
        credit_fraction: 0.0,
        credit_basis_fraction: 0.0,
    };
    let project =
        Project { revenue: vec![380.0, 320.0], opex: vec![60.0, 60.0], credits: vec![0.0, 0.0], assets: vec![chips], end_years: 2.0 };
    let debt = Debt::Share { fraction: 0.5, rate: 0.08, years: 2, grace: 0, shape: Shape::Annuity, fee: 0.01 };
    let terms = Terms { tax: 0.21, loss: Loss::CarryForward, debt, equity_return: 0.15, ..Terms::plain(0.08) };
    let made = tokenworks::finance::statement(&project, &terms);
    Lender {
        years: vec!["start 2027-01".into(), "2027".into(), "2028".into()],
        figures: Figures::of(&project, &terms, &made),
        lcot_usd_per_mtok: Some(0.9),
        lcoc_usd_per_chip_hour: Some(2.1),
        break_evens: BreakEvens { least_price_factor: Some(0.7), most_chip_cost_factor: Some(1.5), price_factor_per_year: Some(0.42) },
        repricing: vec![(1.0, 120.0), (0.7, 70.0), (0.4, -5.0), (0.2, -60.0)],
        solved_again: Vec::new(),
        stresses: vec![Stress {
            name: "prices 30 % lower".into(),
            dscr_least: Some(1.1),
            irr_of_owners_fraction: Some(0.08),
            npv_of_owners_musd: -12.0,
        }],
        covenant_dscr: Some(1.25),
        end_value_musd: 90.0,
        unpaid_annuities_musd: 110.0,
        statement: made,
        project,
        terms,
    }
}

/// What every period of an answer in JSON has, for whoever reads it.
pub const PERIOD_KEYS: [&str; 10] = [
    "label",
    "answer_tokens_ttok",
    "chips_in_service",
    "orders",
    "halls",
    "power_mw",
    "energy_gwh",
    "served_ttok",
    "capex_musd",
    "opex_musd",
];
