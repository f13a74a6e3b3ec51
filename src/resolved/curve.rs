//! Demand that answers to the price: what a volume is worth, and how a curve is cut into steps.
//!
//! A curve gives the price P(Q) of a volume Q. To stay linear, what Q is worth is added up over steps: step g
//! from `grid[g]` to `grid[g + 1]` is worth
//!
//!   Area:     ∫ P over the step, over its width               (what buyers would pay at most)
//!   Revenue:  (R(end) − R(start)) over its width, R(Q) = P(Q)·Q     (what one seller of all would gain)
//!
//! Both fall from step to step, so a goal fills them in order. They are exact at the ends of steps; between
//! them the price is off by less than the step's height. Steps are fine where the answer lies
//! (`Elastic::refine`) and coarse elsewhere.

use super::calendar::Calendar;
use super::index::{ActorIx, PeriodIx, Table};
use super::markets::Segment;

/// Ratio of prices from one coarse step to the next.
const RATIO: f64 = 1.25;
/// How far the coarse steps reach above and below the price that is stated, at first: they follow an answer beyond.
const ABOVE: f64 = 20.0;
const BELOW: f64 = 200.0;
/// How much further they reach then.
const BEYOND: f64 = 10.0;
/// Coarse steps of a straight line.
const STRAIGHT: usize = 64;
/// Fine steps in place of the two or three about the answer.
const FINE: usize = 32;
/// How often steps about an answer are cut so.
const CUTS: usize = 3;

/// A demand curve in one period: prices in $ per Mtok, volumes in Ttok of the period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// Constant elasticity.
    Isoelastic {
        /// Price at which the volume is known.
        price: f64,
        /// Volume at that price.
        volume: f64,
        /// Percent more volume for a price one percent lower.
        elasticity: f64,
        /// Nobody pays more.
        highest: Option<f64>,
    },
    /// A straight line.
    Linear {
        /// Price at which nobody buys.
        intercept: f64,
        /// Volume at a price of nothing.
        free: f64,
    },
}

impl Shape {
    /// Volume up to which the highest price is paid; nothing where there is none.
    fn at_highest(&self) -> f64 {
        match *self {
            Self::Isoelastic { price, volume, elasticity, highest: Some(highest) } => volume * (highest / price).powf(-elasticity),
            _ => 0.0,
        }
    }

    /// Price at a volume; infinite at none where no price is the highest.
    #[must_use]
    pub fn price(&self, at: f64) -> f64 {
        match *self {
            Self::Isoelastic { price, volume, elasticity, highest } => {
                if volume <= 0.0 {
                    return 0.0;
                }
                let of_curve = price * (at.max(0.0) / volume).powf(-1.0 / elasticity);
                highest.map_or(of_curve, |highest| of_curve.min(highest))
            }
            Self::Linear { intercept, free } => {
                if free > 0.0 {
                    intercept * (1.0 - at / free).max(0.0)
                } else {
                    0.0
                }
            }
        }
    }

    /// Volume at a price.
    #[must_use]
    pub fn volume(&self, at_price: f64) -> f64 {
        match *self {
            Self::Isoelastic { price, volume, elasticity, highest } => {
                if highest.is_some_and(|highest| at_price > highest) {
                    0.0
                } else {
                    volume * (at_price / price).powf(-elasticity)
                }
            }
            Self::Linear { intercept, free } => free * (1.0 - at_price / intercept).clamp(0.0, 1.0),
        }
    }

    /// By how much the price falls for a unit more of volume, $ per Mtok and Ttok.
    #[must_use]
    pub fn slope(&self, at: f64) -> f64 {
        match *self {
            Self::Isoelastic { volume, elasticity, .. } => {
                if volume <= 0.0 || at < self.at_highest() || at <= 0.0 {
                    0.0
                } else {
                    self.price(at) / (elasticity * at)
                }
            }
            Self::Linear { intercept, free } => {
                if free > 0.0 {
                    intercept / free
                } else {
                    0.0
                }
            }
        }
    }

