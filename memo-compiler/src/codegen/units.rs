//! Functions that fill tables: a unit each, with the room that its tables need
//! added up before the first is filled.
//!
//! A model of many definitions is several units, since rustc's time for one
//! function grows with the square of its length.

use std::collections::BTreeSet;
use std::ops::Range;

use proc_macro2::{Ident, Span, TokenStream};
use quote::format_ident;

use super::Code;
use crate::tensor::{AxisId, Body, Definition, print_guard};

/// How many definitions stand in one function.
const LENGTH: usize = 48;

/// The same where all tables are handed out, so that a function more costs no copies.
const RECORDED: usize = 12;

/// Where the tables of a unit live.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// As long as the call: in its workspace, but for those that are handed out.
    Call,
    /// For good.
    Fixed,
    /// Until the derivative has been taken.
    Recorded,
}

/// Some definitions in one function.
pub(super) struct Unit {
    pub(super) kind: Kind,
    /// In order; of the calls of other models only those that are made once.
    pub(super) definitions: Vec<usize>,
    /// Those that others read.
    pub(super) exports: BTreeSet<usize>,
    /// The parameters that they rest on, by position, where they are kept.
    pub(super) parameters: Vec<usize>,
    /// Definitions whose tables are read after it, and axes whose lengths are.
    pub(super) read_after: (BTreeSet<usize>, Vec<AxisId>),
    /// Which group of fixed definitions it is.
    pub(super) group: Option<usize>,
}

impl Unit {
    /// How many of its definitions stand in one function.
    fn length(&self) -> usize {
        if self.kind == Kind::Recorded { RECORDED } else { LENGTH }
    }
}

