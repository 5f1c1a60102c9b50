//! Values that need not be computed again, or not in each cell: a power that is told by what it
//! was made into, and what is the same all along the innermost loop.

use proc_macro2::TokenStream;

use super::Adjoint;
use super::scalars::Traced;
use crate::syntax::{BinaryOperator, UnaryOperator};
use crate::tensor::Scalar;

impl Adjoint<'_> {
    /// The parts of a product or a quotient that is known: where one of them is a power it is
    /// told by the other.
    pub(super) fn trace_known(
        &self,
        operator: BinaryOperator,
        [left, right]: [&Scalar; 2],
        known: &TokenStream,
        out: &mut TokenStream,
    ) -> [Traced; 2] {
        let told = |scalar: &Scalar| self.activity.of(scalar) && ends_in_power(scalar);
        let tell = |known: TokenStream, out: &mut TokenStream| {
            let known = self.named(known, out);
            self.known.replace(Some(known));
        };
        match operator {
            BinaryOperator::Multiply if told(right) => {
                let l = self.trace(left, true, out);
                let a = &l.value;
                tell(code! { #known / #a }, out);
                [l, self.trace(right, true, out)]
            }
            BinaryOperator::Multiply | BinaryOperator::Divide if told(left) => {
                let r = self.trace(right, true, out);
                let b = &r.value;
                tell(
                    if operator == BinaryOperator::Multiply {
                        code! { #known / #b }
                    } else {
                        code! { #known * #b }
                    },
                    out,
                );
                [self.trace(left, true, out), r]
            }
            _ => [left, right].map(|side| self.trace(side, true, out)),
        }
    }

    /// Computes a value that is some work, and the same all along the innermost loop, before
    /// that.
    pub(super) fn trace_ahead(&self, scalar: &Scalar, wanted: bool) -> Option<Traced> {
        if self.perhaps.get() || self.ahead.get() || !scalar.is_costly() {
            return None;
        }
        let (axis, together) = self.inner.borrow().as_ref().map(|inner| (inner.axis, inner.together))?;
        if scalar.axes().contains(&axis?) {
            return None;
        }
        self.ahead.set(true);
        let mut before = TokenStream::new();
        let traced = self.trace(scalar, wanted, &mut before);
        self.ahead.set(false);
        if let Some(inner) = self.inner.borrow_mut().as_mut() {
            inner.before.extend(before);
            inner.together = together;
        }
        Some(traced)
    }
}

/// Whether a power is part of a product, all of which would tell it.
pub(super) fn ends_in_power(value: &Scalar) -> bool {
    use BinaryOperator as B;
    match value {
        Scalar::Binary(B::Power, ..) => true,
        Scalar::Unary(UnaryOperator::Plus, inner) => ends_in_power(inner),
        Scalar::Binary(B::Multiply, left, right, _) => ends_in_power(left) || ends_in_power(right),
        Scalar::Binary(B::Divide, left, ..) => ends_in_power(left),
        Scalar::If { then, otherwise, .. } => ends_in_power(then) || ends_in_power(otherwise),
        _ => false,
    }
}
