//! What goes on when a part is lost (N−1).
//!
//! For each rule, each part ℓ of its kind (a feed, connection, on-site plant or site; one at a time), each period
//! and each of the rule's slices t, with a copy of work, draw and tokens (marked ') in which ℓ gives nothing:
//!
//!   Σ_{m,phase} work' / utilisation_cap ≤ availability · (in_service − standing\[ℓ])     (rented chips: rented)
//!   PUE · (Σ (active_kw − idle_kw)·work' + idle_kw · powered' + pipeline) ≤ Σ_k draw'     powered' = what work' needs
//!   draw' ≤ what its contract and plant allow;  Σ draw' through the grid ≤ what is left of the connections
//!   tokens' ≤ what work' makes, prompts included;  handled' ≤ the pipeline
//!   Σ_s served'\[m,r] ≤ Σ_s served\[m,r]                    live: no market gets more than it wants
//!   Σ_{s,r} served' ≥ keep\[m] · Σ_{s,r} served             live
//!   Σ_s output' ≥ keep\[m] · Σ_s output                     work that may be put off
//!
//! It is a picture of the hour after the loss, not of a year: what it costs, demand charges, energy of a year,
//! rules of carbon and of exports do not enter; other products and training stop; chips without work are
//! switched off; batteries bring nothing, since nobody says how full they are; backup plant may run. Bought tokens
//! are not in danger. Losing any one part covers losing the largest, whichever that turns out to be.
//!
//! The dual of a share is what keeping less of it would be worth.

use super::Builder;
use super::builder::{Bound, When};
use super::contract_terms::plant::alive;
use super::expr::Expr;
use super::layout::{Kept, KeptTokens, Phase};
use super::program::Col;
use crate::resolved::resilience::{Loss, Resilience};
use crate::resolved::{Contract, Ix as _, PeriodIx, PlaceIx, ProductIx, SliceIx};

/// Adds the copies and their rows.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    let first = builder.program.columns.len();
    for (rule_index, rule) in resolved.resilience.iter().enumerate().filter(|(_, rule)| !rule.keep.is_empty()) {
        for (loss_index, loss) in rule.losses.iter().enumerate() {
            for period in resolved.calendar.periods.keys() {
                for (position, slice) in resolved.calendar.slices_of[period].iter().enumerate() {
                    if rule.held[period][*slice] && matters(builder, *loss, period) {
                        let name = loss.name(&resolved.places, &resolved.contracts);
                        let tokens = Copy { rule, loss: *loss, name, period, position, slice: *slice }.add(builder);
                        builder.layout.kept.push(Kept { rule: rule_index, loss: loss_index, period, slice: *slice, tokens });
                    }
                }
            }
        }
    }
    builder.layout.kept_columns = first..builder.program.columns.len();
}

/// Whether a part is there at all in a period.
fn matters(builder: &Builder<'_>, loss: Loss, period: PeriodIx) -> bool {
    let resolved = builder.resolved;
    let site = |place: PlaceIx| resolved.places[place].site.as_ref();
    match loss {
        Loss::Feed(place, feed) => {
            let behind = |standing: &&super::layout::Standing| standing.period == period && standing.feed == Some(feed);
            let here = |pool: usize| resolved.pools.get(pool).is_some_and(|pool| pool.place == place);
            builder.layout.standing.iter().filter(behind).any(|standing| here(standing.pool))
        }
        Loss::Plain(place) => site(place).is_some_and(|site| site.interconnect_mw[period] > 0.0),
        Loss::Connection(place, _) | Loss::Site(place) => site(place).is_some(),
        Loss::Plant(contract) => resolved.contracts[contract].in_force[period],
    }
}

/// One slice after one loss.
struct Copy<'r> {
    rule: &'r Resilience,
    loss: Loss,
    name: String,
    period: PeriodIx,
    position: usize,
    slice: SliceIx,
}

/// Work of a site after the loss.
#[derive(Default)]
struct Site {
    /// IT power, MW.
    load: Expr,
    /// The part of it that liquid-cooled chips draw, MW.
    liquid: Expr,
    /// Tokens handled, Gtok an hour.
    handled: Expr,
}

