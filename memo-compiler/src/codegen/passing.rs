//! Rows in passing: a choice whose one reader makes a number of each of its rows
//! has no table. Each row is made where it is read, and gone with the next.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;

use super::Code;
use super::units::{Kind, Unit};
use crate::tensor::{AxisId, Body, Definition, Factor, Normaliser, Scalar};

/// The choice whose rows are made in passing at the moment, on one side of its
/// static conditions; and which of these hold.
#[derive(Clone, Debug)]
pub(super) struct Passed {
    definition: Definition,
    assumed: Option<Vec<String>>,
}

impl Code<'_> {
    /// Finds the choices of a unit that have no table.
    pub(super) fn find_passing(&self, unit: &Unit) {
        let mut passing = BTreeMap::new();
        if unit.kind == Kind::Call {
            for reader in &unit.definitions {
                let Some(factor) = self.read_in_passing(&self.program.definitions[*reader]) else { continue };
                let at = factor.definition.0;
                let own = unit.definitions.contains(&at) && !unit.exports.contains(&at);
                let in_place = self.memory(at) != at || self.source(at).is_some();
                if own && !in_place && self.memory(*reader) == *reader {
                    passing.insert(at, *reader);
                }
            }
        }
        *self.context.passing.borrow_mut() = passing;
    }

    /// What a query reads row by row, each row once, if nobody else reads it.
    fn read_in_passing<'p>(&self, reader: &'p Definition) -> Option<&'p Factor> {
        let Body::Query { factors, over, keeps_mass: false, .. } = &reader.body else { return None };
        if self.scattering(reader).is_some() || reader.added_rows(self.program).is_some() {
            return None;
        }
        let [summed] = over.as_slice() else { return None };
        let fits = |factor: &&Factor| {
            let source = self.program.definition(factor.definition);
            let Body::Choice { over: 1, across: false, weight, rule, .. } = &source.body else {
                return false;
            };
            let Some((last, leading)) = factor.axes.split_last() else { return false };
            let places: BTreeSet<&AxisId> = leading.iter().collect();
            !source.fixed
                // Several short rows of exponentials are computed together.
                && !rule.has_exponents(weight)
                && self.occurrences[factor.definition.0] == 1
                && last == summed
                && places.len() == leading.len()
                && places == reader.axes.iter().collect()
                && self.conditions(source) == self.conditions(reader)
        };
        factors.iter().find(fits)
    }

    /// Whether a choice has no table.
    pub(super) fn is_passing(&self, at: usize) -> bool {
        self.context.passing.borrow().contains_key(&at)
    }

    /// The choice whose rows a definition makes.
    pub(super) fn passed_to(&self, reader: usize) -> Option<usize> {
        let passing = self.context.passing.borrow();
        passing.iter().find(|(_, to)| **to == reader).map(|(at, _)| *at)
    }

    /// The loops of a definition, apart for both sides of the static conditions of
    /// the choice whose rows it makes.
    pub(super) fn with_passed(&self, reader: usize, loops: &dyn Fn() -> TokenStream) -> TokenStream {
        let Some(source) = self.passed_to(reader) else { return loops() };
        let source = &self.program.definitions[source];
        self.where_needed(source, || {
            self.decided(source, 0, &|decided| {
                let assumed = self.context.assumed();
                let passed = Passed { definition: decided.clone(), assumed };
                let saved = self.context.passed.replace(Some(passed));
                let loops = loops();
                *self.context.passed.borrow_mut() = saved;
                loops
            })
        })
    }

    /// Whether a query that makes rows in passing comes to the same in all cells: these
    /// rows and what is asked of them rest on no axis of its table.
    pub(super) fn is_same_everywhere(&self, reader: &Definition) -> bool {
        let passed = self.context.passed.borrow();
        let (Some(Passed { definition, .. }), Some(_)) = (&*passed, self.read_in_passing(reader)) else {
            return false;
        };
        let Body::Query { factors, normaliser, .. } = &reader.body else { return false };
        // Rust in braces may count how often it runs.
        let rests_on = |scalar: &Scalar, axes: &[AxisId]| {
            let mut plain = true;
            scalar.walk(&mut |s| plain &= !matches!(s, Scalar::Rust(_) | Scalar::Cost(..)));
            !plain || scalar.axes().iter().any(|axis| axes.contains(axis))
        };
        let given = definition.split().0;
        factors.len() == 1
            && !reader.axes.is_empty()
            && !matches!(normaliser, Normaliser::By(_))
            && !definition.body.scalars().into_iter().any(|scalar| rests_on(scalar, &given))
            && !reader.body.scalars().into_iter().any(|scalar| rests_on(scalar, &reader.axes))
    }

    /// The row that a cell is made of, where it is made in passing.
    pub(super) fn row_in_passing(&self, reader: &Definition) -> TokenStream {
        let passed = self.context.passed.borrow().clone();
        let factor = self.read_in_passing(reader).filter(|factor| self.is_passing(factor.definition.0));
        let (Some(Passed { definition, assumed }), Some(factor)) = (passed, factor) else {
            return TokenStream::new();
        };
        let Body::Choice { weight, rule, agent, choice, .. } = &definition.body else {
            unreachable!("bug in memo: only the rows of a choice are made in passing")
        };
        let name = self.names.table(factor.definition.0);
        let (given, own) = definition.split();
        self.context.buffers.borrow_mut().insert(name.to_string(), own[0]);
        let bad = self.bad_weight(agent, choice, &given, &own);
        let filled = self.assuming(assumed, || self.row_of_choice(&own, weight, *rule, &bad));
        // The loops are over the axes of the reader.
        let pairs: Vec<_> = given.iter().zip(&factor.axes).filter(|(theirs, read)| theirs != read).collect();
        let theirs = pairs.iter().map(|(theirs, _)| self.names.at(**theirs));
        let read = pairs.iter().map(|(_, read)| self.names.at(**read));
        let renamed = (!pairs.is_empty()).then(|| code! { let (#(#theirs,)*) = (#(#read,)*); });
        let values = given.iter().map(|axis| self.bind(*axis, &filled));
        if let Some(count) = self.count_of_row(factor.definition.0) {
            let row = self.row_of_entries(factor.definition.0, &definition, &filled, &bad);
            return code! { let #count = { #renamed #(#values)* #row }; };
        }
        code! { { #renamed #(#values)* let row = &mut #name[..]; #filled } }
    }
}
