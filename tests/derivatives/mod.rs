//! Models whose first and second derivatives are tested: published ones, and those that
//! have all that a derivative passes through.

use memo::Real;
use memo::prelude::*;
use ndarray::Array2;
use std::ops::Range;

#[path = "../../examples/models/guess_two_thirds.rs"]
pub mod guess_two_thirds;
#[path = "../../examples/models/investment_game.rs"]
pub mod investment_game;
#[path = "../../examples/models/lewis_game.rs"]
pub mod lewis_game;
#[path = "../../examples/models/politeness.rs"]
pub mod politeness;
#[path = "../../examples/models/tutorial_cards.rs"]
pub mod tutorial_cards;

pub const BIT: Range<i64> = 0..2;
pub const N: Range<i64> = 0..3;

/// One choice of two.
#[memo(grad)]
pub fn logistic<x: BIT>(beta: f64) {
    model! {
        a: chooses(y in BIT, wpp = exp(beta * y));
        return Pr[a.y == x];
    }
}

/// Softmax of the rows of an array.
#[memo(grad)]
pub fn mapping<x: N, y: BIT>(w: &Array2<f64>, scale: f64) {
    model! {
        a: knows(x);
        a: chooses(y in BIT, wpp = exp(scale * w[x, y]));
        return Pr[a.y == y];
    }
}

pub fn utility<R: Real>(x: i64, taste: R, decay: R) -> R {
    taste * (-decay * R::from(x as f64)).exp() + taste.powi(2) + taste.max(decay).log2() - decay.log10()
}

/// Through functions of the user's, densities and all functions of the language.
#[memo(grad)]
pub fn tasted<x: N>(taste: f64, decay: f64) {
    model! {
        a: chooses(x in N, wpp = exp(utility(x, taste, decay)) + normal_pdf(x, taste, decay));
        a: chooses(y in N, wpp = utility(y, taste, 0.5) * beta_pdf((y + 1) / 5, taste + 1, 2));
        a: chooses(z in N, wpp = sqrt(taste + z) * sin(decay * z) ** 2 + cos(taste) ** 2 + tan(decay) + log2(taste + 2));
        a: chooses(v in N, wpp = exp(tanh(taste * v) - v) + log10(2 + decay ** v) + (taste * (v + 1)) % decay);
        return Pr[a.x == x] * poisson_pmf(2, taste) + Pr[a.y == x] * max(taste, decay) + Pr[a.z == x] * taste ** decay
            + Pr[a.v == x] * abs(taste - 2) * min(taste, 1.2) * student_t_pdf(decay, taste)
            + gamma_pdf(x + 1, taste, decay) + log(pow(taste, x));
    }
}

/// All that can be asked of a belief.
#[memo(grad)]
pub fn asked<q: N>(a: f64, b: f64) {
    model! {
        bob: thinks[
            alice: chooses(x in N, wpp = exp(a * x)),
            alice: chooses(y in N, wpp = b + abs(x - y)),
            alice: chooses(z in N, wpp = exp(a * y * z) + b),
            alice: chooses(v in N, wpp = exp(a * v) * (b + v) if v > 0 else exp(-b) / (1 + a))
        ];
        bob: observes_event(wpp = exp(b * alice.z) * (1 + alice.x));
        return if q == 0 { bob[E[alice.x * b + alice.y]] + bob[Var[alice.x + b * alice.z]] }
            else { if q == 1 { bob[H[alice.x, alice.y]] } else { bob[Pr[alice.z == 1, alice.x == alice.y]] + bob[E[alice.v * a]] } };
    }
}

/// Divergences, and what is imagined.
#[memo(grad)]
pub fn apart<q: N>(a: f64) {
    model! {
        bob: thinks[
            alice: chooses(x in N, wpp = exp(a * x)),
            carol: chooses(y in N, wpp = 1 + a * y)
        ];
        return bob[KL[alice.x | carol.y]] * q + bob[imagine[
            dan: chooses(w in N, wpp = exp(a * w * w)),
            E[dan.w * a] * Pr[dan.w == alice.x]
        ]];
    }
}

/// A chain of calls deeper than the stack.
#[memo(grad)]
pub fn deep(x: f64, t: i64) {
    model! {
        return 0 if t == 0 else 1 + x * deep[](x, t - 1);
    }
}

/// Several tables, weights of 0, impossible evidence and weights out of range.
#[memo(grad)]
pub fn several<x: N>(a: f64) {
    model! {
        alice: chooses(y in N, wpp = exp(1e4 * a * y) if y > 0 else 0);
        bob: thinks[
            alice: chooses(y in N, wpp = exp(a * y) if y > 0 else 0),
            alice: chooses(z in N, wpp = exp(a * y * z)),
            alice: chooses(v in N, wpp = (a - 1) * v + 1),
            alice: chooses(u in N, wpp = abs(a - 1) ** 2 * exp(a * u) if u > 0 else exp(1e3 * a))
        ];
        bob: observes [alice.y] is x;
        return Pr[alice.y == x];
        return bob[E[alice.z * alice.v + alice.u]];
    }
}

/// What is kept for all levels changes with the parameter all the same.
#[memo(grad(gamma))]
pub fn value<s: N>(gamma: f64, noise: f64, t: i64) {
    model! {
        agent: knows(s);
        agent: chooses(a in BIT, wpp = exp(gamma * s * a) + noise);
        agent: chooses(s_ in N, wpp = exp(gamma * abs(s - a - s_)));
        return 0 if t == 0 else E[s + gamma * value[agent.s_](gamma, noise, t - 1)];
    }
}
