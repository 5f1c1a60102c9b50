//! Syntax tree → tensor IR: who knows, models and is uncertain about what.
//!
//! Every mind is a frame (`frames`) of choices that it knows or is uncertain
//! about, and a belief, which is a list of factors. Statements change frames
//! (`statements`); expressions read them (`expressions`). Mistakes go into
//! one sink and the walk goes on, so that all of them come out together; a
//! value that could not be made sense of is `None` and silences what follows.

mod beliefs;
mod evidence;
mod explain;
mod expressions;
mod frames;
mod lints;
mod sketch;
mod statements;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;

use crate::diagnostics::Errors;
use crate::syntax::{Model, ParameterClass, Statement};
use crate::tensor::{AxisId, Body, Definition, DefinitionId, DomainId, Factor, Guard, Program, Scalar};
pub use explain::{Explained, Place, Words, explain};
use frames::{FrameId, Frames, Held};
pub use lints::Lint;

/// Walks the model and returns its program; only to be used when `errors` is
/// still empty afterwards.
pub fn analyse(model: &Model, errors: &mut Errors) -> Program {
    let (mut analysis, root) = Analysis::new(model, errors);
    analysis.declare_axes(root);
    analysis.run(root, flatten(&model.statements));
    analysis.returns(root);
    analysis.program.sketch = analysis.sketch(root);
    analysis.program.notes = analysis.notes;
    analysis.program.lints = analysis.lints.found(model);
    analysis.program
}

struct Analysis<'m> {
    model: &'m Model,
    errors: &'m mut Errors,
    program: Program,
    frames: Frames,
    /// The static conditions around the expression at hand.
    guard: Guard,
    /// The frame whose statements are being run.
    base: FrameId,
    /// The statements that come later in `base`.
    continuation: ToCome,
    /// Numbers the names that the compiler makes up.
    fresh: usize,
    notes: Vec<(Span, String)>,
    lints: lints::Lints,
    /// The answers that rest on evidence that may be impossible.
    may_be_impossible: BTreeSet<DefinitionId>,
    /// What minds are told and see.
    learned: Vec<sketch::Learned>,
    /// Whether observations have been left out: a mind that lacks what it is asked
    /// for then answers with what it expects.
    lenient: bool,
    /// Whether a mind is told all that it is uncertain about.
    told: Option<explain::Told>,
    /// The choices that expressions have named, in order, and where.
    named: Vec<(AxisId, Span)>,
    /// By which word an answer came to depend on an axis.
    words: BTreeMap<(DefinitionId, AxisId), Span>,
}

/// A statement with the minds it is nested in: `a: thinks[ b: s, c: t ]` is
/// two of them.
#[derive(Clone, Debug)]
struct Flat {
    path: Vec<String>,
    who: String,
    statement: Statement,
}

/// The statements of a frame from some place on.
#[derive(Clone, Debug, Default)]
struct ToCome {
    all: Rc<[Flat]>,
    from: usize,
}

fn flatten(statements: &[Statement]) -> Vec<Flat> {
    fn visit(path: &mut Vec<String>, statements: &[Statement], out: &mut Vec<Flat>) {
        for statement in statements {
            if let crate::syntax::StatementKind::Thinks(inner) = &statement.kind {
                path.push(statement.who.to_string());
                visit(path, inner, out);
                path.pop();
            } else {
                out.push(Flat {
                    path: path.clone(),
                    who: statement.who.to_string(),
                    statement: statement.clone(),
                });
            }
        }
    }
    let mut out = Vec::new();
    visit(&mut Vec::new(), statements, &mut out);
    out
}

impl<'m> Analysis<'m> {
    fn new(model: &'m Model, errors: &'m mut Errors) -> (Self, FrameId) {
        let (frames, root) = Frames::new();
        let program = Program {
            name: model.name.to_string(),
            parameters: model.parameters.iter().map(|p| p.name.to_string()).collect(),
            ..Program::default()
        };
        let analysis = Self {
            model,
            errors,
            program,
            frames,
            guard: Guard::new(),
            base: root,
            continuation: ToCome::default(),
            fresh: 0,
            notes: Vec::new(),
            lints: lints::Lints::default(),
            may_be_impossible: BTreeSet::new(),
            learned: Vec::new(),
            lenient: false,
            told: None,
            named: Vec::new(),
            words: BTreeMap::new(),
        };
        (analysis, root)
    }

    fn declare_axes(&mut self, root: FrameId) {
        let model = self.model;
        for declaration in &model.axes {
            let name = declaration.name.to_string();
            if self.is_parameter(&name) {
                self.errors.name_clash(declaration.name.span(), &name, "an axis");
            }
            let domain = declaration.domain.to_token_stream();
            self.check_domain(&domain);
            let domain = self.program.domain(&domain);
            let axis = self.program.axis(name.clone(), domain);
            self.program.table.push(axis);
            let held = Held { axis, known: true, line: declaration.name.span().start().line };
            if self.frames.get_mut(root).choices.insert((None, name.clone()), held).is_some() {
                self.errors.repeated_axis(declaration.name.span(), &name);
            }
        }
    }

