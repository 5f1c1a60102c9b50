//! Tensor IR → Rust: plain nested loops over flat buffers.
//!
//! Emitted code names nothing unqualified; what the compiler names has
//! mixed-site hygiene, what the user wrote keeps the user's spans.

/// `quote!` whose local variables never meet the user's.
macro_rules! code {
    ($($tokens:tt)*) => {
        ::quote::quote_spanned! { ::proc_macro2::Span::mixed_site()=> $($tokens)* }
    };
}

mod adjoint;
mod best;
mod calls;
mod compact;
mod constant;
mod context;
mod cost;
mod divided;
mod entries;
mod explain;
mod fixed;
mod fused;
mod gradient;
mod interface;
mod long;
mod memory;
mod names;
mod nests;
mod nonzero;
mod parallel;
mod passing;
mod plain;
mod products;
mod queries;
mod row_sums;
mod rows;
mod scalars;
mod tables;
mod taken;
mod units;

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};

use crate::analysis::Explained;
use crate::optimise::Pass;
use crate::syntax::{Model, ParameterClass};
use crate::tensor::{Activity, AxisId, Body, Definition, Evidence, Program, Scalar};
use context::Context;
pub use gradient::check as check_gradient;
use long::Layout;
use names::Names;
use units::{Kind, Unit};

/// Everything that `#[memo]` leaves in the place of the function.
pub fn generate(model: &Model, program: &Program, explained: Option<&Explained>) -> TokenStream {
    let code = Code::new(model, program);
    let signature = code.signature();
    let function = code.function();
    let long =
        if model.options.without.contains(&Pass::Long) { None } else { crate::optimise::long(program) };
    let compact = compact::generate(model, program);
    let inherent = code.inherent(long.as_ref(), compact.as_ref());
    let gradient = gradient::generate(&code, compact.as_ref());
    let explanation = explained.map(|explained| code.explanation(explained));
    let notes = code.notes();
    code! { #signature #function #inherent #gradient #explanation #notes }
}

/// On errors: the signature alone, so that callers do not fail as well.
pub fn stub(model: &Model) -> TokenStream {
    let program = Program::default();
    let code = Code::new(model, &program);
    let signature = code.signature();
    let Parts { visibility, name, parameters, returns, attributes, .. } = code.parts();
    let body = code! { ::core::unreachable!("this model does not compile") };
    let (gradient, compact) = (code.gradient_stub(&body), code.no_compact());
    let explanation = code.explanation_stub(&body);
    let k = &code.krate;
    code! {
        #signature
        #(#attributes)*
        #[allow(unused_variables)]
        #visibility fn #name<'memo>(#(#parameters),*) -> #returns { #body }
        #[allow(unused_variables, dead_code, missing_docs)]
        impl #name {
            #[doc(hidden)]
            pub fn __call<'memo>(#(#parameters),*) -> ::core::result::Result<(<#name as #k::__private::Signature>::Axes<'memo>, #k::__private::Job<#k::__private::Never>), #k::__private::Fault> { #body }
            pub fn try_call<'memo>(#(#parameters),*) -> ::core::result::Result<#returns, #k::Error> { #body }
            pub fn cost<'memo>(#(#parameters),*) -> #k::Cost { #body }
            pub fn plan() -> &'static str { #body }
            pub fn diagram() -> #k::Diagram { #body }
            pub fn clear_cache() { #body }
            #compact
        }
        #gradient
        #explanation
    }
}

struct Code<'a> {
    /// What the program is laid out for.
    layout: Layout,
    model: &'a Model,
    program: &'a Program,
    /// Whether the last axis of each table has pads: see `memo_runtime::compact`.
    padded: bool,
    /// The path to the facade.
    krate: TokenStream,
    names: Names,
    /// What the code at hand may rely on.
    context: Context,
    /// Which definitions each definition reads.
    reads: Vec<Vec<usize>>,
    /// How often each definition is read or handed out.
    occurrences: Vec<usize>,
    /// What is kept.
    groups: Vec<fixed::Group>,
    /// What changes with the parameters, where derivatives are wanted.
    activity: Option<Activity>,
}

