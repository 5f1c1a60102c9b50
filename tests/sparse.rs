//! Posteriors of what is mostly impossible, and rows that no table holds, against
//! the same numbers computed one after the other.

use memo::prelude::*;
use std::ops::Range;

const FROM: Range<i64> = 0..60;
const TO: Range<i64> = 0..70;
const WAYS: Range<i64> = 0..7;
const WISH: Range<i64> = 1..3;

/// Nothing leads beyond 63, and nothing from 50 by the way 3.
fn leads_to(y: i64, x: i64, w: i64) -> f64 {
    let near = (y - (x + 2 * w) % 64).abs() <= 1 && y < 64;
    if near && (x, w) != (50, 3) { 1.0 + ((x * 7 + y) % 5) as f64 } else { 0.0 }
}

/// The same with hardly any zeros.
fn may_lead_to(y: i64, x: i64, w: i64) -> f64 {
    leads_to(y, x, w) + f64::from(u8::from(y < 64)) * 0.25
}

macro_rules! models {
    ($module:ident, $leads:ident) => {
        mod $module {
            use super::*;

            /// Where it came from: with what is asked first, and last.
            #[memo]
            pub fn first<x: FROM, y: TO, w: WAYS>(p: f64) {
                model! {
                    alice: knows(x, y, w);
                    alice: thinks[
                        bob: knows(w),
                        bob: chooses(x in FROM, wpp = p + x),
                        bob: chooses(y in TO, wpp = $leads(y, x, w))
                    ];
                    alice: observes [bob.y] is y;
                    return alice[Pr[bob.x == x]];
                }
            }

            #[memo]
            pub fn last<y: TO, w: WAYS, x: FROM>(p: f64) {
                model! {
                    alice: knows(x, y, w);
                    alice: thinks[
                        bob: knows(w),
                        bob: chooses(x in FROM, wpp = p + x),
                        bob: chooses(y in TO, wpp = $leads(y, x, w))
                    ];
                    alice: observes [bob.y] is y;
                    return alice[Pr[bob.x == x]];
                }
            }

            /// Read twice, so that it is no copy.
            #[memo]
            pub fn twice<x: FROM, y: TO, w: WAYS>(p: f64) {
                model! {
                    alice: knows(x, y, w);
                    alice: thinks[
                        bob: knows(w),
                        bob: chooses(x in FROM, wpp = p + x),
                        bob: chooses(y in TO, wpp = $leads(y, x, w))
                    ];
                    alice: observes [bob.y] is y;
                    return alice[Pr[bob.x == x] + E[bob.x]];
                }
            }

            /// How much the first leaves open: of what is mostly zeros it is handed the
            /// rest alone.
            #[memo]
            pub fn open<y: TO, w: WAYS>(level: i64, p: f64) {
                model! {
                    alice: knows(y, w);
                    alice: thinks[
                        bob: knows(y, w),
                        bob: chooses(x in FROM, wpp = first[x, y, w](p) if level > 0 else p)
                    ];
                    return alice[H[bob.x]];
                }
            }

            /// How much it leaves open of where it has come to, which is asked along another
            /// axis than the chances are of.
            #[memo]
            pub fn open_end<w: WAYS, x: FROM>(p: f64) {
                model! {
                    alice: knows(x, w);
                    alice: thinks[
                        bob: knows(x, w),
                        bob: chooses(y in TO, wpp = first[x, y, w](p))
                    ];
                    return alice[H[bob.y]];
                }
            }

            /// Where it came from, and by which of two wishes: for each, the same may be.
            #[memo]
            pub fn wished<g: WISH, x: FROM, w: WAYS, y: TO>(p: f64) {
                model! {
                    alice: knows(x, y, w, g);
                    alice: thinks[
                        bob: knows(w, g),
                        bob: chooses(x in FROM, wpp = p + x * g),
                        bob: chooses(y in TO, wpp = $leads(y, x, w))
                    ];
                    alice: observes [bob.y] is y;
                    return alice[Pr[bob.x == x]];
                }
            }

            #[memo]
            pub fn open_wish<y: TO, g: WISH, w: WAYS>(p: f64) {
                model! {
                    alice: knows(y, w, g);
                    alice: thinks[
                        bob: knows(y, w, g),
                        bob: chooses(x in FROM, wpp = wished[g, x, w, y](p))
                    ];
                    return alice[H[bob.x]];
                }
            }

            /// The same where others read all of that.
            #[memo]
            pub fn open_to_many<y: TO, w: WAYS, x: FROM>(p: f64) {
                model! {
                    return open[y, w](1, p) + 2.0 * open[y, w](2, p) + first[x, y, w](p);
                }
            }
        }
    };
}
models!(mostly_zeros, leads_to);
models!(hardly_any_zeros, may_lead_to);

