//! What `#[memo(grad)]` adds to a model: functions that compute its tables and
//! keep what the derivative needs, and those that go back through them.

mod calls;
mod interface;
mod passes;
mod record;

use proc_macro2::{Ident, TokenStream};

use calls::held_of;

use super::adjoint::Way;
use super::adjoint::means::returned_multiples;
use super::compact::Compact;
use super::constant::KeptConstant;
use super::{Code, Parts};
use crate::diagnostics::Errors;
use crate::syntax::{Model, Parameter, ParameterClass};
use crate::tensor::{Activity, Obstacle, Program, Wanted};

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
}