struct Parts<'a> {
    visibility: &'a syn::Visibility,
    name: &'a Ident,
    attributes: Vec<&'a syn::Attribute>,
    /// `name: Type`, references with the lifetime `'memo`.
    parameters: Vec<TokenStream>,
    arguments: Vec<&'a Ident>,
    returns: TokenStream,
}

impl<'a> Code<'a> {
    fn new(model: &'a Model, program: &'a Program) -> Self {
        let krate = match &model.options.krate {
            Some(path) => path.to_token_stream(),
            None => code!(::memo),
        };
        let reads = |d: &Definition| d.references().iter().map(|f| f.definition.0).collect();
        let reads: Vec<Vec<usize>> = program.definitions.iter().map(reads).collect();
        let occurrences = program.readers();
        let (names, context) = (Names::new(program), Context::default());
        let layout = Layout::AnySize;
        let mut code = Self {
            layout,
            model,
            program,
            padded: false,
            krate,
            names,
            context,
            reads,
            occurrences,
            groups: Vec::new(),
            activity: model.options.grad.is_some().then(|| Activity::new(program, model.wanted())),
        };
        code.groups = code.find_groups();
        code
    }

    fn parts(&self) -> Parts<'a> {
        let model = self.model;
        let name = &model.name;
        let k = &self.krate;
        let parameters = model
            .parameters
            .iter()
            .map(|p| {
                let (name, ty) = (&p.name, with_lifetime(&p.ty));
                code! { #name: #ty }
            })
            .collect();
        let table = code! { #k::Table<<#name as #k::__private::Signature>::Axes<'memo>> };
        let returns = match model.returns.len() {
            0 | 1 => table,
            n => {
                let tables = vec![table; n];
                code! { (#(#tables),*) }
            }
        };
        Parts {
            visibility: &model.visibility,
            name,
            attributes: model.attributes.iter().collect(),
            parameters,
            arguments: model.parameters.iter().map(|p| &p.name).collect(),
            returns,
        }
    }

    /// `let coin = Coin;` and the like, for the domains in use.
    fn domains(&self, wanted: &dyn Fn(usize) -> bool) -> TokenStream {
        let model = self.program.name.as_str();
        let lets =
            self.program.domains.iter().enumerate().filter(|(at, _)| wanted(*at)).map(|(at, domain)| {
                let (variable, count) = self.names.domain(at);
                let (tokens, text) = (&domain.tokens, &domain.text);
                let (word, p, domain) = self.domain_at_word(at);
                let size = quote_spanned! {word=> #p::domain_size(#model, #text, &#domain)? };
                code! {
                    let #variable = #tokens;
                    let #count = #size;
                }
            });
        code! { #(#lets)* }
    }

    /// The place of a domain in the source, the runtime and the domain's variable as named
    /// there: what is no domain is told of at its own word.
    fn domain_at_word(&self, at: usize) -> (Span, TokenStream, Ident) {
        let word = scalars::span_of(&self.program.domains[at].tokens);
        (word, self.private_at(word), scalars::blamed(self.names.domain(at).0, word))
    }

    fn guarded(&self, definition: &Definition, code: TokenStream) -> TokenStream {
        if definition.guard.is_empty() {
            return code;
        }
        let condition = self.condition(&definition.guard);
        code! { if #condition { #code } }
    }

    fn condition(&self, guard: &[(Scalar, bool)]) -> TokenStream {
        let parts = guard.iter().map(|(condition, wanted)| {
            let truth = bare(self.truth(condition));
            if *wanted && guard.len() == 1 {
                truth
            } else if *wanted {
                code! { (#truth) }
            } else {
                code! { !(#truth) }
            }
        });
        code! { #(#parts)&&* }
    }

    /// What fills the tables of a call, and the functions that it needs.
    fn body(&self) -> (TokenStream, TokenStream) {
        let p = self.private();
        let own = self.program.definitions.iter().enumerate();
        let own = own.filter(|(_, d)| !d.fixed && !matches!(d.body, Body::Call { .. })).map(|(at, _)| at);
        let returns: Vec<usize> = self.program.returns.iter().map(|id| id.0).collect();
        let mut exports: BTreeSet<usize> = returns.iter().copied().collect();
        exports.extend(self.program.evidence.iter().map(|e| e.factor.definition.0));
        // What marks the impossible cells.
        let marks: BTreeSet<usize> = self.program.evidence.iter().map(|e| e.factor.definition.0).collect();
        let marked = if marks.is_empty() { Vec::new() } else { self.program.table.clone() };
        let unit = Unit {
            kind: Kind::Call,
            definitions: own.collect(),
            exports,
            parameters: Vec::new(),
            read_after: (marks, marked),
            group: None,
        };
        let name = match self.layout {
            Layout::AnySize => "__tables",
            Layout::OneLong => "__tables_long",
        };
        let (filled, functions) = self.divided(&unit, name);
        let marks = (0..returns.len()).map(|at| self.returned(at));
        let tables = returns.iter().map(|at| self.names.table(*at));
        let tables = match returns.as_slice() {
            [_] => code! { #p::Tables::One(#(#tables)*) },
            _ => code! { #p::Tables::Shared(::std::sync::Arc::new([#(#tables),*])) },
        };
        let body = code! {
            #filled
            #(#marks)*
            returned.put(#tables);
            ::core::result::Result::Ok(())
        };
        (body, functions)
    }

    /// What marks the impossible cells of a returned table: those of other models'
    /// tables are taken over from `inputs`, if it has any.
    fn marks(&self, at: usize, inputs: bool) -> Vec<TokenStream> {
        let of_call =
            |e: &Evidence| matches!(self.program.definition(e.factor.definition).body, Body::Call { .. });
        let own = self.program.evidence.iter().filter(|e| e.returned == at && (inputs || !of_call(e)));
        let marks = own.map(|evidence| {
            let id = evidence.factor.definition;
            let places = self.marked_places(evidence);
            let definition = self.program.definition(id);
            if let Body::Call { which, site, .. } = definition.body {
                return code! { impossible.inherit(inputs.impossible(#site, #which), &[#(#places),*]); };
            }
            let table = if evidence.of_mass { self.names.mass(id.0) } else { self.names.table(id.0) };
            let own = &definition.axes[definition.axes.len() - evidence.row..];
            let row = own.iter().map(|a| self.length(*a).to_token_stream()).reduce(|a, b| code! { #a * #b });
            let row = row.unwrap_or_else(|| code! { 1 });
            let rows = |table: &Ident, row: TokenStream| {
                code! { impossible.rows(&#table, #row, &[#(#places),*]); }
            };
            // A table without a cell marks none: one of the two has some.
            let totals = if evidence.of_mass { None } else { self.totals(id.0) };
            let totals = totals.map(|totals| rows(&totals, code! { 1 }));
            let all = rows(table, row);
            code! { #totals #all }
        });
        marks.collect()
    }

    /// The axes of the returned table that read a row of zeros.
    fn marked_places(&self, evidence: &Evidence) -> Vec<usize> {
        let (leading, _) = evidence.factor.axes.split_at(evidence.factor.axes.len() - evidence.row);
        leading.iter().filter_map(|a| self.program.table.iter().position(|own| own == a)).collect()
    }

    /// A returned table with its impossible cells marked.
    fn returned(&self, at: usize) -> TokenStream {
        let p = self.private();
        let cells = self.names.table(self.program.returns[at].0);
        let marks = self.marks(at, true);
        if marks.is_empty() {
            return code! { let #cells = #p::Returned::new(#cells, ::core::option::Option::None); };
        }
        let lengths = self.program.table.iter().map(|a| self.length(*a));
        code! {
            let lengths = [#(#lengths),*];
            let mut impossible = #p::Impossible::new(&lengths);
            #(#marks)*
            let #cells = #p::Returned::new(#cells, impossible.marks());
        }
    }

    /// The variable that holds the domain of an axis.
    fn domain_of(&self, axis: AxisId) -> &Ident {
        self.names.domain(self.program.axes[axis.0].domain.0).0
    }

    /// The variable that holds the length of an axis.
    fn length(&self, axis: AxisId) -> &Ident {
        self.names.domain(self.program.axes[axis.0].domain.0).1
    }

    /// The runtime, as the emitted functions import it.
    fn private(&self) -> TokenStream {
        self.private_at(Span::mixed_site())
    }

    /// The same, so that errors in a call of it point at a word of the user's.
    fn private_at(&self, word: Span) -> TokenStream {
        let alias = Ident::new("__memo", word.resolved_at(Span::mixed_site()));
        code! { #alias }
    }

    /// `INSPECT()` shows as a warning at its place: a note on a deprecated item
    /// is the one way to print there on stable Rust.
    fn notes(&self) -> TokenStream {
        let notes = self.program.notes.iter().map(|(span, text)| {
            quote_spanned! {*span=>
                const _: () = {
                    #[deprecated(note = #text)]
                    const fn inspect() {}
                    inspect();
                };
            }
        });
        let lints = self.program.lints.iter().map(|lint| {
            let (name, text) = (Ident::new(lint.name, lint.span), &lint.text);
            // What the user says of lints holds for these, too.
            let levels = ["allow", "expect", "warn", "deny", "forbid"];
            let levels =
                self.model.attributes.iter().filter(|a| levels.iter().any(|level| a.path().is_ident(level)));
            quote_spanned! {lint.span=>
                #(#levels)*
                const _: () = {
                    #[deprecated(note = #text)]
                    const fn #name() {}
                    #name();
                };
            }
        });
        code! { #(#notes)* #(#lints)* }
    }
}

/// An expression without the parentheses around all of it.
fn bare(tokens: TokenStream) -> TokenStream {
    let mut trees = tokens.clone().into_iter();
    match (trees.next(), trees.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::Parenthesis => {
            group.stream()
        }
        _ => tokens,
    }
}

/// `&T` becomes `&'memo T`, at any depth.
fn with_lifetime(ty: &syn::Type) -> TokenStream {
    struct Elided;
    impl syn::visit_mut::VisitMut for Elided {
        fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
            // One that the user names is not declared, and is told of elsewhere.
            if reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static") {
                reference.lifetime = Some(syn::Lifetime::new("'memo", Span::mixed_site()));
            }
            syn::visit_mut::visit_type_reference_mut(self, reference);
        }
    }
    let mut ty = ty.clone();
    syn::visit_mut::VisitMut::visit_type_mut(&mut Elided, &mut ty);
    ty.to_token_stream()
}

/// Parameters that are neither numbers nor references: a key cannot be made
/// of them.
pub fn check_parameters(model: &Model, errors: &mut crate::diagnostics::Errors) {
    for parameter in &model.parameters {
        let reference = matches!(parameter.ty, syn::Type::Reference(_));
        if parameter.class == ParameterClass::Opaque && !reference {
            let ty = parameter.ty.to_token_stream().to_string();
            let ty = [(" < ", "<"), (" >", ">"), (" ,", ","), (" :: ", "::")]
                .iter()
                .fold(ty, |ty, (a, b)| ty.replace(a, b));
            errors.parameter_by_value(parameter.name.span(), &ty);
        }
        if parameter.class == ParameterClass::Opaque && model.options.cache {
            errors.cache_needs_numbers(parameter.name.span(), &parameter.name.to_string());
        }
    }
}
