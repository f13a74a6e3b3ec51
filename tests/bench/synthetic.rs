//! A capacity plan in the shape of ours: chips ordered under a budget, halls, power contracts by slice,
//! work by chip, product and slice, routes by day, sales in segments. Numbers are seeded, not real.

#![expect(
    clippy::unwrap_used,
    clippy::needless_range_loop,
    reason = "a test that cannot go on says so; indices are the language of the formulation"
)]

use tokenworks::formulation::program::{Col, Key, NO_INDEX, Program, RowIx, Sense, Symbol};

use crate::solver::direct::Build;

/// How large.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub sites: usize,
    pub chips: usize,
    pub products: usize,
    pub markets: usize,
    pub contracts: usize,
    pub periods: usize,
    pub days: usize,
    pub blocks: usize,
}

impl Size {
    /// For tests that solve hundreds of them.
    pub const TINY: Self = Self { sites: 1, chips: 2, products: 1, markets: 2, contracts: 2, periods: 3, days: 1, blocks: 3 };
    pub const SMALL: Self = Self { sites: 2, chips: 2, products: 2, markets: 2, contracts: 3, periods: 4, days: 2, blocks: 4 };
    pub const LIVE: Self = Self { sites: 2, chips: 3, products: 3, markets: 3, contracts: 4, periods: 16, days: 5, blocks: 4 };
    pub const HOURLY: Self = Self { sites: 2, chips: 3, products: 3, markets: 3, contracts: 4, periods: 16, days: 5, blocks: 24 };
    pub const FINE: Self = Self { sites: 2, chips: 3, products: 3, markets: 3, contracts: 4, periods: 16, days: 5, blocks: 6 };
}

/// What was edited.
#[derive(Clone, Copy, Debug)]
pub enum Edit {
    Budget,
    ChipPrice,
    Demand,
    Interconnect,
    EnergyPrice,
    HallMw,
}

/// The numbers of a plan.
#[derive(Clone, Debug)]
pub struct Synthetic {
    pub size: Size,
    pub seed: u64,
    pub budget: Vec<f64>,
    pub chip_price: Vec<f64>,
    pub demand: Vec<f64>,
    pub interconnect: Vec<f64>,
    pub energy_price: Vec<f64>,
    pub hall_mw: Vec<f64>,
}

/// A small seeded generator of numbers in [0, 1).
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }
}

impl Synthetic {
    pub fn new(size: Size) -> Self {
        let mut random = Random(7);
        Self {
            size,
            seed: 11,
            budget: (0..size.periods).map(|period| 300.0 + 40.0 * period as f64).collect(),
            chip_price: (0..size.chips).map(|chip| 25.0 + 8.0 * chip as f64).collect(),
            demand: (0..size.products * size.markets).map(|_| random.between(2.0, 8.0)).collect(),
            interconnect: (0..size.sites).map(|site| 90.0 + 60.0 * site as f64).collect(),
            energy_price: (0..size.contracts).map(|contract| 40.0 + 15.0 * contract as f64).collect(),
            hall_mw: (0..size.sites).map(|site| 60.0 + 40.0 * site as f64).collect(),
        }
    }

    /// Makes an edit as a hand on a slider would.
    pub fn edit(&mut self, step: usize) -> Edit {
        let factor = 1.0 + 0.01 * ((step / 6) as f64 + 1.0) * if step.is_multiple_of(2) { 1.0 } else { -1.0 };
        match step % 6 {
            0 => {
                self.budget.iter_mut().for_each(|budget| *budget *= factor);
                Edit::Budget
            }
            1 => {
                self.chip_price[0] *= factor;
                Edit::ChipPrice
            }
            2 => {
                self.demand[0] *= factor;
                Edit::Demand
            }
            3 => {
                self.interconnect[0] *= factor;
                Edit::Interconnect
            }
            4 => {
                self.energy_price[0] *= factor;
                Edit::EnergyPrice
            }
            _ => {
                self.hall_mw[0] *= factor;
                Edit::HallMw
            }
        }
    }

