//! Cotangents ("bars") while a call is gone through backwards.

use super::tangent::{InputArray, Tangent};
use crate::pool;

/// The derivative with respect to the inputs, as it is added up.
#[derive(Debug)]
pub(super) struct Sums<'b> {
    inputs: &'b [InputArray],
    values: Vec<Vec<f64>>,
}

impl<'b> Sums<'b> {
    pub(super) fn new(inputs: &'b [InputArray]) -> Self {
        Self {
            inputs,
            values: inputs
                .iter()
                .map(|input| vec![0.0; if input.wanted { input.cells() } else { 0 }])
                .collect(),
        }
    }

    pub(super) fn into_values(self) -> Vec<Vec<f64>> {
        self.values
    }

    fn position(&self, address: usize) -> Option<usize> {
        self.inputs.iter().position(|input| input.lies_at(address))
    }
}

/// The cotangents of one call: of its own tables, of those that its calls have
/// returned, and of the inputs.
#[derive(Debug)]
pub struct Bars<'b, 's> {
    /// Of the tables that it returns.
    returned: Vec<Vec<f64>>,
    /// Of all others, empty where nothing has reached them.
    own: Vec<Vec<f64>>,
    calls: &'b [(usize, usize)],
    nodes: &'b mut [Vec<Vec<f64>>],
    sums: &'b mut Sums<'s>,
}

/// A table of zeros in the place of an empty one.
fn zeros(bar: Vec<f64>, cells: usize) -> Vec<f64> {
    if bar.is_empty() { pool::zeros(cells) } else { bar }
}

/// The sum of two, one of which may be empty.
fn merge(place: &mut Vec<f64>, bar: Vec<f64>) {
    if place.is_empty() {
        *place = bar;
    } else {
        place.iter_mut().zip(&bar).for_each(|(sum, x)| *sum += x);
        pool::take_back(bar);
    }
}

impl<'b, 's> Bars<'b, 's> {
    pub(super) fn new(
        returned: Vec<Vec<f64>>,
        calls: &'b [(usize, usize)],
        nodes: &'b mut [Vec<Vec<f64>>],
        sums: &'b mut Sums<'s>,
        tables: usize,
    ) -> Self {
        Self { returned, own: vec![Vec::new(); tables], calls, nodes, sums }
    }

    /// The cotangent of the table returned in a place is one of a definition,
    /// too.
    pub fn seed(&mut self, which: usize, definition: usize) {
        if let Some(seed) = self.returned.get_mut(which) {
            merge(&mut self.own[definition], std::mem::take(seed));
        }
    }

    /// The cotangent of a definition's table, to be added to.
    #[must_use]
    pub fn take(&mut self, definition: usize, cells: usize) -> Vec<f64> {
        zeros(std::mem::take(&mut self.own[definition]), cells)
    }

    /// What has reached a definition; it will not be asked for again.
    #[must_use]
    pub fn reached(&mut self, definition: usize) -> Vec<f64> {
        std::mem::take(&mut self.own[definition])
    }

    /// Puts it back.
    pub fn put(&mut self, definition: usize, bar: Vec<f64>) {
        merge(&mut self.own[definition], bar);
    }

    fn callee(&mut self, site: usize, which: usize) -> Option<&mut Vec<f64>> {
        let (_, node) = self.calls.iter().find(|(at, _)| *at == site)?;
        let tables = &mut self.nodes[*node];
        if tables.len() <= which {
            tables.resize(which + 1, Vec::new());
        }
        Some(&mut tables[which])
    }

    /// The cotangent of a table that a call has returned, to be added to.
    #[must_use]
    pub fn take_call(&mut self, site: usize, which: usize, cells: usize) -> Vec<f64> {
        zeros(self.callee(site, which).map(std::mem::take).unwrap_or_default(), cells)
    }

    /// Puts it back.
    pub fn put_call(&mut self, site: usize, which: usize, bar: Vec<f64>) {
        match self.callee(site, which) {
            Some(place) => merge(place, bar),
            None => pool::take_back(bar),
        }
    }

    /// Adds to the derivative what a number of this tangent has.
    pub fn number(&mut self, tangent: &Tangent, bar: f64) {
        for (position, element, slope) in tangent.entries() {
            if let Some(sum) = self.sums.values[position].get_mut(element) {
                *sum += bar * slope;
            }
        }
    }

    /// The derivative with respect to the elements of an array, to be added to;
    /// empty if it is no input.
    #[must_use]
    pub fn take_array(&mut self, address: usize) -> Vec<f64> {
        self.sums.position(address).map(|at| std::mem::take(&mut self.sums.values[at])).unwrap_or_default()
    }

    /// Puts it back.
    pub fn put_array(&mut self, address: usize, bar: Vec<f64>) {
        if let Some(at) = self.sums.position(address) {
            self.sums.values[at] = bar;
        }
    }
}
