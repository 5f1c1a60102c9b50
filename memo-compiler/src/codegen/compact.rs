//! The compact way: a function that computes the table of a small model in arrays on the
//! stack, with calls of itself straight down. See `memo_runtime::compact`.
//!
//! It is emitted for models that are differentiated, of which every definition is of a
//! kind that it knows. Its numbers carry derivatives, where these are with respect to a few
//! numbers: then it is the forward derivative, too, and four times as fast as a way back.
//! For other models it would be a third more to compile, to gain a fifth of a call's time.

mod numbers;
mod tables;

use std::cell::Cell;
use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident};

use self::numbers::carries_derivatives;
use super::{Code, Parts};
use crate::optimise::Pass;
use crate::syntax::Model;
use crate::tensor::{Activity, AxisId, Body, Definition, Program, Query, Scalar, Wanted, mentions_any};

/// How many definitions such a model has at most: its function is compiled beside the
/// others.
const DEFINITIONS: usize = 12;

/// With respect to so many numbers the derivative is carried forward.
const DIRECTIONS: usize = 4;

/// What is emitted for a model that has a compact way.
pub(super) struct Compact {
    /// Its functions.
    pub(super) functions: TokenStream,
    /// With respect to which parameters its numbers carry derivatives, by position.
    pub(super) moving: Vec<usize>,
}

/// The compact way of a model, if it has one.
pub(super) fn generate(model: &Model, program: &Program) -> Option<Compact> {
    let activity = Activity::new(program, model.wanted());
    let left_out = model.options.without.contains(&Pass::Compact);
    // A code of its own: nothing that the general way relies on holds here.
    let code = Code::new(model, program);
    if model.options.grad.is_none() || left_out || !code.may_be_compact() {
        return None;
    }
    let wanted = model.wanted();
    let moving: Vec<usize> = (0..wanted.len()).filter(|at| wanted[*at] == Wanted::Number).collect();
    let moves = !wanted.contains(&Wanted::Array)
        && (1..=DIRECTIONS).contains(&moving.len())
        && moving.iter().all(|at| is_f64(&model.parameters[*at].ty))
        && activity.of_definition(program.returns[0].0)
        && program.definitions.iter().enumerate().all(|(at, d)| carries_derivatives(&activity, at, d));
    let way = Way { code: &code, activity, still: Cell::new(false) };
    moves.then(|| Compact { functions: way.functions(), moving })
}

fn is_f64(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.is_ident("f64"))
}

