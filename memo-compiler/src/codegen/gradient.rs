//! What `#[memo(grad)]` adds to a model: functions that compute its tables and
//! keep what the derivative needs, and those that go back through them.

mod calls;
mod interface;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::format_ident;

use calls::held_of;

use super::adjoint::means::{HandedBars, means_of, returned_multiples};
use super::adjoint::{Adjoint, Way};
use super::compact::Compact;
use super::constant::KeptConstant;
use super::divided::scales_of;
use super::units::{Kind, Unit};
use super::{Code, Parts};
use crate::diagnostics::Errors;
use crate::syntax::{Model, Parameter, ParameterClass};
use crate::tensor::{Activity, Body, Definition, Obstacle, Program, Scalar, Wanted};

/// How many definitions are gone back through in one function.
const LENGTH: usize = 24;

impl Model {
    /// With respect to which parameters is differentiated.
    pub(crate) fn wanted(&self) -> Vec<Wanted> {
        let Some(names) = &self.options.grad else { return vec![Wanted::Not; self.parameters.len()] };
        let wanted = |parameter: &Parameter| {
            if !names.is_empty() && !names.contains(&parameter.name) {
                return Wanted::Not;
            }
            match parameter.class {
                ParameterClass::Real => Wanted::Number,
                _ if parameter.is_array() => Wanted::Array,
                _ => Wanted::Not,
            }
        };
        self.parameters.iter().map(wanted).collect()
    }
}

/// What is in the way of the derivative that `#[memo(grad)]` asks for.
pub fn check(model: &Model, program: &Program, errors: &mut Errors) {
    let Some(names) = &model.options.grad else { return };
    let possible = |p: &&Parameter| p.class == ParameterClass::Real || p.is_array();
    let known: Vec<String> = model.parameters.iter().filter(possible).map(|p| p.name.to_string()).collect();
    for name in names.iter().filter(|name| !known.contains(&name.to_string())) {
        errors.gradient_of_unknown(name.span(), &name.to_string(), &known);
    }
    if names.is_empty() && known.is_empty() {
        errors.gradient_of_nothing(model.name.span(), &model.name.to_string());
    }
    for obstacle in Activity::new(program, model.wanted()).obstacles(program) {
        match obstacle {
            Obstacle::Rust(span, parameter) => errors.gradient_through_rust(span, &parameter),
            Obstacle::Function(span, parameter, function) => {
                errors.gradient_through_function(span, &parameter, &function);
            }
        }
    }
}

/// The functions for derivatives.
pub(super) fn generate(code: &Code<'_>, compact: Option<&Compact>) -> TokenStream {
    let model = code.model;
    if model.options.grad.is_none() {
        return code.no_gradient();
    }
    let activity = Activity::new(code.program, model.wanted());
    let program = code.program.unkept(&activity);
    let code = Code::new(model, &program);
    code.gradient(&activity, compact, code.kept_constant().as_ref())
}

