//! Chips: what one accelerator computes, remembers, draws and costs.

use super::evidence::{Confidence, Fact};
use super::table::{Row, read};
use crate::words::{grouped, percent};

/// How the heat of a chip leaves the hall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ChipCooling {
    /// Air-cooled racks; they may also stand in liquid-cooled halls.
    #[default]
    Air,
    /// Racks that need liquid.
    Liquid,
}

impl ChipCooling {
    /// The word shown on screen and used in the catalog file.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Air => "air",
            Self::Liquid => "liquid",
        }
    }
}

/// One chip of the catalog. Plain data: a plan clones it and overrides what it knows better.
///
/// `None` is a number for which no source was found. Ask [`Chip::fact`] for a number together
/// with its source, date and confidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Chip {
    /// Catalog id, for example `gb200_nvl72`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Who designs and sells it.
    pub vendor: String,
    /// Thermal design power of the chip alone, in watts.
    pub tdp_w: Option<f64>,
    /// IT power per chip with its share of host and network, in kW; PUE multiplies it once.
    pub allin_it_kw_per_chip: Option<f64>,
    /// Memory, in GB (1e9 bytes).
    pub hbm_gb: Option<f64>,
    /// Memory bandwidth, in TB/s.
    pub hbm_tb_per_s: Option<f64>,
    /// Dense bf16 rate, in TFLOP/s.
    pub bf16_dense_tflops: Option<f64>,
    /// Dense fp8 (or int8) rate, in TFLOP/s; equal to bf16 where the chip has no 8-bit units.
    pub fp8_dense_tflops: Option<f64>,
    /// Dense fp4 rate, in TFLOP/s; blank where the chip has no 4-bit units: such weights are unpacked and
    /// computed in bf16.
    pub fp4_dense_tflops: Option<f64>,
    /// Chips joined by the scale-up network.
    pub scaleup_domain_chips: Option<f64>,
    /// Scale-up bandwidth per chip, one way, in GB/s.
    pub scaleup_gb_per_s_one_way: Option<f64>,
    /// Bandwidth per chip to chips outside the scale-up network, one way, in GB/s.
    pub scaleout_gb_per_s_one_way: Option<f64>,
    /// Price used for planning, in USD per chip with server and network: implied by the published
    /// total cost of ownership where there is one (one method for all), else the all-in price.
    pub capex_usd_per_chip: Option<f64>,
    /// All-in price as published, in USD per chip; see `capex_basis`.
    pub capex_all_in_usd_per_chip: Option<f64>,
    /// Price implied by the published total cost of ownership, in USD per chip.
    pub capex_implied_usd_per_chip: Option<f64>,
    /// What the all-in price contains and who says so.
    pub capex_basis: String,
    /// Published cost of owning, in USD per chip-hour.
    pub own_usd_per_chip_hour: Option<f64>,
    /// Published rent, in USD per chip-hour.
    pub rent_usd_per_chip_hour: Option<f64>,
    /// Country of the designer (ISO 3166 alpha-2).
    pub design_country: String,
    /// Who makes the die, where and in which process.
    pub fab: String,
    /// Country of the fab for duties (ISO 3166 alpha-2); empty where it is not known or mixed.
    pub origin_country: String,
    /// When it was first delivered, as published.
    pub release: String,
    /// Total processing performance of the export rules (dense TOPS times bits).
    pub total_processing_performance: Option<f64>,
    /// Chips in one rack.
    pub chips_per_rack: Option<f64>,
    /// Cooling that the racks need.
    pub cooling: ChipCooling,
    /// Power drawn when powered but idle, as a fraction of the all-in power.
    pub idle_power_fraction: Option<f64>,
    /// Life in years.
    pub life_years: Option<f64>,
    /// Months from order to service.
    pub lead_months: Option<f64>,
    /// Share of chips in service that work.
    pub availability_fraction: Option<f64>,
    /// Operation and maintenance per year, as a fraction of capex.
    pub om_fraction_of_capex_per_year: Option<f64>,
    /// Measured throughput over roofline with this chip's software; blank where nothing was measured.
    pub software_factor: Option<f64>,
    /// Where the software factor comes from.
    pub software_factor_source: String,
    /// Where the row comes from.
    pub source: String,
    /// Date of the source.
    pub date: String,
    /// Grade of rates, memory and links.
    pub spec_confidence: Confidence,
    /// Grade of the all-in power.
    pub power_confidence: Confidence,
    /// Grade of the planning price.
    pub capex_confidence: Confidence,
    /// Grade of the scale-out network, racks, cooling, idle power, life, lead time, availability and maintenance.
    pub planning_confidence: Confidence,
    /// The source's own words about confidence.
    pub confidence_note: String,
    /// Anything else worth knowing.
    pub note: String,
}

