//! Models of microseconds, as papers have them, with parameters to be learned.

use std::ops::{Range, RangeInclusive};

use memo::Real;
use memo::prelude::*;

/// What may be said of how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Quantity {
    None,
    Some,
    All,
    Silence,
}

/// How many there are.
pub const COUNT: RangeInclusive<i64> = 0..=3;

fn holds(u: Quantity, n: i64) -> bool {
    match u {
        Quantity::None => n == 0,
        Quantity::Some => n > 0,
        Quantity::All => n == 3,
        Quantity::Silence => true,
    }
}

fn effort<R: Real>(u: Quantity, cost: R) -> R {
    match u {
        Quantity::Silence => R::from(0.0),
        Quantity::All => cost * 1.5,
        _ => cost,
    }
}

/// Rational speech acts with a cost of words and a base rate of things.
#[memo(grad)]
pub fn costly<u: Quantity, n: COUNT>(alpha: f64, cost: f64, base: f64) {
    model! {
        listener: thinks[
            speaker: given(n in COUNT, wpp = base ** n * (1 - base) ** (3 - n)),
            speaker: chooses(u in Quantity, wpp = imagine[
                literal: knows(u), literal: chooses(n in COUNT, wpp = holds(u, n)),
                exp(alpha * (log(Pr[literal.n == n]) - effort(u, cost)))
            ])
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(n in COUNT, wpp = Pr[speaker.n == n]);
        return Pr[listener.n == n];
    }
}

/// A speaker whose chances are powers of what a listener makes of words. Where a word is
/// false the chance is 0, and the power's derivative there infinite.
#[memo(grad)]
pub fn teller<n: COUNT, u: Quantity>(alpha: f64, base: f64, level: i64) {
    model! {
        s: knows(n);
        s: chooses(u in Quantity, wpp = hearer[u, n](alpha, base, level) ** alpha);
        return Pr[s.u == u];
    }
}

/// Their listener.
#[memo(grad)]
pub fn hearer<u: Quantity, n: COUNT>(alpha: f64, base: f64, level: i64) {
    model! {
        l: knows(u);
        l: chooses(n in COUNT, wpp = base ** n * (holds(u, n) if level == 0 else teller[n, u](alpha, base, level - 1)));
        return Pr[l.n == n];
    }
}

/// What a number of things means, literally or not.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Question {
    Price,
    Affect,
    Both,
}

/// Prices, from low to high.
pub const PRICE: Range<i64> = 0..4;

fn agree(q: Question, a: i64, x: bool, b: i64, y: bool) -> bool {
    match q {
        Question::Price => a == b,
        Question::Affect => x == y,
        Question::Both => a == b && x == y,
    }
}

/// Hyperbole: the listener does not know what question the speaker answers; the prior over
/// prices is an array.
#[memo(grad)]
pub fn hyperbole<u: PRICE, s: PRICE, aff: Bool>(alpha: f64, upset: f64, prior: &[f64]) {
    model! {
        listener: knows(u, s, aff);
        listener: thinks[
            speaker: given(s in PRICE, wpp = exp(prior[s])),
            speaker: given(aff in Bool, wpp = upset * (s + 1) / 5 if aff else 1 - upset * (s + 1) / 5),
            speaker: given(q in Question, wpp = 1),
            speaker: chooses(u in PRICE, wpp = imagine[
                lit: knows(u),
                lit: chooses(s2 in PRICE, wpp = exp(prior[s2]) * (1 if s2 == u else 0.05)),
                lit: chooses(aff2 in Bool, wpp = upset * (s2 + 1) / 5 if aff2 else 1 - upset * (s2 + 1) / 5),
                exp(alpha * log(Pr[agree(q, s, aff, lit.s2, lit.aff2)]))
            ])
        ];
        listener: observes [speaker.u] is u;
        return listener[Pr[speaker.s == s, speaker.aff == aff]];
    }
}

