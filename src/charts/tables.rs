//! Every chart as a table: for CSV and spreadsheets, for readers who can't see the picture, and for
//! snapshots.

use super::{Body, Chart, Series};

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum TableCell {
    /// Text.
    Text(String),
    /// A finite number.
    Number(f64),
}

impl From<&str> for TableCell {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<f64> for TableCell {
    fn from(number: f64) -> Self {
        Self::Number(if number.is_finite() { number } else { 0.0 })
    }
}

/// A table: a header and rows of as many cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Name, as of the chart.
    pub name: String,
    /// Title.
    pub title: String,
    /// Names of the columns, with units.
    pub header: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<TableCell>>,
}

impl Table {
    /// The same without columns in which nothing stands, for people to look at.
    #[must_use]
    pub fn without_empty_columns(mut self) -> Self {
        let is_something = |cell: &TableCell| !matches!(cell, TableCell::Text(text) if text.is_empty());
        let kept: Vec<bool> =
            (0..self.header.len()).map(|column| self.rows.iter().any(|row| row.get(column).is_some_and(is_something))).collect();
        let keeps = |number: usize| kept.get(number).copied().unwrap_or(true);
        let mut column = 0..;
        self.header.retain(|_| column.next().is_some_and(keeps));
        for row in &mut self.rows {
            let mut column = 0..;
            row.retain(|_| column.next().is_some_and(keeps));
        }
        self
    }
}

/// The data of a chart.
#[must_use]
pub fn table(chart: &Chart) -> Table {
    let unit = |name: &str, unit: &str| if unit.is_empty() { name.to_owned() } else { format!("{name} [{unit}]") };
    let text = |text: &str| TableCell::from(text);
    let number = |value: f64| TableCell::from(value);
    let across = |series: &[Series], index: usize| -> Vec<TableCell> {
        series.iter().map(|series| number(series.values.get(index).copied().unwrap_or(0.0))).collect()
    };
    let y = |name: &str| unit(name, &chart.y.unit);
    let (header, rows): (Vec<String>, Vec<Vec<TableCell>>) = match &chart.body {
        Body::StackedBars { categories, stacks, lines } => (
            [if chart.x.label.is_empty() { String::from("Period") } else { chart.x.label.clone() }]
                .into_iter()
                .chain(stacks.iter().chain(lines).map(|series| y(&series.name)))
                .collect(),
            categories
                .iter()
                .enumerate()
                .map(|(index, category)| [text(category)].into_iter().chain(across(stacks, index)).chain(across(lines, index)).collect())
                .collect(),
        ),
        Body::StackedAreas { edges, stacks, lines } => (
            [unit("From", &chart.x.unit), unit("To", &chart.x.unit)]
                .into_iter()
                .chain(stacks.iter().chain(lines).map(|series| y(&series.name)))
                .collect(),
            edges
                .iter()
                .zip(edges.iter().skip(1))
                .enumerate()
                .map(|(index, (from, to))| {
                    [number(*from), number(*to)].into_iter().chain(across(stacks, index)).chain(across(lines, index)).collect()
                })
                .collect(),
        ),
        Body::Bars { categories, values } => (
            vec![String::from("Name"), unit(&values.name, &chart.x.unit)],
            categories
                .iter()
                .enumerate()
                .map(|(index, name)| vec![text(name), number(values.values.get(index).copied().unwrap_or(0.0))])
                .collect(),
        ),
        Body::Lines { traces, .. } => (
            vec!["Name".into(), unit(&chart.x.label, &chart.x.unit), unit(&chart.y.label, &chart.y.unit)],
            traces
                .iter()
                .flat_map(|trace| trace.points.iter().map(|point| vec![text(&trace.name), number(point.x), number(point.y)]))
                .collect(),
        ),
        Body::Sankey { nodes, links } => (
            ["From", "To", "Value", "Unit"].map(String::from).to_vec(),
            links
                .iter()
                .map(|link| {
                    let name = |index: usize| text(nodes.get(index).map_or("", |node| node.name.as_str()));
                    vec![name(link.from), name(link.to), number(link.value), text(&link.unit)]
                })
                .collect(),
        ),
        Body::Timeline { rows, columns, cells, written } => (
            if *written { ["Row", "Column", "In the cell", "In words"] } else { ["Where", "Period", "What binds", "In words"] }
                .map(String::from)
                .to_vec(),
            rows.iter()
                .zip(cells)
                .flat_map(|(row, cells)| {
                    columns
                        .iter()
                        .zip(cells)
                        .map(move |(column, cell)| vec![text(row), text(column), text(&cell.label), text(&cell.detail)])
                })
                .collect(),
        ),
        Body::Heat { across, up, cells } => (
            [
                unit(&chart.x.label, &chart.x.unit),
                unit(&chart.y.label, &chart.y.unit),
                "What".into(),
                "Value".into(),
                "Unit".into(),
                "In words".into(),
            ]
            .to_vec(),
            up.iter()
                .zip(cells)
                .flat_map(|(up, cells)| {
                    let height = |cell: &super::HeatCell| cell.value.map_or_else(|| text(""), number);
                    across.iter().zip(cells).map(move |(across, cell)| {
                        vec![number(*across), number(*up), text(&cell.label), height(cell), text(cell.unit), text(&cell.detail)]
                    })
                })
                .collect(),
        ),
        Body::Ranges { rows } => {
            let ends = rows.first().map_or(["From", "To"], |row| row.ends);
            let header = vec![
                "What".to_owned(),
                unit(ends[0], &chart.x.unit),
                unit(rows.first().map_or("planned", |row| row.mark), &chart.x.unit),
                unit(ends[1], &chart.x.unit),
                "Word".to_owned(),
            ];
            let end = |value: Option<f64>| value.map_or_else(|| text("no limit"), number);
            (header, rows.iter().map(|row| vec![text(&row.name), end(row.from), number(row.at), end(row.to), text(&row.word)]).collect())
        }
        Body::Waterfall { steps } => {
            (vec![String::from("Step"), y("Value")], steps.iter().map(|step| vec![text(&step.name), number(step.value)]).collect())
        }
        Body::Map { places, arcs, .. } => {
            let place = |index: usize| text(places.get(index).map_or("", |place| place.name.as_str()));
            let own = places.iter().map(|from| {
                vec![
                    text(&from.name),
                    text(if from.market { "market" } else { "site" }),
                    number(from.latitude),
                    number(from.longitude),
                    text(""),
                    number(from.size),
                    text(if from.market { "Ttok" } else { "MW" }),
                ]
            });
            let flows = arcs
                .iter()
                .map(|arc| vec![place(arc.from), text("flow"), text(""), text(""), place(arc.to), number(arc.value), text("Ttok")]);
            (["Name", "What", "Latitude", "Longitude", "To", "Value", "Unit"].map(String::from).to_vec(), own.chain(flows).collect())
        }
        Body::Empty { reason } => (vec!["Nothing to show".into()], vec![vec![text(reason)]]),
    };
    Table { name: chart.name.to_owned(), title: chart.title.clone(), header, rows }
}

/// A number as text in a table of text: as many digits as it has, up to six after the point.
#[must_use]
pub fn plain(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    if rounded == 0.0 { "0".into() } else { rounded.to_string() }
}
