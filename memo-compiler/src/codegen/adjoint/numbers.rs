//! What the loops compute with: plain numbers, or where second derivatives are wanted,
//! those that carry what they change by.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};

use super::{Adjoint, Way, rate_of};
use crate::tensor::Body;

impl Adjoint<'_> {
    /// What the tables of definitions change by.
    pub(super) fn rates_of_tables(&self, definitions: &BTreeSet<usize>) -> TokenStream {
        let rates = definitions.iter().map(|at| {
            let rate = rate_of(*at);
            let held = match self.code.program.definitions[*at].body {
                Body::Call { site, which, .. } => code! { rates.call(#site, #which) },
                _ => code! { rates.own(#at) },
            };
            code! { let #rate = #held; }
        });
        code! { #(#rates)* }
    }

    /// What the parameters change by that the loops read, as these variables.
    pub(in super::super) fn rates_of_parameters(
        &self,
        of: &TokenStream,
        variable: fn(usize) -> Ident,
    ) -> TokenStream {
        let p = self.code.private();
        let mut out = TokenStream::new();
        for array in &*self.arrays.borrow() {
            let (rates, name) = (variable(*array), &self.code.model.parameters[*array].name);
            out.extend(code! { let #rates = #of.elements(#p::place_of(#name)); });
        }
        for number in &*self.numbers.borrow() {
            let rate = variable(*number);
            out.extend(code! { let #rate = #of.number(&tangents[#number]); });
        }
        out
    }

    /// What nothing has been added to.
    pub(in super::super) fn zero(&self) -> TokenStream {
        if self.way != Way::Second {
            return code! { 0.0 };
        }
        let p = self.code.private();
        code! { #p::NOTHING }
    }

    /// A number that may or may not change, where the other case is one that does.
    pub(super) fn lifted(&self, number: &TokenStream) -> TokenStream {
        if self.way != Way::Second {
            return number.clone();
        }
        let p = self.code.private();
        code! { #p::lifted(#number) }
    }

    /// The number without what it changes by.
    pub(super) fn plain(&self, number: &TokenStream) -> TokenStream {
        if self.way != Way::Second {
            return number.clone();
        }
        let p = self.code.private();
        code! { #p::Real::value(#number) }
    }

    /// A function of numbers.
    pub(super) fn function(&self, name: &str) -> TokenStream {
        let method = Ident::new(name, Span::mixed_site());
        if self.way != Way::Second {
            return code! { f64::#method };
        }
        let p = self.code.private();
        code! { #p::Real::#method }
    }

    /// Whether something has reached a bar.
    pub(super) fn counts(&self, bar: &Ident) -> TokenStream {
        if self.way != Way::Second {
            return code! { #bar != 0.0 };
        }
        let p = self.code.private();
        code! { #p::counts(#bar) }
    }
}
