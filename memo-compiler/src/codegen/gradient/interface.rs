//! What users call of a model with `#[memo(grad)]`, and what stands in its place
//! elsewhere.

use proc_macro2::{Span, TokenStream};
use quote::format_ident;

use super::super::compact::Compact;
use super::super::{Code, Parts};
use crate::tensor::Wanted;

impl Code<'_> {
    /// `f::traced`, for what is computed from several models. What is carried forward is as
    /// good there as on a record, where no second derivatives are wanted.
    pub(super) fn composed(
        &self,
        compact: Option<&Compact>,
        inputs: &[TokenStream],
        own: &[TokenStream],
        tables: &TokenStream,
    ) -> TokenStream {
        let Parts { arguments, .. } = self.parts();
        let k = &self.krate;
        let (p, text) = (code! { #k::__private }, self.model.name.to_string());
        let (mut taken, mut given, mut plain) = (TokenStream::new(), Vec::new(), TokenStream::new());
        let mut lent = TokenStream::new();
        for (at, wanted) in self.model.wanted().into_iter().enumerate() {
            let (name, ty) = (arguments[at], &self.model.parameters[at].ty);
            let numbers = format_ident!("numbers_{at}", span = Span::mixed_site());
            if wanted == Wanted::Number {
                taken.extend(
                    code! { let #numbers: [#k::Var<'t, 'memo>; 1] = [::core::convert::Into::into(#name)]; },
                );
                plain.extend(code! { let #name = #k::Real::value(#numbers[0]) as #ty; });
            } else if self.takes_vars(at) {
                taken.extend(code! { let (#name, #numbers) = #k::TracedArray::taken(#name); });
                lent.extend(code! { let #name = &*#name; });
            } else {
                continue;
            }
            given.push(code! { (#at, &#numbers[..]) });
        }
        // All of its parameters that are wanted are numbers, in the order of the directions.
        let small = compact.map(|_| {
            code! {
                if const { Self::__SMALL != 0 } && #p::of_first_order(given) {
                    return ::core::result::Result::Ok(Self::try_record(#(#arguments),*)?.__traced(given));
                }
            }
        });
        self.traced(&code! {
            #taken
            #plain
            let given: &[(usize, &[#k::Var<'t, 'memo>])] = &[#(#given),*];
            #small
            let inputs = { #lent [#(#inputs),*] };
            let (axes, job) = Self::__traced(#(#arguments,)* [#(#own),*], #p::Second)?;
            #p::traced(#text, job, &inputs, given, move |mut tables| ::core::result::Result::Ok(#tables))
        })
    }

    /// Whether a parameter of `f::traced` may be an array of numbers whose derivatives are
    /// wanted.
    fn takes_vars(&self, at: usize) -> bool {
        self.model.wanted()[at] == Wanted::Array && self.held_type(&self.model.parameters[at]).is_some()
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
                Wanted::Array if self.takes_vars(at) => {
                    let array = self.held_type(&self.model.parameters[at]);
                    code! { #name: impl #k::TracedArray<'t, 'memo, #array> }
                }
                _ => parameter.clone(),
            }
        });
        self.tried_with(
            "traced",
            "The table as numbers whose derivatives are wanted: see `memo::grad`. A number with respect to which is differentiated is an `f64` or a `memo::Var`, an array one of either.",
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
        let arguments = &given.1;
        let tried = format_ident!("try_{name}");
        let plain = code! {
            match Self::#tried(#arguments) {
                ::core::result::Result::Ok(found) => found,
                ::core::result::Result::Err(error) => ::core::panic!("{error}"),
            }
        };
        self.pair(name, about, lifetimes, &given.0, returned, (body, &plain))
    }

    /// `f::try_…` and `f::…`, with the body of each.
    fn pair(
        &self,
        name: &str,
        about: &str,
        lifetimes: &TokenStream,
        parameters: &TokenStream,
        returned: &TokenStream,
        (body, plain): (&TokenStream, &TokenStream),
    ) -> TokenStream {
        let k = &self.krate;
        // Their names are the user's to call.
        let [name, tried] = [name.to_string(), format!("try_{name}")].map(|name| format_ident!("{name}"));
        let panics = format!("{about}\n\n# Panics\nWhere `{tried}` returns an error.");
        let errors = format!("{about}\n\n# Errors\nWhat can only go wrong at run time: see `memo::Error`.");
        code! {
            #[doc = #errors]
            pub fn #tried #lifetimes (#parameters) -> ::core::result::Result<#returned, #k::Error> { #body }

            #[doc = #panics]
            #[track_caller]
            pub fn #name #lifetimes (#parameters) -> #returned { #plain }
        }
    }

    /// `f::record`, which calls the model by `made`.
    pub(in super::super) fn records(
        &self,
        compact: Option<&Compact>,
        returned: &TokenStream,
        made: &TokenStream,
    ) -> TokenStream {
        let Parts { name, parameters, arguments, .. } = self.parts();
        let (k, text) = (&self.krate, name.to_string());
        let p = code! { #k::__private };
        let (name, about) = (
            "record",
            "The call with all that its derivatives need: its table, from which a cotangent is made, and the way back.",
        );
        let (parameters, arguments) = (code! { #(#parameters),* }, code! { #(#arguments),* });
        let made = code! { #p::guarded(#text, move || { #made }) };
        let Some(compact) = compact else {
            return self.tried(name, about, &(parameters, arguments), returned, &made);
        };
        let (result, option) = (code! { ::core::result::Result }, code! { ::core::option::Option });
        let strict = self.model.options.strict;
        let check = |failed: &TokenStream| {
            strict.then(|| code! { if let #result::Err(error) = record.value().__check_strict() { #failed } })
        };
        let (fails, panics) = (code! { return #result::Err(error); }, code! { ::core::panic!("{error}") });
        let (tried_check, check) = (check(&fails), check(&panics));
        let tried = code! {
            if let #option::Some(record) = Self::__recorded(#arguments)? {
                #tried_check
                return #result::Ok(record);
            }
            Self::__recorded_back(#arguments)
        };
        // Not by `try_record`: what is moved soon after it was written waits for its way to
        // memory.
        let plain = code! {
            let found = match Self::__recorded(#arguments) {
                #result::Ok(#option::Some(record)) => {
                    #check
                    return record;
                }
                #result::Ok(#option::None) => Self::__recorded_back(#arguments),
                #result::Err(fault) => #result::Err(#k::Error::from(fault)),
            };
            match found {
                #result::Ok(record) => record,
                #result::Err(error) => #panics,
            }
        };
        let small = compact.recorded(self);
        let functions = self.pair(name, about, &code! { <'memo> }, &parameters, returned, (&tried, &plain));
        code! {
            #functions

            /// The call with derivatives that are carried forward, where they are.
            #[doc(hidden)]
            #[inline(always)]
            fn __recorded<'memo>(#parameters) -> #result<#option<#returned>, #p::Fault> {
                #small
            }

            /// The same with the way back.
            #[doc(hidden)]
            #[inline(never)]
            fn __recorded_back<'memo>(#parameters) -> #result<#returned, #k::Error> {
                #made
            }
        }
    }

    /// A function that this model cannot have, so that rustc says why not: the bound has the
    /// words. It is for all of some lifetimes, or rustc would say so where nobody calls it.
    pub(super) fn refused(&self, name: &str, bound: &TokenStream, returned: &TokenStream) -> TokenStream {
        let Parts { parameters, .. } = self.parts();
        let k = &self.krate;
        let p = code! { #k::__private };
        let tried = code! { ::core::result::Result<#returned, #k::Error> };
        let functions = [(name.to_string(), returned), (format!("try_{name}"), &tried)];
        let functions = functions.map(|(name, returned)| {
            let name = format_ident!("{name}");
            code! {
                #[doc(hidden)]
                pub fn #name<'memo>(#(#parameters),*) -> #returned
                where
                    for<'any> Self: #p::#bound<'any>,
                {
                    ::core::unreachable!("bug in memo: this model has no such derivative")
                }
            }
        });
        code! { #(#functions)* }
    }

    /// What keeps rustc from saying the same twice of a model that another would
    /// differentiate: `Differentiated` is what it lacks.
    pub(super) fn no_gradient(&self) -> TokenStream {
        let Parts { name, attributes, .. } = self.parts();
        let conditional = attributes.iter().filter(|a| a.path().is_ident("cfg"));
        let k = &self.krate;
        let p = code! { #k::__private };
        let (parameters, _) = self.handed();
        code! {
            #(#conditional)*
            #[allow(unused_variables, dead_code, clippy::all, clippy::pedantic)]
            impl #name {
                #[doc(hidden)]
                pub fn __traced<'memo, Tangents, Order>(#(#parameters,)* tangents: Tangents, order: Order) -> ::core::result::Result<(<Self as #p::Signature>::Axes<'memo>, #p::TracedJob<'memo>), #p::Fault> {
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
        let (handed, _) = self.handed();
        let functions = functions.map(|(name, given, returned)| self.tried(name, "", given, &returned, body));
        let traced = self.traced(body);
        code! {
            impl #p::Differentiated for #name {}
            #[allow(unused_variables, dead_code, missing_docs)]
            impl #name {
                #(#functions)*
                #traced
                #[doc(hidden)]
                pub fn __traced<'memo, Order>(#(#handed,)* tangents: [#p::Tangent; #count], order: Order) -> #result<(<Self as #p::Signature>::Axes<'memo>, #p::TracedJob<'memo>), #p::Fault> { #body }
            }
        }
    }
}
