//! What a plan uses its series for, and on which clocks: decides what a file must hold.

use std::collections::BTreeMap;

use super::clock::offset_words;
use super::preview::Preview;
use super::reading::{Clean, Clock, Fault, Gaps, Holds, Reading, Stamp, Years};
use crate::catalog::ExchangeRate;
use crate::plan::horizon::{self, FileProfile};
use crate::plan::{Plan, links, path};

/// One place that uses a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// What it takes the values as.
    pub holds: Holds,
    /// Whose clock it runs on, for people.
    pub place: String,
    /// That clock, hours ahead of UTC.
    pub utc_offset_hours: f64,
}

/// The uses of each profile.
#[must_use]
pub fn uses(plan: &Plan) -> BTreeMap<String, Vec<Use>> {
    let mut found: Vec<(String, String)> = Vec::new();
    // Visiting may change ids, which is not done here; so on a copy.
    let mut copy = plan.clone();
    links::visit(&mut copy, &mut |path, target, id| {
        if target == "profiles" {
            found.push((path.to_owned(), id.clone()));
        }
    });
    let mut uses: BTreeMap<String, Vec<Use>> = BTreeMap::new();
    for (path, id) in found {
        let (place, utc_offset_hours) = clock_at(plan, &path);
        uses.entry(id).or_default().push(Use { holds: holds_at(plan, &path), place, utc_offset_hours });
    }
    uses
}

fn holds_at(plan: &Plan, path: &str) -> Holds {
    let level = path.strip_suffix(".id");
    let scaled = level.and_then(|level| path::node_at(plan, &format!("{level}.mean"))).is_some_and(|mean| mean.tree().inline() != "None");
    let field = level.unwrap_or(path).rsplit('.').find(|part| *part != "value").unwrap_or_default();
    // Only its order counts where the highest hours of a profile are meant.
    let ranked = path.ends_with("hours.profile") || path.ends_with("events.profile");
    match field {
        // Scaled to a mean the unit falls out.
        _ if scaled || ranked => Holds::Anything,
        "energy_usd_per_mwh" | "reference_usd_per_mwh" | "price_usd_per_mwh" | "market_usd_per_mwh" => Holds::Price,
        "carbon_g_per_kwh" => Holds::Carbon,
        "profile" | "fuel" | "hours" | "events" => Holds::Share,
        "local_time" => Holds::Demand,
        "pue" => Holds::PowerUsageEffectiveness,
        _ => Holds::Anything,
    }
}

/// The clock that the place of a path runs on.
fn clock_at(plan: &Plan, path: &str) -> (String, f64) {
    let mut parts = path.split('.');
    let (map, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let site = |id: &str| plan.sites.get(id).map(|site| (named(site.name.as_str(), id), site.utc_offset_hours));
    let found = match map {
        "contracts" => plan.contracts.get(id).and_then(|contract| site(&contract.site.0)),
        "sites" => site(id),
        "markets" => plan.markets.get(id).map(|market| (named(market.name.as_str(), id), market.utc_offset_hours)),
        _ => None,
    };
    found.unwrap_or_else(|| {
        let offset = plan.horizon.utc_offset_hours.or_else(|| plan.sites.values().next().map(|site| site.utc_offset_hours));
        ("the plan".to_owned(), offset.unwrap_or(0.0))
    })
}

fn named(name: &str, id: &str) -> String {
    if name.is_empty() { id.to_owned() } else { name.to_owned() }
}

/// How the plan says that a file is read.
#[must_use]
pub fn reading_of(file: &FileProfile, uses: &[Use], rates: &[ExchangeRate]) -> Reading {
    let letter = |text: &Option<String>| text.as_ref().and_then(|text| horizon::separator_of(text));
    Reading {
        column: file.column.clone().filter(|column| !column.trim().is_empty()),
        sheet: file.sheet.clone(),
        skip_rows: file.skip_rows,
        separator: letter(&file.separator),
        decimal: letter(&file.decimal),
        time_columns: file.time.clone(),
        zone: file.zone.clone(),
        utc_offset_hours: file.utc_offset_hours,
        stamp: file.stamp.as_ref().map(|stamp| match stamp {
            horizon::Stamp::Begin => Stamp::Begin,
            horizon::Stamp::End => Stamp::End,
        }),
        unit: file.unit.clone(),
        nameplate: file.nameplate,
        years: file.year.as_ref().map(|year| match year {
            horizon::FileYear::Only(year) => Years::Only(i32::try_from(*year).unwrap_or(0)),
            horizon::FileYear::Mean => Years::Mean,
        }),
        gaps: match file.gaps {
            horizon::Gaps::Refuse => Gaps::Refuse,
            horizon::Gaps::Hold => Gaps::Hold,
            horizon::Gaps::Interpolate => Gaps::Interpolate,
            horizon::Gaps::Mean => Gaps::Mean,
        },
        holds: uses.iter().map(|used| used.holds).find(|holds| *holds != Holds::Anything).unwrap_or_default(),
        rates: rates.iter().map(|rate| (rate.currency.clone(), rate.usd_per_unit, rate.date.clone())).collect(),
    }
}

/// A warning where nobody says which clock a file is on and it makes a difference, with what each reading does.
#[must_use]
pub fn clock_doubt(clean: &Clean, uses: &[Use]) -> Option<Fault> {
    if clean.clock != Clock::Unknown {
        return None;
    }
    let used = uses.iter().find(|used| used.utc_offset_hours != 0.0)?;
    let (place, offset) = (&used.place, used.utc_offset_hours);
    let hours = offset.abs();
    let which = if offset < 0.0 { "earlier" } else { "later" };
    let mean_day = Preview::of(clean).mean_day;
    let (mut peak, mut low, mut high) = (0_usize, f64::INFINITY, f64::NEG_INFINITY);
    for (hour, value) in mean_day.iter().enumerate() {
        if *value > high {
            (peak, high) = (hour, *value);
        }
        low = low.min(*value);
    }
    let effect = if high - low > 1e-9 * high.abs().max(low.abs()) {
        let there = (peak as f64 + offset).rem_euclid(24.0);
        let clock = |hour: f64| format!("{:02}:{:02}", hour.floor() as i64, ((hour - hour.floor()) * 60.0).round() as i64);
        format!(
            " Its highest hour of the mean day, {peak:02}:00 in the file, falls at {} in {place} as it is read now, and at {peak:02}:00 if the file is on the clock of {place}.",
            clock(there)
        )
    } else {
        String::new()
    };
    let spoken_of = clean
        .seen
        .zone_stated
        .as_ref()
        .map_or_else(String::new, |zone| format!(" The file speaks of the zone {zone}: `File(…, zone: \"{zone}\")`."));
    Some(Fault::warning(
        "unknown-clock",
        "utc_offset_hours",
        format!("Nothing says which clock the file is on: it is read as UTC, {hours} h {which} than on the clock of {place}.{effect}"),
        format!(
            "State `utc_offset_hours: {offset:?}` if it is on that clock ({}), `utc_offset_hours: 0.0` if it is UTC.{spoken_of}",
            offset_words(offset)
        ),
    ))
}
