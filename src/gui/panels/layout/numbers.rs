//! Pages of the numbers on the canvas of a site.

use super::canvas::Moment;
use crate::gui::widgets::truth::{Page, Subject};
use crate::words::{self, with_unit};

/// Which hour the canvas shows.
const HOUR: &str = "At the hour of the period in which the site draws most.";

fn mw(value: f64) -> String {
    with_unit(value, "MW")
}

/// What comes through the grid.
pub(super) fn interconnect(site: &str, moment: Option<Moment>, limit: f64) -> Subject {
    let mut readings = vec![("Interconnect in this period".to_owned(), mw(limit))];
    if let Some(moment) = moment {
        readings.insert(0, ("Drawn through it".to_owned(), mw(moment.import_mw)));
        if limit > 0.0 {
            readings.push(("Of it".to_owned(), words::percent(moment.import_mw / limit)));
        }
    }
    Subject::Value(Page {
        title: format!("{site}: interconnect"),
        readings,
        what: format!("What the site draws from the grid. {HOUR}"),
        formula: "the sum over the contracts that come through the grid, charging of batteries among it".to_owned(),
        source: "The draw is of the answer, the limit of the plan: its own field says where it comes from.".to_owned(),
    })
}

/// What the whole site draws for each MW at the chips.
pub(super) fn pue(site: &str, moment: Option<Moment>, pue: Option<f64>) -> Subject {
    let mut readings = vec![("PUE".to_owned(), pue.map_or_else(|| "by the hour".to_owned(), |pue| words::fixed(pue, 3)))];
    if let Some(moment) = moment {
        readings.push(("IT power".to_owned(), mw(moment.it_mw)));
        readings.push(("Cooling and other losses".to_owned(), mw((moment.load_mw - moment.it_mw).max(0.0))));
        readings.push(("The site in all".to_owned(), mw(moment.load_mw)));
    }
    Subject::Value(Page {
        title: format!("{site}: PUE"),
        readings,
        what: format!("How much power the whole site takes for each MW of its chips. {HOUR}"),
        formula: "power of the site ÷ IT power".to_owned(),
        source: "IT power is of the answer, the PUE of the plan: its own field says where it comes from.".to_owned(),
    })
}

/// What a contract gives.
pub(super) fn contract(name: &str, drawn: Option<f64>, contracted: Option<f64>, detail: &str) -> Subject {
    let mut readings: Vec<(String, String)> = Vec::new();
    readings.extend(drawn.map(|drawn| ("Gives".to_owned(), mw(drawn))));
    readings.extend(contracted.map(|contracted| ("Contracted or built by then".to_owned(), mw(contracted))));
    readings.push(("Terms".to_owned(), detail.to_owned()));
    Subject::Value(Page {
        title: name.to_owned(),
        readings,
        what: format!("What comes from this contract or plant; of a battery what it gives less what it takes. {HOUR}"),
        formula: "chosen by the plan's goals within what the contract allows in this hour".to_owned(),
        source: "Of the answer; the contract's fields say what they rest on.".to_owned(),
    })
}

/// What stands in a hall.
pub(super) fn hall(name: &str, it_mw: f64, chips: impl Iterator<Item = (String, f64)>) -> Subject {
    let chips: Vec<(String, f64)> = chips.collect();
    let used: f64 = chips.iter().map(|(_, mw)| mw).sum();
    let mut readings = vec![("IT power that it can feed".to_owned(), mw(it_mw)), ("Chips in it".to_owned(), mw(used))];
    readings.extend(chips.into_iter().map(|(name, power)| (name, mw(power))));
    Subject::Value(Page {
        title: name.to_owned(),
        readings,
        what: "The chips that are in service in this period, by the all-in power they may draw.".to_owned(),
        formula: "chips × all-in kW of each, the site's chips shared among its halls in their order".to_owned(),
        source: "Of the answer; the site's halls as the plan states them.".to_owned(),
    })
}
