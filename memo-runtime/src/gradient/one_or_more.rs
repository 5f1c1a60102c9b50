//! Lists most of which have one element.

use std::ops::{Deref, DerefMut};

/// A single one needs no memory of its own.
#[derive(Clone, Debug)]
pub enum OneOrMore<T> {
    /// It alone.
    One([T; 1]),
    /// Several, or none.
    More(Vec<T>),
}

impl<T> Deref for OneOrMore<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match self {
            Self::One(one) => one,
            Self::More(more) => more,
        }
    }
}

impl<T> DerefMut for OneOrMore<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        match self {
            Self::One(one) => one,
            Self::More(more) => more,
        }
    }
}

impl<T: PartialEq> PartialEq for OneOrMore<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T> From<Vec<T>> for OneOrMore<T> {
    fn from(list: Vec<T>) -> Self {
        Self::More(list)
    }
}

/// The list, in memory of its own.
impl<T: Copy> From<OneOrMore<T>> for Vec<T> {
    fn from(list: OneOrMore<T>) -> Self {
        match list {
            OneOrMore::One(one) => one.to_vec(),
            OneOrMore::More(more) => more,
        }
    }
}
