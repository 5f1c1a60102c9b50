//! Calls of other models by a model that is differentiated: what they are handed, and how
//! that changes with the parameters of the first call.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};

use super::super::adjoint::{Adjoint, Way, rate_of_parameter, sum_of};
use super::super::{Code, scalars, with_lifetime};
use crate::syntax::Parameter;
use crate::tensor::{Activity, Body, Definition, Scalar, mentions_any};

impl Code<'_> {
    /// What a parameter refers to that a call of another model may be handed anew:
    /// domains live as long as the call.
    pub(super) fn held_type(&self, parameter: &Parameter) -> Option<TokenStream> {
        let name = [parameter.name.to_string()];
        let is_domain = self.program.domains.iter().any(|domain| mentions_any(&domain.tokens, &name))
            || self.model.axes.iter().any(|axis| axis.domain.is_ident(&parameter.name));
        if is_domain { None } else { referred(parameter) }
    }

    pub(super) fn is_held(&self, name: &Ident) -> bool {
        self.model.parameters.iter().any(|p| p.name == *name && self.held_type(p).is_some())
    }

    /// The parameters of `__traced`, and what makes of them what is kept.
    pub(super) fn handed(&self) -> (Vec<TokenStream>, TokenStream) {
        let k = &self.krate;
        let p = code! { #k::__private };
        let mut handles = TokenStream::new();
        let parameters = self.parts().parameters;
        let taken = self.model.parameters.iter().zip(parameters).map(|(parameter, plain)| {
            let (name, Some(referred)) = (&parameter.name, referred(parameter)) else { return plain };
            let borrowed = self.held_type(parameter).is_none().then(|| code! { .borrowed() });
            handles.extend(code! { let #name = #p::Handed::held(#name)#borrowed; });
            code! { #name: impl #p::Handed<'memo, #referred> }
        });
        (taken.collect(), handles)
    }

    /// Which calls of other models are needed, with the derivatives of their
    /// arguments.
    pub(super) fn traced_calls(&self, activity: &Activity) -> TokenStream {
        let p = self.private();
        let mut out = TokenStream::new();
        let mut used = vec![false; self.program.domains.len()];
        for (at, definition) in self.program.definitions.iter().enumerate() {
            let Body::Call { site, path, arguments, .. } = &definition.body else { continue };
            if definition.fixed {
                continue;
            }
            for axis in &definition.axes {
                used[self.program.axes[axis.0].domain.0] = true;
            }
            let call = if activity.of_definition(at) {
                let span = scalars::span_of_path(path);
                let hygienic = span.resolved_at(Span::mixed_site());
                let blamed = self.private_at(span);
                let check = quote_spanned! {hygienic=> #blamed::differentiated::<#path>(); };
                let (lets, tangents): (Vec<TokenStream>, Vec<TokenStream>) = arguments
                    .iter()
                    .enumerate()
                    .map(|(at, argument)| self.tangent(activity, at, argument))
                    .unzip();
                let made = self.made_traced_call(definition, &tangents);
                code! { { #check #(#lets)* #made calls.visit(#site, job); } }
            } else {
                let made = self.made_call(definition);
                code! { { #made calls.plain(#site, #p::solve(job)?); } }
            };
            out.extend(self.guarded(definition, call));
        }
        let checks = self.same_domains(&mut used);
        let domains = self.domains(&|at| used[at]);
        code! { #domains #checks #out }
    }

    /// `let (axes, job) = …;` for a call to be differentiated.
    fn made_traced_call(&self, definition: &Definition, tangents: &[TokenStream]) -> TokenStream {
        let Body::Call { path, arguments, .. } = &definition.body else {
            unreachable!("bug in memo: only calls are made")
        };
        let arguments = arguments.iter().map(|argument| match argument {
            Scalar::Parameter(at, _) if self.held_type(&self.model.parameters[*at]).is_some() => {
                let held = held_of(&self.model.parameters[*at].name);
                code! { ::core::clone::Clone::clone(#held) }
            }
            _ => self.argument(argument, path),
        });
        let span = scalars::span_of_path(path).resolved_at(Span::mixed_site());
        let called = quote_spanned! {span=> #path::__traced(#(#arguments,)* [#(#tangents),*], order)? };
        self.with_axes_checked(definition, &called)
    }

    /// The derivative of an argument with respect to the inputs.
    fn tangent(&self, activity: &Activity, at: usize, argument: &Scalar) -> (TokenStream, TokenStream) {
        let p = self.private();
        match argument {
            Scalar::Parameter(own, _) if activity.of_parameter(*own) => {
                return (code! {}, code! { ::core::clone::Clone::clone(&tangents[#own]) });
            }
            _ if !activity.of(argument) => return (code! {}, code! { #p::Tangent::none() }),
            _ => {}
        }
        let name = format_ident!("tangent_{at}", span = Span::mixed_site());
        let k = &self.krate;
        let module = code! { #k::__private };
        // The derivative may change itself.
        let adjoint = Adjoint::new(self, activity, 0, Way::Second);
        let (code, numbers, elements) = adjoint.of_static(argument);
        let rates = adjoint.rates_of_parameters(&code! { calls }, rate_of_parameter);
        let zero = adjoint.zero();
        let zeros = numbers.iter().map(|number| {
            let sum = sum_of(*number);
            code! { let mut #sum = #zero; }
        });
        let numbers = numbers.iter().map(|number| {
            let sum = sum_of(*number);
            code! { #name.add(&tangents[#number], #sum); }
        });
        let lists = elements.iter().map(|array| {
            let sum = sum_of(*array);
            code! { let mut #sum = #p::Elementwise::new(); }
        });
        let elements = elements.iter().map(|array| {
            let (sum, parameter) = (sum_of(*array), &self.model.parameters[*array].name);
            code! { #name.add_elements(calls.position(#p::place_of(#parameter)), &#sum); }
        });
        let made = code! {
            let mut #name = #p::Tangent::none();
            {
                use #module::second as __memo;
                #rates
                #(#zeros)*
                #(#lists)*
                #code
                #(#numbers)*
                #(#elements)*
            }
        };
        (made, code! { #name })
    }
}

/// What a parameter refers to, for as long as the call.
fn referred(parameter: &Parameter) -> Option<TokenStream> {
    match &parameter.ty {
        syn::Type::Reference(reference) if reference.lifetime.is_none() => {
            Some(with_lifetime(&reference.elem))
        }
        _ => None,
    }
}

/// The variable that keeps what a parameter refers to.
pub(super) fn held_of(name: &Ident) -> Ident {
    format_ident!("held_{name}", span = Span::mixed_site())
}
