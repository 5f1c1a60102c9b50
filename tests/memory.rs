//! The memory limit, which is one for the whole process: alone in its file.

use memo::Error;
use memo::prelude::*;
use std::ops::Range;

const MANY: Range<i64> = 0..400;

fn near(x: i64, y: i64, scale: f64) -> f64 {
    scale / (1.0 + (x - y).abs() as f64)
}

#[memo]
fn spread<x: MANY, y: MANY>(scale: f64) {
    model! {
        a: knows(x);
        a: chooses(y in MANY, wpp = near(x, y, scale));
        return Pr[a.y == y];
    }
}

/// Without a parameter: what it computes is kept, its failure is not.
#[memo]
fn always<x: MANY>() {
    model! {
        a: knows(x);
        a: chooses(y in MANY, wpp = near(x, y, 1.0));
        return E[a.y];
    }
}

/// A hundred levels whose tables are all kept for the derivative.
#[memo(grad)]
fn levels<x: MANY>(scale: f64, t: i64) {
    model! {
        return scale if t == 0 else x + scale * levels[x](scale, t - 1);
    }
}

#[test]
fn the_limit_can_be_set() {
    // One table of 400 × 400 numbers, which is returned.
    assert!(spread::plan().contains("memory of a call: at most 8·("), "{}", spread::plan());
    assert!(spread::try_call(1.0).is_ok());
    memo::set_memory_limit(Some(400 * 400 * 8 - 1));
    let error = spread::try_call(1.0);
    assert!(matches!(&error, Err(Error::TooLarge { limit: 1_279_999, .. })), "{error:?}");
    assert!(matches!(always::try_call(), Err(Error::TooLarge { .. })));
    memo::set_memory_limit(Some(8 << 20));
    assert!(always::try_call().is_ok());
    assert!(spread::try_call(1.0).is_ok());
    memo::set_memory_limit(None);
    assert!(spread::try_call(1.0).is_ok());
    // 400 numbers a level, of which 101 do not fit into 100 times as many.
    memo::set_memory_limit(Some(100 * 400 * 8));
    assert!(levels::try_record(0.5, 99).is_ok());
    let error = levels::try_record(0.5, 100).map(|_| ());
    assert!(
        matches!(&error, Err(Error::RecordTooLarge { calls: (101, 101), bytes: 323_200, .. })),
        "{error:?}"
    );
    memo::set_memory_limit(None);
    assert!(levels::try_record(0.5, 100).is_ok());
}
