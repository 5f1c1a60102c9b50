//! Small models: what is computed on the stack, with derivatives carried forward, is what
//! the general way computes, and what needs care is told as there.

use memo::prelude::*;
use memo::{Error, Gradient};

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub(crate) enum Word {
    Green,
    Pink,
    Square,
    Round,
}

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub(crate) enum Thing {
    GreenSquare,
    GreenCircle,
    PinkCircle,
}

fn fits(word: Word, thing: Thing) -> bool {
    match word {
        Word::Green => thing != Thing::PinkCircle,
        Word::Pink => thing == Thing::PinkCircle,
        Word::Square => thing == Thing::GreenSquare,
        Word::Round => thing != Thing::GreenSquare,
    }
}

/// A model twice: as it is compiled, and without the compact way.
macro_rules! twice {
    ($name:ident, $($model:tt)*) => {
        mod $name {
            #![allow(dead_code, reason = "the function `f` of each is one of several ways to it")]
            pub(crate) mod compact {
                use super::super::*;
                #[memo(grad)]
                pub(crate) $($model)*
            }
            pub(crate) mod general {
                use super::super::*;
                #[memo(grad, without_compact)]
                pub(crate) $($model)*
            }
        }
    };
}

fn close(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        // Two that are infinite have no distance.
        assert!(a == b || (a - b).abs() <= 1e-11 * a.abs().max(b.abs()).max(1.0), "{a} and {b}");
    }
}

/// Values, marks, and all derivatives of the two, or what is wrong with both.
macro_rules! agree {
    ($name:ident($($argument:expr),*)) => {{
        use $name::{compact, general};
        match (compact::f::try_call($($argument),*), general::f::try_call($($argument),*)) {
            (Ok(a), Ok(b)) => {
                close(a.values(), b.values());
                assert_eq!(a.impossible(), b.impossible());
            }
            (a, b) => assert_eq!(a.err().map(|e| e.to_string()), b.err().map(|e| e.to_string())),
        }
        match (compact::f::try_record($($argument),*), general::f::try_record($($argument),*)) {
            (Ok(mut a), Ok(mut b)) => {
                close(a.value().values(), b.value().values());
                let seed: Vec<f64> = (0..a.value().len()).map(|at| (at as f64 * 1.7).sin()).collect();
                let gradients: [Result<Gradient, Error>; 2] = [a.try_vjp(&seed), b.try_vjp(&seed)];
                let [a, b] = gradients.map(|found| found.expect("a derivative"));
                assert!(a.names().eq(b.names()));
                close(&a.to_vec(), &b.to_vec());
                let (a, b) = (compact::f::jacobian($($argument),*), general::f::jacobian($($argument),*));
                for name in ["x", "y"].into_iter().filter(|name| format!("{a:?}").contains(&format!("name: \"{name}\""))) {
                    close(a.table(name).values(), b.table(name).values());
                }
            }
            (a, b) => assert_eq!(a.err().map(|e| e.to_string()), b.err().map(|e| e.to_string())),
        }
    }};
}

#[path = "compact/chains.rs"]
mod chains;
#[path = "compact/composed.rs"]
mod composed;
#[path = "compact/more.rs"]
mod more;

