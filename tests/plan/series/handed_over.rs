//! The nineteen files of `make_quirks.py`, each with its plan as it was handed over (an old `Csv` that says UTC):
//! read right, or refused with what to do; none accepted and wrong.

use std::f64::consts::TAU;
use std::fmt::Write as _;
use std::fs;

use tokenworks::diagnostic::Diagnostic;
use tokenworks::disk::read_series;
use tokenworks::plan::file;
use tokenworks::resolved::Series;

use super::{date, stamp};

const ISO: &str = "%Y-%m-%d %H:%M";

/// The price at an hour, as the program that made the files computes it: by hour and by day of the year from 1.
fn price_at(minutes: i64, year: i64) -> f64 {
    let hour = f64::from(i32::try_from(minutes.rem_euclid(1440) / 60).unwrap());
    let day = f64::from(i32::try_from(minutes.div_euclid(1440) - date(year, 1, 1) + 1).unwrap());
    40.0 + 20.0 * (TAU * (hour - 9.0) / 24.0).sin() + 10.0 * (TAU * day / 365.0).cos()
}

/// Two decimals, as in the files.
fn cents(value: f64) -> f64 {
    format!("{value:.2}").parse().unwrap()
}

/// Minutes since 1970 of the steps of a year.
fn steps(year: i64, step: usize) -> impl Iterator<Item = i64> {
    (date(year, 1, 1) * 1440..date(year + 1, 1, 1) * 1440).step_by(step)
}

/// A file of all hours of 2025: a line of names, then time and value.
fn file_of(head: &str, format: &str, separator: &str, value: impl Fn(i64) -> String) -> String {
    let mut text = head.to_owned();
    for at in steps(2025, 60) {
        let _ = writeln!(text, "{}{separator}{}", stamp(at, format), value(at));
    }
    text
}

