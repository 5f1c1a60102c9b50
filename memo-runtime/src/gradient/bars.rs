//! Cotangents ("bars") while a call is gone through backwards.

use std::fmt::Debug;
use std::ops::AddAssign;

use super::one_or_more::OneOrMore;
use super::row_bars::table_of_logarithms;
use super::steep::{settled_number, steep};
use super::tangent::{InputArray, Tangent};
use super::{Trace, second};
use crate::Fault;
use crate::kernel::ratio;
use crate::real::{Dual, Real, times};
use crate::{parallel, pool};

/// What a cotangent is: a number, or one with what it changes by, where second
/// derivatives are wanted.
pub trait Bar: Copy + Debug + From<f64> + AddAssign + 'static {
    /// Whether it has what it changes by.
    const MOVES: bool;
    /// Whether nothing has reached it.
    fn vanishes(self) -> bool;
    /// Whether one is no number, or what it changes by is none.
    fn any_is_nan(bars: &[Self]) -> bool;
    /// What it is after all, by what it came to with nothing and with something in the
    /// place of infinite derivatives.
    #[must_use]
    fn settled(self, nothing: Self, something: Self) -> Self;
    /// The same; `instead` stands for an infinite one.
    #[must_use]
    fn steep(self, instead: f64) -> Self;
    /// This many times a derivative that may be infinite; `instead` stands for that then.
    #[must_use]
    fn share(self, slope: Dual<1>, instead: f64) -> Self;
    /// A table of zeros.
    fn zeros(cells: usize) -> Vec<Self>;
    /// Takes a table back, to be used again.
    fn take_back(bar: Vec<Self>);
    /// Goes back through a call; `instead` stands for infinite derivatives.
    ///
    /// # Errors
    /// Whatever goes wrong.
    fn pull_back(
        trace: &mut Trace<'_>,
        seeds: &[&[Self]],
        instead: f64,
    ) -> Result<Vec<OneOrMore<Self>>, Fault>;
}

impl Bar for f64 {
    const MOVES: bool = false;

    #[inline(always)]
    fn vanishes(self) -> bool {
        self == 0.0
    }

    fn any_is_nan(bars: &[Self]) -> bool {
        crate::kernel::any_is_nan(bars)
    }

    fn settled(self, nothing: Self, something: Self) -> Self {
        settled_number(self, nothing, something)
    }

    #[inline(always)]
    fn steep(self, instead: f64) -> Self {
        steep(self, instead)
    }

    #[inline(always)]
    fn share(self, slope: Dual<1>, instead: f64) -> Self {
        // What it changes by counts for nothing.
        times(self, steep(slope.value(), instead))
    }

    fn zeros(cells: usize) -> Vec<Self> {
        pool::zeros(cells)
    }

    fn take_back(bar: Vec<Self>) {
        pool::take_back(bar);
    }

    fn pull_back(
        trace: &mut Trace<'_>,
        seeds: &[&[Self]],
        instead: f64,
    ) -> Result<Vec<OneOrMore<Self>>, Fault> {
        trace.pull_back(seeds.iter().map(|seed| parallel::copy(seed)).collect(), instead)
    }
}

impl Bar for Dual<1> {
    const MOVES: bool = true;

    #[inline(always)]
    fn vanishes(self) -> bool {
        Dual::vanishes(self)
    }

    fn any_is_nan(bars: &[Self]) -> bool {
        bars.iter().any(|bar| bar.value().is_nan() || bar.rate().is_nan())
    }

    fn settled(self, nothing: Self, something: Self) -> Self {
        let value = settled_number(self.value(), nothing.value(), something.value());
        // What is infinite changes by nothing that could be told.
        let rate = if value.is_finite() {
            settled_number(self.rate(), nothing.rate(), something.rate())
        } else {
            self.rate()
        };
        Self::moving(value, rate)
    }

    fn steep(self, instead: f64) -> Self {
        second::steep(self, instead)
    }

    #[inline(always)]
    fn share(self, slope: Dual<1>, instead: f64) -> Self {
        second::times(self, second::steep(slope, instead))
    }

    fn zeros(cells: usize) -> Vec<Self> {
        pool::zeros_that_move(cells)
    }

