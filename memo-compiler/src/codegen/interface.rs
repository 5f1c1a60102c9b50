//! What a model is for its users: the struct with its signature, the function that calls it,
//! and the associated functions, around those that the other files make.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};

use super::compact::Compact;
use super::scalars::span_of_path;
use super::{Code, Parts, with_lifetime};
use crate::optimise::Long;

/// The types and traits of Rust's own prelude.
const KNOWN_EVERYWHERE: [&str; 39] = [
    "AsMut",
    "AsRef",
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "Box",
    "Clone",
    "Copy",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Send",
    "Sized",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// How what a call makes is handed to users: what there is before the call, the places that
/// the call fills, and what the user gets.
struct MadeTables {
    begun: TokenStream,
    places: TokenStream,
    tables: TokenStream,
}

impl Code<'_> {
    /// The struct that carries the associated functions, and the type of the
    /// table's axes.
    ///
    /// A bound names a domain's *value*; its type is found through a glob
    /// import that an explicit one shadows, namespace by namespace, see
    /// `memo_runtime::axis_type`.
    pub(super) fn signature(&self) -> TokenStream {
        let Parts { visibility, name, attributes, .. } = self.parts();
        let k = &self.krate;
        let conditional = attributes.iter().filter(|a| a.path().is_ident("cfg")).collect::<Vec<_>>();
        let mut imports = Vec::new();
        let mut types = Vec::new();
        for (at, axis) in self.model.axes.iter().enumerate() {
            if let Some(parameter) = self.model.parameters.iter().find(|p| axis.domain.is_ident(&p.name)) {
                types.push(with_lifetime(&parameter.ty));
                continue;
            }
            let domain = &axis.domain;
            let span = span_of_path(domain);
            let alias = format_ident!("Axis{at}", span = span);
            // A type may be called as one that is known everywhere: which is meant is
            // not clear to `use` where a macro has made the type, as derives do.
            let here = domain.get_ident().filter(|name| KNOWN_EVERYWHERE.iter().any(|known| name == known));
            let here = here.map(|_| quote_spanned! {span=> self:: });
            imports.push(code! { use #here #domain as #alias; });
            types.push(quote_spanned! {span=>
                <#alias as #k::__private::AxisType<{ #k::__private::kind(&#alias) }, { #k::__private::size(&#alias) }>>::Domain
            });
        }
        let doc = format!("The model [`{name}`]({name}()), for its associated functions.");
        let chances: Vec<u64> = (0..self.program.returns.len()).map(|at| self.chances_returned(at)).collect();
        let known = chances.iter().any(|places| *places != 0);
        let chances = known.then(|| code! { const CHANCES: &'static [u64] = &[#(#chances),*]; });
        code! {
            #(#conditional)*
            #[doc = #doc]
            #[allow(non_camel_case_types, dead_code)]
            #visibility struct #name {}
            #(#conditional)*
            #[allow(unused_imports, non_camel_case_types, missing_docs)]
            const _: () = {
                use #k::__private::fallback::*;
                #(#imports)*
                impl #k::__private::Signature for #name {
                    type Axes<'memo> = (#(#types,)*);
                    #chances
                }
            };
        }
    }

    pub(super) fn function(&self) -> TokenStream {
        let Parts { visibility, name, attributes, parameters, arguments, returns } = self.parts();
        let body = if self.model.options.strict {
            code! {
                match #name::try_call(#(#arguments),*) {
                    ::core::result::Result::Ok(table) => table,
                    ::core::result::Result::Err(error) => ::core::panic!("{error}"),
                }
            }
        } else {
            // Not by `try_call`: a table that is moved soon after it was written waits for
            // its way to memory.
            let MadeTables { begun, places, tables } = self.made_tables();
            code! {
                #begun
                if let ::core::result::Result::Err(error) = #name::__made(#places #(, #arguments)*) {
                    ::core::panic!("{error}");
                }
                #tables
            }
        };
        code! {
            #(#attributes)*
            #[allow(non_snake_case, clippy::too_many_arguments)]
            #[track_caller]
            #visibility fn #name<'memo>(#(#parameters),*) -> #returns { #body }
        }
    }

    pub(super) fn inherent(&self, long: Option<&Long>, compact: Option<&Compact>) -> TokenStream {
        let Parts { name, parameters, arguments, returns, attributes, .. } = self.parts();
        let conditional = attributes.iter().filter(|a| a.path().is_ident("cfg")).collect::<Vec<_>>();
        let k = &self.krate;
        let p = code! { #k::__private };
        let result = code! { ::core::result::Result };
        let text = self.program.name.as_str();
        let axes = self.axes_of_table();
        let (axis_parameters, axis_arguments) = self.axis_parameters();
        // Both layouts would have to take what one asks for.
        self.context.may_ask.set(long.is_none());
        let (body, parts) = self.body();
        let calls = self.calls();
        let fixed = self.fixed_functions();
        let (where_long, long) = long.map(|long| self.where_one_is_long(long)).unzip();
        let cost = self.cost();
        let sites = self.program.called();
        let plan = crate::tensor::plan(self.program);
        let diagram = self.diagram();
        let cached = self.model.options.cache;
        let cache_functions = cached.then(|| {
            code! {
                /// Forgets the tables that were kept between calls.
                #[inline]
                pub fn clear_cache() { Self::__model().clear_cache(); }
            }
        });
        let MadeTables { begun, places, tables: wrapped } = self.made_tables();
        let (place_of_axes, axes_made) = (!self.is_made_in_place())
            .then(|| {
                (
                    code! { axes: &mut ::core::option::Option<<Self as #p::Signature>::Axes<'memo>>, },
                    code! { *axes = ::core::option::Option::Some(Self::__axes(#(#axis_arguments),*)?); },
                )
            })
            .unzip();
        let table = self.is_made_in_place().then(|| self.table_to_be_made());
        let solved = code! { #p::solve_into(Self::__job(#(#arguments),*), tables)?; };
        let (taken, kept) = self.kept_constant().map(|constant| constant.of_call()).unzip();
        let solved = compact.map_or_else(|| solved.clone(), |compact| compact.or(self, &solved));
        // Where the whole call is a few hundred instructions, the way to a function and back
        // is worth saving.
        let made = code! {
            || {
                #axes_made
                #solved
                #result::Ok(())
            }
        };
        let made = match compact {
            Some(_) => code! { #p::guarded(#text, #made) },
            None => code! { #p::guarded_in_place(#text, &mut #made) },
        };
        let run = compact.map(|compact| &compact.run);
        let compact = compact.map_or_else(|| self.no_compact(), |compact| compact.functions.clone());
        code! {
            #(#conditional)*
            #[allow(non_snake_case, unused_variables, unused_mut, unused_doc_comments, unused_parens, unused_braces, dead_code, unreachable_code, unreachable_pub, unused_imports, clippy::all, clippy::pedantic, clippy::nursery)]
            impl #name {
                /// Calls the model.
                ///
                /// # Errors
                /// What can only go wrong at run time: see `memo::Error`.
                #[inline]
                pub fn try_call<'memo>(#(#parameters),*) -> #result<#returns, #k::Error> {
                    #begun
                    Self::__made(#places #(, #arguments)*)?;
                    #result::Ok({ #wrapped })
                }

                /// Makes the call; what it has made is left in its place.
                #[doc(hidden)]
                fn __made<'memo>(
                    #place_of_axes
                    tables: &mut #p::Tables
                    #(, #parameters)*
                ) -> #result<(), #p::Fault> {
                    #made
                }

                /// What a call costs: operations, bytes of tables and size of
                /// the program, from the compiled plan.
                #[inline]
                #[track_caller]
                pub fn cost<'memo>(#(#parameters),*) -> #k::Cost {
                    match #p::cost(Self::__job(#(#arguments),*)) {
                        #result::Ok(cost) => cost,
                        #result::Err(error) => ::core::panic!("{error}"),
                    }
                }

                /// The schedule that was compiled, with its symbolic cost.
                #[inline]
                #[must_use]
                pub fn plan() -> &'static str { #plan }

                /// The minds of the model as a picture: who knows, is
                /// uncertain about, is told and sees what.
                #[inline]
                #[must_use]
                pub fn diagram() -> #k::Diagram { #diagram }

                #cache_functions

                #table

                #[doc(hidden)]
                fn __axes<'memo>(#(#axis_parameters),*) -> #result<<Self as #p::Signature>::Axes<'memo>, #p::Fault> {
                    #result::Ok(#axes)
                }

                #[doc(hidden)]
                fn __job<'memo>(#(#parameters),*) -> #p::Job<impl #p::Call<'memo> + 'memo> {
                    let parts = &#p::Parts {
                        sites: #sites,
                        parameters: |bits, (#(#arguments,)*)| { #(bits.add(&#arguments);)* },
                        calls: |calls, (#(#arguments,)*)| Self::__calls(calls, #(#arguments),*),
                        node: |scope, tables, (#(#arguments,)*)| Self::__node(scope, tables, #(#arguments),*),
                        run: |inputs, tables, (#(#arguments,)*)| Self::__tables(inputs, tables, #(#arguments),*),
                        cost: |(#(#arguments,)*)| Self::__cost(#(#arguments),*),
                    };
                    #p::Job::new(Self::__model(), (parts, (#(#arguments,)*)))
                }

                #[doc(hidden)]
                fn __model() -> &'static #p::Model {
                    static MODEL: #p::Model = #p::Model::new(#text, #cached);
                    &MODEL
                }

                #[doc(hidden)]
                #[inline]
                pub fn __call<'memo>(#(#parameters),*) -> #result<(<Self as #p::Signature>::Axes<'memo>, #p::Job<impl #p::Call<'memo> + 'memo>), #p::Fault> {
                    #result::Ok((Self::__axes(#(#axis_arguments),*)?, Self::__job(#(#arguments),*)))
                }

                #[doc(hidden)]
                fn __node<'memo>(scope: &mut #p::Scope, tables: &mut #p::Tables, #(#parameters),*) -> #result<(), #p::Stop> {
                    #taken
                    let mut calls = #p::Native::<#sites>::new(scope);
                    Self::__calls(&mut calls, #(#arguments),*)?;
                    Self::__tables(&mut calls.inputs(), tables, #(#arguments),*)?;
                    #kept
                    #result::Ok(())
                }

                #[doc(hidden)]
                fn __calls<'memo, Calls: #p::Visitor<'memo>>(calls: &mut Calls, #(#parameters),*) -> #result<(), Calls::Stop> {
                    use #p as __memo;
                    #calls
                    #result::Ok(())
                }

                #fixed

                #compact

                #[doc(hidden)]
                fn __tables<'memo>(inputs: &mut #p::Inputs<'_>, returned: &mut #p::Tables, #(#parameters),*) -> #result<(), #p::Fault> {
                    use #p as __memo;
                    #where_long
                    #body
                }

                #parts

                #long

                #[doc(hidden)]
                fn __cost<'memo>(#(#parameters),*) -> #result<#k::Cost, #p::Fault> {
                    use #p as __memo;
                    #cost
                }
            }

            #run
        }
    }

    /// Whether users get the table where it is made: a single one, whose axes are constants.
    pub(super) fn is_made_in_place(&self) -> bool {
        self.model.returns.len() == 1 && self.axis_parameters().0.is_empty()
    }

    /// What makes it, but for its numbers.
    fn table_to_be_made(&self) -> TokenStream {
        let Parts { returns, .. } = self.parts();
        let k = &self.krate;
        let (called, axes) = (self.called(), self.axes_of_table());
        code! {
            /// The table, but for its numbers.
            #[doc(hidden)]
            #[inline(always)]
            fn __table<'memo>() -> #returns {
                #k::Table::__to_be_made(#called, #axes)
            }
        }
    }

    /// How what a call makes is handed to users.
    fn made_tables(&self) -> MadeTables {
        if self.is_made_in_place() {
            let name = &self.model.name;
            let strict = self.model.options.strict.then(|| code! { .__strict()? });
            return MadeTables {
                begun: code! { let mut table = #name::__table(); },
                places: code! { table.__tables() },
                tables: code! { table #strict },
            };
        }
        let k = &self.krate;
        let tables = self.tables_for_users();
        MadeTables {
            begun: code! { let (mut axes, mut tables) = (::core::option::Option::None, #k::__private::Tables::Nothing); },
            places: code! { &mut axes, &mut tables },
            tables: code! {
                let axes = #k::__private::made_axes(axes);
                #tables
            },
        }
    }

    /// What a table, its axes and their domains are called.
    fn called(&self) -> TokenStream {
        let k = &self.krate;
        let text = self.program.name.as_str();
        let axis_names: Vec<String> = self.model.axes.iter().map(|a| a.name.to_string()).collect();
        let domain_names = self.axis_domains();
        code! { &#k::__private::Called { name: #text, axes: &[#(#axis_names),*], domains: &[#(#domain_names),*] } }
    }

    /// The returned tables as the user gets them, made of `axes` and `tables`.
    pub(super) fn tables_for_users(&self) -> TokenStream {
        let k = &self.krate;
        let called = self.called();
        let strict = self.model.options.strict.then(|| code! { .__strict()? });
        let tables = (0..self.model.returns.len()).map(|at| {
            code! {
                #k::Table::__new(
                    #called,
                    ::core::clone::Clone::clone(&axes),
                    &mut tables,
                    #at,
                )#strict
            }
        });
        if self.model.returns.len() == 1 {
            code! { #(#tables)* }
        } else {
            code! { (#(#tables),*) }
        }
    }

    /// The domains of the table's axes, as written.
    pub(super) fn axis_domains(&self) -> Vec<String> {
        self.model.axes.iter().map(|a| a.domain.to_token_stream().to_string().replace(' ', "")).collect()
    }

    /// The minds and arrows, as constants.
    fn diagram(&self) -> TokenStream {
        let k = &self.krate;
        let p = code! { #k::__private };
        let none = code! { ::core::option::Option::None };
        let minds = self.program.sketch.minds.iter().map(|mind| {
            let (name, goals) = (&mind.name, &mind.goals);
            let inside = mind.inside.map_or(none.clone(), |at| code! { ::core::option::Option::Some(#at) });
            let choices = mind.choices.iter().map(|(name, domain, known)| {
                code! { #p::Choice { name: #name, domain: #domain, known: #known } }
            });
            code! {
                #p::Mind { name: #name, inside: #inside, choices: &[#(#choices),*], goals: &[#(#goals),*] }
            }
        });
        let arrows = self.program.sketch.arrows.iter().map(|((a, b), (c, d), seen)| {
            code! { ((#a, #b), (#c, #d), #seen) }
        });
        let name = self.program.name.as_str();
        code! { #k::Diagram::__new(#name, &[#(#minds),*], &[#(#arrows),*]) }
    }

    /// The parameters that are domains of the table's axes, and as arguments.
    pub(super) fn axis_parameters(&self) -> (Vec<TokenStream>, Vec<&Ident>) {
        let Parts { parameters, arguments, .. } = self.parts();
        let is_axis = |name: &Ident| self.model.axes.iter().any(|axis| axis.domain.is_ident(name));
        parameters.into_iter().zip(arguments).filter(|(_, name)| is_axis(name)).unzip()
    }

    /// The domains of the table's axes.
    fn axes_of_table(&self) -> TokenStream {
        let domains = self.model.axes.iter().map(|axis| {
            let domain = &axis.domain;
            code! { #domain, }
        });
        code! { (#(#domains)*) }
    }
}
