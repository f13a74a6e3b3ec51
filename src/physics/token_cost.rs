//! What a million answer tokens of one chip take: energy, and money.
//!
//! ```text
//! sold tok/s   = rate · availability · busy                      per chip in service
//! facility kW  = [idle + (active − idle) · availability · busy] · PUE
//! tok/J        = sold tok/s / (1000 · facility kW)
//! $/Mtok       = [$ of the chip per hour + maintenance + facility kW · $/kWh] / (3600 · sold tok/s) · 1e6
//! ```
//! These are the terms of the linear program for one chip that serves one product all the time; halls,
//! egress and carbon are not in them. Rent includes power.

use super::finance;
use crate::catalog::HOURS_PER_YEAR;

/// What reaches a chip, and at what price.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditions {
    /// Facility power per IT power.
    pub pue: f64,
    /// Price of facility energy, $ per MWh.
    pub power_usd_per_mwh: f64,
}

/// What a chip draws, and how much of its time is sold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Work {
    /// IT power at full work, with its share of host and network, kW per chip.
    pub active_kw: f64,
    /// IT power when powered but idle, kW per chip.
    pub idle_kw: f64,
    /// Share of chips in service that work.
    pub availability: f64,
    /// Share of the time of working chips that is sold.
    pub busy: f64,
}

/// How a chip is paid for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Payment {
    /// Bought.
    Owned {
        /// Capex as a yearly payment, $ per chip.
        annuity_usd_per_year: f64,
        /// Operation and maintenance, $ per chip and year.
        maintenance_usd_per_year: f64,
    },
    /// Rented with its power, $ per chip and hour.
    Rented(f64),
}

impl Payment {
    /// A chip bought at a price: capex is paid `lead_years` before service and spread over `life_years`.
    #[must_use]
    pub fn bought(capex_usd: f64, maintenance_usd_per_year: f64, rate: f64, lead_years: f64, life_years: f64) -> Self {
        Self::Owned { annuity_usd_per_year: finance::annuity(capex_usd, rate, lead_years, life_years), maintenance_usd_per_year }
    }
}

/// What a million answer tokens, their prompts included, take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TokenCost {
    /// Answer tokens per joule of facility energy.
    pub tokens_per_joule: f64,
    /// Annuity of the chip, $ per Mtok.
    pub chip_usd: f64,
    /// Rent, $ per Mtok.
    pub rent_usd: f64,
    /// Operation and maintenance, $ per Mtok.
    pub maintenance_usd: f64,
    /// Power, $ per Mtok.
    pub power_usd: f64,
}

impl TokenCost {
    /// All of it, $ per Mtok.
    #[must_use]
    pub fn total_usd(&self) -> f64 {
        self.chip_usd + self.rent_usd + self.maintenance_usd + self.power_usd
    }
}

/// What the tokens of a chip take that makes `answer_tok_per_s` at full work; `None` where nothing is made.
#[must_use]
pub fn token_cost(answer_tok_per_s: f64, work: Work, payment: Payment, conditions: Conditions) -> Option<TokenCost> {
    let working = work.availability * work.busy;
    let sold_tok_per_s = answer_tok_per_s * working;
    if !(sold_tok_per_s.is_finite() && sold_tok_per_s > 0.0) {
        return None;
    }
    let facility_kw = (work.idle_kw + (work.active_kw - work.idle_kw) * working) * conditions.pue;
    let mtok_per_hour = sold_tok_per_s * 3600.0 / 1e6;
    let hours = HOURS_PER_YEAR as f64;
    let (chip_usd, rent_usd, maintenance_usd, power_usd) = match payment {
        Payment::Owned { annuity_usd_per_year, maintenance_usd_per_year } => {
            (annuity_usd_per_year / hours, 0.0, maintenance_usd_per_year / hours, facility_kw * conditions.power_usd_per_mwh / 1e3)
        }
        Payment::Rented(usd_per_hour) => (0.0, usd_per_hour, 0.0, 0.0),
    };
    Some(TokenCost {
        tokens_per_joule: if facility_kw > 0.0 { sold_tok_per_s / (facility_kw * 1e3) } else { 0.0 },
        chip_usd: chip_usd / mtok_per_hour,
        rent_usd: rent_usd / mtok_per_hour,
        maintenance_usd: maintenance_usd / mtok_per_hour,
        power_usd: power_usd / mtok_per_hour,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Work = Work { active_kw: 1.0, idle_kw: 0.0, availability: 1.0, busy: 1.0 };
    const FREE: Conditions = Conditions { pue: 1.0, power_usd_per_mwh: 0.0 };

    /// `InferenceX`: 1.95 $/h at 13,429.7 tok/s is 0.0403 $/Mtok; `CloudMatrix`: 1,943 tok/s at 559 kW / 384 is 1.33 tok/J.
    #[test]
    fn published_identities_hold_to_the_digit() {
        for (usd, rate, published, digit) in
            [(1.95, 13_429.7, 0.0403, 5e-5), (2.652, 18_131.6, 0.0406, 5e-5), (1.41, 2453.9, 0.160, 5e-4), (1.30, 850.1, 0.425, 5e-4)]
        {
            let cost = token_cost(rate, WHOLE, Payment::Rented(usd), FREE).unwrap();
            assert!((cost.total_usd() - published).abs() < digit, "{}", cost.total_usd());
        }
        let chip = Work { active_kw: 559.0 / 384.0, ..WHOLE };
        let cost = token_cost(1943.0, chip, Payment::Rented(0.0), FREE).unwrap();
        assert!((cost.tokens_per_joule - 1.33).abs() < 0.005, "{}", cost.tokens_per_joule);
    }

    #[test]
    fn idle_time_costs_capital_and_idle_power() {
        let owned = Payment::bought(8760.0, 876.0, 0.0, 0.0, 1.0);
        let place = Conditions { pue: 1.2, power_usd_per_mwh: 50.0 };
        let half = Work { idle_kw: 0.4, busy: 0.5, ..WHOLE };
        let cost = token_cost(1e6 / 3600.0, half, owned, place).unwrap();
        // Half a Mtok an hour: 1 $ of chip, 0.1 $ of maintenance, 0.7 kW times 1.2 at 5 cents.
        assert!((cost.chip_usd - 2.0).abs() < 1e-12 && (cost.maintenance_usd - 0.2).abs() < 1e-12);
        assert!((cost.power_usd - 0.7 * 1.2 * 0.05 / 0.5).abs() < 1e-12);
        assert!(token_cost(0.0, WHOLE, owned, place).is_none());
    }
}
