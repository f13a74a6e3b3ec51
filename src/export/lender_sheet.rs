//! The lender's view as a sheet that computes: what is planned stands as numbers, what follows from it
//! as formulas, so that a reader may change a price or a rate and see what becomes of it.

use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet, XlsxError};

use crate::finance::{Loss, Year};
use crate::results::lender::Lender;

/// Rows of the sheet, from 0.
mod row {
    pub const DISCOUNT: u32 = 2;
    pub const EQUITY: u32 = 3;
    pub const TAX: u32 = 4;
    pub const DEBT: u32 = 5;
    pub const MONTHS: u32 = 6;
    pub const BOOK: u32 = 7;
    pub const SOLD: u32 = 8;
    pub const HEAD: u32 = 10;
    pub const TIME: u32 = 11;
    pub const REVENUE: u32 = 12;
    pub const OPEX: u32 = 13;
    pub const EBITDA: u32 = 14;
    pub const DEPRECIATION: u32 = 15;
    pub const INTEREST: u32 = 16;
    pub const FEES_WRITTEN: u32 = 17;
    pub const TAXABLE: u32 = 18;
    pub const LOSSES: u32 = 19;
    pub const TAX_PAID: u32 = 20;
    pub const CREDITS: u32 = 21;
    pub const CFADS: u32 = 22;
    pub const BOUGHT: u32 = 23;
    pub const DRAWN: u32 = 24;
    pub const FEES: u32 = 25;
    pub const PRINCIPAL: u32 = 26;
    pub const OWED: u32 = 27;
    pub const SERVICE: u32 = 28;
    pub const RESERVE: u32 = 29;
    pub const TO_OWNERS: u32 = 30;
    pub const DSCR: u32 = 31;
    pub const UNLEVERED_TAXABLE: u32 = 32;
    pub const UNLEVERED_LOSSES: u32 = 33;
    pub const UNLEVERED_TAX: u32 = 34;
    pub const UNLEVERED: u32 = 35;
    pub const NPV: u32 = 37;
    pub const NPV_OWNERS: u32 = 38;
    pub const IRR: u32 = 39;
    pub const IRR_OWNERS: u32 = 40;
    pub const DSCR_LEAST: u32 = 41;
    pub const DSCR_MEAN: u32 = 42;
}

/// `B`, …, `Z`, `AA`, …: the column of a time; the end has the one after the last.
fn column(time: usize) -> String {
    let mut index = time + 1;
    let mut name = String::new();
    loop {
        name.insert(0, char::from(b'A' + u8::try_from(index % 26).unwrap_or(0)));
        if index < 26 {
            return name;
        }
        index = index / 26 - 1;
    }
}

/// `$B$3`: a number of the head.
fn head(row: u32) -> String {
    format!("$B${}", row + 1)
}

struct Sheet<'a> {
    sheet: &'a mut Worksheet,
    lender: &'a Lender,
    number: Format,
    quiet: Format,
}

