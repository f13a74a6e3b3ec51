//! Small plans written in a few lines: a base plan of one site, one chip, one product and one market
//! in one year of one slice, of which a test replaces what it is about.

use std::sync::Arc;

use indexmap::IndexMap;
use tokenworks::plan::{Plan, file};
use tokenworks::resolved::Series;
use tokenworks::results::{Binding, Results, Status};
use tokenworks::study::{self, Options, Stated};

/// Seconds in a year of 365 days, in millions.
pub const MEGASECONDS: f64 = 31.536;
/// Hours in a year of 365 days.
pub const HOURS: f64 = 8760.0;

/// A plan under construction.
#[derive(Clone, Debug)]
pub struct Sketch {
    top: IndexMap<String, String>,
    maps: IndexMap<String, IndexMap<String, String>>,
}

/// A chip of so many kW, $ and $ per year, that idles at nothing and is always available.
pub fn chip(kw: f64, capex_usd: f64, om_usd: f64, more: &str) -> String {
    format!(
        "(all_in_kw: {kw:?}, idle_fraction: 0.0, capex_usd: {capex_usd:?}, om_usd_per_year: {om_usd:?}, chips_per_rack: 1.0, \
         cooling: Liquid, availability_fraction: 1.0, lead_months: 0.0, life_years: 5.0, {more})"
    )
}

/// Throughput without prompts.
pub fn decode(chip: &str, product: &str, tok_per_s: f64) -> String {
    format!("(chip: {chip:?}, product: {product:?}, decode_tok_per_s: {tok_per_s:?})")
}

/// A market at latitude and longitude zero that buys one product in one segment.
pub fn market(product: &str, gtok_per_day: f64, usd: f64, more: &str) -> String {
    format!(
        "(country: \"US\", latitude: 0.0, longitude: 0.0, {more} demand: {{{product:?}: (segments: [(answer_gtok_per_day: {gtok_per_day:?}, usd_per_mtok: (answer: {usd:?}))])}})"
    )
}

/// Representative days of some hours' blocks.
pub fn slices(block_hours: u32, days: &str) -> String {
    format!("Representative(block_hours: {block_hours}, days: {{{days}}})")
}

impl Sketch {
    /// One site `home` behind 1,000 MW with a hall of 1,000 MW and a free tariff `grid`; chips `c` of
    /// 1 kW and 1 $, none supplied; most tokens, then least cost, nothing given up; product `chat` without prompts at 1,000 tok/s (1 MW makes 3.6 Gtok an hour); market `near` that buys 1e6 Gtok a day at 1 $.
    pub fn new() -> Self {
        let sketch = Self { top: IndexMap::new(), maps: IndexMap::new() };
        sketch
            .top("horizon", "(start: \"2027-01\", period_months: 12, periods: 1, discount_rate_fraction: 0.0)")
            .top("slices", &slices(24, "\"day\": (share_fraction: 1.0)"))
            .top("objective", "[MaxTokens, MinCost]")
            .top("tolerance_fraction", "0.0")
            .site("home", "interconnect_mw: 1000.0, pue: 1.0, halls: {\"hall\": (it_mw: 1000.0, cooling: Liquid)}")
            .with("chips", "c", &chip(1.0, 1.0, 0.0, ""))
            .with("contracts", "grid", "(site: \"home\", terms: Tariff(energy_usd_per_mwh: 0.0))")
            .with("served_models", "any", "(quality: Stated(1.0))")
            .product("chat", "utilisation_cap_fraction: 1.0")
            .with("throughput", "c-chat", &decode("c", "chat", 1000.0))
            .with("markets", "near", &market("chat", 1e6, 1.0, ""))
    }

    /// Sets a top-level value.
    pub fn top(mut self, key: &str, value: &str) -> Self {
        self.top.insert(key.to_owned(), value.to_owned());
        self
    }

    /// Sets an entry of a map.
    pub fn with(mut self, map: &str, id: &str, body: &str) -> Self {
        self.maps.entry(map.to_owned()).or_default().insert(id.to_owned(), body.to_owned());
        self
    }

    /// Takes an entry out of a map.
    pub fn without(mut self, map: &str, id: &str) -> Self {
        if let Some(map) = self.maps.get_mut(map) {
            map.shift_remove(id);
        }
        self
    }

    /// A site at latitude and longitude zero.
    pub fn site(self, id: &str, fields: &str) -> Self {
        self.with("sites", id, &format!("(country: \"US\", latitude: 0.0, longitude: 0.0, {fields})"))
    }

