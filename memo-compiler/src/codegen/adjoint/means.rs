//! The means `Σ p bar` of chances that stand upright are sums over all rows of their table.
//! Where the bars come row by row from one reader, that adds them up on its way: a row is
//! still at hand then, and goes through the caches once.
//!
//! Where that reader is a choice in proportion to them, its way back needs no weights: with
//! chances qᵢ ∝ pᵢ fᵢ and their bars q̄ᵢ, of mean s = Σ q q̄, the bar of ln pᵢ is
//! pᵢ p̄ᵢ = qᵢ (q̄ᵢ − s). If the chances pᵢ are made of exponents, these are the bars that
//! count: the bar of an exponent is pᵢ p̄ᵢ − pᵢ Σ p p̄.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident};

use super::choices::{Rows, split};
use super::rows::RowBars;
use super::{Added, Adjoint, Way};
use crate::codegen::rows::first_condition;
use crate::syntax::{BinaryOperator, UnaryOperator};
use crate::tensor::{Body, Definition, Scalar};

/// As what the bars of chances are handed on with their means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::codegen) enum HandedBars {
    /// As they are.
    Plain,
    /// Times the chances: as the bars of their logarithms.
    OfLogarithms,
}

impl Adjoint<'_> {
    /// The upright chances whose bar is worked on in the place of this definition's own,
    /// a row at a time.
    fn upright_source(&self, definition: &Definition) -> Option<usize> {
        let at = self.borrower.get().filter(|_| self.way == Way::Back)?;
        // The means are handed on in a variable.
        let here = self.code.context.gone_through.borrow().contains(&at);
        let source = &self.code.program.definitions[at];
        let Body::Choice { across: true, weight, rule, .. } = &source.body else { return None };
        let always = self.definition.body.scalars().into_iter().find_map(first_condition).is_none();
        let fits = rule.has_exponents(weight) && source.axes.len() == 2 && definition.axes.len() == 2;
        (here && always && fits && self.code.can_be_shared(self.definition)).then_some(at)
    }

    /// What adds the row at hand to the means of the chances that it comes from, after
    /// the loops of the row.
    pub(super) fn means_of_source(&self, definition: &Definition) -> TokenStream {
        if self.means.get().is_some() {
            // They have been made with the bars.
            return TokenStream::new();
        }
        let Some(source) = self.upright_source(definition) else { return TokenStream::new() };
        self.means.set(Some((source, HandedBars::Plain)));
        let ([_, along], [_, own]) = (&definition.axes[..], &self.code.program.definitions[source].axes[..])
        else {
            unreachable!("bug in memo: a table of rows has two axes")
        };
        self.over(&[*along], Some(*along), &|| {
            let (chance, bar) = (self.cell(source, &definition.axes), self.own_bar(definition));
            self.add(&means_of(source), &[*along], &[*own], Added::InRows, &self.part_of_mean(&chance, &bar))
        })
    }

    /// The same where they are handed on as bars of logarithms, and these are all that is
    /// needed.
    pub(super) fn source_of_logarithms(&self, rows: &Rows<'_>, weight: &Scalar) -> Option<usize> {
        let at = self.upright_source(rows.definition).filter(|_| rows.per.is_empty())?;
        let Body::Choice { weight: own, .. } = &self.code.program.definitions[at].body else { return None };
        let (factor, _) = split(own)?;
        let of_exponents = !factor.is_some_and(|factor| self.activity.of(&factor));
        (of_exponents && self.is_multiple(weight, at)).then_some(at)
    }

    /// Whether a weight is in proportion to a number of a table, and nothing else in it changes.
    fn is_multiple(&self, weight: &Scalar, of: usize) -> bool {
        use BinaryOperator as B;
        match weight {
            Scalar::Element(factor) => factor.definition.0 == of,
            Scalar::Unary(UnaryOperator::Plus, inner) => self.is_multiple(inner, of),
            Scalar::Binary(operator @ (B::Multiply | B::Divide), left, right, _) => {
                match (self.activity.of(left), self.activity.of(right)) {
                    (true, false) => self.is_multiple(left, of),
                    (false, true) => *operator == B::Multiply && self.is_multiple(right, of),
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// Weights in proportion to the chances of a source, in its rows.
    pub(super) fn multiples(&self, rows: &Rows<'_>, source: usize) -> TokenStream {
        let Rows { at, definition, loops, per } = rows;
        let (means, made) = self.scratch("means", per);
        let first = self.over(loops, loops.last().copied(), &|| {
            let (chance, bar) = (self.own_value(*at, definition), self.own_bar(definition));
            self.add(&means, per, per, Added::InRows, &self.part_of_mean(&chance, &bar))
        });
        let second = self.over(loops, loops.last().copied(), &|| {
            let (chance, bar) = (self.own_value(*at, definition), self.own_bar(definition));
            let mean = self.read(&means.to_token_stream(), per, per);
            let [along, own] = [definition, &self.code.program.definitions[source]].map(|d| d.axes[1]);
            let sums = means_of(source);
            let is_part = self.is_part(&sums, &[along], &[own]);
            let sums = self.bar_row(&sums, along, &self.start(&[along], &[own], is_part));
            let (Some(bars), Some(chances)) = (self.own_bar_row(&bar), self.row_at_hand(&chance)) else {
                unreachable!("bug in memo: a row of bars is not at hand")
            };
            self.change_bars(RowBars::OfLogarithms { bars, mean, chances, sums });
            TokenStream::new()
        });
        self.tables.borrow_mut().insert(source);
        self.written.borrow_mut().insert(source);
        self.means.set(Some((source, HandedBars::OfLogarithms)));
        code! { #made #first #second }
    }

    /// As what the bars of a definition's chances come.
    pub(super) fn bars_of(&self, at: usize) -> HandedBars {
        let handed = self.code.context.means.borrow().get(&at).copied();
        handed.filter(|_| self.way == Way::Back).unwrap_or(HandedBars::Plain)
    }

    /// Room for these means, where some are made.
    pub(super) fn room_for_means(&self) -> Option<TokenStream> {
        let (source, _) = self.means.get()?;
        let (means, axes) = (means_of(source), &self.code.program.definitions[source].axes);
        let count = self.code.count(&axes[1..]);
        Some(code! { #means = ::std::vec![0.0; #count]; })
    }

    /// The means of a definition's own chances, if its reader has made them.
    pub(super) fn means_made(&self, at: usize, name: &Ident) -> Option<TokenStream> {
        let means = means_of(at);
        let made = self.way == Way::Back && self.code.context.means.borrow().contains_key(&at);
        made.then(|| code! { let mut #name = ::core::mem::take(&mut #means); })
    }
}

impl HandedBars {
    /// The kernel for such bars.
    pub(super) fn kernel(self, plain: &str) -> Ident {
        match self {
            Self::Plain => Ident::new(plain, Span::call_site()),
            Self::OfLogarithms => format_ident!("{plain}_of_logarithms"),
        }
    }
}

/// The variable for the means of a definition's chances.
pub(in crate::codegen) fn means_of(definition: usize) -> Ident {
    format_ident!("means_of_{definition}", span = Span::mixed_site())
}
