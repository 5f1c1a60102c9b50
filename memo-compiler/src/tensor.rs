//! The tensor IR: definitions over named axes.
//!
//! A mind's belief is a list of [`Factor`]s, never a joint array. A factor
//! refers to a [`Definition`] and says which axis stands in each of its
//! places, so that `observes [b.x] is y` renames an axis in the reference and
//! leaves the definition alone; two places may hold the same axis.

#![allow(missing_docs, reason = "the fields of a variant are named in its line")]

mod activity;
mod domains;
mod loops;
mod print;
mod scalars;

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};

use crate::syntax::{BinaryOperator, Measure, UnaryOperator};

pub use activity::{Activity, Obstacle, Wanted};
pub use loops::Innermost;
pub(crate) use print::text as path_text;
pub use print::{definition_key, plan, print, print_guard, print_scalar};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub usize);
    };
}
id! {
    /// One index variable: a choice.
    AxisId
}
id! {
    /// One domain expression of the model.
    DomainId
}
id! {
    /// One definition of the program.
    DefinitionId
}

/// A set of axes, in a fixed order.
pub type AxisSet = BTreeSet<AxisId>;

/// One choice's index variable.
#[derive(Clone, Debug)]
pub struct Axis {
    /// What people call it: `bob.y`, or `c` for an axis of the table.
    pub label: String,
    /// A name for the emitted code, `bob_y`.
    pub name: String,
    /// What it ranges over.
    pub domain: DomainId,
}

/// A domain as the user wrote it.
#[derive(Clone, Debug)]
pub struct DomainExpression {
    /// The Rust expression.
    pub tokens: TokenStream,
    /// Its text: equal texts are one domain.
    pub text: String,
}

/// A reference to a definition with an axis in each of its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    /// What is referred to.
    pub definition: DefinitionId,
    /// One axis a place; an axis may stand in several.
    pub axes: Vec<AxisId>,
}

impl Factor {
    /// What is read when a definition with the axes `own` reads this factor and
    /// is itself read by `reader`: the definition's axes are those of its
    /// reader, others stay.
    #[must_use]
    pub fn through(&self, own: &[AxisId], reader: &Factor) -> Self {
        let place = |axis| own.iter().position(|o| o == axis);
        let axes = self.axes.iter().map(|axis| place(axis).map_or(*axis, |at| reader.axes[at])).collect();
        Self { definition: self.definition, axes }
    }
}

/// Static conditions under which a definition is needed; all must hold.
pub type Guard = Vec<(Scalar, bool)>;

/// Where a word stands in the source. It does not show in print: scalars are the same
/// wherever they are written.
#[derive(Clone, Copy)]
pub struct Word(pub Span);

impl std::fmt::Debug for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("word")
    }
}

/// A value computed for one cell.
#[derive(Clone, Debug)]
pub enum Scalar {
    /// A numeric literal.
    Number(f64),
    /// `true`, `false`.
    Bool(bool),
    /// A parameter, by position, and the word that names it.
    Parameter(usize, Word),
    /// The value of a choice, and the word that names it.
    Axis(AxisId, Span),
    /// `Coin::Heads`.
    Path(syn::Path),
    /// `{ rust }`.
    Rust(TokenStream),
    /// One number of a table.
    Element(Factor),
    /// `base.name`.
    Member(Box<Scalar>, Ident),
    /// `base.0`.
    TupleMember(Box<Scalar>, u32),
    /// `base[i]`, an element of an array-valued choice.
    ElementOf(Box<Scalar>, Box<Scalar>),
    /// `w[x, y]`, an element of an array parameter.
    Index(usize, Vec<Scalar>, Span),
    /// An operator of one operand.
    Unary(UnaryOperator, Box<Scalar>),
    /// An operator of two operands.
    Binary(BinaryOperator, Box<Scalar>, Box<Scalar>, Span),
    /// A choice between two values; `fixed` when the condition is static.
    If { condition: Box<Scalar>, then: Box<Scalar>, otherwise: Box<Scalar>, fixed: bool },
    /// A function of the language: `exp`, `max`, …
    BuiltIn(&'static str, Vec<Scalar>),
    /// A density or mass function of `memo::dist`, on plain numbers.
    Distribution(syn::Path, Vec<Scalar>),
    /// A Rust function.
    Call(syn::Path, Vec<Scalar>),
    /// `cost @ f(args)`.
    Cost(Measure, syn::Path, Vec<Scalar>),
}

/// How the rows of a choice are made of its weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Probability proportional to the weight.
    Proportional,
    /// Uniform over the largest.
    Maximize,
    /// Uniform over the smallest.
    Minimize,
}