    /// What buyers would pay at most for a volume, M$: the area under the curve.
    #[must_use]
    pub fn area(&self, at: f64) -> f64 {
        match *self {
            Self::Isoelastic { price, volume, elasticity, .. } => {
                if volume <= 0.0 || at <= 0.0 {
                    return 0.0;
                }
                let from = self.at_highest();
                if at <= from {
                    return self.price(at) * at;
                }
                let power = 1.0 - 1.0 / elasticity;
                let integral = |to: f64| {
                    if power.abs() < 1e-9 {
                        price * volume * (to / volume).ln()
                    } else {
                        price * volume * (to / volume).powf(power) / power
                    }
                };
                // Without a highest price the elasticity is above one, and the area from nothing on is finite.
                if from > 0.0 { self.price(from) * from + integral(at) - integral(from) } else { integral(at) }
            }
            Self::Linear { intercept, free } => {
                let at = at.clamp(0.0, free.max(0.0));
                if free > 0.0 { intercept * at * (1.0 - at / (2.0 * free)) } else { 0.0 }
            }
        }
    }

    /// What one seller of a volume is paid, M$.
    #[must_use]
    pub fn revenue(&self, at: f64) -> f64 {
        if at > 0.0 { self.price(at) * at } else { 0.0 }
    }

    /// The ends of the coarse steps, Ttok, from nothing on.
    fn coarse(&self) -> Vec<f64> {
        match *self {
            Self::Isoelastic { price, highest, .. } => {
                let top = highest.unwrap_or(price * ABOVE);
                let steps = ((top / (price / BELOW)).max(RATIO).ln() / RATIO.ln()).ceil() as usize;
                std::iter::once(0.0).chain((0..=steps).map(|step| self.volume(top * RATIO.powi(-(step as i32))))).collect()
            }
            Self::Linear { free, .. } => (0..=STRAIGHT).map(|step| free * step as f64 / STRAIGHT as f64).collect(),
        }
    }

    /// Ends between two ends: evenly by price where it bends, else by volume.
    fn between(&self, from: f64, to: f64) -> Vec<f64> {
        let by_price = matches!(self, Self::Isoelastic { .. }) && from > 0.0 && from >= self.at_highest() * (1.0 - 1e-12);
        (1..FINE)
            .map(|step| {
                let share = step as f64 / FINE as f64;
                if by_price { from * (to / from).powf(share) } else { from + (to - from) * share }
            })
            .collect()
    }
}

/// What a step of a volume is worth to the goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// What buyers would pay at most.
    Area,
    /// What one seller of all gains.
    Revenue,
}

/// What one of several actors sells, who knows that it moves the price.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    /// The actor.
    pub actor: ActorIx,
    /// Ends of steps of its own volume, Ttok, by period.
    pub grid: Table<PeriodIx, Vec<f64>>,
}

/// A demand that answers to the price.
#[derive(Clone, Debug, PartialEq)]
pub struct Elastic {
    /// The curve, by period.
    pub shapes: Table<PeriodIx, Shape>,
    /// What steps are worth.
    pub worth: Worth,
    /// Ends of steps, Ttok, by period: as many in each.
    pub grid: Table<PeriodIx, Vec<f64>>,
    /// Ends of the coarse steps, which fine ones stand between.
    coarse: Table<PeriodIx, Vec<f64>>,
    /// By how much the price is taken to fall per Ttok more, by period: what each of several sellers reckons with.
    pub slopes: Table<PeriodIx, f64>,
    /// The sellers, where there are several who reckon with it.
    pub own: Vec<Own>,
}

/// Where an answer lies on a curve in a period.
#[derive(Clone, Debug, PartialEq)]
pub struct At {
    /// Sold by all, Ttok.
    pub volume: f64,
    /// Sold by each of [`Elastic::own`], Ttok.
    pub own: Vec<f64>,
}

impl Elastic {
    /// A curve with coarse steps, of which everything sold is worth what buyers would pay.
    pub(super) fn new(shapes: Table<PeriodIx, Shape>) -> Self {
        let grid = even(shapes.iter().map(Shape::coarse).collect());
        let slopes = shapes.pairs().map(|(_, shape)| shape.slope(start_of(shape))).collect();
        Self { shapes, worth: Worth::Area, coarse: grid.clone(), grid, slopes, own: Vec::new() }
    }

    /// Sellers who reckon with the price.
    pub(super) fn with_sellers(&mut self, actors: &[ActorIx]) {
        // One seller of all: what it gains can be said exactly.
        if let [_] = actors {
            self.worth = Worth::Revenue;
        } else {
            self.own = actors.iter().map(|actor| Own { actor: *actor, grid: self.grid.clone() }).collect();
        }
    }

