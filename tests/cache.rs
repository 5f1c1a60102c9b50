//! What a model with a cache computes again, and what it does not.

use memo::prelude::*;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Mutex;

/// A level of these is small, one of those large.
const FEW: Range<i64> = 0..10;
const MANY: Range<i64> = 0..20_000;

macro_rules! levels {
    ($name:ident, $domain:ident) => {
        mod $name {
            use super::*;

            static COMPUTED: Mutex<BTreeSet<i64>> = Mutex::new(BTreeSet::new());

            fn noted(t: i64) -> f64 {
                COMPUTED.lock().unwrap_or_else(|error| panic!("{error}")).insert(t);
                t as f64
            }

            #[memo(cache)]
            pub fn level<n: $domain>(t: i64) {
                model! { return n if t <= 0 else 0.5 * level[n](t - 1) + noted(t); }
            }

            /// Another model's call is one from outside.
            #[memo]
            pub fn shifted<n: $domain>(t: i64) {
                model! { return level[n](t + 1) - 1; }
            }

            /// Which levels are computed now.
            pub fn computed(call: impl FnOnce()) -> Vec<i64> {
                let taken =
                    || std::mem::take(&mut *COMPUTED.lock().unwrap_or_else(|error| panic!("{error}")));
                taken();
                call();
                taken().into_iter().collect()
            }
        }
    };
}
levels!(small, FEW);
levels!(large, MANY);

fn expected(n: i64, t: i64) -> f64 {
    (1..=t).fold(n as f64, |value, t| 0.5 * value + t as f64)
}

#[test]
fn small_levels_are_all_kept() {
    let all: Vec<i64> = (1..=40).collect();
    assert_eq!(small::computed(|| drop(small::level(40))), all);
    assert!(small::computed(|| drop(small::level(40))).is_empty());
    assert!(small::computed(|| drop(small::level(20))).is_empty());
    assert_eq!(small::computed(|| drop(small::shifted(40))), [41]);
    small::level::clear_cache();
    assert_eq!(small::computed(|| drop(small::level(40))), all);
}

/// What has been asked for is kept, and one of some levels under it.
#[test]
fn of_large_levels_some_are_kept() {
    let all: Vec<i64> = (1..=40).collect();
    assert_eq!(large::computed(|| drop(large::level(40))), all);
    assert!(large::computed(|| drop(large::level(40))).is_empty());
    assert_eq!(large::computed(|| drop(large::shifted(40))), [41]);
    let again = large::computed(|| drop(large::level(20)));
    assert!(again.last() == Some(&20) && again.len() < 16, "{again:?}");
    for t in [0, 7, 20, 40] {
        let level = large::level(t);
        assert!([0, 1, 19_999].into_iter().all(|n| level[n] == expected(n, t)));
    }
}
