//! Cheryl's birthday: knowing that the other does not know.

use memo::prelude::*;
use std::ops::RangeInclusive;

/// The month, told to Alice.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Month {
    February,
    March,
    April,
}

/// The day, told to Bob.
pub const DAY: RangeInclusive<i64> = 1..=31;

/// What they say about what they know.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Says {
    Dunno,
    Known,
}

/// Whether the month has the day.
pub fn exists(m: Month, d: i64) -> bool {
    d <= [29, 31, 30][m as usize]
}

/// 1: does Alice know the day?
#[memo]
pub fn a_u1<m: Month, u: Says>() {
    model! {
        a: thinks[
            c: chooses(m in Month, wpp = 1),
            c: chooses(d in DAY, wpp = exists(m, d))
        ];
        a: observes [c.m] is m;
        return u == a[Var[c.d] == 0];
    }
}

/// 2: does Alice think that Bob may know the month?
#[memo]
pub fn a_u2<m: Month, u: Says>() {
    model! {
        a: thinks[
            c: chooses(m in Month, wpp = 1),
            c: chooses(d in DAY, wpp = exists(m, d)),
            b: thinks[
                c: chooses(m in Month, wpp = 1),
                c: chooses(d in DAY, wpp = exists(m, d))
            ],
            b: observes [c.d] is c.d
        ];
        a: observes [c.m] is m;
        return u == a[Pr[b[Var[c.m] == 0]] > 0];
    }
}

/// 3: does Bob know the month?
#[memo]
pub fn b_u3<d: DAY, u: Says>() {
    model! {
        b: thinks[
            c: chooses(m in Month, wpp = 1),
            c: chooses(d in DAY, wpp = exists(m, d))
        ];
        b: observes [c.d] is d;
        return u == b[Var[c.m] == 0];
    }
}

/// 4: does Bob know the month, having heard Alice?
#[memo]
pub fn b_u4<d: DAY, u1: Says, u2: Says, u: Says>() {
    model! {
        b: thinks[
            c: chooses(m in Month, wpp = 1),
            c: chooses(d in DAY, wpp = exists(m, d)),
            a: thinks[
                c: chooses(m in Month, wpp = 1),
                c: chooses(d in DAY, wpp = exists(m, d)),
            ],
            a: observes [c.m] is c.m,
            a: chooses(u1 in Says, wpp = a_u1[c.m, u1]()),
            a: chooses(u2 in Says, wpp = a_u2[c.m, u2]())
        ];
        b: observes [c.d] is d;
        b: observes [a.u1] is u1;
        b: observes [a.u2] is u2;
        return u == b[Var[c.m] == 0];
    }
}

/// 5: does Alice know the day, having heard Bob?
#[memo]
pub fn a_u5<m: Month, u1: Says, u2: Says, u3: Says, u4: Says, u: Says>() {
    model! {
        a: knows(u1, u2);
        a: thinks[
            c: chooses(m in Month, wpp = 1),
            c: chooses(d in DAY, wpp = exists(m, d)),
            b: thinks[
                c: chooses(m in Month, wpp = 1),
                c: chooses(d in DAY, wpp = exists(m, d))
            ],
            b: knows(u1, u2),
            b: observes [c.d] is c.d,
            b: chooses(u3 in Says, wpp = b_u3[c.d, u3]()),
            b: chooses(u4 in Says, wpp = b_u4[c.d, u1, u2, u4]()),
        ];
        a: observes [c.m] is m;
        a: observes [b.u3] is u3;
        a: observes [b.u4] is u4;
        return u == a[Var[c.d] == 0];
    }
}

/// The birthday, given the whole conversation.
#[memo]
pub fn puzzle<m: Month, d: DAY, u1: Says, u2: Says, u3: Says, u4: Says, u5: Says>() {
    model! {
        z: thinks[
            c: chooses(m in Month, wpp = 1),
            c: chooses(d in DAY, wpp = exists(m, d)),
            c: chooses(u1 in Says, wpp = a_u1[m, u1]()),
            c: chooses(u2 in Says, wpp = a_u2[m, u2]()),
            c: chooses(u3 in Says, wpp = b_u3[d, u3]()),
            c: chooses(u4 in Says, wpp = b_u4[d, u1, u2, u4]()),
            c: chooses(u5 in Says, wpp = a_u5[m, u1, u2, u3, u4, u5]()),
        ];
        z: observes [c.u1] is u1;
        z: observes [c.u2] is u2;
        z: observes [c.u3] is u3;
        z: observes [c.u4] is u4;
        z: observes [c.u5] is u5;
        z: knows(m, d);
        return z[Pr[c.m == m, c.d == d]];
    }
}
