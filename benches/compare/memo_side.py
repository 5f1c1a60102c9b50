"""Times the models of this benchmark in memo (Python), a JSON object a line.

Run by compare.py with a Python that has memo-lang 1.3.3; JAX_ENABLE_X64 in the
environment chooses the width of the floats.
"""

import json
import resource
import sys
import time
from enum import IntEnum

START = time.perf_counter()
import jax
import jax.numpy as np
from memo import domain, memo

IMPORT = time.perf_counter() - START


# Lewis signalling game ------------------------------------------------------
class Utterance(IntEnum):
    GREEN = 0
    PINK = 1
    SQUARE = 2
    ROUND = 3


class Referent(IntEnum):
    GREEN_SQUARE = 0
    GREEN_CIRCLE = 1
    PINK_CIRCLE = 2


TRUE_OF = np.array([[1, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 1]])


@jax.jit
def denotes(u, r):
    return TRUE_OF[u, r]


@memo
def listener[u: Utterance, r: Referent](beta, level):
    listener: thinks[
        speaker: given(r in Referent, wpp=1),
        speaker: chooses(u in Utterance, wpp=denotes(u, r)
            * (1 if level == 0 else exp(beta * listener[u, r](beta, level - 1))))
    ]
    listener: observes [speaker.u] is u
    listener: chooses(r in Referent, wpp=Pr[speaker.r == r])
    return Pr[listener.r == r]


# Rational speech acts over a big lexicon ------------------------------------
U = np.arange(200)
R = np.arange(500)


@jax.jit
def fit(u, r):
    return ((u * 7919 + r * 104729) % 1000 + 1) / 1000.0


@memo
def rsa[u: U, r: R](alpha, depth):
    listener: thinks[
        speaker: given(r in R, wpp=1),
        speaker: chooses(u in U, wpp=fit(u, r)
            * (1 if depth == 0 else exp(alpha * rsa[u, r](alpha, depth - 1))))
    ]
    listener: observes [speaker.u] is u
    listener: chooses(r in R, wpp=Pr[speaker.r == r])
    return Pr[listener.r == r]


# Scalar implicature ---------------------------------------------------------
N = np.arange(10_001)


class Quantifier(IntEnum):
    NONE = 0
    SOME = 1
    ALL = 2


@jax.jit
def holds(n, q):
    return np.array([n == 0, n > 0, n == 10_000])[q]


@memo
def scalar[n: N, u: Quantifier]():
    listener: thinks[
        speaker: chooses(n in N, wpp=1),
        speaker: chooses(u in Quantifier, wpp=imagine[
            listener: knows(u),
            listener: chooses(n in N, wpp=holds(n, u)),
            Pr[listener.n == n]
        ])
    ]
    listener: observes [speaker.u] is u
    listener: chooses(n in N, wpp=E[speaker.n == n])
    return Pr[listener.n == n]


# Schelling's meeting game ---------------------------------------------------
BAR = np.arange(100)


@jax.jit
def prior(b):
    return 1.0 + (b % 7) / 10.0


@memo
def alice[b: BAR](depth):
    alice: thinks[ bob: chooses(b in BAR, wpp=bob[b](depth - 1)) ]
    alice: chooses(b in BAR, wpp=prior(b) * Pr[b == bob.b])
    return Pr[alice.b == b]


@memo
def bob[b: BAR](depth):
    bob: thinks[ alice: chooses(b in BAR, wpp=alice[b](depth) if depth > 0 else 1) ]
    bob: chooses(b in BAR, wpp=prior(b) * Pr[b == alice.b])
    return Pr[bob.b == b]


# Polite speech --------------------------------------------------------------
HEARTS = np.arange(4)


class Remark(IntEnum):
    TERRIBLE = 0
    NOT_AMAZING = 1
    NOT_TERRIBLE = 2
    AMAZING = 3


APT = np.array([[1, 0.5, 0, 0], [1, 1, 1, 0], [0, 1, 1, 1], [0, 0, 0.5, 1]])


@jax.jit
def apt(w, s):
    return APT[w, s]


@memo
def polite[s: HEARTS, w: Remark](alpha, phi):
    speaker: knows(s)
    speaker: thinks[
        listener: thinks[
            speaker: given(s in HEARTS, wpp=1),
            speaker: chooses(w in Remark, wpp=apt(w, s))
        ]
    ]
    speaker: chooses(w in Remark, wpp=exp(alpha * imagine[
        listener: observes [speaker.w] is w,
        listener: knows(s),
        phi * listener[ log(Pr[speaker.s == s]) ] + (1 - phi) * listener[ E[speaker.s] ]
    ]))
    return Pr[speaker.w == w]