/// The chances of where it came from.
fn posterior(leads: fn(i64, i64, i64) -> f64, p: f64, y: i64, w: i64) -> Option<Vec<f64>> {
    posterior_of_wish(leads, p, 1, y, w)
}

fn posterior_of_wish(leads: fn(i64, i64, i64) -> f64, p: f64, g: i64, y: i64, w: i64) -> Option<Vec<f64>> {
    let weight = |x: i64| {
        let all: f64 = TO.map(|y| leads(y, x, w)).sum();
        if all == 0.0 { 0.0 } else { (p + (x * g) as f64) * leads(y, x, w) / all }
    };
    let total: f64 = FROM.map(weight).sum();
    (total > 0.0).then(|| FROM.map(|x| weight(x) / total).collect())
}

#[test]
fn posteriors_of_what_is_mostly_impossible() {
    type Leads = fn(i64, i64, i64) -> f64;
    let p = 0.5;
    let few = (mostly_zeros::first(p), mostly_zeros::last(p), mostly_zeros::twice(p), leads_to as Leads);
    let many = (
        hardly_any_zeros::first(p),
        hardly_any_zeros::last(p),
        hardly_any_zeros::twice(p),
        may_lead_to as Leads,
    );
    for (first, last, twice, leads) in [few, many] {
        let mut impossible = Vec::new();
        for y in TO {
            for w in WAYS {
                let expected = posterior(leads, p, y, w);
                impossible.extend(expected.is_none().then_some((y, w)));
                let expected = expected.unwrap_or_else(|| vec![0.0; FROM.count()]);
                let mean: f64 = FROM.zip(&expected).map(|(x, p)| x as f64 * p).sum();
                for (x, chance) in FROM.zip(&expected) {
                    assert!((first[(x, y, w)] - chance).abs() < 1e-14, "{x}, {y}, {w}");
                    assert_eq!(first[(x, y, w)], last[(y, w, x)], "{x}, {y}, {w}");
                    assert!((twice[(x, y, w)] - chance - mean).abs() < 1e-12, "{x}, {y}, {w}");
                }
            }
        }
        // Whatever stands for it in the table.
        assert!(!impossible.is_empty());
        let marked: Vec<(i64, i64)> =
            first.impossible().into_iter().filter(|(x, ..)| *x == 0).map(|(_, y, w)| (y, w)).collect();
        assert_eq!(marked, impossible);
        assert_eq!(first.impossible().len(), impossible.len() * FROM.count());
        assert_eq!(last.impossible().len(), impossible.len() * FROM.count());
    }
}

#[test]
fn what_is_handed_over_by_what_is_not_zero() {
    let p = 0.5;
    macro_rules! of {
        ($module:ident) => {
            ($module::open(0, p), $module::open(1, p), $module::open_to_many(p), $module::first(p))
        };
    }
    let few = (of!(mostly_zeros), leads_to as fn(i64, i64, i64) -> f64);
    let many = (of!(hardly_any_zeros), may_lead_to as fn(i64, i64, i64) -> f64);
    for ((before, after, to_many, first), leads) in [few, many] {
        for y in TO {
            for w in WAYS {
                let chances = posterior(leads, p, y, w).unwrap_or_default();
                let expected: f64 =
                    chances.iter().filter(|chance| **chance > 0.0).map(|chance| -chance * chance.ln()).sum();
                assert!((after[(y, w)] - expected).abs() < 1e-12, "{y}, {w}");
                assert!((before[(y, w)] - (FROM.count() as f64).ln()).abs() < 1e-12, "{y}, {w}");
                for x in FROM {
                    let all = 3.0 * expected + first[(x, y, w)];
                    assert!((to_many[(y, w, x)] - all).abs() < 1e-12, "{x}, {y}, {w}");
                }
            }
        }
        assert!(before.impossible().is_empty() && after.impossible().is_empty());
        assert!(!to_many.impossible().is_empty());
    }
}

