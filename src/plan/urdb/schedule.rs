//! Schedules of 12 × 24 hours as windows.

/// Which period each hour of each month is in.
pub(super) struct Cells {
    /// On working days.
    pub working: Vec<Vec<usize>>,
    /// On weekends.
    pub weekends: Vec<Vec<usize>>,
}

impl Cells {
    /// The periods that it names, each once, in order.
    pub fn periods(&self) -> Vec<usize> {
        let all: std::collections::BTreeSet<usize> = self.working.iter().chain(&self.weekends).flatten().copied().collect();
        all.into_iter().collect()
    }

    /// Whether a period has any hour.
    pub fn uses(&self, period: usize) -> bool {
        self.working.iter().chain(&self.weekends).flatten().any(|of| *of == period)
    }
}

/// Hours of a day in a period, from and until.
type Spans = Vec<(usize, usize)>;

fn spans(hours: &[usize], period: usize) -> Spans {
    let mut spans: Spans = Vec::new();
    for (hour, _) in hours.iter().enumerate().filter(|(_, of)| **of == period) {
        match spans.last_mut() {
            Some((_, until)) if *until == hour => *until = hour + 1,
            _ => spans.push((hour, hour + 1)),
        }
    }
    spans
}

/// Months (from 1) with the same hours, the days of the week they are of, and the hours.
fn alike(cells: &Cells, period: usize) -> Vec<(Vec<usize>, &'static str, Spans)> {
    let mut found: Vec<(Vec<usize>, &'static str, Spans)> = Vec::new();
    let mut note = |month: usize, days: &'static str, spans: Spans| {
        if spans.is_empty() {
            return;
        }
        match found.iter_mut().find(|(_, of, known)| *of == days && *known == spans) {
            Some((months, ..)) => months.push(month),
            None => found.push((vec![month], days, spans)),
        }
    };
    for (month, (working, weekend)) in cells.working.iter().zip(&cells.weekends).enumerate() {
        let (working, weekend) = (spans(working, period), spans(weekend, period));
        if working == weekend {
            note(month + 1, "All", working);
        } else {
            note(month + 1, "Working", working);
            note(month + 1, "Weekend", weekend);
        }
    }
    found
}

/// The windows of a period as a list in RON.
pub(super) fn list(cells: &Cells, period: usize) -> String {
    let mut windows = Vec::new();
    for (months, days, spans) in alike(cells, period) {
        for (from, until) in spans {
            let mut fields = Vec::new();
            if months.len() < 12 {
                let months: Vec<String> = months.iter().map(ToString::to_string).collect();
                fields.push(format!("months: [{}]", months.join(", ")));
            }
            if days != "All" {
                fields.push(format!("weekdays: {days}"));
            }
            if (from, until) != (0, 24) {
                fields.push(format!("from_hour: {from}, until_hour: {until}"));
            }
            windows.push(format!("({})", fields.join(", ")));
        }
    }
    format!("[{}]", windows.join(", "))
}

/// The windows of a period as a field in RON; nothing if it is always open.
pub(super) fn windows(cells: &Cells, period: usize) -> String {
    match list(cells, period).as_str() {
        "[()]" => String::new(),
        list => format!("windows: {list}, "),
    }
}
