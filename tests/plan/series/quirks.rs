//! Quirks of files: the nineteen that were handed over, and others of their kinds. Each is read right or refused with
//! what to do.

use tokenworks::series::{Clock, Gaps, Holds, Reading, Stamp};

use super::{close, date, hourly, read, refused, stamp, value, year_of};

fn rows(separator: &str, format: &str, row: impl Fn(i64) -> String) -> String {
    hourly(2025).map(|hour| format!("{}{separator}{}\n", stamp(hour * 60, format), row(hour))).collect()
}

const ISO: &str = "%Y-%m-%d %H:%M";

fn plain() -> String {
    rows(",", ISO, |hour| value(hour).to_string())
}

fn price() -> Reading {
    Reading { column: Some("price".into()), utc_offset_hours: Some(0.0), holds: Holds::Price, ..Reading::default() }
}

fn right(text: &str, reading: &Reading) {
    close(&read(text, reading).values, &year_of(2025, value));
}

#[test]
fn shapes_that_are_read_right() {
    let comma = |hour: i64| format!("{}", value(hour)).replace('.', ",");
    right(&format!("Zeit;price\n{}", rows(";", "%d.%m.%Y %H:%M", comma)), &price());
    right(&format!("price\n{}", hourly(2025).map(|hour| comma(hour) + "\n").collect::<String>()), &price());
    right(&format!("time\tprice\n{}", rows("\t", ISO, |hour| value(hour).to_string())), &price());
    right(&format!("time|price\n{}", rows("|", ISO, |hour| value(hour).to_string())), &price());
    right(&format!("# from a weather service\n# units: see below\ntime,price\n{}", plain()), &price());
    right(&format!("time,price\n{}Average,40.0\n,,\nTotal,350400\n", plain()), &price());
    right(&format!("sep=;\ntime;price\n{}", rows(";", ISO, |hour| value(hour).to_string())), &price());
    right(&format!("\u{feff}Hour , price \r\n{}", plain().replace(',', ", ").replace('\n', " \r\n")), &price());
    right(&format!("Time,PRICE\n{}", plain()), &price());
    right(&format!("time,price,\n{}", plain().replace('\n', ",\n")), &price());
    // Old spreadsheets of one kind end lines with a carriage return alone.
    right(&format!("time,price\n{}", plain()).replace('\n', "\r"), &price());
    // Twelve exports pasted into one file, each with its line of names.
    let months: String = plain()
        .lines()
        .map(|line| if line[8..].starts_with("01 00:00") { format!("time,price\n{line}\n") } else { format!("{line}\n") })
        .collect();
    right(&months, &price());
    let reversed: String = plain().lines().rev().map(|line| format!("{line}\n")).collect();
    right(&format!("time,price\n{reversed}"), &price());
    // Sorted by price, as a spreadsheet leaves it.
    let mut sorted: Vec<&str> = Vec::new();
    let text = plain();
    sorted.extend(text.lines());
    sorted.sort_by(|a, b| a[17..].cmp(&b[17..]));
    right(&format!("time,price\n{}", sorted.iter().map(|line| format!("{line}\n")).collect::<String>()), &price());
    right(
        &format!(
            "n,price\n{}",
            hourly(2025).rev().map(|hour| format!("{},{}\n", hour - hourly(2025).start, value(hour))).collect::<String>()
        ),
        &price(),
    );
}

#[test]
fn letters_of_every_encoding() {
    let text = format!("time,Preis €/MWh\n{}", plain());
    let rates = vec![("EUR".to_owned(), 1.15, "2026-11".to_owned())];
    let reading = Reading { column: Some("Preis €/MWh".into()), rates, ..price() };
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let windows: Vec<u8> = text.chars().map(|c| if c == '€' { 0x80 } else { u8::try_from(c).unwrap() }).collect();
    for bytes in [text.into_bytes(), [&[0xff, 0xfe], utf16.as_slice()].concat(), utf16, [&[0xfe, 0xff], big.as_slice()].concat(), windows] {
        let clean = tokenworks::series::read(&bytes, &reading).unwrap();
        close(&clean.values, &year_of(2025, |hour| 1.15 * value(hour)));
        // What the file says of its unit is taken, and said.
        assert!(clean.put_right.iter().any(|note| note.contains("€/MWh")), "{:?}", clean.put_right);
    }
}