/// Hours of the published cost of owning, without hosting and power at 0.20 $ per kWh of IT, that pay for the
/// implied price: `implied = (own − 0.20·kW)·hours` gives back all twelve prices within 0.8 % (a test).
pub const HOURS_OF_CAPITAL: f64 = 27_588.0;

/// A number of a chip: key, unit and how to read it.
type ChipField = (&'static str, &'static str, fn(&Chip) -> Option<f64>);

/// Every number of a chip, in the order shown on screen: key, unit, value.
pub const CHIP_FIELDS: &[ChipField] = &[
    ("tdp_w", "W", |chip| chip.tdp_w),
    ("allin_it_kw_per_chip", "kW", |chip| chip.allin_it_kw_per_chip),
    ("hbm_gb", "GB", |chip| chip.hbm_gb),
    ("hbm_tb_per_s", "TB/s", |chip| chip.hbm_tb_per_s),
    ("bf16_dense_tflops", "TFLOP/s", |chip| chip.bf16_dense_tflops),
    ("fp8_dense_tflops", "TFLOP/s", |chip| chip.fp8_dense_tflops),
    ("fp4_dense_tflops", "TFLOP/s", |chip| chip.fp4_dense_tflops),
    ("scaleup_domain_chips", "chips", |chip| chip.scaleup_domain_chips),
    ("scaleup_gb_per_s_one_way", "GB/s", |chip| chip.scaleup_gb_per_s_one_way),
    ("capex_usd_per_chip", "USD", |chip| chip.capex_usd_per_chip),
    ("capex_all_in_usd_per_chip", "USD", |chip| chip.capex_all_in_usd_per_chip),
    ("capex_implied_usd_per_chip", "USD", |chip| chip.capex_implied_usd_per_chip),
    ("own_usd_per_chip_hour", "USD/h", |chip| chip.own_usd_per_chip_hour),
    ("rent_usd_per_chip_hour", "USD/h", |chip| chip.rent_usd_per_chip_hour),
    ("total_processing_performance", "TPP", |chip| chip.total_processing_performance),
    ("chips_per_rack", "chips", |chip| chip.chips_per_rack),
    ("idle_power_fraction", "", |chip| chip.idle_power_fraction),
    ("life_years", "years", |chip| chip.life_years),
    ("lead_months", "months", |chip| chip.lead_months),
    ("availability_fraction", "", |chip| chip.availability_fraction),
    ("om_fraction_of_capex_per_year", "per year", |chip| chip.om_fraction_of_capex_per_year),
    ("software_factor", "", |chip| chip.software_factor),
];