impl Compact {
    /// Puts the table in its place: in the general way where it needs care, or where
    /// there are no calls to be saved.
    pub(super) fn or(&self, code: &Code<'_>, general: &TokenStream) -> TokenStream {
        let calls = |d: &Definition| !d.fixed && matches!(d.body, Body::Call { .. });
        if !code.program.definitions.iter().any(calls) {
            return general.clone();
        }
        let k = &code.krate;
        let p = code! { #k::__private };
        let arguments = code.parts().arguments.into_iter().enumerate().map(|(at, name)| {
            let moving = self.moving.contains(&at);
            if moving {
                code! { #p::Dual::<0>::from(#name) }
            } else {
                name.to_token_stream()
            }
        });
        code! {
            let small = |table: &mut #p::Small<0, { Self::__SMALL }>, marks: &mut ::core::option::Option<::std::vec::Vec<bool>>| {
                Self::__small(#p::Depth::start(), table, marks, #(#arguments),*)
            };
            if !(const { Self::__SMALL != 0 } && #p::made(tables, small)) {
                #general
            }
        }
    }

    /// What records a call so that its derivatives are carried forward, where they are.
    pub(super) fn recorded(&self, code: &Code<'_>, tables: &TokenStream) -> TokenStream {
        let moving = &self.moving;
        let k = &code.krate;
        let p = code! { #k::__private };
        let (text, count) = (code.program.name.as_str(), moving.len());
        let arguments = code.parts().arguments.into_iter().enumerate().map(|(at, name)| {
            match moving.iter().position(|moving| *moving == at) {
                Some(direction) => code! { #p::Dual::variable(#name, #direction) },
                None => name.to_token_stream(),
            }
        });
        let names = moving.iter().map(|at| code.model.parameters[*at].name.to_string());
        code! {
            if const { Self::__SMALL != 0 } {
                let small = |table: &mut #p::Small<#count, { Self::__SMALL }>, marks: &mut ::core::option::Option<::std::vec::Vec<bool>>| {
                    Self::__small(#p::Depth::start(), table, marks, #(#arguments),*)
                };
                if let ::core::option::Option::Some((mut tables, slopes)) = #p::recorded(&[#(#names),*], small) {
                    let axes = Self::__axes()?;
                    return ::core::result::Result::Ok(#k::Record::__small(#text, slopes, #tables));
                }
            }
        }
    }
}

impl Code<'_> {
    /// Whether the model has a compact way: one table, few definitions of a kind that it
    /// knows, calls of itself alone, one at most, and domains that are no parameters.
    fn may_be_compact(&self) -> bool {
        let [returned] = self.program.returns.as_slice() else { return false };
        let own: Vec<&Definition> = self.program.definitions.iter().filter(|d| !d.fixed).collect();
        let calls = own.iter().filter(|d| matches!(d.body, Body::Call { .. })).count();
        let parameters: Vec<String> = self.model.parameters.iter().map(|p| p.name.to_string()).collect();
        let returned = self.program.definition(*returned);
        let given = |tokens: &TokenStream| mentions_any(tokens, &parameters);
        !self.model.options.cache
            && own.len() <= DEFINITIONS
            && calls <= 1
            && !returned.fixed
            && returned.guard.is_empty()
            && !matches!(returned.body, Body::Call { .. })
            && self.program.definitions.iter().all(|d| d.kept_for.is_empty())
            && !self.program.domains.iter().any(|domain| given(&domain.tokens))
            && own.iter().all(|definition| self.is_compact(definition))
    }

    fn is_compact(&self, definition: &Definition) -> bool {
        let known = match &definition.body {
            Body::Choice { weight, rule, .. } => !rule.has_exponents(weight) || weight.is_one_exponential(),
            Body::Evidence { weight, .. } => !weight.is_scaled(),
            Body::Query { query, .. } => !matches!(query, Query::Entropy(_)),
            Body::Call { path, .. } => path.is_ident(&self.model.name),
            Body::Map(_) => true,
            Body::Best { .. } | Body::Divergence { .. } => false,
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

struct Way<'c> {
    code: &'c Code<'c>,
    activity: Activity,
    /// Whether those of the definition at hand do not: it may read some that do.
    still: Cell<bool>,
}

impl Way<'_> {
    /// In how many directions: a name that no user's constant has.
    fn directions() -> Ident {
        Ident::new("__DIRECTIONS", Span::mixed_site())
    }

    fn functions(&self) -> TokenStream {
        let code = self.code;
        let k = &code.krate;
        let p = code! { #k::__private };
        let Parts { parameters, .. } = code.parts();
        let directions = Self::directions();
        let taken = (0..parameters.len()).map(|at| {
            let name = &code.model.parameters[at].name;
            if self.takes_moving(at) {
                code! { #name: #p::Dual<#directions> }
            } else {
                parameters[at].clone()
            }
        });
        let moving = (0..parameters.len()).filter(|at| self.takes_moving(*at)).map(|at| {
            let (name, moving) = (&code.model.parameters[at].name, Self::moving(at));
            code! { let #moving = #name; let #name = #k::Real::value(#moving); }
        });
        let (cells, body) = (self.cells(), self.body());
        code! {
            /// The cells of its largest table, if all are small; else 0.
            #[doc(hidden)]
            const __SMALL: usize = #cells;

            /// The table in arrays on the stack.
            #[doc(hidden)]
            fn __small<'memo, const #directions: usize>(depth: #p::Depth, table: &mut #p::Small<#directions, { Self::__SMALL }>, marks: &mut ::core::option::Option<::std::vec::Vec<bool>>, #(#taken),*) -> ::core::result::Result<(), #p::Care> {
                use #p as __memo;
                #(#moving)*
                let depth = depth.deeper()?;
                #body
            }
        }
    }

    fn takes_moving(&self, at: usize) -> bool {
        self.activity.of_parameter(at)
    }

    /// The parameter with its derivatives.
    fn moving(at: usize) -> Ident {
        format_ident!("moving_{at}", span = Span::mixed_site())
    }

    /// The axes of all tables.
    fn tables(&self) -> impl Iterator<Item = &[AxisId]> {
        self.code.program.definitions.iter().filter(|d| !d.fixed).map(|d| d.axes.as_slice())
    }

    fn cells(&self) -> TokenStream {
        let code = self.code;
        let p = &code.krate;
        let p = code! { #p::__private };
        let tables = self.tables().map(|axes| {
            let lengths = axes.iter().map(|axis| {
                let domain = &code.program.domains[code.program.axes[axis.0].domain.0];
                length(&domain.tokens, &p)
            });
            code! { &[#(#lengths),*] }
        });
        code! { #p::small_cells(&[#(#tables),*]) }
    }

    fn body(&self) -> TokenStream {
        let code = self.code;
        let p = code.private();
        let mut used = vec![true; code.program.domains.len()];
        let (domains, checks) = (code.domains(&|_| true), code.same_domains(&mut used));
        let counts = self.tables().map(|axes| code.count(axes));
        let own = |at: &usize| !code.program.definitions[*at].fixed;
        let own: Vec<usize> = (0..code.program.definitions.len()).filter(own).collect();
        let marked = code.program.evidence.iter().map(|e| e.factor.definition.0);
        let read: BTreeSet<usize> =
            own.iter().flat_map(|at| code.reads[*at].iter().copied()).chain(marked).collect();
        let fixed = code.fixed_imports(&read, None);
        let definitions = own.iter().map(|at| self.definition(*at));
        let marks = code.marks(0, false);
        let table = code.names.table(code.program.returns[0].0);
        let marks = (!marks.is_empty()).then(|| {
            let lengths = code.program.table.iter().map(|axis| code.length(*axis));
            code! {
                let lengths = [#(#lengths),*];
                let mut impossible = #p::Impossible::new(&lengths);
                #(#marks)*
                if let ::core::option::Option::Some(found) = impossible.marks() {
                    *marks = ::core::option::Option::Some(found);
                    return ::core::result::Result::Ok(());
                }
            }
        });
        let (written, kept) = self.constant(table).unzip();
        // Its length is known, then.
        let fixed_parts = read.iter().filter(|at| {
            let definition = &code.program.definitions[**at];
            definition.fixed && definition.guard.is_empty()
        });
        let fixed_parts = fixed_parts.map(|at| {
            let (name, count) = (code.names.table(*at), code.count(&code.program.definitions[*at].axes));
            code! { let #name = &#name[..#count]; }
        });
        let count = code.count(&code.program.definition(code.program.returns[0]).axes);
        code! {
            #written
            #domains
            #checks
            #p::fits::<{ Self::__SMALL }>(&[#(#counts),*])?;
            #fixed
            #(#fixed_parts)*
            let #table = table;
            #table.extend_to(#count);
            #(#definitions)*
            #marks
            #kept
            ::core::result::Result::Ok(())
        }
    }

    /// Where the table rests on no parameter: what writes it if it is kept already, and
    /// what keeps it.
    fn constant(&self, table: &Ident) -> Option<(TokenStream, TokenStream)> {
        let (code, p, name) = (self.code, self.code.private(), &self.code.model.name);
        let condition = code.constant_where()?;
        let written = code! {
            static KEPT: #p::Constant<{ <#name>::__SMALL }> = #p::Constant::new();
            let constant = #condition;
            if constant && KEPT.write(table) {
                return ::core::result::Result::Ok(());
            }
        };
        Some((written, code! { if constant { KEPT.keep(#table); } }))
    }
}

/// The length of a domain as a constant; 0 where only the program that runs knows it.
fn length(domain: &TokenStream, p: &TokenStream) -> TokenStream {
    let number = |bound: &Option<Box<syn::Expr>>| match bound.as_deref() {
        Some(syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(number), .. })) => {
            number.base10_parse::<usize>().ok()
        }
        _ => None,
    };
    if let Ok(range) = syn::parse2::<syn::ExprRange>(domain.clone()) {
        let known = number(&range.start).zip(number(&range.end)).map(|(start, end)| {
            end.saturating_sub(start) + usize::from(matches!(range.limits, syn::RangeLimits::Closed(_)))
        });
        let known = Literal::usize_suffixed(known.unwrap_or(0));
        return code! { #known };
    }
    match syn::parse2::<syn::Path>(domain.clone()) {
        Ok(path) => code! { #p::count(&#path) },
        Err(_) => code! { 0 },
    }
}
