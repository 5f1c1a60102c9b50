"""Reads the files that the test `roundtrip` wrote, each with the programs it is for.

Usage: check.py FOLDER. `expected.json` there says what each file is to hold: the
names and values of the axes, and the numbers of each column, row-major. Exits with 77
when packages are missing.
"""

import html.parser
import itertools
import json
import math
import pathlib
import sys

try:
    import netCDF4
    import numpy as np
    import pandas as pd
    import polars as pl
    import pyarrow.feather
    import pyarrow.parquet
    import scipy.io
    import xarray as xr
except ImportError as error:
    print(f"files are not read back: {error} (see tests/roundtrip/requirements.txt)")
    sys.exit(77)

FOLDER = pathlib.Path(sys.argv[1])
checks = 0


def same(found, wanted, what):
    """Equal numbers, NaN too; everything else equal and of the same kind."""
    global checks
    checks += 1
    found, wanted = list(found), list(wanted)
    if len(found) != len(wanted):
        sys.exit(f"{what}: {len(found)} values, {len(wanted)} are expected")
    for at, (f, w) in enumerate(zip(found, wanted)):
        kind = lambda x: (
            bool if isinstance(x, (bool, np.bool_))
            else int if isinstance(x, (int, np.integer))
            else float if isinstance(x, (float, np.floating))
            else type(x)
        )
        if kind(f) is not kind(w) and not (kind(f) is str and isinstance(w, str)):
            sys.exit(f"{what}, {at}: a {kind(f).__name__} {f!r}, a {kind(w).__name__} {w!r} is expected")
        if f != w and not (isinstance(w, float) and math.isnan(w) and math.isnan(f)):
            sys.exit(f"{what}, {at}: {f!r}, {w!r} is expected")


class Table:
    """What a file is to hold."""

    def __init__(self, entry):
        self.file = entry["file"]
        self.axes = {name: values for name, values in entry["axes"]}
        self.shape = tuple(len(values) for values in self.axes.values())
        self.columns, self.marks = {}, {}
        for column in entry["columns"]:
            self.columns[column["name"]] = [float(x) for x in column["values"]]
            if column["impossible"] is not None:
                self.marks[column["name"] + "_impossible"] = column["impossible"]
        # The tidy form: a row a cell, the last axis fastest.
        rows = list(itertools.product(*self.axes.values()))
        self.tidy = {name: [row[at] for row in rows] for at, name in enumerate(self.axes)}
        for name, values in self.columns.items():
            self.tidy[name] = values
            if name + "_impossible" in self.marks:
                self.tidy[name + "_impossible"] = self.marks[name + "_impossible"]

    def path(self, ending):
        return FOLDER / f"{self.file}.{ending}"

    def labels(self, axis):
        """Whether the values of an axis are text."""
        return isinstance(self.axes[axis][0], str)


def tidy(table, frame, what):
    """A data frame, of pandas or polars, in tidy form."""
    same(frame.columns, table.tidy, f"{what}: columns")
    for name, values in table.tidy.items():
        same(frame[name].to_list(), values, f"{what}: {name}")


def check_csv(table):
    # Before version 3 the parser that pandas prefers is not exact in the last digit.
    exact = {"float_precision": "round_trip"} if int(pd.__version__.split(".")[0]) < 3 else {}
    frame = pd.read_csv(table.path("csv"), **exact)
    tidy_as_written(table, frame, f"{table.file}.csv in pandas")
    frame.to_csv(FOLDER / f"pandas_{table.file}.csv", index=False)
    frame = pl.read_csv(table.path("csv"))
    tidy_as_written(table, frame, f"{table.file}.csv in polars")
    frame.write_csv(FOLDER / f"polars_{table.file}.csv")


def tidy_as_written(table, frame, what):
    """As `tidy`; text does not tell 1.0 from 1, so whole columns of floats may be integers."""
    same(frame.columns, table.tidy, f"{what}: columns")
    for name, values in table.tidy.items():
        found = frame[name].to_list()
        if values and isinstance(values[0], float):
            found = [float(x) for x in found]
        same(found, values, f"{what}: {name}")


def check_json(table):
    read = json.loads(table.path("json").read_text(encoding="utf-8"))
    what = f"{table.file}.json"
    kinds = {"integer": int, "number": float, "string": str, "boolean": lambda label: label == "true"}
    same([axis["name"] for axis in read["axes"]], table.axes, f"{what}: axes")
    for axis in read["axes"]:
        values = [kinds[axis["type"]](label) for label in axis["labels"]]
        same(values, table.axes[axis["name"]], f"{what}: {axis['name']}")
    same(read["shape"], table.shape, f"{what}: shape")
    columns = read.get("columns", [read])
    same([column["name"] for column in columns], table.columns, f"{what}: columns")
    for column in columns:
        name = column["name"]
        same([float(x) for x in column["values"]], table.columns[name], f"{what}: {name}")
        same(column.get("impossible", []), table.marks.get(name + "_impossible", []), f"{what}: marks")
        column["values"] = [float(x) for x in column["values"]]
    # As Python writes it: with NaN and Infinity, letters escaped, over several lines.
    text = json.dumps(read, indent=1)
    (FOLDER / f"python_{table.file}.json").write_text(text, encoding="utf-8")


