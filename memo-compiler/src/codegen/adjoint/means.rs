//! The means `Σ p bar` of chances that stand upright are sums over all rows of their table.
//! Where the bars come row by row from one reader, that adds them up on its way: a row is
//! still at hand then, and goes through the caches once.

use proc_macro2::{Ident, Span, TokenStream};
use quote::format_ident;

use super::{Added, Adjoint, Way};
use crate::codegen::rows::first_condition;
use crate::tensor::{Body, Definition};

impl Adjoint<'_> {
    /// The upright chances whose bar is worked on in the place of this definition's own,
    /// a row at a time.
    fn upright_source(&self, definition: &Definition) -> Option<usize> {
        let at = self.borrower.get().filter(|_| self.way == Way::Back)?;
        let source = &self.code.program.definitions[at];
        let Body::Choice { across: true, weight, rule, .. } = &source.body else { return None };
        let always = self.definition.body.scalars().into_iter().find_map(first_condition).is_none();
        let fits = rule.has_exponents(weight) && source.axes.len() == 2 && definition.axes.len() == 2;
        (always && fits && self.code.can_be_shared(self.definition)).then_some(at)
    }

    /// What adds the row at hand to the means of the chances that it comes from, after
    /// the loops of the row.
    pub(super) fn means_of_source(&self, definition: &Definition) -> TokenStream {
        let Some(source) = self.upright_source(definition) else { return TokenStream::new() };
        self.means.set(Some(source));
        let ([_, along], [_, own]) = (&definition.axes[..], &self.code.program.definitions[source].axes[..])
        else {
            unreachable!("bug in memo: a table of rows has two axes")
        };
        self.over(&[*along], Some(*along), &|| {
            let (chance, bar) = (self.cell(source, &definition.axes), self.own_bar(definition));
            self.add(&means_of(source), &[*along], &[*own], Added::InRows, &self.part_of_mean(&chance, &bar))
        })
    }

    /// Room for these means, where some are made.
    pub(super) fn room_for_means(&self) -> Option<TokenStream> {
        let source = self.means.get()?;
        let (means, axes) = (means_of(source), &self.code.program.definitions[source].axes);
        let count = self.code.count(&axes[1..]);
        Some(code! { #means = ::std::vec![0.0; #count]; })
    }

    /// The means of a definition's own chances, if its reader has made them.
    pub(super) fn means_made(&self, at: usize, name: &Ident) -> Option<TokenStream> {
        let means = means_of(at);
        let made = self.way == Way::Back && self.code.context.means.borrow().contains(&at);
        made.then(|| code! { let mut #name = ::core::mem::take(&mut #means); })
    }
}

/// The variable for the means of a definition's chances.
pub(in crate::codegen) fn means_of(definition: usize) -> Ident {
    format_ident!("means_of_{definition}", span = Span::mixed_site())
}
