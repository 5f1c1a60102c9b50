//! What can only go wrong at run time: an `Err` with all that a person needs
//! from `f::try_call`, a panic with the same words from `f`.

use memo::Error;
use memo::prelude::*;
use std::ops::Range;

const X: Range<i64> = 0..3;
const HUGE: Range<i64> = 0..4_000_000_000_000;

fn third(n: i64) -> f64 {
    n as f64 / 3.0
}

#[memo]
fn argument<x: X>() {
    model! {
        return third(x / 2);
    }
}

#[memo]
fn takes_integer(_n: i64) {
    model! {
        return 1;
    }
}

#[memo]
fn model_argument(p: f64) {
    model! {
        return takes_integer[](p * 2);
    }
}

#[test]
fn arguments_that_are_no_integers() {
    let error = argument::try_call().map(|_| ()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "in the model `argument`, `third` is given the number 0.5, but takes a `i64`"
    );
    assert_eq!(model_argument(0.5).value(), 1.0);
    let error = model_argument::try_call(0.3).map(|_| ()).unwrap_err();
    let number = 0.6;
    let (model, function) = ("model_argument".into(), "takes_integer".into());
    assert_eq!(error, Error::BadArgument { model, function, wanted: "i64".into(), number });
}

#[memo]
fn element<x: X>() {
    model! {
        alice: knows(x);
        alice: chooses(v in [Bool; 2], wpp = v[x]);
        return E[alice.v[0]];
    }
}

#[memo]
fn element_of_part<x: X>() {
    model! {
        alice: chooses(pair in (Bool, [Bool; 2]), uniformly);
        return E[alice.pair.1[x]];
    }
}

#[test]
fn elements_that_there_are_not() {
    let error = element::try_call().unwrap_err().to_string();
    assert_eq!(error, "in the model `element`, the index 2 is outside `alice.v`, whose length is 2");
    let error = element_of_part::try_call().unwrap_err().to_string();
    assert!(error.contains("the index 2 is outside `alice.pair.1`"), "{error}");
}

#[memo]
fn too_large<x: X>() {
    model! {
        a: chooses(y in HUGE, wpp = 1);
        return Pr[a.y == x];
    }
}

#[test]
fn tables_that_do_not_fit() {
    let Err(error) = too_large::try_call() else { panic!("32 TB do not fit") };
    assert!(matches!(&error, Error::TooLarge { bytes: 32_000_000_000_000, .. }), "{error:?}");
    assert!(error.to_string().contains("a.y (4000000000000)"), "{error}");
}

#[memo]
fn mismatch(left: &Vec<f64>, right: &Vec<f64>) {
    model! {
        a: thinks[ b: chooses(x in left, wpp = 1) ];
        c: chooses(y in right, wpp = 1);
        a: observes [b.x] is c.y;
        return E[a[b.x] + c.y];
    }
}

#[memo]
fn over<p: points>(points: &Vec<f64>) {
    model! {
        return p;
    }
}

#[memo]
fn hands_on<p: points>(points: &Vec<f64>, others: &Vec<f64>) {
    model! {
        return over[p](others);
    }
}

#[test]
fn domains_of_one_type_that_differ() {
    let (a, b) = (vec![0.0, 1.0], vec![0.0, 2.0]);
    assert!(matches!(mismatch::try_call(&a, &b), Err(Error::DomainMismatch { .. })));
    assert_eq!(mismatch(&a, &a.clone()).value(), 1.0);
    assert!(matches!(hands_on::try_call(&a, &b), Err(Error::DomainMismatch { .. })));
    assert_eq!(hands_on(&a, &a.clone()).values(), a);
    assert!(matches!(hands_on::try_call(&a, &Vec::new()), Err(Error::DomainMismatch { .. })));
}

#[memo]
fn inner<y: X>(w: f64) {
    model! {
        bob: chooses(y in X, wpp = w + y);
        return Pr[bob.y == y];
    }
}

#[memo]
fn outer<x: X>(w: f64) {
    model! {
        alice: knows(x);
        alice: thinks[ bob: chooses(y in X, wpp = inner[y](w - 2)) ];
        return alice[E[bob.y]] + 0 * x;
    }
}

#[test]
#[should_panic(expected = "in the model `inner`, bob chooses `y` with the weight -1")]
fn errors_come_through_calls() {
    assert_eq!(outer(3.0)[0], 4.0 / 3.0);
    let _ = outer(1.0);
}

#[memo]
fn infinite<x: X>(u: f64) {
    model! {
        a: chooses(y in X, wpp = exp(u * y));
        return Pr[a.y == x];
    }
}

#[memo]
fn soft<x: X>(u: f64) {
    model! {
        a: thinks[ b: chooses(y in X, wpp = 1) ];
        a: knows(x);
        a: observes_event(wpp = u - b.y);
        return a[Pr[b.y == x]];
    }
}

#[test]
fn exponents_and_evidence_are_checked() {
    assert!(matches!(infinite::try_call(f64::INFINITY), Err(Error::BadWeight { .. })));
    assert!(matches!(infinite::try_call(f64::NAN), Err(Error::BadWeight { .. })));
    assert!(infinite::try_call(f64::MAX).is_err(), "u·2 is infinite");
    let Err(Error::BadWeight { agent, cell, value, .. }) = soft::try_call(1.5) else { panic!("1.5 - 2 < 0") };
    assert_eq!((agent.as_str(), cell, value), ("a", vec![("b.y".to_string(), "2".to_string())], -0.5));
}

fn gain(s: i64, y: i64) -> f64 {
    if (s, y) == (1, 2) { f64::NAN } else { (s - y) as f64 }
}