/// The true quality, in hearts.
pub const HEARTS: Range<i64> = 0..4;
/// Words for it.
pub const WORD: Range<i64> = 0..5;

fn apt(w: i64, s: i64) -> f64 {
    let d = (w as f64 * 0.75 - s as f64).abs();
    (-d * d).exp() + 0.02
}

/// What words mean.
#[memo]
pub fn literal<w: WORD, s: HEARTS>() {
    model! {
        l: knows(w);
        l: chooses(s in HEARTS, wpp = apt(w, s));
        return Pr[l.s == s];
    }
}

/// To inform or to please, with a cost of words.
#[memo(grad)]
pub fn polite<s: HEARTS, w: WORD>(alpha: f64, phi: f64, cost: f64) {
    model! {
        speaker: knows(s);
        speaker: chooses(w in WORD, wpp = exp(alpha * (
            phi * log(literal[w, s]())
            + (1 - phi) * imagine[l: knows(w), l: chooses(s in HEARTS, wpp = apt(w, s)), E[l.s]]
            - cost * w)));
        return Pr[speaker.w == w];
    }
}

/// What is understood of it: a call of another model.
#[memo(grad)]
pub fn understood<w: WORD, s: HEARTS>(alpha: f64, phi: f64, cost: f64) {
    model! {
        listener: knows(w, s);
        listener: thinks[
            speaker: given(s in HEARTS, wpp = 1),
            speaker: chooses(w in WORD, wpp = polite[s, w](alpha, phi, cost))
        ];
        listener: observes [speaker.w] is w;
        return listener[Pr[speaker.s == s]];
    }
}

/// Guesses.
pub const GUESS: RangeInclusive<i64> = 0..=20;
/// How often players think of each other.
pub const LEVEL: Range<i64> = 0..5;

/// Two thirds of the average, so many levels deep.
#[memo(grad)]
pub fn guess<g: GUESS>(beta: f64, k: i64) {
    model! {
        p: thinks[o: chooses(g in GUESS, wpp = 1 if k == 0 else guess[g](beta, k - 1))];
        p: chooses(g in GUESS, wpp = exp(-beta * abs(g - E[2 / 3 * o.g])));
        return Pr[p.g == g];
    }
}

/// A cognitive hierarchy: a Poisson distribution of levels, three calls of a model.
#[memo(grad)]
pub fn hierarchy<g: GUESS>(beta: f64, tau: f64) {
    model! {
        p: given(k in LEVEL, wpp = poisson_pmf(k, tau));
        p: chooses(g in GUESS, wpp = (guess[g](beta, 0) if k == 0 else guess[g](beta, 1) if k == 1 else guess[g](beta, 2)));
        return Pr[p.g == g];
    }
}

/// Places in a corridor.
pub const PLACE: Range<i64> = 0..7;

/// Where to go.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Move {
    Left,
    Stay,
    Right,
}

fn leads(s: i64, a: Move) -> i64 {
    (match a {
        Move::Left => s - 1,
        Move::Stay => s,
        Move::Right => s + 1,
    })
    .clamp(0, 6)
}

/// The value of a move to one who acts by a softmax policy, `t` steps ahead.
#[memo(grad)]
pub fn worth<s: PLACE, a: Move>(gamma: f64, beta: f64, goal: f64, t: i64) {
    model! {
        return goal * (s == 5) - 0.1 * (a != Move::Stay) + (0 if t == 0 else gamma * imagine[
            env: knows(s, a),
            env: chooses(s2 in PLACE, wpp = (0.8 if s2 == leads(s, a) else 0.2 if s2 == s else 0) if leads(s, a) != s else (s2 == s)),
            env: chooses(a2 in Move, wpp = exp(beta * worth[s2, a2](gamma, beta, goal, t - 1))),
            E[worth[env.s2, env.a2](gamma, beta, goal, t - 1)]
        ]);
    }
}