#[test]
fn times_that_are_read_right() {
    let first = hourly(2025).start;
    for format in [
        "%d/%m/%Y %H:%M",
        "%m/%d/%y %I %p",
        "%m/%d/%Y %I:%M:%S %p",
        "%Y%m%d%H",
        "%Y%m%d %H%M",
        "%d-%b-%Y %H:%M",
        "%Y-%m-%dT%H:%M:%SZ",
        "%b %d %Y %H:%M",
        "%a %d %b %Y %H:%M",
    ] {
        right(&format!("when,price\n{}", rows(",", format, |hour| value(hour).to_string())), &price());
    }
    // Seconds and thousandths since 1970 say where they are.
    for scale in [3600, 3_600_000] {
        let text: String = hourly(2025).map(|hour| format!("{},{}\n", hour * scale, value(hour))).collect();
        let clean = read(&format!("timestamp,price\n{text}"), &Reading { utc_offset_hours: None, ..price() });
        close(&clean.values, &year_of(2025, value));
        assert_eq!(clean.clock, Clock::Fixed(0.0));
    }
    // Days since 1900 and a column for the hour from 0; years, months, days and hours apart.
    let serial: String =
        hourly(2025).map(|hour| format!("{},{},{}\n", hour.div_euclid(24) + 25_569, hour.rem_euclid(24), value(hour))).collect();
    right(&format!("Date,Hour,price\n{serial}"), &price());
    right(&format!("YEAR,MO,DY,HR,price\n{}", rows(",", "%Y,%m,%d,%H", |hour| value(hour).to_string())), &price());
    right(&format!("YEAR,DOY,HR,price\n{}", rows(",", "%Y,%j,%H", |hour| value(hour).to_string())), &price());
    // A weather year is put together of months of many years.
    let typical: String = hourly(2025)
        .map(|hour| {
            format!(
                "{},{},{}\n",
                1990 + (stamp(hour * 60, "%m").parse::<i64>().unwrap() * 7) % 12,
                stamp(hour * 60, "%m,%d,%H"),
                value(hour)
            )
        })
        .collect();
    right(&format!("Year,Month,Day,Hour,price\n{typical}"), &price());
    // A day's half hours by number, as in Britain; a begin and an end; two clocks.
    let halves: String = (first * 2..(first + 8760) * 2)
        .map(|half| format!("{},{},{}\n", stamp(half * 30, "%Y-%m-%d"), half.rem_euclid(48) + 1, value(half.div_euclid(2))))
        .collect();
    right(&format!("Settlement Date,Settlement Period,price\n{halves}"), &price());
    let spans: String = hourly(2025)
        .map(|hour| format!("{};{};{}\n", stamp(hour * 60, "%d.%m.%Y %H:%M"), stamp(hour * 60 + 60, "%d.%m.%Y %H:%M"), value(hour)))
        .collect();
    right(&format!("Datum von;Datum bis;price\n{spans}"), &price());
    let two: String = hourly(2025)
        .map(|hour| format!("{},{},{}\n", stamp(hour * 60 - 300, "%m/%d/%Y %H:%M"), stamp(hour * 60, "%m/%d/%Y %H:%M"), value(hour)))
        .collect();
    right(&format!("datetime_beginning_ept,datetime_beginning_utc,price\n{two}"), &Reading { utc_offset_hours: None, ..price() });
    // An hour too many at the end is the next year's.
    let more: String = (first..first + 8761).map(|hour| format!("{},{}\n", stamp(hour * 60, ISO), value(hour))).collect();
    right(&format!("time,price\n{more}"), &price());
    // Every row twice.
    right(&format!("time,price\n{}", plain().lines().flat_map(|line| [line, "\n", line, "\n"]).collect::<String>()), &price());
}