    fn take_back(bar: Vec<Self>) {
        pool::take_back_moving(bar);
    }

    fn pull_back(
        trace: &mut Trace<'_>,
        seeds: &[&[Self]],
        instead: f64,
    ) -> Result<Vec<OneOrMore<Self>>, Fault> {
        trace.pull_back_moving(seeds, instead)
    }
}

/// The derivative with respect to the inputs, as it is added up.
#[derive(Debug)]
pub(super) struct Sums<'b, N> {
    inputs: &'b [InputArray],
    values: Vec<OneOrMore<N>>,
}

impl<'b, N: Bar> Sums<'b, N> {
    pub(super) fn new(inputs: &'b [InputArray]) -> Self {
        let zero = N::from(0.0);
        let sums = |input: &InputArray| match input {
            InputArray { wanted: false, .. } => OneOrMore::More(Vec::new()),
            InputArray { shape: None, .. } => OneOrMore::One([zero]),
            _ => OneOrMore::More(vec![zero; input.cells()]),
        };
        Self { inputs, values: inputs.iter().map(sums).collect() }
    }

    pub(super) fn into_values(self) -> Vec<OneOrMore<N>> {
        self.values
    }

    fn position(&self, address: usize) -> Option<usize> {
        self.inputs.iter().position(|input| input.lies_at(address))
    }
}

/// The cotangents of one call: of its own tables, of those that its calls have
/// returned, and of the inputs.
#[derive(Debug)]
pub struct Bars<'b, 's, N = f64> {
    /// Of the tables that it returns.
    returned: Vec<Vec<N>>,
    /// Of all others, empty where nothing has reached them.
    own: Vec<Vec<N>>,
    calls: &'b [(usize, usize)],
    /// Which nodes take the bars of the logarithms of their rows.
    take_logarithms: &'b [bool],
    nodes: &'b mut [Vec<Vec<N>>],
    sums: &'b mut Sums<'s, N>,
    /// What stands for infinite derivatives.
    instead: f64,
}

/// A table of zeros in the place of an empty one.
fn zeros<N: Bar>(bar: Vec<N>, cells: usize) -> Vec<N> {
    if bar.is_empty() { N::zeros(cells) } else { bar }
}

/// The sum of two, one of which may be empty.
fn merge<N: Bar>(place: &mut Vec<N>, bar: Vec<N>) {
    if place.is_empty() {
        *place = bar;
    } else {
        place.iter_mut().zip(&bar).for_each(|(sum, x)| *sum += *x);
        N::take_back(bar);
    }
}

impl<'b, 's, N: Bar> Bars<'b, 's, N> {
    /// `own` are places that are used again.
    pub(super) fn new(
        returned: Vec<Vec<N>>,
        mut own: Vec<Vec<N>>,
        (calls, take_logarithms): (&'b [(usize, usize)], &'b [bool]),
        nodes: &'b mut [Vec<Vec<N>>],
        sums: &'b mut Sums<'s, N>,
        (tables, instead): (usize, f64),
    ) -> Self {
        own.clear();
        own.resize_with(tables, Vec::new);
        Self { returned, own, calls, take_logarithms, nodes, sums, instead }
    }

    /// What stands for infinite derivatives: see [`steep`].
    #[must_use]
    pub fn instead(&self) -> f64 {
        self.instead
    }

    /// The places for its own tables, for another call.
    pub(super) fn into_places(self) -> Vec<Vec<N>> {
        self.own
    }

    /// The cotangent of the table returned in a place is one of a definition,
    /// too.
    pub fn seed(&mut self, which: usize, definition: usize) {
        if let Some(seed) = self.returned.get_mut(which) {
            merge(&mut self.own[definition], std::mem::take(seed));
        }
    }

    /// The cotangents of the returned tables go no further: these do not change.
    pub fn let_go(&mut self) {
        self.returned.drain(..).for_each(N::take_back);
    }

    /// The cotangent of a definition's table, to be added to.
    #[must_use]
    pub fn take(&mut self, definition: usize, cells: usize) -> Vec<N> {
        zeros(std::mem::take(&mut self.own[definition]), cells)
    }

