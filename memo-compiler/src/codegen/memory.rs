//! Work in place: a table whose only reader reads each of its cells for the
//! same cell of its own takes its reader's memory, be it a table of the call or
//! one that another model has returned.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span, TokenStream};

use super::Code;
use super::units::{Kind, Unit};
use crate::tensor::{Body, Factor, Normaliser};

impl Code<'_> {
    /// Finds out which tables of a unit share memory.
    pub(super) fn share_memory(&self, unit: &Unit) {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        if unit.kind == Kind::Call {
            // Readers first: what they lie in is then known.
            for reader in unit.definitions.iter().rev() {
                if let Some(source) = self.overwritten(unit, *reader) {
                    let memory = shared.get(reader).copied().unwrap_or(*reader);
                    let is_call = matches!(self.program.definitions[source].body, Body::Call { .. });
                    if !is_call || unit.exports.contains(&memory) {
                        shared.insert(source, memory);
                    }
                }
            }
        }
        *self.context.shared.borrow_mut() = shared;
    }

    /// The definition whose memory a table lies in: its own, or a reader's.
    pub(super) fn memory(&self, at: usize) -> usize {
        self.context.shared.borrow().get(&at).copied().unwrap_or(at)
    }

    /// The variable that holds the table.
    pub(super) fn table(&self, at: usize) -> &Ident {
        self.names.table(self.memory(at))
    }

    /// The table that lies where a reader's is to be.
    pub(super) fn source(&self, reader: usize) -> Option<usize> {
        let memory = self.memory(reader);
        let shared = self.context.shared.borrow();
        self.reads[reader].iter().copied().find(|at| shared.get(at) == Some(&memory))
    }

    /// The table that a reader may overwrite, cell by cell.
    fn overwritten(&self, unit: &Unit, reader: usize) -> Option<usize> {
        let definition = &self.program.definitions[reader];
        if self.scattering(definition).is_some() || definition.added_rows(self.program).is_some() {
            return None;
        }
        let divisor = match &definition.body {
            Body::Divergence { .. } | Body::Best { .. } => return None,
            // It is read apart from the cell.
            Body::Query { normaliser: Normaliser::By(factor), .. } => Some(factor.definition),
            _ => None,
        };
        let guard = self.conditions(definition);
        let fits = |factor: &&Factor| {
            let at = factor.definition.0;
            let source = &self.program.definitions[at];
            let is_call = matches!(source.body, Body::Call { .. });
            let at_hand = is_call || (unit.definitions.contains(&at) && !unit.exports.contains(&at));
            let needed = self.conditions(source);
            at_hand
                && !source.fixed
                && divisor != Some(factor.definition)
                && self.occurrences[at] == 1
                && !source.keeps_mass()
                && !source.axes.is_empty()
                && factor.axes == definition.axes
                && guard.iter().all(|condition| needed.contains(condition))
        };
        self.program.definitions[reader].references().iter().find(fits).map(|factor| factor.definition.0)
    }

    /// What the cell at hand holds, if that is what the factor reads.
    pub(super) fn old(&self, factor: &Factor) -> Option<TokenStream> {
        let old = self.context.old.borrow();
        let (source, cell) = old.as_ref()?;
        if *source == factor.definition.0 { cell.clone() } else { None }
    }

    /// Code that overwrites a table.
    pub(super) fn overwriting<T>(&self, source: Option<usize>, work: impl FnOnce() -> T) -> T {
        let saved = self.context.old.replace(source.map(|source| (source, None)));
        let result = work();
        *self.context.old.borrow_mut() = saved;
        result
    }

    /// Code in which the cell at hand is this expression, unless that is settled
    /// already.
    pub(super) fn reading<T>(&self, cell: TokenStream, work: impl FnOnce() -> T) -> T {
        let settle = |old: &mut Option<(usize, Option<TokenStream>)>| match old {
            Some((_, settled @ None)) => {
                *settled = Some(cell);
                true
            }
            _ => false,
        };
        let settled = settle(&mut self.context.old.borrow_mut());
        let result = work();
        if settled && let Some((_, cell)) = self.context.old.borrow_mut().as_mut() {
            *cell = None;
        }
        result
    }

    /// The variable for what a cell holds.
    pub(super) fn old_name() -> Ident {
        Ident::new("old", Span::mixed_site())
    }
}
