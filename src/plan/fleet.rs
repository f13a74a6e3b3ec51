//! Chips: what they are, the fleets that stand, and chips by the hour.

use super::node::{Map, choice, record};
use super::site::Cooling;
use super::values::{ChipRef, Level, Month, Quantity, SiteRef, Steps};

record! {
    /// A chip that can be bought, stands in a fleet, or is rented. Numbers given here replace the catalog's.
    pub struct Chip {
        /// Id in the catalog; every number must be stated if left out
        catalog: Option<String> = None,
        /// Name on screen; the catalog's if left out
        name: Option<String> = None,
        /// All-in IT power per chip (host and network share included), kW
        all_in_kw: Option<Quantity> [1e-6, 1000.0] = None,
        /// Share of all-in power drawn when powered but idle
        idle_fraction: Option<Quantity> [0.0, 1.0] = None,
        /// IT power per chip at full work, kW; all-in power if left out
        active_kw: Option<Quantity> [0.0, 1000.0] = None,
        /// Capex per chip, all-in (host, network, rack), by date of the order, $
        capex_usd: Option<Steps> [0.0, 1e9] = None,
        /// Operation and maintenance, by date, $ per chip and year
        om_usd_per_year: Option<Steps> [0.0, 1e8] = None,
        /// Chips in a rack
        chips_per_rack: Option<Quantity> [1e-3, 1e6] = None,
        /// Its speed with every served model, as a factor on what the catalog or the plan states, by date
        speed_factor: Steps [0.0, 1000.0] = Steps::always(1.0),
        /// Cooling it needs
        cooling: Option<Cooling> = None,
        /// Share of chips that work at any time
        availability_fraction: Option<Quantity> [0.0, 1.0] = None,
        /// Months from order to service
        lead_months: Option<Quantity> [0.0, 240.0] = None,
        /// Life in service and for the annuity, years
        life_years: Option<Quantity> [0.25, 60.0] = None,
        /// Chips that can be bought in a period, from dates on; none before the first date, none if left out
        supply_per_period: Option<Steps> [0.0, 1e9] = None,
        /// Country of origin, two letters, for duties and domestic shares
        origin: Option<String> = None,
        /// Total processing performance (dense TFLOP/s × bits)
        tpp: Option<Quantity> [0.0, 1e8] = None,
        /// Performance density, as licences count it (total processing performance per mm² of die)
        performance_density: Option<Quantity> [0.0, 1e5] = None,
        /// Memory bandwidth as licences count it, TB/s; for serving too where a chip of one's own gives no other
        memory_tb_per_s: Option<Quantity> [0.0, 1e5] = None,
        /// Dense bf16 compute for training, TFLOP/s; for serving too where a chip of one's own gives no other
        dense_bf16_tflops: Option<Quantity> [0.0, 1e7] = None,
        /// Whose software it runs: what was measured on the vendor's other chips counts
        vendor: Option<String> = None,
        /// Memory for serving, GB
        hbm_gb: Option<Quantity> [1e-3, 1e6] = None,
        /// Memory bandwidth for serving, TB/s
        hbm_tb_per_s: Option<Quantity> [1e-4, 1e5] = None,
        /// Dense bf16 compute for serving, TFLOP/s
        bf16_dense_tflops: Option<Quantity> [1e-3, 1e7] = None,
        /// Dense 8-bit compute, TFLOP/s; that of bf16 where it has no 8-bit units
        fp8_dense_tflops: Option<Quantity> [1e-3, 1e7] = None,
        /// Dense 4-bit compute, TFLOP/s; that of bf16 where it has no 4-bit units
        fp4_dense_tflops: Option<Quantity> [1e-3, 1e7] = None,
        /// Chips joined by the scale-up network; one if left out
        scaleup_domain_chips: Option<Quantity> [1.0, 1e6] = None,
        /// Scale-up bandwidth of a chip, one way, GB/s; a replica is one chip if left out
        scaleup_gb_per_s_one_way: Option<Quantity> [1e-3, 1e6] = None,
        /// Bandwidth of a chip beyond the scale-up network, one way, GB/s
        scaleout_gb_per_s_one_way: Option<Quantity> [1e-3, 1e6] = None,
        /// Measured speed over what is computed, where the planner knows it; replaces what was learnt from others
        software_factor: Option<Quantity> [0.01, 10.0] = None,
        /// Further ways to run it, as under a power cap: work is split over full power and these as serves the plan best
        operating_points: Map<OperatingPoint> = Map::new(),
        /// When chips may be switched off
        drain: Drain = Drain::PerDay,
        /// Remarks and sources
        notes: String = String::new(),
    }
}

record! {
    /// A way to run a chip other than at full power.
    pub struct OperatingPoint {
        /// IT power per chip at work, kW; no more than the all-in rating, which fills halls
        kw: f64 [1e-6, 1000.0],
        /// Tokens a second under a product's promise of speed (and speed of training), relative to full power
        speed_fraction: f64 [1e-6, 2.0],
        /// Remarks and sources
        notes: String = String::new(),
    }
}

choice! {
    /// How often idle chips may be switched off.
    pub enum Drain {
        /// Chips in service are always powered
        Never,
        /// Powered chips are chosen for each representative day
        PerDay,
        /// Powered chips follow the work of each slice
        PerSlice,
    }
}

record! {
    /// Chips that stand at a site already.
    pub struct Fleet {
        /// Where
        site: SiteRef,
        /// Which chip
        chip: ChipRef,
        /// How many chips
        count: f64 [0.0, 1e9],
        /// Month they went into service
        in_service: Month,
        /// Remarks and sources
        notes: String = String::new(),
    }
}

record! {
    /// Chips rented by the hour, at one of the plan's sites or at a place of their own; no halls and no power are needed.
    pub struct Rental {
        /// Which chip
        chip: ChipRef,
        /// The plan's site they stand at; otherwise the place below
        site: Option<SiteRef> = None,
        /// Country of the place, two letters
        country: Option<String> = None,
        /// Degrees north of the place
        latitude: Option<f64> [-90.0, 90.0] = None,
        /// Degrees east of the place
        longitude: Option<f64> [-180.0, 180.0] = None,
        /// Price, $ per chip and hour
        price_usd_per_chip_hour: Level [0.0, 1e6],
        /// Chips at most, from dates on
        at_most: Steps [0.0, 1e9],
        /// What is paid for
        commitment: Commitment = Commitment::Committed,
        /// Remarks and sources
        notes: String = String::new(),
    }
}

choice! {
    /// What a rental is paid on.
    pub enum Commitment {
        /// One number of chips for the whole period
        Committed,
        /// The chips used in each slice
        BySlice,
    }
}
