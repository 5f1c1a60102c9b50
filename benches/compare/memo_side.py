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
from memo import memo

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


# Timing ---------------------------------------------------------------------
def clear():
    for model in (q, baby, worth, policy):
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
    "gridworld_t_100": lambda x: q(100),
    "crying_baby_t_100": lambda x: baby(100),
}
CACHED = {"gridworld_t_100", "crying_baby_t_100", "takeaway_t_20"}


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
    direct = seconds(call, least, clear if wanted in CACHED else lambda: None)
    clear()
    jitted = jax.jit(call)
    one_jit = None
    try:
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
        "values": [float(x) for x in np.ravel(values)],
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
