//! Files of the kinds that markets, weather services and spreadsheets give: read as they are, right to 1e-9.

use jiff::tz::TimeZone;
use tokenworks::series::{Clock, Gaps, Holds, Reading, Stamp, Years};

use super::{close, date, hourly, read, refused, stamp, value, year_of};

/// Offset of Berlin's clock at an hour of UTC since 1970.
fn offset(zone: &str, hours: i64) -> i64 {
    let zone = TimeZone::get(zone).unwrap();
    i64::from(zone.to_offset(jiff::Timestamp::from_second(hours * 3600).unwrap()).seconds()) / 3600
}

/// Hours of a calendar year of standard time, with what that clock is ahead of UTC: hours since 1970 in UTC.
fn universal(year: i64, standard: i64) -> std::ops::Range<i64> {
    date(year, 1, 1) * 24 - standard..date(year + 1, 1, 1) * 24 - standard
}

#[test]
fn quarter_hours_of_the_european_grid_with_summer_time() {
    // As the transparency platform exports them: a span, local clock, quoted, n/e for what is missing.
    let mut text = "\"MTU (CET/CEST)\",\"Day-ahead Price [EUR/MWh]\",\"Currency\"\n".to_owned();
    for hour in universal(2023, 1) {
        let local = (hour + offset("Europe/Berlin", hour)) * 60;
        for quarter in 0..4 {
            let (from, to) = (local + quarter * 15, local + quarter * 15 + 15);
            let price = value(hour + 1) + f64::from(i32::try_from(quarter).unwrap()) - 1.5;
            text += &format!("\"{} - {}\",\"{price}\",\"EUR\"\n", stamp(from, "%d.%m.%Y %H:%M"), stamp(to, "%d.%m.%Y %H:%M"));
        }
    }
    let reading = Reading {
        column: Some("Day-ahead Price [EUR/MWh]".into()),
        zone: Some("Europe/Berlin".into()),
        unit: Some("EUR/MWh".into()),
        holds: Holds::Price,
        rates: vec![("EUR".into(), 1.15, "2026-11".into())],
        ..Reading::default()
    };
    let clean = read(&text, &reading);
    assert_eq!(clean.clock, Clock::Fixed(1.0));
    close(&clean.values, &year_of(2023, |hour| 1.15 * value(hour)));
    assert!(clean.warnings.is_empty(), "{:?}", clean.warnings);
    assert!(clean.put_right.iter().any(|note| note.contains("Summer time of Europe/Berlin")), "{:?}", clean.put_right);
    // Without its zone the file is refused, and the zone that it speaks of is the way out.
    let fault = refused(&text, &Reading { zone: None, ..reading.clone() });
    assert_eq!((fault.code, fault.help.contains("Europe/Berlin")), ("summer-time", true), "{fault:?}");
    // A fixed clock does not make it right.
    assert_eq!(refused(&text, &Reading { zone: None, utc_offset_hours: Some(1.0), ..reading }).code, "summer-time");
}

/// A file in New York's clock, a row for each hour; the second hour of the long night is marked by an X.
fn new_england(backwards: bool) -> String {
    let mut rows = Vec::new();
    let mut last = i64::MIN;
    for hour in universal(2023, -5) {
        let local = hour + offset("America/New_York", hour);
        let mark = if local == last { "X" } else { "" };
        last = local;
        rows.push(format!(
            "\"D\",\"{}\",\"{:02}{mark}\",\"{}\"\n",
            stamp(local * 60, "%m/%d/%Y"),
            local.rem_euclid(24) + 1,
            value(hour - 5)
        ));
    }
    if backwards {
        rows.reverse();
    }
    let head = "\"C\",\"Hourly Prices\"\n\"C\",\"Filename: prices.csv\"\n\"C\",\"Most recently reported hour\"\n\"H\",\"Date\",\"Hour Ending\",\"LMP\"\n\"H\",\"Date\",\"Number\",\"$/MWh\"\n";
    format!("{head}{}\"T\",\"8760 rows\"\n", rows.concat())
}

#[test]
fn hour_ending_prices_of_new_england_with_metadata_rows() {
    let reading = Reading { column: Some("LMP".into()), zone: Some("America/New_York".into()), holds: Holds::Price, ..Reading::default() };
    for backwards in [false, true] {
        let clean = read(&new_england(backwards), &reading);
        assert_eq!(clean.clock, Clock::Fixed(-5.0));
        close(&clean.values, &year_of(2023, value));
        assert!(clean.warnings.is_empty(), "{:?}", clean.warnings);
        for note in ["3 rows above the names", "1 row between the names", "1 row after the last hour", "Hours are numbered from 1"] {
            assert!(clean.put_right.iter().any(|said| said.contains(note)), "{note}: {:?}", clean.put_right);
        }
    }
    assert_eq!(refused(&new_england(false), &Reading { zone: None, ..reading }).code, "summer-time");
}

