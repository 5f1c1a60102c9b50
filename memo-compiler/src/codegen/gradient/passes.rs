//! The functions that go through the tables of a model, forward or back, and carry derivatives.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::format_ident;

use super::super::adjoint::means::{HandedBars, means_of};
use super::super::adjoint::{Adjoint, Way};
use super::super::constant::KeptConstant;
use super::super::divided::scales_of;
use super::super::units::{Kind, Unit};
use super::super::{Code, Parts};
use crate::tensor::{Activity, Body, Definition, Scalar};

/// How many definitions are gone back through in one function.
const LENGTH: usize = 24;

impl Code<'_> {
    /// The functions that go through all definitions, one way or the other.
    pub(super) fn passes(
        &self,
        activity: &Activity,
        way: Way,
        constant: Option<&KeptConstant>,
        multiples: Option<(usize, usize)>,
    ) -> TokenStream {
        let k = &self.krate;
        let p = code! { #k::__private };
        let Parts { parameters, arguments, .. } = self.parts();
        let count = parameters.len();
        let is_passed = |at: &usize| {
            let definition = &self.program.definitions[*at];
            let call = matches!(definition.body, Body::Call { .. });
            !definition.fixed && !call && activity.of_definition(*at)
        };
        let mut moving: Vec<usize> = (0..self.program.definitions.len()).filter(is_passed).collect();
        // The runtime goes back through such a table.
        moving.retain(|at| multiples.is_none_or(|(returned, _)| *at != returned));
        let returns = self.program.returns.iter().map(|id| id.0);
        let (mut before, mut after) = (TokenStream::new(), TokenStream::new());
        let holds = constant.map(KeptConstant::holds);
        if way == Way::Forward {
            let done = code! { rates.returned(&[#(#returns),*], returned); };
            before.extend(
                holds.map(|holds| code! { if #holds { #done return ::core::result::Result::Ok(()); } }),
            );
            after.extend(done);
        } else {
            moving.reverse();
            before.extend(
                holds.map(
                    |holds| code! { if #holds { bars.let_go(); return ::core::result::Result::Ok(()); } },
                ),
            );
            if multiples.is_none() {
                before.extend(returns.enumerate().map(|(which, id)| code! { bars.seed(#which, #id); }));
            }
        }
        let module = if way == Way::Second {
            code! { #p::second }
        } else {
            p.clone()
        };
        let (name, state, handed) = match way {
            Way::Back => ("__backward", code! { bars: &mut #p::Bars<'_, '_> }, code! { bars }),
            Way::Forward => ("__tangent", code! { rates: &mut #p::Rates<'_> }, code! { rates }),
            Way::Second => (
                "__second",
                code! { rates: &#p::Rates<'_>, bars: &mut #p::Bars<'_, '_, #module::Moving> },
                code! { rates, bars },
            ),
        };
        // Second derivatives are compiled where they are asked for: rustc would else look
        // at each function to see whether it is worth inlining.
        let (lazy, lifetimes, order, ordered) = match way {
            Way::Second => (
                code! { #[inline(never)] },
                code! { <'memo, Order: #p::Order> },
                code! { order: Order, },
                code! { order, },
            ),
            _ => (code! {}, code! { <'memo> }, code! {}, code! {}),
        };
        let function = |name: &Ident, body: &TokenStream| {
            code! {
                #[doc(hidden)]
                #lazy
                fn #name #lifetimes (#order inputs: &mut #p::Inputs<'_>, returned: &[#p::Returned], saved: &[::std::vec::Vec<f64>], #state, tangents: &[#p::Tangent; #count], #(#parameters),*) -> ::core::result::Result<(), #p::Fault> {
                    use #module as __memo;
                    #body
                    ::core::result::Result::Ok(())
                }
            }
        };
        let whole = format_ident!("{name}");
        if moving.len() <= LENGTH + LENGTH / 2 {
            let body = self.pass_part(activity, &moving, way, multiples);
            return function(&whole, &code! { #before #body #after });
        }
        let (mut body, mut functions) = (before, TokenStream::new());
        for (number, part) in moving.chunks(LENGTH).enumerate() {
            let name = format_ident!("{name}_{number}");
            body.extend(
                code! { Self::#name(#ordered inputs, returned, saved, #handed, tangents, #(#arguments),*)?; },
            );
            functions.extend(function(&name, &self.pass_part(activity, part, way, multiples)));
        }
        let whole = function(&whole, &code! { #body #after });
        code! { #whole #functions }
    }

    fn pass_part(
        &self,
        activity: &Activity,
        definitions: &[usize],
        way: Way,
        multiples: Option<(usize, usize)>,
    ) -> TokenStream {
        // Every table is where it was recorded.
        self.context.reset();
        self.context.gone_through.borrow_mut().extend(definitions);
        let read: BTreeSet<usize> = definitions
            .iter()
            .flat_map(|at| self.reads[*at].iter().copied())
            .chain(definitions.iter().copied())
            .collect();
        let unit = Unit {
            kind: Kind::Recorded,
            definitions: Vec::new(),
            exports: BTreeSet::new(),
            parameters: Vec::new(),
            read_after: (BTreeSet::new(), Vec::new()),
            group: None,
        };
        let prelude = self.prelude(&unit, definitions, &read);
        let tables = read.iter().map(|at| {
            let (name, definition) = (self.names.table(*at), &self.program.definitions[*at]);
            match definition.body {
                _ if definition.fixed => TokenStream::new(),
                Body::Call { site, which, .. } => code! { let #name = inputs.table(#site, #which); },
                _ => match self.program.returns.iter().position(|id| id.0 == *at) {
                    Some(which) => code! { let #name = &returned[#which].cells[..]; },
                    None if self.is_left(*at) => {
                        let (last, row) = (self.program.definitions.len(), self.length(definition.axes[1]));
                        if way == Way::Back {
                            // Multiples of them will do.
                            code! { let #name = if saved[#at].is_empty() { &returned[0].cells[..] } else { &saved[#at][..] }; }
                        } else {
                            code! {
                                let #name = __memo::restored(&saved[#at], &returned[0].cells, &saved[#last], #row);
                                let #name = &#name[..];
                            }
                        }
                    }
                    None => code! { let #name = &saved[#at][..]; },
                },
            }
        });
        self.context.enter_call();
        let (moving, conditions) = match way {
            Way::Back | Way::Second => self.moving(activity, definitions),
            Way::Forward => Default::default(),
        };
        let source = multiples.map(|(_, source)| source).filter(|source| definitions.contains(source));
        let rows = source.map(|source| {
            self.context.means.borrow_mut().insert(source, HandedBars::OfLogarithms);
            let (means, row) = (means_of(source), self.length(self.program.definitions[source].axes[1]));
            let (scales, last) = (scales_of(source), self.program.definitions.len());
            let (made, columns) = if self.is_left(source) {
                let made = code! { let #scales = __memo::Scales::new(&saved[#source], &saved[#last], #row); };
                (made, code! { #scales.columns() })
            } else {
                (TokenStream::new(), code! { &[] })
            };
            code! { #made let mut #means = bars.of_logarithms(#source, &returned[0].cells, #row, #columns); }
        });
        let loops: Vec<TokenStream> = definitions
            .iter()
            .map(|at| {
                let definition = &self.program.definitions[*at];
                let loops =
                    self.where_needed(definition, || Adjoint::new(self, activity, *at, way).loops(*at));
                let table = self.names.table(*at);
                let moves = moving.get(at).map(|moves| code! { && #moves });
                match way {
                    Way::Back | Way::Second => code! {
                        let mut bar = bars.reached(#at);
                        if !bar.is_empty() #moves { #loops }
                        __memo::take_back(bar);
                    },
                    Way::Forward => code! {
                        let mut rate = __memo::zeros(#table.len());
                        if !rate.is_empty() { #loops }
                        rates.put(#at, rate);
                    },
                }
            })
            .collect();
        self.context.leave_call();
        let means = self.context.means.take().into_keys();
        let means = means.filter(|at| source != Some(*at)).map(means_of);
        let means = means.map(|means| code! { let mut #means = ::std::vec::Vec::new(); });
        let carried = if way == Way::Forward { code!(rates) } else { code!(bars) };
        let instead = code! { let instead = #carried.instead(); };
        code! { #prelude #instead #(#tables)* #conditions #rows #(#means)* #(#loops)* }
    }

    /// Which of some tables change in some calls only, as a recursion's last does not:
    /// a variable for each that says whether it does; and what sets these.
    fn moving(&self, activity: &Activity, definitions: &[usize]) -> (BTreeMap<usize, Ident>, TokenStream) {
        let (mut moving, mut conditions) = (BTreeMap::new(), TokenStream::new());
        let inside: BTreeSet<usize> = definitions.iter().copied().collect();
        for at in inside {
            let definition = &self.program.definitions[at];
            let always = Cell::new(true);
            let moves = |decided: &Definition| {
                let moves = self.moves(activity, &moving, &decided.body);
                always.set(always.get() && moves.is_none());
                moves.unwrap_or_else(|| code! { true })
            };
            let moves = self.where_needed(definition, || self.decided(definition, 0, &moves));
            if always.get() {
                continue;
            }
            let name = format_ident!("moves_{at}", span = Span::mixed_site());
            let needed = (!definition.guard.is_empty()).then(|| self.condition(&definition.guard));
            let needed = needed.map(|needed| code! { (#needed) && });
            conditions.extend(code! { let #name = #needed { #moves }; });
            moving.insert(at, name);
        }
        (moving, conditions)
    }

    /// Whether what a body computes changes; `None` where it always does.
    fn moves(
        &self,
        activity: &Activity,
        moving: &BTreeMap<usize, Ident>,
        body: &Body,
    ) -> Option<TokenStream> {
        if !activity.of_body(body) {
            return Some(code! { false });
        }
        let mut always = false;
        for scalar in body.scalars() {
            scalar.walk(&mut |s| {
                always |= matches!(s, Scalar::Parameter(at, _) | Scalar::Index(at, ..) if activity.of_parameter(*at));
            });
        }
        let mut names = BTreeSet::new();
        for factor in body.references().iter().filter(|f| activity.of_definition(f.definition.0)) {
            match moving.get(&factor.definition.0) {
                Some(name) => _ = names.insert(name.clone()),
                None => always = true,
            }
        }
        (!always && !names.is_empty()).then(|| code! { #(#names)||* })
    }
}
