//! The decision calendar: what the answer orders or signs, by when, and from when it serves.
//!
//! An order must be out at the start of its period; a contract must be signed before it comes into
//! force. Amounts below a thousandth of a unit are left out: they are the solver's dust.

pub use super::findings::{Decision, DecisionKind};
use super::fractions::{halls_in_words, part_of_halls};
use super::read::Reading;
use crate::formulation::program::Col;
use crate::resolved::{Ix as _, PeriodIx};
use crate::words::{grouped, short};

impl Decision {
    /// The unit, with what a number of it that can't be built is a fraction of.
    #[must_use]
    pub fn unit_in_words(&self) -> String {
        match self.hall_it_mw.filter(|_| part_of_halls(self.amount) > 0.0) {
            Some(it_mw) => format!("halls of {} MW: a fraction", short(it_mw)),
            None if self.in_part_of_a_rack() => format!("chips: a fraction of a rack of {}", short(self.rack_chips.unwrap_or(0.0))),
            None => self.unit.to_owned(),
        }
    }

    /// Less than one rack is ordered.
    fn in_part_of_a_rack(&self) -> bool {
        self.rack_chips.is_some_and(|chips| self.amount < chips * (1.0 - 1e-6))
    }

    /// In words: `Order 12,000 GB200 NVL72 for Abilene by 2027-01; they serve from 2027-04 (519 M$).`
    #[must_use]
    pub fn sentence(&self) -> String {
        let amount = if self.amount < 10.0 { short(self.amount) } else { grouped(self.amount, 0) };
        if self.kind == DecisionKind::Contract {
            return format!("Sign {amount} {} of {} before {}.", self.unit, self.subject, self.by);
        }
        let unit = if self.kind == DecisionKind::Chips { String::new() } else { format!(" {} of", self.unit) };
        // What can't be built as it stands is never said as an order alone.
        let what = match self.hall_it_mw.and_then(|it_mw| halls_in_words(self.amount, it_mw)) {
            Some(words) => format!("{}, {}", words.replacen(": ", " (", 1) + ")", self.subject),
            None if self.in_part_of_a_rack() => {
                format!("{amount} {} (a fraction of a rack of {})", self.subject, short(self.rack_chips.unwrap_or(0.0)))
            }
            None => format!("{amount}{unit} {}", self.subject),
        };
        let serve = if self.by == self.serves { "at once".to_owned() } else { format!("from {}", self.serves) };
        format!("Order {what} by {}; in service {serve} ({} M$).", self.by, grouped(self.capex_musd, 0))
    }
}

/// Everything that is decided, in the order of its dates.
pub(super) fn decisions(reading: &Reading<'_>) -> Vec<Decision> {
    let (resolved, layout) = (reading.resolved, &reading.formulation.layout);
    let value = |col: Col| reading.point.get(col.0 as usize).copied().unwrap_or(0.0);
    let capex = |col: Col| layout.capex.iter().filter(|order| order.col == col).map(|order| order.musd).sum::<f64>() * value(col);
    let months = i32::try_from(resolved.calendar.period_months).unwrap_or(i32::MAX);
    let start = |period: PeriodIx| resolved.calendar.periods[period].start;
    let after = |period: PeriodIx, lead: usize| start(period).plus(i32::try_from(lead).unwrap_or(0).saturating_mul(months));
    let mut decisions = Vec::new();
    // `one` is the size of a hall or a rack.
    let mut order = |kind, index, path: String, subject: String, (amount, one): (f64, f64), unit, period: PeriodIx, lead, capex_musd| {
        if amount > 1e-3 {
            let (by, serves) = (start(period), after(period, lead));
            let (hall_it_mw, rack_chips) = match kind {
                DecisionKind::Halls => (Some(one), None),
                DecisionKind::Chips => (None, Some(one)),
                DecisionKind::Plant | DecisionKind::Contract => (None, None),
            };
            let period = period.position();
            decisions.push(Decision { kind, index, path, subject, amount, unit, hall_it_mw, rack_chips, period, by, serves, capex_musd });
        }
    };
    for (index, (pool, cols)) in resolved.pools.iter().zip(&layout.pools).enumerate() {
        let (chip, place) = (&resolved.chips[pool.chip], &resolved.places[pool.place]);
        for (period, col) in &cols.orders {
            // A subsidy with a ceiling is a column of its own beside the order.
            let subsidy: f64 = cols.subsidies.iter().filter(|(_, of, _)| of == period).map(|(_, _, subsidy)| capex(*subsidy)).sum();
            order(
                DecisionKind::Chips,
                index,
                format!("chips.{}", chip.id),
                format!("{} for {}", chip.name, place.name),
                (value(*col) * cols.order_unit * 1e3, chip.chips_per_rack),
                "chips",
                *period,
                chip.lead,
                capex(*col) + subsidy,
            );
        }
    }
    for (index, cols) in layout.halls.iter().enumerate() {
        let place = &resolved.places[cols.place];
        let Some(kind) = place.site.as_ref().and_then(|site| site.buildable.get(cols.kind)) else { continue };
        for (period, col) in &cols.orders {
            order(
                DecisionKind::Halls,
                index,
                format!("sites.{}.buildable.{}", place.id, kind.id),
                format!("{} at {}", crate::words::sentence(&kind.id), place.name),
                (value(*col), kind.it_mw),
                "halls",
                *period,
                kind.lead,
                capex(*col),
            );
        }
    }
    for (index, contract) in resolved.contracts.pairs() {
        let cols = &layout.contracts[index];
        let (path, name) = (contract.path.clone(), crate::words::sentence(&contract.id));
        let (lead, unit) = contract.facets.plant.as_ref().map_or((0, "MW"), |plant| (plant.lead, plant.unit));
        for (period, col) in &cols.orders {
            let at = index.position();
            order(DecisionKind::Plant, at, path.clone(), name.clone(), (value(*col), 1.0), unit, *period, lead, capex(*col));
        }
        let first = resolved.calendar.periods.keys().find(|period| contract.in_force[*period]);
        if let (Some(col), Some(first)) = (cols.contract_mw, first) {
            order(DecisionKind::Contract, index.position(), path, name, (value(col), 1.0), "MW", first, 0, 0.0);
        }
    }
    decisions.sort_by(|a, b| (a.by, a.kind, &a.subject).cmp(&(b.by, b.kind, &b.subject)));
    decisions
}
