#!/usr/bin/env python3
"""Compares the ALARM network as one model with pgmpy's variable elimination.

    python3 benches/compare/alarm.py

Installs pgmpy 0.1.25 without its dependency on torch, which a network of tables
never calls, into a virtual environment of its own; asks both for the posterior of
LVFAILURE under each reading of BP, CVP and EXPCO2; checks that they agree to
1e-9; and prints how long each takes. Where no Python is found, or pgmpy cannot be
installed, it says so and ends.
"""


from compare import environment, executable, run, show

PGMPY = "pgmpy==0.1.25"
NEEDED = ["numpy", "scipy", "pandas", "networkx", "opt_einsum", "joblib", "tqdm", "scikit-learn", "statsmodels", "pyparsing"]
ASK = r"""
import itertools, json, sys, time
from unittest.mock import MagicMock
for name in ("torch", "torch.nn", "torch.optim", "torch.utils", "torch.utils.data"):
    sys.modules[name] = MagicMock(name=name)
sys.modules["torch"].Tensor = type("Tensor", (), {})
from pgmpy.inference import VariableElimination
from pgmpy.utils import get_example_model
inference = VariableElimination(get_example_model("alarm"))
level, reading = ["LOW", "NORMAL", "HIGH"], ["ZERO", "LOW", "NORMAL", "HIGH"]
seen = list(itertools.product(level, level, reading))
def query(bp, cvp, gas):
    return inference.query(["LVFAILURE"], {"BP": bp, "CVP": cvp, "EXPCO2": gas}, show_progress=False)
values = []
for what in seen:
    posterior = query(*what)
    values += [float(posterior.get_value(LVFAILURE=v)) for v in ("TRUE", "FALSE")]
best = float("inf")
for _ in range(20):
    start = time.perf_counter()
    query(*seen[0])
    best = min(best, time.perf_counter() - start)
print(json.dumps({"values": values, "query_s": best}))
"""


def main():
    python = environment("alarm-venv", "pgmpy", NEEDED, ["--no-deps", PGMPY])
    if python is None:
        return
    theirs = run([python, "-c", ASK])
    ours = run([executable(), "alarm", "1"])
    away = max(abs(a - b) / b for a, b in zip(ours["values"], theirs["values"], strict=True))
    table, query = ours["direct_s"], theirs["query_s"]
    print(
        f"pgmpy: {show(query)} a posterior; here {show(table)} for the table of all 36, "
        f"{query / table:.3g} times as fast, {36 * query / table:.3g} times a posterior; "
        f"largest relative difference {away:.0e}"
    )
    if away > 1e-9:
        raise SystemExit("they do not agree")


if __name__ == "__main__":
    main()
