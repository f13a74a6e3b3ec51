//! What is seldom to be said of a file: its sheet, lines above the names, separators, columns of the time, its clock in
//! hours, the plant it was measured at, one of several years.

use egui::{CollapsingHeader, Grid, Label, TextEdit, Ui};

use crate::gui::theme;
use crate::plan::horizon::{FileProfile, FileYear, separator_of};

/// Numbers and lists as they are typed; what is not one yet is kept as text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct More {
    sheet: String,
    skip_rows: String,
    separator: String,
    decimal: String,
    time: String,
    offset: String,
    nameplate: String,
    year: String,
}

impl More {
    /// What is said of a file already.
    #[must_use]
    pub fn of(said: &FileProfile) -> Self {
        let number = |number: Option<f64>| number.map_or_else(String::new, |number| number.to_string());
        Self {
            sheet: said.sheet.clone().unwrap_or_default(),
            skip_rows: number(said.skip_rows.map(f64::from)),
            separator: said.separator.clone().unwrap_or_default(),
            decimal: said.decimal.clone().unwrap_or_default(),
            time: said.time.join(", "),
            offset: number(said.utc_offset_hours),
            nameplate: number(said.nameplate),
            year: match &said.year {
                None => String::new(),
                Some(FileYear::Only(year)) => year.to_string(),
                Some(FileYear::Mean) => "mean".to_owned(),
            },
        }
    }

    /// Says it of a file; what is typed wrongly, in words.
    fn say(&self, said: &mut FileProfile) -> Vec<&'static str> {
        let mut wrong = Vec::new();
        said.sheet = said_text(&self.sheet);
        said.skip_rows = read(
            &self.skip_rows,
            |text| text.parse().ok().filter(|rows| *rows <= 100_000),
            "Lines above the names are a whole number.",
            &mut wrong,
        );
        let separator = |text: &str| separator_of(text).map(|_| text.to_owned());
        said.separator = read(&self.separator, separator, "Between columns stands `,`, `;`, `tab` or `bar`.", &mut wrong);
        let decimal = |text: &str| ([".", ","].contains(&text)).then(|| text.to_owned());
        said.decimal = read(&self.decimal, decimal, "Before fractions stands `.` or `,`.", &mut wrong);
        said.time = self.time.split(',').filter_map(said_text).collect();
        let offset = |text: &str| number(text).filter(|hours| (-12.0..=14.0).contains(hours));
        said.utc_offset_hours = read(&self.offset, offset, "A clock is between −12 and 14 hours ahead of UTC.", &mut wrong);
        let plant = |text: &str| number(text).filter(|size| *size > 0.0 && *size <= 1e9);
        said.nameplate = read(&self.nameplate, plant, "The size of the plant is a number above zero.", &mut wrong);
        let year = |text: &str| match text {
            "mean" => Some(FileYear::Mean),
            text => text.parse().ok().map(FileYear::Only),
        };
        said.year = read(&self.year, year, "A year is a number such as 2023, or `mean`.", &mut wrong);
        wrong
    }

    fn is_said(&self) -> bool {
        *self != Self::default()
    }
}

/// What is typed, if anything is.
fn said_text(typed: &str) -> Option<String> {
    Some(typed.trim().to_owned()).filter(|typed| !typed.is_empty())
}

/// A number as people write it: a minus sign of either kind.
fn number(text: &str) -> Option<f64> {
    text.replace('−', "-").parse().ok().filter(|number: &f64| number.is_finite())
}

/// What a text says; nothing where it is empty or wrong.
fn read<T>(text: &str, parse: impl Fn(&str) -> Option<T>, problem: &'static str, wrong: &mut Vec<&'static str>) -> Option<T> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let value = parse(text);
    if value.is_none() {
        wrong.push(problem);
    }
    value
}

/// Draws it, and says it of the file.
pub(super) fn more_ui(ui: &mut Ui, more: &mut More, said: &mut FileProfile) {
    let header = CollapsingHeader::new("More about the file").id_salt("more about a file").default_open(more.is_said());
    header.show(ui, |ui| {
        Grid::new("seldom said").num_columns(2).spacing([12.0, 6.0]).show(ui, |ui| {
            let line = |ui: &mut Ui, label: &str, name: &str, text: &mut String, hint: &str| {
                ui.label(label);
                text_ui(ui, name, text, hint);
                ui.end_row();
            };
            line(ui, "Sheet", "Sheet of the spreadsheet", &mut more.sheet, "the first");
            line(ui, "Lines above the names", "Number of lines above the names", &mut more.skip_rows, "found");
            line(ui, "Between columns", "What stands between columns", &mut more.separator, "found: , ; tab bar");
            line(ui, "Before fractions", "What stands before fractions", &mut more.decimal, "found: . or ,");
            line(ui, "Columns of the time", "Which columns give the time", &mut more.time, "found: Date, Hour");
            line(ui, "Hours ahead of UTC", "Clock in hours ahead of UTC", &mut more.offset, "all year, without summer time: -6");
            line(
                ui,
                "Size of the plant",
                "Size of the plant in its unit",
                &mut more.nameplate,
                "in the unit of the column: values are divided by it",
            );
            line(ui, "Year", "Year that is taken", &mut more.year, "2023, or mean, where there are several");
        });
        for problem in more.say(said) {
            ui.add(Label::new(egui::RichText::new(problem).small().color(theme::tokens(ui).warn)).wrap());
        }
    });
}

/// A line of text to type.
pub(super) fn text_ui(ui: &mut Ui, name: &str, text: &mut String, hint: &str) {
    ui.add(TextEdit::singleline(text).hint_text(hint).desired_width(320.0).margin(egui::Margin::symmetric(8, 4))).accessible_name(name);
}
