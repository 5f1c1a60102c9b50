//! Innermost loops of the adjoint code, along rows where that can be.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::format_ident;

use super::{Adjoint, Way};
use crate::tensor::{AxisId, mentions_any};

/// The innermost loop, while its code is made.
#[derive(Debug, Default)]
pub(super) struct Inner {
    pub(super) axis: Option<AxisId>,
    pub(super) before: TokenStream,
    /// What is done with the bars of the row before all else.
    bars: Option<RowBars>,
    pub(super) after: TokenStream,
    /// What has been found before it, by its text.
    known: BTreeMap<String, TokenStream>,
    /// What has been added up along the row before this loop.
    swept: Option<Swept>,
    /// What is added to in each cell.
    effects: Vec<Effect>,
    /// Whether more happens in a cell than that: then it is one plain loop.
    pub(super) together: bool,
}

/// What is known of a row of bars once it has been gone through.
#[derive(Debug)]
pub(super) struct Swept {
    /// The row and one that lies beside it, by their text.
    rows: [String; 2],
    /// The sum of their products.
    total: TokenStream,
}

/// Two rows, and the sum of their products.
type SumOfProducts = ([Ident; 2], TokenStream);

/// One number for each cell of the innermost loop.
#[derive(Debug)]
struct Effect {
    target: Target,
    amount: TokenStream,
}

/// Where it goes.
#[derive(Debug)]
pub(super) enum Target {
    /// It is added to the cell of a row.
    Added(TokenStream),
    /// It is what the cell of a row holds.
    Set(TokenStream),
    /// The same, in the place of what others are computed of.
    Replaced(TokenStream),
    /// It is added to a number.
    Number(TokenStream),
}

/// How the bars of a row of chances become those of what they were made of, in their place.
#[derive(Debug)]
pub(super) enum RowBars {
    /// Those of exponents: the row, the chances and the means; for bars of logarithms what the
    /// chances are to be multiplied with.
    Softmax([Ident; 3], Option<TokenStream>),
    /// Those of weights: the row, the mean and the reciprocal of the sum.
    Normalize(Ident, [TokenStream; 2]),
    /// Those of the logarithms of chances that the weights are in proportion to: also added to
    /// the sums over rows.
    OfLogarithms { bars: Ident, chances: Ident, mean: TokenStream, sums: TokenStream },
}

/// The derivatives that the bars of a row are multiplied with.
enum Slopes {
    /// One for each cell.
    Row(Ident),
    /// The same for all.
    Number(TokenStream),
}

/// What is added to numbers along a row.
#[derive(Default)]
struct Sums {
    /// Where it is products of rows, which have kernels: the code. That of what is added
    /// to other rows is among it.
    products: TokenStream,
    /// Where it stands in a row first, so that the compiler can do several cells at a
    /// time: each number, and the row.
    terms: Vec<(String, TokenStream, Ident)>,
}

impl Sums {
    fn is_empty(&self) -> bool {
        self.products.is_empty() && self.terms.is_empty()
    }

