//! Bills line by line, and connections by period, as tables: to hold against a utility's own paper.

use crate::charts::frame::at;
use crate::charts::tables::{Table, TableCell};
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
    [bills, connections, offers, shed].into_iter().filter(|table| !table.rows.is_empty()).collect()
}