#[test]
fn sun_of_a_weather_service_with_two_metadata_rows() {
    let mut text =
        "Source,Location ID,City,Time Zone,Clearsky GHI Units\nNSRDB,1234,-,-6,w/m2\nYear,Month,Day,Hour,Minute,GHI,Temperature\n"
            .to_owned();
    for hour in hourly(2021) {
        let sun = (value(hour) * 8.0).clamp(0.0, 1000.0);
        text += &format!("{},30,{sun},{}\n", stamp(hour * 60, "%Y,%m,%d,%H"), 20);
    }
    let reading = Reading {
        column: Some("GHI".into()),
        utc_offset_hours: Some(-6.0),
        unit: Some("W/m2".into()),
        holds: Holds::Share,
        ..Reading::default()
    };
    let clean = read(&text, &reading);
    close(&clean.values, &year_of(2021, |hour| (value(hour) * 8.0).clamp(0.0, 1000.0) / 1000.0));
    assert_eq!(clean.seen.header_line, 3);
    assert!(clean.put_right.iter().any(|note| note.contains("2 rows above the names")), "{:?}", clean.put_right);
    // Watts per square metre are no share: with nothing said they are refused.
    assert_eq!(refused(&text, &Reading { unit: None, ..reading }).code, "profile-range");
}

#[test]
fn a_german_file_with_decimal_commas() {
    let mut text = "Datum;Uhrzeit;Preis\r\n".to_owned();
    for hour in hourly(2023) {
        text += &format!(
            "{};{}\r\n",
            stamp(hour * 60, "%d.%m.%Y;%H:%M"),
            format!("{:.2}", 1000.0 + value(hour)).replace('.', ",").replacen('1', "1.", 1)
        );
    }
    let clean = read(&text, &Reading { column: Some("Preis".into()), utc_offset_hours: Some(1.0), ..Reading::default() });
    close(&clean.values, &year_of(2023, |hour| ((1000.0 + value(hour)) * 100.0).round() / 100.0));
    assert_eq!(clean.seen.decimal, ',');
}

