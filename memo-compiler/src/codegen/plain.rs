//! Rows of weights without exponents.

use std::cell::Cell;

use proc_macro2::{Ident, Span, TokenStream};

use super::fused::nothing;
use super::{Code, bare};
use crate::syntax::BinaryOperator;
use crate::tensor::{AxisId, Rule, Scalar};

impl Code<'_> {
    /// Rows of weights without exponents: many of two are divided by their sums when all of
    /// them are there.
    pub(super) fn plain_rows(
        &self,
        name: &Ident,
        given: &[AxisId],
        own: &[AxisId],
        weight: &Scalar,
        bad: &TokenStream,
    ) -> TokenStream {
        let (p, together) = (self.private(), Ident::new("together", Span::mixed_site()));
        let waits = Cell::new(false);
        let row = self.plain_row(own, weight, Self::kernel(Rule::Proportional), bad, &|chances| {
            waits.set(true);
            code! { if !#together { #chances } }
        });
        let loops = self.rows(name, given, own, &row);
        if !waits.get() {
            return loops;
        }
        // Which row that is, along the axes.
        let places = given.iter().enumerate().map(|(rank, axis)| {
            let at = self.names.at(*axis);
            let place = match &given[rank + 1..] {
                [] => code! { row },
                inner => {
                    let inner = self.count(inner);
                    code! { row / (#inner) }
                }
            };
            match rank {
                0 if self.is_split(*axis) => code! { let #at = range.start + #place; },
                0 => code! { let #at = #place; },
                _ => {
                    let count = self.length(*axis);
                    code! { let #at = #place % #count; }
                }
            }
        });
        let (rows, row) = (self.count(given), self.count(own));
        code! {
            let #together = #p::are_pairs(#rows, #row);
            #loops
            if #together {
                #p::normalize_pairs(&mut #name[..]).map_err(|(row, bad)| { #(#places)* (#bad)(bad) })?;
            }
        }
    }

    /// One row of weights, in `row`, treated by a kernel; `alone` says when that is done to
    /// this row alone, where it is nothing but weights.
    pub(super) fn plain_row(
        &self,
        own: &[AxisId],
        weight: &Scalar,
        kernel: &str,
        bad: &TokenStream,
        alone: &dyn Fn(TokenStream) -> TokenStream,
    ) -> TokenStream {
        if let Some(row) = self.divided_row(own, bad) {
            return row;
        }
        let p = self.private();
        let divisor = self.divisor_of_row();
        if kernel == "normalize"
            && let Some((before, first, times)) = self.products_of_row(own, weight)
        {
            let products = match (&divisor, &first) {
                (Some(divisor), None) => {
                    code! { #divisor.normalize_products(row, ::core::option::Option::None, #times) }
                }
                (None, None) => code! { #p::normalize_products(row, ::core::option::Option::None, #times) },
                (_, Some(first)) => {
                    code! { #p::normalize_products(row, ::core::option::Option::Some(#first), #times) }
                }
            };
            return code! { #before #products.map_err(#bad)?; };
        }
        let divided = divisor.map(|divisor| code! { #divisor.divide(row); });
        let [row, kernel] = ["row", kernel].map(|name| Ident::new(name, Span::mixed_site()));
        let loops = self.cells(&row, own, &|| bare(self.real(weight)), &nothing);
        let chances = code! { #p::#kernel(row).map_err(#bad)?; };
        match self.are_chances(own, weight).filter(|_| kernel == Self::kernel(Rule::Proportional)) {
            Some(already) => code! { #divided #loops if !#already { #chances } },
            None => {
                let chances = alone(chances);
                code! { #divided #loops #chances }
            }
        }
    }

    /// The two rows whose products the weights of a row are, the first of them not given
    /// where it is what the row holds; and what stands before that.
    fn products_of_row(
        &self,
        own: &[AxisId],
        weight: &Scalar,
    ) -> Option<(TokenStream, Option<Ident>, Ident)> {
        let ([axis], Scalar::Binary(BinaryOperator::Multiply, ..)) = (own, weight) else { return None };
        let old = Self::old_name();
        let (value, before) =
            self.reading(code! { #old }, || self.along(*axis, false, &|| bare(self.real(weight))));
        let [first, times] = Self::rows_multiplied(&value, self.names.at(*axis))?;
        Some((before, (first != old).then_some(first), times))
    }
}
