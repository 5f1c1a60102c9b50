//! The syntax tree: a value type with spans and no facts.
//!
//! Everything a later phase finds out about a node lives beside the tree,
//! never in it.

#![allow(missing_docs, reason = "the fields of a variant are named in its line")]

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;

/// One `#[memo]` function.
#[derive(Clone, Debug)]
pub struct Model {
    /// Attributes other than `#[memo]`: docs, `cfg`, lints.
    pub attributes: Vec<syn::Attribute>,
    /// The visibility the user wrote.
    pub visibility: syn::Visibility,
    /// The function's name.
    pub name: Ident,
    /// The axes of the table: `fn f<x: X, y: Y>`.
    pub axes: Vec<AxisDeclaration>,
    /// The parameters, in order.
    pub parameters: Vec<Parameter>,
    /// `cast: [a, b];`, when there is one.
    pub cast: Option<Vec<Ident>>,
    /// The statements, in order, without `cast` and `return`.
    pub statements: Vec<Statement>,
    /// The expressions of `return e;`, at least one.
    pub returns: Vec<Expression>,
    /// The same as text, for people.
    pub returned: Vec<String>,
    /// What `#[memo(…)]` says.
    pub options: Options,
    /// What stands in `model! { … }`.
    pub text: TokenStream,
}

/// What stands in `#[memo(…)]`.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `crate = path`: the name under which the user knows the facade.
    pub krate: Option<syn::Path>,
    /// `cache`: keep tables between calls.
    pub cache: bool,
    /// `strict`: impossible evidence is an error.
    pub strict: bool,
    /// `explain`: functions that say what each observation does to a cell; the word.
    pub explain: Option<Span>,
    /// `grad`, `grad(beta, w)`: derivatives with respect to these parameters, or to
    /// all that have some.
    pub grad: Option<Vec<Ident>>,
    /// `without_…`: passes that are left out, for the benchmark that shows what
    /// each is worth.
    pub without: Vec<crate::optimise::Pass>,
}

/// One axis of the result: `name: domain`.
#[derive(Clone, Debug)]
pub struct AxisDeclaration {
    /// The axis, known to the whole model as a choice.
    pub name: Ident,
    /// The path to the domain's value.
    pub domain: syn::Path,
}

/// One parameter of a model.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Ident,
    /// Its type, as written.
    pub ty: syn::Type,
    /// What the language may do with it.
    pub class: ParameterClass,
}

impl Parameter {
    /// Whether it is a `Table<…>`, behind references or not.
    #[must_use]
    pub fn is_table(&self) -> bool {
        is_table(&self.ty)
    }

    /// Whether it is an array or a table of real numbers, by its type.
    #[must_use]
    pub fn is_array(&self) -> bool {
        let text: String = self.ty.to_token_stream().to_string();
        let array = ["[", "Vec", "Array"].iter().any(|word| text.contains(word));
        self.class == ParameterClass::Opaque && (self.is_table() || (array && text.contains("f64")))
    }
}

fn is_table(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Reference(reference) => is_table(&reference.elem),
        syn::Type::Path(path) => path.path.segments.last().is_some_and(|s| s.ident == "Table"),
        _ => false,
    }
}

/// What the language may do with a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterClass {
    /// `f64` and `f32`: continuous, differentiable.
    Real,
    /// The integer types: recursion levels, counts.
    Integer,
    /// `bool`: switches.
    Bool,
    /// Anything else: may be indexed, used as a domain, given to a function.
    Opaque,
}

/// `who: …`.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The agent that the statement is about.
    pub who: Ident,
    /// What it says.
    pub kind: StatementKind,
    /// The keyword (`chooses`, `knows`, …), for messages.
    pub span: Span,
    /// What stands in its brackets, as text for people.
    pub text: String,
}

/// What a statement says about its agent.
#[derive(Clone, Debug)]
pub enum StatementKind {
    /// `chooses(x in X, …, how)` and its synonyms.
    Chooses { choices: Vec<ChoiceDeclaration>, how: How },
    /// `thinks[ … ]`.
    Thinks(Vec<Statement>),
    /// `observes [b.x] is y`.
    Observes { target: ChoiceName, source: ChoiceName },
    /// `observes_that [condition]`.
    ObservesThat(Expression),
    /// `observes_event(wpp = e)`.
    ObservesEvent(Expression),
    /// `knows(x, b.y)`.
    Knows(Vec<ChoiceName>),
    /// `forgets_about(x)`.
    ForgetsAbout(Vec<ChoiceName>),
    /// `snapshots_self_as(past)`.
    SnapshotsSelfAs(Vec<Ident>),
    /// `wants(goal = e)`.
    Wants { goal: Ident, utility: Expression },
    /// `has_theory(CHILD)`.
    HasTheory(Ident),
    /// `INSPECT()`.
    Inspect,
}

