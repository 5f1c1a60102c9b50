#!/usr/bin/env python3
"""Second derivatives by JAX in 64 bits, for `tests/second_derivatives.rs`.

    python3 tests/second_derivatives/jax.py

Needs `jax`; writes `jax.json` beside this file.
"""

import json
from pathlib import Path

import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)

# Whether green, pink, square and round are true of the green square, the green circle and
# the pink circle.
TRUE = jnp.array([[1, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 1]], dtype=float)


def listener(beta, level):
    """`lewis_game::listener`."""
    weight = TRUE if level == 0 else TRUE * jnp.exp(beta * listener(beta, level - 1))
    speaker = weight / weight.sum(0, keepdims=True)
    return speaker / speaker.sum(1, keepdims=True)


def lewis(x):
    """What `level` 4 and 2 make of two utterances, mixed."""
    deep, shallow = listener(x[0], 4), listener(2 * x[0], 2)
    return x[1] * jnp.log(deep[0, 0]) + (1 - x[1]) * shallow[3, 1] ** 2


def mapping(w, scale):
    return jax.nn.softmax(scale * w, axis=1)


def through(w, before):
    weight = mapping(w, w[0, 0]) ** 2 * before
    return weight / weight.sum(1, keepdims=True)


def arrays(x):
    """A table that one model makes is a parameter of another."""
    w = x.reshape(3, 2)
    first = mapping(w, 0.8)
    return first[0, 1] * through(2 * w, first)[1, 0] + jnp.log(through(w, first)[2, 1])


def record(name, function, at):
    at = jnp.array(at)
    value, slopes, bends = function(at), jax.grad(function)(at), jax.hessian(function)(at)
    return {"model": name, "values": [float(value), *map(float, slopes), *map(float, bends.ravel())]}


records = [
    record("lewis", lewis, [1.3, 0.4]),
    record("arrays", arrays, [0.3, -0.2, 1.5, 0.4, 0.1, 0.7]),
]
path = Path(__file__).with_name("jax.json")
path.write_text(json.dumps(records, indent=1) + "\n")