    /// A product of answers only, unless `fields` say otherwise.
    pub fn product(self, id: &str, fields: &str) -> Self {
        let prompts = if fields.contains("prompt_tokens") { "" } else { "prompt_tokens: 0.0, answer_tokens: 1.0, " };
        self.with("products", id, &format!("(served_model: \"any\", {prompts}{fields})"))
    }

    /// Chips `c` that stand at `home` since long ago and outlive the horizon's first years.
    pub fn fleet(self, count: f64) -> Self {
        self.with("fleets", "standing", &format!("(site: \"home\", chip: \"c\", count: {count:?}, in_service: \"2026-12\")"))
    }

    /// The only contract of `home`.
    pub fn grid(self, terms: &str) -> Self {
        self.with("contracts", "grid", &format!("(site: \"home\", terms: {terms})"))
    }

    /// The plan's text.
    pub fn text(&self) -> String {
        let mut text = String::from("(\n    schema: 1,\n    name: \"sketch\",\n");
        for (key, value) in &self.top {
            text += &format!("    {key}: {value},\n");
        }
        for map in ["sites", "chips", "served_models", "products", "markets"] {
            if !self.maps.contains_key(map) {
                text += &format!("    {map}: {{}},\n");
            }
        }
        for (map, entries) in &self.maps {
            text += &format!("    {map}: {{\n");
            for (id, body) in entries {
                text += &format!("        {id:?}: {body},\n");
            }
            text += "    },\n";
        }
        text + ")\n"
    }

    /// The plan.
    pub fn plan(&self) -> Plan {
        read(&self.text())
    }

    /// The plan with its LP.
    pub fn stated(&self) -> Stated {
        study::state(&self.plan(), &Series::default(), &Options::default())
            .unwrap_or_else(|problems| panic!("{problems:#?}\n{}", self.text()))
    }

    /// The answer, whatever its status.
    pub fn answer(&self) -> Arc<Results> {
        answer(&self.plan())
    }

    /// The answer, which must be optimal and certified.
    pub fn best(&self) -> Arc<Results> {
        best(&self.plan())
    }
}

/// A plan from its text.
pub fn read(text: &str) -> Plan {
    let checked = file::read_plan(text);
    assert!(!checked.has_errors(), "{:#?}\n{text}", checked.diagnostics);
    checked.plan.unwrap_or_else(|| panic!("{:#?}\n{text}", checked.diagnostics))
}

/// The plans of a folder that can be read, by name, in the order of their names.
pub fn plans(folder: &str) -> Vec<(String, Plan)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "ron"))
        .collect();
    files.sort();
    let plan = |file: &std::path::PathBuf| file::read_plan(&std::fs::read_to_string(file).unwrap()).plan;
    files.into_iter().filter_map(|file| Some((file.display().to_string(), plan(&file)?))).collect()
}

/// The answer to a plan, whatever its status.
pub fn answer(plan: &Plan) -> Arc<Results> {
    let answer = study::answer(plan, &Series::default(), &Options::default());
    answer.results.unwrap_or_else(|| panic!("{:#?}", answer.problems))
}

/// The answer to a plan, which must be optimal and certified.
pub fn best(plan: &Plan) -> Arc<Results> {
    let results = answer(plan);
    assert_eq!(results.status, Status::Optimal, "{}", results.message);
    assert!(results.certificate.checked, "{:?}", results.certificate);
    results
}

/// The value of a phase's goal.
pub fn phase(results: &Results, name: &str) -> f64 {
    results.phases.iter().find(|phase| phase.name == name).unwrap_or_else(|| panic!("no phase {name} in {:?}", results.phases)).value
}

/// What binds at a path (in the first period that has it).
pub fn binding<'r>(results: &'r Results, path: &str) -> &'r Binding {
    results.binding.iter().find(|binding| binding.path == path).unwrap_or_else(|| panic!("{path} does not bind: {:#?}", results.binding))
}

/// Equal to within a share of the larger.
#[track_caller]
pub fn near(left: f64, right: f64, relative: f64) {
    let scale = left.abs().max(right.abs()).max(f64::MIN_POSITIVE);
    assert!((left - right).abs() <= relative * scale, "{left} is not {right}: apart by {:e} of it", (left - right).abs() / scale);
}

/// Everything said of a plan under a code: what it is said of.
pub fn said(text: &str, code: &str) -> Vec<String> {
    let checked = file::read_plan(text);
    let deeper = checked.plan.as_ref().map_or_else(Vec::new, |plan| match study::state(plan, &Series::default(), &Options::default()) {
        Ok(stated) => stated.resolved.warnings,
        Err(problems) => problems,
    });
    let mut paths: Vec<String> =
        checked.diagnostics.into_iter().chain(deeper).filter(|problem| problem.code == code).map(|problem| problem.path).collect();
    paths.dedup();
    paths
}
