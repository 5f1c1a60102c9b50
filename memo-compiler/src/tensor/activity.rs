//! Activity: which tables and values a derivative passes through.

use proc_macro2::{Span, TokenStream};
use syn::spanned::Spanned;

use super::{Body, Normaliser, Program, Query, Rule, Scalar, mentions_any};
use crate::syntax::{BinaryOperator, UnaryOperator};

/// What changes with the parameters with respect to which is differentiated.
#[derive(Debug)]
pub struct Activity {
    /// Which parameters these are.
    parameters: Vec<Wanted>,
    definitions: Vec<bool>,
}

/// Whether a parameter is one with respect to which is differentiated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// It is not.
    Not,
    /// A number.
    Number,
    /// An array or a table, with respect to each element.
    Array,
}

/// Where a derivative would have to pass through what it cannot.
pub enum Obstacle {
    /// Rust code that mentions a parameter.
    Rust(Span, String),
    /// A parameter that is an array, handed to a function.
    Function(Span, String, String),
}

impl Activity {
    /// What changes with these parameters.
    #[must_use]
    pub fn new(program: &Program, parameters: Vec<Wanted>) -> Self {
        let mut activity = Self { parameters, definitions: Vec::new() };
        for definition in &program.definitions {
            let changes = activity.of_body(&definition.body);
            activity.definitions.push(changes);
        }
        activity
    }

    /// Whether it is differentiated with respect to a parameter.
    #[must_use]
    pub fn of_parameter(&self, at: usize) -> bool {
        self.parameters[at] != Wanted::Not
    }

    /// What each parameter is.
    #[must_use]
    pub fn parameters(&self) -> &[Wanted] {
        &self.parameters
    }

    /// Whether a definition's table changes.
    #[must_use]
    pub fn of_definition(&self, at: usize) -> bool {
        self.definitions[at]
    }

    /// Whether what is computed so changes.
    #[must_use]
    pub fn of_body(&self, body: &Body) -> bool {
        let tables = match body {
            // Small changes leave the best choice as it is.
            Body::Choice { rule: Rule::Maximize | Rule::Minimize, .. } => return false,
            Body::Query { factors, normaliser, query, over, .. } => {
                if let (Query::Sum, Normaliser::Own) = (query, normaliser)
                    && !over.is_empty()
                {
                    return false;
                }
                let divisor = match normaliser {
                    Normaliser::By(factor) => self.definitions[factor.definition.0],
                    _ => false,
                };
                divisor || factors.iter().any(|f| self.definitions[f.definition.0])
            }
            Body::Divergence { p, q, .. } => {
                self.definitions[p.definition.0] || self.definitions[q.definition.0]
            }
            Body::Call { arguments, .. } => {
                return arguments.iter().any(|argument| match argument {
                    Scalar::Parameter(at, _) => self.of_parameter(*at),
                    other => self.of(other),
                });
            }
            _ => false,
        };
        tables || body.scalars().into_iter().any(|scalar| self.of(scalar))
    }

    /// Whether a value changes.
    #[must_use]
    pub fn of(&self, scalar: &Scalar) -> bool {
        use BinaryOperator as B;
        match scalar {
            Scalar::Parameter(at, _) | Scalar::Index(at, ..) => self.of_parameter(*at),
            Scalar::Element(factor) => self.definitions[factor.definition.0],
            Scalar::Unary(UnaryOperator::Negate | UnaryOperator::Plus, inner) => self.of(inner),
            Scalar::Binary(
                B::Add | B::Subtract | B::Multiply | B::Divide | B::Remainder | B::Power,
                left,
                right,
                _,
            ) => self.of(left) || self.of(right),
            Scalar::If { then, otherwise, .. } => self.of(then) || self.of(otherwise),
            Scalar::BuiltIn("floor" | "ceil" | "round", _) => false,
            Scalar::BuiltIn(_, arguments)
            | Scalar::Distribution(_, arguments)
            | Scalar::Call(_, arguments) => arguments.iter().any(|argument| self.of(argument)),
            _ => false,
        }
    }

    /// What is in the way of the derivative.
    #[must_use]
    pub fn obstacles(&self, program: &Program) -> Vec<Obstacle> {
        let mut found = Vec::new();
        for definition in &program.definitions {
            if matches!(&definition.body, Body::Choice { rule: Rule::Maximize | Rule::Minimize, .. }) {
                continue;
            }
            for scalar in definition.body.scalars() {
                self.in_the_way(program, scalar, &mut found);
            }
        }
        found
    }

    fn in_the_way(&self, program: &Program, scalar: &Scalar, found: &mut Vec<Obstacle>) {
        use BinaryOperator as B;
        let mut each = |scalars: &[&Scalar]| scalars.iter().for_each(|s| self.in_the_way(program, s, found));
        match scalar {
            Scalar::Unary(UnaryOperator::Negate | UnaryOperator::Plus, inner) => each(&[inner]),
            Scalar::Binary(
                B::Add | B::Subtract | B::Multiply | B::Divide | B::Remainder | B::Power,
                left,
                right,
                _,
            ) => each(&[left, right]),
            Scalar::If { then, otherwise, .. } => each(&[then, otherwise]),
            Scalar::BuiltIn("floor" | "ceil" | "round", _) => {}
            Scalar::BuiltIn(_, arguments) | Scalar::Distribution(_, arguments) => {
                each(&arguments.iter().collect::<Vec<_>>());
            }
            Scalar::Call(path, arguments) => {
                each(&arguments.iter().collect::<Vec<_>>());
                let arrays = arguments.iter().filter_map(|argument| match argument {
                    Scalar::Parameter(at, _) => Some(*at),
                    _ => None,
                });
                for at in arrays.filter(|at| self.parameters[*at] == Wanted::Array) {
                    let name = program.parameters[at].clone();
                    found.push(Obstacle::Function(path.span(), name, super::path_text(path)));
                }
            }
            Scalar::Rust(tokens) => {
                let names = program.parameters.iter().enumerate().filter(|(at, _)| self.of_parameter(*at));
                for (_, name) in names {
                    if mentions_any(tokens, std::slice::from_ref(name)) {
                        found.push(Obstacle::Rust(span_of(tokens, name), name.clone()));
                    }
                }
            }
            _ => {}
        }
    }
}

/// Where a word stands in some tokens.
fn span_of(tokens: &TokenStream, word: &str) -> Span {
    let found = tokens.clone().into_iter().find_map(|token| match token {
        proc_macro2::TokenTree::Ident(ident) if ident == word => Some(ident.span()),
        proc_macro2::TokenTree::Group(group) if mentions_any(&group.stream(), &[word.to_string()]) => {
            Some(span_of(&group.stream(), word))
        }
        _ => None,
    });
    found.unwrap_or_else(Span::call_site)
}

impl Program {
    /// The program whose tables are kept between calls only where they do not
    /// change with these parameters.
    #[must_use]
    pub fn unkept(&self, activity: &Activity) -> Self {
        let mut program = self.clone();
        for definition in &mut program.definitions {
            if definition.kept_for.iter().any(|at| activity.of_parameter(*at)) {
                definition.fixed = false;
                definition.kept_for.clear();
            }
        }
        program
    }
}