    /// The steps as segments.
    pub(super) fn steps(&self, calendar: &Calendar) -> Vec<Segment> {
        let count = self.grid.iter().map(Vec::len).max().unwrap_or(0).saturating_sub(1);
        (0..count)
            .map(|step| {
                let ends = |period: PeriodIx| {
                    let grid = &self.grid[period];
                    let of = |at: usize| grid.get(at).or(grid.last()).copied().unwrap_or(0.0);
                    (of(step), of(step + 1))
                };
                let usd = |period: PeriodIx| {
                    let (shape, (from, to)) = (&self.shapes[period], ends(period));
                    let width = to - from;
                    let worth = |at: f64| if self.worth == Worth::Area { shape.area(at) } else { shape.revenue(at) };
                    if width > 0.0 {
                        (worth(to) - worth(from)) / width
                    } else if to > 0.0 {
                        shape.price(to)
                    } else {
                        0.0
                    }
                };
                Segment {
                    position: step,
                    of_tasks: false,
                    volume_ttok: Table::build(&calendar.periods, |period| ends(period).1 - ends(period).0),
                    ttok_per_gtok_per_day: Table::build(&calendar.periods, |_| 0.0),
                    usd_per_mtok: Table::build(&calendar.periods, usd),
                }
            })
            .collect()
    }

    /// Fine steps about an answer: the coarse ones there are cut, and what comes of that is cut again and again. So an answer
    /// that moves a little still meets steps that are not coarse.
    pub(super) fn refine(&mut self, at: &Table<PeriodIx, At>) {
        let ends = self.shapes.pairs().map(|(period, shape)| {
            let coarse = &self.coarse[period];
            if self.is_at_end(period, &at[period]) { longer(shape, coarse) } else { coarse.clone() }
        });
        self.coarse = even(ends.collect());
        let cut = |period: PeriodIx, volume: f64| {
            let shape = &self.shapes[period];
            (0..CUTS).fold(self.coarse[period].clone(), |ends, _| fine(shape, &ends, volume))
        };
        self.grid = even(self.shapes.pairs().map(|(period, _)| cut(period, at[period].volume)).collect());
        for (number, own) in self.own.iter_mut().enumerate() {
            let volume = |period: PeriodIx| at[period].own.get(number).copied().unwrap_or(0.0);
            own.grid = even(self.shapes.pairs().map(|(period, _)| cut(period, volume(period))).collect());
        }
    }

    /// The steps, and what sellers reckon with, of another curve of the same demand: so that two answers can be compared
    /// to the last digit. Sellers must be the same.
    pub(super) fn take_steps(&mut self, other: &Self) {
        let sellers = |curve: &Self| curve.own.iter().map(|own| own.actor).collect::<Vec<_>>();
        let kinds = |curve: &Self| curve.shapes.iter().map(std::mem::discriminant).collect::<Vec<_>>();
        if sellers(self) == sellers(other) && self.worth == other.worth && kinds(self) == kinds(other) {
            self.grid.clone_from(&other.grid);
            self.coarse.clone_from(&other.coarse);
            self.slopes.clone_from(&other.slopes);
            self.own.clone_from(&other.own);
        }
    }

    /// Whether an answer lies where the steps end, though the curve goes on.
    #[must_use]
    pub fn is_at_end(&self, period: PeriodIx, at: &At) -> bool {
        let last = self.grid[period].last().copied().unwrap_or(0.0);
        matches!(self.shapes[period], Shape::Isoelastic { .. }) && last > 0.0 && at.volume >= last * (1.0 - 1e-6)
    }

    /// By how much, as a share of the price, the price at an answer may be off for the steps: half a step of
    /// the curve and half a step of the seller's own that is least fine. Nothing where nothing is sold.
    #[must_use]
    pub fn price_error(&self, period: PeriodIx, at: &At) -> f64 {
        let shape = &self.shapes[period];
        if at.volume <= 0.0 {
            return 0.0;
        }
        let price = shape.price(at.volume);
        let (from, to) = about(&self.grid[period], at.volume);
        let height = if from > 0.0 { shape.price(from) - shape.price(to) } else { price };
        let own = self.own.iter().zip(&at.own).filter(|(_, volume)| **volume > 0.0).map(|(own, volume)| {
            let (from, to) = about(&own.grid[period], *volume);
            self.slopes[period] * (to - from)
        });
        (0.5 * height + 0.5 * own.fold(0.0, f64::max)) / price.max(1e-12)
    }
}

