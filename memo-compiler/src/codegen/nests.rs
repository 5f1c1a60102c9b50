//! Loops over the axes of a table.

use proc_macro2::{Ident, Span, TokenStream};

use super::Code;
use crate::tensor::{AxisId, Body, Definition, Query};

/// How many numbers lie in a line of the cache.
const LINE: usize = 8;

impl Code<'_> {
    /// The outer axis along which something lies that is read across it in every
    /// row: a line of the cache should be used up before it goes.
    pub(super) fn crossed(&self, definition: &Definition) -> Option<AxisId> {
        let rows = match &definition.body {
            Body::Choice { across: false, .. } | Body::Map(_) => true,
            Body::Query { over, query: Query::Sum, .. } => over.is_empty(),
            _ => false,
        };
        let (row, outer) = definition.axes.split_last().filter(|_| rows)?;
        let crossed = |axis: &AxisId| outer.contains(axis) && outer.last() != Some(axis);
        let read = definition.body.references();
        let along = read.iter().filter(|f| f.axes.contains(row)).filter_map(|f| f.axes.last());
        along.copied().find(|axis| axis != row && crossed(axis))
    }

    /// Loops over the axes of a table, outermost first, around some code: of the
    /// outermost over the part at hand, if it is filled part by part; of an axis
    /// that is crossed a line at a time.
    pub(super) fn nest_table(&self, axes: &[AxisId], inner: TokenStream) -> TokenStream {
        let crossed = self.context.crossed.get();
        let Some(place) = axes.iter().position(|axis| Some(*axis) == crossed) else {
            return self.nest_part(axes, inner);
        };
        let (before, after) = (&axes[..place], &axes[place + 1..]);
        let (axis, line) = (axes[place], Ident::new("line", Span::mixed_site()));
        let (start, end) = self.bounds(axis);
        let (at, bind) = (self.names.at(axis), self.bind(axis, &inner));
        let within = code! {
            for #at in #line..::core::cmp::Ord::min(#line + #LINE, #end) { #bind #inner }
        };
        let lines = code! { for #line in (#start..#end).step_by(#LINE) };
        let body = self.nest(after, within);
        self.nest_part(before, code! { #lines { #body } })
    }

    fn nest_part(&self, axes: &[AxisId], inner: TokenStream) -> TokenStream {
        match axes.split_first() {
            Some((first, rest)) if self.is_split(*first) => {
                let inner = self.nest(rest, inner);
                let ((start, end), at, bind) =
                    (self.bounds(*first), self.names.at(*first), self.bind(*first, &inner));
                code! { for #at in #start..#end { #bind #inner } }
            }
            _ => self.nest(axes, inner),
        }
    }

    /// Where the loop over an axis of a table begins and ends.
    pub(super) fn bounds(&self, axis: AxisId) -> (TokenStream, TokenStream) {
        let count = self.length(axis);
        if self.is_split(axis) {
            (code! { range.start }, code! { range.end })
        } else {
            (code! { 0 }, code! { #count })
        }
    }
}
