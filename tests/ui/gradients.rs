//! What rustc says where a derivative cannot pass.

use memo::Real;
use memo::prelude::*;

const N: std::ops::Range<i64> = 0..3;

fn utility(x: i64, taste: f64) -> f64 {
    taste * x as f64
}

#[memo(grad)]
fn by_function<x: N>(taste: f64) {
    model! {
        a: chooses(x in N, wpp = exp(utility(x, taste)));
        return Pr[a.x == x];
    }
}

fn surprise(chance: f64, weight: f64) -> f64 {
    -weight * chance.ln()
}

#[memo(grad)]
fn by_two_arguments<x: N>(taste: f64) {
    model! {
        a: chooses(x in N, wpp = exp(taste * x));
        return surprise(Pr[a.x == x], taste);
    }
}

fn rounded<R: Real>(taste: R) -> f64 {
    taste.value().round()
}

#[memo(grad)]
fn by_result<x: N>(taste: f64) {
    model! {
        a: chooses(x in N, wpp = exp(x * rounded(taste)));
        return Pr[a.x == x];
    }
}

#[memo]
fn plain<x: N>(beta: f64) {
    model! {
        a: chooses(x in N, wpp = exp(beta * x));
        return Pr[a.x == x];
    }
}

#[memo(grad)]
fn by_model<x: N>(beta: f64) {
    model! {
        a: chooses(x in N, wpp = plain[x](beta));
        return Pr[a.x == x];
    }
}

#[memo(grad)]
fn by_array<x: N>(w: &[f64]) {
    model! {
        a: chooses(x in N, wpp = exp(w[x]));
        return Pr[a.x == x];
    }
}

#[memo(grad)]
fn twice<x: N>(beta: f64) {
    model! {
        a: chooses(x in N, wpp = exp(beta * x));
        return Pr[a.x == x];
        return E[a.x] * beta;
    }
}

fn main() {
    let _ = by_array::value_and_grad(&[1.0, 2.0, 3.0]).1;
    let _ = twice::try_value_and_grad(1.0);
    let _ = twice::jacobian(1.0).table("beta");
    let _ = memo::grad(&[1.0], |x| by_array::traced(x[0])[0]);
    let _ = by_model::vjp(1.0, 3);
    let _ = by_model::value_and_grad(1.0);
}
