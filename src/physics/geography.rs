//! Distance and latency between two places on the Earth.

/// Mean radius of the Earth, in km.
const EARTH_RADIUS_KM: f64 = 6371.0088;

/// Light in fibre, one way, in ms per km (200,000 km/s).
pub const FIBRE_MS_PER_KM: f64 = 0.005;

/// Length of a real route over the great circle.
pub const ROUTE_FACTOR: f64 = 1.3;

/// What routers, load balancers and the last mile add to a round trip, in ms.
pub const FIXED_MS: f64 = 5.0;

/// Great-circle distance between two places given in degrees, in km.
///
/// The haversine formula: stable for places close together, unlike the spherical law of cosines.
#[must_use]
pub fn great_circle_km(from_latitude: f64, from_longitude: f64, to_latitude: f64, to_longitude: f64) -> f64 {
    let half_latitude = (to_latitude - from_latitude).to_radians() / 2.0;
    let half_longitude = (to_longitude - from_longitude).to_radians() / 2.0;
    let haversine =
        half_latitude.sin().powi(2) + from_latitude.to_radians().cos() * to_latitude.to_radians().cos() * half_longitude.sin().powi(2);
    2.0 * EARTH_RADIUS_KM * haversine.clamp(0.0, 1.0).sqrt().asin()
}

/// Round-trip latency over a great-circle distance, in ms:
/// `2 · 5 µs/km · 1.3 · km + 5 ms`.
#[must_use]
pub fn round_trip_ms(great_circle_km: f64) -> f64 {
    2.0 * FIBRE_MS_PER_KM * ROUTE_FACTOR * great_circle_km + FIXED_MS
}

#[cfg(test)]
mod tests {
    use super::{great_circle_km, round_trip_ms};

    #[test]
    fn known_distances() {
        // London to New York is 5,570 km.
        let km = great_circle_km(51.51, -0.13, 40.71, -74.01);
        assert!((km - 5570.0).abs() < 10.0, "{km}");
        // A quarter of a meridian.
        let quarter = great_circle_km(0.0, 0.0, 90.0, 0.0);
        assert!((quarter - 10_007.557).abs() < 0.01, "{quarter}");
        // Half the Earth, and nothing at all.
        assert!((great_circle_km(0.0, 0.0, 0.0, 180.0) - 20_015.114).abs() < 0.01);
        assert!(great_circle_km(32.0, -99.0, 32.0, -99.0).abs() < 1e-9);
        // Across the date line.
        assert!(great_circle_km(0.0, 179.5, 0.0, -179.5) < 112.0);
    }

    #[test]
    fn latency_is_distance_and_a_constant() {
        assert!((round_trip_ms(0.0) - 5.0).abs() < 1e-12);
        assert!((round_trip_ms(1000.0) - 18.0).abs() < 1e-12);
        // Published: about 80 ms between London and New York.
        let measured = round_trip_ms(5570.0);
        assert!((75.0..85.0).contains(&measured), "{measured}");
    }
}