impl Rule {
    /// Whether the exponentials of such a weight are scaled together.
    #[must_use]
    pub fn has_exponents(self, weight: &Scalar) -> bool {
        self == Self::Proportional && weight.is_scaled()
    }

    /// Whether each such weight is one exponential times a factor: several rows of these are
    /// computed side by side.
    #[must_use]
    pub fn is_softmax(self, weight: &Scalar) -> bool {
        self.has_exponents(weight) && weight.is_one_exponential()
    }
}

/// What is computed of a belief, with the axes that are summed over.
#[derive(Clone, Debug)]
pub enum Query {
    /// The expected value.
    Expectation(Scalar),
    /// The variance.
    Variance(Scalar),
    /// The entropy of these axes, in nats.
    Entropy(Vec<AxisId>),
    /// The plain sum.
    Sum,
}

/// What a query is divided by.
#[derive(Clone, Debug)]
pub enum Normaliser {
    /// Nothing: the belief may have lost mass, and that counts.
    Nothing,
    /// The query's own sum of the factors.
    Own,
    /// The same, known to be 1: nothing has been observed and nothing lost.
    One,
    /// The mass of the evidence, computed apart.
    By(Factor),
}

/// How a definition is computed.
#[derive(Clone, Debug)]
pub enum Body {
    /// A conditional distribution: rows over the last `over` axes.
    Choice {
        /// How many of the trailing axes the rows run over.
        over: usize,
        /// Whether the rows stand upright: the one axis that they run over is
        /// the last but one, and the last is one that is given.
        across: bool,
        /// The weight of a cell.
        weight: Scalar,
        /// How weights become probabilities.
        rule: Rule,
        /// Who chooses.
        agent: String,
        /// What is chosen.
        choice: String,
    },
    /// What the best choice is worth: the largest weight, or the smallest.
    Best {
        /// What is chosen.
        over: AxisId,
        /// The weight of a cell.
        weight: Scalar,
        /// Which is best.
        rule: Rule,
        /// Who chooses.
        agent: String,
        /// The name of what is chosen.
        choice: String,
    },
    /// Soft evidence: a weight a cell.
    Evidence {
        /// The weight.
        weight: Scalar,
        /// Who observes.
        agent: String,
        /// How many of the leading axes the observer knows.
        given: usize,
    },
    /// A sum of products.
    Query {
        /// What is multiplied.
        factors: Vec<Factor>,
        /// What is summed over.
        over: Vec<AxisId>,
        /// What is computed.
        query: Query,
        /// What it is divided by.
        normaliser: Normaliser,
        /// Whether its own sum of the factors is kept beside it.
        keeps_mass: bool,
    },
    /// The divergence of two marginals, the second read along the first's
    /// last axis.
    Divergence { p: Factor, q: Factor, over: AxisId },
    /// Another model's table.
    Call { path: syn::Path, which: usize, arguments: Vec<Scalar>, site: usize },
    /// A value for each cell, such as what the model returns.
    Map(Scalar),
}

/// A table over axes.
#[derive(Clone, Debug)]
pub struct Definition {
    /// A name for the emitted code.
    pub name: String,
    /// A line of documentation for the emitted code.
    pub about: String,
    /// The axes, slowest first.
    pub axes: Vec<AxisId>,
    /// How it is computed.
    pub body: Body,
    /// When it is needed at all.
    pub guard: Guard,
    /// Whether it is computed apart, to be kept: once a process, or once for each
    /// value of the parameters that it is kept for.
    pub fixed: bool,
    /// The parameters on which it rests, by position, where it is kept for the
    /// calls under one call.
    pub kept_for: Vec<usize>,
}

/// A mind and one of its choices, by number.
pub type SketchedChoice = (usize, usize);

/// The minds of a model, the model itself first.
#[derive(Clone, Debug, Default)]
pub struct Sketch {
    /// Each after the one that it is inside of.
    pub minds: Vec<SketchedMind>,
    /// What comes from where to where, and whether it is seen or told.
    pub arrows: Vec<(SketchedChoice, SketchedChoice, bool)>,
}

