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
                        Scalar::Parameter(..) | Scalar::Index(..) | Scalar::Rust(_) | Scalar::Cost(..)
                    );
                });
            }
            !rests
        })
    }

    /// How the tables of such a call are kept, if there is one.
    pub(super) fn kept_constant(&self) -> Option<KeptConstant> {
        let hoisted = !self.model.options.without.contains(&Pass::Hoist);
        let condition = self.constant_where().filter(|_| hoisted)?;
        let k = &self.krate;
        Some(KeptConstant { condition, private: code! { #k::__private } })
    }
}

/// Tables that rest on no parameter, kept for good: of a call that is recorded apart from
/// those of plain ones, whose last bits may differ, so that what is found does not depend on
/// what was called before.
pub(super) struct KeptConstant {
    /// Under which condition they are those of a call.
    condition: TokenStream,
    private: TokenStream,
}

impl KeptConstant {
    /// The condition, where nothing of the runtime is at hand yet.
    pub(super) fn holds(&self) -> TokenStream {
        let Self { condition, private } = self;
        code! { { use #private as __memo; #condition } }
    }

    /// What takes the tables of a call from where they are kept, and what keeps them.
    pub(super) fn of_call(&self) -> (TokenStream, TokenStream) {
        let taken = self.taken(&code! { tables }, &code! { () });
        (taken, code! { if constant { KEPT.keep(tables); } })
    }

    /// The same for a call of so many definitions that is recorded: of what has made its
    /// tables nothing is asked for again.
    pub(super) fn of_record(&self, definitions: usize) -> (TokenStream, TokenStream) {
        let p = &self.private;
        let saved = code! { ::std::vec![::std::vec::Vec::new(); #definitions] };
        let taken = self.taken(&code! { &mut recorded }, &code! { (recorded, #saved) });
        (
            code! { let mut recorded = #p::Tables::Nothing; #taken },
            code! { if constant { KEPT.keep(&mut recorded); } },
        )
    }

    fn taken(&self, tables: &TokenStream, done: &TokenStream) -> TokenStream {
        let (p, holds) = (&self.private, self.holds());
        code! {
            static KEPT: #p::ConstantTables = #p::ConstantTables::new();
            let constant = #holds;
            if constant && KEPT.take(#tables) {
                return ::core::result::Result::Ok(#done);
            }
        }
    }
}
