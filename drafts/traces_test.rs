//! Traces of requests as demand, with numbers worked out by hand.

use tokenworks::series::Reading;
use tokenworks::series::trace::{Demand, read};

fn demand(text: &str, reading: &Reading) -> Demand {
    read(text.as_bytes(), reading).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// Two days of UTC; from 18 to 20 o'clock three requests an hour, otherwise one, of 100 tokens: 28 an hour's share of 24
/// hours' 28 · 100 tokens. In New York's winter the evening is five hours earlier.
#[test]
fn a_trace_of_two_days() {
    let mut text = "TIMESTAMP,ContextTokens,GeneratedTokens\n".to_owned();
    for day in 16..18 {
        for hour in 0..24 {
            for request in 0..if (18..20).contains(&hour) { 3 } else { 1 } {
                text += &format!("2023-11-{day} {hour:02}:{:02}:00.1234567,{},100\n", request * 10, 1000 + request);
            }
        }
    }
    // The last request ends the span on a whole hour.
    text += "2023-11-18 00:00:00.0,1000,0\n";
    let found = demand(&text, &Reading { zone: Some("America/New_York".into()), ..Reading::default() });
    assert_eq!(found.requests, 57);
    let mean = 28.0 / 24.0;
    for (hour, share) in found.day.iter().enumerate() {
        let wanted = if (13..15).contains(&hour) { 3.0 } else { 1.0 } / mean;
        assert!((share - wanted).abs() < 1e-3, "{hour}: {share} instead of {wanted}");
    }
    assert!((found.load_factor - mean / 3.0).abs() < 1e-3, "{}", found.load_factor);
    assert_eq!(found.hours_unseen, 0);
    assert!((found.prompt.mean - (57.0 * 1000.0 + 4.0 + 8.0) / 57.0).abs() < 1e-9, "{}", found.prompt.mean);
    assert_eq!(found.prompt.quantiles[2], (0.5, 1000.0));
    assert_eq!(found.prompt.quantiles[6], (0.99, 1002.0));
    assert_eq!(found.answer.quantiles[2], (0.5, 100.0));
    let universal = demand(&text, &Reading::default());
    assert!(universal.notes.iter().any(|note| note.contains("UTC")), "{:?}", universal.notes);
    assert!((universal.day[18] - 3.0 / mean).abs() < 1e-3);
}

/// Seconds from a beginning that is not named; an hour of the day alone.
#[test]
fn a_trace_of_seconds() {
    let rows: String = (0..=3600).step_by(10).map(|second| format!("{second},ChatGPT,{},20,x\n", 100 + second % 2)).collect();
    let found = demand(&format!("Timestamp,Model,Request tokens,Response tokens,Log Type\n{rows}"), &Reading::default());
    assert_eq!((found.requests, found.hours_unseen), (361, 23));
    assert!((found.span_hours - 1.0).abs() < 1e-9);
    assert!(found.notes.iter().any(|note| note.contains("23 hours")), "{:?}", found.notes);
    for text in ["a,b\n1,2\n3,4\n", "timestamp,prompt tokens,answer tokens\n1,2,3\n", "timestamp,prompt tokens,answer tokens\nnoon,2,3\n1,2,3\n", "timestamp,prompt tokens,answer tokens\n1,-2,3\n2,2,3\n"] {
        let faults = read(text.as_bytes(), &Reading::default()).unwrap_err();
        assert!(!faults[0].help.is_empty(), "{faults:?}");
    }
}
