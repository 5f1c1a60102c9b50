//! Innermost loops: rows of tables as slices, numbers that do not change along
//! the row read once before it, static conditions decided outside.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;

use super::fused::Then;
use super::{Code, bare};
use crate::tensor::{AxisId, Body, Definition, Factor, Query, Scalar, mentions_any, print_guard};

/// So many static conditions are decided outside of loops, one within the other.
const DECIDED: usize = 3;

/// The row whose cells are being computed.
#[derive(Debug)]
pub(super) struct Row {
    axis: AxisId,
    /// Whether the row is the part of it that lies in the tile at hand.
    tile: bool,
    /// Whether the code at hand runs for some cells only.
    perhaps: bool,
    /// What stands before its loop: (key, variable, value).
    before: Vec<(String, Ident, TokenStream)>,
    /// The functions that are computed for the whole row before it is filled, if
    /// that may be.
    stages: Option<Vec<Stage>>,
}

/// A function computed for a whole row at a time.
#[derive(Debug)]
struct Stage {
    kernel: &'static str,
    /// What it is computed of, in each cell.
    argument: TokenStream,
    /// What else the kernel takes.
    rest: Option<TokenStream>,
    /// Where the results are.
    buffer: Ident,
}

impl Code<'_> {
    /// Code that runs only where a definition is needed.
    pub(super) fn where_needed<T>(&self, definition: &Definition, work: impl FnOnce() -> T) -> T {
        let conditions = self.context.is_in_call().then(|| self.conditions(definition));
        self.assuming(conditions, work)
    }

    /// Computes with no conditions in the way, or under these.
    pub(super) fn assuming<T>(&self, conditions: Option<Vec<String>>, work: impl FnOnce() -> T) -> T {
        let saved = self.context.assumed.replace(conditions);
        let result = work();
        *self.context.assumed.borrow_mut() = saved;
        result
    }

    /// The conditions of a definition's guard, as text.
    pub(super) fn conditions(&self, definition: &Definition) -> Vec<String> {
        definition.guard.iter().map(|part| print_guard(self.program, std::slice::from_ref(part))).collect()
    }

    /// Code for a definition, apart for both sides of each of its static
    /// conditions.
    pub(super) fn decided(
        &self,
        definition: &Definition,
        depth: usize,
        work: &dyn Fn(&Definition) -> TokenStream,
    ) -> TokenStream {
        let condition = definition.body.scalars().into_iter().find_map(first_condition);
        let Some(condition) = condition.filter(|_| depth < DECIDED) else { return work(definition) };
        let side = |wanted: bool| {
            let part = (condition.clone(), wanted);
            let text = print_guard(self.program, std::slice::from_ref(&part));
            let assumed = self.context.assumed.borrow().clone().map(|mut all| {
                all.push(text);
                all
            });
            let decided = self.under(definition, &part, wanted);
            self.assuming(assumed, || self.decided(&decided, depth + 1, work))
        };
        let (then, otherwise) = (side(true), side(false));
        let truth = bare(self.truth(&condition));
        code! { if #truth { #then } else { #otherwise } }
    }

    /// A definition as it is on each side of its static conditions: what [`decided`](Self::decided)
    /// makes code for.
    pub(super) fn sides(&self, definition: &Definition) -> Vec<Definition> {
        let mut sides = vec![definition.clone()];
        for _ in 0..DECIDED {
            let decide = |side: Definition| {
                let condition = side.body.scalars().into_iter().find_map(first_condition);
                match condition {
                    Some(condition) => {
                        let part = |wanted: bool| self.under(&side, &(condition.clone(), wanted), wanted);
                        vec![part(true), part(false)]
                    }
                    None => vec![side],
                }
            };
            sides = sides.into_iter().flat_map(decide).collect();
        }
        sides
    }

    /// Loops that fill the cells over some axes, all that the table or row
    /// `name` has.
    pub(super) fn cells(
        &self,
        name: &Ident,
        axes: &[AxisId],
        value: &dyn Fn() -> TokenStream,
        then: Then<'_>,
    ) -> TokenStream {
        let Some((last, outer)) = axes.split_last() else {
            let value = self.reading(code! { #name[0] }, value);
            return code! { #name[0] = #value; };
        };
        let cells = self.row_of(name, outer, &[*last]);
        let (row, then) = (self.cells_of_row(*last, value), then(None));
        self.nest_table(outer, code! { let cells = #cells; #row #then })
    }

    /// Code that fills one row, at hand as `cells`, along an axis.
    pub(super) fn cells_of_row(&self, last: AxisId, value: &dyn Fn() -> TokenStream) -> TokenStream {
        let p = self.private();
        let old = Self::old_name();
        let at = self.names.at(last);
        let filled = |staged: bool| {
            let (value, before, stages) =
                self.reading(code! { #old }, || self.row_code(last, false, staged, value));
            let bind = self.bind(last, &value);
            let reads_old = mentions_any(&value, &[old.to_string()]);
            let computed = self.computed(&stages, &self.length(last).to_token_stream(), at, &|argument| {
                let bind = self.bind(last, argument);
                let old =
                    mentions_any(argument, &[old.to_string()]).then(|| code! { let #old = cells[#at]; });
                code! { #bind #old }
            });
            if may_return(&value) {
                let count = self.length(last);
                let old = reads_old.then(|| code! { let #old = cells[#at]; });
                let row = code! { for #at in 0..#count { #bind #old cells[#at] = #value; } };
                return (code! { #before #computed #row }, !stages.is_empty());
            }
            let products = self.row_of_products(&code! { &mut cells[..] }, at, &value);
            if let Some(row) = products.filter(|_| bind.is_none()) {
                return (code! { #before #computed #row }, !stages.is_empty());
            }
            let value = if bind.is_some() {
                code! { { #bind #value } }
            } else {
                value
            };
            let row = if reads_old {
                code! { #p::update(&mut cells[..], |#at, #old| #value); }
            } else {
                code! { #p::fill(&mut cells[..], |#at| #value); }
            };
            (code! { #before #computed #row }, !stages.is_empty())
        };
        self.long_or_short(&self.length(last).to_token_stream(), &filled)
    }

    /// Code that fills a row, at hand as `cells`, each cell with what becomes of the number
    /// that `made` gives for it; `None` where that is better done with whole rows.
    pub(super) fn cells_in_one_go(
        &self,
        last: AxisId,
        value: &dyn Fn() -> TokenStream,
    ) -> Option<TokenStream> {
        let old = Self::old_name();
        let (value, before, stages) =
            self.reading(code! { #old }, || self.row_code(last, false, true, value));
        if !stages.is_empty() || may_return(&value) {
            return None;
        }
        let (p, at, bind) = (self.private(), self.names.at(last), self.bind(last, &value));
        Some(code! {
            #before
            #p::fill(&mut cells[..], |#at| { let #old = made(#at); #bind #value });
        })
    }

    /// Code for a row of so many cells: with functions computed for the whole row
    /// where there are any, and the row is long enough. `filled` says whether there
    /// were any.
    fn long_or_short(
        &self,
        count: &TokenStream,
        filled: &dyn Fn(bool) -> (TokenStream, bool),
    ) -> TokenStream {
        let p = self.private();
        let (long, staged) = filled(true);
        if !staged {
            return long;
        }
        // A few are computed where they are wanted.
        let (short, _) = filled(false);
        code! { if #count < #p::WORTH_A_BUFFER { #short } else { #long } }
    }

    /// Code along a row, and what stands before it.
    pub(super) fn along(
        &self,
        axis: AxisId,
        tile: bool,
        code: &dyn Fn() -> TokenStream,
    ) -> (TokenStream, TokenStream) {
        let (inner, before, _) = self.row_code(axis, tile, false, code);
        (inner, before)
    }

    /// The same, with the functions that are computed in stages, if they are to
    /// be.
    fn row_code(
        &self,
        axis: AxisId,
        tile: bool,
        staged: bool,
        code: &dyn Fn() -> TokenStream,
    ) -> (TokenStream, TokenStream, Vec<Stage>) {
        let stages = staged.then(Vec::new);
        let row = Row { axis, tile, perhaps: false, before: Vec::new(), stages };
        let saved = self.context.row.replace(Some(row));
        let inner = code();
        let row = self.context.row.replace(saved);
        let Some(row) = row else { unreachable!("bug in memo: no row is being computed") };
        let before = row.before.into_iter().map(|(_, name, value)| {
            code! { let #name = #value; }
        });
        (inner, code! { #(#before)* }, row.stages.unwrap_or_default())
    }

    /// A function of the cell at hand, computed for the whole row by a kernel of
    /// the runtime; `None` where that cannot be.
    pub(super) fn staged(
        &self,
        kernel: &'static str,
        argument: &Scalar,
        rest: Option<&Scalar>,
    ) -> Option<TokenStream> {
        let (axis, perhaps) = {
            let row = self.context.row.borrow();
            let row = row.as_ref().filter(|row| row.stages.is_some())?;
            (row.axis, row.perhaps)
        };
        if !argument.axes().contains(&axis) || rest.is_some_and(|rest| rest.axes().contains(&axis)) {
            return None;
        }
        // Where it is not wanted it is computed all the same.
        let mut read = Vec::new();
        argument.elements(&mut read);
        let harmless = !perhaps || (argument.is_total() && read.iter().all(|factor| self.is_there(factor)));
        let argument = harmless.then(|| bare(self.real(argument))).filter(|code| !may_return(code))?;
        let rest = rest.map(|rest| bare(self.real(rest)));
        if rest.as_ref().is_some_and(may_return) {
            return None;
        }
        let mut row = self.context.row.borrow_mut();
        let stages = row.as_mut()?.stages.as_mut()?;
        let name = format!("buffer_{}_{}", axis.0, stages.len());
        let buffer = Ident::new(&name, Span::mixed_site());
        self.context.buffers.borrow_mut().insert(name, axis);
        stages.push(Stage { kernel, argument, rest, buffer: buffer.clone() });
        if row.as_ref().is_some_and(|row| row.tile) {
            return Some(code! { #buffer[column] });
        }
        let at = self.names.at(axis);
        Some(code! { #buffer[#at] })
    }

    /// Code for a row of the weights of a tile, or of their exponents.
    pub(super) fn tile_row(
        &self,
        to: &Ident,
        row: AxisId,
        column: AxisId,
        value: &dyn Fn() -> TokenStream,
    ) -> TileRow {
        let p = self.private();
        let old = Self::old_name();
        let (at, row_at) = (self.names.at(column), self.names.at(row));
        let cells = code! { #p::row_mut(&mut #to[..], #row_at * tile.stride, tile.width) };
        let head = Ident::new("column", Span::mixed_site());
        let mut given = None;
        let filled = |staged: bool| {
            let (value, before, stages) =
                self.reading(code! { #old[column] }, || self.row_code(column, true, staged, value));
            let reads_old = |code: &TokenStream| mentions_any(code, &[old.to_string()]);
            let any_old = reads_old(&value) || stages.iter().any(|stage| reads_old(&stage.argument));
            let old = any_old.then(|| {
                code! { let #old = block.row(#row_at, tile); }
            });
            let place = |code: &TokenStream| {
                let bind = self.bind(column, code);
                let mentioned = bind.is_some() || mentions_any(code, &[at.to_string()]);
                let place = mentioned.then(|| code! { let #at = tile.start + column; });
                code! { #place #bind }
            };
            let computed = self.computed(&stages, &code! { tile.width }, &head, &place);
            let place = place(&value);
            let products = self.row_of_products(&cells, &head, &value).filter(|_| place.is_empty());
            let filled = if let Some(row) = products {
                row
            } else if may_return(&value) {
                code! { let cells = #cells; for column in 0..tile.width { #place cells[column] = #value; } }
            } else {
                code! { #p::fill(#cells, |column| { #place #value }); }
            };
            let lent = stages.is_empty() && place.is_empty();
            let lent = lent.then(|| multiple_of_row(&value, &head)).flatten();
            let code = code! { #old #before #computed #filled };
            (code, stages.is_empty(), lent.map(|(scale, row)| (before, scale, row)))
        };
        let (_, plain, lent) = filled(true);
        if plain {
            given = lent;
        }
        let code = self.long_or_short(&code! { tile.width }, &|staged| {
            let (code, plain, _) = filled(staged);
            (code, !plain)
        });
        TileRow { code, given }
    }

    /// The functions that are computed for a row of so many cells, `at` being the
    /// place of each; `place` says what stands before their arguments.
    fn computed(
        &self,
        stages: &[Stage],
        count: &TokenStream,
        at: &Ident,
        place: &dyn Fn(&TokenStream) -> TokenStream,
    ) -> TokenStream {
        let p = self.private();
        let computed = stages.iter().map(|stage| {
            let Stage { kernel, argument, rest, buffer } = stage;
            let (kernel, rest) = (Ident::new(kernel, Span::mixed_site()), rest.iter());
            let place = place(argument);
            code! {
                let #buffer = #p::row_mut(&mut #buffer[..], 0, #count);
                #p::fill(#buffer, |#at| { #place #argument });
                #p::#kernel(#buffer #(, #rest)*);
            }
        });
        code! { #(#computed)* }
    }

    /// The factor as a slice along an axis, if it is one.
    pub(super) fn slice(&self, factor: &Factor, axis: AxisId) -> Option<TokenStream> {
        if !factor.lies_along(axis) {
            return None;
        }
        let passing = self.is_passing(factor.definition.0);
        let leading = if passing { &[] } else { &factor.axes[..factor.axes.len() - 1] };
        let p = self.private();
        let own = *self.program.definition(factor.definition).axes.last()?;
        let count = self.count_of_row(factor.definition.0).unwrap_or_else(|| self.length(own).clone());
        let (table, row) = self.within(factor, leading.len());
        let start = if leading.is_empty() {
            code! { 0 }
        } else {
            code! { (#row) * #count }
        };
        let start = bare(start);
        Some(code! { #p::row(&#table, #start, #count) })
    }

    /// How an element is read within the row at hand: from a slice, or from a
    /// variable before the row; `None` where it is read in place.
    pub(super) fn in_row(&self, factor: &Factor) -> Option<TokenStream> {
        let (axis, tile) = self.context.row.borrow().as_ref().map(|row| (row.axis, row.tile))?;
        if !self.is_there(factor) {
            return None;
        }
        let table = self.table(factor.definition.0);
        if !factor.axes.contains(&axis) {
            let (part, index) = self.within(factor, factor.axes.len());
            let cell = self.before(format!("{factor:?}"), &format!("{table}_cell"), code! { #part[#index] });
            return Some(code! { #cell });
        }
        let slice = self.slice(factor, axis)?;
        let p = self.private();
        let slice = if tile {
            code! { #p::row(#slice, tile.start, tile.width) }
        } else {
            slice
        };
        let row = self.before(format!("{factor:?}"), &format!("{table}_row"), slice);
        if tile {
            return Some(code! { #row[column] });
        }
        let at = self.names.at(axis);
        Some(code! { #row[#at] })
    }

    /// Code that does not run for every cell of the row.
    pub(super) fn perhaps<T>(&self, work: impl FnOnce() -> T) -> T {
        let set =
            |to| self.context.row.borrow_mut().as_mut().map(|row| std::mem::replace(&mut row.perhaps, to));
        let saved = set(true);
        let result = work();
        saved.map(set);
        result
    }

    /// The code for a scalar; a variable before the row at hand, if it costs
    /// something, is the same in all of the row and is computed in any case.
    pub(super) fn once_a_row(
        &self,
        what: &str,
        scalar: &Scalar,
        code: impl FnOnce(&Self) -> TokenStream,
    ) -> TokenStream {
        let row = self.context.row.borrow().as_ref().map(|row| (row.axis, row.perhaps));
        match row {
            Some((axis, false)) if costs_something(scalar) && !scalar.axes().contains(&axis) => {
                let value = bare(code(self));
                let name = self.before(format!("{what} {scalar:?}"), what, value);
                code! { #name }
            }
            _ => code(self),
        }
    }

    /// `let name = value;` before the row at hand, unless it is there already.
    fn before(&self, key: String, wanted: &str, value: TokenStream) -> Ident {
        let mut row = self.context.row.borrow_mut();
        let Some(row) = row.as_mut() else { unreachable!("bug in memo: no row is being computed") };
        if let Some((_, name, _)) = row.before.iter().find(|(of, ..)| *of == key) {
            return name.clone();
        }
        let mut text = self.names.unused(wanted);
        while row.before.iter().any(|(_, name, _)| *name == text) {
            text.push('_');
        }
        let name = Ident::new(&text, Span::mixed_site());
        row.before.push((key, name.clone(), value));
        name
    }

    /// Whether a table has been filled where the code at hand runs.
    pub(super) fn is_there(&self, factor: &Factor) -> bool {
        self.is_there_under(self.context.assumed.borrow().as_ref(), factor)
    }

    /// Whether a table has been filled where these static conditions hold.
    pub(super) fn is_there_under(&self, assumed: Option<&Vec<String>>, factor: &Factor) -> bool {
        let Some(assumed) = assumed else { return true };
        let needed = self.conditions(self.program.definition(factor.definition));
        needed.iter().all(|condition| assumed.contains(condition))
    }
}

/// Whether a scalar is more than a number that is at hand, and does not run Rust
/// in braces, which may count how often.
fn costs_something(scalar: &Scalar) -> bool {
    let mut costs = false;
    scalar.walk(&mut |s| {
        costs |= matches!(
            s,
            Scalar::Call(..)
                | Scalar::BuiltIn(..)
                | Scalar::Distribution(..)
                | Scalar::Binary(..)
                | Scalar::Index(..)
        );
    });
    costs && !runs_rust(scalar)
}

/// Whether a scalar runs Rust in braces.
pub(super) fn runs_rust(scalar: &Scalar) -> bool {
    let mut runs = false;
    scalar.walk(&mut |s| runs |= matches!(s, Scalar::Rust(_) | Scalar::Cost(..)));
    runs
}

/// Code for a row of a tile.
pub(super) struct TileRow {
    /// It fills the row.
    pub(super) code: TokenStream,
    /// Where the row is one of another table, or what it holds already, perhaps times a
    /// number: what stands before that, the number, and the row.
    pub(super) given: Option<(TokenStream, Option<TokenStream>, Ident)>,
}

/// The row whose cell at `place` the code is, perhaps times a number.
pub(super) fn multiple_of_row(code: &TokenStream, place: &Ident) -> Option<(Option<TokenStream>, Ident)> {
    let tokens: Vec<_> = code.clone().into_iter().collect();
    let [before @ .., TokenTree::Ident(row), TokenTree::Group(group)] = &tokens[..] else { return None };
    let is_cell = group.delimiter() == Delimiter::Bracket && *place == group.stream().to_string();
    let scale = match before {
        [] => None,
        [number @ .., TokenTree::Punct(times)] if times.as_char() == '*' => {
            // A name, a path or a call, the same in all of the row.
            let plain = |token: &TokenTree| match token {
                TokenTree::Punct(punct) => punct.as_char() == ':',
                TokenTree::Group(group) => group.delimiter() == Delimiter::Parenthesis,
                _ => true,
            };
            let number: TokenStream = number.iter().all(plain).then(|| number.iter().cloned().collect())?;
            let same = !number.is_empty() && !mentions_any(&number, &[place.to_string()]);
            Some(number).filter(|_| same).map(Some)?
        }
        _ => return None,
    };
    is_cell.then(|| (scale, row.clone()))
}

/// Whether the code may leave the function: then it cannot stand in a closure.
pub(super) fn may_return(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Punct(punct) => punct.as_char() == '?',
        TokenTree::Group(group) => may_return(&group.stream()),
        _ => false,
    })
}

/// The outermost static condition in a scalar.
pub(super) fn first_condition(scalar: &Scalar) -> Option<Scalar> {
    let mut found = None;
    scalar.walk(&mut |s| {
        if let Scalar::If { condition, fixed: true, .. } = s
            && found.is_none()
        {
            found = Some((**condition).clone());
        }
    });
    found
}

impl Body {
    /// Calls `change` on the scalars that the body computes for its cells.
    pub(super) fn for_each_scalar(&mut self, change: &dyn Fn(&mut Scalar)) {
        match self {
            Self::Choice { weight, .. }
            | Self::Best { weight, .. }
            | Self::Evidence { weight, .. }
            | Self::Map(weight) => change(weight),
            Self::Query { query: Query::Expectation(value) | Query::Variance(value), .. } => change(value),
            Self::Call { arguments, .. } => arguments.iter_mut().for_each(change),
            Self::Query { .. } | Self::Divergence { .. } => {}
        }
    }
}