#[test]
fn units_are_converted_or_doubted() {
    let rates = vec![("EUR".to_owned(), 1.15, "2026-11".to_owned())];
    let of = |unit: &str, holds, factor: f64| {
        let text = format!("time,price\n{}", rows(",", ISO, |hour| (value(hour) / factor).to_string()));
        let clean = read(&text, &Reading { unit: Some(unit.into()), holds, rates: rates.clone(), ..price() });
        close(&clean.values, &year_of(2025, value));
        assert!(clean.warnings.is_empty(), "{unit}: {:?}", clean.warnings);
    };
    of("c/kWh", Holds::Price, 10.0);
    of("USD/kWh", Holds::Price, 1000.0);
    of("€/MWh", Holds::Price, 1.15);
    of("ct/kWh", Holds::Price, 11.5);
    of("lb/MWh", Holds::Carbon, 0.453_592_37);
    of("kg/kWh", Holds::Carbon, 1000.0);
    of("tCO2/GWh", Holds::Carbon, 1.0);
    let doubted = |name: &str, holds, factor: f64, likely: &str| {
        let text = format!("time,{name}\n{}", rows(",", ISO, |hour| (value(hour) * factor).to_string()));
        let clean = read(&text, &Reading { column: None, holds, ..price() });
        assert!(
            clean.warnings.iter().any(|warning| format!("{} {}", warning.message, warning.help).contains(likely)),
            "{likely}: {:?}",
            clean.warnings
        );
    };
    doubted("price", Holds::Price, 0.1, "c/kWh");
    doubted("price", Holds::Price, 0.001, "USD/kWh");
    // A unit that the file states itself is taken, and said; a plan's own word goes before it.
    for name in ["price [EUR/MWh]", "price_eur_per_mwh", "Preis €/MWh"] {
        let text = format!("time,{name}\n{}", rows(",", ISO, |hour| (value(hour) / 1.15).to_string()));
        let clean = read(&text, &Reading { column: None, holds: Holds::Price, rates: rates.clone(), ..price() });
        close(&clean.values, &year_of(2025, value));
        assert!(clean.put_right.iter().any(|note| note.contains("taken as their unit")), "{:?}", clean.put_right);
        assert!(clean.put_right.iter().any(|note| note.contains("1.15 USD")) && clean.warnings.is_empty());
        let stated =
            read(&text, &Reading { column: None, holds: Holds::Price, rates: rates.clone(), unit: Some("USD/MWh".into()), ..price() });
        close(&stated.values, &year_of(2025, |hour| value(hour) / 1.15));
        assert!(stated.warnings.iter().any(|warning| warning.message.contains("the plan's unit is used")));
    }
    let pounds = format!("time,marginal lb/MWh\n{}", rows(",", ISO, |hour| (value(hour) / 0.453_592_37).to_string()));
    close(&read(&pounds, &Reading { column: None, holds: Holds::Carbon, ..price() }).values, &year_of(2025, value));
    let sterling = format!("time,price GBP/MWh\n{}", rows(",", ISO, |hour| value(hour).to_string()));
    let fault = refused(&sterling, &Reading { column: None, holds: Holds::Price, rates: rates.clone(), ..price() });
    assert_eq!(fault.code, "unknown-rate");
    doubted("factor", Holds::Carbon, 0.02, "lb/kWh");
    doubted("factor", Holds::Carbon, 25.0, "lb/MWh");
    let text = |factor: f64| format!("time,price\n{}", rows(",", ISO, |hour| (value(hour) * factor).to_string()));
    let share = Reading { holds: Holds::Share, ..price() };
    assert!(refused(&text(1.0), &share).help.contains("percent"));
    assert!(refused(&text(5.0), &share).help.contains("nameplate"));
    assert_eq!(refused(&text(5.0), &Reading { unit: Some("kW".into()), ..share.clone() }).code, "no-nameplate");
    close(
        &read(&text(1.0), &Reading { unit: Some("kW".into()), nameplate: Some(200.0), ..share.clone() }).values,
        &year_of(2025, |hour| value(hour) / 200.0),
    );
    close(&read(&text(1.0), &Reading { unit: Some("%".into()), ..share.clone() }).values, &year_of(2025, |hour| value(hour) / 100.0));
    assert_eq!(refused(&text(1.0), &Reading { unit: Some("g/kWh".into()), ..price() }).code, "wrong-unit");
    assert_eq!(refused(&text(1.0), &Reading { unit: Some("smiles".into()), ..price() }).code, "unknown-unit");
    assert_eq!(refused(&text(1.0), &Reading { unit: Some("GBP/MWh".into()), ..price() }).code, "unknown-rate");
    let negative = format!("time,price\n{}", rows(",", ISO, |hour| (value(hour) - 60.0).to_string()));
    assert_eq!(refused(&negative, &Reading { holds: Holds::Demand, ..price() }).code, "negative-profile");
}

