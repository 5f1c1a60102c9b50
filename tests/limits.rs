//! The limit on calls of models, in a process of its own: it holds for all
//! threads.

use memo::Error;
use memo::prelude::*;

/// So many calls, one under the other.
#[memo]
fn deep(n: i64) {
    model! { return 0 if n == 0 else deep[](n - 1) + 1; }
}

/// It never comes to an end: `n` does not come nearer to 0.
#[memo]
fn endless(n: i64) {
    model! { return 0 if n == 0 else endless[](n + 1) + 1; }
}

/// Three small models, of which the last calls the first one twice.
#[memo(grad)]
fn first(x: f64) {
    model! { return x * x; }
}

#[memo(grad)]
fn second(x: f64) {
    model! { return first[](2 * x) + x; }
}

#[memo(grad)]
fn last(x: f64) {
    model! { return second[](x) * first[](x); }
}

#[test]
fn calls_are_limited() {
    assert_eq!(deep(5_000).value(), 5_000.0);
    memo::set_call_limit(Some(1_000));
    assert_eq!(deep(900).value(), 900.0);
    let Err(Error::EndlessRecursion { chain }) = deep::try_call(1_001) else { panic!("1001 calls and one") };
    assert_eq!(chain.first().map(String::as_str), Some("deep(1001)"));
    let error = endless::try_call(1).map(|_| ()).unwrap_err().to_string();
    assert!(error.starts_with("the recursion does not end: endless(1) → endless(2)"), "{error}");
    // Four calls, on the stack or not.
    memo::set_call_limit(Some(4));
    assert_eq!(last(3.0).value(), 351.0);
    assert_eq!(last::value_and_grad(3.0).1["x"], 459.0);
    memo::set_call_limit(Some(2));
    let Err(Error::EndlessRecursion { chain }) = last::try_call(3.0) else { panic!("four calls") };
    assert_eq!(chain.first().map(String::as_str), Some("last(3)"));
    assert!(matches!(last::try_value_and_grad(3.0), Err(Error::EndlessRecursion { .. })));
    memo::set_call_limit(None);
    assert_eq!(deep(5_000).value(), 5_000.0);
    assert!(matches!(endless::try_call(1), Err(Error::EndlessRecursion { .. })));
}