# The subtraction game -------------------------------------------------------
PILE = np.arange(21)


class Move(IntEnum):
    ONE = 1
    TWO = 2


@memo(cache=True)
def worth[n: PILE](t):
    player: knows(n)
    return -1 if n == 0 else 0 if t <= 0 else imagine[
        player: chooses(m in Move, wpp=(n >= m) * policy[n, m](t)),
        player: chooses(n_ in PILE, wpp=n_ == n - m),
        -E[worth[player.n_](t - 1)]
    ]


@memo(cache=True)
def policy[n: PILE, m: Move](t):
    player: knows(n)
    player: chooses(m in Move, wpp=(n >= m) * exp(10 * (0 if t <= 0 else imagine[
        env: knows(n, m),
        env: chooses(n_ in PILE, wpp=n_ == n - m),
        -E[worth[env.n_](t - 1)]
    ])))
    return Pr[player.m == m]


# A chain of choices in one mind ---------------------------------------------
FOUR = np.arange(4)


@memo
def chain8[x: FOUR]():
    a: chooses(x1 in FOUR, wpp=1 + x1)
    a: chooses(x2 in FOUR, wpp=1 + (x1 == x2))
    a: chooses(x3 in FOUR, wpp=1 + (x2 == x3))
    a: chooses(x4 in FOUR, wpp=1 + (x3 == x4))
    a: chooses(x5 in FOUR, wpp=1 + (x4 == x5))
    a: chooses(x6 in FOUR, wpp=1 + (x5 == x6))
    a: chooses(x7 in FOUR, wpp=1 + (x6 == x7))
    a: chooses(x8 in FOUR, wpp=1 + (x7 == x8))
    return Pr[a.x8 == x]


@memo
def chain12[x: FOUR]():
    a: chooses(x1 in FOUR, wpp=1 + x1)
    a: chooses(x2 in FOUR, wpp=1 + (x1 == x2))
    a: chooses(x3 in FOUR, wpp=1 + (x2 == x3))
    a: chooses(x4 in FOUR, wpp=1 + (x3 == x4))
    a: chooses(x5 in FOUR, wpp=1 + (x4 == x5))
    a: chooses(x6 in FOUR, wpp=1 + (x5 == x6))
    a: chooses(x7 in FOUR, wpp=1 + (x6 == x7))
    a: chooses(x8 in FOUR, wpp=1 + (x7 == x8))
    a: chooses(x9 in FOUR, wpp=1 + (x8 == x9))
    a: chooses(x10 in FOUR, wpp=1 + (x9 == x10))
    a: chooses(x11 in FOUR, wpp=1 + (x10 == x11))
    a: chooses(x12 in FOUR, wpp=1 + (x11 == x12))
    return Pr[a.x12 == x]


@memo
def chain15[x: FOUR]():
    a: chooses(x1 in FOUR, wpp=1 + x1)
    a: chooses(x2 in FOUR, wpp=1 + (x1 == x2))
    a: chooses(x3 in FOUR, wpp=1 + (x2 == x3))
    a: chooses(x4 in FOUR, wpp=1 + (x3 == x4))
    a: chooses(x5 in FOUR, wpp=1 + (x4 == x5))
    a: chooses(x6 in FOUR, wpp=1 + (x5 == x6))
    a: chooses(x7 in FOUR, wpp=1 + (x6 == x7))
    a: chooses(x8 in FOUR, wpp=1 + (x7 == x8))
    a: chooses(x9 in FOUR, wpp=1 + (x8 == x9))
    a: chooses(x10 in FOUR, wpp=1 + (x9 == x10))
    a: chooses(x11 in FOUR, wpp=1 + (x10 == x11))
    a: chooses(x12 in FOUR, wpp=1 + (x11 == x12))
    a: chooses(x13 in FOUR, wpp=1 + (x12 == x13))
    a: chooses(x14 in FOUR, wpp=1 + (x13 == x14))
    a: chooses(x15 in FOUR, wpp=1 + (x14 == x15))
    return Pr[a.x15 == x]


