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
        let filled = if let Some((row, block)) = block {
            let (one, all) = match rule {
                Rule::Minimize => (code!(smallest), code!(smallest_of_all)),
                _ => (code!(largest), code!(largest_of_all)),
            };
            let then = then(None);
            match self.blocks_of_best(definition).filter(|_| then.is_empty()) {
                Some(blocks) => {
                    let (chosen, columns) = (self.length(*over), self.length(row));
                    code! { nan |= #p::#all(#blocks, #chosen, &mut #name[..], #columns); }
                }
                None => {
                    let cells = self.row_of(name, &axes[..axes.len() - 1], &[row]);
                    let row = code! { let cells = #cells; nan |= #p::#one(#block, cells); #then };
                    self.nest_table(&axes[..axes.len() - 1], row)
                }
            }
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

    /// The blocks of all rows of the table that is filled, if there are such blocks, and they
    /// follow each other as the rows do.
    fn blocks_of_best(&self, definition: &Definition) -> Option<TokenStream> {
        let Body::Best { weight: Scalar::Element(factor), .. } = &definition.body else { return None };
        let outer = &definition.axes[..definition.axes.len() - 1];
        if !factor.axes.starts_with(outer) || self.context.crossed.get().is_some() {
            return None;
        }
        let p = self.private();
        let (first, own) = (outer.first()?, &self.program.definition(factor.definition).axes);
        let ((start, end), cells, table) =
            (self.bounds(*first), self.count(&own[1..]), self.table(factor.definition.0));
        Some(code! { #p::row(&#table, #start * (#cells), (#end - #start) * (#cells)) })
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