/// One mind.
#[derive(Clone, Debug)]
pub struct SketchedMind {
    /// Whose it is.
    pub name: String,
    /// Who models it.
    pub inside: Option<usize>,
    /// Name, domain, and whether it is known.
    pub choices: Vec<(String, String, bool)>,
    /// What it wants.
    pub goals: Vec<String>,
}

/// A table whose zeros make cells of a returned table impossible.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// Which returned table, by position.
    pub returned: usize,
    /// The table with the zeros, and which axes it is read with.
    pub factor: Factor,
    /// How many of its last axes make a row, of which all must be zero.
    pub row: usize,
    /// Whether the zeros are those of the mass that a query keeps.
    pub of_mass: bool,
}

/// A whole model.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The model's name.
    pub name: String,
    /// All index variables.
    pub axes: Vec<Axis>,
    /// All domains.
    pub domains: Vec<DomainExpression>,
    /// All definitions, each after what it refers to.
    pub definitions: Vec<Definition>,
    /// The names of the parameters.
    pub parameters: Vec<String>,
    /// The axes of the table, in order.
    pub table: Vec<AxisId>,
    /// The returned definitions.
    pub returns: Vec<DefinitionId>,
    /// Pairs of domains that must be the same, with the word to blame.
    pub same: Vec<(DomainId, DomainId, Span, String)>,
    /// Number of calls of other models.
    pub sites: usize,
    /// What the cells of the returned tables rest on directly.
    pub evidence: Vec<Evidence>,
    /// The minds of the model, for its picture.
    pub sketch: Sketch,
    /// What `INSPECT()` found, and where.
    pub notes: Vec<(Span, String)>,
    /// What is hardly meant.
    pub lints: Vec<crate::analysis::Lint>,
}

impl Program {
    /// The definition behind an id.
    #[must_use]
    pub fn definition(&self, id: DefinitionId) -> &Definition {
        &self.definitions[id.0]
    }

    /// How often each definition is read, by others, for marks or as what is
    /// returned.
    #[must_use]
    pub fn readers(&self) -> Vec<usize> {
        let mut readers = vec![0; self.definitions.len()];
        let read = self.definitions.iter().flat_map(Definition::references).map(|f| f.definition);
        let marks = self.evidence.iter().map(|e| e.factor.definition);
        read.chain(marks).chain(self.returns.iter().copied()).for_each(|id| readers[id.0] += 1);
        readers
    }

    /// How many calls of other models are made each time: the others, which are made
    /// once, have the numbers after theirs.
    #[must_use]
    pub fn called(&self) -> usize {
        let made = self.definitions.iter().filter(|definition| !definition.fixed);
        let sites = made.filter_map(|definition| match definition.body {
            Body::Call { site, .. } => Some(site + 1),
            _ => None,
        });
        sites.max().unwrap_or(0)
    }

    /// Adds a definition.
    pub fn define(&mut self, definition: Definition) -> DefinitionId {
        self.definitions.push(definition);
        DefinitionId(self.definitions.len() - 1)
    }

    /// The domain with this text, added when new.
    pub fn domain(&mut self, tokens: &TokenStream) -> DomainId {
        let text = tokens.to_string();
        if let Some(found) = self.domains.iter().position(|d| d.text == text) {
            return DomainId(found);
        }
        self.domains.push(DomainExpression { tokens: domains::with_arrays(tokens), text });
        DomainId(self.domains.len() - 1)
    }

    /// Adds an axis.
    pub fn axis(&mut self, label: String, domain: DomainId) -> AxisId {
        let name = label.replace('.', "_");
        self.axes.push(Axis { label, name, domain });
        AxisId(self.axes.len() - 1)
    }
}

/// Whether any of the words stands somewhere in the tokens.
#[must_use]
pub fn mentions_any(tokens: &TokenStream, words: &[String]) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        proc_macro2::TokenTree::Ident(ident) => words.iter().any(|word| ident == word),
        proc_macro2::TokenTree::Group(group) => mentions_any(&group.stream(), words),
        _ => false,
    })
}

