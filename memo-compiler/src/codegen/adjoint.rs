//! Adjoint loops: from the cotangent of a definition's table, its *bar*, to
//! those of what it was computed of.
//!
//! Each definition has one nest of loops, over the cells that its value loops run
//! over, in which the values are computed again and what each has contributed is
//! added to the bars. The innermost loop goes along rows where it can.
//!
//! What a part has contributed is the bar times a derivative. The same loops
//! therefore serve for the way forward: with bars of 1, the derivative times how much
//! the part changes is what the cell changes by, and is added to its *rate*.
//!
//! And they serve for second derivatives: on the way back with numbers that carry what
//! they change by along one direction, the bars carry what the first derivatives change
//! by. What does not change stays a plain number.

mod choices;
mod known;
pub(super) mod means;
mod numbers;
mod parts;
mod queries;
mod rows;
mod scalars;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::format_ident;

use super::{Code, bare};
use crate::tensor::{Activity, AxisId, Body, Definition, Factor, Program, Scalar};
use means::HandedBars;
use parts::Shared;
use rows::{Inner, Swept, Target};

/// Which way the derivatives are carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// From what a table changes by to what its readers change by.
    Forward,
    /// From the bar of a table to those of what it was made of.
    Back,
    /// The same, with what all numbers change by.
    Second,
}

/// The code that goes through one definition, forward or back.
pub(super) struct Adjoint<'c> {
    code: &'c Code<'c>,
    way: Way,
    activity: &'c Activity,
    definition: &'c Definition,
    /// The bars that are added to: of definitions, numbers and arrays.
    tables: RefCell<BTreeSet<usize>>,
    numbers: RefCell<BTreeSet<usize>>,
    arrays: RefCell<BTreeSet<usize>>,
    /// Those of them whose every cell is written once, instead of being added to.
    written: RefCell<BTreeSet<usize>>,
    /// The one of them that is worked on in the place of the definition's own bar.
    borrower: Cell<Option<usize>>,
    /// The one whose means are made on the way, and what its bars are handed on as.
    means: Cell<Option<(usize, HandedBars)>>,
    /// Whether the bar that is worked on is handed on to a call by rows.
    handed: Cell<bool>,
    /// The definitions whose rates are read on the way back.
    rates: RefCell<BTreeSet<usize>>,
    /// The axes along which terms are added up, and for how many sums at a time.
    terms: RefCell<BTreeSet<(AxisId, usize)>>,
    /// All references of the definition, with its static conditions decided.
    references: RefCell<Vec<Factor>>,
    /// The axes that are gone through, where that is all along each of them.
    dense: RefCell<Vec<AxisId>>,
    /// Numbers the variables.
    next: Cell<usize>,
    /// What values were computed as, by the name of the variable.
    values: RefCell<BTreeMap<String, TokenStream>>,
    /// The innermost loop.
    inner: RefCell<Option<Inner>>,
    /// What has been added up along the row by the one before it.
    swept: RefCell<Option<Swept>>,
    /// The outermost one, where threads share it.
    shared: RefCell<Option<Shared>>,
    /// Whether the code at hand runs in some cells only.
    perhaps: Cell<bool>,
    /// What the next value that is computed again is known to be, where a number is at hand
    /// that it was made into.
    known: RefCell<Option<TokenStream>>,
    /// Whether the code at hand stands before the innermost loop.
    ahead: Cell<bool>,
}

/// How a bar is added to in the loops at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Added {
    /// In several places of it in one cell of the loops.
    Anywhere,
    /// In one row of it at a time.
    InRows,
    /// The same, once in each of its cells, and nowhere else.
    Once,
}

impl<'c> Adjoint<'c> {
    pub(super) fn new(code: &'c Code<'c>, activity: &'c Activity, at: usize, way: Way) -> Self {
        Self {
            code,
            way,
            activity,
            definition: &code.program.definitions[at],
            tables: RefCell::default(),
            numbers: RefCell::default(),
            arrays: RefCell::default(),
            written: RefCell::default(),
            borrower: Cell::default(),
            means: Cell::default(),
            handed: Cell::default(),
            rates: RefCell::default(),
            terms: RefCell::default(),
            references: RefCell::default(),
            dense: RefCell::default(),
            next: Cell::default(),
            values: RefCell::default(),
            inner: RefCell::default(),
            swept: RefCell::default(),
            shared: RefCell::default(),
            perhaps: Cell::default(),
            known: RefCell::default(),
            ahead: Cell::default(),
        }
    }

