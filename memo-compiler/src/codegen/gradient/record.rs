//! The function that computes a model's tables and keeps what its derivative needs.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;

use super::super::Code;
use super::super::constant::KeptConstant;
use super::super::divided::scales_of;
use super::super::units::{Kind, Unit};
use crate::tensor::Body;

impl Code<'_> {
    /// What computes the tables and keeps them, and the functions that it needs.
    pub(super) fn recorded(
        &self,
        constant: Option<&KeptConstant>,
        multiples: Option<(usize, usize)>,
    ) -> (TokenStream, TokenStream) {
        let p = self.private();
        let own = self.program.definitions.iter().enumerate();
        let own = own.filter(|(_, d)| !d.fixed && !matches!(d.body, Body::Call { .. })).map(|(at, _)| at);
        let definitions: Vec<usize> = own.collect();
        let marks: BTreeSet<usize> = self.program.evidence.iter().map(|e| e.factor.definition.0).collect();
        let marked = if marks.is_empty() { Vec::new() } else { self.program.table.clone() };
        let unit = Unit {
            kind: Kind::Recorded,
            exports: definitions.iter().copied().collect(),
            definitions: definitions.clone(),
            parameters: Vec::new(),
            read_after: (marks, marked),
            group: None,
        };
        let left = multiples.filter(|(reader, source)| self.may_be_left(*reader, *source));
        self.context.left_as_weights.set(left.map(|(_, source)| source));
        let (mut filled, mut functions) = self.divided(&unit, "__record");
        let undivided = |at: usize| self.context.undivided.borrow().contains(&at);
        if self.context.left_as_weights.get().is_some_and(|at| !functions.is_empty() || !undivided(at)) {
            // What divides them would not be at hand in the end.
            self.context.left_as_weights.set(None);
            (filled, functions) = self.divided(&unit, "__record");
        }
        let returns: Vec<usize> = self.program.returns.iter().map(|id| id.0).collect();
        let marks = (0..returns.len()).map(|at| self.returned(at));
        let tables = returns.iter().map(|at| self.names.table(*at));
        let tables = match returns.as_slice() {
            [_] => code! { #p::Tables::One(#(#tables)*) },
            _ => code! { #p::Tables::Shared(::std::sync::Arc::new([#(#tables),*])) },
        };
        let saved = (0..self.program.definitions.len()).map(|at| {
            let table = self.names.table(at);
            if definitions.contains(&at) && !returns.contains(&at) {
                code! { #table }
            } else {
                code! { ::std::vec::Vec::new() }
            }
        });
        let numbers = left.filter(|(_, at)| self.is_left(*at)).map(|(reader, at)| {
            let (divisor, scales) = (Self::divisor(at), scales_of(at));
            match self.made_in_place_of(reader) {
                Some(_) => code! { #scales },
                None => code! { #divisor.into_numbers() },
            }
        });
        let saved = saved.chain(numbers.clone());
        let count = self.program.definitions.len() + usize::from(numbers.is_some());
        let (taken, kept) = constant.map(|constant| constant.of_record(count)).unzip();
        let tables =
            kept.map_or(tables.clone(), |kept: TokenStream| code! { { recorded = #tables; #kept recorded } });
        let body = code! {
            #taken
            #filled
            #(#marks)*
            ::core::result::Result::Ok((#tables, ::std::vec![#(#saved),*]))
        };
        (body, functions)
    }

    /// Whether multiples were kept in the place of a definition's chances.
    pub(in super::super) fn is_left(&self, at: usize) -> bool {
        self.context.left_as_weights.get() == Some(at)
    }
}