impl Chip {
    /// A chip of which nothing is known.
    #[must_use]
    pub fn blank(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: id.to_owned(),
            vendor: String::new(),
            tdp_w: None,
            allin_it_kw_per_chip: None,
            hbm_gb: None,
            hbm_tb_per_s: None,
            bf16_dense_tflops: None,
            fp8_dense_tflops: None,
            fp4_dense_tflops: None,
            scaleup_domain_chips: None,
            scaleup_gb_per_s_one_way: None,
            scaleout_gb_per_s_one_way: None,
            capex_usd_per_chip: None,
            capex_all_in_usd_per_chip: None,
            capex_implied_usd_per_chip: None,
            capex_basis: String::new(),
            own_usd_per_chip_hour: None,
            rent_usd_per_chip_hour: None,
            design_country: String::new(),
            fab: String::new(),
            origin_country: String::new(),
            release: String::new(),
            total_processing_performance: None,
            chips_per_rack: None,
            cooling: ChipCooling::Air,
            idle_power_fraction: None,
            life_years: None,
            lead_months: None,
            availability_fraction: None,
            om_fraction_of_capex_per_year: None,
            software_factor: None,
            software_factor_source: String::new(),
            source: String::new(),
            date: String::new(),
            spec_confidence: Confidence::Low,
            power_confidence: Confidence::Low,
            capex_confidence: Confidence::Low,
            planning_confidence: Confidence::Low,
            confidence_note: String::new(),
            note: String::new(),
        }
    }

    /// A number by its key, with its source; `None` if there is no such key.
    #[must_use]
    pub fn fact(&self, key: &str) -> Option<Fact> {
        let &(_, unit, value) = CHIP_FIELDS.iter().find(|(name, _, _)| *name == key)?;
        let planning_source = "stated default of the Tokenworks catalog: replace it in the plan";
        let (source, confidence) = match key {
            "allin_it_kw_per_chip" => (self.source.as_str(), self.power_confidence),
            "capex_usd_per_chip" if self.capex_implied_usd_per_chip.is_none() => (self.capex_basis.as_str(), self.capex_confidence),
            "capex_usd_per_chip" | "capex_implied_usd_per_chip" => (self.source.as_str(), self.capex_confidence),
            "capex_all_in_usd_per_chip" => (self.capex_basis.as_str(), Confidence::Low),
            "chips_per_rack" if self.rack_is_product() => (self.source.as_str(), self.spec_confidence),
            "chips_per_rack"
            | "idle_power_fraction"
            | "life_years"
            | "lead_months"
            | "availability_fraction"
            | "om_fraction_of_capex_per_year" => (planning_source, self.planning_confidence),
            "software_factor" => (self.software_factor_source.as_str(), Confidence::Medium),
            _ => (self.source.as_str(), self.spec_confidence),
        };
        let mut source = source.to_owned();
        match key {
            "capex_usd_per_chip" => source.push_str(&self.capex_choice()),
            "om_fraction_of_capex_per_year" => source.push_str(&self.upkeep_check()),
            "rent_usd_per_chip_hour" => source.push_str("; no term was published with it: rents by term and date are listed apart"),
            _ => {}
        }
        Some(Fact { value: value(self), unit, source, date: self.date.clone(), confidence })
    }

    /// Numbers that a plan needs and nobody has published, each with where it could come from.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let sheet = "its data sheet";
        let needed = [
            (
                self.allin_it_kw_per_chip,
                "power per chip with host and network",
                "a metered rack, or the data sheet's power with that of host and network",
            ),
            (self.capex_usd_per_chip, "price", "a quote, a published bill of a deployment, or the rent over its life"),
            (self.hbm_gb, "memory size", sheet),
            (self.hbm_tb_per_s, "memory bandwidth", sheet),
            (self.bf16_dense_tflops.or(self.fp8_dense_tflops), "dense bf16 or 8-bit rate", sheet),
            (self.scaleup_gb_per_s_one_way, "scale-up bandwidth", sheet),
        ];
        needed.into_iter().filter(|(number, ..)| number.is_none()).map(|(_, what, from)| format!("{what} (from {from})")).collect()
    }

    /// Which of the two published prices is the one used for planning, in words; empty where there is none.
    #[must_use]
    pub fn capex_choice(&self) -> String {
        match (self.capex_implied_usd_per_chip, self.capex_all_in_usd_per_chip) {
            (Some(implied), Some(all_in)) => {
                format!("; {implied} implied by the published cost of owning is used, {all_in} was published all-in ({})", self.capex_basis)
            }
            (Some(_), None) => "; implied by the published cost of owning, no all-in price was found".to_owned(),
            (None, Some(_)) => "; as published all-in, nothing implied by a cost of owning was found".to_owned(),
            (None, None) => String::new(),
        }
    }

    /// USD per chip and hour that the published cost of owning leaves for hosting, power and upkeep, its
    /// capital taken off; `None` where no cost of owning was published.
    #[must_use]
    pub fn published_opex_usd_per_hour(&self) -> Option<f64> {
        Some(self.own_usd_per_chip_hour? - self.capex_implied_usd_per_chip? / HOURS_OF_CAPITAL)
    }

    /// The share for upkeep held against the published cost of owning, in words.
    fn upkeep_check(&self) -> String {
        let upkeep = self.om_fraction_of_capex_per_year.zip(self.capex_usd_per_chip).map(|(share, capex)| share * capex);
        let Some(((opex, own), upkeep)) = self.published_opex_usd_per_hour().zip(self.own_usd_per_chip_hour).zip(upkeep) else {
            return "; no cost of owning was published to hold it against".to_owned();
        };
        let yearly = 8760.0 * opex;
        format!(
            "; no share for upkeep alone was published. The published cost of owning, {own} $/h, less its capital leaves {} $ a year for hosting, power and upkeep together; of that this share is {} $ ({})",
            grouped(yearly, 0),
            grouped(upkeep, 0),
            percent(upkeep / yearly)
        )
    }

    /// Every number with its key and source, in the order shown on screen.
    #[must_use]
    pub fn facts(&self) -> Vec<(&'static str, Fact)> {
        CHIP_FIELDS.iter().filter_map(|&(key, _, _)| Some((key, self.fact(key)?))).collect()
    }

    /// Dense rate at a precision (`fp4`, `int4`, `fp8`, `int8`, `bf16`), in TFLOP/s.
    ///
    /// 4-bit integer weights are unpacked and computed in bf16 on every chip of the catalog.
    #[must_use]
    pub fn dense_tflops(&self, precision: &str) -> Option<f64> {
        match precision {
            "fp4" => self.fp4_dense_tflops.or(self.bf16_dense_tflops),
            "fp8" | "int8" => self.fp8_dense_tflops,
            "bf16" | "int4" => self.bf16_dense_tflops,
            _ => None,
        }
    }

    /// True where the rack is the product (72 chips sold as one), so its size is a specification.
    fn rack_is_product(&self) -> bool {
        self.scaleup_domain_chips == Some(72.0) && self.chips_per_rack == Some(72.0)
    }
}