impl Definition {
    /// The factors, when it is a plain product that nothing is summed out of.
    #[must_use]
    pub fn product(&self) -> Option<&[Factor]> {
        match &self.body {
            Body::Query { factors, over, query: Query::Sum, normaliser: Normaliser::Nothing, .. }
                if over.is_empty() =>
            {
                Some(factors)
            }
            _ => None,
        }
    }

    /// The axes of a choice that are given, slowest first, and those of its
    /// rows; all of them given where it is none.
    #[must_use]
    pub fn split(&self) -> (Vec<AxisId>, Vec<AxisId>) {
        let mut axes = self.axes.clone();
        let over = match self.body {
            Body::Choice { over, across, .. } => {
                if across {
                    let last = axes.len() - 1;
                    axes.swap(last - 1, last);
                }
                over
            }
            _ => 0,
        };
        let own = axes.split_off(axes.len() - over);
        (axes, own)
    }

    /// Whether it is a query that keeps its mass beside it.
    #[must_use]
    pub fn keeps_mass(&self) -> bool {
        matches!(self.body, Body::Query { keeps_mass: true, .. })
    }

    /// Makes a query keep its mass.
    pub fn keep_mass(&mut self) {
        if let Body::Query { keeps_mass, .. } = &mut self.body {
            *keeps_mass = true;
        }
    }

    /// The axes that its loops run over.
    #[must_use]
    pub fn loop_axes(&self) -> AxisSet {
        let mut axes: AxisSet = self.axes.iter().copied().collect();
        match &self.body {
            Body::Query { over, .. } => axes.extend(over),
            Body::Divergence { over, .. } | Body::Best { over, .. } => {
                axes.insert(*over);
            }
            _ => {}
        }
        axes
    }

    /// All references to other definitions, those of the guard included.
    #[must_use]
    pub fn references(&self) -> Vec<Factor> {
        let mut found = self.body.references();
        self.guard.iter().for_each(|(condition, _)| condition.elements(&mut found));
        found
    }

    /// Calls `change` on every reference to another definition.
    pub fn for_each_reference(&mut self, change: &dyn Fn(&mut Factor)) {
        let in_scalar = |scalar: &mut Scalar| {
            scalar.walk_mut(&mut |s| {
                if let Scalar::Element(factor) = s {
                    change(factor);
                }
            });
        };
        match &mut self.body {
            Body::Choice { weight, .. }
            | Body::Best { weight, .. }
            | Body::Evidence { weight, .. }
            | Body::Map(weight) => in_scalar(weight),
            Body::Query { factors, query, normaliser, .. } => {
                factors.iter_mut().for_each(change);
                if let Query::Expectation(value) | Query::Variance(value) = query {
                    in_scalar(value);
                }
                if let Normaliser::By(factor) = normaliser {
                    change(factor);
                }
            }
            Body::Divergence { p, q, .. } => {
                change(p);
                change(q);
            }
            Body::Call { arguments, .. } => arguments.iter_mut().for_each(in_scalar),
        }
        self.guard.iter_mut().for_each(|(condition, _)| in_scalar(condition));
    }
}

impl Body {
    /// All references to other definitions.
    #[must_use]
    pub fn references(&self) -> Vec<Factor> {
        let mut found = match self {
            Self::Query { factors, normaliser, .. } => {
                let divisor = match normaliser {
                    Normaliser::By(factor) => Some(factor.clone()),
                    Normaliser::Nothing | Normaliser::Own | Normaliser::One => None,
                };
                factors.iter().cloned().chain(divisor).collect()
            }
            Self::Divergence { p, q, .. } => vec![p.clone(), q.clone()],
            _ => Vec::new(),
        };
        self.scalars().into_iter().for_each(|scalar| scalar.elements(&mut found));
        found
    }

    /// The scalars that the body computes for its cells.
    #[must_use]
    pub fn scalars(&self) -> Vec<&Scalar> {
        match self {
            Self::Choice { weight, .. }
            | Self::Best { weight, .. }
            | Self::Evidence { weight, .. }
            | Self::Map(weight) => vec![weight],
            Self::Query { query: Query::Expectation(value) | Query::Variance(value), .. } => vec![value],
            Self::Call { arguments, .. } => arguments.iter().collect(),
            Self::Query { .. } | Self::Divergence { .. } => Vec::new(),
        }
    }
}
