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

#[test]
fn calls_are_limited() {
    assert_eq!(deep(5_000).value(), 5_000.0);
    memo::set_call_limit(Some(1_000));
    assert_eq!(deep(900).value(), 900.0);
    let Err(Error::EndlessRecursion { chain }) = deep::try_call(1_001) else { panic!("1001 calls and one") };
    assert_eq!(chain.first().map(String::as_str), Some("deep(1001)"));
    let error = endless::try_call(1).map(|_| ()).unwrap_err().to_string();
    assert!(error.starts_with("the recursion does not end: endless(1) → endless(2)"), "{error}");
    memo::set_call_limit(None);
    assert_eq!(deep(5_000).value(), 5_000.0);
    assert!(matches!(endless::try_call(1), Err(Error::EndlessRecursion { .. })));
}
