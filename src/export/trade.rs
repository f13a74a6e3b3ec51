//! Actors, prices and surplus as tables: for the terminal, the report and spreadsheets.

use crate::charts::frame::at;
use crate::charts::tables::{Table, TableCell};
use crate::results::Results;
use crate::results::trade::{ActorResult, Equilibrium};
use crate::words::{musd, percent, share, short};

fn table(name: &str, title: &str, header: &[&str]) -> Table {
    Table { name: name.into(), title: title.into(), header: header.iter().map(ToString::to_string).collect(), rows: Vec::new() }
}

fn text(text: impl AsRef<str>) -> TableCell {
    TableCell::from(text.as_ref())
}

/// The tables; none where the plan has no actors and no price forms.
#[must_use]
pub fn tables(results: &Results) -> Vec<Table> {
    if !results.has_numbers() {
        return Vec::new();
    }
    [league(results), shares(results), over_time(results), prices(results), surplus(results)]
        .into_iter()
        .filter(|table| !table.rows.is_empty())
        .collect()
}

fn sum(values: &[f64]) -> f64 {
    values.iter().sum()
}

fn quotient(top: f64, bottom: f64) -> TableCell {
    if bottom > 1e-9 { TableCell::from(top / bottom) } else { text("–") }
}

fn part(of: f64, whole: f64) -> TableCell {
    text(if whole > 1e-12 { percent(of / whole) } else { "–".to_owned() })
}

/// The league of actors over the horizon: how well each turns energy, chips and money into tokens.
fn league(results: &Results) -> Table {
    let mut made = table(
        "actors",
        "Actors over the horizon",
        &[
            "Actor",
            "Answer tokens [Ttok]",
            "Weighted by quality [Ttok]",
            "Share of all",
            "Exported",
            "Revenue [M$]",
            "Cost [M$]",
            "NPV [M$]",
            "Tokens per kWh [Mtok]",
            "Weighted tokens per chip-hour [Mtok]",
            "Weighted tokens per $ [Mtok]",
        ],
    );
    let all: f64 = results.trade.actors.iter().map(|actor| sum(&actor.answer_ttok)).sum();
    for actor in &results.trade.actors {
        let (sold, quality) = (sum(&actor.answer_ttok), sum(&actor.quality_ttok));
        made.rows.push(vec![
            text(&actor.name),
            sold.into(),
            quality.into(),
            part(sold, all),
            part(sum(&actor.exports_ttok), sold),
            sum(&actor.revenue_musd).into(),
            sum(&actor.cost_musd).into(),
            actor.npv_musd.into(),
            quotient(sum(&actor.made_ttok), sum(&actor.energy_gwh)),
            quotient(quality, sum(&actor.million_chip_hours)),
            quotient(quality, sum(&actor.cost_musd)),
        ]);
    }
    made
}

/// Who has which share of what each market buys.
fn shares(results: &Results) -> Table {
    let mut made = table("market-shares", "Shares of markets over the horizon", &["Market", "Sold [Ttok]"]);
    if results.trade.actors.len() < 2 {
        return made;
    }
    made.header.extend(results.trade.actors.iter().map(|actor| actor.name.clone()));
    for (market, info) in results.markets.iter().enumerate() {
        let of = |actor: &ActorResult| actor.sold_ttok.get(market).map_or(0.0, |sold| sum(sold));
        let all: f64 = results.trade.actors.iter().map(of).sum();
        if all <= 1e-12 {
            continue;
        }
        let mut row = vec![text(&info.name), all.into()];
        row.extend(results.trade.actors.iter().map(|actor| text(percent(of(actor) / all))));
        made.rows.push(row);
    }
    made
}

/// The same by period, the best by weighted tokens per $ first.
fn over_time(results: &Results) -> Table {
    let mut made = table(
        "actors-by-period",
        "Actors by period",
        &[
            "Period",
            "Rank",
            "Actor",
            "Answer tokens [Ttok]",
            "Share of all",
            "Exported",
            "Revenue [M$]",
            "Cost [M$]",
            "Tokens per kWh [Mtok]",
            "Weighted tokens per chip-hour [Mtok]",
            "Weighted tokens per $ [Mtok]",
        ],
    );
    if results.trade.actors.len() < 2 {
        return made;
    }
    for (period, info) in results.periods.iter().enumerate() {
        let all: f64 = results.trade.actors.iter().map(|actor| at(&actor.answer_ttok, period)).sum();
        let mut order: Vec<&ActorResult> = results.trade.actors.iter().collect();
        order.sort_by(|one, other| {
            let worth = |actor: &ActorResult| actor.tokens_per_usd(period).unwrap_or(0.0);
            worth(other).total_cmp(&worth(one))
        });
        for (place, actor) in order.into_iter().enumerate() {
            let sold = at(&actor.answer_ttok, period);
            let maybe = |value: Option<f64>| value.map_or_else(|| text("–"), TableCell::from);
            let mtok = |tokens: Option<f64>| tokens.map(|tokens| tokens * 1e-6);
            made.rows.push(vec![
                text(&info.label),
                (place as f64 + 1.0).into(),
                text(&actor.name),
                sold.into(),
                part(sold, all),
                part(at(&actor.exports_ttok, period), sold),
                at(&actor.revenue_musd, period).into(),
                at(&actor.cost_musd, period).into(),
                maybe(mtok(actor.tokens_per_kwh(period))),
                maybe(mtok(actor.tokens_per_chip_hour(period))),
                maybe(mtok(actor.tokens_per_usd(period))),
            ]);
        }
    }
    made
}

