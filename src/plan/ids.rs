//! Ids that point into the plan's maps.

use std::fmt;

use super::node::{Bounds, Node, Raw, Reader, ReferenceVisitor, Shape, Tree, quoted, replace_with};

/// Declares the type of an id that points into one of the plan's maps.
macro_rules! reference {
    ($(#[$meta:meta])* $name:ident -> $target:literal) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(
            /// The id pointed to.
            pub String,
        );

        impl $name {
            /// The plan's map it points into.
            pub const TARGET: &'static str = $target;
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl Node for $name {
            fn read(raw: Raw<'_>, reader: &mut Reader<'_>) -> Option<Self> {
                String::read(raw, reader).map(Self)
            }
            fn shape() -> Shape {
                Shape::Reference($target)
            }
            fn example() -> String {
                "\"\"".into()
            }
            fn tree(&self) -> Tree {
                Tree::Atom(quoted(&self.0))
            }
            fn replace(&mut self, raw: Raw<'_>, reader: &mut Reader<'_>, bounds: Option<Bounds>) -> bool {
                replace_with(self, raw, reader, bounds)
            }
            fn references(&mut self, path: &mut Vec<String>, visit: &mut ReferenceVisitor<'_>) {
                visit(&path.join("."), $target, &mut self.0);
            }
        }
    };
}

reference!(
    /// A site's id.
    SiteRef -> "sites"
);
reference!(
    /// A chip's id.
    ChipRef -> "chips"
);
reference!(
    /// A token product's id.
    ProductRef -> "products"
);
reference!(
    /// A served model's id.
    ServedModelRef -> "served_models"
);
reference!(
    /// A contract's id.
    ContractRef -> "contracts"
);
reference!(
    /// A market's id.
    MarketRef -> "markets"
);
reference!(
    /// A profile's id.
    ProfileRef -> "profiles"
);
reference!(
    /// A scenario's id.
    ScenarioRef -> "scenarios"
);
reference!(
    /// A study's id.
    StudyRef -> "studies"
);
reference!(
    /// A representative day's id.
    DayRef -> "slices.days"
);
