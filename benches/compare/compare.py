#!/usr/bin/env python3
"""Compares memo for Rust with memo for Python (memo-lang + JAX) on this machine.

    python3 benches/compare/compare.py [--seconds 1] [--rounds 3] [--out docs/benchmarks.md]

Installs memo-lang into a virtual environment of its own, times the same models
on both sides in turn, checks that the values agree with memo's in 64 bits, and
writes a Markdown table. Where no Python of 3.12 or later is found it says so
and ends.
"""

import argparse
import json
import math
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MEMO = "memo-lang==1.3.3"
MODELS = [
    "lewis_game",
    "rsa_200_by_500_depth_3",
    "scalar_implicature_10_001",
    "schelling_100_bars_depth_100",
    "gridworld_t_100",
    "crying_baby_t_100",
    "crying_baby_500_beliefs",
    "takeaway_t_20",
    "investment_game",
    "food_trucks_t_10",
    "food_trucks_t_100",
    "food_trucks_inferred",
    "persuasion",
    "polite_speech",
    "cheryls_birthday",
    "empowerment",
    "chain_of_8",
    "chain_of_12",
    "chain_of_15",
    "lewis_loss_and_gradient",
    "rsa_loss_and_gradient",
    "loss_and_gradient_of_128_logits",
    "loss_and_gradient_of_128_logits_datum_by_datum",
]
# Written by hand as well: `by_hand.rs`.
BY_HAND = {
    "lewis_game",
    "rsa_200_by_500_depth_3",
    "schelling_100_bars_depth_100",
    "gridworld_t_100",
    "crying_baby_t_100",
    "takeaway_t_20",
    "food_trucks_t_100",
    "persuasion",
    "polite_speech",
    "empowerment",
    "lewis_loss_and_gradient",
    "rsa_loss_and_gradient",
    "loss_and_gradient_of_128_logits",
    "loss_and_gradient_of_128_logits_datum_by_datum",
}
# Seconds a call on the other side: one turn is enough.
SLOW = {"chain_of_15", "food_trucks_t_100", "food_trucks_inferred", "empowerment"}


def find_python():
    """A Python that memo runs on: 3.12 or later."""
    candidates = [sys.executable, "python3.14", "python3.13", "python3.12", "python3"]
    candidates += sorted(str(p) for p in Path.home().glob(".pyenv/versions/3.1[2-9]*/bin/python"))
    for candidate in candidates:
        path = shutil.which(candidate)
        if path is None:
            continue
        ask = [path, "-c", "import sys; print(sys.version_info >= (3, 12))"]
        if subprocess.run(ask, capture_output=True, text=True).stdout.strip() == "True":
            return path
    return None


def environment(name, module, *installs):
    """The Python of a virtual environment with a module, put there by arguments
    of `pip install`; None where that fails."""
    base = find_python()
    if base is None:
        print("skipped: Python 3.12 or later is needed, and none is found")
        return None
    folder = ROOT / "target" / name
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([base, "-m", "venv", str(folder)], check=True)
    find = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
    if subprocess.run([str(python), "-c", find]).returncode == 0:
        return str(python)
    for install in installs:
        if subprocess.run([str(python), "-m", "pip", "install", "-q", *install]).returncode != 0:
            print(f"skipped: {' '.join(install)} cannot be installed here")
            return None
    return str(python)


def write_crate(name, source):
    """A crate under `target/` that depends on memo: its manifest, and an
    environment in which cargo builds it apart."""
    folder = ROOT / "target" / name
    (folder / "src").mkdir(parents=True, exist_ok=True)
    manifest = f"""[package]
name = "{name}"
version = "0.0.0"
edition = "2024"

[dependencies]
memo-lang = {{ path = "{ROOT}" }}

[workspace]
"""
    (folder / "Cargo.toml").write_text(manifest, encoding="utf-8")
    (folder / "src" / "main.rs").write_text(source, encoding="utf-8")
    return folder / "Cargo.toml", {**os.environ, "CARGO_TARGET_DIR": str(folder / "target")}


def run(command, **variables):
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **variables})
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not lines:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return json.loads(lines[-1])


def executable():
    """The program that times the models in Rust."""
    built = subprocess.run(
        ["cargo", "bench", "--bench", "compare", "--no-run", "--message-format=json"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )
    messages = [json.loads(line) for line in built.stdout.splitlines()]
    return next(m["executable"] for m in messages if m.get("executable") and m["target"]["name"] == "compare")


def best(reports, key):
    found = [r[key] for r in reports if r.get(key) is not None]
    return min(found) if found else None


def show(seconds):
    if seconds is None:
        return "—"
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.1g} s"


def ratio(theirs, ours):
    return "—" if theirs is None else f"{theirs / ours:.3g}×"


def agreement(ours, theirs):
    """The largest relative difference between two lists of numbers; decisions
    that hang on the last bit of memo's floats are counted apart."""
    scale = max(abs(x) for x in theirs)
    away = [abs(a - b) / max(abs(b), 1e-6 * scale) for a, b in zip(ours, theirs, strict=True)]
    ties = [x for x in away if x > 0.1]
    if len(ties) == len(away):
        return f"{max(away):.0e}"
    return f"{max(x for x in away if x <= 0.1):.0e}" + (f", {len(ties)} ties" if ties else "")


def mean(ratios):
    return math.exp(sum(math.log(r) for r in ratios) / len(ratios))


