//! What users call of a model with `#[memo(grad)]`, and what stands in its place
//! elsewhere.

use proc_macro2::{Ident, TokenStream};
use quote::format_ident;

use super::super::{Code, Parts};
use crate::tensor::Wanted;

impl Code<'_> {
    /// `f::traced`, for what is computed from several models.
    pub(super) fn composed(
        &self,
        inputs: &[TokenStream],
        own: &[TokenStream],
        tables: &TokenStream,
    ) -> TokenStream {
        let Parts { arguments, .. } = self.parts();
        let k = &self.krate;
        let (p, text) = (code! { #k::__private }, self.model.name.to_string());
        let wanted = self.model.wanted().into_iter().enumerate();
        let numbers: Vec<usize> = wanted.filter(|(_, w)| *w == Wanted::Number).map(|(at, _)| at).collect();
        let names: Vec<&Ident> = numbers.iter().map(|at| arguments[*at]).collect();
        let types = numbers.iter().map(|at| &self.model.parameters[*at].ty);
        self.traced(&code! {
            #(let #names: #k::Var<'t, 'memo> = ::core::convert::Into::into(#names);)*
            let numbers = [#((#numbers, #names)),*];
            #(let #names = #k::Real::value(#names) as #types;)*
            let (axes, job) = Self::__traced(#(#arguments,)* [#(#own),*])?;
            #p::traced(#text, job, &[#(#inputs),*], &numbers, move |mut tables| ::core::result::Result::Ok(#tables))
        })
    }

    /// `f::traced` with this body.
    fn traced(&self, body: &TokenStream) -> TokenStream {
        let Parts { arguments, returns, parameters, .. } = self.parts();
        let k = &self.krate;
        let p = code! { #k::__private };
        let wanted = self.model.wanted();
        let taken = (0..parameters.len()).map(|at| {
            let (name, parameter) = (arguments[at], &parameters[at]);
            match wanted[at] {
                Wanted::Number => code! { #name: impl ::core::convert::Into<#k::Var<'t, 'memo>> },
                _ => parameter.clone(),
            }
        });
        self.tried_with(
            "traced",
            "The table as numbers whose derivatives are wanted: see `memo::grad`. A parameter with respect to which is differentiated is an `f64` or a `memo::Var`; with respect to the elements of arrays there is no derivative here.",
            &code! { <'memo: 't, 't> },
            &(code! { #(#taken),* }, code! { #(#arguments),* }),
            &code! { <#returns as #p::Cut<'t, 'memo>>::Cut },
            body,
        )
    }

    /// `f::try_…`, which returns an error, and `f::…`, which panics with it;
    /// `given` are the parameters and the arguments.
    pub(in super::super) fn tried(
        &self,
        name: &str,
        about: &str,
        given: &(TokenStream, TokenStream),
        returned: &TokenStream,
        body: &TokenStream,
    ) -> TokenStream {
        self.tried_with(name, about, &code! { <'memo> }, given, returned, body)
    }

    fn tried_with(
        &self,
        name: &str,
        about: &str,
        lifetimes: &TokenStream,
        given: &(TokenStream, TokenStream),
        returned: &TokenStream,
        body: &TokenStream,
    ) -> TokenStream {
        let k = &self.krate;
        let (parameters, arguments) = given;
        // Their names are the user's to call.
        let [name, tried] = [name.to_string(), format!("try_{name}")].map(|name| format_ident!("{name}"));
        let panics = format!("{about}\n\n# Panics\nWhere `{tried}` returns an error.");
        let errors = format!("{about}\n\n# Errors\nWhat can only go wrong at run time: see `memo::Error`.");
        code! {
            #[doc = #errors]
            pub fn #tried #lifetimes (#parameters) -> ::core::result::Result<#returned, #k::Error> { #body }

            #[doc = #panics]
            #[track_caller]
            pub fn #name #lifetimes (#parameters) -> #returned {
                match Self::#tried(#arguments) {
                    ::core::result::Result::Ok(found) => found,
                    ::core::result::Result::Err(error) => ::core::panic!("{error}"),
                }
            }
        }
    }

    /// What keeps rustc from saying the same twice of a model that another would
    /// differentiate: `Differentiated` is what it lacks.
    pub(super) fn no_gradient(&self) -> TokenStream {
        let Parts { name, parameters, attributes, .. } = self.parts();
        let conditional = attributes.iter().filter(|a| a.path().is_ident("cfg"));
        let k = &self.krate;
        let p = code! { #k::__private };
        code! {
            #(#conditional)*
            #[allow(unused_variables, dead_code, clippy::all, clippy::pedantic)]
            impl #name {
                #[doc(hidden)]
                pub fn __traced<'memo, Tangents>(#(#parameters,)* tangents: Tangents) -> ::core::result::Result<(<Self as #p::Signature>::Axes<'memo>, #p::TracedJob<'memo>), #k::Error> {
                    ::core::unreachable!("this model has no derivative")
                }
            }
        }
    }

    /// The same names, of a model that does not compile.
    pub(in super::super) fn gradient_stub(&self, body: &TokenStream) -> TokenStream {
        if self.model.options.grad.is_none() {
            return TokenStream::new();
        }
        let Parts { name, parameters, arguments, returns, .. } = self.parts();
        let (k, number) = (&self.krate, self.model.returns.len().max(1));
        let (p, result) = (code! { #k::__private }, code! { ::core::result::Result });
        let count = parameters.len();
        let given = (code! { #(#parameters),* }, code! { #(#arguments),* });
        let seeded = (
            code! { #(#parameters,)* cotangent: impl #k::Seeds<#number> },
            code! { #(#arguments,)* cotangent },
        );
        let functions = [
            ("record", &given, code! { #k::Record<'memo, #returns, #number> }),
            ("vjp", &seeded, code! { (#returns, #k::Gradient) }),
            ("jacobian", &given, code! { #k::Jacobian<<Self as #p::Signature>::Axes<'memo>> }),
            ("value_and_grad", &given, code! { (f64, #k::Gradient) }),
        ];
        let functions = functions.map(|(name, given, returned)| self.tried(name, "", given, &returned, body));
        let traced = self.traced(body);
        code! {
            impl #p::Differentiated for #name {}
            #[allow(unused_variables, dead_code, missing_docs)]
            impl #name {
                #(#functions)*
                #traced
                #[doc(hidden)]
                pub fn __traced<'memo>(#(#parameters,)* tangents: [#p::Tangent; #count]) -> #result<(<Self as #p::Signature>::Axes<'memo>, #p::TracedJob<'memo>), #k::Error> { #body }
            }
        }
    }
}