impl Sheet<'_> {
    /// The cell of a row at a time.
    fn at(row: u32, time: usize) -> String {
        format!("{}{}", column(time), row + 1)
    }

    fn label(&mut self, row: u32, text: &str) -> Result<(), XlsxError> {
        self.sheet.write_string(row, 0, text)?;
        Ok(())
    }

    fn put(&mut self, row: u32, time: usize, value: f64) -> Result<(), XlsxError> {
        let column = u16::try_from(time + 1).unwrap_or(u16::MAX);
        self.sheet.write_number_with_format(row, column, value, &self.quiet)?;
        Ok(())
    }

    /// A formula with the value that it has now.
    fn compute(&mut self, row: u32, time: usize, formula: &str, value: f64) -> Result<(), XlsxError> {
        let column = u16::try_from(time + 1).unwrap_or(u16::MAX);
        self.sheet.write_formula_with_format(row, column, Formula::new(formula).set_result(format!("{value:?}")), &self.number)?;
        Ok(())
    }

    /// A row of numbers.
    fn numbers(&mut self, row: u32, label: &str, value: impl Fn(&Year) -> f64) -> Result<(), XlsxError> {
        self.label(row, label)?;
        for (time, year) in self.lender.statement.years.iter().enumerate() {
            self.put(row, time, value(year))?;
        }
        Ok(())
    }

    /// A row of formulas, each with its value.
    fn formulas(
        &mut self,
        row: u32,
        label: &str,
        formula: impl Fn(usize) -> String,
        value: impl Fn(&Year) -> f64,
    ) -> Result<(), XlsxError> {
        self.label(row, label)?;
        for (time, year) in self.lender.statement.years.iter().enumerate() {
            self.compute(row, time, &formula(time), value(year))?;
        }
        Ok(())
    }

    /// Tax of a row of profits, and what losses it leaves.
    fn tax(&mut self, (taxable, losses, tax): (u32, u32, u32), labels: [&str; 2], values: [&[f64]; 2]) -> Result<(), XlsxError> {
        let carries = self.lender.terms.loss == Loss::CarryForward;
        let before = |time: usize| if time == 0 { "0".to_owned() } else { Self::at(losses, time - 1) };
        self.label(losses, labels[0])?;
        self.label(tax, labels[1])?;
        for time in 0..self.lender.statement.years.len() {
            let profit = Self::at(taxable, time);
            let (of_losses, of_tax) = if carries {
                (format!("=MAX(0,{}-{profit})", before(time)), format!("={}*MAX(0,{profit}-{})", head(row::TAX), before(time)))
            } else {
                ("=0".to_owned(), format!("={}*{profit}", head(row::TAX)))
            };
            let value = |index: usize| values.get(index).and_then(|values| values.get(time)).copied().unwrap_or(0.0);
            self.compute(losses, time, &of_losses, value(0))?;
            self.compute(tax, time, &of_tax, value(1))?;
        }
        Ok(())
    }

    /// What the sale of what is left leaves after its tax, as a formula, from rows of profits, losses and tax.
    fn sold_after_tax(&self, taxable: u32, losses: u32, tax: u32) -> String {
        let last = self.lender.statement.years.len().saturating_sub(1);
        let profit = format!("({}+{}-{})", Self::at(taxable, last), head(row::SOLD), head(row::BOOK));
        let with_sale = if self.lender.terms.loss == Loss::CarryForward && last > 0 {
            format!("MAX(0,{profit}-{})", Self::at(losses, last - 1))
        } else {
            profit
        };
        format!("{}-({}*{with_sale}-{})", head(row::SOLD), head(row::TAX), Self::at(tax, last))
    }
}

