//! Typed indices: a site's position can't be used where a chip's is meant.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// An index into a [`Table`].
pub trait Ix: Copy + Eq + Ord {
    /// From a position.
    fn new(position: usize) -> Self;
    /// The position.
    fn position(self) -> usize;
}

/// Declares an index type.
macro_rules! index {
    ($($(#[$meta:meta])* $name:ident),* $(,)?) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(
            /// The position.
            pub u32,
        );
        impl Ix for $name {
            fn new(position: usize) -> Self {
                Self(u32::try_from(position).unwrap_or(u32::MAX))
            }
            fn position(self) -> usize {
                self.0 as usize
            }
        }
    )* };
}

index!(
    /// A period.
    PeriodIx,
    /// A representative day.
    DayIx,
    /// A slice.
    SliceIx,
    /// A place: a site, or a rental's place (after the sites).
    PlaceIx,
    /// A chip.
    ChipIx,
    /// A product.
    ProductIx,
    /// An actor.
    ActorIx,
    /// A market.
    MarketIx,
    /// A contract.
    ContractIx,
    /// One of what a product asks of chips.
    AskIx,
);

/// Values by a typed index.
#[derive(Clone, Debug, PartialEq)]
pub struct Table<I, T> {
    items: Vec<T>,
    index: PhantomData<I>,
}

impl<I: Ix, T> Table<I, T> {
    /// A value for each index, computed.
    pub fn build<'a, U: 'a>(like: &'a Table<I, U>, make: impl FnMut(I) -> T) -> Self {
        like.keys().map(make).collect()
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The indices.
    pub fn keys(&self) -> impl Iterator<Item = I> + use<I, T> {
        (0..self.items.len()).map(I::new)
    }

    /// The values.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// The values, to be changed.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.items.iter_mut()
    }

    /// Indices and values.
    pub fn pairs(&self) -> impl Iterator<Item = (I, &T)> {
        self.items.iter().enumerate().map(|(position, item)| (I::new(position), item))
    }

    /// Adds a value.
    pub fn push(&mut self, item: T) -> I {
        self.items.push(item);
        I::new(self.items.len() - 1)
    }

    /// As a slice.
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }

    /// The value, if the index is one of this table's.
    pub fn get(&self, index: I) -> Option<&T> {
        self.items.get(index.position())
    }
}

impl<I, T> FromIterator<T> for Table<I, T> {
    fn from_iter<Iter: IntoIterator<Item = T>>(iter: Iter) -> Self {
        Self { items: iter.into_iter().collect(), index: PhantomData }
    }
}

impl<I, T> Default for Table<I, T> {
    fn default() -> Self {
        Self { items: Vec::new(), index: PhantomData }
    }
}

impl<'a, I, T> IntoIterator for &'a mut Table<I, T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter_mut()
    }
}

impl<'a, I, T> IntoIterator for &'a Table<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<I: Ix, T> Index<I> for Table<I, T> {
    type Output = T;
    fn index(&self, index: I) -> &T {
        &self.items[index.position()]
    }
}

impl<I: Ix, T> IndexMut<I> for Table<I, T> {
    fn index_mut(&mut self, index: I) -> &mut T {
        &mut self.items[index.position()]
    }
}