    /// Reports what is plainly no domain, a type or a number.
    fn check_domain(&mut self, domain: &TokenStream) {
        let mut tokens = domain.clone().into_iter();
        let (Some(word), None) = (tokens.next(), tokens.next()) else { return };
        let (span, text) = (word.span(), word.to_string());
        let is_number = match word {
            TokenTree::Ident(name) => {
                let parameter = self.model.parameters.iter().find(|p| p.name == name);
                if parameter.is_none() && BUILT_IN_TYPES.contains(&text.as_str()) {
                    self.errors.type_as_domain(span, &text);
                }
                parameter.is_some_and(|p| p.class != ParameterClass::Opaque)
            }
            TokenTree::Literal(_) => text.starts_with(|c: char| c.is_ascii_digit()),
            _ => false,
        };
        if is_number {
            self.errors.number_as_domain(span, &text);
        }
    }

    /// Runs statements in a frame, each with those after it as its future.
    fn run(&mut self, base: FrameId, statements: Vec<Flat>) {
        let saved = (self.base, std::mem::take(&mut self.continuation));
        self.base = base;
        let statements: Rc<[Flat]> = statements.into();
        for (at, flat) in statements.iter().enumerate() {
            self.continuation = ToCome { all: Rc::clone(&statements), from: at + 1 };
            self.statement(base, flat);
            if self.frames.get(base).parent.is_none() && !self.frames.get(base).imagined {
                self.tell(base, at);
            }
        }
        (self.base, self.continuation) = saved;
    }

    fn returns(&mut self, root: FrameId) {
        let model = self.model;
        let mut used = crate::tensor::AxisSet::new();
        let mut poisoned = false;
        for (at, expression) in model.returns.iter().enumerate() {
            let Some(value) = self.value(root, expression) else {
                poisoned = true;
                continue;
            };
            let axes = value.axes();
            if !self.frames.knows_all(root, &axes) {
                let uncertain = self.uncertain_names(root, &axes);
                let word = self.uncertain_word(root, &value, expression.span);
                self.errors.uncertain_return(word, &uncertain);
                poisoned = true;
                continue;
            }
            used.extend(&axes);
            self.rest(at, &value);
            let name = if at == 0 { "result".to_string() } else { format!("result_{at}") };
            let axes = self.program.table.clone();
            let id = self.define(name, "The table that the model returns.".into(), axes, Body::Map(value));
            self.program.returns.push(id);
        }
        if model.returns.is_empty() || poisoned || !self.errors.is_empty() || self.lenient {
            return;
        }
        for (axis, declaration) in self.program.table.iter().zip(&model.axes) {
            let name = declaration.name.to_string();
            if !used.contains(axis) && !name.starts_with('_') {
                self.errors.unused_axis(declaration.name.span(), &name);
            }
        }
    }

    fn define(&mut self, name: String, about: String, axes: Vec<AxisId>, body: Body) -> DefinitionId {
        let guard = self.guard.clone();
        self.program.define(Definition { name, about, axes, body, guard, fixed: false, kept_for: Vec::new() })
    }

    /// A definition read with its own axes.
    fn element(&self, id: DefinitionId) -> Scalar {
        Scalar::Element(Factor { definition: id, axes: self.program.definition(id).axes.clone() })
    }

    fn is_parameter(&self, name: &str) -> bool {
        self.model.parameters.iter().any(|p| p.name == name)
    }

    fn domain_of(&self, axis: AxisId) -> DomainId {
        self.program.axes[axis.0].domain
    }

    fn must_be_same(&mut self, a: AxisId, b: AxisId, span: Span, what: String) {
        let (a, b) = (self.domain_of(a), self.domain_of(b));
        if a == b {
            return;
        }
        let text = |domain: DomainId| self.program.domains[domain.0].text.replace(' ', "");
        let differ = |(a, b): (i128, i128), (c, d): (i128, i128)| (a, b) != (c, d);
        let tokens = |domain: DomainId| self.program.domains[domain.0].tokens.clone();
        match (literal_range(tokens(a)), literal_range(tokens(b))) {
            (Some(first), Some(second)) if differ(first, second) => {
                let (a, b) = (text(a), text(b));
                self.errors.different_domains(span, &what, &a, &b);
            }
            // Types are for rustc to compare, values for the first call.
            _ => self.program.same.push((a, b, span, what)),
        }
    }
}

/// Types that are no domains.
const BUILT_IN_TYPES: &[&str] = &[
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16", "u32",
    "u64", "u128", "usize",
];

/// First and last of a range between two literals.
fn literal_range(tokens: TokenStream) -> Option<(i128, i128)> {
    let range = syn::parse2::<syn::ExprRange>(tokens).ok()?;
    let number = |e: &syn::Expr| match e {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(int), .. }) => int.base10_parse::<i128>().ok(),
        _ => None,
    };
    let (start, end) = (number(range.start.as_deref()?)?, number(range.end.as_deref()?)?);
    Some((start, if matches!(range.limits, syn::RangeLimits::Closed(_)) { end } else { end - 1 }))
}
