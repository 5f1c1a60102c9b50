//! The means `Σ p bar` of chances that stand upright are sums over all rows of their table.
//! Where the bars come row by row from one reader, that adds them up on its way: a row is
//! still at hand then, and goes through the caches once.
//!
//! Where that reader is a choice in proportion to them, its way back needs no weights: with
//! chances qᵢ ∝ pᵢ fᵢ and their bars q̄ᵢ, of mean s = Σ q q̄, the bar of ln pᵢ is
//! pᵢ p̄ᵢ = qᵢ (q̄ᵢ − s). If the chances pᵢ are made of exponents, these are the bars that
//! count: the bar of an exponent is pᵢ p̄ᵢ − pᵢ Σ p p̄.

use proc_macro2::{Ident, Span, TokenStream};
use quote::format_ident;

use super::choices::{Rows, split};
use super::rows::RowBars;
use super::{Added, Adjoint, Way, bar_of};
use crate::codegen::Code;
use crate::codegen::divided::scales_of;
use crate::codegen::rows::first_condition;
use crate::syntax::{BinaryOperator, UnaryOperator};
use crate::tensor::{Activity, AxisId, Body, Definition, Program, Rule, Scalar};

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
        let source = &self.code.program.definitions[at];
        let Body::Choice { across: true, weight, rule, .. } = &source.body else { return None };
        let always = self.definition.body.scalars().into_iter().find_map(first_condition).is_none();
        let fits = rule.has_exponents(weight) && source.axes.len() == 2 && definition.axes.len() == 2;
        (always && fits && self.code.can_be_shared(self.definition)).then_some(at)
    }

    /// Whether the code at hand goes back through a definition: means are handed on in a
    /// variable.
    fn is_here(&self, at: usize) -> bool {
        self.code.context.gone_through.borrow().contains(&at)
    }

    /// What adds the row at hand to the means of the chances that it comes from, after
    /// the loops of the row.
    pub(super) fn means_of_source(&self, definition: &Definition) -> TokenStream {
        if self.means.get().is_some() {
            // They have been made with the bars.
            return TokenStream::new();
        }
        let Some(source) = self.upright_source(definition).filter(|source| self.is_here(*source)) else {
            return TokenStream::new();
        };
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
        let source = self.multiplied_source(rows.definition, weight)?;
        (rows.per.is_empty() && self.is_here(source)).then_some(source)
    }

    fn multiplied_source(&self, definition: &Definition, weight: &Scalar) -> Option<usize> {
        let at = self.upright_source(definition)?;
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
        let Rows { at, definition, .. } = rows;
        let own = self.code.program.definitions[source].axes[1];
        let bars = self.row_of_logarithms(definition, (*at, &definition.axes), &means_of(source), own);
        self.tables.borrow_mut().insert(source);
        self.written.borrow_mut().insert(source);
        self.means.set(Some((source, HandedBars::OfLogarithms)));
        bars
    }

    /// Makes the bars of logarithms of those of the row at hand, whose chances are a table's, and
    /// adds them to sums over the rows.
    fn row_of_logarithms(
        &self,
        definition: &Definition,
        (table, axes): (usize, &[AxisId]),
        sums: &Ident,
        own: AxisId,
    ) -> TokenStream {
        let along = definition.axes[1];
        self.over(&[along], Some(along), &|| {
            let (chance, bar) = (self.cell(table, axes), self.own_bar(definition));
            let is_part = self.is_part(sums, &[along], &[own]);
            let sums = self.bar_row(sums, along, &self.start(&[along], &[own], is_part));
            let (Some(bars), Some(chances)) = (self.own_bar_row(&bar), self.row_at_hand(&chance)) else {
                unreachable!("bug in memo: a row of bars is not at hand")
            };
            let mean = self.total_of_shares(&bars, &chances);
            self.change_bars(RowBars::OfLogarithms { bars, chances, mean, sums });
            TokenStream::new()
        })
    }

    /// The call whose table's bar is made here row by row, in the place of the definition's own:
    /// its place among the definitions, and the site.
    fn call_of_rows(&self, definition: &Definition) -> Option<(usize, usize)> {
        let at = self.borrower.get().filter(|_| self.way == Way::Back && definition.axes.len() == 2)?;
        match self.code.program.definitions[at].body {
            Body::Call { site, which: 0, .. } => Some((at, site)),
            _ => None,
        }
    }

    /// What the callee would do first with the row at hand of the bar of its table, where it
    /// takes that.
    pub(super) fn hand_on_row(&self, definition: &Definition) -> TokenStream {
        let Some((at, _)) = self.call_of_rows(definition) else { return TokenStream::new() };
        self.handed.set(true);
        let (takes, own) = (takes_rows_of(at), self.code.program.definitions[at].axes[1]);
        let row = self.row_of_logarithms(definition, (at, &definition.axes), &means_of(at), own);
        code! { if #takes { #row } }
    }

    /// Room for the sums of such rows, and what hands them on with the bar.
    pub(super) fn handed_rows(&self) -> Option<(TokenStream, TokenStream)> {
        let (at, site) = self.call_of_rows(self.definition).filter(|_| self.handed.get())?;
        let (sums, takes) = (means_of(at), takes_rows_of(at));
        let (bar, count) = (bar_of(at), self.code.length(self.code.program.definitions[at].axes[1]));
        let room = code! {
            let #takes = bars.takes_logarithms(#site);
            let mut #sums = if #takes { ::std::vec![0.0; #count] } else { ::std::vec::Vec::new() };
        };
        Some((room, code! { bars.put_call_of_rows(#site, #bar, #sums); }))
    }

    /// Whether the bars of a definition's chances come as those of their logarithms; and what a
    /// row of what is kept of the chances is to be multiplied with.
    pub(super) fn of_logarithms(&self, at: usize) -> Option<TokenStream> {
        let handed = self.code.context.means.borrow().get(&at).copied();
        handed.filter(|handed| self.way == Way::Back && *handed == HandedBars::OfLogarithms)?;
        if !self.code.is_left(at) {
            return Some(code! { 1.0 });
        }
        let (scales, row) = (scales_of(at), self.code.names.at(self.code.program.definitions[at].axes[0]));
        Some(code! { #scales.of_row(#row) })
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

/// The table that a model returns, where its rows are in proportion to those of a definition and
/// nothing else reads them; and that definition. The bars of the logarithms of its rows are then
/// all that the way back needs of it.
pub(in crate::codegen) fn returned_multiples(code: &Code<'_>, activity: &Activity) -> Option<(usize, usize)> {
    let Program { definitions, returns, .. } = code.program;
    let [at] = returns.iter().map(|id| id.0).collect::<Vec<_>>()[..] else { return None };
    let definition = &definitions[at];
    let Body::Choice { weight, rule: Rule::Proportional, across: false, .. } = &definition.body else {
        return None;
    };
    let (_, own) = definition.split();
    let in_rows = definition.axes.len() == 2 && own == definition.axes[1..];
    let is_read = (0..definitions.len()).any(|reader| code.reads[reader].contains(&at));
    if !in_rows || is_read || Rule::Proportional.has_exponents(weight) {
        return None;
    }
    let adjoint = Adjoint::new(code, activity, at, Way::Back);
    *adjoint.references.borrow_mut() = definition.body.references();
    adjoint.borrower.set(adjoint.possible_borrower(definition));
    let source = adjoint.multiplied_source(definition, weight)?;
    let always = [at, source].iter().all(|at| definitions[*at].guard.is_empty());
    always.then_some((at, source))
}

/// The variable that says whether a call takes the bars of the logarithms of its rows.
fn takes_rows_of(definition: usize) -> Ident {
    format_ident!("takes_rows_of_{definition}", span = Span::mixed_site())
}

/// The variable for the means of a definition's chances.
pub(in crate::codegen) fn means_of(definition: usize) -> Ident {
    format_ident!("means_of_{definition}", span = Span::mixed_site())
}
