//! What may be wrong with a fit.

use std::fmt;

use crate::Error;

/// Parameters by name, with their values.
pub(super) fn told(at: &[(String, f64)]) -> String {
    let shown: Vec<String> = at.iter().take(8).map(|(name, x)| format!("{name} = {x}")).collect();
    let more = if at.len() > 8 { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

/// Why a model could not be fitted.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub enum FitError {
    /// A parameter of a wrong name, range, start, transform or prior.
    Parameter {
        /// Its name.
        name: String,
        /// What is wrong, and the fix.
        what: String,
    },
    /// The data do not go with the model, or with what is asked of them.
    Data {
        /// What is wrong, and the fix.
        what: String,
    },
    /// The model gives no chance to what has been observed.
    ZeroChance {
        /// The cell, by axis and label.
        cell: Vec<(String, String)>,
        /// How often it was observed.
        count: f64,
        /// The parameters.
        at: Vec<(String, f64)>,
    },
    /// A model cannot be computed.
    Model {
        /// What the model says.
        error: Box<Error>,
        /// The parameters.
        at: Vec<(String, f64)>,
    },
    /// The objective is infinite or NaN where the search begins.
    NotFinite {
        /// What it is.
        value: f64,
        /// The parameters.
        at: Vec<(String, f64)>,
    },
    /// The objective is the same whatever this parameter is.
    NoEffect {
        /// Its name.
        name: String,
    },
    /// The gradient that the objective gives is not its slope.
    WrongGradient {
        /// The parameter.
        name: String,
        /// The derivative that was given.
        given: f64,
        /// The slope by differences.
        found: f64,
        /// The parameters.
        at: Vec<(String, f64)>,
    },
    /// The objective hardly changes along a direction, so there are no standard errors.
    NotIdentified {
        /// The direction: how much of each parameter, the largest 1.
        direction: Vec<(String, f64)>,
    },
    /// The search has ended where the objective falls along a direction: on a saddle or a
    /// ridge.
    NotAMinimum {
        /// The direction: how much of each parameter, the largest 1.
        direction: Vec<(String, f64)>,
    },
    /// Something that needs a likelihood, or data, or estimates inside their bounds.
    NotPossible {
        /// What was asked for, why it cannot be, and the fix.
        what: String,
    },
}

impl std::error::Error for FitError {}

impl From<Error> for FitError {
    fn from(error: Error) -> Self {
        Self::Model { error: Box::new(error), at: Vec::new() }
    }
}

impl FitError {
    pub(super) fn parameter(name: &str, what: impl Into<String>) -> Self {
        Self::Parameter { name: name.into(), what: what.into() }
    }

    pub(super) fn data(what: impl Into<String>) -> Self {
        Self::Data { what: what.into() }
    }

    pub(super) fn not_possible(what: impl Into<String>) -> Self {
        Self::NotPossible { what: what.into() }
    }

    /// The same error, which has arisen with these parameters.
    pub(super) fn at(self, point: impl FnOnce() -> Vec<(String, f64)>) -> Self {
        match self {
            Self::Model { error, at } if at.is_empty() => Self::Model { error, at: point() },
            Self::ZeroChance { cell, count, at } if at.is_empty() => {
                Self::ZeroChance { cell, count, at: point() }
            }
            other => other,
        }
    }
}

impl fmt::Display for FitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter { name, what } => write!(f, "the parameter `{name}` {what}"),
            Self::Data { what } | Self::NotPossible { what } => write!(f, "{what}"),
            Self::ZeroChance { cell, count, at } => {
                let cell: Vec<String> =
                    cell.iter().map(|(axis, label)| format!("{axis} = {label}")).collect();
                write!(
                    f,
                    "the model gives no chance to {} with {}, which the data have {count} times; let \
                     the model err now and then (mix a uniform choice in), or leave the cell out",
                    cell.join(", "),
                    told(at)
                )
            }
            Self::Model { error, at } if at.is_empty() => write!(f, "{error}"),
            Self::Model { error, at } => write!(f, "with {}: {error}", told(at)),
            Self::NotFinite { value, at } => write!(
                f,
                "the objective is {value} with {}, where the search begins; start somewhere else with `.start(…)`",
                told(at)
            ),
            Self::NoEffect { name } => write!(
                f,
                "the objective does not depend on the parameter `{name}`; use it in the model, or leave \
                 it out with `.fix(\"{name}\", …)`"
            ),
            Self::WrongGradient { name, given, found, at } => write!(
                f,
                "the gradient says that the objective changes by {given} with `{name}`, but it changes by \
                 {found} (with {}); a model is to be given the parameter as it is, what is computed from it \
                 needs `from_traced`; where the objective has kinks, switch this check off with \
                 `.check_gradient(false)`",
                told(at)
            ),
            Self::NotIdentified { direction } => write!(
                f,
                "there are no standard errors: the objective hardly changes along {}; fix one of these \
                 parameters with `.fix(…)`, or give it a prior",
                along(direction)
            ),
            Self::NotAMinimum { direction } => write!(
                f,
                "the search has ended where the objective falls along {}, on a saddle or a ridge; give another \
                 `.start(…)`, or more `.starts(…)`",
                along(direction)
            ),
        }
    }
}

/// A direction as a sum.
fn along(direction: &[(String, f64)]) -> String {
    let parts: Vec<String> = direction.iter().take(8).map(|(name, x)| format!("{x:+.2} {name}")).collect();
    let more = if direction.len() > 8 { " …" } else { "" };
    format!("{}{more}", parts.join(" "))
}
