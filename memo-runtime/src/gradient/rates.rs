//! Rates: what the tables of a call change by, while the inputs change along one
//! direction.

use std::borrow::Cow;

use super::steep::steep;
use super::tangent::{InputArray, Tangent};
use crate::impossible::Returned;
use crate::kernel::any_is_nan;
use crate::pool;
use crate::real::{Real, times};

/// What each input changes by: a number, or one for each element of an array.
#[derive(Clone, Debug)]
pub(super) struct Direction {
    /// By input; empty for what does not change.
    rates: Vec<Vec<f64>>,
}

impl Direction {
    /// These rates, by input.
    pub(super) fn new(rates: Vec<Vec<f64>>) -> Self {
        Self { rates }
    }

    /// Calls `work` with each direction in which one number changes, in the order of
    /// a gradient.
    pub(super) fn each<E>(
        inputs: &[InputArray],
        mut work: impl FnMut(&Self) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut direction = Self { rates: vec![Vec::new(); inputs.len()] };
        for (position, input) in inputs.iter().enumerate().filter(|(_, input)| input.wanted) {
            direction.rates[position] = vec![0.0; input.cells()];
            for element in 0..input.cells() {
                direction.rates[position][element] = 1.0;
                work(&direction)?;
                direction.rates[position][element] = 0.0;
            }
            direction.rates[position].clear();
        }
        Ok(())
    }

    /// What a number of this tangent changes by.
    pub(super) fn of(&self, tangent: &Tangent, instead: f64) -> f64 {
        let entries = tangent.entries();
        let part = |(position, element, slope): (usize, usize, crate::Dual<1>)| {
            let rate = self.rates[position].get(element);
            rate.map_or(0.0, |rate| times(*rate, steep(slope.value(), instead)))
        };
        entries.map(part).sum()
    }

    /// What the elements of the array at an address change by; empty for nothing.
    pub(super) fn elements(&self, inputs: &[InputArray], address: usize) -> &[f64] {
        let position = inputs.iter().position(|input| input.lies_at(address));
        position.map_or(&[], |position| &self.rates[position])
    }
}

/// What an element changes by.
#[must_use]
#[inline(always)]
pub fn rate_at(rates: &[f64], element: usize) -> f64 {
    rates.get(element).copied().unwrap_or(0.0)
}

/// The rates of one call: of its own tables, and of those that its calls have
/// returned.
#[derive(Debug)]
pub struct Rates<'r> {
    inputs: &'r [InputArray],
    direction: &'r Direction,
    own: Vec<Vec<f64>>,
    calls: &'r [(usize, usize)],
    nodes: &'r [Vec<Vec<f64>>],
    handed: ReturnedRates<'r>,
    /// What stands for infinite derivatives.
    instead: f64,
}

/// What the tables change by that a call returns: they are kept there alone.
#[derive(Debug, Default)]
pub(super) struct ReturnedRates<'r> {
    /// Which definition each is.
    pub(super) definitions: &'static [usize],
    pub(super) tables: Cow<'r, [Vec<f64>]>,
}

impl<'r> Rates<'r> {
    /// With the rates of its own tables and of those that it returns, as far as they are
    /// known.
    pub(super) fn new(
        (inputs, direction): (&'r [InputArray], &'r Direction),
        calls: &'r [(usize, usize)],
        nodes: &'r [Vec<Vec<f64>>],
        (own, handed): (Vec<Vec<f64>>, ReturnedRates<'r>),
        instead: f64,
    ) -> Self {
        Self { inputs, direction, own, calls, nodes, handed, instead }
    }

    /// What stands for infinite derivatives: see [`steep`].
    #[must_use]
    pub fn instead(&self) -> f64 {
        self.instead
    }

    /// What a number of this tangent changes by.
    #[must_use]
    pub fn number(&self, tangent: &Tangent) -> f64 {
        self.direction.of(tangent, self.instead)
    }

    /// What the elements of the array at an address change by.
    #[must_use]
    pub fn elements(&self, address: usize) -> &'r [f64] {
        self.direction.elements(self.inputs, address)
    }

    /// What a definition's table changes by.
    #[must_use]
    pub fn own(&self, definition: usize) -> &[f64] {
        match self.handed.definitions.iter().position(|of| *of == definition) {
            Some(which) => &self.handed.tables[which],
            None => &self.own[definition],
        }
    }

    /// Keeps what a definition's table changes by.
    pub fn put(&mut self, definition: usize, rate: Vec<f64>) {
        self.own[definition] = rate;
    }

    /// What a table changes by that a call has returned; empty where the call was not
    /// needed.
    #[must_use]
    pub fn call(&self, site: usize, which: usize) -> &'r [f64] {
        let node = self.calls.iter().find(|(at, _)| *at == site);
        node.map_or(&[], |(_, node)| &self.nodes[*node][which])
    }

    /// What the tables change by that these definitions are returned as.
    pub fn returned(&mut self, definitions: &'static [usize], tables: &[Returned]) {
        let mut made: Vec<Vec<f64>> = Vec::with_capacity(tables.len());
        for (at, (definition, table)) in definitions.iter().zip(tables).enumerate() {
            let before = definitions[..at].iter().position(|of| of == definition);
            made.push(match (before, std::mem::take(&mut self.own[*definition])) {
                (Some(which), _) => pool::copy(&made[which]),
                // It does not change.
                (None, own) if own.is_empty() => pool::zeros(table.cells.len()),
                (None, own) => own,
            });
        }
        self.handed = ReturnedRates { definitions, tables: made.into() };
    }

    /// The rates of its own tables, and of those that it returns.
    pub(super) fn into_parts(self) -> (Vec<Vec<f64>>, ReturnedRates<'r>) {
        (self.own, self.handed)
    }
}

/// By node: what its own tables change by, and those that it returns, with the definition
/// that each of these is.
pub(super) struct AllRates {
    pub(super) own: Vec<Vec<Vec<f64>>>,
    pub(super) returned: Vec<Vec<Vec<f64>>>,
    pub(super) definitions: Vec<&'static [usize]>,
}

impl AllRates {
    pub(super) fn any_is_nan(&self) -> bool {
        self.own.iter().chain(&self.returned).flatten().any(|table| any_is_nan(table))
    }

    pub(super) fn numbers(&self) -> impl Iterator<Item = &f64> {
        self.own.iter().chain(&self.returned).flatten().flatten()
    }

    pub(super) fn numbers_mut(&mut self) -> impl Iterator<Item = &mut f64> {
        self.own.iter_mut().chain(&mut self.returned).flatten().flatten()
    }
}

impl Drop for AllRates {
    /// The buffers are used again.
    fn drop(&mut self) {
        let tables = self.own.drain(..).chain(self.returned.drain(..));
        tables.flatten().for_each(pool::take_back);
    }
}
