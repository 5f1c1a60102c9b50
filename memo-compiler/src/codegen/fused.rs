//! Loops that are one: a table that lies where its reader's is to be, and is read
//! cell by cell, is filled row by row, and what the reader makes of a row is made
//! while the row is in the cache.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};

use super::Code;
use super::rows::first_condition;
use super::units::Unit;
use crate::tensor::{Body, Definition, Query, Scalar, print_guard};

/// What is done with each row of a table when it is full: code that has the row
/// at hand as `cells`, in loops over the other axes. Of a row that is still to be
/// filled, each cell by itself, that is done in one go.
pub(super) type Then<'t> = &'t dyn Fn(Option<Unfilled<'_>>) -> TokenStream;

/// A row that is still to be filled.
#[derive(Clone, Copy)]
pub(super) struct Unfilled<'u> {
    /// The place of a cell.
    pub(super) at: &'u Ident,
    /// What is to stand in it.
    pub(super) value: &'u TokenStream,
}

/// Nothing is done with it.
pub(super) fn nothing(unfilled: Option<Unfilled<'_>>) -> TokenStream {
    unfilled.map_or_else(TokenStream::new, |Unfilled { at, value }| {
        code! { __memo::fill(&mut cells[..], |#at| #value); }
    })
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
        let together = self.fused_loops(source, first, &|unfilled| {
            let (row, then) = (self.remade(source, first, &second, unfilled), then(None));
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
    fn remade(
        &self,
        source: usize,
        first: &Definition,
        second: &Definition,
        unfilled: Option<Unfilled<'_>>,
    ) -> TokenStream {
        let Some((last, outer)) = second.axes.split_last() else {
            unreachable!("bug in memo: a row has an axis")
        };
        let cell = || self.cell_by_cell(second);
        let remade = |work: &dyn Fn() -> Option<TokenStream>| {
            self.overwriting(Some(source), || self.where_needed(first, work))
        };
        // The loops are over the axes of the first, in the same places.
        let renamed: Vec<_> = outer.iter().zip(&first.axes).filter(|(own, theirs)| own != theirs).collect();
        let in_one_go = unfilled.and_then(|_| remade(&|| self.cells_in_one_go(*last, &cell)));
        // What its cells are to be is closed over before names are used again.
        let before = match (unfilled, &in_one_go) {
            (Some(Unfilled { at, value }), Some(_)) => code! { let made = |#at: usize| #value; },
            (unfilled, _) => nothing(unfilled),
        };
        let whole = || remade(&|| Some(self.cells_of_row(*last, &cell)));
        let row = in_one_go.or_else(whole).unwrap_or_default();
        if renamed.is_empty() {
            return code! { #before { #row } };
        }
        let own = renamed.iter().map(|(own, _)| self.names.at(**own));
        let theirs = renamed.iter().map(|(_, theirs)| self.names.at(**theirs));
        let values = renamed.iter().map(|(own, _)| self.bind(**own, &row));
        code! { #before { let (#(#own,)*) = (#(#theirs,)*); #(#values)* #row } }
    }
}
