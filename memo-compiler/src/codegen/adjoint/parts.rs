//! Adjoint loops that threads share: each goes through a part of the outermost axis.
//!
//! A bar that lies along that axis is divided like it. All others are added up part by
//! part.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::format_ident;

use super::{Adjoint, Way, bar_of, sum_of};
use crate::tensor::{AxisId, mentions_any};

/// The outermost loop, while its code is made.
#[derive(Debug)]
pub(super) struct Shared {
    axis: AxisId,
    /// The bars that are added to.
    bars: BTreeMap<Ident, Bar>,
    numbers: BTreeSet<usize>,
    /// What each part has for itself.
    own: BTreeSet<Ident>,
}

/// How a bar is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Bar {
    /// It is divided, and has these axes after the outermost.
    Divided(Vec<AxisId>),
    /// It is added up.
    Added,
    /// It would have to be both.
    Neither,
}

impl Adjoint<'_> {
    /// Loops over all along some axes, of which threads share the outermost; `None`
    /// where they cannot.
    pub(super) fn shared_loops(
        &self,
        axes: &[AxisId],
        work: &dyn Fn() -> TokenStream,
    ) -> Option<TokenStream> {
        let (first, rest) = axes.split_first()?;
        let outermost = self.dense.borrow().is_empty() && self.shared.borrow().is_none();
        if !outermost || self.way != Way::Back || !self.code.can_be_shared(self.definition) {
            return None;
        }
        let (bars, numbers, own) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        self.shared.replace(Some(Shared { axis: *first, bars, numbers, own }));
        let outside = self.terms.take();
        self.dense.borrow_mut().extend(axes);
        let inner = self.code.nest(rest, work());
        self.dense.borrow_mut().clear();
        let terms = self.declared_terms();
        self.terms.replace(outside);
        let Shared { bars, numbers, .. } = self.shared.take()?;
        // What is read where it is written cannot be added up.
        let borrower = self.borrower.get().and_then(|of| bars.get(&bar_of(of)));
        if bars.values().any(|bar| *bar == Bar::Neither) || borrower == Some(&Bar::Added) {
            return None;
        }
        let p = self.code.private();
        let (mut divided, mut added) = (Vec::new(), Vec::new());
        let (mut tables, mut sums) = (Vec::new(), Vec::new());
        for (bar, how) in bars {
            if let Bar::Divided(after) = how {
                let step = self.code.count(&after);
                tables.push(code! { (&mut #bar[..], #step) });
                divided.push(bar);
            } else {
                sums.push(code! { &mut #bar[..] });
                added.push(bar);
            }
        }
        let (mut before, mut after) = (TokenStream::new(), TokenStream::new());
        for number in numbers {
            let sum = sum_of(number);
            let part = format_ident!("part_of_{number}", span = sum.span());
            before.extend(code! { let mut #sum = 0.0; });
            after.extend(code! { #part[0] += #sum; });
            sums.push(code! { ::core::slice::from_mut(&mut #sum) });
            added.push(part);
        }
        let (at, bind) = (self.code.names.at(*first), self.code.bind(*first, &inner));
        let loops = code! { for #at in range.start..range.end { #bind #inner } };
        // Lengths that are constants are constants there, too, where others are only
        // captured.
        let domains = self.code.domains(&|domain| {
            let (variable, count) = self.code.names.domain(domain);
            mentions_any(&code! { #terms #loops }, &[variable.to_string(), count.to_string()])
        });
        let (d, a) = (divided.len(), added.len());
        let (count, cost) = (self.code.length(*first), self.code.work(self.definition));
        let means = self.means.get().map(|(at, _)| self.code.work(&self.code.program.definitions[at]));
        let means = means.map(|work| code! { + #work });
        Some(code! {
            let run = |range: ::core::ops::Range<usize>, [#(#divided),*]: [&mut [f64]; #d], [#(#added),*]: [&mut [f64]; #a]|
                -> ::core::result::Result<(), #p::Fault>
            {
                #domains
                #terms
                #before
                #loops
                #after
                ::core::result::Result::Ok(())
            };
            #p::in_shares(0.0 + #cost #means, #count, [#(#tables),*], [#(#sums),*], run)?;
        })
    }

    /// Whether what is added to a bar by these axes goes to the part of it that is at
    /// hand.
    pub(super) fn is_part(&self, bar: &Ident, axes: &[AxisId], own: &[AxisId]) -> bool {
        let mut shared = self.shared.borrow_mut();
        let Some(shared) = shared.as_mut().filter(|shared| !shared.own.contains(bar)) else {
            return false;
        };
        let how = match axes.split_first() {
            Some((first, rest)) if *first == shared.axis && !rest.contains(first) => {
                Bar::Divided(own[1..].to_vec())
            }
            _ => Bar::Added,
        };
        let found = shared.bars.entry(bar.clone()).or_insert_with(|| how.clone());
        if std::mem::discriminant(found) != std::mem::discriminant(&how) {
            *found = Bar::Neither;
        }
        matches!(how, Bar::Divided(_))
    }

    /// Notes that something is added to the bar of a number.
    pub(super) fn add_number(&self, number: usize) {
        self.numbers.borrow_mut().insert(number);
        if let Some(shared) = self.shared.borrow_mut().as_mut() {
            shared.numbers.insert(number);
        }
    }

    /// Notes that each part has a variable for itself.
    pub(super) fn keep_own(&self, name: &Ident) {
        if let Some(shared) = self.shared.borrow_mut().as_mut() {
            shared.own.insert(name.clone());
        }
    }
}