    /// Goes through the definition; its own bar is at hand as `bar`, or its own rate,
    /// to be added to, as `rate`.
    pub(super) fn loops(&self, at: usize) -> TokenStream {
        // With its static conditions decided.
        let work = |definition: &Definition| {
            if !self.activity.of_body(&definition.body) {
                return TokenStream::new();
            }
            *self.references.borrow_mut() = definition.body.references();
            let borrower = self.possible_borrower(definition);
            let mut loops = self.loops_of(at, definition, borrower);
            if borrower.is_some_and(|borrower| !self.written.borrow().contains(&borrower)) {
                loops = self.loops_of(at, definition, None);
            }
            let (terms, means) = (self.declared_terms(), self.room_for_means());
            self.code.context.means.borrow_mut().extend(self.means.get());
            let loops = code! { #terms #means #loops };
            if self.way == Way::Forward {
                let rates = self.rates_of_tables(&self.tables.borrow());
                let numbers = self.rates_of_parameters(&code! { rates }, sum_of);
                return code! { #rates #numbers #loops };
            }
            self.with_bars(&loops)
        };
        self.code.decided(self.definition, 0, &work)
    }

    /// The same for one side of each static condition.
    fn loops_of(&self, at: usize, definition: &Definition, borrower: Option<usize>) -> TokenStream {
        for added in [&self.tables, &self.numbers, &self.arrays, &self.written, &self.rates] {
            added.borrow_mut().clear();
        }
        self.terms.borrow_mut().clear();
        self.borrower.set(borrower);
        self.means.set(None);
        self.handed.set(false);
        match &definition.body {
            Body::Map(value) => self.map(definition, value),
            Body::Choice { .. } => self.choice(at, definition),
            Body::Evidence { weight, given, .. } => self.evidence(at, definition, weight, *given),
            Body::Best { .. } => self.best(at, definition),
            Body::Query { .. } => self.query(at, definition),
            Body::Divergence { .. } => self.divergence(definition),
            Body::Call { .. } => unreachable!("bug in memo: calls are gone through by their own code"),
        }
    }

    /// A table whose bar can take the place of the definition's own, since each of its
    /// cells is written once, for the same cell: what is written there last is read
    /// nowhere after.
    fn possible_borrower(&self, definition: &Definition) -> Option<usize> {
        let same_cells = definition.loop_axes().len() == definition.axes.len();
        if self.way == Way::Forward || !same_cells {
            return None;
        }
        let references = self.references.borrow();
        let borrows = |factor: &&Factor| {
            let once = references.iter().filter(|f| f.definition == factor.definition).count() == 1;
            let of = factor.definition.0;
            once && factor.axes == definition.axes && self.changes(factor) && self.is_one_reader(of)
        };
        references.iter().find(borrows).map(|factor| factor.definition.0)
    }

    /// Loops of the way back, between taking the bars that they add to and putting
    /// them back.
    fn with_bars(&self, loops: &TokenStream) -> TokenStream {
        let p = self.code.private();
        let (mut before, mut after) = (TokenStream::new(), TokenStream::new());
        if self.way == Way::Second {
            before.extend(self.rates_of_tables(&self.rates.borrow()));
            before.extend(self.rates_of_parameters(&code! { rates }, rate_of_parameter));
        }
        let zero = self.zero();
        for target in &*self.tables.borrow() {
            let (bar, table) = (bar_of(*target), self.code.names.table(*target));
            let (take, put) = match self.code.program.definitions[*target].body {
                Body::Call { site, which, .. } => (
                    code! { bars.take_call(#site, #which, #table.len()) },
                    code! { bars.put_call(#site, #which, #bar); },
                ),
                _ => (code! { bars.take(#target, #table.len()) }, code! { bars.put(#target, #bar); }),
            };
            let take = if self.borrower.get() == Some(*target) {
                code! { ::core::mem::take(&mut bar) }
            } else if self.written.borrow().contains(target) {
                code! { #p::cells(#table.len()) }
            } else {
                take
            };
            before.extend(code! { let mut #bar = #take; });
            let rows = self.handed_rows().filter(|_| self.borrower.get() == Some(*target));
            let (room, put) = rows.unwrap_or((TokenStream::new(), put));
            before.extend(room);
            after.extend(put);
        }
        for array in &*self.arrays.borrow() {
            let (sum, name) = (sum_of(*array), &self.code.model.parameters[*array].name);
            before.extend(code! { let mut #sum = bars.take_array(#p::place_of(#name)); });
            after.extend(code! { bars.put_array(#p::place_of(#name), #sum); });
        }
        // A number may rest on elements of arrays, which are back by then.
        for number in &*self.numbers.borrow() {
            let sum = sum_of(*number);
            before.extend(code! { let mut #sum = #zero; });
            after.extend(code! { bars.number(&tangents[#number], #sum); });
        }
        code! { #before #loops #after }
    }

    /// Adds to the rate of the cell at hand.
    fn add_rate(&self, amount: &TokenStream) -> TokenStream {
        let axes = &self.definition.axes;
        self.add(&Ident::new("rate", Span::mixed_site()), axes, axes, Added::InRows, amount)
    }

    fn map(&self, definition: &Definition, value: &Scalar) -> TokenStream {
        self.over(&definition.axes, definition.axes.last().copied(), &|| {
            let bar = self.own_bar(definition);
            self.contributed(value, &bar)
        })
    }

    /// What a value has contributed, given the bar of it.
    fn contributed(&self, value: &Scalar, bar: &TokenStream) -> TokenStream {
        let mut out = TokenStream::new();
        let traced = self.trace(value, false, &mut out);
        self.back(&traced, bar, &mut out);
        out
    }

    /// Loops over axes, the innermost of them along the given one.
    fn over(&self, axes: &[AxisId], inner: Option<AxisId>, work: &dyn Fn() -> TokenStream) -> TokenStream {
        self.over_rows(axes, inner, work, &TokenStream::new)
    }

    /// The same, with what is done after each row.
    fn over_rows(
        &self,
        axes: &[AxisId],
        inner: Option<AxisId>,
        work: &dyn Fn() -> TokenStream,
        then: &dyn Fn() -> TokenStream,
    ) -> TokenStream {
        let Some(inner) = inner else {
            let work = work();
            return self.code.nest(axes, work);
        };
        let outer: Vec<AxisId> = axes.iter().copied().filter(|axis| *axis != inner).collect();
        self.within(&outer, &|| {
            self.dense.borrow_mut().push(inner);
            let row = self.along(inner, work);
            self.dense.borrow_mut().pop();
            let then = then();
            code! { #row #then }
        })
    }

    /// What runs at some places along an axis only.
    fn for_some(&self, axis: AxisId, work: &dyn Fn() -> TokenStream) -> TokenStream {
        let before = self.dense.borrow().len();
        // No table is gone through twice along an axis.
        self.dense.borrow_mut().extend([axis, axis]);
        let inner = work();
        self.dense.borrow_mut().truncate(before);
        inner
    }

    /// Loops over all along some axes.
    fn within(&self, axes: &[AxisId], work: &dyn Fn() -> TokenStream) -> TokenStream {
        if let Some(shared) = self.shared_loops(axes, work) {
            return shared;
        }
        let before = self.dense.borrow().len();
        self.dense.borrow_mut().extend(axes);
        let inner = work();
        self.dense.borrow_mut().truncate(before);
        self.code.nest(axes, inner)
    }

    fn fresh(&self, word: &str) -> Ident {
        self.next.set(self.next.get() + 1);
        format_ident!("{word}_{}", self.next.get(), span = Span::mixed_site())
    }

    /// Whether a place that is reached by these axes lies in a row along the
    /// innermost axis, or is the same all along it.
    fn lies(&self, axes: &[AxisId]) -> Option<(AxisId, bool)> {
        if self.perhaps.get() { None } else { self.lies_anyway(axes) }
    }

    /// The same for code that runs in some cells only.
    fn lies_anyway(&self, axes: &[AxisId]) -> Option<(AxisId, bool)> {
        let axis = self.inner.borrow().as_ref()?.axis?;
        match axes.iter().filter(|a| **a == axis).count() {
            0 => Some((axis, false)),
            1 if axes.last() == Some(&axis) => Some((axis, true)),
            _ => None,
        }
    }

    /// A number of a table that is reached by these axes; `own` are those by
    /// which the table is laid out.
    fn read(&self, table: &TokenStream, axes: &[AxisId], own: &[AxisId]) -> TokenStream {
        let p = self.code.private();
        let index = self.place(axes, own);
        match self.lies(axes) {
            Some((_, false)) => self.before(&format!("{table}[{index}]"), || {
                let name = self.fresh("one");
                (code! { let #name = #table[#index]; }, code! { #name })
            }),
            Some((axis, true)) => {
                let at = self.code.names.at(axis);
                let start = self.start(axes, own, false);
                let row = self.before(&format!("{table}[{start}..]"), || {
                    let (name, count) = (self.fresh("row"), self.code.length(axis));
                    (code! { let #name = #p::row(&#table, #start, #count); }, code! { #name })
                });
                code! { #row[#at] }
            }
            None => code! { #table[#index] },
        }
    }

    /// Adds to a number of a bar.
    fn add(
        &self,
        bar: &Ident,
        axes: &[AxisId],
        own: &[AxisId],
        how: Added,
        amount: &TokenStream,
    ) -> TokenStream {
        let is_part = self.is_part(bar, axes, own);
        let index = self.place_in(axes, own, is_part);
        match self.lies(axes) {
            Some((_, false)) => {
                let zero = self.zero();
                let sum = self.before(&format!("+{bar}[{index}]"), || {
                    let name = self.fresh("sum");
                    if let Some(inner) = self.inner.borrow_mut().as_mut() {
                        inner.after.extend(code! { #bar[#index] += #name; });
                    }
                    (code! { let mut #name = #zero; }, code! { #name })
                });
                self.effect(Target::Number(sum), amount)
            }
            Some((axis, true)) if how != Added::Anywhere => {
                let row = self.bar_row(bar, axis, &self.start(axes, own, is_part));
                let target = match how {
                    Added::Once if self.borrower.get().is_some_and(|of| *bar == bar_of(of)) => {
                        Target::Replaced(row)
                    }
                    Added::Once => Target::Set(row),
                    _ => Target::Added(row),
                };
                self.effect(target, amount)
            }
            _ => {
                self.keep_together();
                match self.lies_anyway(axes) {
                    // Other code of the loop may have the row in its hands.
                    Some((axis, true)) if how != Added::Anywhere => {
                        let row = self.bar_row(bar, axis, &self.start(axes, own, is_part));
                        let at = self.code.names.at(axis);
                        code! { #row[#at] += #amount; }
                    }
                    _ => code! { #bar[#index] += #amount; },
                }
            }
        }
    }

    /// The row-major place that axes reach in a table laid out by others of the
    /// same lengths.
    fn place(&self, axes: &[AxisId], own: &[AxisId]) -> TokenStream {
        self.place_in(axes, own, false)
    }

    /// The same in the part of it that is at hand.
    fn place_in(&self, axes: &[AxisId], own: &[AxisId], is_part: bool) -> TokenStream {
        let mut place: Option<TokenStream> = None;
        for (axis, own) in axes.iter().zip(own) {
            let (at, count) = (self.code.names.at(*axis), self.code.length(*own));
            place = Some(match place {
                None if is_part => code! { (#at - range.start) },
                None => code! { #at },
                Some(place) => code! { (#place * #count + #at) },
            });
        }
        place.map_or_else(|| code! { 0 }, bare)
    }

    /// Where the row begins that they reach.
    fn start(&self, axes: &[AxisId], own: &[AxisId], is_part: bool) -> TokenStream {
        let (Some((_, leading)), Some((last, places))) = (axes.split_last(), own.split_last()) else {
            unreachable!("bug in memo: a row has an axis")
        };
        if leading.is_empty() {
            return code! { 0 };
        }
        let (place, count) = (self.place_in(leading, places, is_part), self.code.length(*last));
        code! { (#place) * #count }
    }

    fn axes_of(&self, factor: &Factor) -> &[AxisId] {
        &self.code.program.definition(factor.definition).axes
    }

    /// One number of a definition's table.
    fn element(&self, factor: &Factor) -> TokenStream {
        self.cell(factor.definition.0, &factor.axes)
    }

    /// The number of a definition's table that these axes reach.
    fn cell(&self, at: usize, axes: &[AxisId]) -> TokenStream {
        let (table, own) = (self.code.names.table(at), &self.code.program.definitions[at].axes);
        let value = self.read(&code! { #table }, axes, own);
        if self.way != Way::Second || !self.activity.of_definition(at) {
            return value;
        }
        self.rates.borrow_mut().insert(at);
        let (p, rate) = (self.code.private(), rate_of(at));
        let rate = self.read(&code! { #rate }, axes, own);
        code! { #p::moving(#value, #rate) }
    }

    /// Adds to the bar of that number.
    fn add_element(&self, factor: &Factor, amount: &TokenStream) -> TokenStream {
        let target = factor.definition.0;
        self.tables.borrow_mut().insert(target);
        if self.way == Way::Forward {
            let (p, rate) = (self.code.private(), rate_of(target));
            let rate = self.read(&code! { #rate }, &factor.axes, self.axes_of(factor));
            return self.add_rate(&code! { #p::times(#rate, #amount) });
        }
        let how = self.added(factor);
        if how == Added::Once {
            self.written.borrow_mut().insert(target);
        }
        self.add(&bar_of(target), &factor.axes, self.axes_of(factor), how, amount)
    }

    /// How the bar of an element is added to.
    fn added(&self, factor: &Factor) -> Added {
        let references = self.references.borrow();
        let mut same = references.iter().filter(|f| f.definition == factor.definition);
        if same.clone().any(|f| f.axes != factor.axes) {
            return Added::Anywhere;
        }
        let dense = self.dense.borrow();
        let each = |axis: &AxisId| dense.iter().filter(|a| *a == axis).count() == 1;
        // What is added up part by part is no table of its own.
        let in_part = self.shared.borrow().is_none() || factor.axes.first() == dense.first();
        let each = in_part
            && factor.axes.len() == dense.len()
            && dense.iter().all(|axis| factor.axes.contains(axis))
            && factor.axes.iter().all(each);
        let in_row = matches!(self.lies(&factor.axes), Some((_, true)));
        let one = same.next().is_some() && same.next().is_none();
        if each && in_row && one && self.is_one_reader(factor.definition.0) {
            Added::Once
        } else {
            Added::InRows
        }
    }

    /// Whether a table's bar comes from this definition alone.
    fn is_one_reader(&self, of: usize) -> bool {
        let Program { definitions, returns, .. } = self.code.program;
        let moving = |at: &usize| self.activity.of_definition(*at) && !definitions[*at].fixed;
        let reads = |at: &usize| self.code.reads[*at].contains(&of);
        let readers = (0..definitions.len()).filter(|at| moving(at) && reads(at)).count();
        readers == 1 && returns.iter().all(|id| id.0 != of)
    }

    fn changes(&self, factor: &Factor) -> bool {
        self.activity.of_definition(factor.definition.0)
    }

    /// The bar of the cell at hand.
    fn own_bar(&self, definition: &Definition) -> TokenStream {
        if self.way == Way::Forward {
            return code! { 1.0 };
        }
        let axes = &definition.axes;
        let Some(borrower) = self.borrower.get() else {
            return self.read(&code! { bar }, axes, axes);
        };
        // What is read there is what is written there in the end.
        let bar = bar_of(borrower);
        let is_part = self.is_part(&bar, axes, axes);
        if let Some((axis, true)) = self.lies(axes) {
            let (row, at) =
                (self.bar_row(&bar, axis, &self.start(axes, axes, is_part)), self.code.names.at(axis));
            return code! { #row[#at] };
        }
        let place = self.place_in(axes, axes, is_part);
        code! { #bar[#place] }
    }

    /// What the cell at hand holds.
    fn own_value(&self, at: usize, definition: &Definition) -> TokenStream {
        self.cell(at, &definition.axes)
    }

    /// `let name = vec![0.0; …];` for numbers over some axes.
    fn scratch(&self, name: &str, axes: &[AxisId]) -> (Ident, TokenStream) {
        let name = self.fresh(name);
        self.keep_own(&name);
        let made = self.room(&name, axes, &self.zero());
        (name, made)
    }

    /// Room for numbers over some axes, which are this at first; a single one needs no memory
    /// of its own.
    fn room(&self, name: &Ident, axes: &[AxisId], first: &TokenStream) -> TokenStream {
        if axes.is_empty() {
            return code! { let mut #name = [#first]; };
        }
        let count = self.code.count(axes);
        code! { let mut #name = ::std::vec![#first; #count]; }
    }
}

/// The variable for the bar of a definition's table.
fn bar_of(definition: usize) -> Ident {
    format_ident!("bar_of_{definition}", span = Span::mixed_site())
}

/// The variable for what a definition's table changes by.
fn rate_of(definition: usize) -> Ident {
    format_ident!("rate_of_{definition}", span = Span::mixed_site())
}

/// The variable for what a parameter changes by, on the way back.
pub(super) fn rate_of_parameter(parameter: usize) -> Ident {
    format_ident!("rate_of_parameter_{parameter}", span = Span::mixed_site())
}

/// The variable for the derivative with respect to a parameter; on the way forward,
/// for what it changes by.
pub(super) fn sum_of(parameter: usize) -> Ident {
    format_ident!("sum_of_{parameter}", span = Span::mixed_site())
}
