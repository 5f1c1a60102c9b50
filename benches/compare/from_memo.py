#!/usr/bin/env python3
"""Runs the Python of `docs/from-memo.md` in memo, and holds what it prints
against the numbers that the page shows; those are ours, see `tests/book`.

    python3 benches/compare/from_memo.py

Runs memo in the virtual environment of `compare.py`. Where Python or memo is
missing, it says so and ends.
"""

import re
import subprocess

from compare import MEMO, ROOT, environment

PAGE = ROOT / "docs" / "from-memo.md"
MARK = "@@ block"
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
# The page shows four decimals, of numbers that memo computes in 32 bits.
NEAR = 6e-5


def numbers(text):
    return [float(number) for number in NUMBER.findall(text)]


def main():
    fences = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    sides = [block for block in fences if block[0] in ("python", "text")]
    if [kind for kind, _ in sides] != ["python", "text"] * (len(sides) // 2) or not sides:
        raise SystemExit(f"{PAGE}: each block of Python must be followed by one text")
    blocks, shown = [text for _, text in sides[::2]], [text for _, text in sides[1::2]]
    python = environment("compare-venv", "memo", [MEMO])
    if python is None:
        return
    # memo reads the source of its models: they stand in a file.
    file = ROOT / "target" / "from_memo_of_memo.py"
    file.write_text("".join(f"print({MARK!r})\n{block}\n" for block in blocks), encoding="utf-8")
    run = subprocess.run([python, str(file)], capture_output=True, text=True)
    if run.returncode != 0:
        raise SystemExit(f"memo cannot run the page:\n{run.stdout}{run.stderr}")
    printed = run.stdout.split(MARK)[1:]
    wrong = 0
    for block, theirs, ours in zip(blocks, map(numbers, printed), map(numbers, shown), strict=True):
        scale = [max(1.0, abs(number)) for number in ours]
        same = len(theirs) == len(ours) and all(
            abs(a - b) <= NEAR * unit for a, b, unit in zip(theirs, ours, scale)
        )
        if not same:
            wrong += 1
            print(f"memo prints {theirs} where the page has {ours}, for\n\n{block}")
    print(f"{len(blocks) - wrong} of {len(blocks)} blocks of {PAGE.name} agree with {MEMO}")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
