//! A section of the plan seen as a sheet: its rows, its columns, and cells as text both ways.

use crate::words;
use std::sync::LazyLock;

use crate::gui::change::{self, Edit};
use crate::gui::{arithmetic, reflect, templates};
use crate::plan::Plan;
use crate::plan::node::{Bounds, FieldInfo, Node, Shape, Tree, quoted};
use crate::plan::power::KINDS;

/// A sheet that can be picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Its title.
    pub title: &'static str,
    /// The section of the plan.
    pub section: &'static str,
    /// A map within every entry of the section: `halls`; empty for the section itself.
    pub inner: &'static str,
    /// Only entries whose terms are of this kind; empty for all.
    pub terms: &'static str,
}

const fn sheet(title: &'static str, section: &'static str) -> Sheet {
    Sheet { title, section, inner: "", terms: "" }
}

/// Every sheet, in the order of the plan.
pub static SHEETS: LazyLock<Vec<Sheet>> = LazyLock::new(|| {
    let before = [
        sheet("Sites", "sites"),
        Sheet { title: "Halls", section: "sites", inner: "halls", terms: "" },
        Sheet { title: "Hall types", section: "sites", inner: "buildable", terms: "" },
        sheet("Actors", "actors"),
        sheet("Chips", "chips"),
        sheet("Fleets", "fleets"),
        sheet("Rentals", "rentals"),
    ];
    let contracts = KINDS.iter().map(|kind| Sheet { title: kind.plural, section: "contracts", inner: "", terms: kind.variant });
    let after = [
        sheet("Served models", "served_models"),
        sheet("Products", "products"),
        sheet("Throughput", "throughput"),
        sheet("Markets", "markets"),
        Sheet { title: "Demand", section: "markets", inner: "demand", terms: "" },
        sheet("Routes", "routes"),
        sheet("Purchases", "purchases"),
        sheet("Tasks", "tasks"),
        sheet("Training", "training"),
        sheet("Policies", "policies"),
        sheet("Decisions", "decisions"),
        sheet("After a loss", "resilience"),
        sheet("Profiles", "profiles"),
        sheet("Scenarios", "scenarios"),
    ];
    before.into_iter().chain(contracts).chain(after).collect()
});

/// A row: an entry of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its path.
    pub path: String,
    /// Its id; within a holder `abilene/building-1`.
    pub id: String,
}

/// A column: a field, or a field of the terms.
#[derive(Clone, Copy)]
pub struct Column {
    /// Path from the entry: `it_mw`, `terms.price_usd_per_mwh`; empty for the entry itself.
    pub field: &'static str,
    /// Whether it is one of the terms.
    pub of_terms: bool,
    /// What it means.
    pub doc: &'static str,
    /// Its shape.
    pub shape: Shape,
    /// Range of its numbers.
    pub bounds: Option<Bounds>,
}

impl Column {
    fn of(field: &FieldInfo, of_terms: bool) -> Self {
        Self { field: field.name, of_terms, doc: field.doc, shape: (field.shape)(), bounds: field.bounds }
    }

    /// Its name in a spreadsheet.
    #[must_use]
    pub fn name(&self) -> String {
        if self.field.is_empty() {
            "value".into()
        } else if self.of_terms {
            format!("terms.{}", self.field)
        } else {
            self.field.into()
        }
    }

    /// Its path below an entry.
    #[must_use]
    pub fn path(&self, row: &str) -> String {
        if self.field.is_empty() { row.to_owned() } else { format!("{row}.{}", self.name()) }
    }

    /// Title and unit.
    #[must_use]
    pub fn title(&self) -> (String, &'static str) {
        if self.field.is_empty() {
            return ("Value".into(), "");
        }
        let unit = if self.field.contains("_fraction") { "0 to 1" } else { words::unit_of(self.field) };
        (words::label_of(self.field), unit)
    }
}

impl Sheet {
    /// Its rows.
    #[must_use]
    pub fn rows(&self, plan: &Plan) -> Vec<Row> {
        let ids = plan.child(self.section).map(Node::children).unwrap_or_default();
        if !self.inner.is_empty() {
            return ids
                .iter()
                .flat_map(|holder| {
                    let map = format!("{}.{holder}.{}", self.section, self.inner);
                    let inner = change::get(plan, &map).map(Node::children).unwrap_or_default();
                    inner.into_iter().map(move |id| Row { path: format!("{map}.{id}"), id: format!("{holder}/{id}") })
                })
                .collect();
        }
        ids.into_iter()
            .filter(|id| {
                self.terms.is_empty() || plan.contracts.get(id).is_some_and(|contract| contract.terms.variant_name() == self.terms)
            })
            .map(|id| Row { path: format!("{}.{id}", self.section), id })
            .collect()
    }