/// `x in X` within `chooses`.
#[derive(Clone, Debug)]
pub struct ChoiceDeclaration {
    /// The choice.
    pub name: Ident,
    /// Any Rust expression whose value is a domain.
    pub domain: TokenStream,
}

/// How a choice is made.
#[derive(Clone, Debug)]
pub enum How {
    /// `wpp = e`: with probability proportional to `e`.
    Weight(Expression),
    /// `to_maximize = e`.
    Maximize(Expression),
    /// `to_minimize = e`.
    Minimize(Expression),
    /// `uniformly`.
    Uniformly,
    /// `such_that = c`: uniformly where `c` holds.
    SuchThat(Expression),
    /// `to_be = e`: the value equal to `e`.
    ToBe(Expression),
}

/// `x` (also written `self.x`) or `b.y`.
#[derive(Clone, Debug)]
pub struct ChoiceName {
    /// The chooser; `None` is the mind that speaks.
    pub agent: Option<Ident>,
    /// The choice.
    pub name: Ident,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// The word to blame: the whole expression where spans can be joined.
    pub span: Span,
}

/// What an expression is. Names are not resolved here: `a[x]` may ask an
/// agent, index a parameter or take an element of a choice.
#[derive(Clone, Debug)]
pub enum ExpressionKind {
    /// `1`, `0.5`: the literal as written.
    Number(syn::Lit),
    /// `true`, `false`.
    Bool(bool),
    /// One identifier: a choice or a parameter.
    Name(Ident),
    /// A path of at least two segments: `Coin::Heads`.
    Path(syn::Path),
    /// `base.name`.
    Member(Box<Expression>, Ident),
    /// `base.0`.
    TupleMember(Box<Expression>, u32),
    /// `base[e, …]`.
    Bracket(Box<Expression>, Vec<Expression>),
    /// `-e`, `!e`.
    Unary(UnaryOperator, Box<Expression>),
    /// `l + r` and the like.
    Binary(BinaryOperator, Box<Expression>, Box<Expression>),
    /// `if c { a } else { b }` or `a if c else b`.
    If { condition: Box<Expression>, then: Box<Expression>, otherwise: Box<Expression> },
    /// `f(x, …)`: a function of the language or of Rust.
    Call { path: syn::Path, arguments: Vec<Expression> },
    /// `E[e]`.
    Expectation(Box<Expression>),
    /// `Pr[c, …]`, jointly.
    Probability(Vec<Expression>),
    /// `Var[e]`.
    Variance(Box<Expression>),
    /// `H[a.x, …]`.
    Entropy(Vec<ChoiceName>),
    /// `KL[a.x | b.y]`.
    Divergence(ChoiceName, ChoiceName),
    /// `Predict[e]`.
    Predict(Box<Expression>),
    /// `EU[goal]`.
    ExpectedUtility(Ident),
    /// `imagine[ …, e ]`.
    Imagine { statements: Vec<Statement>, value: Box<Expression> },
    /// `f[x, b.y](args)`, `f[1][x](args)`.
    ModelCall { path: syn::Path, which: Option<usize>, axes: Vec<ChoiceName>, arguments: Arguments },
    /// `cost @ f(args)` and its kin.
    Cost { measure: Measure, path: syn::Path, arguments: Arguments },
    /// `{ rust expression }`, without the braces.
    Rust(TokenStream),
}

/// The arguments of a call of a model.
#[derive(Clone, Debug)]
pub enum Arguments {
    /// `(e, …)`.
    List(Vec<Expression>),
    /// `(...)`: all parameters of the calling model, in order.
    All,
}

/// What `@` measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// `cost @`, `time @`: floating-point operations.
    Time,
    /// `space @`: bytes.
    Space,
    /// `size @`: size of the program.
    Size,
}

/// Operators of one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `-e`
    Negate,
    /// `!e`, `~e`, `not e`
    Not,
    /// `+e`
    Plus,
}

/// Operators of two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`, real division
    Divide,
    /// `%`, with the sign of the divisor
    Remainder,
    /// `**`
    Power,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `&&`, `and`, `&`
    And,
    /// `||`, `or`, `|`
    Or,
    /// `^`
    Xor,
}

impl BinaryOperator {
    /// Whether the result is a number, not a truth value.
    #[must_use]
    pub fn is_arithmetic(self) -> bool {
        matches!(
            self,
            Self::Add | Self::Subtract | Self::Multiply | Self::Divide | Self::Remainder | Self::Power
        )
    }
}