impl Code<'_> {
    fn gradient(
        &self,
        activity: &Activity,
        compact: Option<&Compact>,
        constant: Option<&KeptConstant>,
    ) -> TokenStream {
        let Parts { name, parameters, arguments, returns, attributes, .. } = self.parts();
        let conditional = attributes.iter().filter(|a| a.path().is_ident("cfg")).collect::<Vec<_>>();
        let k = &self.krate;
        let p = code! { #k::__private };
        let result = code! { ::core::result::Result };
        let (text, sites, count) = (name.to_string(), self.program.sites, parameters.len());
        let inputs = self.inputs(activity);
        let calls = self.traced_calls(activity);
        let multiples = returned_multiples(self, activity);
        let (forward, forward_parts) = self.recorded(constant, multiples);
        let backward = self.passes(activity, Way::Back, constant, multiples);
        let tangent = self.passes(activity, Way::Forward, constant, None);
        let second = self.passes(activity, Way::Second, constant, None);
        let own: Vec<TokenStream> = activity
            .parameters()
            .iter()
            .enumerate()
            .map(|(at, wanted)| match wanted {
                Wanted::Number => code! { #p::Tangent::input(#at) },
                _ => code! { #p::Tangent::none() },
            })
            .collect();
        let takes_logarithms = match (multiples, constant.map(KeptConstant::holds)) {
            (Some(_), Some(holds)) => code! { !#holds },
            (multiples, _) => {
                let takes = multiples.is_some();
                code! { #takes }
            }
        };
        let tangents = code! { tangents: [#p::Tangent; #count] };
        let traced = code! { Self::__traced(#(#arguments,)* [#(#own),*], #p::First) };
        let (handed, handles) = self.handed();
        let (_, axes) = self.axis_parameters();
        let kept: Vec<&Ident> = arguments.iter().copied().filter(|name| self.is_held(name)).collect();
        // Each closure has its own.
        let keep = code! { #(let #kept = ::core::clone::Clone::clone(&#kept);)* };
        let lent = |name: &&Ident| {
            if kept.contains(name) {
                code! { &#name }
            } else {
                code! { #name }
            }
        };
        let lent: Vec<TokenStream> = arguments.iter().map(lent).collect();
        let key = |name: &&Ident| {
            if kept.contains(name) {
                code! { &&*#name }
            } else {
                code! { &#name }
            }
        };
        let key: Vec<TokenStream> = arguments.iter().map(key).collect();
        let of_calls = parameters.iter().zip(&self.model.parameters).map(|(plain, parameter)| {
            let (name, held) = (&parameter.name, self.held_type(parameter));
            held.map_or_else(|| plain.clone(), |held| code! { #name: &#p::Held<'memo, #held> })
        });
        let lend = kept.iter().map(|name| {
            let held = held_of(name);
            code! { let #held = #name; let #name = &**#held; }
        });
        let tables = self.tables_for_users();
        let number = self.model.returns.len();
        let record = code! { #k::Record<'memo, #returns, #number> };
        let gradient = code! { #k::Gradient };
        let call = |function: TokenStream| code! { Self::#function(#(#arguments),*)? };
        let recorded = call(code!(try_record));
        let seeded = code! { #(#arguments,)* cotangent };
        let taken = code! { #(#parameters,)* cotangent: impl #k::Seeds<#number> };
        let given = (code! { #(#parameters),* }, code! { #(#arguments),* });
        let made = code! {
            let (axes, job) = #traced?;
            #k::Record::__new(#text, job, &[#(#inputs),*], move |mut tables| #result::Ok(#tables))
        };
        let mut functions = self.records(compact, &record, &made);
        functions.extend(self.tried(
            "vjp",
            "The table and the derivative of the sum of all its cells times the cotangent, with respect to the parameters.",
            &(taken, seeded),
            &code! { (#returns, #gradient) },
            &code! { #k::Record::__with_vjp(Self::try_record(#(#arguments),*), cotangent) },
        ));
        let jacobian = code! { #k::Jacobian<<Self as #p::Signature>::Axes<'memo>> };
        let slope = code! { (f64, #gradient) };
        if number == 1 {
            functions.extend(self.tried(
                "jacobian",
                "The table and the derivative of each of its cells with respect to the parameters.",
                &given,
                &jacobian,
                &code! { #recorded.try_jacobian() },
            ));
        } else {
            functions.extend(self.refused("jacobian", &code! { ReturnsOneTable }, &jacobian));
        }
        if number == 1 && self.model.axes.is_empty() {
            functions.extend(self.tried(
                "value_and_grad",
                "The value and its derivative with respect to the parameters.",
                &given,
                &slope,
                &code! {
                    let mut record = #recorded;
                    let gradient = record.try_vjp(&1.0)?;
                    #result::Ok((record.into_value().value(), gradient))
                },
            ));
        } else {
            functions.extend(self.refused("value_and_grad", &code! { ReturnsOneNumber }, &slope));
        }
        functions.extend(self.composed(compact.filter(|way| !way.of_arrays), &inputs, &own, &tables));
        code! {
            #(#conditional)*
            impl #p::Differentiated for #name {}

            #(#conditional)*
            #[allow(non_snake_case, unused_variables, unused_mut, unused_doc_comments, unused_parens, unused_braces, unused_assignments, dead_code, unreachable_code, unreachable_pub, unused_imports, clippy::all, clippy::pedantic, clippy::nursery)]
            impl #name {
                #functions

                #[doc(hidden)]
                pub fn __traced<'memo, Order: #p::Order>(#(#handed,)* #tangents, order: Order) -> #result<(<Self as #p::Signature>::Axes<'memo>, #p::TracedJob<'memo>), #p::Fault> {
                    #handles
                    let axes = Self::__axes(#(#axes),*)?;
                    let parts = #p::TracedParts {
                        sites: #sites,
                        takes_logarithms: #takes_logarithms,
                        tangents,
                        calls: {
                            #keep
                            move |calls: &mut #p::TracedCalls<'memo>, tangents: &[#p::Tangent; #count]| Self::__traced_calls(order, calls, tangents, #(#lent),*)
                        },
                        forward: {
                            #keep
                            move |inputs: &mut #p::Inputs<'_>| Self::__record(inputs, #(#lent),*)
                        },
                        tangent: {
                            #keep
                            move |inputs: &mut #p::Inputs<'_>, returned: &[#p::Returned], saved: &[::std::vec::Vec<f64>], rates: &mut #p::Rates<'_>, tangents: &[#p::Tangent; #count]| {
                                Self::__tangent(inputs, returned, saved, rates, tangents, #(#lent),*)
                            }
                        },
                        backward: {
                            #keep
                            move |inputs: &mut #p::Inputs<'_>, returned: &[#p::Returned], saved: &[::std::vec::Vec<f64>], bars: &mut #p::Bars<'_, '_>, tangents: &[#p::Tangent; #count]| {
                                Self::__backward(inputs, returned, saved, bars, tangents, #(#lent),*)
                            }
                        },
                        second: order.keep({
                            #keep
                            move |inputs: &mut #p::Inputs<'_>, returned: &[#p::Returned], saved: &[::std::vec::Vec<f64>], rates: &#p::Rates<'_>, bars: &mut #p::Bars<'_, '_, #p::second::Moving>, tangents: &[#p::Tangent; #count]| {
                                Self::__second(order, inputs, returned, saved, rates, bars, tangents, #(#lent),*)
                            }
                        }),
                    };
                    let job = #p::TracedJob::new(Self::__model(), &[#(#key,)*], parts);
                    #result::Ok((axes, job))
                }

                #[doc(hidden)]
                fn __traced_calls<'memo, Order: #p::Order>(order: Order, calls: &mut #p::TracedCalls<'memo>, tangents: &[#p::Tangent; #count], #(#of_calls),*) -> #result<(), #p::Fault> {
                    use #p as __memo;
                    #(#lend)*
                    #calls
                    #result::Ok(())
                }

                #[doc(hidden)]
                fn __record<'memo>(inputs: &mut #p::Inputs<'_>, #(#parameters),*) -> #result<(#p::Tables, #p::Saved), #p::Fault> {
                    use #p as __memo;
                    #forward
                }

                #forward_parts
                #backward
                #tangent
                #second
            }
        }
    }

    /// The parameters, as inputs of the derivative.
    fn inputs(&self, activity: &Activity) -> Vec<TokenStream> {
        self.inputs_of(activity.parameters())
    }

    fn inputs_of(&self, wanted: &[Wanted]) -> Vec<TokenStream> {
        let k = &self.krate;
        let p = code! { #k::__private };
        let input = |(parameter, wanted): (&Parameter, &Wanted)| {
            let (name, text) = (&parameter.name, parameter.name.to_string());
            match wanted {
                Wanted::Not => code! { #p::InputArray::passed(#text) },
                Wanted::Number => code! { #p::InputArray::number(#text) },
                Wanted::Array => code! { #p::InputArray::array(#text, #name) },
            }
        };
        self.model.parameters.iter().zip(wanted).map(input).collect()
    }

    /// Those of them with respect to which is differentiated.
    pub(super) fn wanted_inputs(&self) -> Vec<TokenStream> {
        let wanted = self.model.wanted();
        let inputs = self.inputs_of(&wanted).into_iter().zip(&wanted);
        inputs.filter(|(_, wanted)| **wanted != Wanted::Not).map(|(input, _)| input).collect()
    }

    /// What computes the tables and keeps them, and the functions that it needs.
    fn recorded(
        &self,
        constant: Option<&KeptConstant>,
        multiples: Option<(usize, usize)>,
    ) -> (TokenStream, TokenStream) {
        let p = self.private();
        let own = self.program.definitions.iter().enumerate();
        let own = own.filter(|(_, d)| !d.fixed && !matches!(d.body, Body::Call { .. })).map(|(at, _)| at);
        let definitions: Vec<usize> = own.collect();
        let marks: BTreeSet<usize> = self.program.evidence.iter().map(|e| e.factor.definition.0).collect();
        let marked = if marks.is_empty() { Vec::new() } else { self.program.table.clone() };
        let unit = Unit {
            kind: Kind::Recorded,
            exports: definitions.iter().copied().collect(),
            definitions: definitions.clone(),
            parameters: Vec::new(),
            read_after: (marks, marked),
            group: None,
        };
        let left = multiples.filter(|(reader, source)| self.may_be_left(*reader, *source));
        self.context.left_as_weights.set(left.map(|(_, source)| source));
        let (mut filled, mut functions) = self.divided(&unit, "__record");
        let undivided = |at: usize| self.context.undivided.borrow().contains(&at);
        if self.context.left_as_weights.get().is_some_and(|at| !functions.is_empty() || !undivided(at)) {
            // What divides them would not be at hand in the end.
            self.context.left_as_weights.set(None);
            (filled, functions) = self.divided(&unit, "__record");
        }
        let returns: Vec<usize> = self.program.returns.iter().map(|id| id.0).collect();
        let marks = (0..returns.len()).map(|at| self.returned(at));
        let tables = returns.iter().map(|at| self.names.table(*at));
        let tables = match returns.as_slice() {
            [_] => code! { #p::Tables::One(#(#tables)*) },
            _ => code! { #p::Tables::Shared(::std::sync::Arc::new([#(#tables),*])) },
        };
        let saved = (0..self.program.definitions.len()).map(|at| {
            let table = self.names.table(at);
            if definitions.contains(&at) && !returns.contains(&at) {
                code! { #table }
            } else {
                code! { ::std::vec::Vec::new() }
            }
        });
        let numbers = left.filter(|(_, at)| self.is_left(*at)).map(|(reader, at)| {
            let (divisor, scales) = (Self::divisor(at), scales_of(at));
            match self.made_in_place_of(reader) {
                Some(_) => code! { #scales },
                None => code! { #divisor.into_numbers() },
            }
        });
        let saved = saved.chain(numbers.clone());
        let count = self.program.definitions.len() + usize::from(numbers.is_some());
        let (taken, kept) = constant.map(|constant| constant.of_record(count)).unzip();
        let tables =
            kept.map_or(tables.clone(), |kept: TokenStream| code! { { recorded = #tables; #kept recorded } });
        let body = code! {
            #taken
            #filled
            #(#marks)*
            ::core::result::Result::Ok((#tables, ::std::vec![#(#saved),*]))
        };
        (body, functions)
    }

    /// Whether multiples were kept in the place of a definition's chances.
    pub(super) fn is_left(&self, at: usize) -> bool {
        self.context.left_as_weights.get() == Some(at)
    }

    /// The functions that go through all definitions, one way or the other.
    fn passes(
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
                always |= matches!(s, Scalar::Parameter(at) | Scalar::Index(at, ..) if activity.of_parameter(*at));
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
