//! What the loops of a definition need beside its table, and loops over the
//! outermost axis that several threads share.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};

use super::divided::totals_of;
use super::units::Kind;
use super::{Code, cost};
use crate::syntax::ParameterClass;
use crate::tensor::{AxisId, Body, Definition, Query, Scalar, mentions_any};

/// What the parts of a table are that threads fill.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Split {
    /// Steps along the outermost axis.
    Rows,
    /// Columns of rows that stand upright.
    Columns,
}

/// Cells to work with: for messages, the axis that they lie along; and how many.
type Beside = (String, TokenStream);

impl Code<'_> {
    /// What a choice needs beside its table, whichever side of its static conditions is taken.
    fn beside_choice(&self, definition: &Definition) -> Option<Beside> {
        let upright = matches!(definition.body, Body::Choice { across: true, .. });
        // A tile has room for the exponents of either side.
        let sides = if upright { vec![definition.clone()] } else { self.sides(definition) };
        let mut needed: Vec<Beside> = sides.iter().filter_map(|side| self.beside_side(side)).collect();
        needed.dedup_by_key(|(_, cells)| cells.to_string());
        let most = |(label, most): Beside, (_, cells): Beside| (label, code! { (#most).max(#cells) });
        needed.into_iter().reduce(most)
    }

    /// The exponents of a row or of several, or the weights of a tile of rows that stand upright.
    fn beside_side(&self, definition: &Definition) -> Option<Beside> {
        let Body::Choice { weight, rule, across, .. } = &definition.body else { return None };
        let p = self.private();
        let softmax = rule.has_exponents(weight);
        let (given, own) = definition.split();
        let label = |axis: AxisId| self.program.axes[axis.0].label.clone();
        match given.last() {
            Some(inner) if *across => {
                let [rows, columns] = [own[0], *inner].map(|axis| self.length(axis));
                let cells = code! { #p::tile_cells(#rows, #columns) };
                Some((
                    label(*inner),
                    if softmax {
                        code! { 2 * #cells }
                    } else {
                        cells
                    },
                ))
            }
            Some(inner) if rule.is_softmax(weight) => {
                let (rows, row) = (self.length(*inner), self.count(&own));
                Some((label(*inner), code! { #p::block_cells(#rows, #row) }))
            }
            _ => softmax.then(|| (label(own[0]), self.count(&own))),
        }
    }

    /// The buffers that the code at hand uses, declared, and how long they are.
    fn buffers(&self, kind: Kind) -> (TokenStream, Vec<Beside>) {
        let p = self.private();
        let mut beside = Vec::new();
        let mut declared = TokenStream::new();
        for (name, axis) in std::mem::take(&mut *self.context.buffers.borrow_mut()) {
            let (buffer, count) = (Ident::new(&name, Span::mixed_site()), self.length(axis));
            declared.extend(match kind {
                Kind::Call | Kind::Recorded => code! { let #buffer = #p::part(&mut rest, #count); },
                Kind::Fixed => code! { let #buffer = &mut #p::cells(#count)[..]; },
            });
            beside.push((self.program.axes[axis.0].label.clone(), count.to_token_stream()));
        }
        (declared, beside)
    }

    /// Whether this is the outermost axis of a table that is filled part by part.
    pub(super) fn is_split(&self, axis: AxisId) -> bool {
        self.context.outermost.borrow().contains(&axis)
    }

    /// Whether a table lies in the memory that is filled part by part.
    pub(super) fn is_filled(&self, at: usize) -> bool {
        self.context.filled.get() == Some(self.memory(at))
    }

    /// The loops that fill a table, shared by several threads where there is much
    /// to do, and the room that they need beside it.
    pub(super) fn split_loops(
        &self,
        at: usize,
        kind: Kind,
        loops: impl FnOnce() -> TokenStream,
    ) -> (TokenStream, TokenStream) {
        let p = self.private();
        let definition = &self.program.definitions[at];
        let fused: Vec<usize> = self.fused_with(at);
        let all: Vec<&Definition> = fused.iter().map(|at| &self.program.definitions[*at]).collect();
        let passed = self.passed_to(at).map(|at| &self.program.definitions[at]);
        let choice = self.beside_choice(definition);
        let split = all.iter().map(|definition| self.split(definition)).reduce(|a, b| a.filter(|_| a == b));
        let Some(split) = split
            .flatten()
            .filter(|_| kind != Kind::Fixed && passed.is_none_or(|passed| self.can_be_shared(passed)))
        else {
            let loops = loops();
            let (buffers, beside) = self.buffers(kind);
            let all = beside.into_iter().chain(choice).filter(|_| kind != Kind::Fixed);
            let room = all.map(|(label, cells)| code! { room.table(&[(#label, #cells)])?; });
            return (code! { #buffers #loops }, room.collect());
        };
        if split == Split::Rows {
            *self.context.outermost.borrow_mut() = all.iter().map(|definition| definition.axes[0]).collect();
        }
        self.context.columns.set(split == Split::Columns);
        self.context.by_rows.set(true);
        self.context.filled.set(Some(self.memory(at)));
        let loops = loops();
        self.context.filled.set(None);
        self.context.columns.set(false);
        self.context.outermost.borrow_mut().clear();
        let (buffers, mut beside) = self.buffers(kind);
        beside.extend(choice);
        let cells = beside.iter().map(|(_, cells)| cells);
        let cells = code! { 0 #(+ #cells)* };
        let work = all.iter().copied().chain(passed).map(|definition| self.work(definition));
        let (table, step) = (self.table(at), self.count(&definition.axes[1..]));
        let divided = self.divided_by(at);
        let later = split == Split::Columns && self.context.by_rows.get() && self.divides_later(at);
        if later {
            self.context.undivided.borrow_mut().insert(at);
        }
        let (driver, range, part, step) = match split {
            Split::Rows => {
                let range = code! { range: ::core::ops::Range<usize> };
                (code!(in_parts), range, code! { #table: &mut [f64] }, step)
            }
            Split::Columns => {
                let driver = match self.context.by_rows.get() {
                    true if later => code!(upright_undivided),
                    true => code!(upright),
                    false => code!(in_columns),
                };
                let range = code! { across: &mut #p::Across<'_> };
                let rows = self.length(definition.split().1[0]);
                (driver, range, code! { block: &mut #p::Block<'_, '_> }, code! { (#rows, #step) })
            }
        };
        let label = beside.first().map(|(label, _)| label);
        let room = label.map(|label| code! { room.table(&[(#label, #cells)])?; });
        // Lengths that are constants are constants there, too, where others are
        // only captured.
        let domains = self.domains(&|domain| {
            let (variable, count) = self.names.domain(domain);
            mentions_any(&loops, &[variable.to_string(), count.to_string()])
        });
        let slices = self.slices_of(&loops, at);
        if let Some(source) = divided {
            let (weights, steps) = (self.table(source), self.length(definition.axes[0]));
            let totals = self.made_in_place_of(at).map(totals_of).into_iter().collect::<Vec<_>>();
            let (count, scales) = (2 + totals.len(), self.scales_in_place(at));
            let split = code! {
                let run = |range: ::core::ops::Range<usize>, [#table, #weights #(, #totals)*]: [&mut [f64]; #count], []: [&mut [f64]; 0]|
                    -> ::core::result::Result<(), #p::Fault>
                {
                    #domains
                    #slices
                    #loops
                    ::core::result::Result::Ok(())
                };
                let tables = [(&mut #table[..], #step), (&mut #weights[..], #step) #(, (&mut #totals[..], 1))*];
                #p::in_shares(0.0 #(+ #work)*, #steps, tables, [], run)?;
                #scales
            };
            return (split, TokenStream::new());
        }
        let undivided = later.then(|| {
            let divisor = Self::divisor(at);
            code! { &mut #divisor, }
        });
        let split = code! {
            let run = |#range, #part, scratch: &mut [f64]|
                -> ::core::result::Result<(), #p::Fault>
            {
                #domains
                let mut rest = scratch;
                #buffers
                #slices
                #loops
                ::core::result::Result::Ok(())
            };
            let scratch = #p::part(&mut rest, #cells);
            #p::#driver(0.0 #(+ #work)*, &mut #table[..], #step, scratch, #undivided run)?;
        };
        (split, room.unwrap_or_default())
    }

    /// The tables that some loops read, at hand as slices: what is captured is read anew
    /// after each number that is written.
    fn slices_of(&self, loops: &TokenStream, filled: usize) -> TokenStream {
        let tables = (0..self.program.definitions.len()).filter(|at| self.memory(*at) == *at);
        let read = tables.map(|at| self.table(at)).filter(|table| *table != self.table(filled));
        let slices = read.filter(|table| is_read_as_slice(loops, &table.to_string()));
        slices.map(|table| code! { let #table = &#table[..]; }).collect()
    }

    /// Whether a table of weights that stand upright is divided by its reader: that lies
    /// in its place and goes over it row by row.
    fn divides_later(&self, at: usize) -> bool {
        if self.context.divided.borrow().contains_key(&at) {
            return true;
        }
        let reader = (0..self.reads.len()).find(|reader| self.source(*reader) == Some(at));
        let Some(reader) = reader.filter(|reader| *reader != at) else { return false };
        let definition = &self.program.definitions[reader];
        let in_rows = match &definition.body {
            Body::Choice { over: 1, across: false, weight, rule, .. } => !rule.has_exponents(weight),
            _ => false,
        };
        in_rows && [at, reader].iter().all(|at| !self.is_by_nonzero(*at))
    }

    /// What divides the weights of a table.
    pub(super) fn divisor(at: usize) -> Ident {
        format_ident!("divisor_{at}", span = Span::mixed_site())
    }

    /// What divides the row at hand, if the table that is overwritten there left that to
    /// its reader.
    pub(super) fn divisor_of_row(&self) -> Option<Ident> {
        let old = self.context.old.borrow();
        let (source, _) = old.as_ref()?;
        self.context.undivided.borrow().contains(source).then(|| Self::divisor(*source))
    }

    /// How the loops of a definition can be divided among threads, if all that is
    /// read may be read by several.
    fn split(&self, definition: &Definition) -> Option<Split> {
        let rows = |outer: usize| (outer > 0).then_some(Split::Rows);
        let split = match &definition.body {
            Body::Choice { across: true, .. } if definition.axes.len() == 2 => Some(Split::Columns),
            Body::Choice { across, .. } => {
                // Of a tile, or of several rows at a time, the innermost is not
                // gone over one by one, on whichever side of a condition these are.
                let several = |side: &Definition| matches!(&side.body, Body::Choice { weight, rule, .. } if rule.is_softmax(weight));
                let together = *across || self.sides(definition).iter().any(several);
                rows(definition.split().0.len().saturating_sub(usize::from(together)))
            }
            Body::Query { keeps_mass: false, .. } if self.scattering(definition).is_none() => {
                rows(definition.axes.len().saturating_sub(1))
            }
            Body::Map(_) | Body::Best { .. } => rows(definition.axes.len().saturating_sub(1)),
            _ => None,
        };
        split.filter(|_| self.can_be_shared(definition))
    }

    /// Whether the table of a definition is filled row by row, by threads.
    pub(super) fn is_split_by_rows(&self, definition: &Definition) -> bool {
        self.split(definition) == Some(Split::Rows)
    }

    /// Whether all that a definition reads may be read by several threads.
    pub(super) fn can_be_shared(&self, definition: &Definition) -> bool {
        let opaque: Vec<String> = self
            .model
            .parameters
            .iter()
            .filter(|parameter| parameter.class == ParameterClass::Opaque)
            .map(|parameter| parameter.name.to_string())
            .collect();
        let shared = |scalar: &Scalar| {
            let mut shared = true;
            scalar.walk(&mut |s| {
                shared &= match s {
                    Scalar::Parameter(at, _) => self.model.parameters[*at].class != ParameterClass::Opaque,
                    Scalar::Rust(_) | Scalar::Cost(..) | Scalar::Index(..) => false,
                    _ => true,
                };
            });
            shared
        };
        let domains = definition.loop_axes().into_iter().all(|axis| {
            let domain = &self.program.domains[self.program.axes[axis.0].domain.0];
            !mentions_any(&domain.tokens, &opaque)
        });
        domains && definition.body.scalars().into_iter().all(shared)
    }

    /// About how many operations it takes to fill a table.
    pub(super) fn work(&self, definition: &Definition) -> TokenStream {
        let each = cost::operations(definition).max(1) as f64;
        let sparse = match &definition.body {
            Body::Query { factors, over, query: Query::Sum | Query::Expectation(_), .. } => {
                let leads = |axis: &AxisId| {
                    factors.iter().find(|f| f.axes.last() == Some(axis) && self.program.is_sparse(f))
                };
                over.iter().filter_map(|axis| leads(axis).map(|factor| (*axis, factor))).collect()
            }
            _ => Vec::new(),
        };
        let lengths = definition.loop_axes().into_iter().map(|axis| {
            match sparse.iter().find(|(summed, _)| *summed == axis) {
                Some((_, factor)) => {
                    let table = self.table(factor.definition.0);
                    code! { * #table.rows().mean() }
                }
                None => {
                    let count = self.length(axis);
                    code! { * #count as ::core::primitive::f64 }
                }
            }
        });
        code! { #each #(#lengths)* }
    }
}

/// Whether a table is read and not filled, always cell by cell or row by row, not by its
/// methods.
fn is_read_as_slice(code: &TokenStream, table: &str) -> bool {
    fn look(code: &TokenStream, table: &str, found: &mut bool) -> bool {
        let mut tokens = code.clone().into_iter().peekable();
        let mut filled = false;
        while let Some(token) = tokens.next() {
            let by_method = |next: &TokenTree| matches!(next, TokenTree::Punct(dot) if dot.as_char() == '.');
            match token {
                TokenTree::Ident(ref ident) if ident == table => {
                    *found = true;
                    if filled || tokens.peek().is_some_and(by_method) {
                        return false;
                    }
                }
                TokenTree::Group(ref group) if !look(&group.stream(), table, found) => return false,
                _ => {}
            }
            filled = matches!(token, TokenTree::Ident(word) if word == "mut");
        }
        true
    }
    let mut found = false;
    look(code, table, &mut found) && found
}
