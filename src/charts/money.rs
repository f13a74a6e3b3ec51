//! The lender's view as pictures: prices that fall, cover of debt service, what the owners pay and get.

use crate::finance::Year;
use crate::results::Results;
use crate::results::lender::Lender;

use super::frame::{Words, axis, chart as framed, empty, finite, present};
use super::{Axis, Body, Chart, ColorKey, Point, Selection, Series, Trace};
use crate::words::short;

/// Why there is nothing to show.
const NONE: &str = "The plan does not say how it is financed: state `finance`, if only as `finance: ()`.";

fn lender(results: &Results) -> Option<&Lender> {
    results.lender.as_ref().filter(|_| results.has_numbers() && !results.hides("npv_musd"))
}

/// NPV after tax by the factor that prices change by each year, with the point where it is nothing.
pub(super) fn repricing(results: &Results, _selection: &Selection) -> Chart {
    const NAME: &str = "repricing";
    const TITLE: &str = "NPV when prices fall faster";
    let Some(lender) = lender(results) else { return empty(results, NAME, TITLE, NONE) };
    let even = lender.break_evens.price_factor_per_year;
    let mut points: Vec<Point> = lender.repricing.iter().map(|(factor, npv)| Point { x: *factor, y: finite(*npv) }).collect();
    points.extend(even.filter(|factor| *factor <= 1.0).map(|factor| Point { x: factor, y: 0.0 }));
    points.sort_by(|left, right| left.x.total_cmp(&right.x));
    let trace =
        |name: String, color: ColorKey, points: Vec<Point>, scattered: bool| Trace { name, color, points, scattered, stepped: false };
    let mut traces = vec![trace("NPV after tax".to_owned(), ColorKey::Load, points, false)];
    if let Some(factor) = even.filter(|factor| *factor <= 1.0) {
        traces.push(trace(
            format!("Nothing is left at × {} a year", short(factor)),
            ColorKey::Limit,
            vec![Point { x: factor, y: 0.0 }],
            true,
        ));
    }
    let reading = match even {
        Some(factor) => format!(
            "All prices times the factor every year on top of what the plan says, with its builds. At × {} a year NPV after tax is nothing.",
            short(factor)
        ),
        None => {
            "All prices times the factor every year on top of what the plan says, with its builds; NPV never comes to nothing.".to_owned()
        }
    };
    let words = Words {
        name: NAME,
        title: TITLE.into(),
        subtitle: "M$, after tax, before debt, by factor a year on prices".into(),
        reading: &reading,
    };
    framed(
        results,
        words,
        axis("Factor a year on prices", ""),
        axis("NPV after tax", "M$"),
        Body::Lines { traces, log_x: false, log_y: false },
    )
}

fn series(lender: &Lender, name: &str, color: ColorKey, value: impl Fn(&Year) -> f64) -> Series {
    Series { name: name.to_owned(), color, values: lender.statement.years.iter().map(|year| finite(value(year))).collect() }
}

/// Cover of debt service by year, beside what lenders demand.
pub(super) fn cover(results: &Results, _selection: &Selection) -> Chart {
    const NAME: &str = "debt-cover";
    const TITLE: &str = "Cover of debt service";
    let Some(lender) = lender(results) else { return empty(results, NAME, TITLE, NONE) };
    if lender.figures.dscr_least.is_none() {
        return empty(results, NAME, TITLE, "The plan has no debt to serve: state `debt` under `finance`.");
    }
    let served: Vec<usize> = (0..lender.statement.years.len())
        .filter(|time| lender.statement.years.get(*time).is_some_and(|year| year.dscr.is_some()))
        .collect();
    let of = |values: &dyn Fn(&Year) -> f64| {
        served.iter().filter_map(|time| lender.statement.years.get(*time)).map(values).collect::<Vec<f64>>()
    };
    let cover = Series {
        name: "Cash for debt service over debt service".to_owned(),
        color: ColorKey::Good,
        values: of(&|year| year.dscr.unwrap_or(0.0)),
    };
    let mut lines = Vec::new();
    if let Some(demanded) = lender.covenant_dscr {
        lines.push(Series { name: "Demanded".to_owned(), color: ColorKey::Limit, values: of(&|_| demanded) });
    }
    let categories = served.iter().filter_map(|time| lender.years.get(*time).cloned()).collect();
    let mean = lender.figures.dscr_mean.map_or_else(String::new, |mean| format!(" Its mean is {}.", short(mean)));
    let reading = format!("Cash after tax over interest and principal, year by year.{mean}");
    let words = Words { name: NAME, title: TITLE.into(), subtitle: "times debt service".into(), reading: &reading };
    framed(results, words, Axis::default(), axis("Cover", "times"), Body::StackedBars { categories, stacks: vec![cover], lines })
}

/// What the owners pay and get by year, and what they have got since the start.
pub(super) fn owners(results: &Results, _selection: &Selection) -> Chart {
    const NAME: &str = "owners-cash";
    const TITLE: &str = "Cash of the owners";
    let Some(lender) = lender(results) else { return empty(results, NAME, TITLE, NONE) };
    let stacks = present(vec![
        series(lender, "Cash for debt service", ColorKey::Good, |year| year.cfads),
        series(lender, "Debt drawn", ColorKey::Cost("Rented chips"), |year| year.drawn),
        series(lender, "Left at the end, less tax and debt", ColorKey::Cost("Halls"), |year| year.end),
        series(lender, "Bought", ColorKey::Cost("Chips"), |year| -year.bought),
        series(lender, "Interest, principal, fees", ColorKey::Cost("Power"), |year| -(year.interest + year.principal + year.fees)),
    ]);
    let mut total = 0.0;
    let running = series(lender, "To the owners since the start", ColorKey::Load, |_| 0.0);
    let values = lender
        .statement
        .years
        .iter()
        .map(|year| {
            total += finite(year.to_owners + year.end);
            total
        })
        .collect();
    let lines = vec![Series { values, ..running }];
    let reading = "Money of the day. The lowest point of the line is what the owners must have ready.";
    let words = Words { name: NAME, title: TITLE.into(), subtitle: "M$ a year, of the day".into(), reading };
    framed(results, words, Axis::default(), axis("Money", "M$"), Body::StackedBars { categories: lender.years.clone(), stacks, lines })
}