class Cells(html.parser.HTMLParser):
    """The rows of an HTML table."""

    def __init__(self):
        super().__init__()
        self.rows = []

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data):
        if data.strip():
            self.rows[-1][-1] += data


def check_text(table):
    cells = Cells()
    cells.feed(table.path("html").read_text(encoding="utf-8"))
    lines = table.path("md").read_text(encoding="utf-8").splitlines()
    markdown = [line.strip("|").split("|") for line in lines[:1] + lines[2:]]
    for rows, what in [(cells.rows, "html"), (markdown, "md")]:
        what = f"{table.file}.{what}"
        header = [cell.strip() for cell in rows[0]]
        names = [*table.axes, *table.columns]
        same([cell.split(":")[0] for cell in header], names, f"{what}: header")
        for at, axis in enumerate(table.axes):
            if table.labels(axis):
                same([row[at].strip() for row in rows[1:]], table.tidy[axis], f"{what}: {axis}")
        for at, name in enumerate(table.columns, len(table.axes)):
            for row, wanted in zip(rows[1:], table.columns[name]):
                found = float(row[at])
                # What is printed has six digits.
                if not (math.isclose(found, wanted, rel_tol=1e-5) or math.isnan(found) and math.isnan(wanted)):
                    sys.exit(f"{what}: {name}: {found}, {wanted} is expected")


def check_npz(table):
    what = f"{table.file}.npz"
    with np.load(table.path("npz"), allow_pickle=False) as read:
        names = {"axes", *table.axes, *table.columns, *table.marks}
        same(sorted(read.files), sorted(names), f"{what}: arrays")
        same(read["axes"].tolist(), table.axes, f"{what}: axes")
        for axis, values in table.axes.items():
            same(read[axis].tolist(), values, f"{what}: {axis}")
        for name, values in {**table.columns, **table.marks}.items():
            same(read[name].shape, table.shape, f"{what}: shape of {name}")
            same(read[name].ravel().tolist(), values, f"{what}: {name}")


def check_categories(table, frame, what):
    """Labels are categories in the order of the domain."""
    for axis, values in table.axes.items():
        if table.labels(axis):
            same(frame[axis].cat.categories.to_list(), values, f"{what}: categories of {axis}")


def check_arrow(table):
    what = f"{table.file}.arrow"
    frame = pd.read_feather(table.path("arrow"))
    tidy(table, frame, f"{what} in pandas")
    check_categories(table, frame, what)
    tidy(table, pyarrow.feather.read_table(table.path("arrow")).to_pandas(), f"{what} in pyarrow")
    tidy(table, pl.read_ipc(table.path("arrow")), f"{what} in polars")


def check_parquet(table):
    what = f"{table.file}.parquet"
    frame = pd.read_parquet(table.path("parquet"))
    tidy(table, frame, f"{what} in pandas")
    check_categories(table, frame, what)
    tidy(table, pyarrow.parquet.read_table(table.path("parquet")).to_pandas(), f"{what} in pyarrow")
    tidy(table, pl.read_parquet(table.path("parquet")), f"{what} in polars")


def check_netcdf(table):
    what = f"{table.file}.nc"
    with xr.open_dataset(table.path("nc"), engine="scipy") as read:
        same(sorted(read.data_vars), sorted([*table.columns, *table.marks]), f"{what}: variables")
        for axis, values in table.axes.items():
            found = read[axis].values.tolist()
            if max(abs(x) if isinstance(x, int) else 0 for x in values) >= 1 << 31:
                # There are no integers of 64 bits in this format.
                values = [float(x) for x in values]
            same(found, values, f"{what}: {axis}")
        for name, values in {**table.columns, **table.marks}.items():
            same(read[name].dims, table.axes, f"{what}: axes of {name}")
            same(read[name].shape, table.shape, f"{what}: shape of {name}")
            same(read[name].values.ravel().tolist(), values, f"{what}: {name}")
        # Labels select.
        if table.file == "weather":
            rain = read["weather"].sel(w="Rain", m="Fröhlich").item()
            same([rain], [table.columns["weather"][4]], f"{what}: selection")
        # The reference implementation, in C, sees the same.
        with xr.open_dataset(table.path("nc"), engine="netcdf4") as reference:
            same([reference.identical(read)], [True], f"{what} in netCDF4")
    with netCDF4.Dataset(table.path("nc")) as read:
        same([read.data_model], ["NETCDF3_64BIT_OFFSET"], what)
    with scipy.io.netcdf_file(table.path("nc"), mmap=False) as read:
        for name, values in table.columns.items():
            same(np.ravel(read.variables[name][...]).tolist(), values, f"{what} in scipy: {name}")


for entry in json.loads((FOLDER / "expected.json").read_text(encoding="utf-8")):
    table = Table(entry)
    for check in [check_csv, check_json, check_text, check_npz, check_arrow, check_parquet, check_netcdf]:
        check(table)
print(f"{checks} comparisons hold")
