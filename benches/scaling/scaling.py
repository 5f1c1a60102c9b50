#!/usr/bin/env python3
"""Cost and memory of one mind's belief against the number of its choices.

    python3 benches/scaling/scaling.py [--largest 1000] [--out docs]

Writes a crate with chains, binary trees, strips (grids three choices wide) and
square grids of choices with 4 values each, whose weights depend on a parameter,
so that nothing is computed once and for all; asks each for the marginal of its
last choice; and writes the time of a call, the bytes of its tables and the
operations that `cost()` counts to `scaling.md`, with a plot of each as SVG. Chains, trees and strips are linear;
square grids are exponential in their width, their treewidth.
"""

import argparse
import json
import math
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "compare"))

from compare import show, write_crate

SIZES = (3, 10, 30, 100, 300, 1000)
WIDTHS = (2, 3, 4, 5, 6)
COLOURS = {"chain": "#1b9e77", "tree": "#d95f02", "strip": "#7570b3", "square": "#e7298a"}


REPORT = """# Cost against the number of choices

Written by `benches/scaling/scaling.py`: one mind chooses so many values out of
four, one depending on another as in a chain, a binary tree, a strip three choices
wide or a square grid, with computed weights that depend on a parameter; asked for
is the marginal of the last. memo for Python needs 4ⁿ cells for each of these.

![time of a call](scaling-time.svg)
![bytes of tables](scaling-memory.svg)
![operations](scaling-operations.svg)

{table}
"""


def parents(kind, n):
    """For each choice, which choices its weight depends on."""
    if kind == "chain":
        return [[i - 1] if i else [] for i in range(n)]
    if kind == "tree":
        return [[(i - 1) // 2] if i else [] for i in range(n)]
    width = 3 if kind == "strip" else math.isqrt(n)
    return [[j for j in ((i - 1) if i % width else -1, i - width) if j >= 0] for i in range(n)]


def model(kind, n):
    lines = []
    for i, before in enumerate(parents(kind, n)):
        seen = [f"x{j}" for j in before] + ["0", "0"]
        lines.append(f"        a: chooses(x{i} in N, wpp = weight(k, {seen[0]}, {seen[1]}, x{i}));")
    body = "\n".join(lines)
    return f"#[memo]\nfn {kind}_{n}<x: N>(k: f64) {{\n    model! {{\n{body}\n        return Pr[a.x{n - 1} == x];\n    }}\n}}\n"


HEAD = """use memo::prelude::*;
use std::hint::black_box;
use std::time::Instant;
const N: std::ops::Range<i64> = 0..4;
fn weight(k: f64, a: i64, b: i64, x: i64) -> f64 {
    1.0 + k * ((3 * a + 5 * b + 2 * x) % 7) as f64
}
fn time(call: impl Fn(f64)) -> f64 {
    call(0.5);
    let (start, mut best) = (Instant::now(), f64::INFINITY);
    while start.elapsed().as_secs_f64() < 0.3 {
        let one = Instant::now();
        call(black_box(0.5));
        best = best.min(one.elapsed().as_secs_f64());
    }
    best
}
"""


def measure(models):
    source, calls = HEAD, []
    for kind, n in models:
        source += model(kind, n)
        name = f"{kind}_{n}"
        calls.append(
            f'    let (cost, seconds) = ({name}::cost(0.5), time(|k| {{ black_box({name}(k)); }}));\n'
            f'    println!("{{{{\\"kind\\":\\"{kind}\\",\\"n\\":{n},\\"s\\":{{seconds:e}},\\"flops\\":{{}},\\"bytes\\":{{}}}}}}", cost.flops, cost.bytes);'
        )
    source += "fn main() {\n" + "\n".join(calls) + "\n}\n"
    manifest, environment = write_crate("scaling", source)
    command = ["cargo", "run", "--release", "--quiet", "--manifest-path", str(manifest)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def plot(records, key, title, label):
    """Lines over the number of choices, both axes logarithmic."""
    width, height, left, bottom = 560, 400, 80, 60
    low, high = min(r[key] for r in records), max(r[key] for r in records)
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    most = max(r["n"] for r in records)
    x = lambda n: left + (width - left - 100) * math.log10(n / 3) / math.log10(max(most, 4) / 3)
    y = lambda v: height - bottom - (height - bottom - 40) * (math.log10(v) - decades[0]) / max(1, decades[-1] - decades[0])
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{left}" y="22" font-size="14">{title}</text>',
        f'<text x="{(left + width - 100) / 2:.0f}" y="{height - 18}" text-anchor="middle">choices of 4 values in one mind</text>',
    ]
    for decade in decades:
        at = y(10.0**decade)
        out.append(f'<line x1="{left}" x2="{width - 100}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{left - 8}" y="{at + 4:.1f}" text-anchor="end">{label(10.0**decade)}</text>')
    for n in [n for n in SIZES if n <= most]:
        out.append(f'<line x1="{x(n):.1f}" x2="{x(n):.1f}" y1="40" y2="{height - bottom}" stroke="#eee"/>')
        out.append(f'<text x="{x(n):.1f}" y="{height - bottom + 18}" text-anchor="middle">{n}</text>')
    taken = []
    for kind, colour in COLOURS.items():
        points = [(x(r["n"]), y(r[key])) for r in records if r["kind"] == kind]
        if not points:
            continue
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{colour}"/>' for a, b in points]
        end = points[-1][1] + 4
        while any(abs(end - other) < 14 and abs(points[-1][0] - beside) < 60 for beside, other in taken):
            end += 14
        taken.append((points[-1][0], end))
        out.append(f'<text x="{points[-1][0] + 8:.1f}" y="{end:.1f}" fill="{colour}">{kind}</text>')
    return "\n".join([*out, "</svg>", ""])


def amount(value):
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value:.3g}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--largest", type=int, default=1000, help="the most choices")
    parser.add_argument("--out", type=Path, help="the folder for the pictures")
    options = parser.parse_args()
    models = [(kind, n) for kind in ("chain", "tree", "strip") for n in SIZES if n <= options.largest]
    models += [("square", w * w) for w in WIDTHS if w * w <= options.largest]
    records = measure(models)
    lines = ["| belief | choices | a call | a choice | operations | bytes of tables |", "|---|---|---|---|---|---|"]
    for r in records:
        lines.append(
            f"| {r['kind']} | {r['n']} | {show(r['s'])} | {show(r['s'] / r['n'])} "
            f"| {amount(r['flops'])} | {amount(r['bytes'])} |"
        )
    print("\n".join(lines))
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        report = REPORT.format(table="\n".join(lines))
        (options.out / "scaling.md").write_text(report, encoding="utf-8")
        for key, title, label in (
            ("s", "Time of a call", show),
            ("bytes", "Bytes of tables", lambda v: amount(v) + "B"),
            ("flops", "Operations", amount),
        ):
            name = {"s": "time", "bytes": "memory", "flops": "operations"}[key]
            (options.out / f"scaling-{name}.svg").write_text(plot(records, key, title, label), encoding="utf-8")


if __name__ == "__main__":
    main()
