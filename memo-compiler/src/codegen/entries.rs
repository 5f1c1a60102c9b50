//! Tables that one model hands to another by what is not 0: where a model returns
//! posteriors that are computed by the entries of a sparse table, and its caller
//! normalises their rows again to ask for the entropy of each, there is never a table
//! of all cells.
//!
//! The caller asks for the entries and does without them where there are none: when
//! many numbers are not 0, or when others read the table as well.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};

use super::Code;
use super::nonzero::Nonzero;
use crate::tensor::{AxisId, Body, Definition, DefinitionId, Factor, Query, Rule, Scalar};

/// How many static conditions are decided before a weight is read.
const DECIDED: usize = 3;

impl Code<'_> {
    /// What another model returns that a choice, whose rows are made in passing,
    /// normalises row by row, if nobody else reads it and of each row only the
    /// entropy is asked for.
    pub(super) fn asked(&self, choice: usize) -> Option<Factor> {
        if !self.context.may_ask.get() || !self.is_passing(choice) {
            return None;
        }
        let reader = self.context.passing.borrow().get(&choice).copied()?;
        let entropy = match &self.program.definitions[reader].body {
            Body::Query { factors, over, query: Query::Entropy(_), keeps_mass: false, .. } => {
                factors.len() == 1 && over.len() == 1
            }
            _ => false,
        };
        let definition = &self.program.definitions[choice];
        let Body::Choice { weight, rule: Rule::Proportional, .. } = &definition.body else { return None };
        let mut read = Vec::new();
        weight.elements(&mut read);
        let factor = read.into_iter().find(|factor| {
            let call = &self.program.definitions[factor.definition.0];
            matches!(call.body, Body::Call { which: 0, .. }) && !call.fixed
        })?;
        let id = factor.definition;
        let axes = |axes: &[_]| axes.iter().copied().collect::<BTreeSet<_>>();
        let all = factor.axes.len() == definition.axes.len()
            && axes(&factor.axes).len() == factor.axes.len()
            && axes(&factor.axes) == axes(&definition.axes);
        let marks = self.program.evidence.iter().any(|e| e.factor.definition == id);
        let own = self.occurrences[id.0] == 1 && self.memory(id.0) == id.0;
        (entropy && all && own && !marks && is_weight(weight, id, DECIDED)).then_some(factor)
    }

    /// The variable that says how long the row at hand is.
    pub(super) fn count_of_row(&self, choice: usize) -> Option<Ident> {
        let name = || self.names.unused(&format!("{}_count", self.names.table(choice)));
        self.asked(choice).map(|_| Ident::new(&name(), Span::mixed_site()))
    }

    /// `let rows = …;` for the entries of what another model returns, if a choice asks
    /// for them.
    pub(super) fn asked_rows(&self, call: usize) -> TokenStream {
        let choices: Vec<usize> = self.context.passing.borrow().keys().copied().collect();
        let mut asking = choices.into_iter().filter_map(|at| self.asked(at).map(|factor| (at, factor)));
        let Some((choice, factor)) = asking.find(|(_, factor)| factor.definition.0 == call) else {
            return TokenStream::new();
        };
        let Body::Call { site, .. } = self.program.definitions[call].body else {
            unreachable!("bug in memo: only calls are asked")
        };
        let own = self.program.definitions[choice].split().1[0];
        let Some(along) = factor.axes.iter().position(|axis| *axis == own) else {
            unreachable!("bug in memo: the row of a choice is of its weights")
        };
        self.context.asked.borrow_mut().insert(call, along);
        let (rows, (given, _)) = (self.names.rows(call), self.program.definitions[choice].split());
        let by = given.iter().filter_map(|axis| factor.axes.iter().position(|own| own == axis));
        code! { let #rows = inputs.entries(#site, [#(#by),*]); }
    }

    /// Along which axis of what a call returns the rows lie that it is asked for.
    pub(super) fn asked_along(&self, call: usize) -> Option<usize> {
        self.context.asked.borrow().get(&call).copied()
    }

    /// Code that makes a row in passing, of what is not 0 where that is known, and says
    /// how long it is; `filled` makes all of it.
    pub(super) fn row_of_entries(
        &self,
        choice: usize,
        decided: &Definition,
        filled: &TokenStream,
        bad: &TokenStream,
    ) -> TokenStream {
        let p = self.private();
        let name = self.names.table(choice);
        let (given, own) = decided.split();
        let (length, whole) = (self.length(own[0]), code! { let row = &mut #name[..]; #filled });
        let factor = match &decided.body {
            Body::Choice { weight: Scalar::Element(factor), .. } => {
                self.asked(choice).filter(|f| f == factor)
            }
            _ => None,
        };
        let Some(factor) = factor else { return code! { #whole #length } };
        let rows = self.names.rows(factor.definition.0);
        let at = given.iter().map(|axis| self.names.at(*axis));
        let chances = code! {
            #p::normalize(row).map_err(|bad| {
                let bad = #p::BadWeight { at: places[bad.at] as usize, ..bad };
                (#bad)(bad)
            })?;
        };
        let chances = match self.are_chances(&own, &Scalar::Element(factor)) {
            Some(already) => code! { if !#already { #chances } },
            None => chances,
        };
        code! {
            if let ::core::option::Option::Some(rows) = &#rows {
                let (numbers, places) = rows.row([#(#at),*]);
                let row = &mut #name[..numbers.len()];
                row.copy_from_slice(numbers);
                #chances
                numbers.len()
            } else {
                #whole
                #length
            }
        }
    }

    /// Code that hands over the entries of what the model returns, where its caller asks
    /// for no more: row by row, if the sparse table tells what may be chosen.
    pub(super) fn handed_over(&self, at: usize, nonzero: &Nonzero) -> TokenStream {
        let Nonzero { sparse, others, own, .. } = nonzero;
        let axes = &self.program.definitions[at].axes;
        let place = |all: &[AxisId], axis: &AxisId| all.iter().position(|other| other == axis);
        let returned = self.program.returns.as_slice() == [DefinitionId(at)];
        let (Some(along), Some(across)) = (place(axes, own), place(&sparse.axes, own)) else {
            return TokenStream::new();
        };
        if !returned || !self.is_one_function() {
            return TokenStream::new();
        }
        let p = self.private();
        let (table, rows) = (self.table(sparse.definition.0), self.names.rows(sparse.definition.0));
        // As the rows of the sparse table lie. They take less room than the whole table, which
        // has been counted.
        let leading: Vec<AxisId> = sparse.axes.iter().copied().filter(|axis| axis != own).collect();
        let repeated: Vec<AxisId> =
            axes.iter().copied().filter(|axis| axis != own && !leading.contains(axis)).collect();
        let given = [&leading[..], &repeated[..]].concat();
        let row = self.place(&leading);
        let lengths = |axes: &[AxisId]| {
            let lengths = axes.iter().map(|axis| self.length(*axis));
            code! { &[#(#lengths),*] }
        };
        let (of_sparse, of_all) = (lengths(&sparse.axes), lengths(axes));
        let times = repeated.iter().map(|axis| self.length(*axis));
        let order = given.iter().chain([own]).filter_map(|axis| place(axes, axis));
        let (inside, outside): (Vec<Factor>, Vec<Factor>) =
            others.iter().cloned().partition(|factor| factor.axes.contains(own));
        let mass = (!outside.is_empty()).then(|| self.product(None, &outside));
        let known = mass.as_ref().map_or_else(|| code! { chance }, |_| code! { mass * chance });
        let (at, product) = (self.names.at(*own), self.product(Some(known), &inside));
        let mass = mass.map(|mass| code! { let mass = #mass; });
        let each = code! {
            let entries = #rows.row(#row);
            let row = handed.add_row(entries);
            if !row.is_empty() {
                #mass
                for (number, &(#at, chance)) in ::core::iter::Iterator::zip(row.iter_mut(), entries) {
                    let #at = #at as usize;
                    *number = #product;
                }
                // Chances are no bad weights.
                let _ = #p::normalize(row);
            }
        };
        let loops = self.nest(&given, each);
        code! {
            if returned.asks_for_entries(#along) {
                let #rows = #table.rows_along(#across, #of_sparse);
                if let ::core::option::Option::Some(mut handed) =
                    #p::Entries::new(#of_all, &[#(#order),*], #rows.count() #(* #times)*)
                {
                    #loops
                    returned.put(#p::Tables::Entries(::std::boxed::Box::new(handed)));
                    return ::core::result::Result::Ok(());
                }
            }
        }
    }
}

/// Whether a weight is a number of a table wherever it reads that, with so many static
/// conditions around it at most.
fn is_weight(weight: &Scalar, table: DefinitionId, conditions: usize) -> bool {
    let mut read = Vec::new();
    weight.elements(&mut read);
    if read.iter().all(|factor| factor.definition != table) {
        return true;
    }
    match weight {
        Scalar::Element(_) => true,
        Scalar::If { condition, then, otherwise, fixed: true } if conditions > 0 => {
            let mut asked = Vec::new();
            condition.elements(&mut asked);
            asked.is_empty()
                && is_weight(then, table, conditions - 1)
                && is_weight(otherwise, table, conditions - 1)
        }
        _ => false,
    }
}