    /// Its columns.
    #[must_use]
    pub fn columns(&self, plan: &Plan) -> Vec<Column> {
        let shape = match reflect::place(plan, self.section).map(|place| place.shape) {
            Some(Shape::Map(entry)) => entry(),
            _ => return Vec::new(),
        };
        let shape = match (self.inner, shape) {
            ("", shape) => shape,
            (inner, Shape::Record(fields)) => match fields().iter().find(|field| field.name == inner).map(|field| (field.shape)()) {
                Some(Shape::Map(entry)) => entry(),
                _ => return Vec::new(),
            },
            _ => return Vec::new(),
        };
        let Shape::Record(fields) = shape else {
            return vec![Column { field: "", of_terms: false, doc: "The whole entry as it is written in the plan", shape, bounds: None }];
        };
        // Maps within an entry have sheets of their own.
        let own = fields().iter().filter(|field| !matches!((field.shape)(), Shape::Map(_)));
        if self.terms.is_empty() {
            return own.map(|field| Column::of(field, false)).collect();
        }
        let mut columns: Vec<Column> = own.clone().filter(|field| field.name == "site").map(|field| Column::of(field, false)).collect();
        columns.extend(self.terms_fields(fields()).iter().map(|field| Column::of(field, true)));
        columns.extend(own.filter(|field| field.name != "site" && field.name != "terms").map(|field| Column::of(field, false)));
        columns
    }

    fn terms_fields(&self, fields: &[FieldInfo]) -> &'static [FieldInfo] {
        let variants = match fields.iter().find(|field| field.name == "terms").map(|field| (field.shape)()) {
            Some(Shape::Choice(variants)) => variants(),
            _ => return &[],
        };
        match variants.iter().find(|variant| variant.name == self.terms).and_then(|variant| variant.shape).map(|shape| shape()) {
            Some(Shape::Record(fields)) => fields(),
            _ => &[],
        }
    }

    /// An edit that adds an entry, and its path; `holder` is the entry that takes it in, for inner maps.
    #[must_use]
    pub fn new_row(&self, plan: &Plan, holder: &str) -> Option<(String, Edit)> {
        if !self.terms.is_empty() {
            let Some(Shape::Map(entry)) = reflect::place(plan, self.section).map(|place| place.shape) else { return None };
            let Shape::Record(fields) = entry() else { return None };
            let Some(Shape::Choice(variants)) = fields().iter().find(|field| field.name == "terms").map(|field| (field.shape)()) else {
                return None;
            };
            let variant = variants().iter().find(|variant| variant.name == self.terms)?;
            let taken: Vec<String> = plan.contracts.keys().cloned().collect();
            let id = templates::free_id(&taken, &self.terms.to_lowercase());
            let site = plan.sites.keys().next()?;
            let text = format!("(site: {}, terms: {})", quoted(site), reflect::variant_example(plan, variant));
            return Some((format!("contracts.{id}"), Edit::Insert { path: "contracts".into(), id, position: None, value: text }));
        }
        let map = if self.inner.is_empty() { self.section.to_owned() } else { format!("{}.{holder}.{}", self.section, self.inner) };
        let (id, edit) = templates::new_entry(plan, &map)?;
        Some((format!("{map}.{id}"), edit))
    }
}

/// A value as a cell shows it.
#[must_use]
pub fn cell_text(tree: &Tree, shape: Shape) -> String {
    match (shape, tree) {
        (Shape::Optional(_), Tree::Atom(text)) if text == "None" => String::new(),
        (Shape::Optional(inner), tree) => cell_text(tree, inner()),
        (Shape::Text | Shape::Month | Shape::Reference(_), tree) | (Shape::Succession(_), tree @ Tree::Atom(_)) => reflect::text_of(tree),
        (Shape::Succession(_), Tree::Group { items, .. }) => {
            let steps = items
                .iter()
                .map(|(month, id)| format!("{}: {}", month.as_deref().unwrap_or_default().trim_matches('"'), reflect::text_of(id)));
            steps.collect::<Vec<_>>().join("; ")
        }
        (Shape::Steps | Shape::Level, Tree::Group { brackets: ('{', _), items, .. }) => {
            let steps =
                items.iter().map(|(month, value)| format!("{}: {}", month.as_deref().unwrap_or_default().trim_matches('"'), plain(value)));
            steps.collect::<Vec<_>>().join("; ")
        }
        (_, tree) => tree.inline(),
    }
}