/// That policy: a call of a recursive model.
#[memo(grad)]
pub fn policy<s: PLACE, a: Move>(gamma: f64, beta: f64, goal: f64, t: i64) {
    model! {
        agent: knows(s);
        agent: chooses(a in Move, wpp = exp(beta * worth[s, a](gamma, beta, goal, t)));
        return Pr[agent.a == a];
    }
}

/// The value of a move towards a goal.
#[memo(grad)]
pub fn worth_of_goal<g: PLACE, s: PLACE, a: Move>(gamma: f64, beta: f64, t: i64) {
    model! {
        agent: knows(g, s, a);
        agent: given(s2 in PLACE, to_be = leads(s, a));
        agent: chooses(a2 in Move, wpp = exp(beta * (0 if t == 0 else worth_of_goal[g, s2, a2](gamma, beta, t - 1))));
        return E[1 * (agent.s2 == g) - 0.05 + (0 if t == 0 else gamma * worth_of_goal[g, agent.s2, agent.a2](gamma, beta, t - 1))];
    }
}

/// Inverse planning: what a move says of the goal.
#[memo(grad)]
pub fn goal<s: PLACE, a: Move, g: PLACE>(gamma: f64, beta: f64, t: i64) {
    model! {
        observer: knows(s, a, g);
        observer: thinks[
            alice: knows(s),
            alice: given(g in PLACE, wpp = 1),
            alice: chooses(a in Move, wpp = exp(beta * worth_of_goal[g, s, a](gamma, beta, t)))
        ];
        observer: observes [alice.a] is a;
        return observer[Pr[alice.g == g]];
    }
}

/// Coins in an urn, and flips of one.
pub const COINS: Range<i64> = 0..4;
/// How many heads.
pub const HEADS: RangeInclusive<i64> = 0..=5;

/// A hierarchical prior: which coin is an array of logits.
#[memo(grad)]
pub fn urn<h: HEADS>(w: &[f64], a: f64) {
    model! {
        urn: chooses(c in COINS, wpp = exp(w[c]));
        urn: chooses(h in HEADS, wpp = binomial_pmf(h, 5, 1 / (1 + exp(-a * (c - 1.5)))));
        return Pr[urn.h == h];
    }
}

/// Heights, a domain whose length is known at run time only.
pub const HEIGHT: &[f64] = &[0.1, 0.3, 0.5, 0.7, 0.9];

/// A vague adjective, after Lassiter and Goodman.
#[memo(grad)]
pub fn tall<x: HEIGHT>(alpha: f64, mu: f64, sigma: f64, cost: f64) {
    model! {
        l: knows(x);
        l: thinks[
            s: given(x in HEIGHT, wpp = normal_pdf(x, mu, sigma)),
            s: given(th in HEIGHT, wpp = 1),
            s: chooses(u in Bool, wpp = exp(alpha * (imagine[
                k: knows(u, th), k: given(x2 in HEIGHT, wpp = normal_pdf(x2, mu, sigma) * (x2 >= th or not u)),
                log(Pr[k.x2 == x])
            ] - (cost if u else 0))))
        ];
        l: observes_that [s.u == true];
        return l[Pr[s.x == x]];
    }
}

/// Chances, on a grid.
pub const RATE: Linspace = linspace(0.025, 0.975, 20);

/// A prior over rates with a mean and a spread, and what successes say.
#[memo(grad)]
pub fn rates<p: RATE>(mean: f64, spread: f64, n: i64) {
    model! {
        a: knows(p);
        a: thinks[
            w: given(p in RATE, wpp = beta_pdf(p, mean * spread, (1 - mean) * spread)),
            w: chooses(h in HEADS, wpp = binomial_pmf(h, 5, p))
        ];
        a: observes_that [w.h == n];
        return a[Pr[w.p == p]];
    }
}

/// What is seen, on a line.
pub const SEEN: Linspace = linspace(-3.0, 5.0, 17);

