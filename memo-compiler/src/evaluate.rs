//! An evaluator of the tensor IR, as plain as can be, for tests: all values
//! are numbers, domains come from outside, Rust code is refused.

use std::collections::BTreeMap;

use crate::diagnostics::Errors;
use crate::syntax::{BinaryOperator, Model, UnaryOperator};
use crate::tensor::{AxisId, Body, Definition, Factor, Normaliser, Program, Query, Rule, Scalar};

/// Compiles the model and evaluates each returned table, row-major over the
/// full axes.
///
/// # Errors
/// The first thing that is wrong, in words.
pub fn evaluate(
    model: &Model,
    domains: &dyn Fn(&str) -> Option<Vec<f64>>,
    parameters: &[(String, f64)],
) -> Result<Vec<Vec<f64>>, String> {
    let mut errors = Errors::new();
    let program = crate::analyse(model, &mut errors);
    if let Some(first) = errors.found().first() {
        return Err(first.message.clone());
    }
    evaluate_program(model, &crate::optimise::optimise(program), domains, parameters)
}

/// Evaluates a program that was made of the model: all tables that it returns.
///
/// # Errors
/// The first thing that is wrong, in words.
pub fn evaluate_program(
    model: &Model,
    program: &Program,
    domains: &dyn Fn(&str) -> Option<Vec<f64>>,
    parameters: &[(String, f64)],
) -> Result<Vec<Vec<f64>>, String> {
    let values = program
        .axes
        .iter()
        .map(|axis| {
            let text = &program.domains[axis.domain.0].text;
            domains(text).ok_or_else(|| format!("unknown domain {text}"))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let parameters = model
        .parameters
        .iter()
        .map(|p| {
            let found = parameters.iter().find(|(name, _)| p.name == *name);
            found.map(|(_, value)| *value).ok_or_else(|| format!("no value for {}", p.name))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mut machine = Machine { values, parameters, tables: Vec::new() };
    for definition in &program.definitions {
        let table = machine.table(definition)?;
        machine.tables.push(table);
    }
    Ok(program.returns.iter().map(|id| machine.tables[id.0].clone()).collect())
}

struct Machine {
    /// The values of each axis.
    values: Vec<Vec<f64>>,
    parameters: Vec<f64>,
    tables: Vec<Vec<f64>>,
}

/// The place of every axis that is bound.
type Cell = BTreeMap<AxisId, usize>;

impl Machine {
    fn cells(&self, axes: &[AxisId], outer: &Cell) -> Vec<Cell> {
        let mut cells = vec![outer.clone()];
        for axis in axes {
            cells = cells
                .iter()
                .flat_map(|cell| {
                    (0..self.values[axis.0].len()).map(move |at| {
                        let mut cell = cell.clone();
                        cell.insert(*axis, at);
                        cell
                    })
                })
                .collect();
        }
        cells
    }

    fn table(&self, definition: &Definition) -> Result<Vec<f64>, String> {
        let nowhere = Cell::new();
        for (condition, wanted) in &definition.guard {
            if (self.scalar(condition, &nowhere)? != 0.0) != *wanted {
                return Ok(Vec::new());
            }
        }
        let axes = &definition.axes;
        match &definition.body {
            Body::Map(value) | Body::Evidence { weight: value, .. } => {
                self.cells(axes, &nowhere).iter().map(|cell| self.scalar(value, cell)).collect()
            }
            Body::Choice { weight, rule, .. } => {
                let (given, own) = definition.split();
                let mut out = Vec::new();
                for outer in self.cells(&given, &nowhere) {
                    let logit = match weight {
                        Scalar::BuiltIn("exp", arguments) if *rule == Rule::Proportional => {
                            Some(&arguments[0])
                        }
                        _ => None,
                    };
                    let cells = self.cells(&own, &outer);
                    let row: Result<Vec<f64>, String> =
                        cells.iter().map(|cell| self.scalar(logit.unwrap_or(weight), cell)).collect();
                    let chances = distribute(row?, *rule, logit.is_some())?;
                    out.extend(cells.into_iter().zip(chances));
                }
                // Rows that stand upright: as the axes of the table go.
                out.sort_by_key(|(cell, _)| axes.iter().map(|axis| cell[axis]).collect::<Vec<_>>());
                Ok(out.into_iter().map(|(_, chance)| chance).collect())
            }
            Body::Best { over, weight, rule, .. } => {
                let mut out = Vec::new();
                for outer in self.cells(axes, &nowhere) {
                    let cells = self.cells(&[*over], &outer);
                    let row = cells.iter().map(|cell| self.scalar(weight, cell));
                    let row = row.collect::<Result<Vec<f64>, _>>()?.into_iter();
                    out.push(match rule {
                        Rule::Minimize => row.fold(f64::INFINITY, f64::min),
                        Rule::Maximize | Rule::Proportional => row.fold(f64::NEG_INFINITY, f64::max),
                    });
                }
                Ok(out)
            }
            Body::Query { factors, over, query, normaliser, .. } => {
                let mut out = Vec::new();
                for outer in self.cells(axes, &nowhere) {
                    let cells = self.cells(over, &outer);
                    let masses: Vec<f64> = cells.iter().map(|cell| self.product(factors, cell)).collect();
                    let scale = match normaliser {
                        Normaliser::Nothing => 1.0,
                        Normaliser::Own | Normaliser::One => masses.iter().sum(),
                        Normaliser::By(factor) => self.element(factor, &outer),
                    };
                    out.push(self.answer(query, &cells, &masses, scale)?);
                }
                Ok(out)
            }
            Body::Divergence { p, q, over } => {
                let mut out = Vec::new();
                for outer in self.cells(axes, &nowhere) {
                    let cells = self.cells(&[*over], &outer);
                    let row = |factor| cells.iter().map(|c| self.element(factor, c)).collect::<Vec<f64>>();
                    let (p, q) = (row(p), row(q));
                    let terms = p.iter().zip(&q).filter(|(p, _)| **p > 0.0);
                    out.push(terms.map(|(p, q)| p * (p.ln() - q.ln())).sum());
                }
                Ok(out)
            }
            Body::Call { .. } => Err("calls of other models are not evaluated here".into()),
        }
    }

    fn answer(&self, query: &Query, cells: &[Cell], masses: &[f64], scale: f64) -> Result<f64, String> {
        if scale == 0.0 {
            return Ok(0.0);
        }
        let mean = |value: &Scalar, power: Option<f64>| -> Result<f64, String> {
            let mut total = 0.0;
            for (cell, mass) in cells.iter().zip(masses) {
                if *mass != 0.0 {
                    let x = self.scalar(value, cell)?;
                    total += mass / scale * power.map_or(x, |centre| (x - centre).powi(2));
                }
            }
            Ok(total)
        };
        match query {
            Query::Expectation(value) => mean(value, None),
            Query::Variance(value) => mean(value, Some(mean(value, None)?)),
            Query::Sum => Ok(masses.iter().sum::<f64>() / scale),
            Query::Entropy(_) => {
                let terms = masses.iter().map(|m| m / scale).filter(|p| *p > 0.0);
                Ok(terms.map(|p| -p * p.ln()).sum())
            }
        }
    }

    fn product(&self, factors: &[Factor], cell: &Cell) -> f64 {
        factors.iter().map(|factor| self.element(factor, cell)).product()
    }

    fn element(&self, factor: &Factor, cell: &Cell) -> f64 {
        let at = factor.axes.iter().fold(0, |at, axis| at * self.values[axis.0].len() + cell[axis]);
        self.tables[factor.definition.0][at]
    }

    fn scalar(&self, scalar: &Scalar, cell: &Cell) -> Result<f64, String> {
        let truth = |b: bool| f64::from(u8::from(b));
        Ok(match scalar {
            Scalar::Number(x) => *x,
            Scalar::Bool(b) => truth(*b),
            Scalar::Parameter(at, _) => self.parameters[*at],
            Scalar::Axis(axis, _) => self.values[axis.0][cell[axis]],
            Scalar::Element(factor) => self.element(factor, cell),
            Scalar::Unary(operator, inner) => {
                let x = self.scalar(inner, cell)?;
                match operator {
                    UnaryOperator::Negate => -x,
                    UnaryOperator::Not => truth(x == 0.0),
                    UnaryOperator::Plus => x,
                }
            }
            Scalar::Binary(operator, left, right, _) => {
                let (l, r) = (self.scalar(left, cell)?, self.scalar(right, cell)?);
                match operator {
                    BinaryOperator::Add => l + r,
                    BinaryOperator::Subtract => l - r,
                    BinaryOperator::Multiply => l * r,
                    BinaryOperator::Divide => l / r,
                    BinaryOperator::Remainder => l - (l / r).floor() * r,
                    BinaryOperator::Power => l.powf(r),
                    BinaryOperator::Equal => truth(l == r),
                    BinaryOperator::NotEqual => truth(l != r),
                    BinaryOperator::Less => truth(l < r),
                    BinaryOperator::LessEqual => truth(l <= r),
                    BinaryOperator::Greater => truth(l > r),
                    BinaryOperator::GreaterEqual => truth(l >= r),
                    BinaryOperator::And => truth(l != 0.0 && r != 0.0),
                    BinaryOperator::Or => truth(l != 0.0 || r != 0.0),
                    BinaryOperator::Xor => truth((l != 0.0) != (r != 0.0)),
                }
            }
            Scalar::If { condition, then, otherwise, .. } => {
                let branch = if self.scalar(condition, cell)? == 0.0 { otherwise } else { then };
                self.scalar(branch, cell)?
            }
            Scalar::BuiltIn(name, arguments) => {
                let x = arguments.iter().map(|a| self.scalar(a, cell)).collect::<Result<Vec<_>, _>>()?;
                match *name {
                    "exp" => x[0].exp(),
                    "log" | "ln" => x[0].ln(),
                    "abs" => x[0].abs(),
                    "sqrt" => x[0].sqrt(),
                    "floor" => x[0].floor(),
                    "min" => x[0].min(x[1]),
                    "max" => x[0].max(x[1]),
                    other => return Err(format!("{other} is not evaluated here")),
                }
            }
            _ => return Err("Rust code is not evaluated here".into()),
        })
    }
}

/// Weights → probabilities; a row without mass stays 0, and a weight that is none is an
/// error, as in a model that is run.
fn distribute(row: Vec<f64>, rule: Rule, logits: bool) -> Result<Vec<f64>, String> {
    let best = |row: &[f64]| row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = match rule {
        Rule::Proportional if logits => {
            let top = Some(best(&row)).filter(|top| top.is_finite()).unwrap_or(0.0);
            row.iter().map(|x| (x - top).exp()).collect()
        }
        Rule::Proportional => row,
        Rule::Maximize | Rule::Minimize => {
            let row: Vec<f64> = if rule == Rule::Minimize { row.iter().map(|x| -x).collect() } else { row };
            let top = best(&row);
            row.iter().map(|x| if top - x <= 1e-12 * top.abs() { 1.0 } else { 0.0 }).collect()
        }
    };
    if let Some(bad) = weights.iter().find(|w| !(0.0..f64::INFINITY).contains(*w)) {
        return Err(format!("{bad} is no weight"));
    }
    let total: f64 = weights.iter().sum();
    Ok(weights.into_iter().map(|w| if total == 0.0 { 0.0 } else { w / total }).collect())
}