/// A volume to begin from: the one that is stated, or half of all.
fn start_of(shape: &Shape) -> f64 {
    match *shape {
        Shape::Isoelastic { volume, .. } => volume.max(shape.at_highest()),
        Shape::Linear { free, .. } => 0.5 * free,
    }
}

/// As many ends in every period: what is short is drawn out at its end.
fn even(mut grids: Vec<Vec<f64>>) -> Table<PeriodIx, Vec<f64>> {
    let most = grids.iter().map(Vec::len).max().unwrap_or(0);
    for grid in &mut grids {
        let last = grid.last().copied().unwrap_or(0.0);
        grid.resize(most, last);
    }
    grids.into_iter().collect()
}

/// The step a volume lies in; the two that meet there if it lies where they do.
fn about(grid: &[f64], volume: f64) -> (f64, f64) {
    let near = |end: &f64| (end - volume).abs() <= 1e-6 * volume.abs();
    let below = grid.iter().copied().filter(|end| *end < volume && !near(end)).fold(0.0, f64::max);
    let above = grid.iter().copied().filter(|end| *end > volume && !near(end)).fold(f64::INFINITY, f64::min);
    (below, if above.is_finite() { above } else { volume })
}

/// Coarse steps that go on beyond their end.
fn longer(shape: &Shape, ends: &[f64]) -> Vec<f64> {
    let mut ends = ends.to_vec();
    ends.dedup();
    let last = ends.last().copied().unwrap_or(0.0);
    let (mut price, lowest) = (shape.price(last), shape.price(last) / BEYOND);
    while last > 0.0 && price > lowest {
        price /= RATIO;
        ends.push(shape.volume(price));
    }
    ends
}

/// The steps about a volume, and one more on either side, cut fine.
fn fine(shape: &Shape, grid: &[f64], volume: f64) -> Vec<f64> {
    let mut ends: Vec<f64> = grid.to_vec();
    ends.dedup();
    if volume <= 0.0 {
        return ends;
    }
    let (below, above) = about(&ends, volume);
    let from = ends.iter().copied().filter(|end| *end < below).fold(0.0, f64::max);
    let to = ends.iter().copied().filter(|end| *end > above).fold(f64::INFINITY, f64::min);
    let to = if to.is_finite() { to } else { above };
    // The first step of a curve without a highest price has no price at its start.
    let start = if from > 0.0 || below <= 0.0 { from } else { from.max(0.0) };
    let mut refined: Vec<f64> = ends.iter().copied().filter(|end| *end <= start || *end >= to).collect();
    refined.extend(shape.between(start, to));
    if start > 0.0 && !refined.contains(&start) {
        refined.push(start);
    }
    refined.sort_by(f64::total_cmp);
    refined.dedup();
    refined
}

#[cfg(test)]
mod tests {
    use super::*;

    const BENT: Shape = Shape::Isoelastic { price: 2.0, volume: 3.0, elasticity: 1.5, highest: None };

    #[test]
    fn areas_are_integrals_of_prices() {
        let capped = Shape::Isoelastic { price: 2.0, volume: 3.0, elasticity: 0.8, highest: Some(5.0) };
        let straight = Shape::Linear { intercept: 10.0, free: 10.0 };
        for shape in [BENT, capped, straight] {
            let sum: f64 = (0..100_000).map(|step| shape.price(1.0 + (f64::from(step) + 0.5) * 4e-5) * 4e-5).sum();
            let area = shape.area(5.0) - shape.area(1.0);
            assert!((sum - area).abs() < 1e-6 * area, "{shape:?}: {sum} {area}");
            assert!((shape.volume(shape.price(4.0)) - 4.0).abs() < 1e-9);
            let slope = (shape.price(4.0) - shape.price(4.0 + 1e-6)) * 1e6;
            assert!((shape.slope(4.0) - slope).abs() < 1e-5 * slope);
        }
    }

    #[test]
    fn steps_about_an_answer_become_fine() {
        let mut elastic = Elastic::new([BENT].into_iter().collect());
        let at: Table<PeriodIx, At> = [At { volume: 3.3, own: Vec::new() }].into_iter().collect();
        let period = PeriodIx(0);
        assert!(elastic.price_error(period, &at[period]) > 0.05);
        elastic.refine(&at);
        assert!(elastic.price_error(period, &at[period]) < 1e-3, "{}", elastic.price_error(period, &at[period]));
        assert!(elastic.grid[period].is_sorted());
    }
}
