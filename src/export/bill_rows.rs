//! Bills line by line, and connections by period, as tables: to hold against a utility's own paper.

use crate::charts::frame::at;
use crate::charts::tables::{Table, TableCell};
use crate::results::LossInfo;
use crate::results::Results;

fn table(name: &str, title: &str, header: &[&str]) -> Table {
    Table { name: name.into(), title: title.into(), header: header.iter().map(|name| (*name).to_owned()).collect(), rows: Vec::new() }
}

/// The tables that hold anything.
pub(super) fn tables(results: &Results) -> Vec<Table> {
    let mut bills =
        table("bills", "Bills by contract, month and item, undiscounted", &["Contract", "Month", "Item", "Quantity", "Unit", "Amount [$]"]);
    for line in &results.bills {
        bills.rows.push(vec![
            line.contract.as_str().into(),
            line.month.as_str().into(),
            line.item.as_str().into(),
            line.quantity.into(),
            line.unit.into(),
            line.usd.into(),
        ]);
    }
    let header = ["Site", "Connection", "Period", "Firm [MW]", "Non-firm [MW]", "Event hours", "Hours held down"];
    let mut connections = table("connections", "Connections by period", &header);
    for connection in &results.connections {
        for (index, period) in results.periods.iter().enumerate() {
            connections.rows.push(vec![
                connection.site.as_str().into(),
                connection.id.as_str().into(),
                period.label.as_str().into(),
                at(&connection.firm_mw, index).into(),
                at(&connection.non_firm_mw, index).into(),
                at(&connection.event_hours, index).into(),
                at(&connection.curtailed_hours, index).into(),
            ]);
        }
    }
    let mut offers = table("offers", "Offers of connections", &["Site", "Connection", "Offer", "Taken [MW]"]);
    for connection in &results.connections {
        for (offer, mw) in &connection.offers {
            offers.rows.push(vec![connection.site.as_str().into(), connection.id.as_str().into(), offer.as_str().into(), (*mw).into()]);
        }
    }
    let mut shed = table(
        "shed",
        "Live tokens shed in events",
        &["Product", "Market", "Period", "Answer tokens [Ttok]", "Made the same day", "Discount [M$]"],
    );
    for of in &results.shed {
        for (index, period) in results.periods.iter().enumerate() {
            let back = TableCell::from(if of.paid_back { "yes" } else { "no" });
            shed.rows.push(vec![
                of.product.as_str().into(),
                of.market.as_str().into(),
                period.label.as_str().into(),
                at(&of.answer_ttok, index).into(),
                back,
                at(&of.discount_musd, index).into(),
            ]);
        }
    }
    [bills, connections, offers, shed, losses(results)].into_iter().filter(|table| !table.rows.is_empty()).collect()
}

/// What a page has no room for.
const NOT_ON_PAGES: [&str; 6] = ["Found", "Before [Gtok/h]", "After [Gtok/h]", "Hours held", "Firm power [MW]", "Rule"];

/// The same for pages: without the bills, which are long, and with the columns that a page has room for.
pub(super) fn short_tables(results: &Results) -> Vec<Table> {
    let mut tables = tables(results);
    tables.retain(|table| table.name != "bills");
    for table in tables.iter_mut().filter(|table| table.name == "losses") {
        *table = narrow(table);
    }
    tables
}

/// What each loss leaves, in few columns; empty where nothing has to go on.
#[must_use]
pub fn losses_in_short(results: &Results) -> Table {
    narrow(&losses(results))
}

fn narrow(table: &Table) -> Table {
    let kept: Vec<bool> = table.header.iter().map(|name| !NOT_ON_PAGES.contains(&name.as_str())).collect();
    let cut = |cells: &[TableCell]| cells.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(cell, _)| cell.clone()).collect();
    Table {
        header: table.header.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(name, _)| name.clone()).collect(),
        rows: table.rows.iter().map(|row| cut(row)).collect(),
        ..table.clone()
    }
}

/// The hour in which least goes on; none where all does.
fn worst_hour(loss: &LossInfo) -> String {
    if loss.short_hours > 0.0 { format!("{} {}", loss.worst_day, crate::words::hour(loss.worst_hour)) } else { "none".to_owned() }
}

/// What each loss leaves.
fn losses(results: &Results) -> Table {
    let header = [
        "Lost",
        "Period",
        "Product",
        "Has to go on [%]",
        "Goes on [%]",
        "Found",
        "Worst hour",
        "Before [Gtok/h]",
        "After [Gtok/h]",
        "Hours held",
        "Hours short",
        "Lost in these [Ttok]",
        "Firm power [MW]",
        "Firm power left [MW]",
        "Rule",
    ];
    let most = results.losses.iter().all(|loss| loss.is_most);
    let title = if most { "The most tokens that go on when a part is lost" } else { "Tokens that go on at least when a part is lost" };
    let mut table = table("losses", title, &header);
    for loss in &results.losses {
        table.rows.push(vec![
            format!("{} {}", loss.part, loss.lost).as_str().into(),
            loss.period.as_str().into(),
            crate::words::sentence(&loss.product).as_str().into(),
            (loss.asked_fraction * 100.0).into(),
            (loss.left_fraction * 100.0).into(),
            TableCell::from(if loss.is_most { "the most" } else { "at least" }),
            worst_hour(loss).as_str().into(),
            loss.before_gtok_per_hour.into(),
            loss.left_gtok_per_hour.into(),
            loss.hours.into(),
            loss.short_hours.into(),
            loss.lost_ttok.into(),
            loss.firm_mw.into(),
            loss.firm_left_mw.into(),
            loss.rule.as_str().into(),
        ]);
    }
    table
}