/// Signal detection: who says yes to what, with a prior, a distance and a softmax.
#[memo(grad)]
pub fn detects<signal: Bool, yes: Bool>(d: f64, prior: f64, beta: f64) {
    model! {
        one: knows(signal, yes);
        one: thinks[
            world: knows(signal),
            world: chooses(x in SEEN, wpp = normal_pdf(x, d if signal else 0, 1)),
            subject: knows(world.x),
            subject: thinks[
                w: chooses(s in Bool, wpp = prior if s else 1 - prior),
                w: chooses(x in SEEN, wpp = normal_pdf(x, d if s else 0, 1))
            ],
            subject: observes [w.x] is world.x,
            subject: chooses(yes in Bool, wpp = exp(beta * (E[w.s] if yes else 1 - E[w.s])))
        ];
        return one[Pr[subject.yes == yes]];
    }
}

/// The value of a question about rain.
#[memo(grad)]
pub fn asks(prior: f64, noise: f64, price: f64) {
    model! {
        a: thinks[
            w: chooses(rain in Bool, wpp = prior if rain else 1 - prior),
            w: chooses(said in Bool, wpp = 1 - noise if said == rain else noise)
        ];
        a: chooses(ask in Bool, wpp = exp(8 * (imagine[
            me: thinks[
                w: chooses(rain in Bool, wpp = prior if rain else 1 - prior),
                w: chooses(said in Bool, wpp = 1 - noise if said == rain else noise)
            ],
            E[me[H[w.rain]]]
        ] - price * ask)));
        return E[a.ask] + E[a[H[w.rain]]];
    }
}

/// A place in a small room.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub struct Spot {
    #[domain(0..3)]
    x: i64,
    #[domain(0..3)]
    y: i64,
    wall: bool,
}

fn far<R: Real>(c: Spot, gx: R, gy: f64) -> R {
    ((gx - c.x as f64).powi(2) + (gy - c.y as f64).powi(2)).sqrt()
}

/// Where one is likely to stand who likes to be near something.
#[memo(grad)]
pub fn stands<c: Spot>(gx: f64, beta: f64, wall: f64) {
    model! {
        a: chooses(c in Spot, wpp = exp(-beta * far(c, gx, 1.0) - (wall if c.wall else 0)));
        return Pr[a.c == c];
    }
}

