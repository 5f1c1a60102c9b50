//! The compact way: a function that computes the table of a small model in arrays on the
//! stack, with calls of itself, and of other such models, straight down. See
//! `memo_runtime::compact`.
//!
//! It is emitted for models that are differentiated, of which every definition is of a
//! kind that it knows. Its numbers carry derivatives, where these are with respect to a few
//! numbers: then it is the forward derivative, too, and four times as fast as a way back.
//! The last axis of its tables has pads, so that loops over it are whole vectors.
//! Functions that are called for one number at a time are quicker in the rows of the general
//! way: the values of a model that has some are left to that.
//! For other models it would be a third more to compile, to gain a fifth of a call's time.

mod calls;
mod definitions;
mod numbers;
mod tables;
mod wide;

use std::cell::Cell;
use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident};

use self::definitions::{called, carries_derivatives, has_exponentials, is_own, is_quick};
use super::{Code, Parts, with_lifetime};
use crate::optimise::Pass;
use crate::syntax::Model;
use crate::tensor::{Activity, AxisId, Body, Evidence, Program, Rule, Wanted};

/// With respect to so many numbers the derivative is carried forward.
const DIRECTIONS: usize = 4;

/// The same with respect to the elements of arrays as well, whose lengths are not known before
/// the program runs: two vectors of four.
const ELEMENTS: usize = 8;

/// What is emitted for a model that has a compact way.
pub(super) struct Compact {
    /// Its functions.
    pub(super) functions: TokenStream,
    /// What computes its table.
    pub(super) run: TokenStream,
    /// With respect to which parameters its numbers carry derivatives, by position.
    pub(super) moving: Vec<usize>,
    /// Whether some of these are arrays.
    pub(super) of_arrays: bool,
    /// Whether it is the quicker way to the values, too.
    is_quick: bool,
}

/// The compact way of a model, if it has one.
pub(super) fn generate(model: &Model, program: &Program) -> Option<Compact> {
    let activity = Activity::new(program, model.wanted());
    let left_out = model.options.without.contains(&Pass::Compact);
    // A code of its own: nothing that the general way relies on holds here.
    let code = Code { padded: true, ..Code::new(model, program) };
    if model.options.grad.is_none() || left_out || !code.may_be_compact() {
        return None;
    }
    let wanted = model.wanted();
    let moving: Vec<usize> = (0..wanted.len()).filter(|at| wanted[*at] != Wanted::Not).collect();
    let of_arrays = wanted.contains(&Wanted::Array);
    let carries = |at: &usize| match wanted[*at] {
        Wanted::Array => !model.parameters[*at].is_table(),
        _ => is_f64(&model.parameters[*at].ty),
    };
    // Elements are not told apart in what is called.
    let is_alone = !program.definitions.iter().any(|d| is_own(d) && called(d).is_some());
    let moves = (1..=if of_arrays { ELEMENTS } else { DIRECTIONS }).contains(&moving.len())
        && (!of_arrays || is_alone)
        && moving.iter().all(carries)
        && activity.of_definition(program.returns[0].0)
        && program.definitions.iter().enumerate().all(|(at, d)| carries_derivatives(&activity, at, d));
    let is_quick =
        program.definitions.iter().enumerate().all(|(at, d)| !is_own(d) || is_quick(&activity, at, d));
    let way = Way { code: &code, activity, still: Cell::new(false) };
    moves.then(|| Compact {
        functions: way.functions(is_quick, of_arrays, directions(of_arrays, moving.len())),
        run: way.run(of_arrays),
        moving,
        of_arrays,
        is_quick: is_quick && !of_arrays,
    })
}

/// In how many directions derivatives are carried, with respect to so many parameters.
fn directions(of_arrays: bool, moving: usize) -> usize {
    if of_arrays { ELEMENTS } else { moving }
}

fn is_f64(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.is_ident("f64"))
}

