//! Parts of tables, taken once for each step of a loop: the loops within it read these, so that
//! rustc sees from lengths that are constants that no place in them is out of range.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident};

use super::Code;
use crate::tensor::{AxisId, DefinitionId, Factor};

/// What the steps of a loop have each their part of.
pub(super) struct Part {
    pub(super) name: Ident,
    /// Its parts in their order.
    pub(super) parts: TokenStream,
}

/// The parts that are taken at each step of a loop.
#[derive(Debug)]
pub(super) struct Taken {
    /// The axis along which it goes.
    axis: AxisId,
    /// The static conditions that hold before it: a table that others need is not there yet.
    assumed: Option<Vec<String>>,
    /// The tables of which parts are read.
    tables: BTreeSet<usize>,
}

impl Code<'_> {
    /// Code in whose loops parts of tables may be read, taken at each step along an axis.
    pub(super) fn taking<T>(&self, axis: Option<AxisId>, work: impl FnOnce() -> T) -> T {
        let before = self.context.taken.replace(axis.map(|axis| Taken {
            axis,
            assumed: self.context.assumed(),
            tables: BTreeSet::new(),
        }));
        let result = work();
        self.context.taken.replace(before);
        result
    }

    /// The loop along the axis: over its steps with the parts of what is given at each, which
    /// are so long, and those of the tables that have been read so far.
    pub(super) fn taking_parts(&self, axis: AxisId, given: Vec<Part>, inner: TokenStream) -> TokenStream {
        let p = self.private();
        let (start, end) = self.bounds(axis);
        let read = self.context.taken.borrow().as_ref().map(|taken| taken.tables.clone()).unwrap_or_default();
        let read = read.into_iter().map(|table| {
            let own = &self.program.definition(DefinitionId(table)).axes;
            let count = self.count(&own[1..]);
            let name = self.table(table);
            let whole = code! { #p::row(&#name, #start * (#count), (#end - #start) * (#count)) };
            Part { name: Self::part(table), parts: code! { #whole.chunks_exact(#count) } }
        });
        let at = self.names.at(axis);
        let (mut names, mut steps) = (code! { #at }, code! { #start..#end });
        for Part { name, parts } in given.into_iter().chain(read) {
            (names, steps) = (code! { (#names, #name) }, code! { (#steps).zip(#parts) });
        }
        let bind = self.bind(axis, &inner);
        code! { for #names in #steps { #bind #inner } }
    }

    fn part(table: usize) -> Ident {
        format_ident!("part_of_{table}", span = Span::mixed_site())
    }

    /// The table that a factor reads, or the part of it at hand, and the flat index there of
    /// the factor's first `places` axes.
    pub(super) fn within(&self, factor: &Factor, places: usize) -> (TokenStream, TokenStream) {
        let at = factor.definition.0;
        let whole = self.is_passing(at) || self.is_filled(at);
        let mut taken = self.context.taken.borrow_mut();
        let taken = taken.as_mut().filter(|taken| {
            let along = places > 0 && factor.axes.first() == Some(&taken.axis);
            along && !whole && self.is_there_under(taken.assumed.as_ref(), factor)
        });
        match taken {
            Some(taken) => {
                taken.tables.insert(at);
                (Self::part(at).into_token_stream(), self.index_from(factor, 1, places))
            }
            None => (self.table(at).to_token_stream(), self.index(factor, places)),
        }
    }
}
