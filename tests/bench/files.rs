//! How long it takes to read and clean files of series.

use std::fmt::Write as _;

use tokenworks::series::{Reading, read};

use super::timed;

const DAYS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// A year of quarter-hours, with so many further columns.
fn quarters(more: usize) -> String {
    let mut text = "time,price".to_owned();
    for column in 0..more {
        let _ = write!(text, ",other {column}");
    }
    text.push('\n');
    for (month, days) in DAYS.iter().enumerate() {
        for day in 1..=*days {
            for quarter in 0..96 {
                let (hour, minute) = (quarter / 4, 15 * (quarter % 4));
                let _ = write!(text, "2025-{:02}-{day:02} {hour:02}:{minute:02},{}.{:02}", month + 1, 30 + hour, day);
                for column in 0..more {
                    let _ = write!(text, ",{}.5", quarter + column);
                }
                text.push('\n');
            }
        }
    }
    text
}

/// Prints the times.
pub fn print() {
    println!("Files of series, read and cleaned; CPU ms. Aimed at: 50 for 35,040 rows, 1,000 for 10 MB.");
    // With fifty more columns it is a file of 10 MB.
    for more in [0, 40, 50] {
        let text = quarters(more);
        let reading = Reading { column: Some("price".into()), utc_offset_hours: Some(0.0), ..Reading::default() };
        let (clean, first_s) = timed(|| read(text.as_bytes(), &reading));
        let (_, again_s) = timed(|| read(text.as_bytes(), &reading));
        let hours = clean.map_or(0, |clean| clean.values.len());
        println!(
            "    35,040 rows of {:>2} columns, {:>5.1} MB: {:>6.1}, again {:>6.1}; {hours} hours",
            more + 2,
            text.len() as f64 / 1e6,
            first_s * 1e3,
            again_s * 1e3
        );
    }
}
