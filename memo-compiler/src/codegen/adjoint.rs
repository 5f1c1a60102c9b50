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
mod queries;
mod scalars;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::format_ident;

use super::{Code, bare};
use crate::tensor::{Activity, AxisId, Body, Definition, Factor, Scalar};

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
    /// The definitions whose rates are read on the way back.
    rates: RefCell<BTreeSet<usize>>,
    /// The axes along which terms are added up.
    terms: RefCell<BTreeSet<AxisId>>,
    /// Numbers the variables.
    next: Cell<usize>,
    /// The innermost loop.
    inner: RefCell<Option<Inner>>,
    /// Whether the code at hand runs in some cells only.
    perhaps: Cell<bool>,
}

/// The innermost loop, while its code is made.
#[derive(Debug, Default)]
struct Inner {
    axis: Option<AxisId>,
    before: TokenStream,
    after: TokenStream,
    /// What has been found before it, by its text.
    known: BTreeMap<String, TokenStream>,
    /// What is added to in each cell.
    effects: Vec<Effect>,
    /// Whether each of them can have a loop of its own: nothing else happens, and
    /// what is computed twice is cheap.
    together: bool,
}

/// One number to be added for each cell of the innermost loop.
#[derive(Debug)]
struct Effect {
    /// The row, or the one number.
    target: Target,
    amount: TokenStream,
}

