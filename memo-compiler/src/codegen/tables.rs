//! Definitions as loop nests that fill a table.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};

use super::fused::{Then, nothing};
use super::long::Layout;
use super::rows::{TileRow, may_return, runs_rust};
use super::units::Kind;
use super::{Code, bare};
use crate::tensor::{AxisId, Body, Definition, Normaliser, Rule, Scalar, mentions_any};

impl Code<'_> {
    /// `let table = …;` for one definition: `own` says that it has memory of
    /// its own, `guard` is the variable that says whether it is needed. Then what
    /// room its loops need beside the table.
    pub(super) fn definition(
        &self,
        at: usize,
        kind: Kind,
        own: bool,
        guard: Option<&Ident>,
    ) -> (TokenStream, TokenStream) {
        let p = self.private();
        let definition = &self.program.definitions[at];
        let about = &definition.about;
        let name = self.table(at);
        let masses = definition.keeps_mass().then(|| self.names.mass(at));
        let source = self.source(at);
        let (fill, room) = if self.context.fused.borrow().contains(&at) {
            // Its reader does that.
            Default::default()
        } else {
            let loops = || self.with_passed(at, &|| self.fused_loops(at, definition, &nothing));
            let (fill, room) = self.by_nonzero(at, kind, self.split_loops(at, kind, loops));
            let (fill, room) = match self.skipped(at) {
                Some(few) => {
                    let room = (!room.is_empty()).then(|| code! { if !#few { #room } });
                    (code! { if !#few { #fill } }, room.unwrap_or_default())
                }
                None => (fill, room),
            };
            match guard {
                Some(guard) => (code! { if #guard { #fill } }, code! { if #guard { #room } }),
                None => (fill, room),
            }
        };
        let memory = self.memory(at);
        let made = |table: &Ident, size: &Ident| {
            if own {
                code! { #[doc = #about] let mut #table = #p::cells(#size); }
            } else {
                code! { #[doc = #about] let #table = #p::part(&mut rest, #size); }
            }
        };
        let size = self.names.size(memory);
        let taken = source.filter(|at| matches!(self.program.definitions[*at].body, Body::Call { .. }));
        let mut before: TokenStream = self
            .totals(at)
            .into_iter()
            .map(|totals| code! { let #totals = #p::part(&mut rest, #totals); })
            .collect();
        before.extend(self.before_nonzero(at));
        before.extend(match (source, taken) {
            (None, _) => self.room_in_place(at).unwrap_or_else(|| made(name, size)),
            (_, Some(call)) => {
                let call = self.names.table(call);
                code! { #[doc = #about] let mut #name = #p::in_place(#call, #size); }
            }
            // It is filled already with what is read.
            _ => TokenStream::new(),
        });
        if self.context.undivided.borrow().contains(&at) {
            let divisor = Self::divisor(at);
            before.extend(code! { let mut #divisor = #p::Divisor::default(); });
        }
        before.extend(masses.map(|masses| made(masses, self.names.size(at))));
        let done = self.tables_of(at).into_iter().map(|(table, row)| match kind {
            Kind::Fixed => code! { let #table = #p::FixedTable::new(#table, #row); },
            Kind::Call | Kind::Recorded if own || (memory != at && table == self.names.table(at)) => {
                TokenStream::new()
            }
            Kind::Call | Kind::Recorded => code! { let #table = &*#table; },
        });
        (code! { #before #fill #(#done)* }, room)
    }

    /// How many cells there are over some axes.
    pub(super) fn count(&self, axes: &[AxisId]) -> TokenStream {
        let count = axes.iter().map(|axis| self.length(*axis).to_token_stream());
        count.reduce(|a, b| code! { #a * #b }).unwrap_or_else(|| code! { 1 })
    }

    /// The row-major place along some axes.
    pub(super) fn place(&self, axes: &[AxisId]) -> TokenStream {
        let mut place: Option<TokenStream> = None;
        for (rank, axis) in axes.iter().enumerate() {
            let (at, step) = (self.names.at(*axis), self.step(*axis, rank + 1 == axes.len()));
            place = Some(match place {
                None if self.is_split(*axis) => code! { (#at - range.start) },
                None => at.to_token_stream(),
                Some(place) => code! { (#place * #step + #at) },
            });
        }
        place.map_or_else(|| code! { 0 }, bare)
    }

    /// How many cells a step along the axis before goes.
    pub(super) fn step(&self, axis: AxisId, is_last: bool) -> TokenStream {
        let (count, p) = (self.length(axis), self.private());
        if self.padded && is_last {
            code! { #p::lanes(#count) }
        } else {
            count.to_token_stream()
        }
    }

    /// The cells of a table over the axes that follow the given ones.
    pub(super) fn row_of(&self, name: &Ident, given: &[AxisId], own: &[AxisId]) -> TokenStream {
        if given.is_empty() {
            return code! { &mut #name[..] };
        }
        let p = self.private();
        let (place, count) = (self.place(given), self.count(own));
        let start = if own.is_empty() {
            place
        } else {
            code! { (#place) * (#count) }
        };
        code! { #p::row_mut(&mut #name[..], #start, #count) }
    }

    /// Loops over all cells of a table, each at hand as an expression that can
    /// be written to.
    pub(super) fn each_cell(
        &self,
        tables: &[&Ident],
        axes: &[AxisId],
        then: Then<'_>,
        inner: &dyn Fn(&[TokenStream]) -> TokenStream,
    ) -> TokenStream {
        let Some((last, outer)) = axes.split_last() else {
            let cells: Vec<TokenStream> = tables.iter().map(|table| code! { #table[0] }).collect();
            return self.reading(cells[0].clone(), || inner(&cells));
        };
        let then = then(None);
        let names = ["cells", "kept"].map(|name| Ident::new(name, Span::mixed_site()));
        let rows = tables.iter().zip(&names).map(|(table, name)| {
            let row = self.row_of(table, outer, &[*last]);
            code! { let #name = #row; }
        });
        let at = self.names.at(*last);
        let cells: Vec<TokenStream> = tables.iter().zip(&names).map(|(_, row)| code! { #row[#at] }).collect();
        let row = self.nest(&[*last], self.reading(cells[0].clone(), || inner(&cells)));
        self.nest_table(outer, code! { #(#rows)* #row #then })
    }

    /// What a cell holds, where it is computed by itself: a value, or a product.
    pub(super) fn cell_by_cell(&self, definition: &Definition) -> TokenStream {
        let p = self.private();
        match &definition.body {
            Body::Map(value) => bare(self.real(value)),
            Body::Query { factors, normaliser: Normaliser::By(factor), .. } => {
                let (product, scale) = (self.product(None, factors), self.element(factor));
                code! { #p::ratio(#product, #scale) }
            }
            Body::Query { factors, .. } => self.product(None, factors),
            _ => unreachable!("bug in memo: only values and products are computed cell by cell"),
        }
    }

    /// The loops that fill a table; `then` says what is done with each of its
    /// rows when it is full.
    pub(super) fn fill(
        &self,
        name: &Ident,
        masses: Option<&Ident>,
        definition: &Definition,
        then: Then<'_>,
    ) -> TokenStream {
        let p = self.private();
        let axes = &definition.axes;
        match &definition.body {
            Body::Map(_) => self.cells(name, axes, &|| self.cell_by_cell(definition), then),
            Body::Evidence { weight, agent, given, .. } => {
                let (known, own) = axes.split_at(*given);
                self.evidence(name, agent, known, own, weight)
            }
            Body::Choice { across, weight, rule, agent, choice, .. } => {
                let (given, own) = definition.split();
                let bad = self.bad_weight(agent, choice, &given, &own);
                if *across {
                    self.upright(name, &given, own[0], weight, *rule, &bad)
                } else {
                    self.choice(name, &given, &own, weight, *rule, &bad)
                }
            }
            Body::Best { .. } => self.best(name, definition, then),
            Body::Query { .. } => self.query(name, masses, definition, then),
            Body::Divergence { p: first, q: second, over } => {
                let (first, second) = (self.element(first), self.element(second));
                let inner = code! { masses.push(#first); others.push(#second); };
                let loops = self.nest(&[*over], inner);
                let cells = self.each_cell(&[name], axes, then, &|cell| {
                    code! {
                        masses.clear();
                        others.clear();
                        #loops
                        #(#cell)* = #p::divergence(&masses, &others);
                    }
                });
                code! {
                    let mut masses = ::std::vec::Vec::<f64>::new();
                    let mut others = ::std::vec::Vec::<f64>::new();
                    #cells
                }
            }
            Body::Call { .. } => unreachable!("bug in memo: a call is not filled"),
        }
    }

    fn choice(
        &self,
        name: &Ident,
        given: &[AxisId],
        own: &[AxisId],
        weight: &Scalar,
        rule: Rule,
        bad: &TokenStream,
    ) -> TokenStream {
        let scaled = rule.has_exponents(weight);
        if scaled && !weight.is_one_exponential() {
            return self.scaled_rows(name, given, own, weight, &code!(normalize_scaled), bad);
        }
        if scaled && let Some((inner, outer)) = given.split_last() {
            return self.blocks(name, outer, *inner, own, weight, bad);
        }
        if !scaled && rule == Rule::Proportional && !given.is_empty() && self.context.is_in_call() {
            return self.plain_rows(name, given, own, weight, bad);
        }
        let loops = self.rows(name, given, own, &self.row_of_choice(own, weight, rule, bad));
        let exponents = scaled.then(|| self.scratch_space("exponents", &self.count(own)));
        code! { #exponents #loops }
    }

    /// Rows of weights with exponents: many short ones at a time.
    fn blocks(
        &self,
        name: &Ident,
        outer: &[AxisId],
        inner: AxisId,
        own: &[AxisId],
        weight: &Scalar,
        bad: &TokenStream,
    ) -> TokenStream {
        let p = self.private();
        let (at, rows, row) = (self.names.at(inner), self.length(inner), self.count(own));
        let all = self.row_of(name, outer, &[&[inner], own].concat());
        let weights = self.weights_of_row(own, weight);
        let bind = self.bind(inner, &weights);
        let block = code! {
            for #at in block.clone() {
                #bind
                let row = #p::row_mut(all, #at * (#row), #row);
                let exponents = #p::row_mut(exponents, (#at - block.start) * (#row), #row);
                #weights
            }
            let cells = #p::row_mut(all, block.start * (#row), (block.end - block.start) * (#row));
            // What a closure borrows is no constant any more.
            let first = block.start;
            let place = |(row, bad)| { let #at = first + row; (#bad)(bad) };
            #p::softmax_rows(cells, exponents, #row).map_err(place)?;
        };
        let loops =
            self.nest_table(outer, code! { let all = #all; for block in #p::blocks(#rows, #row) { #block } });
        let exponents = self.scratch_space("exponents", &code! { #p::block_cells(#rows, #row) });
        code! { #exponents #loops }
    }

    /// The factors of a row of weights, in `row`, and their exponents, in
    /// `exponents`.
    fn weights_of_row(&self, own: &[AxisId], weight: &Scalar) -> TokenStream {
        let [row, exponents] = ["row", "exponents"].map(|name| Ident::new(name, Span::mixed_site()));
        let factors = self.cells(&row, own, &|| self.part_of_weight(weight, false), &nothing);
        let place = self.place(own);
        // What the row holds is read before it is overwritten.
        let logits = self.reading(code! { row[#place] }, || {
            self.cells(&exponents, own, &|| self.part_of_weight(weight, true), &nothing)
        });
        code! { #logits #factors }
    }

    /// Rows of a table, each at hand as `row`.
    pub(super) fn rows(
        &self,
        name: &Ident,
        given: &[AxisId],
        own: &[AxisId],
        row: &TokenStream,
    ) -> TokenStream {
        let cells = self.row_of(name, given, own);
        self.nest_table(given, code! { let row = #cells; #row })
    }

    /// `let name = …;` for cells that are needed beside a table for a while.
    fn scratch_space(&self, name: &str, cells: &TokenStream) -> TokenStream {
        let (p, name) = (self.private(), Ident::new(name, Span::mixed_site()));
        if self.context.is_in_call() {
            code! { let #name = #p::part(&mut rest, #cells); }
        } else {
            code! { let #name = &mut #p::cells(#cells)[..]; }
        }
    }

    /// The probabilities of one row, in `row`; with `exponents` beside it where
    /// the weights have them.
    pub(super) fn row_of_choice(
        &self,
        own: &[AxisId],
        weight: &Scalar,
        rule: Rule,
        bad: &TokenStream,
    ) -> TokenStream {
        let p = self.private();
        if rule.has_exponents(weight) {
            let weights = self.weights_of_row(own, weight);
            return code! { #weights #p::softmax(row, exponents).map_err(#bad)?; };
        }
        self.plain_row(own, weight, Self::kernel(rule), bad, &|chances| chances)
    }

    /// What is done with weights without exponentials.
    pub(super) fn kernel(rule: Rule) -> &'static str {
        match rule {
            Rule::Proportional => "normalize",
            Rule::Maximize => "maximize",
            Rule::Minimize => "minimize",
        }
    }

    /// The factor of a weight, or its exponent.
    fn part_of_weight(&self, weight: &Scalar, exponent: bool) -> TokenStream {
        let parts = self.weighted(weight).map(|(f, e)| bare(if exponent { e } else { f }));
        parts.unwrap_or_default()
    }

    /// Rows that stand upright, in tiles of columns.
    fn upright(
        &self,
        name: &Ident,
        given: &[AxisId],
        own: AxisId,
        weight: &Scalar,
        rule: Rule,
        bad: &TokenStream,
    ) -> TokenStream {
        let p = self.private();
        let Some((inner, outer)) = given.split_last() else {
            unreachable!("bug in memo: an upright row has a column")
        };
        let (rows, columns) = (self.length(own), self.length(*inner));
        let block = self.row_of(name, outer, &[own, *inner]);
        let at = self.names.at(*inner);
        let [weights, exponents] = ["weights", "exponents"].map(|name| Ident::new(name, Span::mixed_site()));
        let place = code! { |(column, bad)| { let #at = first + column; (#bad)(bad) } };
        let cells = code! { #p::tile_cells(#rows, #columns) };
        let softmax = rule.has_exponents(weight);
        let filled = |to: &Ident, value: &dyn Fn() -> TokenStream| self.tile_row(to, own, *inner, value);
        let (filled, kernel) = if softmax {
            let factors = filled(&weights, &|| self.part_of_weight(weight, false));
            let logits = filled(&exponents, &|| self.part_of_weight(weight, true));
            (vec![factors, logits], "softmax")
        } else {
            (vec![filled(&weights, &|| bare(self.real(weight)))], Self::kernel(rule))
        };
        let scratch = self.scratch_space("weights", &cells);
        let beside = softmax.then(|| self.scratch_space("exponents", &cells));
        let scratch = code! { #scratch #beside };
        if self.context.columns.get() {
            // The block and the way across it are at hand.
            let across = self.across(own, &filled, weight, kernel, &place);
            return code! { #scratch while let ::core::option::Option::Some(tile) = across.tile() { #across } };
        }
        let tile = self.tile(own, &filled, kernel, &place);
        let tiles = code! {
            let block = &mut #p::Block::Whole(#block, #columns);
            for tile in #p::tiles(#rows, #columns, 0..#columns) { #tile }
        };
        let loops = self.nest_table(outer, tiles);
        if outer.is_empty() || self.layout == Layout::OneLong {
            // There are no blocks to choose between, or they are wide enough.
            return code! { #scratch #loops };
        }
        // Many blocks of a few columns each are done row by row.
        let start = self.place(&[outer, &[own]].concat());
        let first = self.names.at(own);
        let row = self.overwriting(None, || self.row_of_choice(&[own], weight, rule, bad));
        let exponents = softmax.then(|| code! { let exponents = &mut exponents[..#rows]; });
        let one = code! {
            let row = &mut weights[..#rows];
            #exponents
            #row
            let #first = 0;
            #p::scatter(row, &mut #name[..], (#start) * #columns + #at, #columns);
        };
        let singly = self.nest_table(given, one);
        code! { #scratch if #columns < #p::WORTH_A_TILE { #singly } else { #loops } }
    }

    /// The probabilities of a tile, of which `filled` fills a row of each part of the
    /// weights.
    fn tile(&self, own: AxisId, filled: &[TileRow], kernel: &str, place: &TokenStream) -> TokenStream {
        let p = self.private();
        let kernel = format_ident!("{kernel}_across", span = Span::mixed_site());
        let rows = filled.iter().map(|filled| self.nest(&[own], filled.code.clone()));
        let scratch = Self::scratch_of(filled);
        // What a closure borrows is no constant any more.
        code! {
            #(#rows)*
            let first = tile.start;
            #p::#kernel(block, #scratch, tile).map_err(#place)?;
        }
    }

    /// The same, but that it may also be all columns of some rows, which are taken one
    /// after the other.
    fn across(
        &self,
        own: AxisId,
        filled: &[TileRow],
        weight: &Scalar,
        kernel: &str,
        place: &TokenStream,
    ) -> TokenStream {
        let p = self.private();
        // A row may be computed twice, where it turns out to need care.
        let once = filled.iter().any(|filled| may_return(&filled.code)) || runs_rust(weight);
        if once || !matches!(kernel, "softmax" | "normalize") {
            self.context.by_rows.set(false);
            return self.tile(own, filled, kernel, place);
        }
        let (row, scratch) = (self.names.at(own), Self::scratch_of(filled));
        let [take, done] = [format_ident!("{kernel}_row"), format_ident!("{kernel}")];
        let given = filled.iter().enumerate().map(|(part, filled)| {
            // A factor is a row as it is.
            let given = filled.given.as_ref().filter(|(_, scale, _)| part > 0 || scale.is_none());
            let (code, scale, given) = match given {
                Some((_, scale, row)) if *row == Self::old_name() => (None, scale, code! { #p::Given::Held }),
                Some((before, scale, row)) => (Some(before), scale, code! { #p::Given::Row(#row) }),
                None => (Some(&filled.code), &None, code! { #p::Given::Made }),
            };
            let scale = scale.as_ref().map_or_else(|| code! { 1.0 }, |scale| scale.clone());
            match part {
                0 => code! { { #code #given } },
                _ => code! { { #code (#scale, #given) } },
            }
        });
        let names = [format_ident!("factors"), format_ident!("scaled")];
        let names = &names[..filled.len()];
        let beside = if filled.len() == 2 { code!(exponents) } else { code!(&mut []) };
        let body = code! {
            if across.has_row(block, #row, weights, #beside, tile) { continue; }
            #(let #names = #given;)*
            if !across.#take(block, #row, #scratch, #(#names,)* tile) { break; }
        };
        let bind = self.bind(own, &body);
        code! {
            for #row in across.rows() { #bind #body }
            let first = tile.start;
            across.#done(block, #scratch, tile).map_err(#place)?;
        }
    }

    /// Where the parts of the weights of a tile are.
    fn scratch_of(filled: &[TileRow]) -> TokenStream {
        match filled.len() {
            2 => code! { weights, exponents },
            _ => code! { weights },
        }
    }

    /// Rows of weights whose exponentials may be out of range, each treated by a
    /// kernel.
    fn scaled_rows(
        &self,
        name: &Ident,
        given: &[AxisId],
        own: &[AxisId],
        weight: &Scalar,
        kernel: &TokenStream,
        bad: &TokenStream,
    ) -> TokenStream {
        let p = self.private();
        let scaled = bare(self.scaled(weight));
        let loops = self.nest(own, code! { row.push(#scaled); });
        let cells = self.row_of(name, given, own);
        let row = code! {
            row.clear();
            #loops
            (#cells).copy_from_slice(&#p::#kernel(&row).map_err(#bad)?);
        };
        let loops = self.nest_table(given, row);
        code! { let mut row = ::std::vec::Vec::new(); #loops }
    }

    fn evidence(
        &self,
        name: &Ident,
        agent: &str,
        known: &[AxisId],
        own: &[AxisId],
        weight: &Scalar,
    ) -> TokenStream {
        let bad = self.bad_weight(agent, "the event observed", known, own);
        if weight.is_scaled() {
            self.scaled_rows(name, known, own, weight, &code!(unscale), &bad)
        } else {
            self.rows(
                name,
                known,
                own,
                &self.plain_row(own, weight, "check_weights", &bad, &|chances| chances),
            )
        }
    }

    /// The closure that turns a bad place in a row into an error that names
    /// the cell.
    pub(super) fn bad_weight(
        &self,
        agent: &str,
        choice: &str,
        given: &[AxisId],
        own: &[AxisId],
    ) -> TokenStream {
        let p = self.private();
        let model = self.program.name.as_str();
        let place = |axis: &AxisId| {
            let of = &self.program.axes[axis.0];
            let (word, _, domain) = self.domain_at_word(of.domain.0);
            (&of.label, quote_spanned! {word=> &#domain }, self.names.at(*axis))
        };
        let given = given.iter().map(|axis| {
            let (label, domain, at) = place(axis);
            code! { (#label, #domain, #at) }
        });
        let own = own.iter().map(|axis| {
            let (label, domain, _) = place(axis);
            code! { (#label, #domain) }
        });
        code! { |bad| #p::bad_weight(#model, #agent, #choice, bad, &[#(#given),*], &[#(#own),*]) }
    }

    /// Loops over axes around some code; values are bound where they are used.
    pub(super) fn nest(&self, axes: &[AxisId], inner: TokenStream) -> TokenStream {
        axes.iter().rev().fold(inner, |inner, axis| {
            let count = self.length(*axis);
            let (bind, at) = (self.bind(*axis, &inner), self.names.at(*axis));
            code! { for #at in 0..#count { #bind #inner } }
        })
    }

    /// `let value = …;` for the value of an axis, if it is mentioned.
    pub(super) fn bind(&self, axis: AxisId, inner: &TokenStream) -> Option<TokenStream> {
        let (word, p, domain) = self.domain_at_word(self.program.axes[axis.0].domain.0);
        let (value, at) = (self.names.value(axis), self.names.at(axis));
        let mentioned = mentions_any(inner, &[value.to_string()]);
        mentioned.then(|| {
            let found = quote_spanned! {word=> #p::Domain::value(&#domain, #at) };
            code! { let #value = #found; }
        })
    }
}