twice! { listener, fn f<u: Word, r: Thing>(x: f64, level: i64) {
    model! {
        listener: thinks[
            speaker: given(r in Thing, wpp = 1),
            speaker: chooses(u in Word, wpp =
                fits(u, r) * (1 if level == 0 else exp(x * f[u, r](x, level - 1))))
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(r in Thing, wpp = Pr[speaker.r == r]);
        return Pr[listener.r == r];
    }
}}

#[test]
fn a_recursion_goes_straight_down() {
    for level in [0, 1, 2, 7, 60] {
        for x in [-3.0, 0.0, 0.7, 250.0] {
            agree!(listener(x, level));
        }
    }
    // Exponents that plain products would let overflow, and no numbers.
    for x in [-1e4, 350.0, 1e4, f64::NAN, f64::INFINITY] {
        agree!(listener(x, 1));
    }
    // Deeper than the stack.
    agree!(listener(0.5, 3_000));
}

const N: std::ops::Range<i64> = 0..4;

twice! { politeness, fn f<s: N, w: Word>(x: f64, y: f64) {
    model! {
        speaker: knows(s);
        speaker: thinks[
            listener: thinks[
                speaker: given(s in N, wpp = 1),
                speaker: chooses(w in Word, wpp = if w == Word::Pink { s } else { 4 - s })
            ]
        ];
        speaker: chooses(w in Word, wpp = exp(x * imagine[
            listener: observes [speaker.w] is w,
            listener: knows(s),
            y * listener[ log(Pr[speaker.s == s]) ] + (1 - y) * listener[ E[speaker.s] ]
        ]));
        return Pr[speaker.w == w];
    }
}}

#[test]
fn two_directions_and_a_logarithm_of_nothing() {
    for (x, y) in [(1.0, 0.3), (4.0, 1.0), (0.0, 0.0), (-2.0, 0.5), (1e4, 0.2)] {
        agree!(politeness(x, y));
    }
}

twice! { evidence, fn f<w: Word>(x: f64, y: f64) {
    model! {
        a: thinks[
            b: chooses(r in Thing, wpp = if r == Thing::PinkCircle { y } else { x * x }),
            b: chooses(w in Word, wpp = fits(w, r) * max(x, 0.0) * sqrt(1 + abs(y)))
        ];
        a: observes [b.w] is w;
        return a[Pr[b.r == Thing::GreenSquare]] + x * a[E[if b.r == Thing::GreenCircle { y } else { x }]];
    }
}}

#[test]
fn impossible_evidence_and_weights_that_are_none() {
    for (x, y) in [(0.5, 0.25), (0.0, 0.4), (0.3, 0.0), (0.0, 0.0), (-1.0, 0.5), (0.2, -1.0), (f64::NAN, 1.0)]
    {
        agree!(evidence(x, y));
    }
    // All is marked where no word can be said.
    assert_eq!(evidence::compact::f(0.0, 0.4).impossible().len(), 4);
}

twice! { best, fn f<n: N>(x: f64, y: f64) {
    model! {
        a: chooses(m in N, to_maximize = x * m - y * m * m);
        b: chooses(m in N, wpp = exp(-y * m) / (1 + x * x));
        c: chooses(m in N, to_minimize = abs(m - x));
        return Pr[a.m == n] + x * Pr[b.m == n] + E[y * b.m] + Var[c.m] * min(x, y);
    }
}}

#[test]
fn best_choices_stand_still_and_means_move() {
    for (x, y) in [(1.5, 0.5), (2.0, 2.0), (0.0, 0.0), (-1.0, 0.1), (3.0, f64::NAN), (1e3, -1e3)] {
        agree!(best(x, y));
    }
}

twice! { number, fn f(x: f64, t: i64) {
    model! {
        a: chooses(n in N, wpp = if t < 0 { 0.0 } else { exp(x * n) });
        return if t > 0 { 0.5 * f[](x, t - 1) + E[a.n] } else { tanh(x) };
    }
}}

#[test]
fn a_table_of_one_cell() {
    // The last call rests on the number, and is not kept for the next.
    for (t, x) in [(0, 0.3), (1, 0.3), (0, 0.9), (5, 0.9), (-1, 0.1)] {
        agree!(number(x, t));
    }
}

/// Few values, and more than a vector has numbers.
const FEW: std::ops::Range<i64> = 0..2;
const MORE: std::ops::Range<i64> = 0..5;
const SEVEN: std::ops::Range<i64> = 0..7;

fn weight(few: i64, more: i64) -> f64 {
    ((few * 3 + more * 2) % 5) as f64
}

twice! { padded, fn f<p: FEW, q: MORE>(x: f64, y: f64, t: i64) {
    model! {
        a: given(p in FEW, wpp = p + 1);
        a: chooses(q in MORE, wpp = if t == 0 { 1 + q } else {
            weight(p, q) * (y + x * f[p, q](x, y, t - 1) - f[p, q](x, y, t - 1) / (1 + x * x)) });
        return Pr[a.p == p, a.q == q];
    }
}}

twice! { exponents, fn f<q: MORE, p: FEW>(x: f64, y: f64, t: i64) {
    model! {
        a: chooses(p in FEW, wpp = weight(p, 1) + y * y);
        a: chooses(q in MORE, wpp = if t == 0 { exp(x * q) } else {
            weight(p, q) * y * exp(-(x * f[q, p](x, y, t - 1)) + y) });
        return Pr[a.q == q, a.p == p] + 0.5 * Pr[a.q == q];
    }
}}

twice! { square, fn f<p: MORE, q: MORE>(x: f64, y: f64, t: i64) {
    model! {
        a: knows(p);
        a: chooses(q in MORE, wpp = if t == 0 { 1 } else {
            exp(x * f[q, p](x, y, t - 1) - y * f[p, q](x, y, t - 1)) });
        return Pr[a.q == q];
    }
}}

twice! { late, fn f<p: SEVEN, q: FEW>(x: f64, y: f64) {
    model! {
        a: chooses(p in SEVEN, wpp = x * x + p);
        a: chooses(q in FEW, wpp = exp(y * p * q));
        b: thinks[ c: chooses(q in FEW, wpp = 1), c: chooses(p in SEVEN, wpp = abs(p - x * q)) ];
        b: observes [c.p] is p;
        return Pr[a.p == p, a.q == q] * b[Pr[c.q == 1]];
    }
}}

twice! { told, fn f<w: Word, r: Thing>(x: f64, y: f64) {
    model! {
        a: knows(r);
        a: thinks[ b: chooses(n in MORE, wpp = if n < 3 { x } else { y }), b: chooses(w in Word, wpp = if w == Word::Pink { max(n - 2, 0) } else { 0 }) ];
        a: observes [b.w] is w;
        return a[E[b.n]] * x + a[Pr[b.n == 3]] * (2 if r == Thing::GreenCircle else 1);
    }
}}

/// What is the same in every call may be out of the range of plain products.
fn tiny(w: Word, r: Thing) -> f64 {
    if w == Word::Pink { 1e-200 } else { f64::from(u8::from(fits(w, r))) }
}

twice! { factors, fn f<w: Word, r: Thing>(x: f64) {
    model! {
        a: knows(r);
        a: chooses(w in Word, wpp = tiny(w, r) * exp(x * tiny(w, r)));
        return Pr[a.w == w];
    }
}}

#[test]
fn factors_of_any_size() {
    for x in [0.0, 2.0, -250.0, 1e4] {
        agree!(factors(x));
    }
}

twice! { priced, fn f<w: Word, r: Thing>(x: f64) {
    model! {
        a: knows(w);
        a: chooses(r in Thing, wpp = fits(w, r) * exp(-x * (r == Thing::GreenCircle)));
        b: knows(r);
        b: chooses(w in Word, wpp = exp(x * fits(w, r)) * (w != Word::Pink));
        return Pr[a.r == r] + x * Pr[b.w == w];
    }
}}

/// Of a factor and an exponent one may be computed at pads and the other not.
#[test]
fn exponents_that_are_comparisons() {
    for x in [0.0, 0.4, -3.0, 1e4] {
        agree!(priced(x));
    }
    let weight = (-0.4_f64).exp();
    let said = 0.4_f64.exp() / (2.0 * 0.4_f64.exp() + 1.0);
    // Of a green thing, and that a green square is called green.
    let found = priced::compact::f::record(0.4).into_value().values()[0];
    assert!((found - (1.0 / (1.0 + weight) + 0.4 * said)).abs() < 1e-14);
}

#[test]
fn last_axes_of_any_length() {
    let numbers = [(0.5, 0.25), (1.5, -0.5), (0.0, 0.0), (-2.0, 0.1), (f64::NAN, 1.0), (0.5, f64::INFINITY)];
    for (x, y) in numbers {
        for t in [0, 1, 2, 5] {
            agree!(padded(x, y, t));
            agree!(exponents(x, y, t));
            agree!(square(x, y, t));
        }
        agree!(late(x, y));
        agree!(told(x, y));
    }
    agree!(square(500.0, 200.0, 3));
}

#[test]
fn a_cotangent_has_a_number_a_cell() {
    let mut call = listener::compact::f::record(1.0, 1);
    assert!(matches!(call.try_vjp(&[1.0; 11]), Err(Error::CotangentSize { cells: 12, found: 11, .. })));
}

#[memo]
fn kept<u: Word, r: Thing>(x: f64, level: i64) {
    model! {
        a: given(r in Thing, wpp = 1);
        a: chooses(u in Word, wpp = fits(u, r) * (1 if level == 0 else 0.5 + x * kept[u, r](x, level - 1)));
        return Pr[a.u == u, a.r == r];
    }
}

#[memo(without_hoist)]
fn made_anew<u: Word, r: Thing>(x: f64, level: i64) {
    model! {
        a: given(r in Thing, wpp = 1);
        a: chooses(u in Word, wpp = fits(u, r) * (1 if level == 0 else 0.5 + x * made_anew[u, r](x, level - 1)));
        return Pr[a.u == u, a.r == r];
    }
}

#[test]
fn what_a_recursion_ends_with_is_kept_where_it_rests_on_no_number() {
    for (x, level) in [(0.5, 2), (0.25, 0), (2.0, 0), (2.0, 1), (0.5, 3)] {
        close(kept(x, level).values(), made_anew(x, level).values());
    }
}

fn pull<R: memo::Real>(n: i64, to: R, power: R, most: f64) -> R {
    let away = to - n as f64;
    if away > 0.0 { away.powf(power) * most } else { -(-away).sqrt() }
}

twice! { functions, fn f<n: N>(x: f64, y: f64) {
    model! {
        a: chooses(n in N, wpp = exp(y * pull(n, x * 1.5, y, 0.3)));
        a: chooses(m in N, wpp = normal_pdf(m, x, 1 + y * y));
        return Pr[a.n == n] + E[pull(1, x * a.m, a.m + y, 2.0)] + poisson_pmf(n, y + 1);
    }
}}

twice! { powers, fn f<n: N>(x: f64, y: f64) {
    model! {
        a: chooses(n in N, wpp = x ** n * (1 + n) ** y + pow(x, 2.5) * sin(y) ** 2 + cos(n * y) ** 2);
        return Pr[a.n == n] ** y * x ** 3 + log2(1 + x) * log10(2 + y) + tan(x / 4) + (7 + n) % (x + 1) + (x - n) % 2;
    }
}}

#[test]
fn functions_of_one_number_at_a_time() {
    for (x, y) in [(1.3, 0.7), (0.2, 1.0), (2.9, 2.0), (1.0, 3.5)] {
        agree!(functions(x, y));
        agree!(powers(x, y));
    }
    // Powers of nothing, and roots.
    agree!(powers(0.0, 2.5));
    agree!(functions(0.0, 0.5));
}

twice! { rooted, fn f<w: Word>(x: f64, y: f64) {
    model! {
        b: knows(w);
        b: thinks[ a: knows(w), a: chooses(n in N, wpp = exp(x * n) * (n > 1 or w == Word::Pink)) ];
        return b[Pr[a.n == 0] ** y + Pr[a.n == 2] ** y] * b[sqrt(Pr[a.n == 3])] + x;
    }
}}

#[test]
fn powers_of_what_cannot_be() {
    for (x, y) in [(0.3, 0.5), (0.3, 1.0), (-0.4, 2.5)] {
        agree!(rooted(x, y));
    }
}

twice! { steep, fn f<n: N>(x: f64, y: f64) {
    model! {
        a: chooses(n in N, wpp = 1 + x * n);
        return y * sqrt(x) * (2 - n) + E[y * sqrt(x) * (a.n - 1)] + (y * sqrt(x)) / (1 + x + n);
    }
}}

/// Nothing times a slope that is infinite is nothing; more than nothing is infinite.
#[test]
fn steep_slopes_of_nothing() {
    for (x, y) in [(0.0, 0.0), (0.3, 0.5), (0.0, -2.0)] {
        agree!(steep(x, y));
    }
    assert_eq!(steep::compact::f::vjp(0.0, 0.0, &[1.0; 4]).1.to_vec(), [0.0, 0.0]);
}

twice! { uncertain, fn f<n: N>(x: f64, y: f64) {
    model! {
        a: knows(n);
        a: thinks[
            b: knows(n),
            b: chooses(k in N, wpp = exp(x * k * n) * (k != 2)),
            b: chooses(m in N, wpp = exp(-y * (m - k) ** 2))
        ];
        a: observes_event(wpp = 1 / (1 + exp(y - b.m)));
        return a[H[b.k]] + a[H[b.k, b.m]] * x + a[Var[x * b.m + b.k]] + Var[y * n];
    }
}}

twice! { still, fn f<n: N>(x: f64) {
    model! {
        a: knows(n);
        a: thinks[ b: knows(n), b: chooses(k in N, wpp = k + n) ];
        a: chooses(m in N, wpp = exp(x * m * H[b.k]));
        return Pr[a.m == n] + a[H[b.k]];
    }
}}

twice! { apart, fn f(x: f64, y: f64) {
    model! {
        a: chooses(n in N, wpp = exp(x * n) * (n != 1));
        b: chooses(n in N, wpp = 1 + y * n);
        return KL[a.n | b.n] + H[a.n] + Var[a.n * y];
    }
}}

#[test]
fn entropies_variances_and_divergences() {
    for (x, y) in [(0.4, 0.7), (-1.2, 0.1), (0.0, 1.0), (3.0, 20.0), (200.0, 0.0)] {
        agree!(uncertain(x, y));
        agree!(apart(x, y));
        agree!(still(x));
    }
}

twice! { sums, fn f<w: Word, n: N>(x: f64, y: f64) {
    model! {
        a: knows(w);
        a: chooses(n in N, wpp = exp(x * n) + exp(-y) if w == Word::Pink else (y + n if w == Word::Round else exp(x * n) - exp(-800 - n)));
        return Pr[a.n == n];
    }
}}

/// What would overflow, or vanish, is for the general way.
#[test]
fn sums_of_exponentials() {
    for (x, y) in [(0.3, 0.6), (-1.0, 2.0), (400.0, 1.0), (-300.0, 0.5), (0.5, 1000.0), (-400.0, 900.0)] {
        agree!(sums(x, y));
    }
}
