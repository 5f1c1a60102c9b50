//! What the best choice is worth: the largest weight, or the smallest, of each
//! row.

use proc_macro2::{Ident, TokenStream};

use super::fused::Then;
use super::{Code, bare, rows};
use crate::tensor::{AxisId, Body, Definition, Innermost, Rule, Scalar};

impl Code<'_> {
    /// The loops that fill the table: along its last axis where the weights lie
    /// along that, else along what is chosen.
    ///
    /// A weight that is no number stays in its cell; where there is one, the rows
    /// are gone through again to find the first.
    pub(super) fn best(&self, name: &Ident, definition: &Definition, then: Then<'_>) -> TokenStream {
        let Body::Best { over, weight, rule, agent, choice } = &definition.body else {
            unreachable!("bug in memo: only the best of a choice is looked for")
        };
        let p = self.private();
        let old = Self::old_name();
        let (worst, better) = match rule {
            Rule::Minimize => (code! { ::core::primitive::f64::INFINITY }, code! { #p::smaller }),
            _ => (code! { ::core::primitive::f64::NEG_INFINITY }, code! { #p::larger }),
        };
        let axes = &definition.axes;
        let block = self.block_of_best(definition);
        let along = match definition.innermost_of_sum(self.program) {
            Some(Innermost::Row(row)) => {
                let (value, before) = self.along(row, false, &|| bare(self.real(weight)));
                (!rows::may_return(&value)).then_some((row, value, before))
            }
            _ => None,
        };
        let filled = if let Some(rows) = self.blocks_of_best(name, definition, then) {
            rows
        } else if let Some((row, block)) = block {
            let kernel = if *rule == Rule::Minimize { code!(smallest) } else { code!(largest) };
            let (cells, then) = (self.row_of(name, &axes[..axes.len() - 1], &[row]), then(None));
            let row = code! { let cells = #cells; nan |= #p::#kernel(#block, cells); #then };
            self.nest_table(&axes[..axes.len() - 1], row)
        } else if let Some((row, value, before)) = along {
            let outer = &axes[..axes.len() - 1];
            let (at, bind) = (self.names.at(row), self.bind(row, &value));
            let cells = self.row_of(name, outer, &[row]);
            let each = code! {
                #before
                #p::update(&mut cells[..], |#at, #old| { #bind #better(#old, #value) });
            };
            let (each, then) = (self.nest(&[*over], each), then(None));
            let row = code! { cells.fill(#worst); #each nan |= #p::any_is_nan(cells); #then };
            self.nest_table(outer, code! { let cells = #cells; #row })
        } else {
            self.each_cell(&[name], axes, then, &|cell| {
                let (value, before) = self.along(*over, false, &|| bare(self.real(weight)));
                let each = self.nest(&[*over], code! { best = #better(best, #value); });
                code! { let mut best = #worst; #before #each nan |= best.is_nan(); #(#cell)* = best; }
            })
        };
        let bad = self.bad_weight(agent, choice, axes, &[*over]);
        let value = bare(self.real(weight));
        let weights = self.nest(&[*over], code! { weights.push(#value); });
        let again = self.nest_table(
            axes,
            code! {
                weights.clear();
                #weights
                #p::maximize(&mut weights).map_err(#bad)?;
            },
        );
        code! {
            let mut nan = false;
            #filled
            if nan {
                let mut weights = ::std::vec::Vec::new();
                #again
            }
        }
    }

    /// All rows in one go, if their blocks lie one after the other, and so do the rows of the
    /// table that is filled, with which nothing else is done.
    fn blocks_of_best(&self, name: &Ident, definition: &Definition, then: Then<'_>) -> Option<TokenStream> {
        let Body::Best { over, weight: Scalar::Element(factor), rule, .. } = &definition.body else {
            return None;
        };
        self.block_of_best(definition)?;
        let (row, outer) = definition.axes.split_last()?;
        let (first, rest) = outer.split_first()?;
        let together = factor.axes[..outer.len()] == *outer && self.context.crossed.get().is_none();
        if !together || !then(None).is_empty() {
            return None;
        }
        let p = self.private();
        let kernel = if *rule == Rule::Minimize { code!(smallest_of_all) } else { code!(largest_of_all) };
        let ((start, end), rest) = (self.bounds(*first), self.count(rest));
        let (chosen, columns, table) =
            (self.length(*over), self.length(*row), self.table(factor.definition.0));
        let cells = code! { (#rest * #chosen * #columns) };
        let rows = code! { #p::row(&#table, #start * #cells, (#end - #start) * #cells) };
        Some(code! { nan |= #p::#kernel(#rows, #chosen, &mut #name[..], #columns); })
    }

    /// The rows of a table that the best is chosen of, if these lie one after the other
    /// and are as long as a row of the table that is filled; and that row's axis.
    fn block_of_best(&self, definition: &Definition) -> Option<(AxisId, TokenStream)> {
        let Body::Best { over, weight: Scalar::Element(factor), .. } = &definition.body else { return None };
        let (row, [leading @ .., chosen, last]) = (definition.axes.last()?, factor.axes.as_slice()) else {
            return None;
        };
        let apart = !leading.contains(row) && !leading.contains(over);
        if chosen != over || last != row || !apart || !self.is_there(factor) {
            return None;
        }
        let p = self.private();
        let (table, own) =
            (self.table(factor.definition.0), &self.program.definition(factor.definition).axes);
        let cells = self.count(&own[leading.len()..]);
        let first = self.index(factor, leading.len());
        Some((*row, code! { #p::row(&#table, (#first) * (#cells), #cells) }))
    }
}
