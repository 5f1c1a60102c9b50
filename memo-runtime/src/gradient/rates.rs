//! Rates: what the tables of a call change by, while one input changes.

use super::tangent::{InputArray, Tangent};
use crate::impossible::Returned;
use crate::pool;

/// One input: a number, or an element of an array, by position.
#[derive(Clone, Copy, Debug)]
pub(super) struct Direction {
    pub(super) position: usize,
    pub(super) element: usize,
    /// Where the array lies, if it is one.
    pub(super) address: Option<usize>,
}

impl Direction {
    /// All of them, in the order of a gradient.
    pub(super) fn all(inputs: &[InputArray]) -> impl Iterator<Item = Self> + '_ {
        let wanted = inputs.iter().enumerate().filter(|(_, input)| input.wanted);
        wanted.flat_map(|(position, input)| {
            let address = input.shape.as_ref().map(|_| input.address);
            (0..input.cells()).map(move |element| Self { position, element, address })
        })
    }
}

/// The rates of one call: of its own tables, and of those that its calls have
/// returned.
#[derive(Debug)]
pub struct Rates<'r> {
    direction: Direction,
    own: Vec<Vec<f64>>,
    calls: &'r [(usize, usize)],
    nodes: &'r [Vec<Vec<f64>>],
    returned: Vec<Vec<f64>>,
}

impl<'r> Rates<'r> {
    pub(super) fn new(
        direction: Direction,
        calls: &'r [(usize, usize)],
        nodes: &'r [Vec<Vec<f64>>],
        tables: usize,
    ) -> Self {
        Self { direction, own: vec![Vec::new(); tables], calls, nodes, returned: Vec::new() }
    }

    /// What a number of this tangent changes by.
    #[must_use]
    pub fn number(&self, tangent: &Tangent) -> f64 {
        let Direction { position, element, .. } = self.direction;
        let mut entries = tangent.entries();
        entries.find(|(p, e, _)| (*p, *e) == (position, element)).map_or(0.0, |(_, _, slope)| slope)
    }

    /// Which element of the array at an address changes, if one does.
    #[must_use]
    pub fn element(&self, address: usize) -> Option<usize> {
        (self.direction.address == Some(address)).then_some(self.direction.element)
    }

    /// What a definition's table changes by.
    #[must_use]
    pub fn own(&self, definition: usize) -> &[f64] {
        &self.own[definition]
    }

    /// Keeps what a definition's table changes by.
    pub fn put(&mut self, definition: usize, rate: Vec<f64>) {
        self.own[definition] = rate;
    }

    /// What a table changes by that a call has returned; empty where the call was not
    /// needed.
    #[must_use]
    pub fn call(&self, site: usize, which: usize) -> &[f64] {
        let node = self.calls.iter().find(|(at, _)| *at == site);
        node.map_or(&[], |(_, node)| &self.nodes[*node][which])
    }

    /// What the tables change by that these definitions are returned as.
    pub fn returned(&mut self, definitions: &[usize], tables: &[Returned]) {
        self.returned = definitions
            .iter()
            .zip(tables)
            .map(|(definition, table)| match self.own[*definition].len() {
                // It does not change.
                0 => pool::zeros(table.cells.len()),
                _ => pool::copy(&self.own[*definition]),
            })
            .collect();
    }

    /// The rates of the returned tables; the others are used again.
    pub(super) fn into_returned(self) -> Vec<Vec<f64>> {
        self.own.into_iter().for_each(pool::take_back);
        self.returned
    }
}
