//! Bayesian persuasion: a prosecutor chooses which test to order, so that a
//! rational judge convicts as often as may be (Kamenica & Gentzkow 2011).

use memo::prelude::*;

/// What the defendant is, and what the judge decides.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum State {
    Innocent,
    Guilty,
}

/// What a test says.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Finding {
    Exonerating,
    Incriminating,
}

/// A test: how often it is right about the innocent and about the guilty, in
/// steps of half a percent from 50 %.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub struct Test {
    #[domain(0..101)]
    pub innocent: i64,
    #[domain(0..101)]
    pub guilty: i64,
}

/// The judge's prior.
pub fn prior(s: State) -> f64 {
    match s {
        State::Innocent => 0.7,
        State::Guilty => 0.3,
    }
}

/// How likely a test finds this of such a defendant.
pub fn finds(r: Finding, s: State, t: Test) -> f64 {
    let right = 0.5 + 0.005 * if s == State::Innocent { t.innocent } else { t.guilty } as f64;
    if (r == Finding::Incriminating) == (s == State::Guilty) { right } else { 1.0 - right }
}

/// Which test the prosecutor orders.
#[memo]
pub fn prosecutor<t: Test>(level: i64) {
    model! {
        prosecutor: chooses(t in Test, wpp = exp(20 * judge[t](level)));
        return Pr[prosecutor.t == t];
    }
}

/// How often the judge convicts after such a test.
#[memo]
pub fn judge<t: Test>(level: i64) {
    model! {
        judge: thinks[
            defendant: chooses(s in State, wpp = prior(s)),
            prosecutor: chooses(t in Test, wpp = prosecutor[t](level - 1) if level > 0 else 1),
            defendant: knows(prosecutor.t),
            defendant: chooses(r in Finding, wpp = finds(r, s, prosecutor.t))
        ];
        defendant: chooses(s in State, wpp = prior(s));
        defendant: knows(t);
        defendant: chooses(r in Finding, wpp = finds(r, s, t));
        judge: observes [prosecutor.t] is t;
        judge: observes [defendant.r] is defendant.r;
        judge: chooses(v in State, to_maximize = Pr[v == defendant.s]);
        return Pr[judge.v == State::Guilty];
    }
}
