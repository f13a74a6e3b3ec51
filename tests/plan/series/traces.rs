//! Traces of requests as demand, with numbers worked out by hand.

use tokenworks::series::Reading;
use tokenworks::series::trace::{Demand, read};

fn demand(text: &str, reading: &Reading) -> Demand {
    read(text.as_bytes(), reading).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

fn two_days(zone: &str) -> String {
    let mut text = "TIMESTAMP,ContextTokens,GeneratedTokens\n".to_owned();
    for day in 16..18 {
        for hour in 0..24 {
            for request in 0..if (18..20).contains(&hour) { 3 } else { 1 } {
                text += &format!("2023-11-{day} {hour:02}:{:02}:00.1234567{zone},{},100\n", request * 10, 1000 + request);
            }
        }
    }
    // The last request ends the span on a whole hour.
    text + &format!("2023-11-18 00:00:00.0{zone},1000,0\n")
}

/// Two days of UTC; from 18 to 20 o'clock three requests an hour, otherwise one, of 100 tokens: 28 an hour's share of 24
/// hours' 28 · 100 tokens. In New York's winter the evening is five hours earlier.
#[test]
fn a_trace_of_two_days() {
    let text = two_days("");
    let found = demand(&text, &Reading { zone: Some("America/New_York".into()), ..Reading::default() });
    assert_eq!(found.requests, 57);
    let mean = 28.0 / 24.0;
    for (hour, share) in found.day.iter().enumerate() {
        let wanted = if (13..15).contains(&hour) { 3.0 } else { 1.0 } / mean;
        assert!((share - wanted).abs() < 1e-3, "{hour}: {share} instead of {wanted}");
    }
    assert!((found.load_factor - mean / 3.0).abs() < 1e-3, "{}", found.load_factor);
    // Of the 47 whole hours between the first and the last, four have three requests: (43 + 12)/47/3.
    assert!((found.load_factor_of_hours.unwrap() - 55.0 / 47.0 / 3.0).abs() < 1e-9, "{:?}", found.load_factor_of_hours);
    assert_eq!(found.hours_unseen, 0);
    assert!((found.prompt.mean - (57.0 * 1000.0 + 4.0 + 8.0) / 57.0).abs() < 1e-9, "{}", found.prompt.mean);
    assert_eq!(found.prompt.quantiles[2], (0.5, 1000.0));
    assert_eq!(found.prompt.quantiles[6], (0.99, 1002.0));
    assert_eq!(found.answer.quantiles[2], (0.5, 100.0));
    assert!(found.notes.iter().any(|note| note.starts_with("1 of 57 requests have no answer")), "{:?}", found.notes);
    let universal = demand(&text, &Reading::default());
    assert!(universal.notes.iter().any(|note| note.contains("UTC")), "{:?}", universal.notes);
    assert!((universal.day[18] - 3.0 / mean).abs() < 1e-3);
    // A zone that the times state themselves is theirs: 18:00+05:00 is 13:00 of UTC.
    assert!((demand(&two_days("+05:00"), &Reading::default()).day[13] - 3.0 / mean).abs() < 1e-3);
}

/// Seconds from a beginning that is not named; an hour of the day alone; milliseconds if that is said.
#[test]
fn a_trace_of_seconds() {
    let rows =
        |step: usize| -> String { (0..=360).map(|number| format!("{},ChatGPT,{},20,x\n", number * step, 100 + number % 2)).collect() };
    let head = "Timestamp,Model,Request tokens,Response tokens,Log Type\n";
    let found = demand(&format!("{head}{}", rows(10)), &Reading::default());
    assert_eq!((found.requests, found.hours_unseen), (361, 23));
    assert!((found.span_hours - 1.0).abs() < 1e-9);
    assert!(found.notes.iter().any(|note| note.contains("23 hours")), "{:?}", found.notes);
    assert!(found.notes.iter().any(|note| note.contains("taken as seconds")), "{:?}", found.notes);
    let ms = demand(&format!("{head}{}", rows(10_000)), &Reading { unit: Some("ms".into()), ..Reading::default() });
    assert!((ms.span_hours - 1.0).abs() < 1e-9);
    // Seconds and milliseconds since 1970 are told apart: 1,700,000,000 is 2023-11-14 22:13:20.
    for (scale, zeros) in [(1.0, ""), (1e3, "000")] {
        let text = format!("time,prompt tokens,answer tokens\n1700000000{zeros},1,2\n1700003600{zeros},1,2\n");
        let found = demand(&text, &Reading::default());
        assert!((found.span_hours - 1.0).abs() < 1e-9 && found.day[22] > 0.0, "{scale}");
        assert!(!found.notes.iter().any(|note| note.contains("beginning")));
    }
}

/// What is no trace is refused with what to do.
#[test]
fn what_is_no_trace_is_refused() {
    for (text, code) in [
        ("a,b\n1,2\n3,4\n", "unknown-column"),
        ("timestamp,prompt tokens,answer tokens\n1,2,3\n", "bad-file"),
        ("timestamp,prompt tokens,answer tokens\nnoon,2,3\n1,2,3\n", "bad-value"),
        ("timestamp,prompt tokens,answer tokens\n1,-2,3\n2,2,3\n", "bad-value"),
        ("timestamp,prompt tokens,answer tokens\n1,2,0\n2,2,0\n", "empty-profile"),
        ("timestamp,prompt tokens,answer tokens\n1,2,3\n2024-01-01 00:00,2,3\n", "two-clocks"),
        ("timestamp,time,prompt tokens,answer tokens\n1,1,2,3\n2,2,2,3\n", "unknown-column"),
        ("timestamp,prompt tokens,answer tokens\n1970-01-01 00:00,2,3\n2024-01-01 00:00,2,3\n", "bad-span"),
    ] {
        let faults = read(text.as_bytes(), &Reading::default()).unwrap_err();
        assert_eq!(faults[0].code, code, "{text}: {faults:?}");
        assert!(!faults[0].help.is_empty(), "{faults:?}");
    }
    let zone = Reading { zone: Some("Europe/Berlim".into()), ..Reading::default() };
    assert_eq!(read(b"timestamp,prompt tokens,answer tokens\n1,2,3\n2,2,3\n", &zone).unwrap_err()[0].code, "unknown-zone");
}
