//! `f::explain`: cases computed by hand, and laws.

#![allow(missing_docs, reason = "models to be explained")]

use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

use approx::assert_relative_eq;
use memo::prelude::*;
use memo::{Error, Explanation};

const DOOR: Range<i64> = 0..3;

#[memo(explain)]
fn monty<pick: DOOR, reveal: DOOR, d: DOOR>() {
    model! {
        alice: thinks[ monty: chooses(prize in DOOR, uniformly) ];
        alice: knows(pick, d);
        alice: thinks[
            monty: knows(pick),
            monty: chooses(reveal in DOOR, such_that = reveal != prize and reveal != pick)
        ];
        alice: observes [monty.reveal] is reveal;
        return alice[Pr[monty.prize == d]];
    }
}

/// What each step has observed, its value and its weight.
fn told(explanation: &Explanation) -> Vec<(&str, f64, Option<f64>)> {
    explanation.steps().iter().map(|step| (step.observed(), step.after(), step.weight())).collect()
}

/// The worlds as text with their shares and values.
fn worlds(explanation: &Explanation) -> Vec<(String, f64, Option<f64>)> {
    let text = |choices: &[(String, String)]| {
        choices.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
    };
    explanation.worlds().iter().map(|w| (text(w.choices()), w.share(), w.value())).collect()
}

fn decibans(factor: f64) -> f64 {
    10.0 * factor.log10()
}

/// Door 0 picked, door 2 opened. Each door has the prize with 1/3; Monty opens door 2
/// with 1/2 if it is behind 0, with 1 if behind 1, never if behind 2: 1/2 in all. So
/// door 1 has (1/3 · 1)/(1/2) = 2/3: odds of 1:2 become 2:1, a factor of 4. For door 0
/// nothing changes, and door 2 is ruled out.
#[test]
fn monty_hall() {
    let other = monty::explain((0, 2, 1));
    assert_relative_eq!(other.prior(), 1.0 / 3.0);
    let steps = told(&other);
    assert_eq!(steps.len(), 1);
    assert_eq!(steps[0].0, "alice observes monty.reveal = 2");
    assert_relative_eq!(steps[0].1, 2.0 / 3.0);
    assert_relative_eq!(steps[0].2.unwrap_or_default(), decibans(4.0), epsilon = 1e-12);
    assert_relative_eq!(other.steps()[0].likelihood().unwrap_or_default(), 0.5);
    let found = worlds(&other);
    assert_eq!(
        found.iter().map(|w| (w.0.as_str(), w.2)).collect::<Vec<_>>(),
        [("monty.prize=1", Some(1.0)), ("monty.prize=0", Some(0.0))]
    );
    assert_relative_eq!(found[0].1, 2.0 / 3.0);
    let own = monty::explain((0, 2, 0));
    assert_relative_eq!(own.steps()[0].weight().unwrap_or(1.0), 0.0, epsilon = 1e-12);
    assert_eq!(monty::explain((0, 2, 2)).steps()[0].weight(), Some(f64::NEG_INFINITY));
    assert_eq!(other.cell()[1], ("reveal".to_string(), "2".to_string()));
}

/// Monty never opens the door that was picked.
#[test]
fn impossible_evidence_is_said_to_be_so() {
    let explanation = monty::explain((0, 0, 1));
    assert!(!explanation.is_possible());
    assert!(explanation.worlds().is_empty());
    let step = &explanation.steps()[0];
    assert_eq!((step.is_possible(), step.weight(), step.likelihood()), (false, None, Some(0.0)));
    let said = "no world is left after “alice observes monty.reveal = 0”: what is observed cannot be";
    assert!(explanation.to_string().contains(said), "{explanation}");
    assert!(explanation.to_html().contains(said));
    assert_eq!(explanation.without_worlds(), [("alice".to_string(), "no world is left".to_string())]);
}

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Quantifier {
    None,
    Some,
    All,
}
const N: RangeInclusive<i64> = 0..=20;

fn holds(n: i64, u: Quantifier) -> bool {
    match u {
        Quantifier::None => n == 0,
        Quantifier::Some => n > 0,
        Quantifier::All => n == *N.end(),
    }
}

