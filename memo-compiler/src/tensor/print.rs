//! The readable text form of the IR, for plans, dumps and tests.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{AxisId, Body, Definition, Factor, Normaliser, Program, Query, Rule, Scalar};
use crate::syntax::{BinaryOperator as B, Measure, UnaryOperator};
use quote::ToTokens;

/// The whole program, a line a definition, each with its symbolic cost.
#[must_use]
pub fn print(program: &Program) -> String {
    let printer = Printer { program, ids: None };
    let mut out = format!("plan of {}\n", program.name);
    for definition in &program.definitions {
        let _ = writeln!(out, "  {}", printer.definition(definition));
    }
    out
}

/// The same with the bytes of all tables, as `f::plan()` shows it.
#[must_use]
pub fn plan(program: &Program) -> String {
    let printer = Printer { program, ids: None };
    let (own, kept) = (printer.memory(&|d| !d.fixed), printer.memory(&|d| d.fixed));
    format!("{}memory of a call: at most {own}; kept: {kept}\n", print(program))
}

/// A text that two definitions share only if they compute the same, their own
/// axes renamed: readers say by place which axis they mean.
#[must_use]
pub fn definition_key(program: &Program, definition: &Definition) -> String {
    let mut own = definition.axes.clone();
    if let Body::Query { over, .. } = &definition.body {
        own.extend(over);
    }
    if let Body::Divergence { over, .. } | Body::Best { over, .. } = &definition.body {
        own.push(*over);
    }
    let printer = Printer { program, ids: Some(own) };
    let detail = match &definition.body {
        Body::Choice { agent, choice, .. } | Body::Best { agent, choice, .. } => format!("{agent} {choice}"),
        Body::Query { normaliser, .. } => match normaliser {
            Normaliser::Nothing | Normaliser::By(_) => "nothing".into(),
            Normaliser::Own => "own".into(),
            Normaliser::One => "one".into(),
        },
        Body::Call { which, .. } => which.to_string(),
        Body::Evidence { agent, given, .. } => format!("{agent} {given}"),
        Body::Divergence { .. } | Body::Map(_) => String::new(),
    };
    let (axes, rest) = (printer.axes(&definition.axes), printer.body(definition).0);
    format!("{axes} {rest} {detail} {}", print_guard(program, &definition.guard))
}

/// A scalar, for people.
#[must_use]
pub fn print_scalar(program: &Program, scalar: &Scalar) -> String {
    Printer { program, ids: None }.scalar(scalar)
}

/// The conditions of a guard.
#[must_use]
pub fn print_guard(program: &Program, guard: &[(Scalar, bool)]) -> String {
    let printer = Printer { program, ids: None };
    let parts: Vec<String> = guard
        .iter()
        .map(|(condition, wanted)| {
            format!("{}{}", if *wanted { "" } else { "not " }, printer.scalar(condition))
        })
        .collect();
    parts.join(" and ")
}

struct Printer<'p> {
    program: &'p Program,
    /// Where definitions go by number, since names may repeat: the axes, which go
    /// by their place here and their domain.
    ids: Option<Vec<AxisId>>,
}

