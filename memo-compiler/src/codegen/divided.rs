//! Weights that stand upright and whose first reader goes over their rows: it divides
//! each by the sums of the columns on its way, so that this takes no sweep of its own.
//!
//! Where the weights lie in the reader's place, it finds nothing but products there
//! (`memory.rs`); here both tables are kept, for the way back. Where that can do with weights
//! and what divides them, they are not written again. Where they are multiplied with the same
//! row each, it can do with the products and their totals, from which the chances can be told:
//! then these take the weights' place. Should they not tell, all is computed once more with care.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::format_ident;

use super::Code;
use super::rows::multiple_of_row;
use super::units::{Kind, Unit};
use crate::syntax::BinaryOperator;
use crate::tensor::{AxisId, Body, Definition, Factor, Rule, Scalar};

impl Code<'_> {
    /// Finds the tables of a unit that their reader divides.
    pub(super) fn find_divided(&self, unit: &Unit) {
        let mut divided = BTreeMap::new();
        if unit.kind == Kind::Recorded {
            for (place, at) in unit.definitions.iter().enumerate() {
                let later = &unit.definitions[place + 1..];
                let first = later.iter().find(|reader| self.reads[**reader].contains(at));
                if let Some(reader) = first.filter(|reader| self.divides(**reader, *at)) {
                    divided.insert(*at, *reader);
                }
            }
        }
        *self.context.divided.borrow_mut() = divided;
    }

    /// Whether the way back reads weights where it would find what they are once divided: where
    /// nobody else reads them.
    pub(super) fn may_be_left(&self, reader: usize, at: usize) -> bool {
        let reads = |other: &usize| self.reads[*other].contains(&at);
        self.divides(reader, at) && (0..self.reads.len()).filter(reads).eq([reader])
    }

    /// Whether a definition reads the table of another row by row, and makes chances of
    /// its products with another row.
    fn divides(&self, reader: usize, at: usize) -> bool {
        let [source, definition] = [at, reader].map(|at| &self.program.definitions[at]);
        matches!(source.body, Body::Choice { across: true, rule: Rule::Proportional, .. })
            && !source.fixed
            && source.axes.len() == 2
            && self.conditions(definition) == self.conditions(source)
            && self.is_split_by_rows(definition)
            && self.times_of_row(definition, at).is_some()
    }

    /// What the rows of a table are multiplied with, if the weights of a choice are such
    /// products and nothing else; and what stands before that.
    fn times_of_row(&self, definition: &Definition, at: usize) -> Option<(TokenStream, Ident)> {
        let other = Self::multiplied_with(definition, at)?;
        let axis = *definition.axes.last()?;
        let (value, before) = self.along(axis, false, &|| self.element(other));
        let (None, row) = multiple_of_row(&value, self.names.at(axis))? else { return None };
        Some((before, row))
    }

    /// What the cells of a table are multiplied with, if the weights of a choice are such
    /// products and nothing else.
    fn multiplied_with(definition: &Definition, at: usize) -> Option<&Factor> {
        let Body::Choice { over: 1, across: false, weight, rule: Rule::Proportional, .. } = &definition.body
        else {
            return None;
        };
        let Scalar::Binary(BinaryOperator::Multiply, left, right, _) = weight else { return None };
        let [Scalar::Element(left), Scalar::Element(right)] = [&**left, &**right] else { return None };
        let (own, other) = if left.definition.0 == at { (left, right) } else { (right, left) };
        let fits = own.definition.0 == at && own.axes == definition.axes && other.definition.0 != at;
        fits.then_some(other)
    }

    /// The table of weights in whose place a definition's products with the same row each are
    /// made, unless care is asked for: the way back finds both there.
    pub(super) fn made_in_place_of(&self, reader: usize) -> Option<usize> {
        let at = self.divided_by(reader).filter(|at| self.context.left_as_weights.get() == Some(*at))?;
        let definition = &self.program.definitions[reader];
        let other = Self::multiplied_with(definition, at)?;
        (other.axes == definition.axes[1..]).then_some(at)
    }

    /// Room for the table of such a definition, and for the totals of its products.
    pub(super) fn room_in_place(&self, reader: usize) -> Option<TokenStream> {
        let at = self.made_in_place_of(reader)?;
        let (p, careful, totals) = (self.private(), careful(), totals_of(at));
        let (table, weights, size) = (self.table(reader), self.table(at), self.names.size(reader));
        let rows = self.length(self.program.definitions[reader].axes[0]);
        Some(code! {
            let #careful = inputs.is_careful();
            let mut #table = if #careful { #p::cells(#size) } else { ::core::mem::take(&mut #weights) };
            let mut #totals = #p::cells(if #careful { 0 } else { #rows });
        })
    }

    /// What tells the chances from what is kept, for the way back: once all rows are done.
    pub(super) fn scales_in_place(&self, reader: usize) -> Option<TokenStream> {
        let at = self.made_in_place_of(reader)?;
        let (before, times) = self.times_of_row(&self.program.definitions[reader], at)?;
        let (p, careful, totals, scales) = (self.private(), careful(), totals_of(at), scales_of(at));
        let (divisor, arguments) = (Self::divisor(at), &self.parts().arguments);
        Some(code! {
            let #scales = if #careful {
                #divisor.into_numbers()
            } else {
                #before
                match #p::scales_of_products(#totals, #times) {
                    ::core::option::Option::Some(scales) => scales,
                    ::core::option::Option::None => {
                        inputs.take_care();
                        return Self::__record(inputs, #(#arguments),*);
                    }
                }
            };
        })
    }

    /// The table that a definition divides on its way, if that is still to be done.
    pub(super) fn divided_by(&self, reader: usize) -> Option<usize> {
        let divided = self.context.divided.borrow();
        let (at, _) = divided.iter().find(|(_, by)| **by == reader)?;
        self.context.undivided.borrow().contains(at).then_some(*at)
    }

    /// The chances of the row at hand, `row`, from products with a table that is divided
    /// before that.
    pub(super) fn divided_row(&self, own: &[AxisId], bad: &TokenStream) -> Option<TokenStream> {
        let reader = self.context.filled.get()?;
        let at = self.divided_by(reader)?;
        let definition = &self.program.definitions[reader];
        let (before, times) = self.times_of_row(definition, at)?;
        let (given, _) = definition.split();
        let (divisor, weights) = (Self::divisor(at), self.row_of(self.table(at), &given, own));
        let beside =
            code! { #divisor.normalize_products(row, ::core::option::Option::Some(&*#weights), #times) };
        if self.made_in_place_of(reader).is_some() {
            let (careful, totals, place) = (careful(), totals_of(at), self.place(&given));
            return Some(code! {
                #before
                if #careful {
                    #beside.map_err(#bad)?;
                } else {
                    #totals[#place] = #divisor.share_products(row, #times);
                }
            });
        }
        let made = if self.context.left_as_weights.get() == Some(at) {
            beside
        } else {
            code! { #divisor.divide_products(row, #weights, #times) }
        };
        Some(code! { #before #made.map_err(#bad)?; })
    }
}

/// The variable that says whether the quick way may not be taken.
fn careful() -> Ident {
    Ident::new("careful", Span::mixed_site())
}

/// The variable for the totals of the products with the rows of a table.
pub(super) fn totals_of(at: usize) -> Ident {
    format_ident!("row_totals_{at}", span = Span::mixed_site())
}

/// The variable for what makes chances of the multiples of them that are kept.
pub(super) fn scales_of(at: usize) -> Ident {
    format_ident!("scales_{at}", span = Span::mixed_site())
}
