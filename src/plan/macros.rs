//! How the schema is declared: [`record!`] for structs and [`choice!`] for enums.
//!
//! serde stops at the first error; a planner wants all of them. So each struct takes its text apart
//! into fields and reads field by field; what goes wrong is noted with its place and the reading
//! goes on. The macros write this once for every struct and enum, together with the list of fields
//! that the window, the tables and "did you mean" use.

/// Declares a struct of the schema: its fields with doc, type, optional `[low, high]` range and
/// optional default (a field without a default must be given).
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[doc = $doc:literal])+ $field:ident : $type:ty $([$low:expr, $high:expr])? $(= $default:expr)? ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $( $(#[doc = $doc])+ pub $field: $type ),*
        }

        impl $name {
            /// The fields of this record, in the order of the file.
            pub fn fields() -> &'static [$crate::plan::node::FieldInfo] {
                const FIELDS: &[$crate::plan::node::FieldInfo] = &[ $( $crate::plan::node::FieldInfo {
                    name: stringify!($field),
                    doc: concat!($($doc),+),
                    shape: <$type as $crate::plan::node::Node>::shape,
                    bounds: record!(@bounds $([$low, $high])?),
                    required: record!(@required $($default)?),
                } ),* ];
                FIELDS
            }
        }

        impl $crate::plan::node::Node for $name {
            fn read(raw: $crate::plan::node::Raw<'_>, reader: &mut $crate::plan::node::Reader<'_>) -> Option<Self> {
                let found = $crate::plan::node::read_record(raw, Self::fields(), reader)?;
                $( let $field: Option<$type> = match found.get(stringify!($field)) {
                    Some(raw) => $crate::plan::node::read_field(stringify!($field), *raw, record!(@bounds $([$low, $high])?), reader),
                    None => record!(@default $($default)?),
                }; )*
                Some(Self { $( $field: match $field {
                    Some(value) => value,
                    None => reader.placeholder(stringify!($field), record!(@default $($default)?))?,
                } ),* })
            }
            fn shape() -> $crate::plan::node::Shape {
                $crate::plan::node::Shape::Record(Self::fields)
            }
            fn example() -> String {
                $crate::plan::node::record_example(Self::fields())
            }
            fn is_record() -> bool {
                true
            }
            fn tree(&self) -> $crate::plan::node::Tree {
                let mut items = Vec::new();
                $( {
                    let default: Option<$type> = record!(@default $($default)?);
                    if default.as_ref() != Some(&self.$field) {
                        items.push((Some(stringify!($field).to_owned()), $crate::plan::node::Node::tree(&self.$field)));
                    }
                } )*
                $crate::plan::node::Tree::Group { name: "", brackets: ('(', ')'), items }
            }
            fn replace(&mut self, raw: $crate::plan::node::Raw<'_>, reader: &mut $crate::plan::node::Reader<'_>, bounds: Option<$crate::plan::node::Bounds>) -> bool {
                $crate::plan::node::replace_with(self, raw, reader, bounds)
            }
            fn child(&self, key: &str) -> Option<&dyn $crate::plan::node::Node> {
                match key {
                    $( stringify!($field) => Some(&self.$field), )*
                    _ => None,
                }
            }
            fn child_mut(&mut self, key: &str) -> Option<&mut dyn $crate::plan::node::Node> {
                match key {
                    $( stringify!($field) => Some(&mut self.$field), )*
                    _ => None,
                }
            }
            fn reset_child(&mut self, key: &str) -> bool {
                match key {
                    $( stringify!($field) => {
                        let default: Option<$type> = record!(@default $($default)?);
                        default.is_some_and(|default| {
                            self.$field = default;
                            true
                        })
                    } )*
                    _ => false,
                }
            }
            fn child_bounds(&self, key: &str) -> Option<$crate::plan::node::Bounds> {
                Self::fields().iter().find(|field| field.name == key).and_then(|field| field.bounds)
            }
            fn children(&self) -> Vec<String> {
                Self::fields().iter().map(|field| field.name.to_owned()).collect()
            }
            fn references(&mut self, path: &mut Vec<String>, visit: &mut $crate::plan::node::ReferenceVisitor<'_>) {
                $( path.push(stringify!($field).to_owned());
                   $crate::plan::node::Node::references(&mut self.$field, path, visit);
                   path.pop(); )*
            }
            fn each_steps(&mut self, path: &mut Vec<String>, visit: &mut $crate::plan::node::StepsVisitor<'_>) {
                $( path.push(stringify!($field).to_owned());
                   $crate::plan::node::Node::each_steps(&mut self.$field, path, visit);
                   path.pop(); )*
            }
        }
    };
    (@bounds) => { None };
    (@bounds [$low:expr, $high:expr]) => { Some(($low, $high)) };
    (@required) => { true };
    (@required $default:expr) => { false };
    (@default) => { None };
    (@default $default:expr) => { Some($default) };
}