# A walk through a maze ------------------------------------------------------
MAZE = """
.....................
.....................
..##...##...#######..
..###.###...#.....#..
..#.###.#...#........
..#..#..#...####.....
..#.....#...#........
..#....##...#......##
..#....##...#########
..##.................
..##.................
.......##............
..###..##...##...##..
..#.....#...###.###..
..#.....#...#.###.#..
..#..#..#...#..#..#..
..#.....#...#.....#..
..#.....#...##....#..
..#######...##....#..
.................##..
.................##..
""".split()
SIDE = 21
CELLS = np.arange(SIDE * SIDE)
WALL = np.array([[c == "#" for c in line] for line in MAZE])
GOALS = np.array([0, SIDE * SIDE - 1])
STEPS = np.array([[-1, 0], [1, 0], [0, -1], [0, 1]])


class Goal(IntEnum):
    NORTH_WEST = 0
    SOUTH_EAST = 1


class Action(IntEnum):
    LEFT = 0
    RIGHT = 1
    UP = 2
    DOWN = 3


@jax.jit
def leads_to(s, a, next):
    x = np.clip(s % SIDE + STEPS[a, 0], 0, SIDE - 1)
    y = np.clip(s // SIDE + STEPS[a, 1], 0, SIDE - 1)
    return next == np.where(WALL[y, x], s, y * SIDE + x)


@jax.jit
def at_goal(s, g):
    return s == GOALS[g]


@memo(cache=True)
def q[s: CELLS, a: Action, g: Goal](t):
    alice: knows(s, a, g)
    alice: given(s_ in CELLS, wpp=leads_to(s, a, s_))
    alice: chooses(a_ in Action, to_maximize=0.0 if t < 1 else q[s_, a_, g](t - 1))
    return E[
        at_goal(s, g) - 0.1
        + (0.0 if t < 1 else 0.0 if at_goal(s, g) else q[alice.s_, alice.a_, g](t - 1))
    ]


# The crying baby ------------------------------------------------------------
class State(IntEnum):
    HUNGRY = 0
    SATED = 1


class Care(IntEnum):
    FEED = 0
    SING = 1
    IGNORE = 2


class Sound(IntEnum):
    CRYING = 0
    QUIET = 1


BELIEFS = np.linspace(0, 1, 50)


@jax.jit
def belief(b, s):
    return np.array([b, 1 - b])[s]


@jax.jit
def transition(s, a, next):
    hungry = np.array([[0.0, 1.0, 1.0], [0.0, 0.1, 0.1]])[s, a]
    return np.array([hungry, 1 - hungry])[next]


@jax.jit
def hears(o, s, a):
    cry = np.array([[0.8, 0.9, 0.8], [0.1, 0.0, 0.1]])[s, a]
    return np.array([cry, 1 - cry])[o]


@jax.jit
def reward(s, a):
    return np.array([-10.0, 0.0])[s] + np.array([-5.0, -0.5, 0.0])[a]


@memo(cache=True)
def baby[b: BELIEFS, a: Care](t):
    alice: knows(b, a)
    alice: thinks[
        env: knows(b, a),
        env: chooses(s in State, wpp=belief(b, s)),
        env: chooses(s_ in State, wpp=transition(s, a, s_)),
        env: chooses(o in Sound, wpp=hears(o, s_, a))
    ]
    alice: snapshots_self_as(future_alice)
    return alice[ E[reward(env.s, a)] + (0.0 if t <= 0 else 0.9 * imagine[
        future_alice: observes [env.o] is env.o,
        future_alice: chooses(b_ in BELIEFS, wpp=exp(-100.0 * abs(Pr[env.s_ == {State.HUNGRY}] - b_))),
        future_alice: chooses(a_ in Care, to_maximize=baby[b_, a_](t - 1)),
        E[ future_alice[ baby[b_, a_](t - 1) ] ]
    ]) ]


# The same with ten times as many beliefs ------------------------------------
FINE = np.linspace(0, 1, 500)


@memo(cache=True)
def fine[b: FINE, a: Care](t):
    alice: knows(b, a)
    alice: thinks[
        env: knows(b, a),
        env: chooses(s in State, wpp=belief(b, s)),
        env: chooses(s_ in State, wpp=transition(s, a, s_)),
        env: chooses(o in Sound, wpp=hears(o, s_, a))
    ]
    alice: snapshots_self_as(future_alice)
    return alice[ E[reward(env.s, a)] + (0.0 if t <= 0 else 0.9 * imagine[
        future_alice: observes [env.o] is env.o,
        future_alice: chooses(b_ in FINE, wpp=exp(-100.0 * abs(Pr[env.s_ == {State.HUNGRY}] - b_))),
        future_alice: chooses(a_ in Care, to_maximize=fine[b_, a_](t - 1)),
        E[ future_alice[ fine[b_, a_](t - 1) ] ]
    ]) ]


# The investment game --------------------------------------------------------
OFFERS = np.arange(2)
SHARE = np.array([0.2, 0.8])
GUILT = np.array([0.0, 0.7])
PAST = domain(i1=2, t1=2, i2=2, t2=2)


@jax.jit
def to_investor(fi, ft):
    return (1 - SHARE[fi]) + 3.0 * SHARE[fi] * SHARE[ft]


@jax.jit
def to_trustee(fi, ft):
    return 3.0 * SHARE[fi] * (1 - SHARE[ft])


@jax.jit
def excess(x, y):
    return np.maximum(x - y, 0)


@jax.jit
def is_start(h):
    return h == 0


@jax.jit
def goes_on(r, h, fi, ft, h_):
    past = np.array(PAST._tuple(h)).at[r * 2].set(fi).at[r * 2 + 1].set(ft)
    return h_ == PAST(*past)


@memo(cache=True)
def hist[ig: GUILT, tg: GUILT, h: PAST](r, level, beta):
    world: knows(ig, tg)
    world: chooses(h in PAST, wpp=hist[ig, tg, h](r - 1, level, beta) if r > 1 else is_start(h))
    world: chooses(fi in OFFERS, wpp=exp(beta * investor[h, ig, fi](r - 1, level, beta)))
    world: chooses(ft in OFFERS, wpp=exp(beta * trustee[h, tg, fi, ft](r - 1, level, beta)))
    world: chooses(h_ in PAST, wpp=goes_on(r - 1, h, fi, ft, h_))
    return Pr[world.h_ == h]


@memo(cache=True)
def investor[h: PAST, ig: GUILT, fi: OFFERS](r, level, beta):
    investor: knows(ig)
    investor: thinks[
        trustee: knows(ig),
        trustee: chooses(tg in GUILT, wpp=1),
        trustee: chooses(h in PAST,
            wpp=(hist[ig, tg, h](r, level - 1, beta) if r > 0 and level > 0 else is_start(h)) + 1e-3)
    ]
    investor: observes [trustee.h] is h
    investor: knows(fi)
    return investor[ imagine[
        trustee: knows(fi),
        trustee: chooses(ft in OFFERS, wpp=exp(beta * trustee[h, tg, fi, ft](r, level - 1, beta)) if level > 0 else 1),
        trustee: chooses(h_ in PAST, wpp=goes_on(r, h, fi, ft, h_)),
        trustee: chooses(fi_ in OFFERS,
            wpp=exp(beta * investor[h_, ig, fi_](r + 1, level, beta)) if r < 2 and level > 0 else 1),
        E[
            to_investor(fi, trustee.ft) - ig * excess(to_investor(fi, trustee.ft), to_trustee(fi, trustee.ft))
            + (investor[trustee.h_, ig, trustee.fi_](r + 1, level, beta) if r < 2 and level > 0 else 0)
        ]
    ] ]


@memo(cache=True)
def trustee[h: PAST, tg: GUILT, fi: OFFERS, ft: OFFERS](r, level, beta):
    trustee: knows(tg)
    trustee: thinks[
        investor: knows(tg),
        investor: chooses(ig in GUILT, wpp=1),
        investor: chooses(h in PAST,
            wpp=(hist[ig, tg, h](r, level - 1, beta) if r > 0 and level > 0 else is_start(h)) + 1e-3),
        investor: chooses(fi in OFFERS, wpp=exp(beta * investor[h, ig, fi](r, level - 1, beta)) if level > 0 else 1)
    ]
    trustee: observes [investor.h] is h
    trustee: observes [investor.fi] is fi
    trustee: knows(ft)
    return trustee[ imagine[
        investor: knows(ft),
        investor: chooses(h_ in PAST, wpp=goes_on(r, h, fi, ft, h_)),
        investor: chooses(fi_ in OFFERS,
            wpp=exp(beta * investor[h_, ig, fi_](r + 1, level, beta)) if r < 2 and level > 0 else 1),
        investor: chooses(ft_ in OFFERS,
            wpp=exp(beta * trustee[h_, tg, fi_, ft_](r + 1, level, beta)) if r < 2 and level > 0 else 1),
        E[
            to_trustee(investor.fi, ft) - tg * excess(to_trustee(investor.fi, ft), to_investor(investor.fi, ft))
            + (trustee[investor.h_, tg, investor.fi_, investor.ft_](r + 1, level, beta) if r < 2 and level > 0 else 0)
        ]
    ] ]


# Cheryl's birthday ----------------------------------------------------------
class Month(IntEnum):
    FEBRUARY = 0
    MARCH = 1
    APRIL = 2


class Says(IntEnum):
    DUNNO = 0
    KNOWN = 1


DAY = np.arange(1, 32)


@jax.jit
def exists(m, d):
    return d <= np.array([29, 31, 30])[m]


@memo
def a_u1[m: Month, u: Says]():
    a: thinks[
        c: chooses(m in Month, wpp=1),
        c: chooses(d in DAY, wpp=exists(m, d))
    ]
    a: observes [c.m] is m
    return u == a[Var[c.d] == 0]


@memo
def a_u2[m: Month, u: Says]():
    a: thinks[
        c: chooses(m in Month, wpp=1),
        c: chooses(d in DAY, wpp=exists(m, d)),
        b: thinks[
            c: chooses(m in Month, wpp=1),
            c: chooses(d in DAY, wpp=exists(m, d))
        ],
        b: observes [c.d] is c.d
    ]
    a: observes [c.m] is m
    return u == a[Pr[b[Var[c.m] == 0]] > 0]


@memo
def b_u3[d: DAY, u: Says]():
    b: thinks[
        c: chooses(m in Month, wpp=1),
        c: chooses(d in DAY, wpp=exists(m, d))
    ]
    b: observes [c.d] is d
    return u == b[Var[c.m] == 0]


@memo
def b_u4[d: DAY, u1: Says, u2: Says, u: Says]():
    b: thinks[
        c: chooses(m in Month, wpp=1),
        c: chooses(d in DAY, wpp=exists(m, d)),
        a: thinks[
            c: chooses(m in Month, wpp=1),
            c: chooses(d in DAY, wpp=exists(m, d)),
        ],
        a: observes [c.m] is c.m,
        a: chooses(u1 in Says, wpp=a_u1[c.m, u1]()),
        a: chooses(u2 in Says, wpp=a_u2[c.m, u2]())
    ]
    b: observes [c.d] is d
    b: observes [a.u1] is u1
    b: observes [a.u2] is u2
    return u == b[Var[c.m] == 0]


@memo
def a_u5[m: Month, u1: Says, u2: Says, u3: Says, u4: Says, u: Says]():
    a: knows(u1, u2)
    a: thinks[
        c: chooses(m in Month, wpp=1),
        c: chooses(d in DAY, wpp=exists(m, d)),
        b: thinks[
            c: chooses(m in Month, wpp=1),
            c: chooses(d in DAY, wpp=exists(m, d))
        ],
        b: knows(u1, u2),
        b: observes [c.d] is c.d,
        b: chooses(u3 in Says, wpp=b_u3[c.d, u3]()),
        b: chooses(u4 in Says, wpp=b_u4[c.d, u1, u2, u4]()),
    ]
    a: observes [c.m] is m
    a: observes [b.u3] is u3
    a: observes [b.u4] is u4
    return u == a[Var[c.d] == 0]


@memo
def puzzle[m: Month, d: DAY, u1: Says, u2: Says, u3: Says, u4: Says, u5: Says]():
    z: thinks[
        c: chooses(m in Month, wpp=1),
        c: chooses(d in DAY, wpp=exists(m, d)),
        c: chooses(u1 in Says, wpp=a_u1[m, u1]()),
        c: chooses(u2 in Says, wpp=a_u2[m, u2]()),
        c: chooses(u3 in Says, wpp=b_u3[d, u3]()),
        c: chooses(u4 in Says, wpp=b_u4[d, u1, u2, u4]()),
        c: chooses(u5 in Says, wpp=a_u5[m, u1, u2, u3, u4, u5]()),
    ]
    z: observes [c.u1] is u1
    z: observes [c.u2] is u2
    z: observes [c.u3] is u3
    z: observes [c.u4] is u4
    z: observes [c.u5] is u5
    z: knows(m, d)
    return z[E[c.m == m and c.d == d]]


# Bayesian persuasion --------------------------------------------------------
class Guilt(IntEnum):
    INNOCENT = 0
    GUILTY = 1


class Finding(IntEnum):
    EXONERATING = 0
    INCRIMINATING = 1


TEST = domain(innocent=101, guilty=101)


@jax.jit
def finds(r, s, t):
    innocent, guilty = TEST._tuple(t)
    right = np.where(s == 0, 0.5 + 0.005 * innocent, 0.5 + 0.005 * guilty)
    return np.where((r == 1) == (s == 1), right, 1 - right)


@memo
def prosecutor[t: TEST](level):
    prosecutor: chooses(t in TEST, wpp=exp(20 * judge[t](level)))
    return Pr[prosecutor.t == t]


@memo
def judge[t: TEST](level):
    judge: thinks[
        defendant: chooses(s in Guilt, wpp=0.7 if s == 0 else 0.3),
        prosecutor: chooses(t in TEST, wpp=prosecutor[t](level - 1) if level > 0 else 1),
        defendant: knows(prosecutor.t),
        defendant: chooses(r in Finding, wpp=finds(r, s, prosecutor.t))
    ]
    defendant: chooses(s in Guilt, wpp=0.7 if s == 0 else 0.3)
    defendant: knows(t)
    defendant: chooses(r in Finding, wpp=finds(r, s, t))
    judge: observes [prosecutor.t] is t
    judge: observes [defendant.r] is defendant.r
    judge: chooses(v in Guilt, to_maximize=Pr[v == defendant.s])
    return Pr[judge.v == 1]


# Food trucks ----------------------------------------------------------------
WIDTH, HEIGHT = 10, 5
PLACE = domain(x=WIDTH, y=HEIGHT)
FAR, NEAR = PLACE(WIDTH - 1, 0), PLACE(0, HEIGHT - 1)
BEHIND = np.zeros((WIDTH, HEIGHT)).at[1:, 2].set(1).reshape(-1)
UTILITY = np.array([-20, 0, 50, 100])
WISHES = domain(k=4, l=4, m=4)
CHANCE = np.linspace(0, 1, 7)


class Parked(IntEnum):
    L = 0
    M = 1


class Seen(IntEnum):
    L = 0
    M = 1
    NOTHING = 2


class Go(IntEnum):
    LEFT = 0
    RIGHT = 1
    UP = 2
    DOWN = 3
    STAY = 4


WAYS = np.array([[-1, 0], [1, 0], [0, -1], [0, 1], [0, 0]])


@jax.jit
def walks_to(s, a, s_):
    x, y = PLACE._tuple(s)
    next = PLACE(np.clip(x + WAYS[a, 0], 0, WIDTH - 1), np.clip(y + WAYS[a, 1], 0, HEIGHT - 1))
    return s_ == np.where(BEHIND[next] == 1, s, next)


@jax.jit
def ends(s):
    return (s == FAR) | (s == NEAR)


@jax.jit
def pleases(d, s, g):
    k, l, m = WISHES._tuple(g)
    there = np.where(d == Parked.L, UTILITY[l], UTILITY[m])
    return np.where(s == NEAR, UTILITY[k], np.where(s == FAR, there, 0))


@jax.jit
def effort(a):
    return 1 * (a != Go.STAY)


@jax.jit
def chance(b, d):
    return np.array([b, 1 - b])[d]


@jax.jit
def sees(d, s, o):
    near = np.array([[0.99, 0.0, 0.01], [0.0, 0.99, 0.01]])[d, o]
    return np.where(PLACE.y(s) < 2, near, np.array([0.0, 0.0, 1.0])[o])


@memo(cache=True)
def updated[b: CHANCE, s: PLACE, o: Seen, b_: CHANCE]():
    alice: knows(b, s)
    alice: thinks[
        env: knows(b, s),
        env: chooses(d in Parked, wpp=chance(b, d)),
        env: chooses(o in Seen, wpp=sees(d, s, o))
    ]
    alice: observes [env.o] is o
    alice: knows(b_)
    return exp(-10 * alice[ abs(Pr[env.d == 0] - chance(b_, 0)) ])


@memo(cache=True)
def truck[b: CHANCE, s: PLACE, a: Go, g: WISHES](t):
    alice: knows(b, s, a, g)
    alice: thinks[
        env: knows(b, s, a),
        env: chooses(d in Parked, wpp=chance(b, d))
    ]
    alice: given(s_ in PLACE, wpp=walks_to(s, a, s_))
    alice: thinks[
        env: knows(s_),
        env: chooses(o in Seen, wpp=sees(d, s_, o))
    ]
    alice: snapshots_self_as(future_alice)
    return E[alice[
        E[pleases(env.d, s_, g) - effort(a)] + (0.0 if t <= 0 else 0.0 if ends(s_) else imagine[
            future_alice: observes [env.o] is env.o,
            future_alice: chooses(b_ in CHANCE, wpp=updated[b, s_, env.o, b_]()),
            future_alice: chooses(a_ in Go, to_maximize=truck[b, s_, a_, g](t - 1)),
            0.99 * E[future_alice[truck[b, s_, a_, g](t - 1)]]
        ])
    ]]


START_AT = PLACE(3, 3)
WALK = [Go.LEFT] * 3 + [Go.UP] * 2 + [Go.RIGHT] * 3 + [Go.LEFT] * 3 + [Go.DOWN] * 3


@memo(cache=True)
def inferred[b: CHANCE, s: PLACE, g: WISHES](t, horizon):
    viewer: thinks[
        alice: given(b in CHANCE, g in WISHES, s in PLACE,
            wpp=(s == {START_AT}) if t <= 0 else inferred[b, s, g](t - 1, horizon)),
        alice: chooses(a in Go, wpp=exp(2.5 * truck[b, s, a, g](horizon)))
    ]
    viewer: observes_that[ alice.a == {WALK[t]} ]
    viewer: thinks[
        alice: given(s_ in PLACE, wpp=walks_to(s, a, s_)),
        alice: given(o in Seen, wpp=sees({Parked.L}, s_, o)),
        alice: given(b_ in CHANCE, wpp=updated[b, s_, o, b_]())
    ]
    viewer: knows(b, s, g)
    return viewer[Pr[b == alice.b_, s == alice.s_, g == alice.g]]


# Empowerment ----------------------------------------------------------------
EDGE = 9
SPOT = domain(x=EDGE, y=EDGE)


class Step(IntEnum):
    NORTH = 0
    SOUTH = 1
    WEST = 2
    EAST = 3
    STAY = 4


PLAN = domain(first=5, second=5, third=5, fourth=5)
BLOCK = np.zeros((EDGE, EDGE)).at[EDGE // 2, EDGE // 2].set(1)
MOVES = np.array([[0, -1], [0, 1], [-1, 0], [1, 0], [0, 0]])


@jax.jit
def plan_leads_to(end, plan, start):
    s = start
    for a in PLAN._tuple(plan):
        x = np.clip(SPOT.x(s) + MOVES[a, 0], 0, EDGE - 1)
        y = np.clip(SPOT.y(s) + MOVES[a, 1], 0, EDGE - 1)
        s = np.where(BLOCK[x, y], s, SPOT(x, y))
    return s == end


@memo
def sender[x: PLAN, z: SPOT](t):
    alice: knows(z)
    alice: chooses(x in PLAN, wpp=imagine[
        bob: knows(x, z),
        bob: chooses(y in SPOT, wpp=plan_leads_to(y, x, z)),
        bob: thinks[
            charlie: knows(y, z),
            charlie: chooses(x in PLAN, wpp=receiver[x, y, z](t - 1) if t > 0 else 1)
        ],
        exp(E[bob[H[charlie.x]]])
    ])
    return Pr[alice.x == x]


@memo
def receiver[x: PLAN, y: SPOT, z: SPOT](t):
    alice: knows(x, y, z)
    alice: thinks[
        bob: knows(z),
        bob: chooses(x in PLAN, wpp=sender[x, z](t)),
        bob: chooses(y in SPOT, wpp=plan_leads_to(y, x, z))
    ]
    alice: observes [bob.y] is y
    return alice[Pr[bob.x == x]]


@memo
def empowerment[z: SPOT](t):
    alice: knows(z)
    alice: chooses(x in PLAN, wpp=sender[x, z](t))
    alice: chooses(y in SPOT, wpp=plan_leads_to(y, x, z))
    return (H[alice.x] + H[alice.y] - H[alice.x, alice.y]) / log(2)


# Derivatives ----------------------------------------------------------------
SAID = np.array([65, 115, 0]) / 180


def lewis_loss(beta):
    """How far the listener is from what 180 people said of the green things."""
    return np.mean((listener(beta, 1)[0] - SAID) ** 2)


def rsa_loss(alpha):
    return np.mean(rsa(alpha, 3) ** 2)


INPUT = np.arange(16)
OUTPUT = np.arange(8)
DATUM = np.arange(10_000)
XS, YS = DATUM * 7 % 16, (DATUM * DATUM + DATUM // 3) % 8
LOGITS = np.sin(np.arange(128.0)).reshape(16, 8)


@jax.jit
def logit(w, x, y):
    return w[x, y]


@memo
def mapping[x: INPUT, y: OUTPUT](w: ...):
    a: knows(x)
    a: chooses(y in OUTPUT, wpp=exp(logit(w, x, y)))
    return Pr[a.y == y]


def logits_loss(w):
    """The mean surprise at ten thousand data."""
    return -np.mean(np.log(mapping(w))[XS, YS])


def logits_loss_by_datum(w):
    """The same as its formula reads: the logarithm of each datum's chance, not of each cell's."""
    return -np.mean(np.log(mapping(w)[XS, YS]))


def value_and_gradient(loss, start):
    """`jax.value_and_grad` and no more: to put both into one array would be quicker in one jit,
    by a fifth for the smallest, since what it hands out is one thing then."""
    return lambda x: jax.value_and_grad(loss)(start * x)


# Timing ---------------------------------------------------------------------
KEPT = (q, baby, fine, worth, policy, hist, investor, trustee, updated, truck, inferred)


def clear(models=KEPT):
    for model in models:
        getattr(model, "clear_cache", getattr(model, "cache_clear", lambda: None))()


# Each takes one real number, which only some of them use.
MODELS = {
    "lewis_game": lambda x: listener(x, 1),
    "rsa_200_by_500_depth_3": lambda x: rsa(x, 3),
    "scalar_implicature_10_001": lambda x: scalar(),
    "schelling_100_bars_depth_100": lambda x: alice(100),
    "polite_speech": lambda x: polite(x, 0.5),
    "takeaway_t_20": lambda x: policy(20),
    "chain_of_8": lambda x: chain8(),
    "chain_of_12": lambda x: chain12(),
    "chain_of_15": lambda x: chain15(),
    "gridworld_t_100": lambda x: q(100),
    "crying_baby_t_100": lambda x: baby(100),
    "crying_baby_500_beliefs": lambda x: fine(100),
    "investment_game": lambda x: investor(0, 3, x),
    "cheryls_birthday": lambda x: puzzle(),
    "persuasion": lambda x: judge(2),
    "food_trucks_t_10": lambda x: truck(10),
    "food_trucks_t_100": lambda x: truck(100),
    "food_trucks_inferred": lambda x: inferred(12, 100),
    "empowerment": lambda x: empowerment(5),
    "lewis_loss_and_gradient": value_and_gradient(lewis_loss, 1.0),
    "rsa_loss_and_gradient": value_and_gradient(rsa_loss, 1.0),
    "loss_and_gradient_of_128_logits": value_and_gradient(logits_loss, LOGITS),
    "loss_and_gradient_of_128_logits_datum_by_datum": value_and_gradient(logits_loss_by_datum, LOGITS),
}
# Hundreds of levels or millions of cells in one program.
TOO_LONG = {"food_trucks_t_100", "food_trucks_inferred", "empowerment"}
# What the inference rests on is there already, as in memo's demo.
CLEARED = {"food_trucks_inferred": (inferred,)}


def seconds(call, least, prepare=lambda: None):
    best, spent = float("inf"), 0.0
    while spent < least:
        prepare()
        start = time.perf_counter()
        jax.block_until_ready(call(1.0))
        took = time.perf_counter() - start
        best, spent = min(best, took), spent + took
    return best


def main():
    wanted, least = sys.argv[1], float(sys.argv[2])
    call = MODELS[wanted]
    start = time.perf_counter()
    values = jax.block_until_ready(call(1.0))
    cold = time.perf_counter() - start
    direct = seconds(call, least, lambda: clear(CLEARED.get(wanted, KEPT)))
    clear()
    jitted = jax.jit(call)
    one_jit = None
    try:
        if wanted in TOO_LONG:
            raise TimeoutError("XLA compiles for minutes")
        jax.block_until_ready(jitted(1.0))
        one_jit = seconds(jitted, least)
    except Exception as error:  # not possible for every model as written
        print(f"{wanted}: no single jit: {type(error).__name__}", file=sys.stderr)
    report = {
        "model": wanted,
        "import_s": IMPORT,
        "cold_s": cold,
        "direct_s": direct,
        "one_jit_s": one_jit,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "jax": jax.__version__,
        "values": [float(x) for part in jax.tree.leaves(values) for x in np.ravel(part)],
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
