//! Calls, of the model itself and of others that have a compact way: straight down, in
//! numbers that carry derivatives as well.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};

use super::super::{Code, Parts, scalars, with_lifetime};
use super::Way;
use super::definitions::{called, is_own};
use crate::tensor::{Definition, Scalar, mentions_any};

/// The variables of a call: where its table is made, a kept one that is found, and the
/// arguments.
struct Call<'d> {
    definition: &'d Definition,
    path: &'d syn::Path,
    arguments: &'d [Scalar],
    room: Ident,
    found: Ident,
    names: Vec<Ident>,
}

impl Code<'_> {
    /// Whether the model calls itself by this path.
    pub(super) fn is_itself(&self, path: &syn::Path) -> bool {
        path.is_ident(&self.model.name)
    }

    /// What a model without a compact way says to those that call it.
    pub(in super::super) fn no_compact(&self) -> TokenStream {
        let Parts { parameters, .. } = self.parts();
        let k = &self.krate;
        let p = code! { #k::__private };
        code! {
            #[doc(hidden)]
            pub const fn __small_size(_: usize) -> #p::SmallSize { #p::SmallSize::NONE }

            #[doc(hidden)]
            #[inline]
            pub fn __small_call<'memo>(#(#parameters),*) -> #p::NoSmallCall<'memo, Self> {
                ::core::result::Result::Err(#p::Care)
            }
        }
    }
}

impl Way<'_> {
    /// What it says to models that call it: how large its tables are, and a call.
    pub(super) fn of_calls(&self, is_quick: bool, count: usize) -> TokenStream {
        let k = &self.code.krate;
        let p = code! { #k::__private };
        let Parts { parameters, arguments, .. } = self.code.parts();
        let types = self.plain_types();
        let definitions = self.code.program.definitions.iter().filter(|d| is_own(d));
        let others: Vec<TokenStream> = definitions
            .filter_map(called)
            .filter(|path| !self.code.is_itself(path))
            .map(|path| {
                let span = scalars::span_of_path(path).resolved_at(Span::mixed_site());
                quote_spanned! {span=> #path::__small_size(levels - 1) }
            })
            .collect();
        let quick = if is_quick {
            code! { const { #p::are_few(Self::__LENGTHS) } }
        } else {
            code! { false }
        };
        let looked = (!others.is_empty()).then(|| {
            // Models that call each other find no end: what each of them calls has been looked
            // at by then.
            code! { if levels == 0 { return own; } }
        });
        code! {
            #[doc(hidden)]
            pub const fn __small_size(levels: usize) -> #p::SmallSize {
                let own = #p::SmallSize::new(const { #p::small_cells(Self::__LENGTHS, #count) }, #quick);
                #looked
                own #(.calling(#others))*
            }

            #[doc(hidden)]
            #[inline(always)]
            pub fn __small_call<'memo>(#(#parameters),*) -> ::core::result::Result<(<Self as #p::Signature>::Axes<'memo>, #p::SmallCall<Self, (#(#types,)*)>), #p::Care> {
                ::core::result::Result::Ok((Self::__axes()?, #p::SmallCall::new((#(#arguments,)*))))
            }
        }
    }

    /// The types of the parameters, of which none carries derivatives.
    fn plain_types(&self) -> Vec<TokenStream> {
        self.code.model.parameters.iter().map(|parameter| with_lifetime(&parameter.ty)).collect()
    }

    /// `let table = …;` for that of a call: one that rests on no parameter stays where it
    /// is kept.
    pub(super) fn call(&self, at: usize, path: &syn::Path, arguments: &[Scalar]) -> TokenStream {
        self.still.set(false);
        let (code, p, directions) = (self.code, self.code.private(), Self::directions());
        let (definition, table) = (&code.program.definitions[at], code.names.table(at));
        let names = (0..arguments.len()).map(|at| format_ident!("argument_{at}", span = Span::mixed_site()));
        let names = names.collect();
        let [room, found] = ["room", "found"].map(|name| format_ident!("{table}_{name}"));
        let call = Call { definition, path, arguments, room, found, names };
        let (made, directions, cells) = if self.code.is_itself(path) {
            (self.call_of_itself(&call), code! { #directions }, code! { Self::__SMALL })
        } else {
            let directions = if self.activity.of_definition(at) {
                code! { #directions }
            } else {
                code! { 0 }
            };
            let cells = code! { #path::__small_size(#p::SmallSize::LEVELS).cells };
            (self.call_of_another(&call, &directions), directions, cells)
        };
        let (Call { room, found, .. }, count) = (&call, self.count(&definition.axes));
        let made = code.guarded(definition, made);
        code! {
            let mut #room: ::core::option::Option<#p::Small<#directions, { #cells }>> = ::core::option::Option::None;
            let mut #found: ::core::option::Option<&#p::Small<0, { #cells }>> = ::core::option::Option::None;
            #made
            let #table = #p::CalledTable::new(#found, #room.as_ref(), #count);
        }
    }

    /// Makes a call of the model itself.
    fn call_of_itself(&self, call: &Call<'_>) -> TokenStream {
        let (code, p) = (self.code, self.code.private());
        let directions = Self::directions();
        let Call { path, room, found, names, .. } = call;
        let callee = crate::tensor::path_text(path);
        let ours = call.definition.axes.iter().map(|axis| {
            let domain = code.domain_of(*axis);
            code! { ::core::clone::Clone::clone(&#domain), }
        });
        let values = call.arguments.iter().enumerate().map(|(at, argument)| {
            if self.takes_moving(at) { self.moved(argument) } else { code.argument(argument, path) }
        });
        let made = code! {
            let mut marks = ::core::option::Option::None;
            #path::__small::<#directions>(below, &mut #p::Out::Table(#room.insert(#p::Small::new(0))), &mut marks, #(#names),*)?;
            if marks.is_some() {
                return ::core::result::Result::Err(#p::Care);
            }
        };
        let made = code.constant_where().map_or(made.clone(), |condition| {
            let given =
                code.model.parameters.iter().zip(names).enumerate().filter_map(|(at, (parameter, value))| {
                    let name = &parameter.name;
                    mentions_any(&condition, &[name.to_string()]).then(|| {
                        if self.takes_moving(at) {
                            code! { let #name = #value.value(); }
                        } else {
                            code! { let #name = ::core::clone::Clone::clone(&#value); }
                        }
                    })
                });
            code! {
                let is_kept = { #(#given)* #condition };
                if is_kept {
                    #found = KEPT.get();
                }
                if #found.is_none() {
                    #made
                }
            }
        });
        code! {
            #p::same_axes(#callee, #callee, &Self::__axes()?, &(#(#ours)*))?;
            #(let #names = #values;)*
            #made
        }
    }

    /// Makes a call of another model, told by how much its arguments change.
    fn call_of_another(&self, call: &Call<'_>, directions: &TokenStream) -> TokenStream {
        let (code, p) = (self.code, self.code.private());
        let Call { path, room, names, .. } = call;
        let (values, slopes): (Vec<TokenStream>, Vec<TokenStream>) = call
            .arguments
            .iter()
            .enumerate()
            .map(|(at, argument)| {
                if !self.is_moving(argument) {
                    return (code.argument(argument, path), code! { [0f64; #directions] });
                }
                let moving = format_ident!("moving_argument_{at}", span = Span::mixed_site());
                let (moved, value) = (self.moved(argument), code! { #moving.value() });
                let value = code.converted(&value, path);
                (code! { { #moving = #moved; #value } }, code! { *#moving.slopes() })
            })
            .unzip();
        let moving = (0..values.len()).filter(|at| self.is_moving(&call.arguments[*at])).map(|at| {
            let moving = format_ident!("moving_argument_{at}", span = Span::mixed_site());
            code! { let #moving; }
        });
        let span = scalars::span_of_path(path).resolved_at(Span::mixed_site());
        let made = quote_spanned! {span=> #path::__small_call(#(#names),*)? };
        let checked = code.with_axes_checked(call.definition, &made);
        code! {
            #(#moving)*
            #(let #names = #values;)*
            #checked
            job.run(below, &mut #p::Out::Table(#room.insert(#p::Small::new(0))), &[#(#slopes),*])?;
        }
    }

    /// What other models call.
    pub(super) fn called_by_others(&self) -> TokenStream {
        let code = self.code;
        let k = &code.krate;
        let p = code! { #k::__private };
        let Parts { name, arguments, .. } = code.parts();
        let types = self.plain_types();
        let directions = Self::directions();
        let given = arguments.iter().enumerate().map(|(at, name)| {
            if self.takes_moving(at) {
                code! { #p::Single::with(#name, slopes[#at]) }
            } else {
                code! { #name }
            }
        });
        code! {
            #[allow(non_snake_case, unused_variables, unused_parens, clippy::all, clippy::pedantic, clippy::nursery)]
            impl<'memo> #p::CallSmall<{ #name::__SMALL }, (#(#types,)*)> for #name {
                #[inline(always)]
                fn call<const #directions: usize>(depth: #p::Depth, out: &mut #p::Out<'_, #directions, { #name::__SMALL }>, marks: &mut #p::Marks, (#(#arguments,)*): (#(#types,)*), slopes: &[[f64; #directions]]) -> ::core::result::Result<(), #p::Care> {
                    #name::__small(depth, out, marks, #(#given),*)
                }
            }
        }
    }
}
