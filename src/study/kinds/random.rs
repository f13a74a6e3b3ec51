//! Random numbers and what they are drawn from.
//!
//! Philox 4×32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011): the
//! number at a place is computed from the seed and the place alone, so the futures of a study do not depend on
//! who draws them or in which order. Normal quantiles by Wichura's AS 241 (1988), good to 16 digits.

use crate::plan::study::Distribution;

/// Four numbers of 32 bits at a place.
fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    const FIRST: u64 = 0xD251_1F53;
    const SECOND: u64 = 0xCD9E_8D57;
    const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
    for round in 0..10 {
        if round > 0 {
            key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
        }
        let (one, other) = (FIRST * u64::from(counter[0]), SECOND * u64::from(counter[2]));
        let (one_high, one_low) = ((one >> 32) as u32, one as u32);
        let (other_high, other_low) = ((other >> 32) as u32, other as u32);
        counter = [other_high ^ counter[1] ^ key[0], other_low, one_high ^ counter[3] ^ key[1], one_low];
    }
    counter
}

/// A number above zero and below one at a place of a stream.
pub(super) fn uniform(seed: u32, stream: u32, place: u32) -> f64 {
    let [high, low, ..] = philox([place, stream, 0, 0], [seed, 0x7057_6F72]);
    let bits = (u64::from(high) << 32 | u64::from(low)) >> 12;
    (bits as f64 + 0.5) / (1_u64 << 52) as f64
}

/// An order of so many things, all orders alike (Fisher and Yates).
pub(super) fn shuffled(seed: u32, stream: u32, count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        let pick = (uniform(seed, stream, last as u32) * (last as f64 + 1.0)) as usize;
        order.swap(last, pick.min(last));
    }
    order
}

fn polynomial(coefficients: &[f64], at: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * at + coefficient)
}

/// The number that a standard normal is below with a probability between zero and one.
pub(super) fn normal_quantile(probability: f64) -> f64 {
    const CENTRE: [f64; 8] = [
        3.387_132_872_796_366_5,
        1.331_416_678_917_843_8e2,
        1.971_590_950_306_551_3e3,
        1.373_169_376_550_946e4,
        4.592_195_393_154_987e4,
        6.726_577_092_700_87e4,
        3.343_057_558_358_813e4,
        2.509_080_928_730_122_7e3,
    ];
    const CENTRE_BELOW: [f64; 8] = [
        1.0,
        4.231_333_070_160_091e1,
        6.871_870_074_920_579e2,
        5.394_196_021_424_751e3,
        2.121_379_430_158_659_7e4,
        3.930_789_580_009_271e4,
        2.872_908_573_572_194_3e4,
        5.226_495_278_852_854e3,
    ];
    const MIDDLE: [f64; 8] = [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ];
    const MIDDLE_BELOW: [f64; 8] = [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ];
    const FAR: [f64; 8] = [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_048_7e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ];
    const FAR_BELOW: [f64; 8] = [
        1.0,
        5.998_322_065_558_88e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ];
    let off = probability - 0.5;
    if off.abs() <= 0.425 {
        let near = 0.180_625 - off * off;
        return off * polynomial(&CENTRE, near) / polynomial(&CENTRE_BELOW, near);
    }
    let tail = (-probability.min(1.0 - probability).ln()).sqrt();
    let size = if tail <= 5.0 {
        polynomial(&MIDDLE, tail - 1.6) / polynomial(&MIDDLE_BELOW, tail - 1.6)
    } else {
        polynomial(&FAR, tail - 5.0) / polynomial(&FAR_BELOW, tail - 5.0)
    };
    if off < 0.0 { -size } else { size }
}

/// The number that a distribution is below with a probability between zero and one.
pub(super) fn quantile(is: &Distribution, probability: f64) -> f64 {
    match is {
        Distribution::Uniform(of) => of.low + (of.high - of.low) * probability,
        Distribution::Triangular(of) => {
            let width = of.high - of.low;
            let below = if width > 0.0 { (of.likely - of.low) / width } else { 0.0 };
            if probability < below {
                of.low + (probability * width * (of.likely - of.low)).sqrt()
            } else {
                of.high - ((1.0 - probability) * width * (of.high - of.likely)).sqrt()
            }
        }
        Distribution::Normal(of) => of.mean + of.deviation * normal_quantile(probability),
        Distribution::Lognormal(of) => of.median * (of.log_deviation * normal_quantile(probability)).exp(),
        Distribution::Discrete(of) => {
            // In the order of the numbers, so that more of a correlated input means more of it.
            let weight = |place: usize| of.weights.get(place).copied().unwrap_or(1.0);
            let mut order: Vec<usize> = (0..of.values.len()).collect();
            order.sort_by(|one, other| of.values[*one].total_cmp(&of.values[*other]));
            let total: f64 = order.iter().map(|place| weight(*place)).sum();
            let mut below = 0.0;
            for place in &order {
                below += weight(*place) / total;
                if probability < below {
                    return of.values[*place];
                }
            }
            order.last().map_or(0.0, |last| of.values[*last])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn philox_gives_the_published_numbers() {
        // Known answers of the authors' library (Random123, kat_vectors).
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox([u32::MAX; 4], [u32::MAX; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        let of_pi = philox([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]);
        assert_eq!(of_pi, [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]);
    }

    #[test]
    fn normal_quantiles_are_those_of_tables() {
        for (probability, quantile) in [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.999, 3.090_232_306_167_813_5),
            (1e-10, -6.361_340_902_404_056),
            (0.75, 0.674_489_750_196_081_7),
        ] {
            assert!((normal_quantile(probability) - quantile).abs() < 1e-13, "{probability}: {}", normal_quantile(probability));
        }
    }
}
