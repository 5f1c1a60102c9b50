//! Functions for what is kept: one for each guard and set of parameters, and one
//! more for what rests on answers of other models.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident};

use super::Code;
use super::long::Layout;
use super::units::{Kind, Unit};
use crate::tensor::{Body, print_guard};

/// Definitions that are computed once, all under the same guard. Those that
/// rest on other models stand apart: the others may be asked for while these are
/// computed.
pub(super) struct Group {
    pub(super) definitions: Vec<usize>,
    /// The parameters that they rest on, by position.
    kept_for: Vec<usize>,
}

impl Group {
    /// The function that computes them: its name is the same whatever else is kept.
    pub(super) fn function(&self, layout: Layout) -> Ident {
        match layout {
            Layout::AnySize => format_ident!("__fixed_{}", self.definitions[0]),
            Layout::OneLong => format_ident!("__fixed_long_{}", self.definitions[0]),
        }
    }
}

impl Code<'_> {
    /// The groups of fixed definitions.
    pub(super) fn find_groups(&self) -> Vec<Group> {
        // Guard, parameters, and whether they rest on other models.
        type Key = (String, Vec<usize>, bool);
        let mut found: Vec<(Key, Group)> = Vec::new();
        let mut called: Vec<bool> = Vec::new();
        for (at, definition) in self.program.definitions.iter().enumerate() {
            let call = matches!(definition.body, Body::Call { .. });
            called.push(call || self.reads[at].iter().any(|read| called[*read]));
            if !definition.fixed {
                continue;
            }
            let kept_for = definition.kept_for.clone();
            let key = (print_guard(self.program, &definition.guard), kept_for.clone(), called[at]);
            match found.iter_mut().find(|(of, _)| *of == key) {
                Some((_, group)) => group.definitions.push(at),
                None => found.push((key, Group { definitions: vec![at], kept_for })),
            }
        }
        found.into_iter().map(|(_, group)| group).collect()
    }

    /// The definitions of a group that others read.
    fn exported(&self, group: &Group) -> Vec<usize> {
        let mut read_elsewhere = self.read_outside(&group.definitions.iter().copied().collect());
        read_elsewhere.extend(self.program.evidence.iter().map(|e| e.factor.definition.0));
        group.definitions.iter().copied().filter(|at| read_elsewhere.contains(at)).collect()
    }

    /// Their tables.
    fn exports(&self, group: &Group) -> Vec<&Ident> {
        self.exported_tables(group).into_iter().map(|(_, table)| table).collect()
    }

    /// The same with the definition of each.
    pub(super) fn exported_tables(&self, group: &Group) -> Vec<(usize, &Ident)> {
        let read = self.exported(group).into_iter();
        read.flat_map(|at| self.tables_of(at).into_iter().map(move |(table, _)| (at, table))).collect()
    }

    /// The table of a definition and that of the masses that it keeps, with
    /// the lengths of their rows.
    pub(super) fn tables_of(&self, at: usize) -> Vec<(&Ident, TokenStream)> {
        let definition = &self.program.definitions[at];
        let row =
            definition.axes.last().map_or_else(|| code! { 1 }, |axis| self.length(*axis).to_token_stream());
        let mut tables = vec![(self.names.table(at), row)];
        if matches!(definition.body, Body::Query { keeps_mass: true, .. }) {
            tables.push((self.names.mass(at), code! { 1 }));
        }
        tables
    }

    /// Some of the parameters, with their types and as arguments.
    pub(super) fn some_parameters(&self, which: &[usize]) -> (Vec<TokenStream>, Vec<&Ident>) {
        let super::Parts { parameters, arguments, .. } = self.parts();
        which.iter().map(|at| (parameters[*at].clone(), arguments[*at])).unzip()
    }

    /// `fn __fixed_0() -> …`, one a group.
    pub(super) fn fixed_functions(&self) -> TokenStream {
        let k = &self.krate;
        let p = code! { #k::__private };
        let functions = self.groups.iter().enumerate().map(|(number, group)| {
            let (name, model) = (group.function(self.layout), self.program.name.as_str());
            let exports: Vec<usize> = self.exported(group);
            let results: Vec<&Ident> = self.exports(group);
            let count = results.len();
            let unit = Unit {
                kind: Kind::Fixed,
                definitions: group.definitions.clone(),
                parameters: group.kept_for.clone(),
                read_after: (BTreeSet::new(), Vec::new()),
                group: Some(number),
                exports: exports.into_iter().collect(),
            };
            let (filled, parts) = self.divided(&unit, &name.to_string());
            let result = code! { ::core::result::Result };
            let (parameters, _) = self.some_parameters(&group.kept_for);
            if group.kept_for.is_empty() {
                code! {
                    /// What is the same in every call, computed once.
                    #[doc(hidden)]
                    fn #name() -> #result<#p::Kept<#count>, #p::Fault> {
                        use #p as __memo;
                        static FIXED: __memo::Fixed<#count> = __memo::Fixed::new();
                        FIXED.get(#model, || {
                            #filled
                            #result::Ok([#(#results),*])
                        })
                    }

                    #parts
                }
            } else {
                code! {
                    /// What is the same in all calls with these parameters.
                    #[doc(hidden)]
                    fn #name<'memo>(#(#parameters),*) -> #result<[#p::FixedTable; #count], #p::Fault> {
                        use #p as __memo;
                        #filled
                        #result::Ok([#(#results),*])
                    }

                    #parts
                }
            }
        });
        code! { #(#functions)* }
    }

    /// `let table = …;` for those of some tables that are fixed, where they are
    /// read in a call or `inside` another group.
    pub(super) fn fixed_imports(&self, read: &BTreeSet<usize>, inside: Option<usize>) -> TokenStream {
        let mut out = TokenStream::new();
        for (number, group) in self.groups.iter().enumerate() {
            let first = group.definitions[0] + self.layout.first_part();
            if inside == Some(number) || !group.definitions.iter().any(|at| read.contains(at)) {
                continue;
            }
            let (function, tables) = (group.function(self.layout), self.names.fixed(number));
            let guard = &self.program.definitions[group.definitions[0]].guard;
            let (_, arguments) = self.some_parameters(&group.kept_for);
            let computed = code! { Self::#function(#(#arguments),*) };
            let get = if group.kept_for.is_empty() {
                code! { #computed? }
            } else if inside.is_some() {
                code! { __memo::Kept::Shared(::std::sync::Arc::new(#computed?)) }
            } else {
                code! { inputs.kept(Self::__model(), #first, &[#(&#arguments),*], || #computed)? }
            };
            let get = code! { ::core::option::Option::Some(#get) };
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
}
