//! Calls of other models: which are needed, and the tables that they return.

use std::collections::BTreeSet;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::{Code, scalars};
use crate::tensor::{AxisId, Body, Definition, Factor, Scalar};

/// The places of some axes among all, as bits; `None` where one of them is not there just
/// once.
fn places(all: &[AxisId], wanted: &[AxisId]) -> Option<u64> {
    let place = |axis: &AxisId| {
        let mut found = all.iter().enumerate().filter(|(_, at)| *at == axis).map(|(place, _)| place);
        found.next().filter(|place| *place < 64 && found.next().is_none())
    };
    wanted.iter().map(place).try_fold(0, |bits, place| Some(bits | 1 << place?))
}

impl Code<'_> {
    /// Which calls of other models are needed, with their axes checked.
    pub(super) fn calls(&self) -> TokenStream {
        let mut out = TokenStream::new();
        let mut used = vec![false; self.program.domains.len()];
        for (at, definition) in self.program.definitions.iter().enumerate() {
            let Body::Call { site, .. } = definition.body else { continue };
            for axis in &definition.axes {
                used[self.program.axes[axis.0].domain.0] = true;
            }
            let made = self.made_call(definition);
            let ask = self.asked_along(at).map(|along| code! { calls.ask_for_entries(#site, #along); });
            // What is kept already is asked for to count its cost.
            let call = if definition.fixed {
                code! { if calls.counts_kept() { #made calls.visit(#site, job)?; } }
            } else if definition.guard.is_empty() {
                code! { { #made #ask calls.visit(#site, job)?; } }
            } else {
                code! { #made #ask calls.visit(#site, job)?; }
            };
            out.extend(self.guarded(definition, call));
        }
        let checks = self.same_domains(&mut used);
        let domains = self.domains(&|at| used[at]);
        code! { #domains #checks #out }
    }

    /// That domains which must be the same are; notes those that it uses.
    pub(super) fn same_domains(&self, used: &mut [bool]) -> TokenStream {
        let model = self.program.name.as_str();
        let mut checks = TokenStream::new();
        for (a, b, span, what) in &self.program.same {
            used[a.0] = true;
            used[b.0] = true;
            let [a, b] = [a, b].map(|domain| scalars::blamed(self.names.domain(domain.0).0, *span));
            let p = self.private_at(*span);
            checks.extend(quote_spanned! {*span=> #p::same_domain(#model, #what, &#a, &#b)?; });
        }
        checks
    }

    /// `let (axes, job) = …;` for a call of another model, with its axes
    /// checked.
    pub(super) fn made_call(&self, definition: &Definition) -> TokenStream {
        let Body::Call { path, arguments, .. } = &definition.body else {
            unreachable!("bug in memo: only calls are made")
        };
        let span = scalars::span_of_path(path).resolved_at(Span::mixed_site());
        let arguments = arguments.iter().map(|a| self.argument(a, path));
        let called = quote_spanned! {span=> #path::__call(#(#arguments),*)? };
        self.with_axes_checked(definition, &called)
    }

    /// `let (axes, job) = …;` with the axes checked.
    pub(super) fn with_axes_checked(&self, definition: &Definition, called: &TokenStream) -> TokenStream {
        let Body::Call { path, .. } = &definition.body else {
            unreachable!("bug in memo: only calls are made")
        };
        let (model, callee) = (self.program.name.as_str(), crate::tensor::path_text(path));
        let span = scalars::span_of_path(path);
        let ours = definition.axes.iter().map(|axis| {
            let domain = self.domain_of(*axis);
            code! { ::core::clone::Clone::clone(&#domain), }
        });
        let hygienic = span.resolved_at(Span::mixed_site());
        let ours = code! { (#(#ours)*) };
        let ours = quote_spanned! {hygienic=> let handed = #ours; };
        let p = self.private_at(span);
        let check = quote_spanned! {hygienic=> #p::same_axes(#model, #callee, &axes, &handed)?; };
        let made = quote_spanned! {hygienic=> let (axes, job) = #called; };
        code! { #made #ours #check }
    }

    /// The places of the axes along which a returned table is rows of chances, as bits; 0
    /// where it is not known to be.
    pub(super) fn chances_returned(&self, at: usize) -> u64 {
        let definition = self.program.definition(self.program.returns[at]);
        let of_copy = |factor: &Factor| {
            let choice = self.program.definition(factor.definition);
            let apart = (1..factor.axes.len()).all(|at| !factor.axes[..at].contains(&factor.axes[at]));
            let own = choice.split().1;
            let read = choice.axes.iter().zip(&factor.axes).filter(|(axis, _)| own.contains(axis));
            let read: Vec<AxisId> = read.map(|(_, read)| *read).collect();
            let is_choice = matches!(choice.body, Body::Choice { .. });
            if is_choice && apart { places(&definition.axes, &read) } else { None }
        };
        match &definition.body {
            Body::Choice { .. } => places(&definition.axes, &definition.split().1),
            Body::Map(Scalar::Element(factor)) => of_copy(factor),
            _ => match definition.product() {
                Some([factor]) => of_copy(factor),
                _ => None,
            },
        }
        .unwrap_or(0)
    }

    /// Whether weights over these axes are rows of chances of another model already: what
    /// it has divided is not divided again.
    pub(super) fn are_chances(&self, own: &[AxisId], weight: &Scalar) -> Option<TokenStream> {
        let Scalar::Element(factor) = weight else { return None };
        let Body::Call { path, which, .. } = &self.program.definition(factor.definition).body else {
            return None;
        };
        let places = places(&factor.axes, own)?;
        let span = scalars::span_of_path(path).resolved_at(Span::mixed_site());
        let p = self.private_at(span);
        Some(quote_spanned! {span=> #p::has_chances::<#path>(#which, #places) })
    }

    /// `let table = …;` for what another model answers once and for all.
    pub(super) fn fixed_call(&self, at: usize) -> TokenStream {
        let definition = &self.program.definitions[at];
        let Body::Call { which, .. } = definition.body else {
            unreachable!("bug in memo: only calls are made")
        };
        let p = self.private();
        let made = self.made_call(definition);
        let tables = self.tables_of(at).into_iter().map(|(table, row)| {
            code! {
                let #table = {
                    #made
                    #p::FixedTable::new(#p::solved(job, #which)?, #row)
                };
            }
        });
        code! { #(#tables)* }
    }

    /// `let table = …;` for those of some tables that other models return in
    /// this call.
    pub(super) fn call_tables(&self, read: &BTreeSet<usize>) -> TokenStream {
        let (mut taken, mut lent) = (TokenStream::new(), TokenStream::new());
        for at in read {
            let definition = &self.program.definitions[*at];
            let (Body::Call { which, site, .. }, false) = (&definition.body, definition.fixed) else {
                continue;
            };
            let name = self.names.table(*at);
            if self.memory(*at) == *at {
                // Not needed means empty, and nobody reads it.
                lent.extend(code! { let #name = inputs.table(#site, #which); });
                lent.extend(self.asked_rows(*at));
            } else {
                taken.extend(code! { let #name = inputs.take(#site, #which); });
            }
        }
        // Taken first: what is lent stays where it is.
        code! { #taken #lent }
    }
}
