//! Loops that are one: a table that lies where its reader's is to be, and is read
//! cell by cell, is filled row by row, and what the reader makes of a row is made
//! while the row is in the cache.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;

use super::Code;
use super::rows::first_condition;
use super::units::Unit;
use crate::tensor::{Body, Definition, Query, Scalar, print_guard};

/// What is done with each row of a table when it is full: code that has the row
/// at hand as `cells`, in loops over the other axes.
pub(super) type Then<'t> = &'t dyn Fn() -> TokenStream;

/// Nothing is done with it.
pub(super) fn nothing() -> TokenStream {
    TokenStream::new()
}

impl Code<'_> {
    /// Finds the tables of a unit that are filled together with their reader's.
    pub(super) fn fuse_loops(&self, unit: &Unit) {
        let fused: BTreeSet<usize> = unit
            .definitions
            .iter()
            .filter_map(|reader| {
                let source = self.source(*reader)?;
                let [first, second] = [source, *reader].map(|at| &self.program.definitions[at]);
                self.fits(source, first, second).then_some(source)
            })
            .collect();
        *self.context.fused.borrow_mut() = fused;
    }

    fn fits(&self, source: usize, first: &Definition, second: &Definition) -> bool {
        let in_rows = match &first.body {
            Body::Map(_) | Body::Best { .. } => true,
            Body::Query { .. } => self.scattering(first).is_none(),
            _ => false,
        };
        let cell_by_cell = match &second.body {
            Body::Map(_) => true,
            Body::Query { over, query: Query::Sum, keeps_mass: false, .. } => over.is_empty(),
            _ => false,
        };
        if !in_rows || !cell_by_cell {
            return false;
        }
        let decided = |definition: &Definition| {
            definition.body.scalars().into_iter().all(|scalar| first_condition(scalar).is_none())
        };
        decided(&self.where_both(first, second))
            && match self.only_first(first, second).as_slice() {
                [] => true,
                [part] => {
                    let alone = self.under(second, part, !part.1);
                    alone.references().iter().all(|factor| factor.definition.0 != source)
                }
                _ => false,
            }
    }

    /// A definition and those whose tables are filled together with its own.
    pub(super) fn fused_with(&self, at: usize) -> Vec<usize> {
        let fused = self.context.fused.borrow();
        let before = |at: &usize| self.source(*at).filter(|source| fused.contains(source));
        std::iter::successors(Some(at), before).collect()
    }

    /// The conditions of the first definition that the second does not have.
    fn only_first(&self, first: &Definition, second: &Definition) -> Vec<(Scalar, bool)> {
        let own = self.conditions(second);
        let all = first.guard.iter().zip(self.conditions(first));
        all.filter(|(_, text)| !own.contains(text)).map(|(part, _)| part.clone()).collect()
    }

    /// The second definition where the first is needed.
    fn where_both(&self, first: &Definition, second: &Definition) -> Definition {
        first.guard.iter().fold(second.clone(), |second, part| self.under(&second, part, part.1))
    }

    /// A definition with one condition decided.
    pub(super) fn under(&self, definition: &Definition, part: &(Scalar, bool), wanted: bool) -> Definition {
        let which = print_guard(self.program, &[(part.0.clone(), true)]);
        let mut decided = definition.clone();
        decided.body.for_each_scalar(&|s| s.decide(self.program, &which, wanted));
        decided
    }

    /// The loops that fill a table, those of the tables that are fused with it among
    /// them.
    pub(super) fn fused_loops(&self, at: usize, definition: &Definition, then: Then<'_>) -> TokenStream {
        let source = self.source(at);
        let of_guard = definition;
        let masses = definition.keeps_mass().then(|| self.names.mass(at));
        let alone = |definition: &Definition| {
            let filled = |decided: &Definition| {
                self.context.crossed.set(self.crossed(decided));
                let loops = self.fill(self.table(at), masses, decided, then);
                self.context.crossed.set(None);
                loops
            };
            self.overwriting(source, || self.where_needed(of_guard, || self.decided(definition, 0, &filled)))
        };
        let fused = source.filter(|source| self.context.fused.borrow().contains(source));
        let Some(source) = fused else { return alone(definition) };
        let first = &self.program.definitions[source];
        let second = self.where_both(first, definition);
        let together = self.fused_loops(source, first, &|| {
            let (row, then) = (self.remade(source, first, &second), then());
            code! { #row #then }
        });
        match self.only_first(first, definition).as_slice() {
            [part] => {
                let condition = self.condition(std::slice::from_ref(part));
                let alone = alone(&self.under(definition, part, !part.1));
                code! { if #condition { #together } else { #alone } }
            }
            _ => together,
        }
    }

    /// What the second definition makes of a row of the first.
    fn remade(&self, source: usize, first: &Definition, second: &Definition) -> TokenStream {
        let Some((last, outer)) = second.axes.split_last() else {
            unreachable!("bug in memo: a row has an axis")
        };
        let row = self.overwriting(Some(source), || {
            self.where_needed(first, || self.cells_of_row(*last, &|| self.cell_by_cell(second)))
        });
        // The loops are over the axes of the first, in the same places.
        let renamed: Vec<_> = outer.iter().zip(&first.axes).filter(|(own, theirs)| own != theirs).collect();
        if renamed.is_empty() {
            return code! { { #row } };
        }
        let own = renamed.iter().map(|(own, _)| self.names.at(**own));
        let theirs = renamed.iter().map(|(_, theirs)| self.names.at(**theirs));
        let values = renamed.iter().map(|(own, _)| self.bind(**own, &row));
        code! { { let (#(#own,)*) = (#(#theirs,)*); #(#values)* #row } }
    }
}