/// Adds the sheet.
pub(super) fn write(workbook: &mut Workbook, name: &str, lender: &Lender) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let sheet = workbook.add_worksheet();
    sheet.set_name(name)?;
    sheet.write_string_with_format(0, 0, "The lender's view, M$ of the day: change a number and see what becomes of it", &bold)?;
    sheet.set_column_width(0, 34)?;
    let quiet = Format::new().set_num_format("#,##0.000").set_font_color(rust_xlsxwriter::Color::Blue);
    let number = Format::new().set_num_format("#,##0.000");
    let mut made = Sheet { sheet, lender, number, quiet };
    let unlevered =
        crate::finance::statement(&lender.project, &crate::finance::Terms { debt: crate::finance::Debt::None, ..lender.terms.clone() });
    let (statement, terms) = (&lender.statement, &lender.terms);
    let last = statement.years.len().saturating_sub(1);
    for (row, label, value) in [
        (row::DISCOUNT, "Discount rate, in money of the day", terms.nominal_rate()),
        (row::EQUITY, "Return the owners ask", terms.equity_return),
        (row::TAX, "Tax on profit", terms.tax),
        (row::DEBT, "Interest a year", terms.debt.rate().unwrap_or(0.0)),
        (row::MONTHS, "Months of debt service in reserve", terms.reserves_months),
        (row::BOOK, "Not written off at the end", statement.end_book),
        (row::SOLD, "Left at the end, as sold", statement.end_value),
    ] {
        made.label(row, label)?;
        made.put(row, 0, value)?;
    }
    made.label(row::HEAD, "Year")?;
    for (time, label) in lender.years.iter().map(String::as_str).chain(["end"]).enumerate() {
        made.sheet.write_string_with_format(row::HEAD, u16::try_from(time + 1).unwrap_or(u16::MAX), label, &bold)?;
    }
    made.numbers(row::TIME, "Years from the start", |year| year.time as f64)?;
    made.put(row::TIME, last + 1, statement.end_years)?;
    made.numbers(row::REVENUE, "Revenue", |year| year.revenue)?;
    made.numbers(row::OPEX, "Operating cost", |year| year.opex)?;
    let cell = Sheet::at;
    made.formulas(row::EBITDA, "EBITDA", |t| format!("={}-{}", cell(row::REVENUE, t), cell(row::OPEX, t)), |year| year.ebitda)?;
    made.numbers(row::DEPRECIATION, "Depreciation", |year| year.depreciation)?;
    let owed_before = |t: usize| if t == 0 { "0".to_owned() } else { cell(row::OWED, t - 1) };
    made.formulas(row::INTEREST, "Interest", |t| format!("={}*{}", owed_before(t), head(row::DEBT)), |year| year.interest)?;
    made.numbers(row::FEES_WRITTEN, "Fees written off", |year| year.ebitda - year.depreciation - year.interest - year.taxable)?;
    made.formulas(
        row::TAXABLE,
        "Taxable profit",
        |t| format!("={}-{}-{}-{}", cell(row::EBITDA, t), cell(row::DEPRECIATION, t), cell(row::INTEREST, t), cell(row::FEES_WRITTEN, t)),
        |year| year.taxable,
    )?;
    let values = |value: fn(&Year) -> f64, of: &crate::finance::Statement| of.years.iter().map(value).collect::<Vec<f64>>();
    let (losses, tax) = (values(|year| year.losses, statement), values(|year| year.tax, statement));
    made.tax((row::TAXABLE, row::LOSSES, row::TAX_PAID), ["Losses carried on", "Tax"], [&losses, &tax])?;
    made.numbers(row::CREDITS, "Credits", |year| year.credits)?;
    made.formulas(
        row::CFADS,
        "Cash for debt service",
        |t| format!("={}-{}+{}", cell(row::EBITDA, t), cell(row::TAX_PAID, t), cell(row::CREDITS, t)),
        |year| year.cfads,
    )?;
    made.numbers(row::BOUGHT, "Bought", |year| year.bought)?;
    made.numbers(row::DRAWN, "Debt drawn", |year| year.drawn)?;
    made.numbers(row::FEES, "Fees", |year| year.fees)?;
    made.numbers(row::PRINCIPAL, "Principal paid", |year| year.principal)?;
    made.formulas(
        row::OWED,
        "Debt owed",
        |t| format!("={}+{}-{}", owed_before(t), cell(row::DRAWN, t), cell(row::PRINCIPAL, t)),
        |year| year.owed,
    )?;
    made.formulas(
        row::SERVICE,
        "Debt service",
        |t| format!("={}+{}", cell(row::INTEREST, t), cell(row::PRINCIPAL, t)),
        |year| year.interest + year.principal,
    )?;
    let next = |t: usize| if t == last { "0".to_owned() } else { cell(row::SERVICE, t + 1) };
    made.formulas(row::RESERVE, "In reserve", |t| format!("={}*{}/12", next(t), head(row::MONTHS)), |year| year.reserve)?;
    let reserve_before = |t: usize| if t == 0 { "0".to_owned() } else { cell(row::RESERVE, t - 1) };
    made.formulas(
        row::TO_OWNERS,
        "To the owners",
        |t| {
            let plus = format!("{}-{}-{}+{}", cell(row::CFADS, t), cell(row::SERVICE, t), cell(row::BOUGHT, t), cell(row::DRAWN, t));
            format!("={plus}-{}-({}-{})", cell(row::FEES, t), cell(row::RESERVE, t), reserve_before(t))
        },
        |year| year.to_owners,
    )?;
    let after_tax = made.sold_after_tax(row::TAXABLE, row::LOSSES, row::TAX_PAID);
    let end = statement.end_value - statement.end_tax - statement.end_owed;
    made.compute(row::TO_OWNERS, last + 1, &format!("={after_tax}-{}", cell(row::OWED, last)), end)?;
    made.label(row::DSCR, "Debt service cover")?;
    for (time, year) in statement.years.iter().enumerate().filter(|(_, year)| year.dscr.is_some()) {
        made.compute(row::DSCR, time, &format!("={}/{}", cell(row::CFADS, time), cell(row::SERVICE, time)), year.dscr.unwrap_or(0.0))?;
    }
    made.label(row::UNLEVERED_TAXABLE, "Without debt: taxable profit")?;
    for (time, year) in unlevered.years.iter().enumerate() {
        let formula = format!("={}-{}", cell(row::EBITDA, time), cell(row::DEPRECIATION, time));
        made.compute(row::UNLEVERED_TAXABLE, time, &formula, year.taxable)?;
    }
    let (losses, tax) = (values(|year| year.losses, &unlevered), values(|year| year.tax, &unlevered));
    let rows = (row::UNLEVERED_TAXABLE, row::UNLEVERED_LOSSES, row::UNLEVERED_TAX);
    made.tax(rows, ["Without debt: losses carried on", "Without debt: tax"], [&losses, &tax])?;
    made.label(row::UNLEVERED, "Without debt: after tax")?;
    for (time, year) in unlevered.years.iter().enumerate() {
        let plus = format!("{}-{}+{}", cell(row::EBITDA, time), cell(row::UNLEVERED_TAX, time), cell(row::CREDITS, time));
        made.compute(row::UNLEVERED, time, &format!("={plus}-{}", cell(row::BOUGHT, time)), year.cfads - year.bought)?;
    }
    let after_tax = made.sold_after_tax(rows.0, rows.1, rows.2);
    made.compute(row::UNLEVERED, last + 1, &format!("={after_tax}"), unlevered.end_value - unlevered.end_tax)?;
    figures(&mut made, last)
}

