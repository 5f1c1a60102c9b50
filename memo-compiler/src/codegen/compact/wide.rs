//! Loops over whole vectors: of numbers that can be computed beyond the last value of the
//! last axis as well, where there are pads, and that are 0 there if they have to be.

use proc_macro2::{Ident, TokenStream};

use super::super::bare;
use super::super::scalars::arithmetic;
use super::Way;
use super::numbers::{Number, written_by};
use crate::syntax::{BinaryOperator, UnaryOperator};
use crate::tensor::{AxisId, Body, Definition, Factor, Normaliser, Scalar};

/// A number at a pad: some number, if it can be computed there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pad {
    /// 0, or no number at all, which needs care.
    pub(super) is_zero: bool,
}

impl Pad {
    fn product(self, other: Self) -> Self {
        Self { is_zero: self.is_zero || other.is_zero }
    }

    fn sum(self, other: Self) -> Self {
        Self { is_zero: self.is_zero && other.is_zero }
    }
}

impl Way<'_> {
    /// What a number is at the pads of the last axis; nothing if it is something of a
    /// value, or more work than it is worth.
    pub(super) fn pad(scalar: &Scalar, last: AxisId) -> Option<Pad> {
        use BinaryOperator as B;
        let of = |inner: &Scalar| Self::pad(inner, last);
        match scalar {
            Scalar::Number(_) | Scalar::Parameter(..) => Some(Pad { is_zero: false }),
            Scalar::Element(factor) => pad_of_element(factor, last),
            Scalar::Unary(UnaryOperator::Negate | UnaryOperator::Plus, inner) => of(inner),
            Scalar::Binary(B::Multiply, left, right, _) => Some(of(left)?.product(of(right)?)),
            Scalar::Binary(B::Add | B::Subtract, left, right, _) => Some(of(left)?.sum(of(right)?)),
            Scalar::Binary(B::Divide, left, right, _) if !reads_along(right, last) => of(right).and(of(left)),
            _ => None,
        }
    }

    /// The same for `factor · exp(exponent)`.
    pub(super) fn pads_of_weight(scalar: &Scalar, last: AxisId) -> (Option<Pad>, Option<Pad>) {
        use BinaryOperator as B;
        let both = |a: Option<Pad>, b: Option<Pad>, join: fn(Pad, Pad) -> Pad| Some(join(a?, b?));
        if !scalar.is_scaled() {
            return (Self::pad(scalar, last), Some(Pad { is_zero: true }));
        }
        match scalar {
            Scalar::BuiltIn(_, arguments) => (Some(Pad { is_zero: false }), Self::pad(&arguments[0], last)),
            Scalar::Unary(_, inner) => Self::pads_of_weight(inner, last),
            Scalar::Binary(B::Multiply, left, right, _) => {
                let ((f, e), (g, d)) = (Self::pads_of_weight(left, last), Self::pads_of_weight(right, last));
                (both(f, g, Pad::product), both(e, d, Pad::sum))
            }
            _ => (None, None),
        }
    }
}