/// The worth of each way to go on, which is not known everywhere.
#[memo]
fn worth<s: X, y: X>() {
    model! { return gain(s, y); }
}

/// Only the value of the best is asked for, never who takes it.
#[memo]
fn best<x: X, s: X>(known: i64) {
    model! {
        a: knows(x, s);
        a: chooses(y in X, to_maximize = worth[s, y]() if s < known else 7);
        a: chooses(z in X, to_minimize = worth[x, z]() if known > 1 else 0);
        return x + (E[worth[s, a.y]()] if known > 2 else 0);
    }
}

/// The same of one kind, whose value is a maximum.
#[memo]
fn largest<x: X, s: X>(which: i64) {
    model! {
        a: knows(x, s);
        a: chooses(y in X, to_maximize = some[x, s, y](which));
        return E[some[x, s, a.y](which)];
    }
}

#[memo]
fn some<x: X, s: X, y: X>(which: i64) {
    model! { return gain(s, y) if which == 0 else gain(x, y) if which == 1 else x + s * y; }
}

#[test]
fn values_that_are_no_numbers_are_found_behind_a_maximum() {
    assert!(largest::plan().contains("max[a.y]"), "{}", largest::plan());
    for (which, s) in [(0, "1"), (1, "0")] {
        let Err(Error::BadWeight { agent, choice, cell, value, .. }) = largest::try_call(which) else {
            panic!("gain(1, 2) is no number")
        };
        assert_eq!((agent.as_str(), choice.as_str()), ("a", "y"));
        assert!(value.is_nan());
        let x = if which == 0 { "0" } else { "1" };
        let place = [("x", x), ("s", s), ("a.y", "2")].map(|(axis, at)| (axis.to_string(), at.to_string()));
        assert_eq!(cell, place);
    }
    let table = largest(2);
    assert_eq!((table[(1, 2)], table[(2, 0)]), (5.0, 2.0));
    assert!(best::try_call(1).is_ok());
    assert!(matches!(best::try_call(2), Err(Error::BadWeight { .. })));
    assert!(matches!(best::try_call(3), Err(Error::BadWeight { .. })));
}

fn picky(x: i64) -> f64 {
    assert!(x < 2, "picky has not heard of {x}");
    1.0
}

#[memo]
fn panicking<x: X>(p: f64) {
    model! {
        a: chooses(y in X, wpp = p * picky(y));
        return Pr[a.y == x];
    }
}

#[test]
fn panics_of_functions_become_errors() {
    let Err(error) = panicking::try_call(1.0) else { panic!("picky panics at 2") };
    assert_eq!(
        error.to_string(),
        "in the model `panicking`, a function has panicked: picky has not heard of 2"
    );
    // Nothing is left in a bad state.
    assert_eq!(panicking::try_call(1.0).map(|_| ()), Err(error));
    assert!(outer::try_call(3.0).is_ok());
}

/// What each answers rests on the other alone, without any parameter.
#[memo]
fn here<x: Bool>() {
    model! { return there[x]() + 1; }
}

#[memo]
fn there<x: Bool>() {
    model! { return here[x]() + 1; }
}

/// Asks for what is answered once and for all, and for its cost.
#[memo]
fn asks<x: Bool>(p: f64) {
    model! { return p * answers[x]() + (size @ answers()); }
}

#[memo]
fn answers<x: Bool>() {
    model! { a: chooses(y in Bool, wpp = 1 + 2 * y); return Pr[a.y == x]; }
}

#[test]
fn answers_kept_for_good() {
    assert!(matches!(here::try_call(), Err(Error::EndlessRecursion { .. })));
    assert!(matches!(there::try_call(), Err(Error::EndlessRecursion { .. })));
    let size = answers::cost().program_size as f64;
    assert_eq!(asks(2.0)[true], 2.0 * 0.75 + size);
    assert_eq!(asks(4.0)[false], 4.0 * 0.25 + size);
    // The cost of what is kept counts, too.
    assert!(asks::cost(1.0).program_size > answers::cost().program_size);
}

const FAR: Range<i64> = 0..6;

fn weight(x: i64, y: i64, strange: f64) -> f64 {
    if matches!((x, y), (1, 4) | (2, 5)) { strange } else { (x + y) as f64 }
}

/// Rows of two, more of them than are divided one by one.
#[memo]
fn pairs<x: X, y: FAR, b: Bool>(strange: f64) {
    model! {
        a: knows(x, y);
        a: chooses(b in Bool, wpp = weight(x, y, strange) if b else 3 - strange * (x == 2) * (y == 5));
        return Pr[a.b == b];
    }
}

#[test]
fn a_bad_weight_among_rows_of_two_is_found() {
    let table = pairs(1.0);
    for (x, y) in (0..18).map(|row| (row / 6, row % 6)) {
        let yes = weight(x, y, 1.0);
        let no = if (x, y) == (2, 5) { 2.0 } else { 3.0 };
        assert_eq!((table[(x, y, true)], table[(x, y, false)]), (yes / (yes + no), no / (yes + no)));
    }
    // The one among others, and the last.
    for (strange, place, worst) in [(-0.5, ["1", "4", "true"], -0.5), (3.5, ["2", "5", "false"], -0.5)] {
        let Err(Error::BadWeight { cell, value, .. }) = pairs::try_call(strange) else {
            panic!("{strange} makes a weight negative")
        };
        let names = ["x", "y", "a.b"].map(String::from).into_iter();
        assert_eq!(cell, names.zip(place.map(String::from)).collect::<Vec<_>>());
        assert_eq!(value, worst);
    }
}