#[test]
fn a_sheet_of_a_spreadsheet() {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("About").unwrap().write_string(0, 0, "nothing here").unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name("Prices").unwrap();
    let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd hh:mm");
    sheet.write_string(0, 0, "Prices of a year").unwrap();
    sheet.write_string(2, 0, "Time").unwrap().write_string(2, 1, "Note").unwrap().write_string(2, 2, "USD/MWh").unwrap();
    let first = date(2024, 7, 1) * 24;
    for (row, hour) in (first..first + 8760).enumerate() {
        let row = u32::try_from(row).unwrap() + 3;
        // Days since 1900 with the rounding that sheets have.
        let serial = 25_569.0 + f64::from(i32::try_from(hour).unwrap()) / 24.0;
        sheet.write_number_with_format(row, 0, serial, &format).unwrap();
        sheet.write_number(row, 2, value(hour)).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    let reading = Reading {
        column: Some("USD/MWh".into()),
        sheet: Some("Prices".into()),
        utc_offset_hours: Some(0.0),
        holds: Holds::Price,
        ..Reading::default()
    };
    let clean = tokenworks::series::read(&bytes, &reading).unwrap();
    let wanted: Vec<f64> = hourly(2023)
        .map(|hour| {
            let (month, day) = (stamp(hour * 60, "%m").parse::<i64>().unwrap(), stamp(hour * 60, "%d").parse::<i64>().unwrap());
            value(date(if month >= 7 { 2024 } else { 2025 }, month, day) * 24 + hour.rem_euclid(24))
        })
        .collect();
    close(&clean.values, &wanted);
    assert!(clean.put_right.iter().any(|note| note.contains("turned to begin on 1 January")), "{:?}", clean.put_right);
    let fault = tokenworks::series::read(&bytes, &Reading { sheet: Some("Price".into()), ..reading.clone() }).unwrap_err().remove(0);
    assert!(fault.help.contains("`Prices`"), "{fault:?}");
    assert!(tokenworks::series::read(&bytes, &Reading { sheet: None, ..reading }).is_err());
    assert!(tokenworks::series::read(&bytes[..bytes.len() / 2], &Reading::default()).is_err());
}

#[test]
fn leap_years_with_and_without_times() {
    let leap = |hour: i64| value(hour);
    let rows = hourly(2024);
    let timed: String = rows.clone().map(|hour| format!("{},{}\n", stamp(hour * 60, "%Y-%m-%d %H:%M"), leap(hour))).collect();
    let bare: String = rows.clone().map(|hour| format!("{}\n", leap(hour))).collect();
    let wanted: Vec<f64> = rows
        .filter(|hour| stamp(hour * 60, "%m-%d") != "02-29")
        .map(|hour| if stamp(hour * 60, "%m-%d") == "02-28" { f64::midpoint(leap(hour), leap(hour + 24)) } else { leap(hour) })
        .collect();
    let clock = Reading { utc_offset_hours: Some(0.0), ..Reading::default() };
    for text in [format!("time,price\n{timed}"), format!("price\n{bare}"), bare] {
        let clean = read(&text, &clock);
        close(&clean.values, &wanted);
        assert!(clean.put_right.iter().any(|note| note.contains("29 February is averaged into 28")), "{:?}", clean.put_right);
    }
}

#[test]
fn a_column_without_a_name() {
    let text: String = hourly(2023).map(|hour| format!("{}\n", value(hour))).collect();
    close(&read(&text, &Reading::default()).values, &year_of(2023, value));
    close(&read(&text, &Reading { column: Some("1".into()), ..Reading::default() }).values, &year_of(2023, value));
    let fault = refused(&text, &Reading { column: Some("price".into()), ..Reading::default() });
    assert!(fault.message.contains("no line of names") && fault.help.contains("number"), "{fault:?}");
}

#[test]
fn a_wide_table_of_366_days() {
    let hours = hourly(2024);
    let days = date(2024, 1, 1)..date(2025, 1, 1);
    let row = |day: i64| (0..24).map(|hour| value(day * 24 + hour).to_string()).collect::<Vec<_>>().join(",");
    let names = (1..=24).map(|hour| format!("HE{hour:02}")).collect::<Vec<_>>().join(",");
    let dated: String = days.clone().map(|day| format!("{},{}\n", stamp(day * 1440, "%m/%d/%Y"), row(day))).collect();
    let bare: String = days.map(|day| row(day) + "\n").collect();
    let wanted: Vec<f64> = hours
        .filter(|hour| stamp(hour * 60, "%m-%d") != "02-29")
        .map(|hour| if stamp(hour * 60, "%m-%d") == "02-28" { f64::midpoint(value(hour), value(hour + 24)) } else { value(hour) })
        .collect();
    for text in [format!("Date,{names}\n{dated}"), dated, bare] {
        close(&read(&text, &Reading { utc_offset_hours: Some(0.0), ..Reading::default() }).values, &wanted);
    }
}

#[test]
fn steps_are_averaged_or_summed() {
    let text = |minutes: i64, from: i64, to: i64| -> String {
        (from * 60..to * 60)
            .step_by(usize::try_from(minutes).unwrap())
            .map(|minute| format!("{},{}\n", stamp(minute, "%Y-%m-%dT%H:%MZ"), value(minute.div_euclid(60))))
            .collect()
    };
    let (from, to) = (date(2023, 1, 1) * 24, date(2024, 1, 1) * 24);
    for minutes in [1, 5, 10, 15, 30] {
        let text = format!("time,load\n{}", text(minutes, from, to));
        let power = read(&text, &Reading { unit: Some("MW".into()), ..Reading::default() });
        close(&power.values, &year_of(2023, value));
        // What is energy of a step is summed to the energy of the hour.
        let energy = read(&text, &Reading { unit: Some("MWh".into()), ..Reading::default() });
        let per_hour = f64::from(i32::try_from(60 / minutes).unwrap());
        close(&energy.values, &year_of(2023, |hour| value(hour) * per_hour));
    }
    let three: String = (from..to).step_by(3).map(|hour| format!("{},{}\n", stamp(hour * 60, "%Y-%m-%d %H:%M"), value(hour))).collect();
    let held = read(&format!("time,price\n{three}"), &Reading::default());
    close(&held.values, &year_of(2023, |hour| value(hour - hour.rem_euclid(24) % 3)));
    let split = read(&format!("time,kWh\n{three}"), &Reading { unit: Some("kWh".into()), ..Reading::default() });
    close(&split.values, &year_of(2023, |hour| value(hour - hour.rem_euclid(24) % 3) / 3.0 / 1000.0));
}

#[test]
fn several_years_are_picked_or_averaged_never_mixed() {
    let text: String = std::iter::once("time,price\n".to_owned())
        .chain(
            (2021..=2023)
                .flat_map(|year| hourly(year).map(move |hour| format!("{},{}\n", stamp(hour * 60, "%Y-%m-%d %H:%M"), year - 2000))),
        )
        .collect();
    let fault = refused(&text, &Reading::default());
    assert!(fault.code == "several-years" && fault.message.contains("2021, 2022, 2023"), "{fault:?}");
    close(&read(&text, &Reading { years: Some(Years::Only(2022)), ..Reading::default() }).values, &vec![22.0; 8760].into_boxed_slice());
    close(&read(&text, &Reading { years: Some(Years::Mean), ..Reading::default() }).values, &vec![22.0; 8760].into_boxed_slice());
    assert_eq!(refused(&text, &Reading { years: Some(Years::Only(2019)), ..Reading::default() }).code, "unknown-year");
}

#[test]
fn gaps_are_filled_only_as_the_plan_says() {
    // 2023-05-03 from 0 to 3 o'clock is missing: two hours as words, two as rows that are not there.
    let text: String = std::iter::once("time,price\n".to_owned())
        .chain(hourly(2023).filter_map(|hour| match stamp(hour * 60, "%m-%d %H").as_str() {
            "05-03 00" | "05-03 01" => Some(format!("{},n/a\n", stamp(hour * 60, "%Y-%m-%d %H:%M"))),
            "05-03 02" | "05-03 03" => None,
            _ => Some(format!("{},{}\n", stamp(hour * 60, "%Y-%m-%d %H:%M"), value(hour))),
        }))
        .collect();
    let fault = refused(&text, &Reading::default());
    assert!(fault.code == "gaps" && fault.message.contains("4 hours") && fault.message.contains("05-03 00:00"), "{fault:?}");
    let at = usize::try_from((date(2023, 5, 3) - date(2023, 1, 1)) * 24).unwrap();
    let first = date(2023, 1, 1) * 24;
    let known = |slot: usize| value(first + i64::try_from(slot).unwrap());
    let filled = |gaps| {
        let clean = read(&text, &Reading { gaps, ..Reading::default() });
        assert!(clean.warnings.iter().any(|warning| warning.code == "gaps" && warning.message.contains("4 hours")));
        clean.values[at..at + 4].to_vec()
    };
    close(&filled(Gaps::Hold), &[known(at - 1); 4]);
    let line: Vec<f64> = (1..=4).map(|step| known(at - 1) + (known(at + 4) - known(at - 1)) * f64::from(step) / 5.0).collect();
    close(&filled(Gaps::Interpolate), &line);
    // 3 May 2023 is a Wednesday: the mean of the other 22 working days of that May.
    let mean = |hour: usize| {
        let days: Vec<usize> = (1..=31).filter(|day| *day != 3 && !matches!(day % 7, 6 | 0)).collect();
        assert_eq!(days.len(), 22);
        days.iter().map(|day| known(at + (day - 1) * 24 - 48 + hour)).sum::<f64>() / 22.0
    };
    close(&filled(Gaps::Mean), &[mean(0), mean(1), mean(2), mean(3)]);
}

#[test]
fn the_end_of_an_hour_is_told_from_its_beginning() {
    let ends: String = std::iter::once("time,price\n".to_owned())
        .chain(hourly(2023).map(|hour| format!("{},{}\n", stamp((hour + 1) * 60, "%Y-%m-%d %H:%M"), value(hour))))
        .collect();
    let found = read(&ends, &Reading::default());
    close(&found.values, &year_of(2023, value));
    assert!(found.warnings.iter().any(|warning| warning.code == "hour-ending"), "{:?}", found.warnings);
    let stated = read(&ends, &Reading { stamp: Some(Stamp::End), ..Reading::default() });
    close(&stated.values, &year_of(2023, value));
    assert!(stated.warnings.is_empty(), "{:?}", stated.warnings);
    // What the plan says holds, also where it looks odd: the hour of 0:00 is the one of the year after.
    let begins = read(&ends, &Reading { stamp: Some(Stamp::Begin), ..Reading::default() });
    assert!((begins.values[1] - value(date(2023, 1, 1) * 24)).abs() < 1e-9);
    // 24:00 can only be an end.
    let midnight: String = std::iter::once("time,price\n".to_owned())
        .chain(hourly(2023).map(|hour| format!("{} {:02}:00,{}\n", stamp(hour * 60, "%Y-%m-%d"), hour.rem_euclid(24) + 1, value(hour))))
        .collect();
    close(&read(&midnight, &Reading::default()).values, &year_of(2023, value));
    // In a zone, ends by the clock and beginnings an hour later name the hours of two nights differently.
    for by_clock in [true, false] {
        let text: String = std::iter::once("interval_end,price\n".to_owned())
            .chain(universal(2023, 1).map(|hour| {
                let end = if by_clock { hour + 1 + offset("Europe/Berlin", hour + 1) } else { hour + offset("Europe/Berlin", hour) + 1 };
                format!("{},{}\n", stamp(end * 60, "%Y-%m-%d %H:%M"), value(hour + 1))
            }))
            .collect();
        let clean = read(&text, &Reading { zone: Some("Europe/Berlin".into()), stamp: Some(Stamp::End), ..Reading::default() });
        close(&clean.values, &year_of(2023, value));
    }
}