/// Values and rates of return of the rows above.
fn figures(made: &mut Sheet<'_>, last: usize) -> Result<(), XlsxError> {
    let figures = made.lender.figures.clone();
    let span = |row: u32, to: usize| format!("{}:{}", Sheet::at(row, 0), Sheet::at(row, to));
    let worth = |row: u32, rate: u32| format!("=SUMPRODUCT({}/(1+{})^{})", span(row, last + 1), head(rate), span(row::TIME, last + 1));
    made.label(row::NPV, "NPV after tax, before debt")?;
    made.compute(row::NPV, 0, &worth(row::UNLEVERED, row::DISCOUNT), figures.npv_after_tax)?;
    made.label(row::NPV_OWNERS, "NPV of the owners")?;
    made.compute(row::NPV_OWNERS, 0, &worth(row::TO_OWNERS, row::EQUITY), figures.npv_of_owners)?;
    let whole = (made.lender.statement.end_years - last as f64).abs() < 1e-9;
    for (at, label, row, rate) in [
        (row::IRR, "IRR after tax, before debt", row::UNLEVERED, figures.irr_after_tax),
        (row::IRR_OWNERS, "IRR of the owners", row::TO_OWNERS, figures.irr_of_owners),
    ] {
        let Some(rate) = rate else { continue };
        made.label(at, label)?;
        if whole {
            // The end falls on the last year: its money is that year's. A helper row keeps IRR's list whole.
            let helper = at + 5;
            made.label(helper, &format!("{label}: flows"))?;
            for time in 0..=last {
                let end = if time == last { format!("+{}", Sheet::at(row, last + 1)) } else { String::new() };
                let flows = if row == row::UNLEVERED { made.flow_after_tax(time) } else { made.flow_of_owners(time) };
                made.compute(helper, time, &format!("={}{end}", Sheet::at(row, time)), flows)?;
            }
            made.compute(at, 0, &format!("=IRR({},{:.3})", span(helper, last), rate), rate)?;
        } else {
            made.put(at, 0, rate)?;
        }
    }
    if let (Some(least), Some(mean)) = (figures.dscr_least, figures.dscr_mean) {
        made.label(row::DSCR_LEAST, "Debt service cover, least")?;
        made.compute(row::DSCR_LEAST, 0, &format!("=MIN({})", span(row::DSCR, last)), least)?;
        made.label(row::DSCR_MEAN, "Debt service cover, mean")?;
        made.compute(row::DSCR_MEAN, 0, &format!("=AVERAGE({})", span(row::DSCR, last)), mean)?;
    }
    made.sheet.set_freeze_panes(row::HEAD + 1, 1)?;
    made.sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

impl Sheet<'_> {
    /// What the project has after tax in a year, the end with the last.
    fn flow_after_tax(&self, time: usize) -> f64 {
        let terms = crate::finance::Terms { debt: crate::finance::Debt::None, ..self.lender.terms.clone() };
        let made = crate::finance::statement(&self.lender.project, &terms);
        let end = if time + 1 == made.years.len() { made.end_value - made.end_tax } else { 0.0 };
        made.years.get(time).map_or(0.0, |year| year.cfads - year.bought) + end
    }

    /// What the owners have in a year, the end with the last.
    fn flow_of_owners(&self, time: usize) -> f64 {
        self.lender.statement.years.get(time).map_or(0.0, |year| year.to_owners + year.end)
    }
}
