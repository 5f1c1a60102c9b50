//! Rows that are made by multiplication alone, left to kernels of the runtime.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{BinOp, Expr};

use super::Code;

/// What is multiplied in a cell.
#[derive(Default)]
struct Product {
    /// Whether what the cell holds is.
    old: bool,
    /// Numbers that are the same all along the row.
    numbers: Vec<TokenStream>,
    /// Rows, at the cell's place.
    rows: Vec<Ident>,
}

impl Code<'_> {
    /// The call of a kernel that does for a row, the expression `cells`, what `value` says
    /// for the cell at `at`; `old` is what the cell holds. `None` where it is no product, nor
    /// one added to what is there.
    pub(super) fn row_of_products(
        &self,
        cells: &TokenStream,
        at: &Ident,
        value: &TokenStream,
    ) -> Option<TokenStream> {
        let p = self.private();
        let value = read(value)?;
        let (added, product) = match plain(&value) {
            Expr::Binary(sum) if matches!(sum.op, BinOp::Add(_)) && is_name(&sum.left, &Self::old_name()) => {
                (true, &*sum.right)
            }
            product => (false, product),
        };
        let mut found = Product::default();
        if !found.add(product, at) {
            return None;
        }
        let Product { old, numbers, rows } = found;
        let kernel = match (added, old, rows.as_slice()) {
            (false, false, [_, _]) => code! { fill_products },
            (false, true, [_]) => code! { multiply },
            (true, false, [_]) => code! { add_multiple },
            (true, false, [_, _]) => code! { add_products },
            _ => return None,
        };
        let scale = numbers.into_iter().reduce(|a, b| code! { #a * #b }).unwrap_or_else(|| code! { 1.0 });
        Some(code! { #p::#kernel(#cells, #scale #(, &#rows[..])*); })
    }

    /// The two rows whose products, and nothing else, the cells at `at` are; what the cells
    /// hold, the first of them if it is one, counts as a row.
    pub(super) fn rows_multiplied(value: &TokenStream, at: &Ident) -> Option<[Ident; 2]> {
        let mut found = Product::default();
        if !found.add(&read(value)?, at) || !found.numbers.is_empty() {
            return None;
        }
        let old = found.old.then(Self::old_name);
        let rows: Vec<Ident> = old.into_iter().chain(found.rows).collect();
        rows.try_into().ok()
    }
}

/// What may be a product: most is none, and need not be parsed to tell.
fn read(value: &TokenStream) -> Option<Expr> {
    may_be_products(value).then(|| syn::parse2(value.clone()).ok())?
}

impl Product {
    /// Adds what an expression multiplies; false where it does something else.
    fn add(&mut self, expression: &Expr, at: &Ident) -> bool {
        match plain(expression) {
            Expr::Binary(product) if matches!(product.op, BinOp::Mul(_)) => {
                self.add(&product.left, at) && self.add(&product.right, at)
            }
            Expr::Index(element) if is_name(&element.index, at) => match name(&element.expr) {
                Some(row) => {
                    self.rows.push(row.clone());
                    true
                }
                None => false,
            },
            number @ Expr::Lit(_) => {
                self.numbers.push(number.to_token_stream());
                true
            }
            number => match name(number) {
                Some(name) if *name == Code::old_name() => !std::mem::replace(&mut self.old, true),
                Some(name) if name != at => {
                    self.numbers.push(name.to_token_stream());
                    true
                }
                _ => false,
            },
        }
    }
}

/// Whether there is nothing but names, numbers, products and sums.
fn may_be_products(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().all(|token| match token {
        TokenTree::Ident(_) | TokenTree::Literal(_) => true,
        TokenTree::Punct(punct) => matches!(punct.as_char(), '*' | '+'),
        TokenTree::Group(group) => group.delimiter() != Delimiter::Brace && may_be_products(&group.stream()),
    })
}

/// An expression without the parentheses around it.
fn plain(expression: &Expr) -> &Expr {
    match expression {
        Expr::Paren(inner) => plain(&inner.expr),
        Expr::Group(inner) => plain(&inner.expr),
        _ => expression,
    }
}

fn name(expression: &Expr) -> Option<&Ident> {
    match plain(expression) {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    }
}

fn is_name(expression: &Expr, wanted: &Ident) -> bool {
    name(expression).is_some_and(|name| name == wanted)
}