/// Beliefs that the tiger is behind the left door.
pub const BELIEF: &[f64] = &[0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Door {
    Listen,
    Left,
    Right,
}

fn updated(b: f64, o: bool) -> f64 {
    let (l, r) = if o { (0.85, 0.15) } else { (0.15, 0.85) };
    let p = b * l / (b * l + (1.0 - b) * r);
    (p * 10.0).round() / 10.0
}

/// A POMDP with three numbers, `t` steps ahead.
#[memo(grad)]
pub fn tiger<b: BELIEF, a: Door>(gamma: f64, beta: f64, pain: f64, t: i64) {
    model! {
        return (-1 if a == Door::Listen else (b * 10 - (1 - b) * pain if a == Door::Right else (1 - b) * 10 - b * pain))
            + (0 if t == 0 else (0 if a != Door::Listen else gamma * imagine[
                w: knows(b),
                w: chooses(o in Bool, wpp = (b * 0.85 + (1 - b) * 0.15) if o else (b * 0.15 + (1 - b) * 0.85)),
                w: given(b2 in BELIEF, to_be = updated(b, o)),
                w: chooses(a2 in Door, wpp = exp(beta * tiger[b2, a2](gamma, beta, pain, t - 1))),
                E[tiger[w.b2, w.a2](gamma, beta, pain, t - 1)]
            ]));
    }
}

/// What is won.
pub const PRIZE: Range<i64> = 0..4;

fn prospect<R: Real>(x: R, aversion: R, bend: R) -> R {
    if x >= 0.0 { x.powf(bend) } else { -aversion * (-x).powf(bend) }
}

/// Prospect theory.
#[memo(grad)]
pub fn gamble(aversion: f64, bend: f64, beta: f64) {
    model! {
        a: chooses(g in PRIZE, wpp = exp(beta * (0.5 * prospect(g * 3.0, aversion, bend) + 0.5 * prospect(-g * 2.5, aversion, bend))));
        return E[a.g];
    }
}

/// A noisy or: four numbers.
#[memo(grad)]
pub fn noisy_or<e: Bool>(first: f64, second: f64, by_first: f64, by_second: f64) {
    model! {
        o: knows(e);
        o: thinks[
            w: chooses(x in Bool, wpp = first if x else 1 - first),
            w: chooses(y in Bool, wpp = second if y else 1 - second),
            w: chooses(e in Bool, wpp = (1 - (1 - by_first * x) * (1 - by_second * y)) if e else (1 - by_first * x) * (1 - by_second * y))
        ];
        o: observes [w.e] is e;
        return o[Pr[w.x]] + 2 * o[Pr[w.x and w.y]];
    }
}

/// Hidden states.
pub const HIDDEN: Range<i64> = 0..3;

/// A hidden Markov chain of three steps.
#[memo(grad)]
pub fn chain<o1: Bool, o2: Bool, o3: Bool>(stay: f64, acc: f64) {
    model! {
        l: knows(o1, o2, o3);
        l: thinks[
            w: chooses(z1 in HIDDEN, wpp = 1),
            w: chooses(z2 in HIDDEN, wpp = stay if z2 == z1 else (1 - stay) / 2),
            w: chooses(z3 in HIDDEN, wpp = stay if z3 == z2 else (1 - stay) / 2),
            w: chooses(p1 in Bool, wpp = acc if p1 == (z1 > 0) else 1 - acc),
            w: chooses(p2 in Bool, wpp = acc if p2 == (z2 > 0) else 1 - acc),
            w: chooses(p3 in Bool, wpp = acc if p3 == (z3 > 0) else 1 - acc)
        ];
        l: observes [w.p1] is o1;
        l: observes [w.p2] is o2;
        l: observes [w.p3] is o3;
        return l[Pr[w.z3 == 2]];
    }
}

/// Hidden causes with soft evidence, and moments of what is believed.
#[memo(grad)]
pub fn moments<n: PRIZE>(a: f64, b: f64) {
    model! {
        l: thinks[w: chooses(n in PRIZE, wpp = exp(a * n)), w: chooses(m in PRIZE, wpp = exp(-b * (m - n) ** 2))];
        l: observes_event(wpp = 1 / (1 + exp(-b * (w.m - 1))));
        l: chooses(n in PRIZE, wpp = Pr[w.n == n]);
        return Pr[l.n == n] + l[Var[w.m]] + l[H[w.n]];
    }
}

/// A bandit's best arm, with what comes after.
#[memo(grad)]
pub fn bandit(a: f64, b: f64, g: f64, t: i64) {
    model! {
        p: chooses(arm in Bool, to_maximize = (a * 2 if arm else b) + (0 if t == 0 else g * bandit[](a * 0.9, b, g, t - 1)));
        return E[(a * 2 if p.arm else b) + (0 if t == 0 else g * bandit[](a * 0.9, b, g, t - 1))];
    }
}

/// Words and meanings of a lexicon that is learned.
pub const LEXICON: Range<i64> = 0..12;

/// Rational speech acts whose lexicon is an array of logits.
#[memo(grad)]
pub fn lexicon<u: LEXICON, m: LEXICON>(alpha: f64, w: &ndarray::Array2<f64>) {
    model! {
        l: knows(u, m);
        l: thinks[
            s: given(m in LEXICON, wpp = 1),
            s: chooses(u in LEXICON, wpp = imagine[
                k: knows(u), k: chooses(m in LEXICON, wpp = exp(w[u, m])), Pr[k.m == m] ** alpha
            ])
        ];
        l: observes [s.u] is u;
        return l[Pr[s.m == m]];
    }
}
