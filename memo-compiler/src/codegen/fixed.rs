//! Functions for what is the same in every call, one for each guard.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident};

use super::Code;
use crate::tensor::{Body, print_guard};

/// Definitions that are computed once, all under the same guard.
struct Group {
    definitions: Vec<usize>,
}

impl Code<'_> {
    fn groups(&self) -> Vec<Group> {
        let mut found: Vec<(String, Group)> = Vec::new();
        for (at, definition) in self.program.definitions.iter().enumerate() {
            if !definition.fixed {
                continue;
            }
            let guard = print_guard(self.program, &definition.guard);
            match found.iter_mut().find(|(of, _)| *of == guard) {
                Some((_, group)) => group.definitions.push(at),
                None => found.push((guard, Group { definitions: vec![at] })),
            }
        }
        found.into_iter().map(|(_, group)| group).collect()
    }

    /// The tables of a group that others read.
    fn exports(&self, group: &Group) -> Vec<&Ident> {
        let inside: BTreeSet<usize> = group.definitions.iter().copied().collect();
        let readers = self.reads.iter().enumerate().filter(|(reader, _)| !inside.contains(reader));
        let mut read_elsewhere: BTreeSet<usize> =
            readers.flat_map(|(_, read)| read.iter().copied()).collect();
        read_elsewhere.extend(self.program.evidence.iter().map(|e| e.factor.definition.0));
        let read = group.definitions.iter().copied().filter(|at| read_elsewhere.contains(at));
        read.flat_map(|at| self.tables_of(at)).map(|(table, _)| table).collect()
    }

    /// The table of a definition and that of the masses that it keeps, with
    /// the lengths of their rows.
    fn tables_of(&self, at: usize) -> Vec<(&Ident, TokenStream)> {
        let definition = &self.program.definitions[at];
        let row =
            definition.axes.last().map_or_else(|| code! { 1 }, |axis| self.length(*axis).to_token_stream());
        let mut tables = vec![(self.names.table(at), row)];
        if matches!(definition.body, Body::Query { keeps_mass: true, .. }) {
            tables.push((self.names.mass(at), code! { 1 }));
        }
        tables
    }

    /// `fn __fixed_0() -> …`, one a group.
    pub(super) fn fixed_functions(&self) -> TokenStream {
        let k = &self.krate;
        let p = code! { #k::__private };
        let groups = self.groups();
        let functions = groups.iter().enumerate().map(|(number, group)| {
            let name = format_ident!("__fixed_{number}");
            let exports = self.exports(group);
            let count = exports.len();
            let looped = group.definitions.iter().flat_map(|at| self.program.definitions[*at].loop_axes());
            let used: BTreeSet<usize> = looped.map(|axis| self.program.axes[axis.0].domain.0).collect();
            let domains = self.domains(&|domain| used.contains(&domain));
            let inside: BTreeSet<usize> = group.definitions.iter().copied().collect();
            let imports = self.imports(&groups, &|reader| inside.contains(&reader), Some(number));
            let definitions = group.definitions.iter().map(|at| {
                let definition = &self.program.definitions[*at];
                let needed = crate::tensor::Definition { guard: Vec::new(), ..definition.clone() };
                let filled = self.definition(*at, &needed);
                let kept = self.tables_of(*at).into_iter().map(|(table, row)| {
                    code! { let #table = __memo::FixedTable::new(#table, #row); }
                });
                code! { #filled #(#kept)* }
            });
            code! {
                /// What is the same in every call, computed once.
                #[doc(hidden)]
                fn #name() -> ::core::result::Result<::std::sync::Arc<[#p::FixedTable; #count]>, #k::Error> {
                    use #p as __memo;
                    static FIXED: __memo::Fixed<#count> = __memo::Fixed::new();
                    FIXED.get(|| {
                        #domains
                        #imports
                        #(#definitions)*
                        ::core::result::Result::Ok([#(#exports),*])
                    })
                }
            }
        });
        code! { #(#functions)* }
    }

    /// `let table = …;` for the fixed tables that the definitions which
    /// `reads` singles out refer to.
    fn imports(&self, groups: &[Group], reads: &dyn Fn(usize) -> bool, inside: Option<usize>) -> TokenStream {
        let readers = || self.reads.iter().enumerate().filter(|(at, _)| reads(*at));
        let mut out = TokenStream::new();
        for (number, group) in groups.iter().enumerate() {
            let here: BTreeSet<usize> = group.definitions.iter().copied().collect();
            let read = readers().any(|(_, read)| read.iter().any(|id| here.contains(id)));
            let marked = inside.is_none()
                && self.program.evidence.iter().any(|e| here.contains(&e.factor.definition.0));
            if inside == Some(number) || !(read || marked) {
                continue;
            }
            let (function, tables) = (format_ident!("__fixed_{number}"), self.names.fixed(number));
            let guard = &self.program.definitions[group.definitions[0]].guard;
            let get = code! { ::core::option::Option::Some(Self::#function()?) };
            let get = if guard.is_empty() || inside.is_some() {
                get
            } else {
                let condition = self.condition(guard);
                code! { if #condition { #get } else { ::core::option::Option::None } }
            };
            let lets = self.exports(group).into_iter().enumerate().map(|(at, table)| {
                code! { let #table = __memo::fixed_table(&#tables, #at); }
            });
            out.extend(code! { let #tables = #get; #(#lets)* });
        }
        out
    }

    /// The fixed tables that the rest of the model reads.
    pub(super) fn fixed_imports(&self) -> TokenStream {
        self.imports(&self.groups(), &|reader| !self.program.definitions[reader].fixed, None)
    }
}