/// Declares an enum of the schema; each variant stands alone or holds one value.
macro_rules! choice {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[doc = $doc:literal])+ $variant:ident $(($type:ty))? ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name {
            $( $(#[doc = $doc])+ $variant $(($type))? ),*
        }

        impl $name {
            /// The variants, in the order of their declaration.
            pub fn variants() -> &'static [$crate::plan::node::VariantInfo] {
                const VARIANTS: &[$crate::plan::node::VariantInfo] = &[ $( $crate::plan::node::VariantInfo {
                    name: stringify!($variant),
                    doc: concat!($($doc),+),
                    shape: choice!(@shape $($type)?),
                    example: choice!(@example $variant $($type)?),
                } ),* ];
                VARIANTS
            }

            /// The name of this variant in the file.
            #[must_use]
            pub fn variant_name(&self) -> &'static str {
                match self { $( Self::$variant { .. } => stringify!($variant) ),* }
            }
        }

        impl $crate::plan::node::Node for $name {
            fn read(raw: $crate::plan::node::Raw<'_>, reader: &mut $crate::plan::node::Reader<'_>) -> Option<Self> {
                let (name, body) = $crate::plan::node::read_variant(raw, Self::variants(), reader)?;
                let _ = body;
                match name {
                    $( stringify!($variant) => choice!(@read $variant body reader $($type)?), )*
                    _ => None,
                }
            }
            fn shape() -> $crate::plan::node::Shape {
                $crate::plan::node::Shape::Choice(Self::variants)
            }
            fn example() -> String {
                Self::variants().first().map(|variant| (variant.example)()).unwrap_or_default()
            }
            fn tree(&self) -> $crate::plan::node::Tree {
                match self { $( choice!(@pattern $variant value $($type)?) => choice!(@tree $variant value $($type)?) ),* }
            }
            fn replace(&mut self, raw: $crate::plan::node::Raw<'_>, reader: &mut $crate::plan::node::Reader<'_>, bounds: Option<$crate::plan::node::Bounds>) -> bool {
                $crate::plan::node::replace_with(self, raw, reader, bounds)
            }
            fn variant(&self) -> Option<&'static str> {
                Some(self.variant_name())
            }
            fn child(&self, key: &str) -> Option<&dyn $crate::plan::node::Node> {
                let _ = key;
                match self { $( choice!(@pattern $variant value $($type)?) => choice!(@child $variant value key $($type)?) ),* }
            }
            fn child_mut(&mut self, key: &str) -> Option<&mut dyn $crate::plan::node::Node> {
                let _ = key;
                match self { $( choice!(@pattern $variant value $($type)?) => choice!(@child_mut $variant value key $($type)?) ),* }
            }
            fn make_child(&mut self, key: &str) -> bool {
                let _ = key;
                match self { $( choice!(@pattern $variant value $($type)?) => choice!(@make_child $variant value key $($type)?) ),* }
            }
            fn reset_child(&mut self, key: &str) -> bool {
                let _ = key;
                match self { $( choice!(@pattern $variant value $($type)?) => choice!(@reset_child $variant value key $($type)?) ),* }
            }
            fn child_bounds(&self, key: &str) -> Option<$crate::plan::node::Bounds> {
                let _ = key;
                match self { $( choice!(@pattern $variant value $($type)?) => choice!(@child_bounds $variant value key $($type)?) ),* }
            }
            fn children(&self) -> Vec<String> {
                match self { $( choice!(@pattern $variant value $($type)?) => choice!(@children $variant value $($type)?) ),* }
            }
            fn within(&self, bounds: $crate::plan::node::Bounds, raw: $crate::plan::node::Raw<'_>, reader: &mut $crate::plan::node::Reader<'_>) -> bool {
                let _ = (bounds, raw, &reader);
                match self { $( choice!(@pattern $variant value $($type)?) => choice!(@within $variant value bounds raw reader $($type)?) ),* }
            }
            fn references(&mut self, path: &mut Vec<String>, visit: &mut $crate::plan::node::ReferenceVisitor<'_>) {
                let _ = (&path, &visit);
                match self { $( choice!(@pattern $variant value $($type)?) => choice!(@references $variant value path visit $($type)?) ),* }
            }
            fn each_steps(&mut self, path: &mut Vec<String>, visit: &mut $crate::plan::node::StepsVisitor<'_>) {
                let _ = (&path, &visit);
                match self { $( choice!(@pattern $variant value $($type)?) => choice!(@each_steps $variant value path visit $($type)?) ),* }
            }
        }
    };
    (@shape) => { None };
    (@shape $type:ty) => { Some(<$type as $crate::plan::node::Node>::shape) };
    (@example $variant:ident) => { || stringify!($variant).to_owned() };
    (@example $variant:ident $type:ty) => { || {
        let body = <$type as $crate::plan::node::Node>::example();
        if <$type as $crate::plan::node::Node>::is_record() {
            format!("{}{body}", stringify!($variant))
        } else {
            format!("{}({body})", stringify!($variant))
        }
    } };
    (@pattern $variant:ident $value:ident) => { Self::$variant };
    (@pattern $variant:ident $value:ident $type:ty) => { Self::$variant($value) };
    (@read $variant:ident $body:ident $reader:ident) => { Some(Self::$variant) };
    (@read $variant:ident $body:ident $reader:ident $type:ty) => {
        $crate::plan::node::read_variant_body::<$type>($body, $reader).map(Self::$variant)
    };
    (@tree $variant:ident $value:ident) => { $crate::plan::node::Tree::Atom(stringify!($variant).to_owned()) };
    (@tree $variant:ident $value:ident $type:ty) => {
        match $crate::plan::node::Node::tree($value) {
            $crate::plan::node::Tree::Group { name: "", brackets: ('(', ')'), items } if <$type as $crate::plan::node::Node>::is_record() =>
                $crate::plan::node::Tree::Group { name: stringify!($variant), brackets: ('(', ')'), items },
            tree => $crate::plan::node::Tree::Group { name: stringify!($variant), brackets: ('(', ')'), items: vec![(None, tree)] },
        }
    };
    // A record in a variant shows its fields directly; any other value is the child `value`.
    (@child $variant:ident $value:ident $key:ident) => { None };
    (@child $variant:ident $value:ident $key:ident $type:ty) => {
        if <$type as $crate::plan::node::Node>::is_record() { $crate::plan::node::Node::child($value, $key) }
        else if $key == "value" { Some($value) } else { None }
    };
    (@child_mut $variant:ident $value:ident $key:ident) => { None };
    (@child_mut $variant:ident $value:ident $key:ident $type:ty) => {
        if <$type as $crate::plan::node::Node>::is_record() { $crate::plan::node::Node::child_mut($value, $key) }
        else if $key == "value" { Some($value) } else { None }
    };
    (@make_child $variant:ident $value:ident $key:ident) => { false };
    (@make_child $variant:ident $value:ident $key:ident $type:ty) => { $crate::plan::node::Node::make_child($value, $key) };
    (@reset_child $variant:ident $value:ident $key:ident) => { false };
    (@reset_child $variant:ident $value:ident $key:ident $type:ty) => { $crate::plan::node::Node::reset_child($value, $key) };
    (@child_bounds $variant:ident $value:ident $key:ident) => { None };
    (@child_bounds $variant:ident $value:ident $key:ident $type:ty) => { $crate::plan::node::Node::child_bounds($value, $key) };
    (@children $variant:ident $value:ident) => { Vec::new() };
    (@children $variant:ident $value:ident $type:ty) => {
        if <$type as $crate::plan::node::Node>::is_record() { $crate::plan::node::Node::children($value) } else { vec!["value".to_owned()] }
    };
    (@within $variant:ident $value:ident $bounds:ident $raw:ident $reader:ident) => { true };
    (@within $variant:ident $value:ident $bounds:ident $raw:ident $reader:ident $type:ty) => {
        if <$type as $crate::plan::node::Node>::is_record() { $crate::plan::node::Node::within($value, $bounds, $raw, $reader) }
        else { $reader.again("value", $raw, |reader, raw| $crate::plan::node::Node::within($value, $bounds, raw, reader)) }
    };
    (@references $variant:ident $value:ident $path:ident $visit:ident) => { {} };
    (@references $variant:ident $value:ident $path:ident $visit:ident $type:ty) => { {
        let record = <$type as $crate::plan::node::Node>::is_record();
        if !record { $path.push("value".to_owned()); }
        $crate::plan::node::Node::references($value, $path, $visit);
        if !record { $path.pop(); }
    } };
    (@each_steps $variant:ident $value:ident $path:ident $visit:ident) => { {} };
    (@each_steps $variant:ident $value:ident $path:ident $visit:ident $type:ty) => { {
        let record = <$type as $crate::plan::node::Node>::is_record();
        if !record { $path.push("value".to_owned()); }
        $crate::plan::node::Node::each_steps($value, $path, $visit);
        if !record { $path.pop(); }
    } };
}

pub(crate) use {choice, record};