impl Printer<'_> {
    fn definition(&self, definition: &Definition) -> String {
        let name = format!("{}{}", definition.name, self.axes(&definition.axes));
        let (body, loops) = self.body(definition);
        let guard = print_guard(self.program, &definition.guard);
        let guard = if guard.is_empty() { guard } else { format!(" if {guard}") };
        let sizes: Vec<String> = loops.iter().map(|axis| self.size(*axis)).collect();
        let cost = if sizes.is_empty() { "1".into() } else { sizes.join("·") };
        let once = match definition.kept_for.as_slice() {
            [] if definition.fixed => "once, ".into(),
            [] => String::new(),
            kept => {
                let names: Vec<&str> = kept.iter().map(|at| self.program.parameters[*at].as_str()).collect();
                format!("once for each {}, ", names.join(" and "))
            }
        };
        format!("{name} = {body}{guard}   {once}O({cost})")
    }

    /// The bytes of some tables, as a sum over their shapes.
    fn memory(&self, which: &dyn Fn(&Definition) -> bool) -> String {
        let mut shapes: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        let stored = |d: &&Definition| which(d) && (d.fixed || !matches!(d.body, Body::Call { .. }));
        for definition in self.program.definitions.iter().filter(stored) {
            let mut shape: Vec<String> = definition.axes.iter().map(|a| self.size(*a)).collect();
            shape.sort();
            *shapes.entry(shape).or_default() += 1 + usize::from(definition.keeps_mass());
        }
        let term = |(shape, count): (&Vec<String>, &usize)| match (shape.is_empty(), count) {
            (true, count) => count.to_string(),
            (false, 1) => shape.join("·"),
            (false, count) => format!("{count}·{}", shape.join("·")),
        };
        let terms: Vec<String> = shapes.iter().map(term).collect();
        if terms.is_empty() { "nothing".into() } else { format!("8·({}) bytes", terms.join(" + ")) }
    }

    fn size(&self, axis: AxisId) -> String {
        format!("|{}|", self.program.domains[self.program.axes[axis.0].domain.0].text)
    }

    /// How it is computed, and the axes of its loops.
    fn body(&self, definition: &Definition) -> (String, super::AxisSet) {
        let mut loops: super::AxisSet = definition.axes.iter().copied().collect();
        let body = match &definition.body {
            Body::Map(value) => self.scalar(value),
            Body::Choice { weight, rule, .. } => {
                let (_, own) = definition.split();
                let rule = match rule {
                    Rule::Proportional => "normalise",
                    Rule::Maximize => "arg max",
                    Rule::Minimize => "arg min",
                };
                format!("{rule}{} {}", self.axes(&own), self.scalar(weight))
            }
            Body::Best { over, weight, rule, .. } => {
                loops.insert(*over);
                let rule = if *rule == Rule::Minimize { "min" } else { "max" };
                format!("{rule}{} {}", self.axes(&[*over]), self.scalar(weight))
            }
            Body::Evidence { weight, .. } => format!("evidence {}", self.scalar(weight)),
            Body::Query { factors, over, query, normaliser, .. } => {
                loops.extend(over);
                let product: Vec<String> = factors.iter().map(|f| self.factor(f)).collect();
                let product = if product.is_empty() { "1".into() } else { product.join(" · ") };
                let sum = match query {
                    Query::Sum => format!("Σ{} {product}", self.axes(over)),
                    Query::Expectation(value) => {
                        format!("E{} {} under {product}", self.axes(over), self.scalar(value))
                    }
                    Query::Variance(value) => {
                        format!("Var{} {} under {product}", self.axes(over), self.scalar(value))
                    }
                    Query::Entropy(of) if of == over => format!("H{} of {product}", self.axes(of)),
                    Query::Entropy(of) => format!("H{} of Σ{} {product}", self.axes(of), self.axes(over)),
                };
                match normaliser {
                    Normaliser::By(factor) => format!("{sum} / {}", self.factor(factor)),
                    Normaliser::Nothing | Normaliser::Own | Normaliser::One => sum,
                }
            }
            Body::Divergence { p, q, over } => {
                loops.insert(*over);
                format!("KL{} {} | {}", self.axes(&[*over]), self.factor(p), self.factor(q))
            }
            Body::Call { path, arguments, .. } => {
                let arguments: Vec<String> = arguments.iter().map(|a| self.scalar(a)).collect();
                format!("{}({})", text(path), arguments.join(", "))
            }
        };
        (body, loops)
    }

    fn axes(&self, axes: &[AxisId]) -> String {
        let names: Vec<String> = axes.iter().map(|a| self.axis(*a)).collect();
        if names.is_empty() { String::new() } else { format!("[{}]", names.join(", ")) }
    }

    fn axis(&self, axis: AxisId) -> String {
        let Some(own) = &self.ids else { return self.program.axes[axis.0].label.clone() };
        let domain = self.program.axes[axis.0].domain.0;
        match own.iter().position(|a| *a == axis) {
            Some(at) => format!("#{at} in {domain}"),
            None => format!("axis {}", axis.0),
        }
    }

    fn factor(&self, factor: &Factor) -> String {
        let axes = self.axes(&factor.axes);
        if self.ids.is_some() {
            format!("table {}{axes}", factor.definition.0)
        } else {
            format!("{}{axes}", self.program.definition(factor.definition).name)
        }
    }

    fn list(&self, scalars: &[Scalar]) -> String {
        scalars.iter().map(|s| self.scalar(s)).collect::<Vec<_>>().join(", ")
    }

    fn scalar(&self, scalar: &Scalar) -> String {
        match scalar {
            Scalar::Number(x) => x.to_string(),
            Scalar::Bool(b) => b.to_string(),
            Scalar::Parameter(at, _) => self.program.parameters[*at].clone(),
            Scalar::Axis(axis, _) => self.axis(*axis),
            Scalar::Path(path) => text(path),
            Scalar::Rust(tokens) => format!("{{ {tokens} }}"),
            Scalar::Element(factor) => self.factor(factor),
            Scalar::Member(base, name) => format!("{}.{name}", self.scalar(base)),
            Scalar::TupleMember(base, at) => format!("{}.{at}", self.scalar(base)),
            Scalar::ElementOf(base, index) => format!("{}[{}]", self.scalar(base), self.scalar(index)),
            Scalar::Index(at, indices, _) => {
                format!("{}[{}]", self.program.parameters[*at], self.list(indices))
            }
            Scalar::Unary(operator, inner) => {
                let sign = match operator {
                    UnaryOperator::Negate => "-",
                    UnaryOperator::Not => "!",
                    UnaryOperator::Plus => "+",
                };
                format!("{sign}{}", self.scalar(inner))
            }
            Scalar::Binary(operator, left, right, _) => {
                format!("({} {} {})", self.scalar(left), sign(*operator), self.scalar(right))
            }
            Scalar::If { condition, then, otherwise, .. } => format!(
                "(if {} {{ {} }} else {{ {} }})",
                self.scalar(condition),
                self.scalar(then),
                self.scalar(otherwise)
            ),
            Scalar::BuiltIn(name, arguments) => format!("{name}({})", self.list(arguments)),
            Scalar::Distribution(path, arguments) | Scalar::Call(path, arguments) => {
                format!("{}({})", text(path), self.list(arguments))
            }
            Scalar::Cost(measure, path, arguments) => {
                let word = match measure {
                    Measure::Time => "time",
                    Measure::Space => "space",
                    Measure::Size => "size",
                };
                format!("{word} @ {}({})", text(path), self.list(arguments))
            }
        }
    }
}

/// A path without spaces, for people.
pub(crate) fn text(path: &syn::Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}

fn sign(operator: B) -> &'static str {
    match operator {
        B::Add => "+",
        B::Subtract => "-",
        B::Multiply => "*",
        B::Divide => "/",
        B::Remainder => "%",
        B::Power => "**",
        B::Equal => "==",
        B::NotEqual => "!=",
        B::Less => "<",
        B::LessEqual => "<=",
        B::Greater => ">",
        B::GreaterEqual => ">=",
        B::And => "and",
        B::Or => "or",
        B::Xor => "^",
    }
}
