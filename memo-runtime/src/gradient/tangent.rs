//! Derivatives of static numbers, and the arrays with respect to whose elements
//! is differentiated.

use std::ops::{Deref, DerefMut};

use ndarray::{Dimension, IxDyn};

use super::bars::Bar;
use crate::Table;
use crate::real::{Dual, Real};
use crate::solve::{KeyPart, Parameters};
use crate::support::NumberArray;
use crate::table::Axes;

/// How many bits tell an element of an array.
const ELEMENT_BITS: u32 = 48;

/// That a derivative changes itself, in a key.
const CHANGES: u64 = 1 << 63;

/// The derivative of a number with respect to the inputs: the parameters of the
/// first call, and the elements of those that are arrays. Only what is not 0. Where
/// second derivatives are wanted each carries what it changes by.
#[derive(Clone, Debug)]
pub struct Tangent {
    entries: Entries,
}

/// Inputs and derivatives, by input; one needs no memory of its own: most numbers are
/// handed on as they are.
#[derive(Clone, Debug)]
enum Entries {
    None,
    One([(u64, Dual<1>); 1]),
    Many(Vec<(u64, Dual<1>)>),
}

impl Entries {
    fn insert(&mut self, at: usize, entry: (u64, Dual<1>)) {
        match self {
            Self::None => *self = Self::One([entry]),
            Self::One(one) => {
                let mut many = one.to_vec();
                many.insert(at, entry);
                *self = Self::Many(many);
            }
            Self::Many(many) => many.insert(at, entry),
        }
    }
}

impl Deref for Entries {
    type Target = [(u64, Dual<1>)];

    fn deref(&self) -> &[(u64, Dual<1>)] {
        match self {
            Self::None => &[],
            Self::One(one) => one,
            Self::Many(many) => many,
        }
    }
}

impl DerefMut for Entries {
    fn deref_mut(&mut self) -> &mut [(u64, Dual<1>)] {
        match self {
            Self::None => &mut [],
            Self::One(one) => one,
            Self::Many(many) => many,
        }
    }
}

impl Tangent {
    /// That of a number that rests on no input.
    #[must_use]
    pub fn none() -> Self {
        Self { entries: Entries::None }
    }

    /// That of a parameter of the first call, by position.
    #[must_use]
    pub fn input(position: usize) -> Self {
        Self { entries: Entries::One([((position as u64) << ELEMENT_BITS, Dual::from(1.0))]) }
    }

    /// Adds `factor` times another.
    pub fn add(&mut self, other: &Self, factor: Dual<1>) {
        other.entries.iter().for_each(|(input, slope)| self.add_entry(*input, *slope * factor));
    }

    /// Adds the derivatives with respect to elements of an array, if it is one of
    /// the first call.
    pub fn add_elements(&mut self, position: Option<usize>, elements: &Elementwise) {
        let Some(position) = position else { return };
        for (element, slope) in &elements.list {
            self.add_entry((position as u64) << ELEMENT_BITS | *element as u64, *slope);
        }
    }

    fn add_entry(&mut self, input: u64, slope: Dual<1>) {
        if slope.vanishes() {
            return;
        }
        match self.entries.binary_search_by_key(&input, |(input, _)| *input) {
            Ok(at) => self.entries[at].1 += slope,
            Err(at) => self.entries.insert(at, (input, slope)),
        }
    }

    /// The inputs, by position and element, with the derivatives.
    pub(super) fn entries(&self) -> impl Iterator<Item = (usize, usize, Dual<1>)> {
        let element = (1_u64 << ELEMENT_BITS) - 1;
        self.entries
            .iter()
            .map(move |(input, slope)| ((input >> ELEMENT_BITS) as usize, (input & element) as usize, *slope))
    }
}

/// Two calls are the same only where their arguments change alike.
impl KeyPart for Tangent {
    fn key(&self, bits: &mut Parameters) {
        for (input, slope) in &*self.entries {
            // Where only first derivatives are wanted there is nothing more to tell.
            if slope.rate() == 0.0 {
                bits.push(*input);
            } else {
                bits.push(*input | CHANGES);
                bits.push(slope.rate().to_bits());
            }
            bits.push(slope.value().to_bits());
        }
        bits.push(self.entries.len() as u64);
    }
}

/// A parameter of the first call: a number, or an array with its place in
/// memory.
#[derive(Clone, Debug)]
pub struct InputArray {
    pub(super) name: &'static str,
    /// 0 for a number.
    pub(super) address: usize,
    /// The lengths of an array; few need no memory of their own.
    pub(super) shape: Option<IxDyn>,
    /// Whether it is differentiated with respect to.
    pub(super) wanted: bool,
}

impl InputArray {
    /// The shape of the rates of a table of this shape: its axes, and those of the array.
    pub(super) fn shape_of_rates(&self, table: &[usize]) -> IxDyn {
        IxDyn(&[table, self.shape.as_ref().map_or(&[], Dimension::slice)].concat())
    }

    /// A number.
    #[must_use]
    pub fn number(name: &'static str) -> Self {
        Self { name, address: 0, shape: None, wanted: true }
    }

    /// Something with respect to which nothing is differentiated.
    #[must_use]
    pub fn passed(name: &'static str) -> Self {
        Self { wanted: false, ..Self::number(name) }
    }

    /// An array or a table of numbers.
    #[must_use]
    pub fn array<A: Elements + ?Sized>(name: &'static str, array: &A) -> Self {
        Self { name, address: place_of(array), shape: Some(array.lengths_of()), wanted: true }
    }

    pub(super) fn lies_at(&self, address: usize) -> bool {
        self.shape.is_some() && self.address == address
    }

    pub(super) fn cells(&self) -> usize {
        self.shape.as_ref().map_or(1, Dimension::size)
    }
}

/// Derivatives with respect to a few elements of an array.
#[derive(Clone, Debug, Default)]
pub struct Elementwise {
    list: Vec<(usize, Dual<1>)>,
}

impl Elementwise {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// What derivatives with respect to the elements of an array are added to.
pub trait AddAt<N> {
    /// Adds to that of an element.
    fn add_to(&mut self, element: usize, slope: N);
}

/// Empty where the array is no input.
impl<N: Bar> AddAt<N> for Vec<N> {
    #[inline]
    fn add_to(&mut self, element: usize, slope: N) {
        if let Some(sum) = self.get_mut(element) {
            *sum += slope;
        }
    }
}

impl AddAt<Dual<1>> for Elementwise {
    fn add_to(&mut self, element: usize, slope: Dual<1>) {
        self.list.push((element, slope));
    }
}

/// Adds to the derivative with respect to an element.
#[inline(always)]
pub fn add_at<N, S: AddAt<N>>(sums: &mut S, element: usize, slope: N) {
    sums.add_to(element, slope);
}

/// Where something lies, which tells it from others while it is borrowed.
#[must_use]
pub fn place_of<T: ?Sized>(value: &T) -> usize {
    std::ptr::from_ref(value).cast::<u8>().addr()
}

/// Arrays and tables, for derivatives with respect to their elements.
pub trait Elements {
    /// The length of each axis.
    fn lengths_of(&self) -> IxDyn;
}

impl<A: NumberArray + ?Sized> Elements for A {
    fn lengths_of(&self) -> IxDyn {
        self.lengths()
    }
}

impl<A: Axes> Elements for Table<A> {
    fn lengths_of(&self) -> IxDyn {
        IxDyn(self.shape())
    }
}
