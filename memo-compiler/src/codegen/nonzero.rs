//! Posteriors by what is not 0: where the weights of a choice are products of
//! chances, and one of these comes from a table that turns out to be mostly zeros,
//! its entries are gone over alone: once for the totals of the rows, once for the
//! cells. If all that is read of it is a copy with its axes in another order, it
//! is that copy which is filled.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream};

use super::Code;
use super::units::{Kind, Unit};
use crate::tensor::{AxisId, Body, Factor, Rule, Scalar};

/// How a choice is computed by what is not 0.
#[derive(Clone, Debug)]
pub(super) struct Nonzero {
    /// The definition whose table is filled: the choice, or a copy of it.
    target: usize,
    /// The table that is mostly zeros.
    pub(super) sparse: Factor,
    /// What else is multiplied.
    pub(super) others: Vec<Factor>,
    /// The axes that are given, in the order of the choice.
    given: Vec<AxisId>,
    /// What is chosen.
    pub(super) own: AxisId,
}

impl Code<'_> {
    /// Whether a table may be filled so.
    pub(super) fn is_by_nonzero(&self, at: usize) -> bool {
        let nonzero = self.context.nonzero.borrow();
        nonzero.iter().any(|(choice, nonzero)| *choice == at || nonzero.target == at)
    }

    /// Finds the choices of a unit that may be computed so.
    pub(super) fn find_nonzero(&self, unit: &Unit) {
        let mut found = BTreeMap::new();
        if unit.kind == Kind::Call {
            for at in &unit.definitions {
                found.extend(self.nonzero(unit, *at).map(|nonzero| (*at, nonzero)));
            }
        }
        *self.context.nonzero.borrow_mut() = found;
    }

    fn nonzero(&self, unit: &Unit, at: usize) -> Option<Nonzero> {
        let program = self.program;
        let definition = &program.definitions[at];
        let Body::Choice { over: 1, across: false, weight, rule: Rule::Proportional, .. } = &definition.body
        else {
            return None;
        };
        let marks = program.evidence.iter().filter(|e| e.factor.definition.0 == at).count();
        let told = marks == 0 || unit.read_after.0.contains(&at);
        let distinct: BTreeSet<_> = definition.axes.iter().collect();
        if self.is_passing(at)
            || self.source(at).is_some()
            || !told
            || distinct.len() < definition.axes.len()
            || distinct.len() < 2
        {
            return None;
        }
        let mut factors = Vec::new();
        if !weight.elements_of_product(&mut factors)
            || !factors.iter().all(|factor| program.is_chance(factor))
        {
            return None;
        }
        let copy = unit.definitions.iter().find_map(|copy| {
            let factor = self.copied(at, *copy)?;
            let only = self.occurrences[at] == 1 + marks && unit.exports.contains(&at) == (marks > 0);
            (only && self.memory(at) == at && !self.is_passing(*copy)).then_some((*copy, factor))
        });
        let own = Factor { definition: crate::tensor::DefinitionId(at), axes: definition.axes.clone() };
        let (target, read) = copy.unwrap_or((at, own));
        factors.iter_mut().for_each(|factor| *factor = factor.through(&definition.axes, &read));
        let leads = |factor: &Factor| {
            let distinct: BTreeSet<_> = factor.axes.iter().collect();
            program.is_sparse(factor) && distinct.len() == factor.axes.len() && distinct.len() > 1
        };
        let sparse = factors.remove(factors.iter().position(leads)?);
        let (own, given) = read.axes.split_last()?;
        Some(Nonzero { target, sparse, others: factors, given: given.to_vec(), own: *own })
    }

    /// How a definition reads the choice at `at`, if it is a copy of it.
    fn copied(&self, at: usize, copy: usize) -> Option<Factor> {
        let definition = &self.program.definitions[copy];
        let factor = match (&definition.body, definition.product()) {
            (Body::Map(Scalar::Element(factor)), _) => factor,
            (_, Some([factor])) => factor,
            _ => return None,
        };
        let axes = |axes: &[AxisId]| axes.iter().copied().collect::<BTreeSet<_>>();
        let fits = factor.definition.0 == at
            && self.source(copy).is_none()
            && self.memory(copy) == copy
            && axes(&factor.axes) == axes(&definition.axes)
            && axes(&factor.axes).len() == factor.axes.len()
            && factor.axes.len() == definition.axes.len()
            && self.conditions(definition) == self.conditions(&self.program.definitions[at]);
        fits.then(|| factor.clone())
    }

    /// The variables that say whether a choice is computed so, and that hold the
    /// totals of its rows.
    fn variables(&self, at: usize) -> [Ident; 2] {
        ["few", "totals"].map(|word| {
            let name = self.names.unused(&format!("{}_{word}", self.names.table(at)));
            Ident::new(&name, Span::mixed_site())
        })
    }

    /// The condition under which the table of a choice is not needed.
    pub(super) fn skipped(&self, at: usize) -> Option<Ident> {
        let nonzero = self.context.nonzero.borrow();
        nonzero.get(&at).filter(|nonzero| nonzero.target != at).map(|_| {
            let [few, _] = self.variables(at);
            few
        })
    }

    /// What stands before the sizes of the tables.
    pub(super) fn nonzero_room(&self, at: usize, guard: Option<&Ident>) -> TokenStream {
        let nonzero = self.context.nonzero.borrow();
        let Some(Nonzero { sparse, given, .. }) = nonzero.get(&at) else { return TokenStream::new() };
        let [few, totals] = self.variables(at);
        let (table, lengths) = (self.table(sparse.definition.0), self.lengths(given));
        let guard = guard.map(|guard| code! { #guard && });
        code! {
            let #few = #guard #table.is_sparse();
            let #totals = if #few { room.table(#lengths)? } else { 0 };
        }
    }

    /// The totals of the rows of a choice, if it may be computed so: empty where
    /// it is not.
    pub(super) fn totals(&self, at: usize) -> Option<Ident> {
        self.context.nonzero.borrow().get(&at).map(|_| {
            let [_, totals] = self.variables(at);
            totals
        })
    }

    /// The loops that fill a table, and the room that they need: by what is not 0
    /// where that is little.
    pub(super) fn by_nonzero(
        &self,
        at: usize,
        kind: Kind,
        dense: (TokenStream, TokenStream),
    ) -> (TokenStream, TokenStream) {
        let found =
            self.context.nonzero.borrow().iter().find(|(_, n)| n.target == at).map(|(c, n)| (*c, n.clone()));
        let Some((choice, nonzero)) = found else { return dense };
        let p = self.private();
        let [few, totals] = self.variables(choice);
        let Nonzero { sparse, others, given, .. } = &nonzero;
        let axes = &self.program.definitions[at].axes;
        let scattered = sparse.axes[sparse.axes.len() - 1];
        let outer: Vec<AxisId> = axes.iter().copied().filter(|axis| *axis != scattered).collect();
        let place = self.place(given);
        let rows = self.rows_of_entries(&nonzero);
        let name = self.table(at);
        let filled = || {
            let cell = self.place(axes);
            let each =
                self.entries(sparse, others, code! { #name[#cell] = #p::ratio(chance, #totals[#place]); });
            if axes[0] == scattered {
                let loops = self.nest(&outer, each);
                return code! { #p::clear(&mut #name[..]); #loops };
            }
            let row = self.row_of(name, &axes[..1], &axes[1..]);
            let each = self.nest(&outer[1..], each);
            let loops = self.nest_table(&axes[..1], code! { (#row).fill(0.0); #each });
            code! { #rows #loops }
        };
        let (loops, room) = if axes[0] == scattered {
            (filled(), TokenStream::new())
        } else {
            self.split_loops(at, kind, filled)
        };
        let (dense, dense_room) = dense;
        let by_nonzero = code! {
            #rows
            let #totals = &*#totals;
            #loops
        };
        let rooms = (!room.is_empty() || !dense_room.is_empty())
            .then(|| code! { if #few { #room } else { #dense_room } });
        (code! { if #few { #by_nonzero } else { #dense } }, rooms.unwrap_or_default())
    }

    /// What stands before the table of a choice, or of a copy of it: the entries where
    /// these are handed over in its place, and the totals of the rows.
    pub(super) fn before_nonzero(&self, at: usize) -> TokenStream {
        let found =
            self.context.nonzero.borrow().iter().find(|(_, n)| n.target == at).map(|(c, n)| (*c, n.clone()));
        let Some((choice, nonzero)) = found else { return TokenStream::new() };
        let [few, totals] = self.variables(choice);
        let rows = self.rows_of_entries(&nonzero);
        let summed = self.nest_entries(at, &nonzero, &|place| code! { #totals[#place] += chance; });
        let handed_over = self.handed_over(at, &nonzero);
        code! { if #few { #handed_over #rows #totals.fill(0.0); #summed } }
    }

    /// `let rows = …;` for the sparse table.
    fn rows_of_entries(&self, Nonzero { sparse, others, .. }: &Nonzero) -> TokenStream {
        self.sparse_rows(std::slice::from_ref(sparse), &self.entries(sparse, others, TokenStream::new()))
    }

    /// Loops over all entries, row after row of the sparse table; `each` gets the place
    /// of the total.
    fn nest_entries(
        &self,
        at: usize,
        nonzero: &Nonzero,
        each: &dyn Fn(TokenStream) -> TokenStream,
    ) -> TokenStream {
        let Nonzero { sparse, others, given, .. } = nonzero;
        let (scattered, leading) =
            (sparse.axes[sparse.axes.len() - 1], &sparse.axes[..sparse.axes.len() - 1]);
        let rest = self.program.definitions[at].axes.iter();
        let rest = rest.filter(|axis| **axis != scattered && !leading.contains(axis));
        let outer: Vec<AxisId> = leading.iter().chain(rest).copied().collect();
        self.nest(&outer, self.entries(sparse, others, each(self.place(given))))
    }

    /// A loop over the entries of a row of the sparse table, with `chance` the
    /// whole product in each.
    fn entries(&self, sparse: &Factor, others: &[Factor], each: TokenStream) -> TokenStream {
        let axis = sparse.axes[sparse.axes.len() - 1];
        let (at, rows) = (self.names.at(axis), self.names.rows(sparse.definition.0));
        let row = self.index(sparse, sparse.axes.len() - 1);
        let (inside, outside): (Vec<Factor>, Vec<Factor>) =
            others.iter().cloned().partition(|factor| factor.axes.contains(&axis));
        let mass = (!outside.is_empty()).then(|| self.product(None, &outside));
        let known = mass.as_ref().map(|_| code! { mass * chance });
        let product = self.product(Some(known.unwrap_or_else(|| code! { chance })), &inside);
        let entries = code! {
            for &(#at, chance) in #rows.row(#row) {
                let #at = #at as usize;
                let chance = #product;
                #each
            }
        };
        match mass {
            Some(mass) => code! { let mass = #mass; if mass != 0.0 { #entries } },
            None => entries,
        }
    }
}