    /// What has reached a definition; it will not be asked for again.
    #[must_use]
    pub fn reached(&mut self, definition: usize) -> Vec<N> {
        std::mem::take(&mut self.own[definition])
    }

    /// Puts it back.
    pub fn put(&mut self, definition: usize, bar: Vec<N>) {
        merge(&mut self.own[definition], bar);
    }

    fn node(&self, site: usize) -> Option<usize> {
        self.calls.iter().find(|(at, _)| *at == site).map(|(_, node)| *node)
    }

    fn callee(&mut self, site: usize, which: usize) -> Option<&mut Vec<N>> {
        let node = self.node(site)?;
        let tables = &mut self.nodes[node];
        if tables.len() <= which {
            tables.resize(which + 1, Vec::new());
        }
        Some(&mut tables[which])
    }

    /// The cotangent of a table that a call has returned, to be added to.
    #[must_use]
    pub fn take_call(&mut self, site: usize, which: usize, cells: usize) -> Vec<N> {
        zeros(self.callee(site, which).map(std::mem::take).unwrap_or_default(), cells)
    }

    /// Puts it back.
    pub fn put_call(&mut self, site: usize, which: usize, bar: Vec<N>) {
        match self.callee(site, which) {
            Some(place) => merge(place, bar),
            None => N::take_back(bar),
        }
    }

    /// Adds to the derivative what a number of this tangent has.
    pub fn number(&mut self, tangent: &Tangent, bar: N) {
        for (position, element, slope) in tangent.entries() {
            if let Some(sum) = self.sums.values[position].get_mut(element) {
                *sum += bar.share(slope, self.instead);
            }
        }
    }

    /// The derivative with respect to the elements of an array, to be added to;
    /// empty if it is no input.
    #[must_use]
    pub fn take_array(&mut self, address: usize) -> Vec<N> {
        let Some(at) = self.sums.position(address) else { return Vec::new() };
        std::mem::replace(&mut self.sums.values[at], OneOrMore::More(Vec::new())).into()
    }

    /// Puts it back.
    pub fn put_array(&mut self, address: usize, bar: Vec<N>) {
        if let Some(at) = self.sums.position(address) {
            self.sums.values[at] = bar.into();
        }
    }
}

impl Bars<'_, '_> {
    /// The bars of the logarithms of a definition, to which the rows of the one returned table
    /// are in proportion, take the place of its own; their sums over the rows, or nothing where
    /// nothing has reached it. They have come so, or are made of those of the table.
    ///
    /// Where multiples of the definition's chances were kept, to be divided by `columns`, see
    /// [`Scales`](crate::columns::Scales), the sums are divided instead.
    #[must_use]
    pub fn of_logarithms(
        &mut self,
        definition: usize,
        chances: &[f64],
        row: usize,
        columns: &[f64],
    ) -> Vec<f64> {
        let mut returned = self.returned.drain(..);
        let (bar, sums) = (returned.next().unwrap_or_default(), returned.next());
        drop(returned);
        self.own[definition] = bar;
        let bar = &mut self.own[definition];
        let made = || if bar.is_empty() { Vec::new() } else { table_of_logarithms(bar, chances, row) };
        let mut sums = sums.unwrap_or_else(made);
        sums.iter_mut().zip(columns).for_each(|(sum, by)| *sum = ratio(*sum, *by));
        sums
    }

    /// Whether the table that a call has returned takes the bars of the logarithms of its rows.
    #[must_use]
    pub fn takes_logarithms(&self, site: usize) -> bool {
        let takes = |node: usize| {
            self.take_logarithms.get(node) == Some(&true) && self.nodes[node].iter().all(Vec::is_empty)
        };
        self.node(site).is_some_and(takes)
    }

    /// Puts the bar of the table back that a call has returned: that of the logarithms of its
    /// rows if there are sums over these.
    pub fn put_call_of_rows(&mut self, site: usize, bar: Vec<f64>, sums: Vec<f64>) {
        match self.node(site) {
            Some(node) if !sums.is_empty() => self.nodes[node] = vec![bar, sums],
            _ => self.put_call(site, 0, bar),
        }
    }
}