impl Way<'_> {
    /// Four numbers of a row, of what can be computed at pads.
    pub(super) fn four(&self, scalar: &Scalar, last: AxisId) -> Number {
        let (p, four, directions) = (self.code.private(), Self::four_numbers(), Self::directions());
        match scalar {
            Scalar::Element(factor) => self.four_elements(factor, last),
            Scalar::Parameter(at, _) if self.is_moving(scalar) => {
                let moving = Self::moving(*at);
                Number { code: code! { #p::Wide::<#four, #directions>::splat(#moving) }, moves: true }
            }
            Scalar::Unary(operator, inner) => {
                let Number { code, moves } = self.four(inner, last);
                let negated = matches!(operator, UnaryOperator::Negate);
                Number {
                    code: if negated {
                        code! { (-#code) }
                    } else {
                        code
                    },
                    moves,
                }
            }
            Scalar::Binary(operator, left, right, _) => {
                let (l, r) = (self.four(left, last), self.four(right, last));
                Number { code: arithmetic(*operator, &l.code, &r.code), moves: l.moves || r.moves }
            }
            _ => {
                let number = bare(self.code.real(scalar));
                Number { code: code! { #p::Still::<#four>::splat(#number) }, moves: false }
            }
        }
    }

    fn four_elements(&self, factor: &Factor, last: AxisId) -> Number {
        let (p, four, directions) = (self.code.private(), Self::four_numbers(), Self::directions());
        let (along, moves) = (factor.axes.last() == Some(&last), self.carries(factor));
        let table = self.code.names.table(factor.definition.0);
        let index = self.code.index(factor, factor.axes.len());
        let code = match (along, moves) {
            (true, true) => code! { #table.four::<#four>(#index) },
            (true, false) => code! { #p::Still::<#four>::at(&#table, #index) },
            (false, true) => code! { #p::Wide::<#four, #directions>::splat(#table.number(#index)) },
            (false, false) => code! { #p::Still::<#four>::splat(#table[#index]) },
        };
        Number { code, moves }
    }

    /// `let total = …;`, the sum of products over axes along one of which all factors lie that
    /// vary with it: in whole vectors, since the products at its pads are 0.
    pub(super) fn whole_sum(&self, factors: &[Factor], over: &[AxisId]) -> Option<TokenStream> {
        let last = over.iter().rev().find(|last| pads_are_zero(factors, **last))?;
        let axes: Vec<AxisId> = over.iter().copied().filter(|axis| axis != last).chain([*last]).collect();
        let nothing = self.four_of_nothing(self.of_factors(factors));
        let product = self.four_products(factors, *last);
        let loops = self.nest_four(&axes, &code! { total = total + #product; });
        Some(code! { let mut total = #nothing; #loops let total = total.sum(); })
    }

    /// The loops that fill a table with sums of products which all lie along its last axis:
    /// four sums at a time.
    pub(super) fn whole_sums(&self, at: usize, definition: &Definition) -> Option<TokenStream> {
        let Body::Query { factors, over, normaliser, .. } = &definition.body else { return None };
        let last = *definition.axes.last()?;
        let is_sum = !over.is_empty() && !matches!(normaliser, Normaliser::By(_));
        if !is_sum || !pads_are_zero(factors, last) {
            return None;
        }
        let (code, moves) = (self.code, self.of_factors(factors));
        let (nothing, product) = (self.four_of_nothing(moves), self.four_products(factors, last));
        let loops = code.nest(over, code! { total = total + #product; });
        let (table, place) = (code.names.table(at), code.place(&definition.axes));
        let total = Number { code: code! { total }, moves };
        let written = Self::written_four(table, self.activity.of_definition(at), &place, &total);
        Some(self.nest_four(&definition.axes, &code! { let mut total = #nothing; #loops #written }))
    }

    fn four_of_nothing(&self, moves: bool) -> TokenStream {
        let (p, four, directions) = (self.code.private(), Self::four_numbers(), Self::directions());
        let still = code! { #p::Still::<#four>::splat(0.0) };
        if moves {
            code! { #p::Wide::<#four, #directions>::from(#still) }
        } else {
            still
        }
    }

    fn four_products(&self, factors: &[Factor], last: AxisId) -> TokenStream {
        let products = factors.iter().map(|factor| self.four_elements(factor, last).code);
        products.reduce(|a, b| code! { #a * #b }).unwrap_or_else(|| unreachable!("bug in memo: no factors"))
    }

    /// Four numbers in their places in a table, whose numbers may change.
    pub(super) fn written_four(
        table: &Ident,
        moves: bool,
        place: &TokenStream,
        number: &Number,
    ) -> TokenStream {
        let how = if moves && number.moves { "set_four" } else { "put_four" };
        written_by(how, table, place, number)
    }

    /// Loops over axes around some code, the last in steps of whole vectors.
    pub(super) fn nest_four(&self, axes: &[AxisId], inner: &TokenStream) -> TokenStream {
        let (code, p) = (self.code, self.code.private());
        let Some((last, outer)) = axes.split_last() else {
            unreachable!("bug in memo: a vector has an axis")
        };
        let (at, count) = (code.names.at(*last), code.length(*last));
        code.nest(outer, code! { for #at in 0..#p::vectors(#count) { let #at = 4 * #at; #inner } })
    }
}

/// Whether it reads a table along an axis, at whose pads there may be nothing to divide by.
fn reads_along(scalar: &Scalar, last: AxisId) -> bool {
    let mut reads = false;
    scalar.walk(&mut |s| reads |= matches!(s, Scalar::Element(factor) if factor.axes.contains(&last)));
    reads
}

/// Whether products of elements are 0 at the pads of an axis, along which all that vary with
/// it lie.
fn pads_are_zero(factors: &[Factor], last: AxisId) -> bool {
    let pads = factors.iter().map(|factor| pad_of_element(factor, last));
    let product = pads.reduce(|a, b| Some(a?.product(b?)));
    product.flatten().is_some_and(|pad| pad.is_zero)
}

fn pad_of_element(factor: &Factor, last: AxisId) -> Option<Pad> {
    let (own, outer) = factor.axes.split_last()?;
    // Along another axis a pad would be a place in another row.
    (!outer.contains(&last)).then_some(Pad { is_zero: *own == last })
}
