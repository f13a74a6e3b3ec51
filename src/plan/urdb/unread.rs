//! What a record says beyond its structures: listed, since it is not part of the tariff that comes of it.

use serde_json::Value;

use super::{Record, number};
use crate::plan::reader::shortened;

/// Fields that become a part of the tariff, or are spoken of where they do not fit.
const READ: &[&str] = &[
    "energyratestructure",
    "energyweekdayschedule",
    "energyweekendschedule",
    "demandratestructure",
    "demandweekdayschedule",
    "demandweekendschedule",
    "flatdemandstructure",
    "flatdemandmonths",
    "demandratchetpercentage",
    "lookbackpercent",
    "lookbackmonths",
    "lookbackrange",
    "coincidentratestructure",
    "coincidentrateschedule",
    "coincidentrateunit",
    "fixedmonthlycharge",
    "fixedchargefirstmeter",
    "fixedchargeunits",
    "minmonthlycharge",
    "mincharge",
    "minchargeunits",
    "annualmincharge",
    "demandwindow",
    "description",
    "energycomments",
    "demandcomments",
    "basicinformationcomments",
];

/// Fields that say which record it is or whom it is for in general, not what is paid.
const ABOUT: &[&str] = &[
    "label",
    "uri",
    "approved",
    "is_default",
    "startdate",
    "enddate",
    "name",
    "utility",
    "utilityid",
    "eiaid",
    "eia",
    "country",
    "state",
    "sector",
    "servicetype",
    "source",
    "sourceparent",
    "sourcereference",
    "revisions",
    "supersedes",
    "version",
    "phasewiring",
    "voltagecategory",
    "voltageminimum",
    "voltagemaximum",
    "peakkwcapacitymin",
    "peakkwcapacitymax",
    "peakkwcapacityhistory",
    "peakkwhusagemin",
    "peakkwhusagemax",
    "peakkwhusagehistory",
    "demandunits",
    "demandrateunit",
    "flatdemandunit",
    "usenetmetering",
    "dgrules",
    "openinterval",
    "zipcode",
];

/// Whether a value says anything: zero, nothing and an empty list don't.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => items.iter().any(says_something),
        Value::Object(fields) => fields.values().any(says_something),
        Value::Number(_) => number(value) != Some(0.0),
    }
}

/// Lists what is said in other fields.
pub(super) fn list(record: &Record<'_>, left_out: &mut Vec<String>) {
    for (key, what) in
        [("energycomments", "energy"), ("demandcomments", "demand"), ("basicinformationcomments", "the rate"), ("description", "the rate")]
    {
        let text = record.text(key).trim();
        if !text.is_empty() {
            left_out.push(format!("Said of {what} in words only: {}", shortened(text)));
        }
    }
    if let Some(minutes) = record.number("demandwindow").filter(|minutes| *minutes < 60.0) {
        left_out
            .push(format!("Demand is measured over {minutes} minutes; here it is the mean of the plan's blocks, an hour at the least."));
    }
    let blocks = record.value.get("energyratestructure").and_then(Value::as_array).into_iter().flatten();
    let sells =
        blocks.flat_map(|period| period.as_array().into_iter().flatten()).any(|block| block.get("sell").is_some_and(says_something));
    if sells {
        left_out.push("Prices for energy fed back are not carried over.".to_owned());
    }
    let (least, most) = (record.number("peakkwcapacitymin"), record.number("peakkwcapacitymax"));
    if let Some(range) = range(least, most) {
        left_out.push(format!("The rate is for loads of {range} kW, which a plan does not check."));
    }
    if let Some(end) = record.number("enddate").and_then(year_of) {
        left_out.push(format!("The rate ended in {end}, by its record."));
    }
    for (key, value) in record.value.as_object().into_iter().flatten() {
        if !READ.contains(&key.as_str()) && !ABOUT.contains(&key.as_str()) && says_something(value) {
            left_out.push(format!("`{key}` is not carried over: {}", shortened(&value.to_string())));
        }
    }
}

fn range(least: Option<f64>, most: Option<f64>) -> Option<String> {
    let (least, most) = (least.filter(|kw| *kw > 0.0), most.filter(|kw| *kw > 0.0));
    match (least, most) {
        (Some(least), Some(most)) => Some(format!("{least} to {most}")),
        (Some(least), None) => Some(format!("{least} and more")),
        (None, Some(most)) => Some(format!("up to {most}")),
        (None, None) => None,
    }
}

/// The year of seconds since 1970; none of what is no such time.
fn year_of(seconds: f64) -> Option<i32> {
    let years = seconds / (365.2425 * 86_400.0);
    (years > 0.0 && years < 200.0).then(|| 1970 + years.floor() as i32)
}

#[cfg(test)]
mod tests {
    use crate::plan::urdb::import;

    #[test]
    fn what_no_tariff_holds_is_listed() {
        let left_out = |more: &str| {
            let text =
                format!("{{\"flatdemandstructure\": [[{{\"rate\": 13.2}}]], \"flatdemandmonths\": [0,0,0,0,0,0,0,0,0,0,0,0]{more}}}");
            import(&text).unwrap().left_out
        };
        assert_eq!(
            left_out(", \"approved\": true, \"eiaid\": 5, \"demandreactivepowercharge\": 0, \"newcharge\": []"),
            Vec::<String>::new()
        );
        let some = left_out(
            ", \"energyattrs\": [{\"Climate credit\": \"$-0.00669/kwh\"}], \"newcharge\": 3.5, \"enddate\": 1451520000, \"peakkwcapacitymin\": 20, \"peakkwcapacitymax\": 200",
        );
        for said in ["Climate credit", "`newcharge` is not carried over: 3.5", "ended in 2015", "20 to 200 kW"] {
            assert!(some.iter().any(|line| line.contains(said)), "{said}: {some:?}");
        }
        // What is fed back at nothing is no price.
        let sell = |usd: f64| import(&format!("{{\"energyratestructure\": [[{{\"rate\": 0.1, \"sell\": {usd}}}]]}}")).unwrap().left_out;
        assert!(sell(0.0).iter().all(|line| !line.contains("fed back")) && sell(0.05).iter().any(|line| line.contains("fed back")));
    }
}