/// A number without the plan's `.0`.
fn plain(tree: &Tree) -> String {
    let text = tree.inline();
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// What a cell's text means in a plan.
#[must_use]
pub fn cell_ron(text: &str, shape: Shape, unit: &'static str) -> String {
    let text = text.trim();
    match shape {
        Shape::Optional(_) if text.is_empty() => "None".into(),
        Shape::Optional(inner) => cell_ron(text, inner(), unit),
        Shape::Succession(_) if text.contains(':') => {
            let steps = text.split(';').filter_map(|step| step.split_once(':'));
            let steps: Vec<String> = steps.map(|(month, id)| format!("{}: {}", quoted(month.trim()), quoted(id.trim()))).collect();
            format!("{{{}}}", steps.join(", "))
        }
        Shape::Text | Shape::Month | Shape::Reference(_) | Shape::Succession(_) => quoted(text),
        Shape::Number | Shape::Quantity | Shape::Steps | Shape::Level | Shape::Whole => {
            if matches!(shape, Shape::Steps | Shape::Level)
                && let Some(dated) = dated(text, unit)
            {
                return dated;
            }
            // Series and sources are written as in the plan; anything else is a number as people type it.
            if text.starts_with('{') || text.starts_with("Series") || text.starts_with("Stated") {
                return text.into();
            }
            match arithmetic::evaluate(text, unit, false) {
                Ok(number) if matches!(shape, Shape::Whole) => number.round().to_string(),
                Ok(number) => format!("{number:?}"),
                // The reader says what is wrong with it.
                Err(_) => text.into(),
            }
        }
        Shape::Switch => match text.to_lowercase().as_str() {
            "yes" | "1" | "x" | "true" => "true".into(),
            "no" | "0" | "" | "false" => "false".into(),
            other => other.into(),
        },
        _ => text.into(),
    }
}

/// Dated numbers as a cell shows them, `2027-01: 200; 2028-07: 450`, as they are written in a plan.
fn dated(text: &str, unit: &'static str) -> Option<String> {
    let step = |step: &str| {
        let (month, value) = step.split_once(':')?;
        let number = arithmetic::evaluate(value.trim(), unit, false).ok()?;
        Some(format!("{}: {number:?}", quoted(month.trim())))
    };
    let steps: Option<Vec<String>> = text.split(';').map(str::trim).filter(|part| !part.is_empty()).map(step).collect();
    steps.filter(|steps| !steps.is_empty()).map(|steps| format!("{{{}}}", steps.join(", ")))
}

/// What a cell shows now.
#[must_use]
pub fn shown(plan: &Plan, row: &Row, column: &Column) -> String {
    change::get(plan, &column.path(&row.path)).map_or_else(String::new, |node| cell_text(&node.tree(), column.shape))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dated_numbers_read_as_they_are_shown() {
        let steps = |text: &str| cell_ron(text, Shape::Steps, "MW");
        assert_eq!(steps("2027-01: 200; 2028-07: 0.45 GW"), r#"{"2027-01": 200.0, "2028-07": 450.0}"#);
        assert_eq!(steps("start: 12k;"), r#"{"start": 12000.0}"#);
        assert_eq!(steps("2*36"), "72.0");
        // What is no number of the kind goes to the reader, which says so.
        assert_eq!(steps("2027-01: many"), "2027-01: many");
        let tree = Tree::Group {
            name: "",
            brackets: ('{', '}'),
            items: vec![(Some(quoted("2027-01")), Tree::Atom("200.0".into())), (Some(quoted("2028-07")), Tree::Atom("450.0".into()))],
        };
        let shown = cell_text(&tree, Shape::Steps);
        assert_eq!(shown, "2027-01: 200; 2028-07: 450");
        assert_eq!(steps(&shown), tree.inline());
    }
}