#[derive(Debug)]
enum Target {
    Row(TokenStream),
    Number(TokenStream),
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
            rates: RefCell::default(),
            terms: RefCell::default(),
            next: Cell::default(),
            inner: RefCell::default(),
            perhaps: Cell::default(),
        }
    }

    /// Goes through the definition; its own bar is at hand as `bar`, or its own rate,
    /// to be added to, as `rate`.
    pub(super) fn loops(&self, at: usize) -> TokenStream {
        let work = |definition: &Definition| match &definition.body {
            // With its static conditions decided.
            body if !self.activity.of_body(body) => TokenStream::new(),
            Body::Map(value) => self.map(definition, value),
            Body::Choice { .. } => self.choice(at, definition),
            Body::Evidence { weight, given, .. } => self.evidence(at, definition, weight, *given),
            Body::Best { .. } => self.best(at, definition),
            Body::Query { .. } => self.query(at, definition),
            Body::Divergence { .. } => self.divergence(definition),
            Body::Call { .. } => unreachable!("bug in memo: calls are gone through by their own code"),
        };
        let loops = self.code.decided(self.definition, 0, &work);
        let p = self.code.private();
        let (mut before, mut after) = (TokenStream::new(), TokenStream::new());
        for axis in &*self.terms.borrow() {
            let (terms, count) = (terms_along(*axis), self.code.length(*axis));
            before.extend(code! { let mut #terms = ::std::vec![0.0; #count]; });
        }
        if self.way == Way::Forward {
            let rates = self.rates_of_tables(&self.tables.borrow());
            let numbers = self.rates_of_parameters(&code! { rates }, sum_of);
            return code! { #rates #numbers #before #loops };
        }
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
            before.extend(code! { let mut #bar = #take; });
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

    /// What the tables of definitions change by.
    fn rates_of_tables(&self, definitions: &BTreeSet<usize>) -> TokenStream {
        let rates = definitions.iter().map(|at| {
            let rate = rate_of(*at);
            let held = match self.code.program.definitions[*at].body {
                Body::Call { site, which, .. } => code! { rates.call(#site, #which) },
                _ => code! { rates.own(#at) },
            };
            code! { let #rate = #held; }
        });
        code! { #(#rates)* }
    }

    /// What the parameters change by that the loops read, as these variables.
    pub(super) fn rates_of_parameters(&self, of: &TokenStream, variable: fn(usize) -> Ident) -> TokenStream {
        let p = self.code.private();
        let mut out = TokenStream::new();
        for array in &*self.arrays.borrow() {
            let (rates, name) = (variable(*array), &self.code.model.parameters[*array].name);
            out.extend(code! { let #rates = #of.elements(#p::place_of(#name)); });
        }
        for number in &*self.numbers.borrow() {
            let rate = variable(*number);
            out.extend(code! { let #rate = #of.number(&tangents[#number]); });
        }
        out
    }

    /// What nothing has been added to.
    pub(super) fn zero(&self) -> TokenStream {
        if self.way != Way::Second {
            return code! { 0.0 };
        }
        let p = self.code.private();
        code! { #p::NOTHING }
    }

    /// A number that may or may not change, where the other case is one that does.
    fn lifted(&self, number: &TokenStream) -> TokenStream {
        if self.way != Way::Second {
            return number.clone();
        }
        let p = self.code.private();
        code! { #p::lifted(#number) }
    }

    /// The number without what it changes by.
    fn plain(&self, number: &TokenStream) -> TokenStream {
        if self.way != Way::Second {
            return number.clone();
        }
        let p = self.code.private();
        code! { #p::Real::value(#number) }
    }

    /// A function of numbers.
    fn function(&self, name: &str) -> TokenStream {
        let method = Ident::new(name, Span::mixed_site());
        if self.way != Way::Second {
            return code! { f64::#method };
        }
        let p = self.code.private();
        code! { #p::Real::#method }
    }

    /// Whether something has reached a bar.
    fn counts(&self, bar: &Ident) -> TokenStream {
        if self.way != Way::Second {
            return code! { #bar != 0.0 };
        }
        let p = self.code.private();
        code! { #p::counts(#bar) }
    }

    /// Adds to the rate of the cell at hand.
    fn add_rate(&self, amount: &TokenStream) -> TokenStream {
        let axes = &self.definition.axes;
        self.add(&Ident::new("rate", Span::mixed_site()), axes, axes, true, amount)
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
        let Some(inner) = inner else {
            let work = work();
            return self.code.nest(axes, work);
        };
        let outer: Vec<AxisId> = axes.iter().copied().filter(|axis| *axis != inner).collect();
        self.code.nest(&outer, self.along(inner, work))
    }

    /// The innermost loop.
    fn along(&self, axis: AxisId, work: &dyn Fn() -> TokenStream) -> TokenStream {
        let saved = self.inner.replace(Some(Inner { axis: Some(axis), ..Inner::default() }));
        let body = work();
        let Some(Inner { before, after, effects, together, .. }) = self.inner.replace(saved) else {
            unreachable!("bug in memo: no loop is being made")
        };
        let p = self.code.private();
        let (at, count) = (self.code.names.at(axis), self.code.length(axis));
        let added = effects.iter().map(|Effect { target, amount }| match target {
            Target::Row(row) => code! { #row[#at] += #amount; },
            Target::Number(sum) => code! { #sum += #amount; },
        });
        let added = code! { #(#added)* };
        let bind = self.code.bind(axis, &code! { #body #added });
        let short = code! { for #at in 0..#count { #bind #body #added } };
        if together || self.way == Way::Second || super::rows::may_return(&body) {
            return code! { #before #short #after };
        }
        // A loop for each: then the compiler can do several cells at a time.
        let single = effects.iter().map(|Effect { target, amount }| {
            let bind = self.code.bind(axis, &code! { #body #amount });
            match target {
                Target::Row(row) => {
                    code! { #p::update(&mut #row[..], |#at, old| { #bind #body old + #amount }); }
                }
                Target::Number(sum) => {
                    self.terms.borrow_mut().insert(axis);
                    let terms = terms_along(axis);
                    code! {
                        #p::fill(&mut #terms[..], |#at| { #bind #body #amount });
                        #sum += #p::total(&#terms);
                    }
                }
            }
        });
        code! { #before if #count < #p::WORTH_A_BUFFER { #short } else { #(#single)* } #after }
    }

    /// What happens in each cell cannot be divided among several loops.
    fn keep_together(&self) {
        if let Some(inner) = self.inner.borrow_mut().as_mut() {
            inner.together = true;
        }
    }

    /// Adds to a row, or to a number, in each cell.
    fn effect(&self, target: Target, amount: &TokenStream) -> TokenStream {
        if let Some(inner) = self.inner.borrow_mut().as_mut() {
            inner.effects.push(Effect { target, amount: amount.clone() });
        }
        TokenStream::new()
    }

    fn fresh(&self, word: &str) -> Ident {
        self.next.set(self.next.get() + 1);
        format_ident!("{word}_{}", self.next.get(), span = Span::mixed_site())
    }

    /// Whether a place that is reached by these axes lies in a row along the
    /// innermost axis, or is the same all along it.
    fn lies(&self, axes: &[AxisId]) -> Option<(AxisId, bool)> {
        if self.perhaps.get() {
            return None;
        }
        let axis = self.inner.borrow().as_ref()?.axis?;
        match axes.iter().filter(|a| **a == axis).count() {
            0 => Some((axis, false)),
            1 if axes.last() == Some(&axis) => Some((axis, true)),
            _ => None,
        }
    }

    /// What stands before the innermost loop once, by its text.
    fn before(&self, key: &str, make: impl FnOnce() -> (TokenStream, TokenStream)) -> TokenStream {
        let known = self.inner.borrow().as_ref().and_then(|inner| inner.known.get(key).cloned());
        if let Some(known) = known {
            return known;
        }
        let (code, read) = make();
        if let Some(inner) = self.inner.borrow_mut().as_mut() {
            inner.before.extend(code);
            inner.known.insert(key.into(), read.clone());
        }
        read
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
                let start = self.start(axes, own);
                let row = self.before(&format!("{table}[{start}..]"), || {
                    let (name, count) = (self.fresh("row"), self.code.length(axis));
                    (code! { let #name = #p::row(&#table, #start, #count); }, code! { #name })
                });
                code! { #row[#at] }
            }
            None => code! { #table[#index] },
        }
    }

    /// Adds to a number of a bar; `in_rows` says that no other rows of it are added
    /// to in the same loop.
    fn add(
        &self,
        bar: &Ident,
        axes: &[AxisId],
        own: &[AxisId],
        in_rows: bool,
        amount: &TokenStream,
    ) -> TokenStream {
        let p = self.code.private();
        let index = self.place(axes, own);
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
            Some((axis, true)) if in_rows => {
                let start = self.start(axes, own);
                let row = self.before(&format!("+{bar}[{start}..]"), || {
                    let (name, count) = (self.fresh("bar_row"), self.code.length(axis));
                    (
                        code! { let #name = #start; let #name = #p::row_mut(&mut #bar, #name, #count); },
                        code! { #name },
                    )
                });
                self.effect(Target::Row(row), amount)
            }
            _ => {
                self.keep_together();
                code! { #bar[#index] += #amount; }
            }
        }
    }

    /// The row-major place that axes reach in a table laid out by others of the
    /// same lengths.
    fn place(&self, axes: &[AxisId], own: &[AxisId]) -> TokenStream {
        let mut place: Option<TokenStream> = None;
        for (axis, own) in axes.iter().zip(own) {
            let (at, count) = (self.code.names.at(*axis), self.code.length(*own));
            place = Some(match place {
                None => code! { #at },
                Some(place) => code! { (#place * #count + #at) },
            });
        }
        place.map_or_else(|| code! { 0 }, bare)
    }

    /// Where the row begins that they reach.
    fn start(&self, axes: &[AxisId], own: &[AxisId]) -> TokenStream {
        let (Some((_, leading)), Some((last, places))) = (axes.split_last(), own.split_last()) else {
            unreachable!("bug in memo: a row has an axis")
        };
        if leading.is_empty() {
            return code! { 0 };
        }
        let (place, count) = (self.place(leading, places), self.code.length(*last));
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
        let references = self.definition.references();
        let in_rows = references.iter().all(|f| f.definition != factor.definition || f.axes == factor.axes);
        self.add(&bar_of(target), &factor.axes, self.axes_of(factor), in_rows, amount)
    }

    fn changes(&self, factor: &Factor) -> bool {
        self.activity.of_definition(factor.definition.0)
    }

    /// The bar of the cell at hand.
    fn own_bar(&self, definition: &Definition) -> TokenStream {
        if self.way == Way::Forward {
            return code! { 1.0 };
        }
        self.read(&code! { bar }, &definition.axes, &definition.axes)
    }

    /// What the cell at hand holds.
    fn own_value(&self, at: usize, definition: &Definition) -> TokenStream {
        self.cell(at, &definition.axes)
    }

    /// `let name = vec![0.0; …];` for numbers over some axes.
    fn scratch(&self, name: &str, axes: &[AxisId]) -> (Ident, TokenStream) {
        let (name, count, zero) = (self.fresh(name), self.code.count(axes), self.zero());
        let made = if axes.is_empty() {
            code! { let mut #name = [#zero]; }
        } else {
            code! { let mut #name = ::std::vec![#zero; #count]; }
        };
        (name, made)
    }
}

/// The variable for the bar of a definition's table.
fn bar_of(definition: usize) -> Ident {
    format_ident!("bar_of_{definition}", span = Span::mixed_site())
}

/// The variable for what is added up along an axis.
fn terms_along(axis: AxisId) -> Ident {
    format_ident!("terms_{}", axis.0, span = Span::mixed_site())
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
