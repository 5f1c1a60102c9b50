//! Which models have a compact way, as far as their definitions tell.

use proc_macro2::TokenStream;

use super::super::Code;
use crate::syntax::{BinaryOperator, UnaryOperator};
use crate::tensor::{Activity, Body, Definition, Query, Rule, Scalar, mentions_any};

/// How many definitions such a model has at most: its function is compiled beside the
/// others.
const DEFINITIONS: usize = 12;

impl Code<'_> {
    /// Whether the model has a compact way, as far as is seen here: one table, few
    /// definitions of a kind that it knows, one call of itself or calls of others, and
    /// domains that are no parameters.
    pub(super) fn may_be_compact(&self) -> bool {
        let [returned] = self.program.returns.as_slice() else { return false };
        let own: Vec<&Definition> = self.program.definitions.iter().filter(|d| is_own(d)).collect();
        let calls: Vec<&syn::Path> = own.iter().filter_map(|d| called(d)).collect();
        let calls_itself = calls.iter().any(|path| self.is_itself(path));
        let parameters: Vec<String> = self.model.parameters.iter().map(|p| p.name.to_string()).collect();
        let returned = self.program.definition(*returned);
        let given = |tokens: &TokenStream| mentions_any(tokens, &parameters);
        !self.model.options.cache
            && own.len() <= DEFINITIONS
            && !(calls_itself && calls.len() > 1)
            && is_own(returned)
            && returned.guard.is_empty()
            && !matches!(returned.body, Body::Call { .. })
            && !self.program.domains.iter().any(|domain| given(&domain.tokens))
            && own.iter().all(|definition| self.is_compact(definition))
    }

    fn is_compact(&self, definition: &Definition) -> bool {
        let known = match &definition.body {
            // Of a model that returns several tables there is none.
            Body::Call { which, .. } => *which == 0,
            Body::Choice { .. }
            | Body::Evidence { .. }
            | Body::Query { .. }
            | Body::Map(_)
            | Body::Divergence { .. } => true,
            Body::Best { .. } => false,
        };
        // What is counted of a call is counted of the general way.
        let counts = definition.body.scalars().into_iter().any(|scalar| {
            let mut counts = false;
            scalar.walk(&mut |s| counts |= matches!(s, Scalar::Cost(..)));
            counts
        });
        known && !counts
    }
}

/// Whether a definition is computed in each call: what is the same in those with the same
/// parameters is not worth looking for.
pub(super) fn is_own(definition: &Definition) -> bool {
    !definition.fixed || !definition.kept_for.is_empty()
}

/// Whether its weights have exponentials, which are computed side by side.
pub(super) fn has_exponentials(definition: &Definition) -> bool {
    match &definition.body {
        Body::Choice { weight, rule, .. } => rule.is_softmax(weight),
        _ => false,
    }
}

/// The model that a definition calls.
pub(super) fn called(definition: &Definition) -> Option<&syn::Path> {
    match &definition.body {
        Body::Call { path, .. } => Some(path),
        _ => None,
    }
}

/// Whether the derivative can be carried through a definition.
pub(super) fn carries_derivatives(activity: &Activity, at: usize, definition: &Definition) -> bool {
    if !activity.of_definition(at) {
        return true;
    }
    let kind = matches!(
        &definition.body,
        Body::Choice { rule: Rule::Proportional, .. }
            | Body::Evidence { .. }
            | Body::Call { .. }
            | Body::Map(_)
            | Body::Query { .. }
            | Body::Divergence { .. }
    );
    kind && definition.body.scalars().into_iter().all(|scalar| scalar_carries(activity, scalar, false))
}

/// Whether a definition is computed as quickly as in the general way: what is the work of
/// functions that are called for one number at a time is quicker there, in whole rows.
pub(super) fn is_quick(activity: &Activity, at: usize, definition: &Definition) -> bool {
    let query = match &definition.body {
        Body::Query { query, .. } => match query {
            Query::Sum | Query::Expectation(_) => true,
            Query::Variance(_) => !activity.of_definition(at),
            Query::Entropy(_) => false,
        },
        Body::Divergence { .. } => false,
        Body::Choice { weight, rule, .. } => !rule.has_exponents(weight) || weight.is_one_exponential(),
        Body::Evidence { weight, .. } => !weight.is_scaled(),
        _ => true,
    };
    query && definition.body.scalars().into_iter().all(|scalar| scalar_carries(activity, scalar, true))
}

/// Whether it can be carried through a scalar; with `quick`, through no more than what can be
/// computed in whole rows.
fn scalar_carries(activity: &Activity, scalar: &Scalar, quick: bool) -> bool {
    use BinaryOperator as B;
    if !activity.of(scalar) {
        return true;
    }
    let all = |parts: &[&Scalar]| parts.iter().all(|part| scalar_carries(activity, part, quick));
    match scalar {
        Scalar::Parameter(..) | Scalar::Element(_) => true,
        Scalar::Index(..) => !quick,
        Scalar::Unary(UnaryOperator::Negate | UnaryOperator::Plus, inner) => all(&[inner]),
        Scalar::Binary(B::Add | B::Subtract | B::Multiply | B::Divide, left, right, _) => all(&[left, right]),
        Scalar::If { then, otherwise, .. } => all(&[then, otherwise]),
        Scalar::BuiltIn("exp" | "log" | "ln" | "sqrt" | "abs" | "tanh", arguments) => all(&[&arguments[0]]),
        Scalar::BuiltIn("max" | "min", arguments) => all(&arguments.iter().collect::<Vec<_>>()),
        _ if quick => false,
        Scalar::Binary(B::Power | B::Remainder, left, right, _) => all(&[left, right]),
        Scalar::BuiltIn("sin" | "cos" | "tan" | "log2" | "log10" | "pow", arguments)
        | Scalar::Distribution(_, arguments)
        | Scalar::Call(_, arguments) => all(&arguments.iter().collect::<Vec<_>>()),
        _ => false,
    }
}