    /// The finished program.
    pub fn program(&self) -> Program {
        let Size { sites, chips, products, markets, contracts, periods, days, blocks } = self.size;
        let slices = days * blocks;
        let mut random = Random(self.seed);
        let mut build = Build::new();
        let key = |noun, entities: [usize; 4], period: usize, slice: Option<usize>| Key {
            noun,
            entities: entities.map(|entity| Symbol(entity as u64 + 1)),
            period: period as u32,
            slice: slice.map_or(NO_INDEX, |slice| slice as u32),
            future: Symbol::NONE,
        };
        let (mut tokens, mut cost, mut revenue) = (Vec::new(), Vec::new(), Vec::new());
        let days_of: Vec<f64> = (0..days).map(|_| random.between(10.0, 30.0)).collect();
        let shape: Vec<f64> = (0..slices).map(|_| random.between(0.6, 1.0)).collect();
        let supply: Vec<f64> = (0..sites * contracts * slices).map(|_| random.between(0.2, 1.0)).collect();
        let price_of_day: Vec<f64> = (0..slices).map(|_| random.between(0.5, 1.8)).collect();
        let speed: Vec<f64> = (0..chips * products).map(|_| random.between(0.8, 2.5)).collect();
        let egress: Vec<f64> = (0..sites * markets).map(|_| random.between(0.0, 0.02)).collect();
        let hours = 24.0 / blocks as f64;
        // Sales by product, market, period and segment.
        let mut sales: Vec<Vec<Col>> = Vec::new();
        for product in 0..products {
            for market in 0..markets {
                for period in 0..periods {
                    let mut of_market = Vec::new();
                    for segment in 0..3 {
                        let most = self.demand[product * markets + market] * (1.0 + 0.05 * period as f64) / 3.0 * [0.5, 1.0, 2.0][segment];
                        let sold = build.column("sold", 0.0, most);
                        rename(&mut build.program, key("sold", [product, market, segment, 0], period, None));
                        tokens.push((sold, 1.0));
                        revenue.push((sold, [9.0, 5.0, 2.0][segment] * (1.0 - 0.02 * period as f64)));
                        of_market.push(sold);
                    }
                    sales.push(of_market);
                }
            }
        }
        let mut delivered: Vec<Vec<(Col, f64)>> = vec![Vec::new(); sales.len()];
        let mut spent: Vec<Vec<(Col, f64)>> = vec![Vec::new(); periods];
        for site in 0..sites {
            let mut services: Vec<Vec<Col>> = Vec::new();
            for chip in 0..chips {
                let mut service_before: Option<Col> = None;
                let mut orders: Vec<Col> = Vec::new();
                let mut of_chip = Vec::new();
                for period in 0..periods {
                    let order = build.column("chips_ordered", 0.0, 40.0);
                    rename(&mut build.program, key("chips_ordered", [site, chip, 0, 0], period, None));
                    let service = build.column("in_service", 0.0, f64::INFINITY);
                    rename(&mut build.program, key("in_service", [site, chip, 0, 0], period, None));
                    spent[period].push((order, self.chip_price[chip]));
                    let discount = 0.98_f64.powf(period as f64);
                    cost.push((order, self.chip_price[chip] * 0.0625 * discount * (periods - period) as f64));
                    cost.push((service, 0.4 * discount));
                    orders.push(order);
                    let mut terms = vec![(service, 1.0)];
                    terms.extend(service_before.map(|before| (before, -1.0)));
                    // One period to deliver.
                    terms.extend(period.checked_sub(1).map(|ordered| (orders[ordered], -1.0)));
                    let existing = if period == 0 && chip == 0 { 5.0 } else { 0.0 };
                    let row = build.equal("fleet", &terms, existing);
                    name_row(&mut build.program, row, key("fleet", [site, chip, 0, 0], period, None));
                    service_before = Some(service);
                    of_chip.push(service);
                }
                services.push(of_chip);
            }
            for period in 0..periods {
                let discount = 0.98_f64.powf(period as f64);
                let mw_of_chip = |chip: usize| 1.6 - 0.2 * chip as f64;
                let hall: Vec<(Col, f64)> = (0..chips).map(|chip| (services[chip][period], mw_of_chip(chip))).collect();
                let row = build.at_most("hall_capacity", &hall, self.hall_mw[site]);
                name_row(&mut build.program, row, key("hall_capacity", [site, 0, 0, 0], period, None));
                build.limit(row, "sites.s.halls.it_mw", self.hall_mw[site], 1.0);
                let mut made: Vec<Vec<(Col, f64)>> = vec![Vec::new(); products * days];
                for slice in 0..slices {
                    let day = slice / blocks;
                    let mut balance: Vec<(Col, f64)> =
                        (0..chips).map(|chip| (services[chip][period], -0.3 * 1.2 * mw_of_chip(chip))).collect();
                    for chip in 0..chips {
                        let mut busy = vec![(services[chip][period], -0.95)];
                        for product in 0..products {
                            let work = build.column("work", 0.0, f64::INFINITY);
                            rename(&mut build.program, key("work", [site, chip, product, 0], period, Some(slice)));
                            busy.push((work, 1.0));
                            balance.push((work, -0.7 * 1.2 * mw_of_chip(chip)));
                            made[product * days + day]
                                .push((work, speed[chip * products + product] * hours * days_of[day] * 1e-3 * shape[slice]));
                        }
                        let row = build.at_most("busy", &busy, 0.0);
                        name_row(&mut build.program, row, key("busy", [site, chip, 0, 0], period, Some(slice)));
                    }
                    for contract in 0..contracts {
                        let most = supply[(site * contracts + contract) * slices + slice] * self.interconnect[site] * 0.5;
                        let draw = build.column("draw", 0.0, most);
                        rename(&mut build.program, key("draw", [site, contract, 0, 0], period, Some(slice)));
                        balance.push((draw, 1.0));
                        cost.push((draw, self.energy_price[contract] * price_of_day[slice] * hours * days_of[day] * 1e-6 * discount));
                    }
                    let row = build.at_least("balance", &balance, 0.0);
                    name_row(&mut build.program, row, key("balance", [site, 0, 0, 0], period, Some(slice)));
                }
                for product in 0..products {
                    for day in 0..days {
                        let mut terms = made[product * days + day].clone();
                        for market in 0..markets {
                            let route = build.column("route", 0.0, f64::INFINITY);
                            rename(&mut build.program, key("route", [site, product, market, 0], period, Some(day)));
                            cost.push((route, egress[site * markets + market] * discount));
                            terms.push((route, -1.0));
                            delivered[(product * markets + market) * periods + period].push((route, 1.0));
                        }
                        let row = build.at_least("made", &terms, 0.0);
                        name_row(&mut build.program, row, key("made", [site, product, 0, 0], period, Some(day)));
                    }
                }
            }
        }
        for (number, terms) in delivered.iter_mut().enumerate() {
            terms.extend(sales[number].iter().map(|sold| (*sold, -1.0)));
            build.equal("sales", terms, 0.0);
        }
        for (period, terms) in spent.iter().enumerate() {
            let row = build.at_most("budget", terms, self.budget[period]);
            name_row(&mut build.program, row, key("budget", [0, 0, 0, 0], period, None));
            build.limit(row, "budgets.capex", self.budget[period], 1.0);
        }
        build.phase("tokens", Sense::Maximise, &tokens, 0.0, 0.0);
        build.phase("cost", Sense::Minimise, &cost, 12.0, 0.0);
        build.phase("revenue", Sense::Maximise, &revenue, 0.0, 0.0);
        build.done()
    }
}

fn rename(program: &mut Program, key: Key) {
    program.columns.last_mut().unwrap().key = key;
}

fn name_row(program: &mut Program, row: RowIx, key: Key) {
    program.rows[row.0 as usize].key = key;
}