#[memo(explain)]
fn scalar<n: N, u: Quantifier>() {
    model! {
        listener: thinks[
            speaker: chooses(n in N, wpp = 1),
            speaker: chooses(u in Quantifier, wpp = imagine[
                listener: knows(u),
                listener: chooses(n in N, wpp = holds(n, u)),
                Pr[listener.n == n]
            ])
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(n in N, wpp = E[speaker.n == n]);
        return Pr[listener.n == n];
    }
}

/// A literal listener believes after “some” each of 1..=20 with 1/20, after “all” 20
/// with 1. So the speaker says “some” of 1..=19 for certain, and of 20 with
/// (1/20)/(1/20 + 1) = 1/21. The chance of “some” is (19 + 1/21)/21 = 400/441, and the
/// listener's posterior of 1 is (1/21)/(400/441) = 21/400, that of 20 is 1/400. Odds of
/// 1:20 become 21:379 and 1:399.
#[test]
fn scalar_implicature() {
    let one = scalar::explain((1, Quantifier::Some));
    assert_relative_eq!(one.prior(), 1.0 / 21.0, epsilon = 1e-12);
    assert_eq!(one.steps()[0].observed(), "listener observes speaker.u = Some");
    assert_relative_eq!(one.value(), 21.0 / 400.0, epsilon = 1e-12);
    assert_relative_eq!(one.steps()[0].likelihood().unwrap_or_default(), 400.0 / 441.0, epsilon = 1e-12);
    let weight = one.steps()[0].weight().unwrap_or_default();
    assert_relative_eq!(weight, decibans(21.0 / 379.0 * 20.0), epsilon = 1e-9);
    let all = scalar::explain((20, Quantifier::Some));
    assert_relative_eq!(all.value(), 1.0 / 400.0, epsilon = 1e-12);
    let weight = all.steps()[0].weight().unwrap_or_default();
    assert_relative_eq!(weight, decibans(20.0 / 399.0), epsilon = 1e-9);
    // The worlds are those of the listener, before it chooses: five of the nineteen,
    // each the same. In the world where n = 1 it would choose 1.
    let found = worlds(&one);
    assert_eq!(found.len(), 5);
    for (text, share, value) in &found {
        assert_relative_eq!(*share, 21.0 / 400.0, epsilon = 1e-12);
        assert_eq!(*value, Some(f64::from(u8::from(text == "speaker.n=1"))), "{text}");
    }
    // All that are possible: not 0.
    let all = one.likeliest(100);
    assert_eq!(all.len(), 20);
    assert_relative_eq!(all.iter().map(memo::World::share).sum::<f64>(), 1.0, epsilon = 1e-12);
}

/// One in a hundred is ill; a test finds 9 of 10 ill and 1 of 20 well, an X-ray shows a
/// shadow in 8 of 10 ill and 2 of 10 well, each for itself.
#[memo(explain)]
fn clinic<test: Bool, shadow: Bool>() {
    model! {
        doctor: thinks[
            patient: given(ill in Bool, wpp = 0.01 if ill else 0.99),
            patient: given(test in Bool, wpp = (0.9 if test else 0.1) if ill else (0.05 if test else 0.95)),
            patient: given(shadow in Bool, wpp = (0.8 if shadow else 0.2) if ill else (0.2 if shadow else 0.8))
        ];
        doctor: observes [patient.test] is test;
        doctor: observes [patient.shadow] is shadow;
        return doctor[Pr[patient.ill]];
    }
}

/// The same, with the two findings the other way round.
#[memo(explain)]
fn clinic_other_way<test: Bool, shadow: Bool>() {
    model! {
        doctor: thinks[
            patient: given(ill in Bool, wpp = 0.01 if ill else 0.99),
            patient: given(test in Bool, wpp = (0.9 if test else 0.1) if ill else (0.05 if test else 0.95)),
            patient: given(shadow in Bool, wpp = (0.8 if shadow else 0.2) if ill else (0.2 if shadow else 0.8))
        ];
        doctor: observes [patient.shadow] is shadow;
        doctor: observes [patient.test] is test;
        return doctor[Pr[patient.ill]];
    }
}

/// Odds of 1:99 become 18:99 with the test (a factor of 0.9/0.05) and 72:99 with the
/// shadow (0.8/0.2). The test was positive with 0.009 + 0.0495 = 0.0585.
#[test]
fn two_findings() {
    let both = clinic::explain((true, true));
    let steps = told(&both);
    assert_relative_eq!(both.prior(), 0.01, epsilon = 1e-12);
    assert_relative_eq!(both.steps()[0].likelihood().unwrap_or_default(), 0.0585, epsilon = 1e-12);
    assert_relative_eq!(steps[0].1, 18.0 / 117.0, epsilon = 1e-12);
    assert_relative_eq!(steps[0].2.unwrap_or_default(), decibans(18.0), epsilon = 1e-9);
    assert_relative_eq!(steps[1].1, 72.0 / 171.0, epsilon = 1e-12);
    assert_relative_eq!(steps[1].2.unwrap_or_default(), decibans(4.0), epsilon = 1e-9);
    assert_relative_eq!(both.steps()[1].before(), both.steps()[0].after());
    let found = worlds(&both);
    assert_eq!(found[0].0, "patient.ill=false");
    assert_relative_eq!(found[0].1, 99.0 / 171.0, epsilon = 1e-12);
}

#[test]
fn weights_of_independent_findings_add_up() {
    let odds = |p: f64| p / (1.0 - p);
    for key in [(true, true), (true, false), (false, true), (false, false)] {
        let (one, other) = (clinic::explain(key), clinic_other_way::explain(key));
        let weights = |e: &Explanation| e.steps().iter().filter_map(memo::Step::weight).collect::<Vec<f64>>();
        let (a, b) = (weights(&one), weights(&other));
        // The order does not matter: neither for each nor for the sum.
        assert_relative_eq!(a[0], b[1], epsilon = 1e-9);
        assert_relative_eq!(a[1], b[0], epsilon = 1e-9);
        let all = decibans(odds(one.value()) / odds(one.prior()));
        assert_relative_eq!(a.iter().sum::<f64>(), all, epsilon = 1e-9);
    }
}

#[test]
fn the_last_step_is_the_model() {
    for (key, value) in &monty() {
        let explanation = monty::explain(key);
        assert_eq!(explanation.value().to_bits(), value.to_bits(), "{key:?}");
        let shares: Vec<f64> = explanation.likeliest(3).iter().map(memo::World::share).collect();
        let total: f64 = shares.iter().sum();
        assert_relative_eq!(total, if explanation.is_possible() { 1.0 } else { 0.0 }, epsilon = 1e-12);
    }
    let impossible: BTreeSet<_> = monty().impossible().into_iter().collect();
    for (key, _) in &monty() {
        assert_eq!(!monty::explain(key).is_possible(), impossible.contains(&key));
    }
    for (key, value) in &clinic() {
        assert_eq!(clinic::explain(key).value().to_bits(), value.to_bits());
    }
}

/// A guess, then certainty: what comes after that changes nothing any more.
#[memo(explain)]
fn certain<coin: Bool>(bias: f64) {
    model! {
        ann: thinks[ bob: chooses(coin in Bool, wpp = bias if coin else 1 - bias) ];
        ann: observes_event(wpp = 3 if bob.coin else 1);
        ann: observes [bob.coin] is coin;
        ann: observes_that [bob.coin or not bob.coin];
        return ann[Pr[bob.coin]];
    }
}

/// With a fair coin odds of 1:1 become 3:1; the event's expected weight is 2.
#[test]
fn what_is_certain_moves_no_more() {
    let heads = certain::explain(0.5, true);
    let steps = told(&heads);
    assert_eq!(steps.len(), 2);
    assert_eq!(steps[0].0, "ann observes an event of weight 3 if bob.coin else 1");
    assert_relative_eq!(steps[0].1, 0.75);
    assert_relative_eq!(heads.steps()[0].likelihood().unwrap_or_default(), 2.0);
    assert_relative_eq!(steps[0].2.unwrap_or_default(), decibans(3.0), epsilon = 1e-9);
    assert_eq!((steps[1].1, steps[1].2), (1.0, Some(f64::INFINITY)));
    assert_relative_eq!(heads.steps()[1].likelihood().unwrap_or_default(), 0.75);
    assert!(heads.to_string().contains("+∞ (certain)"));
    // Nothing is uncertain any more: one world, without choices.
    assert_eq!(worlds(&heads), [(String::new(), 1.0, Some(1.0))]);
    // What is certain before it is seen has no odds to change.
    let sure = certain::explain(1.0, true);
    assert!(sure.steps().iter().all(|step| step.weight().is_none()));
    assert!(!certain::explain(1.0, false).is_possible());
}

/// What is asked is a number: there are steps but no weights.
#[memo(explain)]
fn expected<least: DOOR>() {
    model! {
        ann: knows(least);
        ann: thinks[ bob: chooses(x in DOOR, y in DOOR, uniformly) ];
        ann: observes_that [bob.x + bob.y >= least];
        return ann[E[bob.x * bob.y]];
    }
}

/// The mean product of two of 0, 1, 2 is 1. With a sum of at least 2 the pairs are 02,
/// 11, 20, 12, 21, 22 with the products 0, 1, 0, 2, 2, 4: 9/6.
#[test]
fn expectations_have_no_weight() {
    let explanation = expected::explain(2);
    let step = &explanation.steps()[0];
    assert_eq!(step.observed(), "ann observes that bob.x + bob.y >= least, with least = 2");
    assert_relative_eq!(explanation.prior(), 1.0, epsilon = 1e-12);
    assert_relative_eq!(step.after(), 1.5, epsilon = 1e-12);
    assert_eq!(step.weight(), None);
    assert_relative_eq!(step.likelihood().unwrap_or_default(), 6.0 / 9.0, epsilon = 1e-12);
    assert!(!explanation.to_string().contains("decibans"));
    let found: BTreeSet<String> = worlds(&explanation).iter().map(|w| format!("{} {:?}", w.0, w.2)).collect();
    assert_eq!(found.len(), 5);
    assert!(explanation.likeliest(6).iter().any(|world| world.value() == Some(4.0)));
}

/// Bob saw the coin, and Ann, who knows that, saw him smile: two minds observe.
#[memo(explain)]
fn smile<coin: Bool, _smiles: Bool>() {
    model! {
        ann: knows(coin, _smiles);
        ann: thinks[
            bob: thinks[ dealer: chooses(coin in Bool, uniformly), dealer: chooses(card in Bool, wpp = 3 if card == coin else 1) ],
            bob: observes [dealer.coin] is coin,
            bob: chooses(smile in Bool, wpp = 0.1 + E[dealer.card == smile])
        ];
        ann: observes [bob.smile] is _smiles;
        return ann[bob[Pr[dealer.card]]];
    }
}

/// Bob's 1/2 for the card becomes 3/4 with the coin. What Ann sees tells her nothing
/// about what he believes, which she knows.
#[test]
fn minds_within_minds() {
    let explanation = smile::explain((true, true));
    let steps = told(&explanation);
    assert_eq!(steps.len(), 1);
    assert_eq!(steps[0].0, "bob observes dealer.coin = true, as modelled by ann");
    assert_relative_eq!(explanation.prior(), 0.5);
    assert_relative_eq!(steps[0].1, 0.75);
    let world = &explanation.worlds()[0];
    assert_eq!(
        (world.mind(), world.choices()),
        ("bob, as modelled by ann", &[("dealer.card".into(), "true".into())][..])
    );
}

/// The past self does not learn what comes later, which is no step then.
#[memo(explain)]
fn before() {
    model! {
        ann: thinks[ bob: chooses(coin in Bool, wpp = 2 if coin else 1) ];
        ann: observes_event(wpp = 3 if bob.coin else 1);
        ann: snapshots_self_as(past);
        ann: observes_event(wpp = 5 if bob.coin else 1);
        return ann[past[Pr[bob.coin]]];
    }
}

/// Odds of 2:1 become 6:1, and not 30:1.
#[test]
fn past_selves() {
    let explanation = before::explain(());
    assert_eq!(explanation.steps().len(), 1);
    assert_relative_eq!(explanation.value(), 6.0 / 7.0);
    let world = &explanation.worlds()[0];
    assert_eq!((world.mind(), world.value()), ("past, as modelled by ann", Some(1.0)));
    assert_relative_eq!(world.share(), 6.0 / 7.0, epsilon = 1e-12);
}

/// Bob chooses what Ann sees: the cell does not say what that is.
#[memo(explain)]
fn unsettled() {
    model! {
        bob: chooses(coin in Bool, wpp = 3 if coin else 1);
        ann: thinks[ bob: chooses(coin in Bool, uniformly), bob: chooses(glove in Bool, wpp = 2 if glove == coin else 1) ];
        ann: observes [bob.coin] is bob.coin;
        return E[ann[Pr[bob.glove]]];
    }
}

/// Without it Ann holds 1/2; with it 2/3 after heads, of which there are 3 in 4, else
/// 1/3: 7/12 on average.
#[test]
fn what_the_cell_does_not_settle() {
    let explanation = unsettled::explain(());
    assert_relative_eq!(explanation.prior(), 0.5);
    assert_relative_eq!(explanation.value(), 7.0 / 12.0, epsilon = 1e-12);
    let step = &explanation.steps()[0];
    assert_eq!((step.observed(), step.likelihood()), ("ann observes bob.coin is bob.coin", None));
    assert_eq!(step.weight(), None);
    assert!(explanation.worlds().is_empty());
    let why = explanation.without_worlds();
    assert_eq!(why[0].1, "what it knows of bob.coin is not settled by the cell");
    assert!(explanation.to_string().contains("The worlds of ann are not shown: what it knows"));
}

/// A bet on what was seen: without it she bets on what she expects.
#[memo(explain)]
fn bet<seen: Bool, bet: Bool>() {
    model! {
        ann: thinks[ bob: chooses(coin in Bool, wpp = 2 if coin else 1) ];
        ann: observes [bob.coin] is seen;
        ann: chooses(bet in Bool, to_maximize = E[bet == bob.coin]);
        return Pr[ann.bet == bet];
    }
}

#[test]
fn decisions_without_what_was_seen() {
    let explanation = bet::explain((false, false));
    assert_eq!((explanation.prior(), explanation.value()), (0.0, 1.0));
}

/// Levels of a recursion keep their observations: only those of the call are left out.
#[memo(explain)]
fn levels<x: Bool>(n: usize) {
    model! {
        ann: thinks[
            bob: chooses(x in Bool, wpp = levels[x](n - 1) if n > 0 else (3 if x else 1))
        ];
        ann: observes_event(wpp = 2 if bob.x else 1);
        ann: knows(x);
        return ann[Pr[bob.x == x]];
    }
}

/// Odds of 3:1, doubled at each level.
#[test]
fn recursion() {
    let explanation = levels::explain(2, true);
    assert_relative_eq!(explanation.prior(), 12.0 / 13.0, epsilon = 1e-12);
    assert_relative_eq!(explanation.value(), 24.0 / 25.0, epsilon = 1e-12);
}

#[test]
fn errors_at_run_time() {
    let error = monty::try_explain((0, 3, 1)).map(|_| ()).unwrap_err();
    assert!(matches!(&error, Error::OutsideAxis { axis, .. } if axis == "reveal: DOOR"));
    assert_eq!(error.to_string(), "3 is outside the axis `reveal: DOOR` of the table of `monty`");
    // A weight that is no number is told of under the model's own name.
    let error = certain::try_explain(f64::NAN, true).map(|_| ()).unwrap_err();
    assert!(error.to_string().starts_with("in the model `certain`, bob chooses `coin`"), "{error}");
}

/// A model within a function; four rooms one after the other.
#[test]
fn a_chain() {
    const ROOM: Range<i64> = 0..2;
    #[memo(explain)]
    fn rooms<seen: ROOM>(stay: f64) {
        model! {
            cat: thinks[
                mouse: chooses(a in ROOM, uniformly),
                mouse: chooses(b in ROOM, wpp = stay if b == a else 1 - stay),
                mouse: chooses(c in ROOM, wpp = stay if c == b else 1 - stay),
                mouse: chooses(d in ROOM, wpp = stay if d == c else 1 - stay)
            ];
            cat: observes [mouse.d] is seen;
            return cat[Pr[mouse.a == mouse.b, mouse.b == mouse.c]];
        }
    }
    // All stay with 0.9^3; one move is one of three, each 0.9^2 · 0.1.
    let explanation = rooms::explain(0.9, 1);
    let found = worlds(&explanation);
    assert_eq!(found[0].0, "mouse.a=1 mouse.b=1 mouse.c=1");
    assert_relative_eq!(found[0].1, 0.729, epsilon = 1e-12);
    assert_relative_eq!(found[1].1, 0.081, epsilon = 1e-12);
    assert_relative_eq!(found[3].1, 0.081, epsilon = 1e-12);
}

/// Domains that are known at run time only, or written where they are used.
#[test]
fn any_domains() {
    #[memo(explain)]
    fn biased<seen: Bool>(grid: &Values<2>) {
        model! {
            ann: thinks[
                mint: given(bias in grid, wpp = 1),
                mint: draws(face in Bool, wpp = bernoulli_pmf(face, bias)),
                mint: draws(year in 2000..=2003, uniformly)
            ];
            ann: observes [mint.face] is seen;
            return ann[E[mint.bias]];
        }
    }
    // Biases of 0.2 and 0.8 with heads: 0.2 and 0.8 of the belief, 0.04 + 0.64 in all.
    let grid = Values::from([0.2, 0.8]);
    let explanation = biased::explain(&grid, true);
    assert_relative_eq!(explanation.prior(), 0.5);
    assert_relative_eq!(explanation.value(), 0.68, epsilon = 1e-12);
    let found = worlds(&explanation);
    assert_eq!((found[0].0.as_str(), found[0].2), ("mint.bias=0.8 mint.year=2000", Some(0.8)));
    assert_relative_eq!(found[0].1, 0.2, epsilon = 1e-12);
    assert_eq!(explanation.likeliest(100).len(), 8);
}

/// What is the same in all worlds that are shown is said once.
#[test]
fn worlds_of_many_choices() {
    #[memo(explain)]
    fn coins<last: Bool>() {
        model! {
            ann: thinks[
                bob: draws(a in Bool, b in Bool, c in Bool, wpp = 1 if a and b else 0),
                bob: draws(d in Bool, e in Bool, wpp = 3 if d == e else 1)
            ];
            ann: observes [bob.e] is last;
            return ann[Pr[bob.d]];
        }
    }
    let text = coins::explain(true).to_string();
    assert!(text.contains("| bob.c = false, bob.d = true  | 0.375 | 1           |"), "{text}");
    assert!(
        text.ends_with("In all of them bob.a = true, bob.b = true.\nThese are all that are left."),
        "{text}"
    );
}

#[test]
fn text_and_html() {
    let explanation = monty::explain((0, 2, 1));
    let text = "monty at pick = 0, reveal = 2, d = 1
alice[Pr[monty.prize == d]] = 0.667

+---------------------------------+------------+-------+-------------------------------+
| observed                        | likelihood | value | weight of evidence (decibans) |
+---------------------------------+------------+-------+-------------------------------+
| nothing yet                     |            | 0.333 |                               |
| alice observes monty.reveal = 2 | 0.500      | 0.667 | +6.021                        |
+---------------------------------+------------+-------+-------------------------------+

+-----------------+-------+-------------+
| world of alice  | share | value in it |
+-----------------+-------+-------------+
| monty.prize = 1 | 0.667 | 1.000       |
| monty.prize = 0 | 0.333 | 0.000       |
+-----------------+-------+-------------+
These are all that are left.";
    assert_eq!(format!("{explanation:.3}"), text);
    let page = explanation.to_html();
    // Well-formed, so that it can stand in any page.
    let tree = roxmltree::Document::parse(&page).unwrap_or_else(|error| panic!("{error}: {page}"));
    assert_eq!(tree.descendants().filter(|node| node.has_tag_name("table")).count(), 2);
    assert_eq!(tree.descendants().filter(|node| node.has_tag_name("rect")).count(), 3);
    assert!(page.contains("<td>alice observes monty.reveal = 2</td>"));
}