fn plan_of(used: &str, name: &str, column: &str) -> String {
    let grid = if used == "price" { "Series(id: \"p\")" } else { "50.0" };
    let more = if used == "sun" {
        ", \"sun\": (site: \"s\", renewable: true, terms: PayAsProduced(profile: \"p\", price_usd_per_mwh: 20.0, contract_mw: Fixed(10.0)))"
    } else {
        ""
    };
    let local = if used == "demand" { "local_time: \"p\", " } else { "" };
    let days = "Representative(block_hours: 4, days: {\"winter\": (months: [12,1,2]), \"spring\": (months: [3,4,5]), \"summer\": (months: [6,7,8]), \"autumn\": (months: [9,10,11])})";
    format!(
        "(schema: 1, name: \"Quirk\", horizon: (start: \"2027-01\", period_months: 12, periods: 1, discount_rate_fraction: 0.0),
        slices: {days}, profiles: {{\"p\": Csv(path: \"{name}\", column: \"{column}\", utc_offset_hours: 0.0)}},
        sites: {{\"s\": (country: \"US\", latitude: 40.0, longitude: -90.0, utc_offset_hours: 0.0, interconnect_mw: 1000.0, pue: 1.0, halls: {{\"hall\": (it_mw: 1000.0, cooling: Liquid)}})}},
        chips: {{\"c\": (all_in_kw: 1.0, idle_fraction: 0.0, capex_usd: 0.0, om_usd_per_year: 0.0, chips_per_rack: 1.0, cooling: Liquid, availability_fraction: 1.0, lead_months: 0.0, life_years: 5.0)}},
        fleets: {{\"f\": (site: \"s\", chip: \"c\", count: 10000.0, in_service: \"2024-01\")}},
        contracts: {{\"grid\": (site: \"s\", terms: Tariff(energy_usd_per_mwh: {grid})){more}}},
        served_models: {{\"any\": (quality: Stated(1.0))}},
        products: {{\"chat\": (served_model: \"any\", prompt_tokens: 0.0, answer_tokens: 1000.0, utilisation_cap_fraction: 1.0)}},
        throughput: {{\"t\": (chip: \"c\", product: \"chat\", decode_tok_per_s: 1000.0)}},
        markets: {{\"m\": (country: \"US\", latitude: 40.0, longitude: -90.0, {local}demand: {{\"chat\": (segments: [(answer_gtok_per_day: 432.0, usd_per_mtok: (answer: 1.0))])}})}})"
    )
}

fn opened(bytes: &[u8], used: &str, name: &str, column: &str) -> Result<Series, Vec<Diagnostic>> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    let read = file::read_plan(&plan_of(used, name, column));
    let plan = read.plan.unwrap_or_else(|| panic!("{:#?}", read.diagnostics));
    read_series(&plan, folder.path())
}

#[track_caller]
fn right(case: &str, text: &str, wanted: &[f64]) -> Series {
    right_of(case, text.as_bytes(), ("s.csv", "price"), wanted)
}

#[track_caller]
fn right_of(case: &str, bytes: &[u8], (name, column): (&str, &str), wanted: &[f64]) -> Series {
    let series = opened(bytes, "price", name, column).unwrap_or_else(|problems| panic!("{case}: {problems:#?}"));
    let found = &series.files["p"];
    assert_eq!(found.len(), 8760, "{case}");
    for (hour, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        assert!((found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0), "{case}, hour {hour}: {found} instead of {wanted}");
    }
    series
}

#[track_caller]
fn refused(case: &str, text: &str, used: &str, column: &str, said: &str) {
    let Err(problems) = opened(text.as_bytes(), used, "s.csv", column) else { panic!("{case} was accepted") };
    let words = format!("{} {}", problems[0].message, problems[0].help.as_deref().unwrap_or_default());
    assert!(problems[0].help.is_some() && words.contains(said), "{case}: {words}");
}

fn year() -> Vec<f64> {
    steps(2025, 60).map(|at| cents(price_at(at, 2025))).collect()
}

#[test]
fn nineteen_files_are_read_right_or_refused() {
    let dot = |at: i64| format!("{:.2}", price_at(at, 2025));
    let comma = |at: i64| dot(at).replace('.', ",");
    let year = year();

    // A leap year: 29 February is averaged into 28 February, what follows moves up.
    let leap: String = steps(2024, 60).map(|at| format!("{},{:.2}\n", stamp(at, ISO), price_at(at, 2024))).collect();
    let mut wanted: Vec<f64> = Vec::new();
    for at in steps(2024, 60) {
        let of_day = stamp(at, "%m-%d");
        let value = cents(price_at(at, 2024));
        match of_day.as_str() {
            "02-29" => {}
            "02-28" => wanted.push(f64::midpoint(value, cents(price_at(at + 1440, 2024)))),
            _ => wanted.push(value),
        }
    }
    right("Q01", &format!("hour,price\n{leap}"), &wanted);
    // Quarter-hours: the price of an hour has no minutes, so each hour is its own mean.
    let quarters: String = steps(2025, 15).map(|at| format!("{},{}\n", stamp(at, ISO), dot(at))).collect();
    right("Q03", &format!("time,price\n{quarters}"), &year);
    right("Q06", &file_of("Zeit;price\n", "%d.%m.%Y %H:%M", ";", comma), &year);
    right("Q07", &steps(2025, 60).fold("price\n".to_owned(), |text, at| text + &comma(at) + "\n"), &year);
    right("Q09", &file_of("time\tprice\n", ISO, "\t", dot), &year);
    // The remark names a zone, the plan says UTC: read as the plan says, and told.
    let remarks = "# downloaded from a weather service\n# units: see below\n# local time: Europe/Berlin\ntime,price\n";
    let series = right("Q10", &file_of(remarks, ISO, ",", dot), &year);
    assert!(series.warnings.iter().any(|warning| warning.message.contains("Europe/Berlin")), "{:?}", series.warnings);
    // No line of names, though the plan names a column.
    let headerless = steps(2025, 60).fold(String::new(), |text, at| text + &dot(at) + "\n");
    refused("Q11", &headerless, "price", "price", "1");
    right_of("Q11 by number", headerless.as_bytes(), ("s.csv", "1"), &year);
    let gaps = |word: &'static str, month_day: &'static str, hours: i64| {
        file_of("time,price\n", ISO, ",", move |at| {
            if stamp(at, "%m-%d") == month_day && at.rem_euclid(1440) < hours * 60 { word.to_owned() } else { dot(at) }
        })
    };
    refused("Q12", &gaps("-", "05-03", 4), "price", "price", "gaps");
    right("Q13", &(file_of("time,price\n", ISO, ",", dot) + "Average,40.0\n"), &year);
    // The file itself says €/MWh: converted at the catalog's dated rate, and said.
    let euro = file_of("time,Preis €/MWh\n", ISO, ",", dot).replace('€', "\u{80}");
    let bytes: Vec<u8> = euro.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    let rate = tokenworks::catalog::Catalog::embedded().usd_per_unit("EUR").unwrap();
    let dollars: Vec<f64> = year.iter().map(|value| value * rate).collect();
    let series = right_of("Q15", &bytes, ("s.csv", "Preis €/MWh"), &dollars);
    assert!(series.reports["p"].put_right.iter().any(|note| note.contains("EUR is converted at")), "{:?}", series.reports["p"].put_right);
    let mut backwards: Vec<String> = file_of("", ISO, ",", dot).lines().map(str::to_owned).collect();
    backwards.reverse();
    right("Q17", &format!("time,price\n{}\n", backwards.join("\n")), &year);
    let sun = |at: i64| {
        let hour = f64::from(i32::try_from(at.rem_euclid(1440) / 60).unwrap());
        if (6.0..=18.0).contains(&hour) {
            format!("{:.1}", (500.0 * (TAU / 2.0 * (hour - 6.0) / 12.0).sin()).max(0.0))
        } else {
            "0.0".into()
        }
    };
    refused("Q19", &file_of("time,kw\n", ISO, ",", sun), "sun", "kw", "nameplate");
    refused("Q21", &gaps("NaN", "07-01", 24), "price", "price", "24 hours");
    let daily: String = steps(2025, 1440).map(|at| format!("{},{}\n", stamp(at, "%Y-%m-%d"), dot(at))).collect();
    refused("Q22", &format!("day,price\n{daily}"), "price", "price", "hour");
    let twice = file_of("time,price,price\n", ISO, ",", |at| format!("{},{:.2}", dot(at), price_at(at, 2025) + 1.0));
    refused("Q24", &twice, "price", "price", "price");
    // A tenth of what power costs may be true: it is read, and the likely unit is said.
    let tenths: Vec<f64> = steps(2025, 60).map(|at| format!("{:.3}", price_at(at, 2025) / 10.0).parse().unwrap()).collect();
    let series = right("Q25", &file_of("time,price\n", ISO, ",", |at| format!("{:.3}", price_at(at, 2025) / 10.0)), &tenths);
    let told = series.warnings.iter().find(|warning| warning.code == "likely-unit").unwrap();
    assert!(told.message.contains("a tenth") && told.help.as_ref().unwrap().contains("c/kWh"), "{told:?}");
    let negative = file_of("time,price\n", ISO, ",", |at| format!("{:.2}", price_at(at, 2025) - 60.0));
    refused("Q26", &negative, "demand", "price", "below zero");
    right_of("Q27", file_of("Hour,price\n", ISO, ",", dot).as_bytes(), ("S.CSV", "price"), &year);
    let spaced = file_of("\u{feff}Hour , price \n", ISO, ", ", |at| format!("{} ", dot(at))).replace('\n', "\r\n");
    right("Q28", &spaced, &year);
}

/// Twelve more of the same kinds.
#[test]
fn twelve_more_files() {
    let dot = |at: i64| format!("{:.2}", price_at(at, 2025));
    let year = year();
    // 1: the German for a sum at the end. 2: every value in quotes. 3: a footer of words after a blank line.
    right("sum", &(file_of("time,price\n", ISO, ",", dot) + "Summe,350400\n"), &year);
    right("quoted", &file_of("\"time\",\"price\"\n", "\"%Y-%m-%d %H:%M\"", ",", |at| format!("\"{}\"", dot(at))), &year);
    right("footer", &(file_of("time,price\n", ISO, ",", dot) + "\nSource: a market operator\n"), &year);
    // 4: bars between columns. 5: a trailing separator in every line. 6: a line of units under the names.
    right("bars", &file_of("time|price\n", ISO, "|", dot), &year);
    right("trailing", &file_of("time,price,\n", ISO, ",", |at| dot(at) + ","), &year);
    let series = right("units below", &file_of("time,price\n,USD/MWh\n", ISO, ",", dot), &year);
    assert!(series.warnings.is_empty(), "{:?}", series.warnings);
    // 7: dollar signs. 8: seconds and a Z. 9: months in words.
    right("dollars", &file_of("time,price\n", ISO, ",", |at| format!("${}", dot(at))), &year);
    right("Z", &file_of("time,price\n", "%Y-%m-%dT%H:%M:%SZ", ",", dot), &year);
    right("words", &file_of("time,price\n", "%d %b %Y %H:%M", ",", dot), &year);
    // 10: a missing hour in the middle. 11: a file without its last day. 12: letters for numbers in one line.
    let without = |drop: &'static str| {
        let kept = file_of("", ISO, ",", dot).lines().filter(|line| !line.starts_with(drop)).collect::<Vec<_>>().join("\n");
        format!("time,price\n{kept}\n")
    };
    refused("an hour missing", &without("2025-04-17 13"), "price", "price", "1 hour");
    refused("a day missing", &without("2025-12-31"), "price", "price", "24 hours");
    let letter = file_of("time,price\n", ISO, ",", dot).replace("2025-06-01 00:00,", "2025-06-01 00:00,O");
    refused("a letter", &letter, "price", "price", "line 3626");
    // 13: cents per kWh that the file says. 14: hours of a month only.
    let spoken = file_of("time,price ct/kWh\n", ISO, ",", |at| format!("{:.3}", price_at(at, 2025) / 10.0));
    let rate = tokenworks::catalog::Catalog::embedded().usd_per_unit("EUR").unwrap();
    let wanted: Vec<f64> =
        steps(2025, 60).map(|at| format!("{:.3}", price_at(at, 2025) / 10.0).parse::<f64>().unwrap() * 10.0 * rate).collect();
    right_of("ct", spoken.as_bytes(), ("s.csv", "price ct/kWh"), &wanted);
    let month: String = file_of("", ISO, ",", dot).lines().take(744).map(|line| format!("{line}\n")).collect();
    refused("a month", &format!("time,price\n{month}"), "price", "price", "744");
}
