//! Queries whose tables are added up piece by piece: by whole rows, where the
//! innermost loop runs along the last axis of the table and what is summed over
//! runs outside; or number by number, where a sparse table says at which places
//! there is something to add.

use proc_macro2::{Ident, Span, TokenStream};

use super::fused::{Then, Unfilled};
use super::queries::Nest;
use super::taken::Part;
use super::{Code, bare, rows};
use crate::tensor::{AxisId, AxisSet, Body, Definition, Factor, Normaliser, Query};

impl Code<'_> {
    /// The loops that fill the table of a query so; `None` where what is read
    /// does not lie along the rows.
    pub(super) fn row_sums(
        &self,
        name: &Ident,
        definition: &Definition,
        then: Then<'_>,
    ) -> Option<TokenStream> {
        // What is computed once is not worth the code; with more loops the rows are a smaller part
        // of the whole, and rustc does no better.
        let outermost = definition.axes.first().filter(|_| {
            definition.axes.len() == 3 && self.context.is_in_call() && self.context.crossed.get().is_none()
        });
        self.taking(outermost.copied(), || self.rows_added(name, definition, outermost.copied(), then))
    }

    fn rows_added(
        &self,
        name: &Ident,
        definition: &Definition,
        outermost: Option<AxisId>,
        then: Then<'_>,
    ) -> Option<TokenStream> {
        let (row, along, single) = definition.added_rows(self.program)?;
        let Body::Query { over, query, normaliser, .. } = &definition.body else { return None };
        let p = self.private();
        let own = matches!(normaliser, Normaliser::Own | Normaliser::One);
        let (term, before) = self.along(row, false, &|| match query {
            Query::Expectation(value) if along.is_empty() => bare(self.real(value)),
            Query::Expectation(value) => {
                let (mass, value) = (self.product(None, &along), bare(self.real(value)));
                code! { #p::weighted(#mass, #value) }
            }
            _ => self.product(None, &along),
        });
        if rows::may_return(&term) {
            return None;
        }
        let (at, bind) = (self.names.at(row), self.bind(row, &term));
        let mean = own && matches!(query, Query::Expectation(_));
        // What is certain has the chance 1, whatever rounding took.
        let chance = matches!(query, Query::Expectation(value) if value.is_truth())
            && matches!(normaliser, Normaliser::Nothing);
        let old = Self::old_name();
        let update = |value: TokenStream| {
            if bind.is_none()
                && let Some(row) = self.row_of_products(&code! { cells }, at, &value)
            {
                return code! { #before #row };
            }
            let value = if bind.is_some() {
                code! { { #bind #value } }
            } else {
                value
            };
            code! { #before #p::update(cells, |#at, #old| #value); }
        };
        let last = |mass: TokenStream| {
            if mass.to_string() == "1.0" && !mean {
                return update(code! { #old + #term });
            }
            let (total, added) = if mean {
                let added = update(code! { #p::toward(#old, #term, share) });
                (Some(code! { total += mass; let share = mass / total; }), added)
            } else {
                (None, update(code! { #old + mass * #term }))
            };
            let bound = (mass.to_string() != "mass").then(|| code! { let mass = #mass; });
            code! { #bound if mass != 0.0 { #total #added } }
        };
        let outer = &definition.axes[..definition.axes.len() - 1];
        let nest = Nest { code: self, adds: false, last: &last };
        let bound: AxisSet = outer.iter().copied().collect();
        let loops = nest.level(None, single.clone(), over.clone(), bound.clone());
        let divided = match normaliser {
            Normaliser::By(scale) => {
                let (scale, before) = self.along(row, false, &|| self.element(scale));
                Some(code! { #before #p::update(cells, |#at, #old| #p::ratio(#old, #scale)); })
            }
            _ => None,
        };
        let divided = if chance {
            Some(code! { #p::update(cells, |_, chance| #p::certain(chance)); })
        } else {
            divided
        };
        let total = mean.then(|| code! { let mut total = 0.0; });
        let cells = Ident::new("cells", Span::mixed_site());
        let after = then(None);
        let several = code! { #cells.fill(0.0); #total #loops #divided #after };
        let loops = |body: TokenStream, taken: Option<Part>| {
            if outermost.is_none() {
                let row = self.row_of(name, outer, &[row]);
                return self.nest_table(outer, code! { let #cells = #row; #body });
            }
            let (first, rest) = (outer[0], &outer[1..]);
            let (part, count) = (Ident::new("part", Span::mixed_site()), self.count(&definition.axes[1..]));
            let row = self.row_of(&part, rest, &[row]);
            let inner = self.nest(rest, code! { let #cells = #row; #body });
            let parts = code! { #name.chunks_exact_mut(#count) };
            let given = [Part { name: part, parts }].into_iter().chain(taken).collect();
            self.taking_parts(first, given, inner)
        };
        let loops = match self.led_by(&single, over, &bound) {
            // A row that is made of one other needs no zeros to be added to. What is
            // computed once is not worth the code.
            Some(sparse) if !mean && divided.is_none() && self.context.is_in_call() => {
                let axis = over[0];
                let (one, rows) = (self.names.at(axis), self.names.rows(sparse.definition.0));
                let leading = self.index(&sparse, sparse.axes.len() - 1);
                let filled = |value: TokenStream| {
                    let filled = then(Some(Unfilled { at, value: &value }));
                    let filled = code! { #before #filled };
                    let bind = self.bind(axis, &filled);
                    code! { let #one = #one as usize; #bind #filled }
                };
                let single = filled(code! { { #bind 0.0 + mass * #term } });
                let some = code! {
                    if let &[(#one, mass)] = #rows.row(#leading) { #single } else { #several }
                };
                let some = loops(some, None);
                let certain = filled(code! { { #bind #term } });
                let (place, part) = self.part_of_map(&sparse, outermost);
                let all = loops(code! { let #one = map[#place]; #certain }, part);
                code! {
                    if let ::core::option::Option::Some(map) = #rows.map() { #all } else { #some }
                }
            }
            _ => loops(several, None),
        };
        let sparse = self.sparse_rows(&single, &loops);
        Some(code! { #sparse #loops })
    }

    /// The place in an index map, or in the part of it at hand, which is then to be taken.
    fn part_of_map(&self, sparse: &Factor, outermost: Option<AxisId>) -> (TokenStream, Option<Part>) {
        let leading = sparse.axes.len() - 1;
        if leading < 2 || outermost != Some(sparse.axes[0]) {
            return (self.index(sparse, leading), None);
        }
        let ((start, end), count) = (self.bounds(sparse.axes[0]), self.count(&sparse.axes[1..leading]));
        let parts = code! { map[#start * (#count)..#end * (#count)].chunks_exact(#count) };
        let part = Part { name: Ident::new("map", Span::mixed_site()), parts };
        (self.index_from(sparse, 1, leading), Some(part))
    }

    /// The sparse factor along whose rows all is summed, and nothing else is multiplied
    /// with but what changes along the rows that are added up.
    fn led_by(&self, single: &[Factor], over: &[AxisId], bound: &AxisSet) -> Option<Factor> {
        let ([factor], [axis]) = (single, over) else { return None };
        let (last, leading) = factor.axes.split_last()?;
        let leads = last == axis && leading.iter().all(|axis| bound.contains(axis));
        (leads && self.program.is_sparse(factor)).then(|| factor.clone())
    }

    /// The sparse factor along whose rows numbers are added to a table: the one
    /// that has an axis of the table, its last, which no other factor has.
    pub(super) fn scattering(&self, definition: &Definition) -> Option<Factor> {
        let Body::Query { factors, over, query: Query::Sum, normaliser, keeps_mass: false } =
            &definition.body
        else {
            return None;
        };
        if over.is_empty() || !matches!(normaliser, Normaliser::Nothing) {
            return None;
        }
        let scatters = |factor: &&Factor| {
            let Some((axis, leading)) = factor.axes.split_last() else { return false };
            let others = factors.iter().filter(|f| f.axes.contains(axis)).count();
            self.program.is_sparse(factor)
                && definition.axes.contains(axis)
                && others == 1
                && !leading.contains(axis)
                && over.iter().any(|summed| leading.contains(summed))
        };
        factors.iter().find(scatters).cloned()
    }

    /// The loops that fill the table of a query so.
    pub(super) fn scattered(&self, name: &Ident, definition: &Definition) -> Option<TokenStream> {
        let sparse = self.scattering(definition)?;
        let Body::Query { factors, over, .. } = &definition.body else { return None };
        let axis = *sparse.axes.last()?;
        let others: Vec<Factor> = factors.iter().filter(|f| **f != sparse).cloned().collect();
        let outer: Vec<AxisId> = definition.axes.iter().copied().filter(|a| *a != axis).collect();
        let (at, rows) = (self.names.at(axis), self.names.rows(sparse.definition.0));
        let (row, place) = (self.index(&sparse, sparse.axes.len() - 1), self.place(&definition.axes));
        let last = |mass: TokenStream| {
            let bound = (mass.to_string() != "mass").then(|| code! { let mass = #mass; });
            code! {
                #bound
                if mass != 0.0 {
                    for &(#at, chance) in #rows.row(#row) {
                        let #at = #at as usize;
                        #name[#place] += mass * chance;
                    }
                }
            }
        };
        let nest = Nest { code: self, adds: false, last: &last };
        let loops = nest.level(None, others, over.clone(), outer.iter().copied().collect());
        let loops = self.nest(&outer, loops);
        let sparse = self.sparse_rows(factors, &loops);
        Some(code! { #sparse #name.fill(0.0); #loops })
    }
}
