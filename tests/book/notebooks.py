#!/usr/bin/env python3
"""Runs the notebooks of `docs/notebooks` with the Rust kernel of evcxr.

    python3 tests/book/notebooks.py [--write]

Every cell must run, and give what the notebook shows; `--write` puts the results
into the notebooks. It needs `evcxr_jupyter` (`cargo install evcxr_jupyter
--locked`), and installs nbclient into a virtual environment of its own. Where one
of them is missing, it says so and ends.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "docs" / "notebooks"
PACKAGES = ["nbclient", "nbformat"]

# What runs in the virtual environment: a notebook, where the kernel is found
# through JUPYTER_PATH, and the same with its results into another file.
RUN = """
import sys, nbformat, nbclient
notebook = nbformat.read(sys.argv[1], as_version=4)
client = nbclient.NotebookClient(notebook, timeout=1200, kernel_name="rust",
                                 resources={"metadata": {"path": sys.argv[2]}})
client.execute()
nbformat.write(notebook, sys.argv[3])
"""


def environment():
    """The Python of the virtual environment; None where it cannot be made."""
    folder = ROOT / "target" / "notebook-venv"
    python = folder / "bin" / "python"
    if not python.exists():
        if subprocess.run([sys.executable, "-m", "venv", str(folder)]).returncode != 0:
            print("skipped: no virtual environment of Python can be made here")
            return None
    found = subprocess.run([str(python), "-c", "import nbclient, nbformat"], capture_output=True)
    if found.returncode != 0:
        if subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES]).returncode != 0:
            print(f"skipped: {', '.join(PACKAGES)} cannot be installed here")
            return None
    return str(python)


def results(notebook):
    """What the cells of a notebook show, without what differs from run to run."""
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return [
        [
            {kind: "".join(text) for kind, text in output["data"].items()}
            for output in cell["outputs"]
            if "data" in output
        ]
        for cell in cells
    ]


def run(python, kernels, path):
    """The notebook at a path, with the results of a run; None where it fails."""
    environment = {**os.environ, "JUPYTER_PATH": kernels}
    out = Path(kernels) / path.name
    command = [python, "-c", RUN, str(path), str(path.parent), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        print(f"{path.name} does not run:\n{done.stderr[-4000:]}")
        return None
    notebook = json.loads(out.read_text(encoding="utf-8"))
    # Only what a reader sees: no times, no numbers of runs, no progress of cargo.
    for at, cell in enumerate(cell for cell in notebook["cells"] if cell["cell_type"] == "code"):
        cell["metadata"] = {}
        cell["execution_count"] = at + 1
        cell["outputs"] = [output for output in cell["outputs"] if "data" in output]
        for output in cell["outputs"]:
            output["execution_count"] = at + 1
    return notebook


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--write", action="store_true", help="put the results into the notebooks")
    arguments = parser.parse_args()
    kernel = shutil.which("evcxr_jupyter")
    if kernel is None:
        print("skipped: evcxr_jupyter is not installed: cargo install evcxr_jupyter --locked")
        return
    python = environment()
    if python is None:
        return
    wrong = 0
    with tempfile.TemporaryDirectory() as kernels:
        spec = {
            "argv": [kernel, "--control_file", "{connection_file}"],
            "display_name": "Rust",
            "language": "rust",
            "interrupt_mode": "message",
        }
        folder = Path(kernels) / "kernels" / "rust"
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
        for path in sorted(FOLDER.glob("*.ipynb")):
            shown = json.loads(path.read_text(encoding="utf-8"))
            found = run(python, kernels, path)
            if found is None:
                wrong += 1
            elif arguments.write:
                text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
                path.write_text(text, encoding="utf-8")
                print(f"{path.name}: written")
            elif results(found) != results(shown):
                wrong += 1
                print(f"{path.name} shows other results than these; --write puts them there")
                for cell in results(found):
                    print(json.dumps(cell, indent=1, ensure_ascii=False))
            else:
                print(f"{path.name}: every cell gives what it shows")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