impl Copy<'_> {
    fn when(&self) -> When {
        When::slice(self.period, self.slice.position())
    }

    fn column(&self, builder: &mut Builder<'_>, noun: &'static str, of: &str) -> Col {
        builder.column(noun, &[&self.rule.id, &self.name, of], self.when(), f64::INFINITY)
    }

    fn row(&self, builder: &mut Builder<'_>, noun: &'static str, of: &str, row: Expr) {
        builder.row("resilience", noun, &[&self.rule.id, &self.name, of], self.when(), row, Bound::AtMost(0.0), None);
    }

    fn keeps(&self, product: ProductIx) -> Option<f64> {
        self.rule.keep.iter().find(|(kept, _)| *kept == product).map(|(_, fraction)| *fraction)
    }

    fn add(&self, builder: &mut Builder<'_>) -> Vec<KeptTokens> {
        let resolved = builder.resolved;
        let mut made = Vec::new();
        for place in resolved.places.keys().filter(|place| self.loss != Loss::Site(*place)) {
            let mut site = Site::default();
            let tokens = self.tokens(builder, place, &mut site);
            made.extend(tokens);
            self.power(builder, place, &site);
        }
        self.kept(builder, &made)
    }

    /// Chips of a place at work, and the tokens that they make: live ones by route.
    fn tokens(&self, builder: &mut Builder<'_>, place: PlaceIx, site: &mut Site) -> Vec<Made> {
        let resolved = builder.resolved;
        let mut makes: Vec<(ProductIx, Expr, Expr)> =
            self.rule.keep.iter().map(|(product, _)| (*product, Expr::default(), Expr::default())).collect();
        for (index, pool) in resolved.pools.iter().enumerate().filter(|(_, pool)| pool.place == place) {
            let chip = &resolved.chips[pool.chip];
            let Some(cols) = builder.layout.pools.get(index) else { continue };
            let rented = &cols.rented[self.period];
            let rented = if rented.len() == 1 { rented.first() } else { rented.get(self.position) };
            let Some(there) = cols.in_service[self.period].or(rented.copied()) else { continue };
            let kept: Vec<_> = cols.work.iter().enumerate().filter(|(_, work)| self.keeps(work.product).is_some()).collect();
            let works: Vec<(usize, ProductIx, Phase, f64, f64)> = kept
                .into_iter()
                .filter(|(_, work)| work.cols[self.period].get(self.position).is_some())
                .map(|(at, work)| (at, work.product, work.phase, work.active_kw, work.rate[self.period]))
                .collect();
            let (mut needs, mut load) = (Expr::default(), Expr::default());
            for (at, product, phase, active_kw, rate) in works {
                let of = format!("{}/{}/{at}", resolved.places[place].id, chip.id);
                let col = self.column(builder, "kept_work", &of);
                needs.add(col, 1.0 / resolved.products[product].utilisation_cap);
                load.add(col, active_kw - chip.idle_kw);
                let prompts = resolved.products[product].ask(self.period).prompt_per_answer;
                if let Some((_, answers, prefilled)) = makes.iter_mut().find(|(made, ..)| *made == product) {
                    match phase {
                        Phase::Decode => answers.add(col, rate),
                        Phase::Prefill => prefilled.add(col, rate),
                        Phase::Pooled => {
                            prefilled.add(col, rate * prompts);
                            answers.add(col, rate)
                        }
                    };
                }
            }
            if needs.is_zero() {
                continue;
            }
            if pool.rental.is_none() {
                load.add_expr(&needs, chip.idle_kw / chip.availability.max(1e-9));
                site.load.add_expr(&load, 1.0);
                if chip.liquid {
                    site.liquid.add_expr(&load, 1.0);
                }
            }
            needs.add(there, -chip.availability);
            if let Loss::Feed(lost, feed) = self.loss
                && lost == place
            {
                let dark = |standing: &&super::layout::Standing| {
                    standing.pool == index && standing.period == self.period && standing.feed == Some(feed)
                };
                if let Some(standing) = builder.layout.standing.iter().find(dark) {
                    needs.add(standing.col, chip.availability);
                }
            }
            self.row(builder, "kept_at_work", &format!("{}/{}", resolved.places[place].id, chip.id), needs);
        }
        let mut all = Vec::new();
        for (product, answers, prefilled) in makes {
            let made = self.made_of(builder, (place, product), (&answers, &prefilled), site);
            all.extend(made);
        }
        all
    }

    /// Tokens of a product that a place makes: no more than its chips answer, nor than they prefill.
    fn made_of(
        &self,
        builder: &mut Builder<'_>,
        (place, product): (PlaceIx, ProductIx),
        (answers, prefilled): (&Expr, &Expr),
        site: &mut Site,
    ) -> Vec<Made> {
        let resolved = builder.resolved;
        let data = &resolved.products[product];
        if answers.is_zero() {
            return Vec::new();
        }
        let names = [resolved.places[place].id.as_str(), data.id.as_str()];
        let mut made = Vec::new();
        if data.deferrable {
            let col = self.column(builder, "kept_output", &names.join("/"));
            made.push(Made { product, route: None, col });
        } else {
            for (route, to) in resolved.routes.iter().enumerate().filter(|(_, route)| route.place == place && route.product == product) {
                if !builder.served(route, self.period, self.position).is_zero() {
                    let of = format!("{}/{}", names.join("/"), resolved.markets[to.market].id);
                    made.push(Made { product, route: Some(route), col: self.column(builder, "kept_served", &of) });
                }
            }
        }
        let mut total = Expr::default();
        for made in &made {
            total.add(made.col, 1.0);
        }
        if total.is_zero() {
            return made;
        }
        let ask = data.ask(self.period);
        site.handled.add_expr(&total, 1.0 + ask.full_prompt_per_answer);
        let mut row = total.clone();
        row.add_expr(answers, -1.0);
        self.row(builder, "kept_decoded", &names.join("/"), row);
        if ask.prompt_per_answer > 0.0 {
            let mut row = Expr::default();
            row.add_expr(&total, ask.prompt_per_answer).add_expr(prefilled, -1.0);
            self.row(builder, "kept_prefilled", &names.join("/"), row);
        }
        made
    }

    /// What is left of a site's power carries its load.
    fn power(&self, builder: &mut Builder<'_>, place: PlaceIx, site: &Site) {
        let resolved = builder.resolved;
        let Some(facts) = &resolved.places[place].site else { return };
        let id = resolved.places[place].id.as_str();
        let mut load = site.load.clone();
        if let Some(pipeline) = facts.pipeline.as_ref().filter(|_| !site.handled.is_zero()) {
            load.add_expr(&site.handled, pipeline.mw_per_gtok_per_hour);
            let mut row = site.handled.clone();
            row.constant -= pipeline.capacity_gtok_per_hour[self.period];
            for (order, col) in builder.layout.pipelines[place].clone() {
                let first = order.position() + pipeline.lead;
                if (first..first + pipeline.life).contains(&self.period.position()) {
                    row.add(col, -1.0);
                }
            }
            self.row(builder, "kept_handled", id, row);
        }
        if load.is_zero() {
            return;
        }
        // Halls that are filled by what chips draw have no more room after a loss.
        let halls: Vec<(bool, Expr)> = builder
            .layout
            .hall_mw
            .iter()
            .filter(|halls| halls.place == place && halls.period == self.period)
            .map(|halls| (halls.liquid_only, halls.mw.clone()))
            .collect();
        for (liquid_only, mw) in halls {
            let mut row = if liquid_only { site.liquid.clone() } else { load.clone() };
            row.add_expr(&mw, -1.0);
            self.row(builder, if liquid_only { "kept_it_mw_liquid" } else { "kept_it_mw" }, id, row);
        }
        let mut supplied = Expr::default();
        supplied.add_expr(&load, facts.pue.at(self.period, self.slice));
        let mut grid = Expr::default();
        let mut named: Vec<(&str, Expr)> = Vec::new();
        for (index, contract) in resolved.contracts.pairs().filter(|(_, contract)| contract.place == place) {
            if self.loss == Loss::Plant(index) || !contract.is_drawn() || !contract.in_force[self.period] {
                continue;
            }
            let Some(draw) = self.draw(builder, index, contract) else { continue };
            supplied.add(draw, -1.0);
            if contract.through_grid() {
                grid.add(draw, 1.0);
                if let Some(name) = contract.connection.as_deref() {
                    if let Some((_, drawn)) = named.iter_mut().find(|(known, _)| *known == name) {
                        drawn.add(draw, 1.0);
                    } else {
                        named.push((name, Expr::col(draw)));
                    }
                }
            }
        }
        self.row(builder, "kept_energy", id, supplied);
        if grid.is_zero() {
            return;
        }
        let plain = if self.loss == Loss::Plain(place) { 0.0 } else { facts.interconnect_mw[self.period] };
        let mut carried = vec![(crate::resolved::connections::PLAIN, Expr::number(plain))];
        for (index, connection) in facts.connections.iter().enumerate() {
            let left = if self.loss == Loss::Connection(place, index) {
                Expr::default()
            } else {
                super::interconnect::carries(builder, place, index, self.period, self.slice)
            };
            carried.push((connection.id.as_str(), left));
        }
        for (_, left) in &carried {
            grid.add_expr(left, -1.0);
        }
        self.row(builder, "kept_grid", id, grid);
        for (name, mut drawn) in named {
            if let Some((_, left)) = carried.iter().find(|(known, _)| *known == name) {
                drawn.add_expr(left, -1.0);
                self.row(builder, "kept_connection", &format!("{id}/{name}"), drawn);
            }
        }
    }

    /// The draw of a contract after the loss, within its terms; none where it can't draw.
    fn draw(&self, builder: &mut Builder<'_>, index: crate::resolved::ContractIx, contract: &Contract) -> Option<Col> {
        let facets = &contract.facets;
        let cap = facets.cap.as_ref().map_or(f64::INFINITY, |cap| cap.mw.at(self.period, self.slice));
        let held = facets.hold_down.as_ref().filter(|held| held.slices.contains(&self.slice)).map_or(f64::INFINITY, |held| held.cap_mw);
        let gives = contract.output_after_loss(self.period, self.slice);
        let most = cap.min(held);
        if most <= 0.0 || gives.is_some_and(|gives| gives <= 0.0) {
            return None;
        }
        let col = self.column(builder, "kept_draw", &contract.id);
        if let Some(column) = builder.program.columns.get_mut(col.0 as usize) {
            column.upper = most;
        }
        if let Some(gives) = gives {
            let mut row = Expr::col(col);
            row.add_expr(&alive(builder, index, contract, self.period), -gives);
            if let Some(contract_mw) = builder.layout.contracts[index].contract_mw {
                row.add(contract_mw, -gives);
            }
            self.row(builder, "kept_output_of_plant", &contract.id, row);
        }
        Some(col)
    }

    /// No market gets more than it would, and of each product its share goes on.
    fn kept(&self, builder: &mut Builder<'_>, made: &[Made]) -> Vec<KeptTokens> {
        let resolved = builder.resolved;
        let mut tokens = Vec::new();
        for (product, fraction) in &self.rule.keep {
            let id = resolved.products[*product].id.as_str();
            let (mut after, mut before) = (Expr::default(), Expr::default());
            for made in made.iter().filter(|made| made.product == *product) {
                after.add(made.col, 1.0);
            }
            if resolved.products[*product].deferrable {
                for output in builder.layout.outputs.iter().filter(|output| output.product == *product) {
                    if let Some(rate) = output.rate[self.period].get(self.position) {
                        before.add_expr(rate, 1.0);
                    }
                }
            } else {
                for (market, to) in resolved.markets.pairs() {
                    let (mut now, mut then) = (Expr::default(), Expr::default());
                    for (route, _) in resolved.routes.iter().enumerate().filter(|(_, of)| of.product == *product && of.market == market) {
                        then.add_expr(&builder.served(route, self.period, self.position), 1.0);
                        for made in made.iter().filter(|made| made.route == Some(route)) {
                            now.add(made.col, 1.0);
                        }
                    }
                    before.add_expr(&then, 1.0);
                    if !now.is_zero() {
                        now.add_expr(&then, -1.0);
                        self.row(builder, "kept_of_market", &format!("{id}/{}", to.id), now);
                    }
                }
            }
            if before.is_zero() {
                continue;
            }
            let mut row = Expr::default();
            row.add_expr(&before, *fraction).add_expr(&after, -1.0);
            let mut slope = Expr::default();
            slope.add_expr(&before, -1.0);
            let limit = builder.share_limit(format!("{}.keep.{id}.fraction", self.rule.path), *fraction, slope);
            let ids = [self.rule.id.as_str(), self.name.as_str(), id];
            builder.row("resilience", "kept", &ids, self.when(), row, Bound::AtMost(0.0), Some(limit));
            tokens.push(KeptTokens { product: *product, before, after });
        }
        tokens
    }
}

/// Tokens that a place makes after the loss.
struct Made {
    product: ProductIx,
    /// The route of live tokens; none of work that may be put off.
    route: Option<usize>,
    col: Col,
}
