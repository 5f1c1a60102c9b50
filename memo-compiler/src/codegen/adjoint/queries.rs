//! Sums of products gone through backwards.
//!
//! With the mass m = ∏ f of a cell of the loops, all that is asked of a belief is a
//! function of the masses and values there; the bar of a mass goes on to each
//! factor, times the product of the others.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;

use super::{Added, Adjoint};
use crate::tensor::{AxisId, Body, Definition, Factor, Normaliser, Query, Scalar};

/// A query with what its cells have in common.
struct Asked<'q> {
    at: usize,
    definition: &'q Definition,
    query: &'q Query,
    /// Whether it is divided by its own mass.
    own: bool,
    /// What it is divided by otherwise.
    divisor: Option<&'q Factor>,
    masses: Option<Ident>,
    /// The sums of mass times value.
    firsts: Option<Ident>,
}

/// The factors of a cell of the loops, by name.
struct Mass {
    /// What reads each of those that change.
    moving: Vec<(Factor, TokenStream)>,
    /// The product of the others; nothing where there is none.
    rest: Option<TokenStream>,
}

impl Mass {
    fn product(&self) -> TokenStream {
        let all = self.moving.iter().map(|(_, read)| read.clone()).chain(self.rest.clone());
        all.reduce(|a, b| code! { #a * #b }).unwrap_or_else(|| code! { 1.0 })
    }

    /// The product of all but one.
    fn others(&self, at: usize) -> Option<TokenStream> {
        let others = self.moving.iter().enumerate().filter(|(other, _)| *other != at);
        others.map(|(_, (_, read))| read.clone()).chain(self.rest.clone()).reduce(|a, b| code! { #a * #b })
    }
}

impl Adjoint<'_> {
    pub(super) fn query(&self, at: usize, definition: &Definition) -> TokenStream {
        let Body::Query { factors, over, query, normaliser, .. } = &definition.body else {
            unreachable!("bug in memo: no query")
        };
        let p = self.code.private();
        let cell = &definition.axes;
        let own = match normaliser {
            Normaliser::Own => true,
            // 1 but for rounding.
            Normaliser::One => matches!(query, Query::Variance(_) | Query::Entropy(_)),
            _ => false,
        };
        let divisor = match normaliser {
            Normaliser::By(factor) => Some(factor),
            _ => None,
        };
        let mut code = TokenStream::new();
        // The mass of each cell, and what its mean is made of where the variance
        // needs that.
        let variance = matches!(query, Query::Variance(_));
        let masses = (own || variance).then(|| self.fresh("masses"));
        let firsts = variance.then(|| self.fresh("firsts"));
        for name in masses.iter().chain(&firsts) {
            code.extend(self.room(name, cell, &self.zero()));
        }
        if let Some(masses) = &masses {
            code.extend(self.around(definition, factors, over, &|mass| {
                let (m, name) = (mass.product(), self.fresh("mass"));
                let mut out = code! { let #name = #m; };
                let m = name.to_token_stream();
                out.extend(self.add(masses, cell, cell, Added::InRows, &m));
                if let (Some(firsts), Query::Variance(value)) = (&firsts, query) {
                    let traced = self.trace(value, true, &mut out);
                    let value = Self::value(&traced);
                    out.extend(self.add(
                        firsts,
                        cell,
                        cell,
                        Added::InRows,
                        &code! { #p::weighted(#m, #value) },
                    ));
                }
                out
            }));
        }
        let asked = Asked { at, definition, query, own, divisor, masses, firsts };
        code.extend(self.around(definition, factors, over, &|mass| self.of_cell(&asked, mass)));
        code
    }

    /// What a cell of the loops has contributed.
    fn of_cell(&self, asked: &Asked<'_>, mass: &Mass) -> TokenStream {
        let p = self.code.private();
        let Asked { at, definition, query, own, divisor, masses, firsts } = asked;
        let cell = &definition.axes;
        let held = |adjoint: &Self, name: &Ident| adjoint.read(&name.to_token_stream(), cell, cell);
        let scale = match (masses, divisor) {
            (Some(masses), _) if *own => Some(held(self, masses)),
            (_, Some(factor)) => Some(self.element(factor)),
            _ => None,
        };
        let over_scale = |number: &TokenStream| match &scale {
            Some(scale) => code! { #p::ratio(#number, #scale) },
            None => number.clone(),
        };
        let [bar, share] = ["bar", "share"].map(|word| self.fresh(word));
        let scaled = over_scale(&self.own_bar(definition));
        let mut out = code! { let #bar = #scaled; };
        let mut value = None;
        let of_mass = match query {
            Query::Sum => code! { #bar },
            Query::Expectation(scalar) => {
                let traced = self.trace(scalar, true, &mut out);
                let v = self.of_mass(scalar, Self::value(&traced));
                value = Some((traced, code! { #bar }));
                if *own {
                    let mean = self.own_value(*at, definition);
                    code! { #p::times(#bar, #v - #mean) }
                } else {
                    code! { #p::times(#bar, #v) }
                }
            }
            Query::Variance(scalar) => {
                let traced = self.trace(scalar, true, &mut out);
                let v = self.of_mass(scalar, Self::value(&traced));
                let (Some(masses), Some(firsts)) = (masses, firsts) else {
                    unreachable!("bug in memo: a variance has a mean")
                };
                let [mean, away, drift] = ["mean", "away", "drift"].map(|word| self.fresh(word));
                let (first, total) = (over_scale(&held(self, firsts)), over_scale(&held(self, masses)));
                // Where mass is missing, the mean is not that of the variance alone.
                out.extend(code! {
                    let #mean = #first;
                    let #away = #v - #mean;
                    let #drift = -2.0 * #mean * (1.0 - #total);
                });
                value = Some((traced, code! { #bar * (2.0 * #away + #drift) }));
                let variance = own.then(|| {
                    let variance = self.own_value(*at, definition);
                    code! { - #variance }
                });
                code! { #p::times(#bar, #away * #away + #drift * #v #variance) }
            }
            Query::Entropy(_) => {
                let (chance, entropy) = (self.fresh("chance"), self.own_value(*at, definition));
                let scaled = over_scale(&mass.product());
                out.extend(code! { let #chance = #scaled; });
                let shift = if *own {
                    entropy
                } else {
                    code! { 1.0 }
                };
                let (ln, zero) = (self.function("ln"), self.zero());
                code! { (if #chance > 0.0 { -#bar * (#ln(#chance) + #shift) } else { #zero }) }
            }
        };
        out.extend(code! { let #share = #of_mass; });
        if let Some(by) = divisor.filter(|factor| self.changes(factor)) {
            // Twice the masses over twice the divisor is the same.
            let m = over_scale(&mass.product());
            out.extend(self.add_element(by, &code! { (-(#share * #m)) }));
        }
        for (index, (factor, _)) in mass.moving.iter().enumerate() {
            let amount = match mass.others(index) {
                Some(others) => code! { #share * (#others) },
                None => share.to_token_stream(),
            };
            out.extend(self.add_element(factor, &amount));
        }
        if let Some((traced, of_value)) = value.filter(|(traced, _)| traced.moves()) {
            let (m, name) = (mass.product(), self.fresh("bar"));
            out.extend(code! { let #name = #p::times(#of_value, #m); });
            self.back(&traced, &name.to_token_stream(), &mut out);
        }
        out
    }

    /// A value as the derivative with respect to its mass: it may be infinite, where there
    /// is no mass.
    fn of_mass(&self, scalar: &Scalar, value: &TokenStream) -> TokenStream {
        match scalar {
            Scalar::Number(_) | Scalar::Bool(_) | Scalar::Parameter(..) | Scalar::Axis(..) => value.clone(),
            _ => self.finite(value),
        }
    }

    /// The loops over the cells and what is summed, with the factors at hand.
    fn around(
        &self,
        definition: &Definition,
        factors: &[Factor],
        over: &[AxisId],
        work: &dyn Fn(&Mass) -> TokenStream,
    ) -> TokenStream {
        let all: Vec<AxisId> = definition.axes.iter().chain(over).copied().collect();
        let sparse = factors.iter().find(|factor| {
            let Some((last, leading)) = factor.axes.split_last() else { return false };
            !self.changes(factor) && self.code.program.is_sparse(factor) && !leading.contains(last)
        });
        let Some(sparse) = sparse else {
            let inner = self.innermost(definition, factors, &all);
            return self.over(&all, inner, &|| {
                let mut out = TokenStream::new();
                let mass = self.mass(factors, None, &mut out);
                let work = work(&mass);
                code! { #out #work }
            });
        };
        let Some((last, leading)) = sparse.axes.split_last() else {
            unreachable!("bug in memo: a sparse table has rows")
        };
        let outer: Vec<AxisId> = all.iter().copied().filter(|axis| leading.contains(axis)).collect();
        let rest: Vec<AxisId> =
            all.iter().copied().filter(|axis| axis != last && !leading.contains(axis)).collect();
        let inner = rest.last().copied();
        let table = self.code.names.table(sparse.definition.0);
        let row = self.place(leading, &self.axes_of(sparse)[..leading.len()]);
        self.within(&outer, &|| {
            let body = self.for_some(*last, &|| {
                self.over(&rest, inner, &|| {
                    let mut out = TokenStream::new();
                    let mass = self.mass(factors, Some(sparse), &mut out);
                    let work = work(&mass);
                    code! { #out #work }
                })
            });
            let (at, bind) = (self.code.names.at(*last), self.code.bind(*last, &body));
            code! {
                for &(#at, chance) in #table.rows().row(#row) {
                    let #at = #at as usize;
                    #bind
                    #body
                }
            }
        })
    }

    /// The factors of the cell at hand.
    fn mass(&self, factors: &[Factor], sparse: Option<&Factor>, out: &mut TokenStream) -> Mass {
        let mut mass = Mass { moving: Vec::new(), rest: None };
        for factor in factors {
            let read = if Some(factor) == sparse {
                code! { chance }
            } else {
                self.element(factor)
            };
            if self.changes(factor) {
                mass.moving.push((factor.clone(), read));
            } else {
                mass.rest = Some(match mass.rest.take() {
                    Some(rest) => code! { #rest * #read },
                    None => read,
                });
            }
        }
        if let Some(rest) = &mut mass.rest {
            let name = self.fresh("rest");
            out.extend(code! { let #name = #rest; });
            *rest = name.to_token_stream();
        }
        mass
    }

    /// The axis along which most of what is read lies.
    fn innermost(&self, definition: &Definition, factors: &[Factor], all: &[AxisId]) -> Option<AxisId> {
        let mut read: Vec<&[AxisId]> = factors.iter().map(|factor| factor.axes.as_slice()).collect();
        read.push(&definition.axes);
        let elements: Vec<Factor> = match &definition.body {
            Body::Query { query: Query::Expectation(value) | Query::Variance(value), .. } => {
                let mut found = Vec::new();
                value.elements(&mut found);
                found
            }
            _ => Vec::new(),
        };
        read.extend(elements.iter().map(|factor| factor.axes.as_slice()));
        let score = |axis: &AxisId| -> i32 {
            let of = |axes: &&[AxisId]| match axes.iter().filter(|a| *a == axis).count() {
                0 => 0,
                1 if axes.last() == Some(axis) => 1,
                _ => -2,
            };
            read.iter().map(of).sum()
        };
        // The last of the best.
        all.iter().copied().max_by_key(score)
    }

    pub(super) fn divergence(&self, definition: &Definition) -> TokenStream {
        let Body::Divergence { p, q, over } = &definition.body else {
            unreachable!("bug in memo: no divergence")
        };
        let all: Vec<AxisId> = definition.axes.iter().chain([over]).copied().collect();
        self.over(&all, Some(*over), &|| {
            let (first, second, bar) = (self.element(p), self.element(q), self.own_bar(definition));
            let (ln, zero) = (self.function("ln"), self.zero());
            let mut out = TokenStream::new();
            if self.changes(p) {
                let term = code! { #bar * (#ln(#first) - #ln(#second) + 1.0) };
                out.extend(self.add_element(p, &code! { (if #first > 0.0 { #term } else { #zero }) }));
            }
            if self.changes(q) {
                out.extend(self.add_element(
                    q,
                    &code! { (if #first > 0.0 { -#bar * #first / #second } else { #zero }) },
                ));
            }
            out
        })
    }
}
