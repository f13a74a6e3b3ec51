//! Ways to run a chip: at full power, or at an operating point of less power and speed.

use super::Resolver;
use super::chips::Chip;
use crate::words::with_unit;

/// A way to run a chip other than at full power.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Its id.
    pub id: String,
    /// Power at work, kW per chip.
    pub kw: f64,
    /// Speed relative to full power.
    pub speed: f64,
}

impl Chip {
    /// Every way to run it: power at work in kW and speed relative to full power, with the id of all but full power.
    pub fn ways(&self) -> impl Iterator<Item = (Option<&str>, f64, f64)> + Clone {
        let points = self.points.iter().map(|point| (Some(point.id.as_str()), point.kw, point.speed));
        std::iter::once((None, self.active_kw, 1.0)).chain(points)
    }
}

impl Resolver<'_> {
    /// The operating points of a chip: between its idle power and its all-in rating, which is what halls are filled by.
    pub(super) fn operating_points(&mut self, chip: &str, owned: bool, (idle_kw, active_kw, all_in_kw): (f64, f64, f64)) -> Vec<Point> {
        let plan = self.plan;
        let Some(stated) = plan.chips.get(chip) else { return Vec::new() };
        let mut points = Vec::new();
        for (id, point) in &stated.operating_points {
            let at = format!("chips.{chip}.operating_points.{id}");
            if owned && point.kw < idle_kw {
                self.error(
                    "below-idle",
                    format!("{at}.kw"),
                    format!(
                        "At `{id}` a chip at work draws {}, less than an idle one ({}).",
                        with_unit(point.kw, "kW"),
                        with_unit(idle_kw, "kW")
                    ),
                    format!("Lower `idle_fraction` of `chips.{chip}`, or raise the point's power."),
                );
            }
            let most = all_in_kw.max(active_kw);
            if owned && point.kw > most {
                self.error(
                    "above-all-in",
                    format!("{at}.kw"),
                    format!(
                        "At `{id}` a chip draws {}, more than its all-in rating of {}.",
                        with_unit(point.kw, "kW"),
                        with_unit(most, "kW")
                    ),
                    format!("Halls are filled by the rating: raise `all_in_kw` of `chips.{chip}`, with `active_kw` for what it draws now."),
                );
            } else if point.speed_fraction <= 1.0 && point.kw >= active_kw {
                self.warn(
                    "never-binds",
                    at,
                    format!("At `{id}` a chip draws no less than at full power and is no faster, so it is never run so."),
                    "Lower its power, or take it out.",
                );
            }
            points.push(Point { id: id.clone(), kw: point.kw, speed: point.speed_fraction });
        }
        points
    }
}