#[test]
fn what_can_be_read_two_ways_is_refused() {
    let code = |text: &str, reading: &Reading| refused(text, reading).code;
    // Thousands with a point, or a fraction?
    let grouped =
        format!("time;price\n{}", rows(";", ISO, |hour| if hour % 3 == 0 { "950".into() } else { format!("1.{:03}", hour % 1000) }));
    assert_eq!(code(&grouped, &price()), "two-readings");
    let stated = read(&grouped, &Reading { decimal: Some(','), holds: Holds::Anything, ..price() });
    close(&stated.values, &year_of(2025, |hour| if hour % 3 == 0 { 950.0 } else { f64::from(i32::try_from(1000 + hour % 1000).unwrap()) }));
    let halves = hourly(2025).map(|hour| format!("{},{:02}\n", 30 + hour % 40, hour % 100)).collect::<String>();
    assert_eq!(code(&halves, &Reading { column: None, ..price() }), "two-readings");
    let mixed = format!("time;price\n{}", rows(";", ISO, |hour| if hour % 2 == 0 { "40,5".into() } else { "40.5".into() }));
    assert_eq!(code(&mixed, &price()), "two-readings");
    let double = format!("time,price,price\n{}", rows(",", ISO, |_| "1,2".into()));
    assert_eq!(code(&double, &price()), "unknown-column");
    close(
        &read(&double, &Reading { column: Some("3".into()), holds: Holds::Anything, ..price() }).values,
        &vec![2.0; 8760].into_boxed_slice(),
    );
    let several = format!("time,a,b\n{}", rows(",", ISO, |_| "1,2".into()));
    assert!(refused(&several, &Reading { column: None, ..price() }).help.contains("`a`, `b`"));
    let twice = format!("time,price\n{}2025-03-04 05:00,1.0\n", plain());
    assert!(refused(&twice, &price()).message.contains("2025-03-04 05:00"));
}

#[test]
fn what_is_no_year_of_hours_is_refused() {
    let code = |text: &str| refused(text, &price()).code;
    let gap = |word: &str| {
        format!(
            "time,price\n{}",
            rows(",", ISO, |hour| if stamp(hour * 60, "%m-%d") == "07-01" { word.to_owned() } else { value(hour).to_string() })
        )
    };
    for word in ["-", "NaN", "", "n/e", "#N/A", "NULL"] {
        let fault = refused(&gap(word), &price());
        assert!(fault.code == "gaps" && fault.message.contains("24 hours"), "{word}: {fault:?}");
        assert_eq!(read(&gap(word), &Reading { gaps: Gaps::Interpolate, ..price() }).seen.missing_hours, 24);
    }
    assert_eq!(code(&gap("-9999")), "sentinel");
    assert_eq!(code(&gap("-999")), "sentinel");
    assert_eq!(code(&gap("inf")), "bad-value");
    assert_eq!(code(&gap("abc")), "bad-value");
    let days: String = (date(2025, 1, 1)..date(2026, 1, 1)).map(|day| format!("{},40\n", stamp(day * 1440, "%Y-%m-%d"))).collect();
    assert_eq!(code(&format!("day,price\n{days}")), "bad-step");
    let half: String = plain().lines().take(4000).map(|line| format!("{line}\n")).collect();
    assert!(refused(&format!("time,price\n{half}"), &price()).message.contains("4000 hours"));
    for rows in [1, 100, 8759, 8761, 9000] {
        let fault = refused(&format!("price\n{}", "40.5\n".repeat(rows)), &price());
        assert!(fault.message.contains(&format!("{rows} values")) && fault.help.contains("8760"), "{fault:?}");
    }
    let uneven = format!(
        "time,price\n{}",
        rows(",", ISO, |hour| value(hour).to_string())
            .lines()
            .enumerate()
            .map(|(row, line)| line.replace(":00,", &format!(":{:02},", row * 17 % 60)) + "\n")
            .collect::<String>()
    );
    assert_eq!(code(&uneven), "bad-step");
    let unread = format!("time,price\n{}", plain().replace("2025-06-05 04:00", "June the fifth"));
    assert!(refused(&unread, &price()).message.contains("line 3726"), "{}", refused(&unread, &price()).message);
    // A clock with summer time that is said to be fixed, whether the long night is whole or not.
    let wall = |long: bool| -> String {
        let mut text = "time,price\n".to_owned();
        for hour in hourly(2025) {
            let name = stamp(hour * 60, ISO);
            if name != "2025-03-30 02:00" {
                text += &format!("{name},{}\n", value(hour));
            }
            if long && name == "2025-10-26 02:00" {
                text += &format!("{name},{}\n", value(hour) + 1.0);
            }
        }
        text
    };
    for long in [true, false] {
        let fault = refused(&wall(long), &price());
        assert!(fault.code == "summer-time" && fault.help.contains("Europe/Berlin"), "{fault:?}");
    }
    assert_eq!(
        read(&wall(true), &Reading { utc_offset_hours: None, zone: Some("Europe/Berlin".into()), ..price() }).clock,
        Clock::Fixed(1.0)
    );
    // A clock without summer time that is said to have it.
    let zoned = Reading { utc_offset_hours: None, zone: Some("Europe/Berlin".into()), ..price() };
    assert_eq!(refused(&format!("time,price\n{}", plain()), &zoned).code, "skipped-hour");
    assert_eq!(refused(&format!("time,price\n{}", plain()), &Reading { zone: Some("Europe/Berlim".into()), ..zoned }).code, "unknown-zone");
}