fn entropy(chances: &[f64]) -> f64 {
    chances.iter().filter(|chance| **chance > 0.0).map(|chance| -chance * chance.ln()).sum()
}

#[test]
fn what_is_handed_over_along_another_axis_or_again_and_again() {
    let p = 0.5;
    macro_rules! of {
        ($module:ident) => {
            ($module::open_end(p), $module::open_wish(p), $module::wished(p))
        };
    }
    let few = (of!(mostly_zeros), leads_to as fn(i64, i64, i64) -> f64);
    let many = (of!(hardly_any_zeros), may_lead_to as _);
    for ((end, wish, wished), leads) in [few, many] {
        for w in WAYS {
            let beliefs: Vec<Option<Vec<f64>>> = TO.map(|y| posterior(leads, p, y, w)).collect();
            for (x, at) in FROM.zip(0..) {
                let weights: Vec<f64> = beliefs.iter().map(|b| b.as_ref().map_or(0.0, |b| b[at])).collect();
                let total: f64 = weights.iter().sum();
                let chances: Vec<f64> = weights.iter().map(|weight| weight / total).collect();
                assert!((end[(w, x)] - entropy(&chances)).abs() < 1e-12, "{w}, {x}");
            }
            for y in TO {
                for g in WISH {
                    let chances = posterior_of_wish(leads, p, g, y, w).unwrap_or_default();
                    assert!((wish[(y, g, w)] - entropy(&chances)).abs() < 1e-12, "{y}, {g}, {w}");
                    for (x, chance) in FROM.zip(chances) {
                        assert!((wished[(g, x, w, y)] - chance).abs() < 1e-14, "{g}, {x}, {w}, {y}");
                    }
                }
            }
        }
    }
}

const PLACES: Range<i64> = 0..6;
const STEPS: Range<i64> = 0..3;
const WISHES: Range<i64> = 0..21;

/// One step leads to one place, the others to two: as likely, and not.
fn goes(s: i64, a: i64, to: i64) -> f64 {
    let ahead = (s + 1) % 6;
    match a {
        _ if to == ahead => 1.0,
        1 if to == s => 1.0,
        2 if to == (s + 4) % 6 => 3.0,
        _ => 0.0,
    }
}

fn pays(to: i64, g: i64, odd: f64) -> f64 {
    if (to, g) == (2, 18) { odd } else { ((to * 31 + g * 17) % 13) as f64 - 6.0 }
}

/// What a step is worth that leads to one place, or to several.
#[memo]
fn value<s: PLACES, a: STEPS, g: WISHES>(t: i64, odd: f64) {
    model! {
        alice: knows(s, a, g);
        alice: given(to in PLACES, wpp = goes(s, a, to));
        alice: snapshots_self_as(then);
        return E[alice[
            pays(to, g, odd) + (0.0 if t <= 0 else imagine[
                then: chooses(b in STEPS, to_maximize = value[to, b, g](t - 1, odd)),
                0.5 * E[then[value[to, b, g](t - 1, odd)]]
            ])
        ]];
    }
}

/// The same at the least.
#[memo]
fn cost<s: PLACES, a: STEPS, g: WISHES>(t: i64, odd: f64) {
    model! {
        alice: knows(s, a, g);
        alice: given(to in PLACES, wpp = goes(s, a, to));
        alice: snapshots_self_as(then);
        return E[alice[
            pays(to, g, odd) + (0.0 if t <= 0 else imagine[
                then: chooses(b in STEPS, to_minimize = cost[to, b, g](t - 1, odd)),
                0.5 * E[then[cost[to, b, g](t - 1, odd)]]
            ])
        ]];
    }
}

/// Each step leads to one place.
fn leads(s: i64, a: i64, to: i64) -> f64 {
    f64::from(u8::from(to == (s + 2 * a + 1) % 6))
}

/// What a step is worth whose end is certain.
#[memo]
fn certain<s: PLACES, a: STEPS, g: WISHES>(t: i64, odd: f64) {
    model! {
        alice: knows(s, a, g);
        alice: given(to in PLACES, wpp = leads(s, a, to));
        alice: snapshots_self_as(then);
        return E[alice[
            pays(to, g, odd) + (0.0 if t <= 0 else imagine[
                then: chooses(b in STEPS, to_maximize = certain[to, b, g](t - 1, odd)),
                0.5 * E[then[certain[to, b, g](t - 1, odd)]]
            ])
        ]];
    }
}

