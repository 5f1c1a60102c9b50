//! Calls whose table rests on no parameter, as a recursion's last does: kept for good.

use proc_macro2::TokenStream;

use super::Code;
use super::rows::first_condition;
use crate::optimise::Pass;
use crate::tensor::{Body, Scalar, mentions_any, print_guard};

/// A static condition, and whether it is to hold.
type Part = (Scalar, bool);

impl Code<'_> {
    /// The condition under which the returned tables rest on no parameter, if there is
    /// one. Without any they are fixed, all of them.
    pub(super) fn constant_where(&self) -> Option<TokenStream> {
        let own = self.program.definitions.iter().filter(|d| !d.fixed);
        let conditions = own.flat_map(|definition| {
            let guards = definition.guard.iter().map(|(condition, _)| condition.clone());
            guards.chain(definition.body.scalars().into_iter().find_map(first_condition))
        });
        let mut sides = conditions.flat_map(|c| [(c.clone(), true), (c, false)]);
        let parameters = &self.program.parameters;
        if self.program.domains.iter().any(|domain| mentions_any(&domain.tokens, parameters)) {
            return None;
        }
        sides.find(|part| self.is_constant_under(part)).map(|part| self.condition(&[part]))
    }

    fn is_constant_under(&self, part: &Part) -> bool {
        let text = |part: &Part| print_guard(self.program, &[(part.0.clone(), true)]);
        self.program.definitions.iter().all(|definition| {
            let excluded = |own: &Part| own.1 != part.1 && text(own) == text(part);
            if definition.guard.iter().any(excluded) {
                return true;
            }
            if definition.fixed {
                return definition.kept_for.is_empty();
            }
            let otherwise = definition.guard.iter().any(|own| text(own) != text(part));
            let decided = self.under(definition, part, part.1);
            let mut rests = otherwise || matches!(decided.body, Body::Call { .. });
            for scalar in decided.body.scalars() {
                scalar.walk(&mut |s| {
                    rests |= matches!(
                        s,
                        Scalar::Parameter(_) | Scalar::Index(..) | Scalar::Rust(_) | Scalar::Cost(..)
                    );
                });
            }
            !rests
        })
    }

    /// What takes the tables of such a call from where they are kept, and what keeps them.
    pub(super) fn kept_constant(&self) -> Option<(TokenStream, TokenStream)> {
        let k = &self.krate;
        let p = code! { #k::__private };
        let hoisted = !self.model.options.without.contains(&Pass::Hoist);
        let condition = self.constant_where().filter(|_| hoisted)?;
        let taken = code! {
            static KEPT: #p::ConstantTables = #p::ConstantTables::new();
            let constant = {
                use #p as __memo;
                #condition
            };
            if constant && KEPT.take(tables) {
                return ::core::result::Result::Ok(());
            }
        };
        Some((taken, code! { if constant { KEPT.keep(tables); } }))
    }
}