pub(super) fn read_chips(text: &str, problems: &mut Vec<String>) -> Vec<Chip> {
    read("chips.csv", text, problems, |row: &mut Row<'_>| Chip {
        id: row.required_text("id"),
        name: row.required_text("name"),
        vendor: row.required_text("vendor"),
        tdp_w: row.number("tdp_w"),
        allin_it_kw_per_chip: row.number("allin_it_kw_per_chip"),
        hbm_gb: row.number("hbm_gb"),
        hbm_tb_per_s: row.number("hbm_tb_per_s"),
        bf16_dense_tflops: row.number("bf16_dense_tflops"),
        fp8_dense_tflops: row.number("fp8_dense_tflops"),
        fp4_dense_tflops: row.number("fp4_dense_tflops"),
        scaleup_domain_chips: row.number("scaleup_domain_chips"),
        scaleup_gb_per_s_one_way: row.number("scaleup_gb_per_s_one_way"),
        scaleout_gb_per_s_one_way: row.number("scaleout_gb_per_s_one_way"),
        capex_usd_per_chip: row.number("capex_usd_per_chip"),
        capex_all_in_usd_per_chip: row.number("capex_all_in_usd_per_chip"),
        capex_implied_usd_per_chip: row.number("capex_implied_usd_per_chip"),
        capex_basis: row.text("capex_basis"),
        own_usd_per_chip_hour: row.number("own_usd_per_chip_hour"),
        rent_usd_per_chip_hour: row.number("rent_usd_per_chip_hour"),
        design_country: row.text("design_country"),
        fab: row.text("fab"),
        origin_country: row.text("origin_country"),
        release: row.text("release"),
        total_processing_performance: row.number("total_processing_performance"),
        chips_per_rack: row.number("chips_per_rack"),
        cooling: row.word("cooling", |word| match word {
            "air" => Some(ChipCooling::Air),
            "liquid" => Some(ChipCooling::Liquid),
            _ => None,
        }),
        idle_power_fraction: row.number("idle_power_fraction"),
        life_years: row.number("life_years"),
        lead_months: row.number("lead_months"),
        availability_fraction: row.number("availability_fraction"),
        om_fraction_of_capex_per_year: row.number("om_fraction_of_capex_per_year"),
        software_factor: row.number("software_factor"),
        software_factor_source: row.text("software_factor_source"),
        source: row.required_text("source"),
        date: row.required_text("date"),
        spec_confidence: row.confidence("spec_confidence"),
        power_confidence: row.confidence("power_confidence"),
        capex_confidence: row.confidence("capex_confidence"),
        planning_confidence: row.confidence("planning_confidence"),
        confidence_note: row.text("confidence_note"),
        note: row.text("note"),
    })
}