impl Code<'_> {
    /// The domains and fixed tables that stand before what some definitions and
    /// the code after a unit read.
    pub(super) fn prelude(&self, unit: &Unit, definitions: &[usize], read: &BTreeSet<usize>) -> TokenStream {
        let looped = definitions.iter().flat_map(|at| self.program.definitions[*at].loop_axes());
        // The strides of what is read are those of its own axes.
        let strides = read.iter().flat_map(|at| self.program.definitions[*at].axes.iter().copied());
        let axes = looped.chain(strides).chain(unit.read_after.1.iter().copied());
        let used: BTreeSet<usize> = axes.map(|a| self.program.axes[a.0].domain.0).collect();
        let domains = self.domains(&|domain| used.contains(&domain));
        let imports = self.fixed_imports(read, unit.group);
        code! { #domains #imports }
    }

    /// The definitions' loops, with what stands before them.
    fn unit(&self, unit: &Unit) -> TokenStream {
        let p = self.private();
        let model = self.program.name.as_str();
        let read = unit.definitions.iter().flat_map(|at| self.reads[*at].iter());
        let read: BTreeSet<usize> = read.chain(&unit.read_after.0).copied().collect();
        let prelude = self.prelude(unit, &unit.definitions, &read);
        let in_call = unit.kind != Kind::Fixed;
        self.share_memory(unit);
        self.fuse_loops(unit);
        self.find_passing(unit);
        self.find_nonzero(unit);
        self.find_divided(unit);
        let mut guards: Vec<(String, Ident, TokenStream)> = Vec::new();
        let (mut sizes, mut filled) = (TokenStream::new(), TokenStream::new());
        if in_call {
            self.context.enter_call();
        }
        for at in &unit.definitions {
            let definition = &self.program.definitions[*at];
            if matches!(definition.body, Body::Call { .. }) {
                filled.extend(self.fixed_call(*at));
                continue;
            }
            if self.is_passing(*at) {
                continue;
            }
            let guard = (in_call && !definition.guard.is_empty()).then(|| {
                let text = print_guard(self.program, &definition.guard);
                if let Some((_, name, _)) = guards.iter().find(|(of, ..)| *of == text) {
                    return name.clone();
                }
                let name = format_ident!("when_{}", guards.len(), span = Span::mixed_site());
                guards.push((text, name.clone(), self.condition(&definition.guard)));
                name
            });
            let own = !in_call || unit.exports.contains(&self.memory(*at));
            sizes.extend(self.nonzero_room(*at, guard.as_ref()));
            sizes.extend(self.sizes(*at, own, guard.as_ref()));
            let (code, room) = self.definition(*at, unit.kind, own, guard.as_ref());
            sizes.extend(room);
            filled.extend(code);
        }
        self.context.leave_call();
        let guards = guards.iter().map(|(_, name, condition)| code! { let #name = #condition; });
        let calls = self.call_tables(&read);
        let space = in_call.then(|| {
            code! {
                let mut space = room.space();
                let mut rest = space.cells();
            }
        });
        code! {
            #prelude
            #calls
            #(#guards)*
            let mut room = #p::Room::new(#model);
            #sizes
            #space
            #filled
        }
    }

    /// How many cells the tables of a definition have, if they are needed.
    fn sizes(&self, at: usize, own: bool, guard: Option<&Ident>) -> TokenStream {
        let definition = &self.program.definitions[at];
        let lengths = self.lengths(&definition.axes);
        let size = self.names.size(at);
        let shares = self.memory(at) != at;
        let method = if own { code!(returned) } else { code!(table) };
        let mass = definition.keeps_mass().then(|| code! { room.#method(#lengths)?; });
        let counted = code! { room.#method(#lengths)? };
        let counted = match self.skipped(at) {
            Some(few) => code! { if #few { 0 } else { #counted } },
            None => counted,
        };
        match guard {
            _ if shares => TokenStream::new(),
            None if mass.is_none() => code! { let #size = #counted; },
            None => code! { let #size = { #mass #counted }; },
            Some(guard) => code! { let #size = if #guard { #mass #counted } else { 0 }; },
        }
    }

    /// The axes and their lengths, for messages.
    pub(super) fn lengths(&self, axes: &[AxisId]) -> TokenStream {
        let lengths = axes.iter().map(|axis| {
            let (label, count) = (&self.program.axes[axis.0].label, self.length(*axis));
            code! { (#label, #count) }
        });
        code! { &[#(#lengths),*] }
    }

    /// Definitions in groups of a length that rustc likes.
    fn chunks(definitions: &[usize], length: usize) -> Vec<Range<usize>> {
        let starts = (0..definitions.len()).step_by(length);
        starts.map(|start| start..definitions.len().min(start + length)).collect()
    }

    /// A unit, or calls of functions with its parts: the code, and the
    /// functions.
    pub(super) fn divided(&self, unit: &Unit, name: &str) -> (TokenStream, TokenStream) {
        let length = unit.length();
        if unit.definitions.len() <= length + length / 2 {
            return (self.unit(unit), TokenStream::new());
        }
        let all: BTreeSet<usize> = unit.definitions.iter().copied().collect();
        let k = &self.krate;
        let p = code! { #k::__private };
        let super::Parts { parameters, arguments, .. } = self.parts();
        let (call_parameters, call_arguments, own_type, read_type) = match unit.kind {
            Kind::Call | Kind::Recorded => {
                let parameters = code! { inputs: &mut #p::Inputs<'_>, #(#parameters,)* };
                let own = code! { ::std::vec::Vec<f64> };
                (parameters, code! { inputs, #(#arguments,)* }, own, code! { &[f64] })
            }
            Kind::Fixed => {
                let own = code! { #p::FixedTable };
                let (parameters, arguments) = self.some_parameters(&unit.parameters);
                (code! { #(#parameters,)* }, code! { #(#arguments,)* }, own.clone(), code! { &#own })
            }
        };
        let (mut code, mut functions) = (TokenStream::new(), TokenStream::new());
        for (number, range) in Self::chunks(&unit.definitions, length).into_iter().enumerate() {
            let definitions = unit.definitions[range].to_vec();
            let inside: BTreeSet<usize> = definitions.iter().copied().collect();
            let read = self.read_outside(&inside);
            let exported = |at: &usize| unit.exports.contains(at) || read.contains(at);
            let exports: BTreeSet<usize> = definitions.iter().copied().filter(exported).collect();
            let before = definitions.iter().flat_map(|at| self.reads[*at].iter().copied());
            let before: BTreeSet<usize> =
                before.filter(|at| all.contains(at) && !inside.contains(at)).collect();
            let (kind, group, parameters) = (unit.kind, unit.group, unit.parameters.clone());
            let read_after = (BTreeSet::new(), Vec::new());
            let part = Unit { kind, definitions, exports, parameters, read_after, group };
            let body = self.unit(&part);
            let function = format_ident!("{name}_{number}");
            let tables = |ids: &BTreeSet<usize>| -> Vec<Ident> {
                ids.iter().flat_map(|at| self.tables_of(*at)).map(|(table, _)| table.clone()).collect()
            };
            let (results, taken) = (tables(&part.exports), tables(&before));
            let types = results.iter().map(|_| &own_type);
            code.extend(code! { let (#(#results,)*) = Self::#function(#call_arguments #(&#taken),*)?; });
            functions.extend(code! {
                #[doc(hidden)]
                fn #function<'memo>(#call_parameters #(#taken: #read_type),*) -> ::core::result::Result<(#(#types,)*), #p::Fault> {
                    use #p as __memo;
                    #body
                    ::core::result::Result::Ok((#(#results,)*))
                }
            });
        }
        code.extend(self.prelude(unit, &[], &unit.read_after.0));
        (code, functions)
    }

    /// Whether all that is computed in a call is computed in one function.
    pub(super) fn is_one_function(&self) -> bool {
        let own = |d: &&Definition| !d.fixed && !matches!(d.body, Body::Call { .. });
        self.program.definitions.iter().filter(own).count() <= LENGTH + LENGTH / 2
    }

    /// What the definitions read that are not among these.
    pub(super) fn read_outside(&self, inside: &BTreeSet<usize>) -> BTreeSet<usize> {
        let readers = self.reads.iter().enumerate().filter(|(reader, _)| !inside.contains(reader));
        readers.flat_map(|(_, read)| read.iter().copied()).collect()
    }
}
