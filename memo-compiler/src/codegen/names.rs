//! Names for the emitted code, taken from the model.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span};

use crate::tensor::{AxisId, Program};

/// Identifiers with mixed-site hygiene: they never meet the user's.
pub(super) struct Names {
    domains: Vec<(Ident, Ident)>,
    axes: Vec<(Ident, Ident)>,
    tables: Vec<Ident>,
    masses: Vec<Ident>,
    fixed: Vec<Ident>,
    rows: Vec<Ident>,
    sizes: Vec<Ident>,
    taken: BTreeSet<String>,
}

impl Names {
    pub(super) fn new(program: &Program) -> Self {
        let mut taken = BTreeSet::new();
        // Names that the emitted functions use for themselves.
        for own in [
            "calls",
            "axes",
            "job",
            "handed",
            "tables",
            "table",
            "error",
            "cost",
            "inputs",
            "impossible",
            "lengths",
            "row",
            "bad",
            "at",
            "start",
            "mean",
            "moments",
            "masses",
            "total",
            "mass",
            "chance",
            "exponents",
            "others",
            "room",
            "space",
            "rest",
            "cells",
            "kept",
            "scope",
            "tile",
            "column",
            "block",
            "weights",
            "old",
            "bar",
            "bars",
            "rate",
            "rates",
            "saved",
            "returned",
            "tangents",
            "one",
            "depth",
            "marks",
            "constant",
        ] {
            taken.insert(own.to_string());
        }
        let mut fresh = |wanted: &str| {
            let mut name = wanted.to_string();
            let mut next = 2;
            while !taken.insert(name.clone()) {
                name = format!("{wanted}_{next}");
                next += 1;
            }
            Ident::new(&name, Span::mixed_site())
        };
        let domains = program
            .domains
            .iter()
            .map(|domain| {
                let word = snake(&domain.text);
                (fresh(&format!("{word}_domain")), fresh(&format!("{word}_count")))
            })
            .collect();
        let axes = program
            .axes
            .iter()
            .map(|axis| {
                (fresh(&format!("{}_value", snake(&axis.name))), fresh(&format!("{}_at", snake(&axis.name))))
            })
            .collect();
        let tables = program.definitions.iter().map(|d| fresh(&snake(&d.name))).collect();
        let masses = program.definitions.iter().map(|d| fresh(&format!("{}_mass", snake(&d.name)))).collect();
        // At most one group of fixed tables a definition.
        let fixed = (0..program.definitions.len()).map(|at| fresh(&format!("fixed_{at}"))).collect();
        let rows = program.definitions.iter().map(|d| fresh(&format!("{}_rows", snake(&d.name)))).collect();
        let sizes = program.definitions.iter().map(|d| fresh(&format!("{}_size", snake(&d.name)))).collect();
        Self { domains, axes, tables, masses, fixed, rows, sizes, taken }
    }

    /// The variables of a domain: itself and its length.
    pub(super) fn domain(&self, at: usize) -> (&Ident, &Ident) {
        let (domain, count) = &self.domains[at];
        (domain, count)
    }

    /// The variable that holds the value of an axis.
    pub(super) fn value(&self, axis: AxisId) -> &Ident {
        &self.axes[axis.0].0
    }

    /// The variable that holds the place of an axis.
    pub(super) fn at(&self, axis: AxisId) -> &Ident {
        &self.axes[axis.0].1
    }

    pub(super) fn table(&self, at: usize) -> &Ident {
        &self.tables[at]
    }

    /// A name that is none of these.
    pub(super) fn unused(&self, wanted: &str) -> String {
        let mut name = wanted.to_string();
        while self.taken.contains(&name) {
            name.push('_');
        }
        name
    }

    /// The variable that holds the rows of a sparse table.
    pub(super) fn rows(&self, at: usize) -> &Ident {
        &self.rows[at]
    }

    /// The variable that holds how many cells a table has.
    pub(super) fn size(&self, at: usize) -> &Ident {
        &self.sizes[at]
    }

    /// The variable that holds a group of fixed tables.
    pub(super) fn fixed(&self, group: usize) -> &Ident {
        &self.fixed[group]
    }

    /// The variable that holds the masses that a query keeps.
    pub(super) fn mass(&self, at: usize) -> &Ident {
        &self.masses[at]
    }
}

/// A word for an identifier: letters and digits, in lower case.
fn snake(text: &str) -> String {
    let mut word = String::new();
    let mut previous_lower = false;
    for c in text.chars() {
        if c.is_alphanumeric() {
            if c.is_uppercase() && previous_lower {
                word.push('_');
            }
            previous_lower = c.is_lowercase();
            word.extend(c.to_lowercase());
        } else if !word.is_empty() && !word.ends_with('_') {
            word.push('_');
            previous_lower = false;
        }
    }
    let word = word.trim_matches('_');
    if word.is_empty() || !word.starts_with(char::is_alphabetic) {
        format!("the_{word}")
    } else {
        word.to_string()
    }
}