    /// Puts what is added in a cell into its row.
    fn term(&mut self, sum: &TokenStream, axis: AxisId, at: &Ident, amount: &TokenStream) -> TokenStream {
        let text = sum.to_string();
        if let Some((.., terms)) = self.terms.iter().find(|(known, ..)| *known == text) {
            return code! { #terms[#at] += #amount; };
        }
        let terms = terms_along(axis, self.terms.len());
        self.terms.push((text, sum.clone(), terms.clone()));
        code! { #terms[#at] = #amount; }
    }
}

impl Adjoint<'_> {
    /// The innermost loop.
    pub(super) fn along(&self, axis: AxisId, work: &dyn Fn() -> TokenStream) -> TokenStream {
        let swept = self.swept.take();
        let saved = self.inner.replace(Some(Inner { axis: Some(axis), swept, ..Inner::default() }));
        let body = work();
        let Some(Inner { before, bars, after, known, effects, together, .. }) = self.inner.replace(saved)
        else {
            unreachable!("bug in memo: no loop is being made")
        };
        let p = self.code.private();
        let (at, count) = (self.code.names.at(axis), self.code.length(axis));
        let [mut short, mut long, mut replaced] = [(); 3].map(|()| TokenStream::new());
        let mut sums = Sums::default();
        // What is bound in the loop is not at hand before it.
        let amounts = effects.iter().map(|effect| &effect.amount);
        let value = self.code.bind(axis, &code! { #body #(#amounts)* });
        let mut own = bound(&code! { #value #body });
        own.push(at.to_string());
        let bars_and_effects = bars.as_ref().and_then(|bars| self.in_one_sweep(bars, &effects, at, &own));
        let bars = bars.map(|bars| self.changed_bars(&bars));
        let is_last = |effect: &&Effect| matches!(effect.target, Target::Replaced(_));
        let (last, first): (Vec<&Effect>, Vec<&Effect>) = effects.iter().partition(is_last);
        for Effect { target, amount } in first.into_iter().chain(last) {
            match target {
                Target::Added(row) => {
                    let added = code! { #row[#at] += #amount; };
                    short.extend(added.clone());
                    match self.rows_multiplied(amount, at).as_deref() {
                        Some([a, b]) => sums.products.extend(code! { #p::add_products(#row, 1.0, #a, #b); }),
                        _ => match self.shares_of_row(amount, at, &own) {
                            Some((bars, Slopes::Row(slopes))) => {
                                sums.products.extend(code! { #p::add_shares(#row, #bars, #slopes); });
                            }
                            _ => long.extend(added),
                        },
                    }
                }
                Target::Replaced(row) => {
                    let set = code! { #row[#at] = #amount; };
                    short.extend(set.clone());
                    match self.shares_of_row(amount, at, &own) {
                        Some((bars, slopes)) if bars == row.to_string() => replaced.extend(match slopes {
                            Slopes::Row(slopes) => code! { #p::take_shares(#row, #slopes); },
                            Slopes::Number(slope) => code! { #p::take_share(#row, #slope); },
                        }),
                        _ => long.extend(set),
                    }
                }
                Target::Set(row) => {
                    let set = code! { #row[#at] = #amount; };
                    short.extend(set.clone());
                    long.extend(set);
                }
                Target::Number(sum) => {
                    short.extend(code! { #sum += #amount; });
                    match self.rows_multiplied(amount, at) {
                        Some(rows) => sums.products.extend(match rows.as_slice() {
                            [_] => code! { #sum += #p::total(#(#rows),*); },
                            [_, _] => code! { #sum += #p::dot(#(#rows),*); },
                            _ => code! { #sum += #p::dot3(#(#rows),*); },
                        }),
                        None => match self.shares_of_row(amount, at, &own) {
                            Some((bars, Slopes::Row(slopes))) => {
                                sums.products.extend(code! { #sum += #p::total_of_shares(#bars, #slopes); });
                            }
                            _ => long.extend(sums.term(sum, axis, at, amount)),
                        },
                    }
                }
            }
        }
        if body.is_empty() && effects.is_empty() {
            return code! { #before #bars #after };
        }
        let bind = self.code.bind(axis, &code! { #body #short });
        let short = code! { for #at in 0..#count { #bind #body #short } };
        // Kernels are for plain numbers.
        let has_kernels = !sums.is_empty() || !replaced.is_empty();
        if together || !has_kernels || self.way == Way::Second {
            return code! { #before #bars #short #after };
        }
        if let Some((all, total)) = bars_and_effects {
            let swept = total.and_then(|(rows, total)| {
                let [Some(bars), Some(beside)] = rows.map(|row| text_of(&known, &row)) else { return None };
                Some(Swept { rows: [bars.clone(), beside.clone()], total })
            });
            self.swept.replace(swept);
            return code! { #before if #count < #p::WORTH_A_BUFFER { #bars #short } else { #all } #after };
        }
        let Sums { products, terms } = sums;
        let rows = terms.iter().enumerate().map(|(number, (_, _, terms))| {
            self.terms.borrow_mut().insert((axis, number));
            code! { let #terms = #p::row_mut(&mut #terms[..], 0, #count); }
        });
        let added = terms.iter().map(|(_, sum, terms)| code! { #sum += #p::total(#terms); });
        let cells = (!long.is_empty()).then(|| {
            code! {
                #(#rows)*
                for #at in 0..#count { #bind #body #long }
                #(#added)*
            }
        });
        code! { #before #bars if #count < #p::WORTH_A_BUFFER { #short } else { #products #cells #replaced } #after }
    }

    /// What changes the bars of a row.
    fn changed_bars(&self, bars: &RowBars) -> TokenStream {
        let p = self.code.private();
        match bars {
            RowBars::Softmax([row, chances, means], scale) => {
                let of_logarithms = optional(scale);
                code! { #p::softmax_bars(#row, #chances, #means, #of_logarithms); }
            }
            RowBars::OfLogarithms { bars, chances, mean, sums } => {
                code! {
                    let mean = #mean;
                    #p::bars_of_logarithms(#bars, #chances, mean, #sums);
                }
            }
            RowBars::Normalize(row, [mean, inverse]) => {
                code! { #p::normalize_bars(#row, #mean, #inverse); }
            }
        }
    }

    /// The kernel that changes the bars of a row and does all else with them; and two rows of
    /// which it knows the sum of products then.
    fn in_one_sweep(
        &self,
        bars: &RowBars,
        effects: &[Effect],
        at: &Ident,
        own: &[String],
    ) -> Option<(TokenStream, Option<SumOfProducts>)> {
        let p = self.code.private();
        let shares = |amount: &TokenStream| self.shares_of_row(amount, at, own);
        let (RowBars::Softmax([row, ..], _) | RowBars::Normalize(row, _)) = bars else { return None };
        let (last, first) = effects.split_last()?;
        let Target::Replaced(to) = &last.target else { return None };
        let (of, slopes) = shares(&last.amount)?;
        if of != *row || *row != to.to_string() {
            return None;
        }
        match (bars, first, slopes) {
            (RowBars::Normalize(row, [mean, inverse]), [], Slopes::Row(slopes)) => {
                Some((code! { #p::normalize_shares(#row, #mean, #inverse, #slopes); }, None))
            }
            (
                RowBars::Softmax([row, chances, means], scale),
                [Effect { target: Target::Number(sum), amount }],
                Slopes::Number(slope),
            ) => {
                let (of, Slopes::Row(slopes)) = shares(amount)? else { return None };
                let of_logarithms = optional(scale);
                let kernel =
                    code! { #p::softmax_shares(#row, #chances, #means, #of_logarithms, #slopes, #slope) };
                // All bars are multiplied by the slope after that.
                let total = ([row.clone(), slopes.clone()], code! { #p::times(#sum, #slope) });
                (of == *row).then(|| (code! { #sum += #kernel; }, Some(total)))
            }
            _ => None,
        }
    }

    /// The sum of the products of two rows.
    pub(super) fn total_of_shares(&self, bars: &Ident, beside: &Ident) -> TokenStream {
        let inner = self.inner.borrow();
        let known = inner.as_ref().and_then(|inner| {
            let rows = [bars, beside].map(|row| text_of(&inner.known, row));
            inner.swept.as_ref().filter(|swept| swept.rows.each_ref().map(Some) == rows)
        });
        let p = self.code.private();
        known.map_or_else(|| code! { #p::total_of_shares(#bars, #beside) }, |swept| swept.total.clone())
    }

    /// Changes the bars of the row at hand before all else.
    pub(super) fn change_bars(&self, bars: RowBars) {
        if let Some(inner) = self.inner.borrow_mut().as_mut() {
            inner.bars = Some(bars);
        }
    }

    /// The rows whose products, cell by cell, an amount is; `None` where it is more than
    /// that, or there are too many of them.
    fn rows_multiplied(&self, amount: &TokenStream, at: &Ident) -> Option<Vec<Ident>> {
        let mut rows = Vec::new();
        let mut tokens = amount.clone().into_iter().peekable();
        loop {
            match tokens.next()? {
                TokenTree::Ident(name) => match tokens.next_if(|next| matches!(next, TokenTree::Group(_))) {
                    Some(TokenTree::Group(place)) if *at == place.stream().to_string() => {
                        rows.push(name);
                    }
                    Some(_) => return None,
                    None => {
                        let value = self.values.borrow().get(&name.to_string()).cloned()?;
                        rows.extend(self.rows_multiplied(&value, at)?);
                    }
                },
                TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
                    rows.extend(self.rows_multiplied(&group.stream(), at)?);
                }
                _ => return None,
            }
            match tokens.next() {
                None => return (rows.len() <= 3).then_some(rows),
                Some(TokenTree::Punct(times)) if times.as_char() == '*' => {}
                Some(_) => return None,
            }
        }
    }

    /// The row of bars that an amount is a share of, and the derivatives: `times(bar, …)`.
    /// What mentions the loop's `own` variables is no number that is the same in all of it.
    fn shares_of_row(&self, amount: &TokenStream, at: &Ident, own: &[String]) -> Option<(Ident, Slopes)> {
        let tokens: Vec<TokenTree> = self.resolved(amount).into_iter().collect();
        let [path @ .., TokenTree::Group(arguments)] = &tokens[..] else { return None };
        let p = self.code.private();
        if path.iter().cloned().collect::<TokenStream>().to_string() != code! { #p::times }.to_string() {
            return None;
        }
        let arguments: Vec<TokenTree> = arguments.stream().into_iter().collect();
        let comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
        let (bar, slope) = arguments.split_at(arguments.iter().position(comma)?);
        let [bar, slope] = [bar, &slope[1..]].map(|tokens| tokens.iter().cloned().collect::<TokenStream>());
        let (bars, slope) = (row_of(&bar, at)?, self.resolved(&slope));
        if let Some(row) = row_of(&slope, at) {
            return Some((bars, Slopes::Row(row)));
        }
        (!mentions_any(&slope, own)).then_some((bars, Slopes::Number(slope)))
    }

    /// What a value was computed as, if the code is its name.
    fn resolved(&self, code: &TokenStream) -> TokenStream {
        self.values.borrow().get(&code.to_string()).cloned().unwrap_or_else(|| code.clone())
    }

    /// The row of the definition's own bar in which the cell is that the code reads, where
    /// it may be changed: it is where another's bar is to be.
    pub(super) fn own_bar_row(&self, bar: &TokenStream) -> Option<Ident> {
        let lent = self.way == Way::Back && self.borrower.get().is_some();
        lent.then(|| self.row_at_hand(bar)).flatten()
    }

    /// The row whose cell at hand the code reads.
    pub(super) fn row_at_hand(&self, cell: &TokenStream) -> Option<Ident> {
        let axis = self.inner.borrow().as_ref()?.axis?;
        row_of(cell, self.code.names.at(axis))
    }

    /// What happens in each cell cannot be divided among several loops.
    pub(super) fn keep_together(&self) {
        if let Some(inner) = self.inner.borrow_mut().as_mut() {
            inner.together = true;
        }
    }

    /// What is done with a number in each cell, besides what the loop's code does.
    pub(super) fn effect(&self, target: Target, amount: &TokenStream) -> TokenStream {
        if let Some(inner) = self.inner.borrow_mut().as_mut() {
            inner.effects.push(Effect { target, amount: amount.clone() });
        }
        TokenStream::new()
    }

    /// What stands before the innermost loop once, by its text.
    pub(super) fn before(&self, key: &str, make: impl FnOnce() -> (TokenStream, TokenStream)) -> TokenStream {
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

    /// A row of a bar, to be changed.
    pub(super) fn bar_row(&self, bar: &Ident, axis: AxisId, start: &TokenStream) -> TokenStream {
        let p = self.code.private();
        self.before(&format!("+{bar}[{start}..]"), || {
            let (name, count) = (self.fresh("bar_row"), self.code.length(axis));
            (
                code! { let #name = #start; let #name = #p::row_mut(&mut #bar[..], #name, #count); },
                code! { #name },
            )
        })
    }

    /// Room for the terms of sums.
    pub(super) fn declared_terms(&self) -> TokenStream {
        let p = self.code.private();
        let mut declared = TokenStream::new();
        for (axis, number) in &*self.terms.borrow() {
            let (row, count) = (terms_along(*axis, *number), self.code.length(*axis));
            declared.extend(code! { let mut #row = #p::terms(#count); });
        }
        declared
    }
}

/// The text by which what stands before a loop has found a row.
fn text_of<'k>(known: &'k BTreeMap<String, TokenStream>, row: &Ident) -> Option<&'k String> {
    known.iter().find(|(_, read)| *row == read.to_string()).map(|(text, _)| text)
}

/// The code for what there may be.
fn optional(value: &Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => code! { ::core::option::Option::Some(#value) },
        None => code! { ::core::option::Option::None },
    }
}

/// The row whose cell at some place the code is.
fn row_of(cell: &TokenStream, at: &Ident) -> Option<Ident> {
    let mut tokens = cell.clone().into_iter();
    let (Some(TokenTree::Ident(row)), Some(TokenTree::Group(place)), None) =
        (tokens.next(), tokens.next(), tokens.next())
    else {
        return None;
    };
    let is_cell = place.delimiter() == Delimiter::Bracket && *at == place.stream().to_string();
    is_cell.then_some(row)
}

/// The variables that code binds.
fn bound(code: &TokenStream) -> Vec<String> {
    let (mut names, mut after_let) = (Vec::new(), false);
    for token in code.clone() {
        match &token {
            TokenTree::Ident(name) if after_let && *name != "mut" => names.push(name.to_string()),
            TokenTree::Group(group) if after_let => names.extend(names_in(&group.stream())),
            TokenTree::Group(group) => names.extend(bound(&group.stream())),
            _ => {}
        }
        after_let = matches!(&token, TokenTree::Ident(name) if *name == "let" || *name == "mut");
    }
    names
}

/// All names in a pattern.
fn names_in(pattern: &TokenStream) -> Vec<String> {
    let name = |token: TokenTree| matches!(token, TokenTree::Ident(_)).then(|| token.to_string());
    pattern.clone().into_iter().filter_map(name).collect()
}

/// The variable for what is added up along an axis, one of several.
fn terms_along(axis: AxisId, number: usize) -> Ident {
    format_ident!("terms_{}_{number}", axis.0, span = Span::mixed_site())
}
