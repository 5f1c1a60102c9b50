#!/usr/bin/env python3
"""Asks memo for Python for the answers that `docs/better-than-memo.md` says it
gives; `tests/better_than_memo.rs` has ours.

    python3 benches/compare/wrong_answers.py

Runs memo in the virtual environment of `compare.py`. Where Python or memo is
missing, it says so and ends.
"""

import subprocess

from compare import MEMO, ROOT, environment

ASK = r"""
import jax, jax.numpy as jnp, numpy as np
from memo import memo

X, FOUR = np.arange(3), np.arange(4)

@memo
def impossible[x: X]():
    alice: thinks[ bob: chooses(y in X, wpp=y == 1), bob: chooses(z in X, wpp=1 + z) ]
    alice: observes [bob.y] is x
    return alice[E[bob.z]]

@memo
def no_weight[x: X]():
    alice: chooses(y in X, wpp=0)
    return Pr[alice.y == x]

@memo
def negative[x: X]():
    alice: chooses(y in X, wpp=y - 0.5)
    return Pr[alice.y == x]

@jax.jit
def w(i):
    return jnp.array([1.0, 2.0, 4.0])[i]

@memo
def beyond_the_end[x: X]():
    return w(x + 1)

@memo
def product_of_exponentials[x: X](b):
    alice: chooses(y in X, wpp=exp(-b * (y + 1)) * exp(-b * (y + 2)))
    return Pr[alice.y == x]

@memo
def sum_of_exponentials[x: X](b):
    alice: chooses(y in X, wpp=exp(b * y) + exp(b))
    return Pr[alice.y == x]

@memo
def scaled_exponential[x: X](b):
    alice: chooses(y in X, wpp=exp(b * y) * (1 + y))
    return Pr[alice.y == x]

@memo
def joint_evidence[x: X]():
    alice: thinks[ bob: chooses(y in X, wpp=1), bob: chooses(z in X, wpp=1 + (z == y)), bob: chooses(v in X, wpp=1 + v * y + z) ]
    alice: observes [bob.y] is x
    alice: observes [bob.z] is x
    return alice[E[bob.v]]

def elsewhere():
    X = np.arange(5)
    @memo
    def inner[x: X]():
        return 10 * x
    return inner

inner = elsewhere()

@memo
def same_name[x: X]():
    alice: chooses(y in X, wpp=1)
    return E[inner[alice.y]()] + x

@memo
def chain[x: FOUR]():
    a: chooses(x1 in FOUR, wpp=1 + x1)
CHAIN    return Pr[a.x15 == x]

def holds(name, found, wanted):
    sound = np.allclose(np.array(found, dtype=float), wanted, atol=1e-4)
    print(f"{name}: {np.array(found)}" + ("" if sound else f", but the page says {wanted}"))
    return sound

sound = [
    holds("impossible observation", impossible(), [0, 4 / 3, 0]),
    holds("weights of zero", no_weight(), [0, 0, 0]),
    holds("negative weights", negative(), [-1 / 3, 1 / 3, 1]),
    holds("index out of bounds", beyond_the_end(), [2, 4, 4]),
    holds("product of exponentials", product_of_exponentials(60.0), [0, 0, 0]),
    holds("sum of exponentials", sum_of_exponentials(100.0), [0, 0, 0]),
    holds("scaled exponential", scaled_exponential(100.0), [0, 0, 0]),
    holds("domains of one name", same_name(), [10, 11, 12]),
    holds("sum of the chances of a chain", chain().sum(), 0.713),
]
try:
    joint_evidence()
    sound.append(False)
    print("two observations on one axis: memo does not fail")
except ValueError as error:
    print(f"two observations on one axis: {str(error)[:44]}…")
raise SystemExit(0 if all(sound) else 1)
"""


def main():
    python = environment("compare-venv", "memo", [MEMO])
    if python is None:
        return
    links = "".join(f"    a: chooses(x{i} in FOUR, wpp=1 + (x{i - 1} == x{i}))\n" for i in range(2, 16))
    # memo reads the source of its models: they stand in a file.
    file = ROOT / "target" / "wrong_answers_of_memo.py"
    file.write_text(ASK.replace("CHAIN", links), encoding="utf-8")
    raise SystemExit(subprocess.run([python, str(file)]).returncode)


if __name__ == "__main__":
    main()
