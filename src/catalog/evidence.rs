//! How far a number can be trusted: the grade of a source and the grade of a throughput.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How well a catalog number is sourced, best first.
///
/// The order is the order of trust, so `max` of two grades is the weaker one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A data sheet, an official publication or a measurement that was checked.
    High,
    /// One credible source, not checked against a second.
    Medium,
    /// Computed from sourced numbers; the computation is in the row.
    Derived,
    /// A single blog, a recollection or an estimate.
    Low,
    /// No source was found: Tokenworks' own default, to be replaced by the planner.
    #[serde(rename = "stated default")]
    StatedDefault,
}

impl Confidence {
    /// Every grade, best first.
    pub const ALL: [Self; 5] = [Self::High, Self::Medium, Self::Derived, Self::Low, Self::StatedDefault];

    /// The words shown on screen and used in the catalog files.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Derived => "derived",
            Self::Low => "low",
            Self::StatedDefault => "stated default",
        }
    }

    /// True for grades that the window marks next to the number.
    #[must_use]
    pub const fn is_weak(self) -> bool {
        matches!(self, Self::Low | Self::StatedDefault)
    }

    /// Reads the words of a catalog file; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.label() == text)
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.label())
    }
}

/// What a throughput rests on, best first.
///
/// The order is the order of preference: a plan's evidence is the worst (largest) of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// A benchmark of this chip and served model, inside the limits asked for.
    Measured,
    /// The roofline, scaled by the nearest measurement.
    Calibrated,
    /// The roofline alone.
    Modelled,
    /// Computed beyond what anybody has shown: two pools nobody ran, or more than 1.5 times the best
    /// ever measured for the chip and served model.
    Unproven,
    /// Typed by the planner, or computed from a number the planner typed.
    Stated,
}

impl Evidence {
    /// Every grade, best first.
    pub const ALL: [Self; 5] = [Self::Measured, Self::Calibrated, Self::Modelled, Self::Unproven, Self::Stated];

    /// The word shown on screen and used in JSON.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Calibrated => "calibrated",
            Self::Modelled => "modelled",
            Self::Unproven => "unproven",
            Self::Stated => "stated",
        }
    }

    /// One sentence for a tooltip.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Measured => "A published benchmark of this chip and served model, inside the limits.",
            Self::Calibrated => "The roofline, scaled by the nearest published benchmark.",
            Self::Modelled => "The roofline alone: no benchmark near enough.",
            Self::Unproven => "Computed beyond what anybody has shown for this chip and served model.",
            Self::Stated => "Typed in the plan, or computed from a number typed in the plan.",
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.label())
    }
}

/// One number of the catalog with everything needed to judge it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// The number; `None` where no source was found. Never filled in silently.
    pub value: Option<f64>,
    /// The unit, as on screen.
    pub unit: &'static str,
    /// Where the number comes from.
    pub source: String,
    /// The date of the source, as precise as it is known (`2026`, `2026-11` or `2026-11-22`).
    pub date: String,
    /// How well it is sourced.
    pub confidence: Confidence,
}

impl Fact {
    /// The number with its unit, or the word for a number that was not found.
    #[must_use]
    pub fn text(&self) -> String {
        match self.value {
            Some(value) if self.unit.is_empty() => format!("{value}"),
            Some(value) => format!("{value} {}", self.unit),
            None => "not found".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Confidence, Evidence};

    #[test]
    fn labels_are_read_back() {
        for grade in Confidence::ALL {
            assert_eq!(Confidence::parse(grade.label()), Some(grade));
            assert_eq!(serde_json::to_string(&grade).unwrap(), format!("\"{grade}\""));
        }
        for grade in Evidence::ALL {
            assert_eq!(serde_json::to_string(&grade).unwrap(), format!("\"{grade}\""));
        }
    }

    #[test]
    fn the_weaker_grade_is_the_larger() {
        assert!(Evidence::Measured < Evidence::Calibrated);
        assert!(Evidence::Modelled < Evidence::Stated);
        assert!(Confidence::High < Confidence::StatedDefault);
    }
}