MODEL = """
#[memo]
fn listener_{n}<u: Utterance, r: Referent>(beta: f64, level: i64) {{
    model! {{
        listener: thinks[
            speaker: given(r in Referent, wpp = 1),
            speaker: chooses(u in Utterance, wpp =
                denotes(u, r) * (1 if level == 0 else exp(beta * listener_{n}[u, r](beta, level - 1))))
        ];
        listener: observes [speaker.u] is u;
        listener: chooses(r in Referent, wpp = Pr[speaker.r == r]);
        return Pr[listener.r == r];
    }}
}}
"""


def compile_times():
    """Seconds of `cargo check` and `cargo build --release` for crates with 0, 1,
    10 and 50 models, the dependencies being built already."""
    head = """use memo::prelude::*;
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Utterance { Green, Pink, Square, Round }
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Referent { GreenSquare, GreenCircle, PinkCircle }
fn denotes(u: Utterance, r: Referent) -> bool { (u as usize + r as usize) % 2 == 0 }
"""
    found = {}
    for n in (0, 1, 10, 50):
        models = "".join(MODEL.format(n=i) for i in range(n))
        calls = "".join(f"    println!(\"{{}}\", listener_{i}(1.0, 1));\n" for i in range(n))
        manifest, environment = write_crate("compile-time", f"{head}{models}fn main() {{\n{calls}}}\n")
        for command in (["check"], ["build", "--release"]):
            line = ["cargo", *command, "--quiet", "--manifest-path", str(manifest)]
            took = []
            for _ in range(3):
                (manifest.parent / "src" / "main.rs").touch()
                start = time.perf_counter()
                subprocess.run(line, check=True, env=environment, capture_output=True)
                took.append(time.perf_counter() - start)
            found[n, command[0]] = min(took)
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=1.0, help="time for each measurement")
    parser.add_argument("--rounds", type=int, default=3, help="how often the two sides take turns")
    parser.add_argument("--out", type=Path, help="where to write the report, besides the terminal")
    options = parser.parse_args()
    python = environment("compare-venv", "memo", [MEMO])
    if python is None:
        return
    rust = executable()
    side, seconds = str(HERE / "memo_side.py"), str(options.seconds)
    lines, direct_ratios, jit_ratios = [], [], []
    for model in MODELS:
        ours, theirs, hand = [], [], []
        rounds = options.rounds if model not in SLOW else 1
        for _ in range(rounds):
            theirs.append(run([python, side, model, seconds]))
            ours.append(run([rust, model, seconds]))
            if model in BY_HAND:
                hand.append(run([rust, f"{model}_by_hand", seconds]))
        wide = run([python, side, model, "0.2"], JAX_ENABLE_X64="True")
        away = agreement(ours[0]["values"], wide["values"])
        if hand and not all(
            math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
            for a, b in zip(hand[0]["values"], ours[0]["values"], strict=True)
        ):
            raise SystemExit(f"{model} by hand gives other values")
        mine, written = best(ours, "direct_s"), best(hand, "direct_s")
        direct, jit = best(theirs, "direct_s"), best(theirs, "one_jit_s")
        direct_ratios.append(direct / mine)
        if jit is not None:
            jit_ratios.append(jit / mine)
        lines.append(
            f"| {model.replace('_', ' ')} | {show(best(theirs, 'cold_s'))} | {show(direct)} | {show(jit)} "
            f"| {show(wide['direct_s'])} | {show(best(ours, 'cold_s'))} | {show(mine)} | {show(written)} | {ratio(direct, mine)} "
            f"| {ratio(jit, mine)} | {away} | {best(theirs, 'peak_mib'):.0f} · {best(ours, 'peak_mib'):.0f} MiB |"
        )
        print(lines[-1], flush=True)
    compiled = compile_times()
    rustc = subprocess.run(["rustc", "--version"], capture_output=True, text=True).stdout.strip()
    report = f"""# Benchmarks

Written by `benches/compare/compare.py`: the same models in memo for Python
({MEMO}, JAX {theirs[0]["jax"]}) and here, in turns on one machine; the shortest
call counts. memo works in 32 bits, its default, and in 64 bits in the column
that says so; we work in 64. *direct*: a warm call as a user makes it, caches
cleared. *one jit*: all of it inside one `jax.jit`. *agree*: the largest
relative difference from memo's values in 64 bits, part of which memo computes in
32 bits all the same (the implicature; and the chains, where the chances that memo
finds for the longest sum to 0.71); *ties* are decisions between
equals, which memo takes by the last bit of its floats (persuasion). What depends on no parameter
is computed once a process here (see `docs/meaning.md`): the first call, *cold*,
includes it. *by hand*: what a person writes in Rust who knows the model and the
machine by heart (`benches/compare/by_hand.rs`: one thread, sizes as constants, no
check of anything): what a compiler is measured by. *Datum by datum* is the row before
once more, with the logarithm that memo's side takes where the formula has it, of each of the
ten thousand chances; in the row before it takes that of each of the 128 cells. Our side is the
same in both: it counts the data.

Machine: {os.cpu_count()} × {platform.processor() or platform.machine()}, {platform.system()}; {rustc}.

| model | memo cold | memo direct | memo one jit | memo direct, 64 bit | ours cold | ours | by hand | direct ÷ ours | one jit ÷ ours | agree | peak, memo · ours |
|---|---|---|---|---|---|---|---|---|---|---|---|
{chr(10).join(lines)}

Geometric means: {mean(direct_ratios):.3g}× against direct calls, {mean(jit_ratios):.3g}× against one jit.

Compile time of crates with so many models, beyond their dependencies:

| models | `cargo check` | `cargo build --release` |
|---|---|---|
{chr(10).join(f"| {n} | {compiled[n, 'check']:.2f} s | {compiled[n, 'build']:.2f} s |" for n in (0, 1, 10, 50))}
"""
    print(report)
    if options.out:
        options.out.write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()
