#!/usr/bin/env python3
"""Counts the instructions of a call of five models under valgrind's callgrind.

    python3 benches/callgrind/callgrind.py            # compares with the baseline
    python3 benches/callgrind/callgrind.py --update   # writes it anew

Counts do not depend on what else the machine does, so that a regression is seen
where times are noise. Fails when a model takes 5 % more than the baseline; with
another rustc than the baseline's it only reports. Where valgrind is not
installed it says so and ends.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "compare"))

from compare import executable

BASELINE = HERE / "baseline.json"
# Each with how many calls are counted.
MODELS = {
    "lewis_game": 200,
    "polite_speech": 200,
    "schelling_100_bars_depth_100": 5,
    "takeaway_t_20": 5,
    "crying_baby_t_100": 2,
}
TOLERANCE = 0.05


def instructions(program, model, calls):
    command = [
        "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
        program, model, "calls", str(calls),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(re.search(r"Collected\s*:\s*(\d+)", done.stderr).group(1))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--update", action="store_true", help="write the baseline anew")
    options = parser.parse_args()
    if shutil.which("valgrind") is None:
        print("skipped: valgrind is not installed")
        return
    rustc = subprocess.run(["rustc", "--version"], capture_output=True, text=True).stdout.strip()
    program = executable()
    found = {}
    for model, calls in MODELS.items():
        # What is computed once a process is in both counts.
        few, many = (instructions(program, model, n) for n in (1, 1 + calls))
        found[model] = (many - few) // calls
    if options.update:
        BASELINE.write_text(json.dumps({"rustc": rustc, "instructions": found}, indent=2) + "\n", encoding="utf-8")
    baseline = json.loads(BASELINE.read_text(encoding="utf-8"))
    slower = []
    for model, count in found.items():
        before = baseline["instructions"][model]
        print(f"{model:32} {count:>10} instructions a call, {100 * (count / before - 1):+.1f} %")
        if count > (1 + TOLERANCE) * before:
            slower.append(model)
    if baseline["rustc"] != rustc:
        print(f"the baseline is that of {baseline['rustc']}, this is {rustc}: nothing is concluded")
    elif slower:
        raise SystemExit(f"more instructions than the baseline allows: {', '.join(slower)}")


if __name__ == "__main__":
    main()
