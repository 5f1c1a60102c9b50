//! Questions to scalars, and ways through them.

use super::{AxisSet, Factor, Program, Scalar, print_guard};
use crate::syntax::{BinaryOperator, UnaryOperator};

impl Scalar {
    /// Calls `visit` on this scalar and on all below it, parents first.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Scalar)) {
        visit(self);
        match self {
            Self::Number(_)
            | Self::Bool(_)
            | Self::Parameter(..)
            | Self::Axis(..)
            | Self::Path(_)
            | Self::Rust(_)
            | Self::Element(_) => {}
            Self::Member(base, _) | Self::TupleMember(base, _) | Self::Unary(_, base) => base.walk(visit),
            Self::ElementOf(base, index) | Self::Binary(_, base, index, _) => {
                base.walk(visit);
                index.walk(visit);
            }
            Self::If { condition, then, otherwise, .. } => {
                condition.walk(visit);
                then.walk(visit);
                otherwise.walk(visit);
            }
            Self::Index(_, arguments, _)
            | Self::BuiltIn(_, arguments)
            | Self::Distribution(_, arguments)
            | Self::Call(_, arguments)
            | Self::Cost(_, _, arguments) => {
                for argument in arguments {
                    argument.walk(visit);
                }
            }
        }
    }

    /// Calls `visit` on this scalar and on all below it, children first.
    pub fn walk_mut(&mut self, visit: &mut dyn FnMut(&mut Scalar)) {
        match self {
            Self::Number(_)
            | Self::Bool(_)
            | Self::Parameter(..)
            | Self::Axis(..)
            | Self::Path(_)
            | Self::Rust(_)
            | Self::Element(_) => {}
            Self::Member(base, _) | Self::TupleMember(base, _) | Self::Unary(_, base) => base.walk_mut(visit),
            Self::ElementOf(base, index) | Self::Binary(_, base, index, _) => {
                base.walk_mut(visit);
                index.walk_mut(visit);
            }
            Self::If { condition, then, otherwise, .. } => {
                condition.walk_mut(visit);
                then.walk_mut(visit);
                otherwise.walk_mut(visit);
            }
            Self::Index(_, arguments, _)
            | Self::BuiltIn(_, arguments)
            | Self::Distribution(_, arguments)
            | Self::Call(_, arguments)
            | Self::Cost(_, _, arguments) => {
                for argument in arguments {
                    argument.walk_mut(visit);
                }
            }
        }
        visit(self);
    }

    /// The axes that the value depends on.
    #[must_use]
    pub fn axes(&self) -> AxisSet {
        let mut axes = AxisSet::new();
        self.walk(&mut |scalar| match scalar {
            Self::Axis(axis, _) => {
                axes.insert(*axis);
            }
            Self::Element(factor) => axes.extend(&factor.axes),
            _ => {}
        });
        axes
    }

    /// Whether the value, as a weight, is likely to be 0 in most cells: it is an
    /// equality, a function's result or a product with one of these.
    #[must_use]
    pub fn is_often_zero(&self) -> bool {
        match self {
            Self::Call(..) | Self::Binary(BinaryOperator::Equal, ..) => true,
            Self::Binary(BinaryOperator::Multiply | BinaryOperator::And, left, right, _) => {
                left.is_often_zero() || right.is_often_zero()
            }
            Self::If { then, otherwise, .. } => {
                [then, otherwise].into_iter().any(|e| matches!(**e, Self::Number(0.0)))
            }
            _ => false,
        }
    }

    /// Collects the elements of a product; false where it is of something else as
    /// well.
    #[must_use]
    pub fn elements_of_product(&self, found: &mut Vec<Factor>) -> bool {
        match self {
            Self::Element(factor) => {
                found.push(factor.clone());
                true
            }
            Self::Binary(BinaryOperator::Multiply, left, right, _) => {
                left.elements_of_product(found) && right.elements_of_product(found)
            }
            _ => false,
        }
    }

    /// Whether it is more work than a few operations.
    pub fn is_costly(&self) -> bool {
        let mut costly = false;
        self.walk(&mut |s| {
            costly |= match s {
                Scalar::Call(..) | Scalar::Distribution(..) => true,
                Scalar::BuiltIn(name, _) => !matches!(*name, "abs" | "min" | "max" | "floor" | "ceil"),
                Scalar::Binary(operator, ..) => *operator == BinaryOperator::Power,
                _ => false,
            };
        });
        costly
    }

    /// Whether a weight has an exponential that a plain product or sum would
    /// let overflow.
    #[must_use]
    pub fn is_scaled(&self) -> bool {
        use BinaryOperator as B;
        match self {
            Self::BuiltIn("exp", _) => true,
            Self::Unary(UnaryOperator::Plus, inner) => inner.is_scaled(),
            Self::Binary(B::Add | B::Subtract | B::Multiply | B::Divide, left, right, _) => {
                left.is_scaled() || right.is_scaled()
            }
            Self::If { then, otherwise, .. } => then.is_scaled() || otherwise.is_scaled(),
            _ => false,
        }
    }

    /// Whether the weight is `factor · exp(exponent)`, without sums of such.
    #[must_use]
    pub fn is_one_exponential(&self) -> bool {
        use BinaryOperator as B;
        match self {
            _ if !self.is_scaled() => true,
            Self::BuiltIn(..) => true,
            Self::Unary(_, inner) => inner.is_one_exponential(),
            Self::Binary(B::Multiply, left, right, _) => {
                left.is_one_exponential() && right.is_one_exponential()
            }
            Self::Binary(B::Divide, left, right, _) => left.is_one_exponential() && !right.is_scaled(),
            Self::If { then, otherwise, .. } => then.is_one_exponential() && otherwise.is_one_exponential(),
            _ => false,
        }
    }

    /// Whether it is plainly a truth value: a comparison, or made of such.
    #[must_use]
    pub fn is_truth(&self) -> bool {
        match self {
            Self::Bool(_) | Self::Unary(UnaryOperator::Not, _) => true,
            Self::Binary(operator, ..) => !operator.is_arithmetic(),
            Self::If { then, otherwise, .. } => then.is_truth() && otherwise.is_truth(),
            _ => false,
        }
    }

    /// Whether computing the value can neither fail nor run the user's code.
    #[must_use]
    pub fn is_total(&self) -> bool {
        let mut total = true;
        self.walk(&mut |s| {
            total &= !matches!(
                s,
                Self::Call(..)
                    | Self::Index(..)
                    | Self::ElementOf(..)
                    | Self::Rust(_)
                    | Self::Distribution(..)
                    | Self::Cost(..)
            );
        });
        total
    }

    /// Whether the value is fixed before anybody chooses: only parameters,
    /// literals and Rust.
    #[must_use]
    pub fn is_static(&self) -> bool {
        let mut fixed = true;
        self.walk(&mut |scalar| fixed &= !matches!(scalar, Self::Axis(..) | Self::Element(_)));
        fixed
    }

    /// Decides a static condition, given as [`print_guard`] prints it.
    pub fn decide(&mut self, program: &Program, which: &str, holds: bool) {
        self.walk_mut(&mut |s| {
            if let Self::If { condition, then, otherwise, fixed: true } = s
                && print_guard(program, &[((**condition).clone(), true)]) == which
            {
                let side = if holds { then } else { otherwise };
                *s = std::mem::replace(side, Self::Number(0.0));
            }
        });
    }

    /// Adds the tables that are read to `found`.
    pub fn elements(&self, found: &mut Vec<Factor>) {
        self.walk(&mut |scalar| {
            if let Self::Element(factor) = scalar {
                found.push(factor.clone());
            }
        });
    }
}