/// Prices that formed, with who sold.
fn prices(results: &Results) -> Table {
    let mut made = table("prices", "Prices that form", &["Market", "Product", "Period", "Price [$/Mtok]", "Off by at most", "Sold [Ttok]"]);
    made.header.extend(results.trade.actors.iter().map(|actor| format!("{} [Ttok]", actor.name)));
    for price in &results.trade.prices {
        for (period, info) in results.periods.iter().enumerate() {
            let usd = price.usd_per_mtok.get(period).copied().flatten();
            let mut row = vec![
                text(results.markets.get(price.market).map_or("", |market| &market.name)),
                text(results.products.get(price.product).map_or("", |product| &product.name)),
                text(&info.label),
                usd.map_or_else(|| text("nothing sold"), TableCell::from),
                text(usd.map_or_else(|| "–".to_owned(), |_| share(at(&price.error_fraction, period)))),
                at(&price.sold_ttok, period).into(),
            ];
            row.extend(
                results
                    .trade
                    .actors
                    .iter()
                    .map(|actor| TableCell::from(actor.sold_ttok.get(price.market).map_or(0.0, |sold| at(sold, period)))),
            );
            made.rows.push(row);
        }
    }
    made
}

/// Who has what.
fn surplus(results: &Results) -> Table {
    let mut made = table("surplus", "Surplus, discounted", &["Whose", "Of", "M$"]);
    let Some(equilibrium) = &results.trade.equilibrium else { return made };
    let surplus = &equilibrium.surplus;
    for (market, musd) in results.markets.iter().zip(&surplus.consumers_musd) {
        made.rows.push(vec![text(&market.name), text("buyers: what they would have paid at most, less what they paid"), (*musd).into()]);
    }
    for (actor, musd) in results.trade.actors.iter().zip(&surplus.producers_musd) {
        made.rows.push(vec![text(&actor.name), text("seller: revenue less cost, and credits"), (*musd).into()]);
    }
    for transfer in &surplus.transfers {
        made.rows.push(vec![text(&transfer.country), text(format!("government: {}", transfer.what)), transfer.musd.into()]);
    }
    made.rows.push(vec![text("All together"), text(""), surplus.total_musd().into()]);
    if let Some(lost) = equilibrium.lost_to_competition_musd {
        made.rows.push(vec![text("Lost"), text("what competition would have had more"), lost.into()]);
    }
    made
}

/// How the market came to rest, in sentences.
#[must_use]
pub fn in_words(results: &Results) -> Vec<String> {
    let Some(equilibrium) = results.trade.equilibrium.as_ref().filter(|_| results.has_numbers()) else { return Vec::new() };
    let how = match equilibrium.conduct {
        "Competition" => "Prices form in competition: every seller takes them as given.",
        "Cournot" => {
            "Prices form among few sellers (Cournot): each knows that what it sells moves the price, and takes the others' sales as given."
        }
        _ => "All sellers act as one (a cartel).",
    };
    let mut said = vec![format!("{how} Prices are exact to within {}.", share(equilibrium.price_error_fraction))];
    said.extend(replies(results, equilibrium));
    if let Some(lost) = equilibrium.lost_to_competition_musd {
        said.push(format!("Competition would have had {} more of surplus, of buyers, sellers and governments together.", musd(lost)));
    }
    said
}

/// Whose gain it is that one more of a limit is worth, where prices form.
#[must_use]
pub fn worth_in_words(results: &Results) -> Option<&'static str> {
    let equilibrium = results.trade.equilibrium.as_ref().filter(|_| results.has_numbers())?;
    Some(match equilibrium.conduct {
        "Competition" => "Prices form here: what one more of a limit is worth is what buyers and sellers together would have more.",
        "Cournot" => {
            "Prices form here: what one more of a limit is worth is what its owner would earn more while all others keep to what they sell."
        }
        _ => "Prices form here: what one more of a limit is worth is what all sellers together would earn more.",
    })
}

fn replies(results: &Results, equilibrium: &Equilibrium) -> Option<String> {
    if equilibrium.replies.is_empty() {
        return None;
    }
    let name = |actor: usize| results.trade.actors.get(actor).map_or("", |actor| actor.name.as_str());
    let each: Vec<String> = equilibrium
        .replies
        .iter()
        .map(|reply| {
            format!("{} {} ({} of its revenue or profit)", name(reply.actor), musd(reply.gain_musd), short_share(reply.gain_fraction))
        })
        .collect();
    Some(if equilibrium.conduct == "Cartel" {
        format!("What each would gain by leaving the cartel while the others keep to it: {}.", each.join(", "))
    } else {
        format!("Best replies, solved again one by one with all others as they are, would bring: {}.", each.join(", "))
    })
}

fn short_share(fraction: f64) -> String {
    if fraction < 5e-6 { "0 %".to_owned() } else { format!("{} %", short(fraction * 100.0)) }
}