impl Compact {
    /// Puts the table in its place: in the general way where it needs care, or where that is
    /// quicker. A single call of another model is not worth what it takes to compile both of
    /// them once more.
    pub(super) fn or(&self, code: &Code<'_>, general: &TokenStream) -> TokenStream {
        let own = code.program.definitions.iter().filter(|d| is_own(d));
        let calls: Vec<&syn::Path> = own.filter_map(called).collect();
        let saves = match calls.as_slice() {
            [one] => code.is_itself(one),
            _ => true,
        };
        if !self.is_quick || !saves {
            return general.clone();
        }
        let k = &code.krate;
        let p = code! { #k::__private };
        let arguments = code.parts().arguments.into_iter().enumerate().map(|(at, name)| {
            let moving = self.moving.contains(&at);
            if moving {
                code! { #p::Single::<0>::from(#name) }
            } else {
                name.to_token_stream()
            }
        });
        code! {
            let small = |out: &mut #p::Out<'_, 0, { Self::__SMALL }>, marks: &mut #p::Marks| {
                Self::__small(#p::Depth::start(), out, marks, #(#arguments),*)
            };
            if !(const { Self::__small_size(#p::SmallSize::LEVELS).is_quick() } && #p::made(tables, #p::cells_over(&Self::__axes()?), small)) {
                #general
            }
        }
    }

    /// What records a call so that its derivatives are carried forward: nothing where they
    /// are not.
    pub(super) fn recorded(&self, code: &Code<'_>) -> TokenStream {
        let moving = &self.moving;
        let k = &code.krate;
        let p = code! { #k::__private };
        let count = directions(self.of_arrays, moving.len());
        let wanted = code.model.wanted();
        let arguments = code.parts().arguments.into_iter().enumerate().map(|(at, name)| {
            match moving.iter().position(|moving| *moving == at) {
                Some(_) if wanted[at] == Wanted::Array => name.to_token_stream(),
                Some(_) if self.of_arrays => {
                    let direction = code.directions_before(at);
                    code! { #p::Single::variable(#name, #direction) }
                }
                Some(direction) => code! { #p::Single::variable(#name, #direction) },
                None => name.to_token_stream(),
            }
        });
        let text = code.model.name.to_string();
        let names = moving.iter().map(|at| code.model.parameters[*at].name.to_string());
        let (function, inputs) = if self.of_arrays {
            let inputs = code.wanted_inputs();
            let directions = code.directions_before(wanted.len());
            (code! { recorded_with_arrays }, code! { || ::std::vec![#(#inputs),*], #directions })
        } else {
            (code! { recorded }, code! { &[#(#names),*] })
        };
        code! {
            if const { Self::__SMALL == 0 } {
                return ::core::result::Result::Ok(::core::option::Option::None);
            }
            let small = move |out: &mut #p::Out<'_, #count, { Self::__SMALL }>, marks: &mut #p::Marks| {
                Self::__small(#p::Depth::start(), out, marks, #(#arguments),*)
            };
            #p::#function(Self::__table, (#text, #inputs), #p::cells_over(&Self::__axes()?), small)
        }
    }
}

impl Code<'_> {
    /// How many directions those of the parameters have that stand before one.
    fn directions_before(&self, at: usize) -> TokenStream {
        let k = &self.krate;
        let p = code! { #k::__private };
        let wanted = self.model.wanted();
        let before = self.model.parameters.iter().zip(&wanted).take(at);
        let counts = before.filter_map(|(parameter, wanted)| match wanted {
            Wanted::Not => None,
            Wanted::Number => Some(code! { 1usize }),
            Wanted::Array => {
                let name = &parameter.name;
                Some(code! { #p::elements_of(#name) })
            }
        });
        counts.reduce(|a, b| code! { #a + #b }).unwrap_or_else(|| code! { 0usize })
    }
}

struct Way<'c> {
    code: &'c Code<'c>,
    activity: Activity,
    /// Whether those of the definition at hand do not: it may read some that do.
    still: Cell<bool>,
}

impl Way<'_> {
    /// In how many directions: a name that no user's constant has.
    fn directions() -> Ident {
        Ident::new("__DIRECTIONS", Span::mixed_site())
    }

    /// The type of four numbers.
    fn four_numbers() -> Ident {
        Ident::new("__Four", Span::mixed_site())
    }

    /// The types of the parameters: numbers that carry derivatives are such numbers.
    fn types(&self) -> Vec<TokenStream> {
        let k = &self.code.krate;
        let directions = Self::directions();
        let types = self.code.model.parameters.iter().enumerate().map(|(at, parameter)| {
            if self.takes_moving(at) {
                code! { #k::__private::Single<#directions> }
            } else {
                with_lifetime(&parameter.ty).to_token_stream()
            }
        });
        types.collect()
    }

    fn functions(&self, is_quick: bool, of_arrays: bool, count: usize) -> TokenStream {
        let k = &self.code.krate;
        let p = code! { #k::__private };
        let Parts { arguments, .. } = self.code.parts();
        let (directions, types) = (Self::directions(), self.types());
        let sizes = self.sizes();
        let tables = self.tables().count();
        let (of_calls, size) = if of_arrays {
            (self.code.no_compact(), code! { #p::small_cells(Self::__LENGTHS, #count) })
        } else {
            (self.of_calls(is_quick, count), code! { Self::__small_size(#p::SmallSize::LEVELS).cells })
        };
        code! {
            #of_calls

            /// The lengths of the axes of each of its tables; 0 for one that is not known.
            #[doc(hidden)]
            const __LENGTHS: &[&[usize]] = #sizes;

            /// The cells of its largest table, if all are small; else 0.
            #[doc(hidden)]
            const __SMALL: usize = #size;

            /// The cells of each of its tables.
            #[doc(hidden)]
            const __CELLS: [usize; #tables] = #p::own_cells(Self::__LENGTHS, Self::__SMALL);

            /// The table in arrays on the stack.
            #[doc(hidden)]
            fn __small<'memo, const #directions: usize>(depth: #p::Depth, out: &mut #p::Out<'_, #directions, { Self::__SMALL }>, marks: &mut #p::Marks, #(#arguments: #types),*) -> ::core::result::Result<(), #p::Care> {
                depth.run::<Self, #directions, { Self::__SMALL }, (#(#types,)*)>(out, marks, (#(#arguments,)*))
            }
        }
    }

    /// The function that computes the table.
    fn run(&self, of_arrays: bool) -> TokenStream {
        let code = self.code;
        let k = &code.krate;
        let p = code! { #k::__private };
        let Parts { name, arguments, attributes, .. } = code.parts();
        let conditional = attributes.iter().filter(|a| a.path().is_ident("cfg")).collect::<Vec<_>>();
        let (directions, four, types) = (Self::directions(), Self::four_numbers(), self.types());
        let moving = (0..types.len()).filter(|at| self.takes_moving(*at)).map(|at| {
            let (name, moving) = (&code.model.parameters[at].name, Self::moving(at));
            code! { let #moving = #name; let #name = #moving.value(); }
        });
        let arrays = self.activity.parameters().iter().enumerate();
        let arrays = arrays.filter(|(_, wanted)| **wanted == Wanted::Array).map(|(at, _)| {
            let (first, directions) = (Self::first_direction(at), code.directions_before(at));
            code! { let #first: usize = #directions; }
        });
        let body = self.body();
        let definitions = self.code.program.definitions.iter();
        let exponentials = definitions.filter(|d| is_own(d)).any(has_exponentials);
        let called = if of_arrays { TokenStream::new() } else { self.called_by_others() };
        code! {
            #(#conditional)*
            #called

            #(#conditional)*
            #[allow(non_snake_case, unused_variables, unused_mut, unused_parens, unused_braces, dead_code, unreachable_code, unused_imports, clippy::all, clippy::pedantic, clippy::nursery)]
            impl<'memo, const #directions: usize> #p::Compact<#directions, { #name::__SMALL }, (#(#types,)*)> for #name {
                const EIGHTS: bool = #exponentials;

                #[inline(always)]
                fn run<#four: #p::Four>(depth: #p::Depth, out: &mut #p::Out<'_, #directions, { #name::__SMALL }>, marks: &mut #p::Marks, (#(#arguments,)*): (#(#types,)*)) -> ::core::result::Result<(), #p::Care> {
                    use #p as __memo;
                    #(#arrays)*
                    #(#moving)*
                    #body
                }
            }
        }
    }

    /// Whether a parameter is a number that carries derivatives.
    fn takes_moving(&self, at: usize) -> bool {
        self.activity.parameters()[at] == Wanted::Number
    }

    /// The direction of the first element of an array.
    fn first_direction(at: usize) -> Ident {
        format_ident!("first_{at}", span = Span::mixed_site())
    }

    /// The parameter with its derivatives.
    fn moving(at: usize) -> Ident {
        format_ident!("moving_{at}", span = Span::mixed_site())
    }

    /// The axes of all tables.
    fn tables(&self) -> impl Iterator<Item = &[AxisId]> {
        self.code.program.definitions.iter().filter(|d| is_own(d)).map(|d| d.axes.as_slice())
    }

    /// How many cells there is room for in the table of a definition: in the one that is returned
    /// as many as in any, for who has called.
    fn room(&self, at: usize) -> TokenStream {
        if self.code.program.returns[0].0 == at {
            return code! { { Self::__SMALL } };
        }
        let before = self.code.program.definitions[..at].iter().filter(|d| is_own(d)).count();
        code! { { Self::__CELLS[#before] } }
    }

    /// The lengths of the axes of each table.
    fn sizes(&self) -> TokenStream {
        let code = self.code;
        let p = &code.krate;
        let p = code! { #p::__private };
        let tables = self.tables().map(|axes| {
            let lengths = axes.iter().map(|axis| {
                let domain = &code.program.domains[code.program.axes[axis.0].domain.0];
                length(&domain.tokens, &p)
            });
            code! { &[#(#lengths),*] }
        });
        code! { &[#(#tables),*] }
    }

    fn body(&self) -> TokenStream {
        let code = self.code;
        let (p, directions) = (code.private(), Self::directions());
        let mut used = vec![true; code.program.domains.len()];
        let (domains, checks) = (code.domains(&|_| true), code.same_domains(&mut used));
        let counts = self.tables().map(|axes| self.count(axes));
        let rooms = (0..self.tables().count()).map(|number| code! { Self::__CELLS[#number] });
        let own = |at: &usize| is_own(&code.program.definitions[*at]);
        let own: Vec<usize> = (0..code.program.definitions.len()).filter(own).collect();
        let marked = code.program.evidence.iter().map(|e| e.factor.definition.0);
        let read: BTreeSet<usize> =
            own.iter().flat_map(|at| code.reads[*at].iter().copied()).chain(marked).collect();
        let fixed = self.fixed(&read);
        let definitions = own.iter().map(|at| self.definition(*at));
        let returned = code.program.returns[0].0;
        let (table, room) = (code.names.table(returned), self.room(returned));
        let (found, kept) = self.constant(table).unzip();
        let (count, out) = (self.count(self.returned()), self.hands_out(table));
        let calls = own.iter().filter(|at| called(&code.program.definitions[**at]).is_some()).count();
        let shared = (calls > 1).then(|| code! { .shared_by(#calls) });
        let marks = self.marks();
        code! {
            #domains
            #found
            #checks
            #p::fits(&[#((#counts, #rooms)),*])?;
            let below = depth.deeper()?#shared;
            #fixed
            let mut #table = #p::Small::<#directions, #room>::new(#count);
            #(#definitions)*
            #marks
            #kept
            #out
        }
    }

    /// How many cells there are over some axes, of which the last is that of a table.
    fn count(&self, axes: &[AxisId]) -> TokenStream {
        let Some((last, outer)) = axes.split_last() else { return code! { 1 } };
        let last = self.code.step(*last, true);
        if outer.is_empty() {
            return last;
        }
        let outer = self.code.count(outer);
        code! { #outer * #last }
    }

    /// How many cells of the last axis count, and how many there are.
    fn row(&self, axes: &[AxisId]) -> TokenStream {
        axes.last().map_or_else(
            || code! { 1, 1 },
            |last| {
                let (row, lanes) = (self.code.length(*last), self.code.step(*last, true));
                code! { #row, #lanes }
            },
        )
    }

    /// The axes of the returned table.
    fn returned(&self) -> &[AxisId] {
        &self.code.program.definition(self.code.program.returns[0]).axes
    }

    /// What hands out a table as the returned one.
    fn hands_out(&self, made: &Ident) -> TokenStream {
        let four = Self::four_numbers();
        let Some((last, outer)) = self.returned().split_last() else {
            return code! { return out.take::<#four, _>(&#made, 1, 1); };
        };
        let (rows, row) = (self.code.count(outer), self.code.length(*last));
        code! { return out.take::<#four, _>(&#made, #rows, #row); }
    }

    /// The tables that are the same in every call.
    fn fixed(&self, read: &BTreeSet<usize>) -> TokenStream {
        let (code, p) = (self.code, self.code.private());
        let mut out = TokenStream::new();
        for (number, group) in code.groups.iter().enumerate() {
            let is_read = |at: &usize| read.contains(at) && !is_own(&code.program.definitions[*at]);
            if !group.definitions.iter().any(is_read) {
                continue;
            }
            let (function, name) = (group.function(code.layout), code.names.fixed(number));
            let exported: Vec<(usize, &Ident)> = code.exported_tables(group);
            let axes = |at: usize| &code.program.definitions[at].axes;
            let rows = exported.iter().map(|(at, _)| {
                axes(*at).last().map_or_else(|| code! { 1 }, |last| code.length(*last).to_token_stream())
            });
            let count = exported.len();
            let get = code! { ::core::option::Option::Some(PADDED.get(Self::#function, [#(#rows),*])?) };
            let guard = &code.program.definitions[group.definitions[0]].guard;
            let get = if guard.is_empty() {
                get
            } else {
                let condition = code.condition(guard);
                code! { if #condition { #get } else { ::core::option::Option::None } }
            };
            let lets = exported.iter().enumerate().map(|(place, (at, table))| {
                let cells = self.count(axes(*at));
                code! { let #table = #p::padded_table(#name, #place, #cells); }
            });
            out.extend(code! {
                let #name = { static PADDED: #p::Padded<#count> = #p::Padded::new(); #get };
                #(#lets)*
            });
        }
        out
    }

    /// What says which cells of the returned table are impossible.
    fn marks(&self) -> Option<TokenStream> {
        let (code, p) = (self.code, self.code.private());
        let (conditions, marks): (Vec<_>, Vec<_>) =
            code.program.evidence.iter().filter_map(|e| self.mark(e)).unzip();
        let conditions = conditions.into_iter().collect::<Option<Vec<_>>>();
        let may_be = conditions.map_or_else(|| code! { true }, |all| code! { #(#all)||* });
        let lengths = code.program.table.iter().map(|axis| code.length(*axis));
        (!marks.is_empty()).then(|| {
            code! {
                if #may_be {
                    let lengths = [#(#lengths),*];
                    let mut impossible = #p::Impossible::new(&lengths);
                    #(#marks)*
                    *marks = impossible.marks();
                }
            }
        })
    }

    /// What marks the cells that read zeros of a table, and under which condition it has
    /// any, where one is known; what is impossible in a call needs care.
    fn mark(&self, evidence: &Evidence) -> Option<(Option<TokenStream>, TokenStream)> {
        let code = self.code;
        let id = evidence.factor.definition;
        let definition = code.program.definition(id);
        if matches!(definition.body, Body::Call { .. }) {
            return None;
        }
        let places = code.marked_places(evidence);
        let table = if evidence.of_mass { code.names.mass(id.0) } else { code.names.table(id.0) };
        let (axes, p) = (&definition.axes, code.private());
        let own = &axes[axes.len() - evidence.row..];
        if own.is_empty() && !axes.is_empty() {
            // Pads are no cells.
            let row = self.row(axes);
            let condition = code! { #p::any_is_zero(&#table, #row) };
            let marks = code! { impossible.rows(&#p::packed(&#table, #row), 1, &[#(#places),*]); };
            return Some((Some(condition), marks));
        }
        // Where weights were shared among the cells of a row, that has told.
        let told = match &definition.body {
            Body::Choice { rule: Rule::Proportional, across: false, over, .. } => {
                is_own(definition) && definition.guard.is_empty() && *over <= evidence.row
            }
            _ => false,
        };
        let row = self.count(own);
        let condition = told.then(|| code! { !#table.is_full() });
        // Of a copy where it is hardly ever looked at: the table itself needs no place in memory.
        let table = if told {
            code! { #table.to_vec() }
        } else {
            code! { #table }
        };
        Some((condition, code! { impossible.rows(&#table, #row, &[#(#places),*]); }))
    }

    /// Where the table rests on no parameter: what writes it if it is kept already, and
    /// what keeps it.
    fn constant(&self, table: &Ident) -> Option<(TokenStream, TokenStream)> {
        let (code, p, name) = (self.code, self.code.private(), &self.code.model.name);
        let condition = code.constant_where()?;
        let kept = Ident::new("kept", Span::mixed_site());
        let out = self.hands_out(&kept);
        let found = code! {
            static KEPT: #p::Constant<{ <#name>::__SMALL }> = #p::Constant::new();
            let constant = #condition;
            if constant {
                if let ::core::option::Option::Some(#kept) = KEPT.get() {
                    #out
                }
            }
        };
        Some((found, code! { if constant && marks.is_none() { KEPT.keep(&#table); } }))
    }
}

/// The length of a domain as a constant; 0 where only the program that runs knows it.
fn length(domain: &TokenStream, p: &TokenStream) -> TokenStream {
    let number = |bound: &Option<Box<syn::Expr>>| match bound.as_deref() {
        Some(syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(number), .. })) => {
            number.base10_parse::<usize>().ok()
        }
        _ => None,
    };
    if let Ok(range) = syn::parse2::<syn::ExprRange>(domain.clone()) {
        let known = number(&range.start).zip(number(&range.end)).map(|(start, end)| {
            end.saturating_sub(start) + usize::from(matches!(range.limits, syn::RangeLimits::Closed(_)))
        });
        let known = Literal::usize_suffixed(known.unwrap_or(0));
        return code! { #known };
    }
    match syn::parse2::<syn::Path>(domain.clone()) {
        Ok(path) => code! { #p::Length::<{ #p::kind(&#path) }>::of(&#path) },
        Err(_) => code! { 0 },
    }
}