#[test]
fn two_words_about_one_clock_are_told() {
    let text = format!("time,price\n{}", rows(",", "%Y-%m-%dT%H:%M:%S+01:00", |hour| value(hour).to_string()));
    let clean = read(&text, &price());
    assert_eq!(clean.clock, Clock::Fixed(1.0));
    assert!(clean.warnings.iter().any(|warning| warning.code == "two-clocks"), "{:?}", clean.warnings);
    assert!(read(&text, &Reading { utc_offset_hours: Some(1.0), ..price() }).warnings.is_empty());
    let remark = format!("# local time: Europe/Berlin\ntime,price\n{}", plain());
    assert!(read(&remark, &price()).warnings.iter().any(|warning| warning.code == "two-clocks"));
    assert_eq!(read(&remark, &Reading { utc_offset_hours: None, ..price() }).seen.zone_stated.as_deref(), Some("Europe/Berlin"));
}

#[test]
fn nothing_breaks_on_what_is_no_table() {
    let mut state = 1_u64;
    let mut noise = |length: usize| -> Vec<u8> {
        (0..length)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                state.to_be_bytes()[0]
            })
            .collect()
    };
    let mut inputs: Vec<Vec<u8>> = vec![
        Vec::new(),
        vec![0],
        b"\xff\xfe".to_vec(),
        b"PK\x03\x04".to_vec(),
        vec![b'"'; 1000],
        vec![b';'; 100_000],
        vec![b'\n'; 100_000],
        "é".repeat(50_000).into_bytes(),
    ];
    for length in [1, 10, 1000, 100_000] {
        inputs.push(noise(length));
        inputs.push(noise(length).iter().map(|byte| b"0123456789,;.:-\n\t \"T"[usize::from(*byte) % 20]).collect());
    }
    let sound = format!("time,price\n{}", plain()).into_bytes();
    for at in (0..sound.len()).step_by(40_011) {
        let mut damaged = sound.clone();
        damaged.truncate(at);
        inputs.push(damaged);
    }
    for bytes in &inputs {
        for reading in [
            Reading::default(),
            price(),
            Reading { stamp: Some(Stamp::End), zone: Some("Europe/Berlin".into()), column: Some("2".into()), ..Reading::default() },
        ] {
            if let Err(faults) = tokenworks::series::read(bytes, &reading) {
                assert!(!faults.is_empty() && !faults[0].message.is_empty());
            }
        }
    }
}