/// How likely a step leads to a place.
type Steps = fn(i64, i64, i64) -> f64;
/// Which of two values is chosen.
type Better = fn(f64, f64) -> f64;

fn expected_value(t: i64, odd: f64, (goes, better): (Steps, Better), (s, a, g): (i64, i64, i64)) -> f64 {
    let all: f64 = PLACES.map(|to| goes(s, a, to)).sum();
    let after = |to: i64| {
        let next = STEPS.map(|b| expected_value(t - 1, odd, (goes, better), (to, b, g)));
        next.reduce(better).map_or(0.0, |best| 0.5 * best)
    };
    let worth = |to: i64| pays(to, g, odd) + if t > 0 { after(to) } else { 0.0 };
    PLACES.filter(|to| goes(s, a, *to) > 0.0).map(|to| goes(s, a, to) / all * worth(to)).sum()
}

#[test]
fn rows_that_are_made_of_one_other_or_of_several() {
    for odd in [0.25, f64::INFINITY] {
        for t in 0..3 {
            let (largest, smallest, one) = (value(t, odd), cost(t, odd), certain(t, odd));
            for cell in PLACES.flat_map(|s| STEPS.flat_map(move |a| WISHES.map(move |g| (s, a, g)))) {
                let found: [(_, Steps, Better); 3] = [
                    (largest[cell], goes, f64::max),
                    (smallest[cell], goes, f64::min),
                    (one[cell], leads, f64::max),
                ];
                for (found, goes, better) in found {
                    let expected = expected_value(t, odd, (goes, better), cell);
                    assert!(found == expected || (found - expected).abs() < 1e-12, "{cell:?}");
                }
            }
        }
    }
}

#[test]
fn the_best_of_what_is_no_number_is_told_with_its_place() {
    for error in [value::try_call(1, f64::NAN), cost::try_call(1, f64::NAN)].map(Result::err) {
        let error = error.expect("no number is the best").to_string();
        assert!(error.contains("NaN") && error.contains("g = 18"), "{error}");
    }
}

fn fit(x: i64, y: i64) -> f64 {
    ((x * 7919 + y * 104_729) % 1000) as f64 / 1000.0
}

/// What is made of a row that is not kept: by level, for it may be asked before
/// the first.
#[memo]
fn rows<y: TO, w: WAYS>(level: i64, p: f64) {
    model! {
        alice: knows(y, w);
        alice: thinks[
            bob: knows(y, w),
            bob: chooses(x in FROM, wpp = p * fit(x, y) + rows[y, w](level - 1, p) if level > 0 else p + w)
        ];
        return alice[H[bob.x]];
    }
}

#[memo]
fn best<w: WAYS, y: TO>(p: f64) {
    model! {
        bob: knows(y, w);
        bob: chooses(x in FROM, to_minimize = p * fit(x, y + w));
        return E[fit(bob.x, y + 3)];
    }
}

#[test]
fn rows_that_no_table_holds() {
    let (p, table, least) = (0.3, rows(1, 0.3), best(0.3));
    for y in TO {
        for w in WAYS {
            let before = (FROM.count() as f64).ln();
            let weights: Vec<f64> = FROM.map(|x| p * fit(x, y) + before).collect();
            let total: f64 = weights.iter().sum();
            let expected = -weights.iter().map(|x| x / total * (x / total).ln()).sum::<f64>();
            assert!((table[(y, w)] - expected).abs() < 1e-12, "{y}, {w}");
            let value = FROM.map(|x| fit(x, y + w)).fold(f64::INFINITY, f64::min);
            let ties: Vec<f64> = FROM.filter(|x| fit(*x, y + w) == value).map(|x| fit(x, y + 3)).collect();
            let mean = ties.iter().sum::<f64>() / ties.len() as f64;
            assert!((least[(w, y)] - mean).abs() < 1e-12, "{y}, {w}");
        }
    }
}

#[test]
fn a_bad_weight_in_a_row_is_told_with_its_place() {
    let error = rows::try_call(0, -1.0).map(|_| ()).expect_err("weights are negative");
    assert!(error.to_string().contains("y = 0, w = 0"), "{error}");
}
