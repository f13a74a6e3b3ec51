//! The world as planners need it: which country a place is in, which clock that country keeps there.
//!
//! Natural Earth (public domain) for outlines, the IANA time zone database (public domain) for clocks;
//! `assets/map/README.md` says how the tables were made.

mod countries;
mod time_zones;

pub use countries::{Country, countries, country, country_at};
pub use time_zones::{is_time_zone, standard_offset_hours, summer_offset_hours, time_zone_at};

/// A point in degrees, longitude before latitude.
pub type Point = (f32, f32);
