//! Several numbers for each combination of values: tables as columns.

use std::borrow::Cow;
use std::io;

use super::axes::places;
use super::labelled::{LabelledArray, LabelledAxis};
use super::{Axes, Table};

/// Tables over the same axes, as columns of one thing that is printed and written
/// to files like a table: see [`join`].
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    axes: Vec<LabelledAxis>,
    columns: Vec<OwnColumn>,
}

#[derive(Clone, Debug, PartialEq)]
struct OwnColumn {
    name: String,
    data: Vec<f64>,
    impossible: Option<Vec<bool>>,
}

/// Joins tables over the same axes as columns, each under a name. The order of the
/// axes is that of the first.
///
/// ```
/// use memo_runtime::{Bool, Table, join};
/// # fn flip(bias: f64) -> Table<(Bool,)> {
/// #     let file = format!("heads,flip\ntrue,{bias}\nfalse,{}\n", 1.0 - bias);
/// #     Table::from_csv("flip", &["heads"], (Bool,), file.as_bytes()).unwrap()
/// # }
/// let coins = join([("fair", flip(0.5)), ("biased", flip(0.25))]);
/// let markdown = "| heads: Bool | fair | biased |\n| --- | --: | --: |\n| false | 0.5 | 0.75 |\n| true | 0.5 | 0.25 |\n";
/// # assert_eq!(coins.to_markdown().replace("heads: heads", "heads: Bool"), markdown);
/// let mut csv = Vec::new();
/// coins.to_csv(&mut csv)?;
/// assert_eq!(String::from_utf8_lossy(&csv), "heads,fair,biased\nfalse,0.5,0.75\ntrue,0.5,0.25\n");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Panics
/// When there are no tables, two have the same name, or their axes differ.
pub fn join<N: Into<String>, T: Into<LabelledArray>>(tables: impl IntoIterator<Item = (N, T)>) -> Dataset {
    let mut joined: Option<Dataset> = None;
    for (name, table) in tables {
        let table = table.into().named(name);
        joined = Some(match joined {
            None => Dataset::from(table),
            Some(joined) => joined.join(table),
        });
    }
    joined.unwrap_or_else(|| panic!("there are no tables to be joined"))
}

impl OwnColumn {
    fn borrowed(&self) -> Column<'_> {
        Column { name: &self.name, data: &self.data, impossible: self.impossible.as_deref() }
    }
}

impl From<LabelledArray> for Dataset {
    fn from(array: LabelledArray) -> Self {
        let LabelledArray { name, axes, data, impossible } = array;
        Self { axes, columns: vec![OwnColumn { name, data, impossible }] }
    }
}

impl Dataset {
    /// One column more: a table over the same axes, in any order, under its own name.
    ///
    /// # Panics
    /// When a column of that name is there already or the axes differ.
    #[must_use]
    pub fn join(mut self, table: impl Into<LabelledArray>) -> Self {
        let array = table.into();
        assert!(
            self.column(&array.name).is_none(),
            "two of the tables joined are called `{}`: give one another name with `named`",
            array.name
        );
        let data = in_order(&array, &self.axes, &array.data);
        let impossible = array.impossible.as_ref().map(|marks| in_order(&array, &self.axes, marks));
        self.columns.push(OwnColumn { name: array.name, data, impossible });
        self
    }

    /// The names of the columns, in order.
    #[must_use]
    pub fn column_names(&self) -> Vec<&str> {
        self.columns.iter().map(|column| column.name.as_str()).collect()
    }

    /// The column of a name, if there is one.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<LabelledArray> {
        let column = self.columns.iter().find(|column| column.name == name)?;
        let array = LabelledArray::new(name, self.axes.clone(), column.data.clone());
        Some(array.marked(column.impossible.clone()))
    }

    /// The names of the axes, in order.
    #[must_use]
    pub fn axis_names(&self) -> Vec<&str> {
        self.axes.iter().map(|axis| axis.name.as_str()).collect()
    }

    /// The length of each axis.
    #[must_use]
    pub fn shape(&self) -> Vec<usize> {
        self.axes.iter().map(|axis| axis.labels.len()).collect()
    }

    /// The labels along an axis, if there is one of that name.
    #[must_use]
    pub fn labels(&self, axis: &str) -> Option<&[String]> {
        self.axes.iter().find(|own| own.name == axis).map(|own| own.labels.as_slice())
    }
}

/// The cells of an array with its axes in the order of others.
fn in_order<T: Copy>(array: &LabelledArray, axes: &[LabelledAxis], cells: &[T]) -> Vec<T> {
    let names = |axes: &[LabelledAxis]| {
        axes.iter().map(|axis| format!("`{}`", axis.name)).collect::<Vec<_>>().join(", ")
    };
    let place = |axis: &LabelledAxis| {
        let Some(place) = array.axes.iter().position(|own| own.name == axis.name) else {
            panic!("`{}` has no axis `{}`, which the tables before it have", array.name, axis.name)
        };
        assert!(
            array.axes[place].labels == axis.labels,
            "the axis `{}` of `{}` has other values than in the tables before it",
            axis.name,
            array.name
        );
        place
    };
    let from: Vec<usize> = axes.iter().map(place).collect();
    assert!(
        array.axes.len() == axes.len(),
        "`{}` has the axes {}, the tables before it {}",
        array.name,
        names(&array.axes),
        names(axes)
    );
    let shape = array.shape();
    let stride = |place: &usize| shape[place + 1..].iter().product::<usize>();
    let strides: Vec<usize> = from.iter().map(stride).collect();
    let lengths: Vec<usize> = axes.iter().map(|axis| axis.labels.len()).collect();
    let cell = |at: Vec<usize>| at.iter().zip(&strides).map(|(at, stride)| at * stride).sum::<usize>();
    (0..cells.len()).map(|place| cells[cell(places(place, &lengths))]).collect()
}

impl LabelledArray {
    /// This array and another table over the same axes as two columns.
    ///
    /// # Panics
    /// When both have the same name or the axes differ.
    #[must_use]
    pub fn join(&self, other: impl Into<Self>) -> Dataset {
        Dataset::from(self.clone()).join(other)
    }
}

impl<A: Axes> Table<A> {
    /// This table and another over the same axes as two columns.
    ///
    /// # Panics
    /// When both have the same name ([`Table::named`] gives one another) or the axes
    /// differ.
    #[must_use]
    pub fn join(&self, other: impl Into<LabelledArray>) -> Dataset {
        self.to_labelled().join(other)
    }
}

/// What is printed or written: axes and columns over them, borrowed.
pub(super) struct Sheet<'s> {
    pub(super) axes: Cow<'s, [LabelledAxis]>,
    pub(super) columns: Vec<Column<'s>>,
}

/// One column of a sheet, row-major.
pub(super) struct Column<'s> {
    pub(super) name: &'s str,
    pub(super) data: &'s [f64],
    pub(super) impossible: Option<&'s [bool]>,
}

impl Column<'_> {
    /// What the marks of the column are called in a file.
    pub(super) fn marks_name(&self) -> String {
        format!("{}_impossible", self.name)
    }
}

impl Sheet<'_> {
    /// The length of each axis.
    pub(super) fn shape(&self) -> Vec<usize> {
        self.axes.iter().map(|axis| axis.labels.len()).collect()
    }

    /// The number of cells of each column.
    pub(super) fn cells(&self) -> usize {
        self.axes.iter().map(|axis| axis.labels.len()).product()
    }

    /// The place on an axis of each cell, row-major.
    #[cfg_attr(
        not(any(feature = "arrow", feature = "parquet", feature = "polars")),
        allow(dead_code, reason = "only formats of whole columns need it")
    )]
    pub(super) fn along(&self, axis: usize) -> impl Iterator<Item = usize> + Clone {
        let inner: usize = self.axes[axis + 1..].iter().map(|axis| axis.labels.len()).product();
        let n = self.axes[axis].labels.len();
        (0..self.cells()).map(move |cell| cell / inner % n)
    }

    /// The names of the columns of a file, all different: the axes, then each column,
    /// with one for its marks where it has some.
    ///
    /// # Errors
    /// Where two are the same.
    pub(super) fn file_names(&self) -> io::Result<Vec<String>> {
        let mut names: Vec<String> = self.axes.iter().map(|axis| axis.name.clone()).collect();
        for column in &self.columns {
            names.push(column.name.into());
            names.extend(column.impossible.map(|_| column.marks_name()));
        }
        let mut sorted = names.clone();
        sorted.sort();
        match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            None => Ok(names),
            Some(pair) => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!(
                    "two columns would be called `{}`: give the table another name with `named`",
                    pair[0]
                ),
            )),
        }
    }
}

impl<A: Axes> Table<A> {
    pub(super) fn sheet(&self) -> Sheet<'_> {
        let marks = self.tables[self.which].impossible.as_deref();
        let impossible = marks.filter(|marks| marks.contains(&true));
        let axes = (0..self.shape().len()).map(|at| self.label_axis(at)).collect();
        let columns = vec![Column { name: self.called.name, data: self.values(), impossible }];
        Sheet { axes: Cow::Owned(axes), columns }
    }
}

impl LabelledArray {
    pub(super) fn sheet(&self) -> Sheet<'_> {
        let impossible = self.impossible.as_deref();
        let columns = vec![Column { name: &self.name, data: &self.data, impossible }];
        Sheet { axes: Cow::Borrowed(&self.axes), columns }
    }
}

impl Dataset {
    pub(super) fn sheet(&self) -> Sheet<'_> {
        let columns = self.columns.iter().map(OwnColumn::borrowed).collect();
        Sheet { axes: Cow::Borrowed(&self.axes), columns }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Bool;

    fn table(file: &str) -> Table<(Bool, std::ops::Range<i64>)> {
        let table = Table::from_csv("f", &["b", "n"], (Bool, 0..2), file.as_bytes());
        table.unwrap_or_else(|error| panic!("{error}"))
    }

    fn swapped(file: &str) -> Table<(std::ops::Range<i64>, Bool)> {
        let table = Table::from_csv("f", &["n", "b"], (0..2, Bool), file.as_bytes());
        table.unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn columns_go_by_the_order_of_the_first() {
        let file = "b,n,f\nfalse,1,1\ntrue,0,2\ntrue,1,3\n";
        let both = table(file).join(swapped(file).named("g"));
        assert_eq!((both.column_names(), both.axis_names()), (vec!["f", "g"], vec!["b", "n"]));
        let values = |name| both.column(name).map(|column| column.values().to_vec());
        assert_eq!(values("f"), values("g"));
        assert_eq!((values("f"), values("h")), (Some(vec![0.0, 1.0, 2.0, 3.0]), None));
        let text = both.join((&table(file) * 0.5).named("half")).to_string();
        assert!(text.contains("| b: b  | n: n | f | g | half |\n"), "{text}");
        assert!(text.contains("| true  | 1    | 3 | 3 | 1.5  |\n"), "{text}");
    }

    #[test]
    #[should_panic(expected = "two of the tables joined are called `f`: give one another name with `named`")]
    fn names_differ() {
        let _ = table("b,n,f").join(table("b,n,f"));
    }

    #[test]
    #[should_panic(expected = "`g` has no axis `n`, which the tables before it have")]
    fn axes_are_the_same() {
        let _ = table("b,n,f").join(table("b,n,f").marginal("b").named("g"));
    }

    #[test]
    #[should_panic(expected = "the axis `n` of `g` has other values than in the tables before it")]
    fn values_are_the_same() {
        let _ = table("b,n,f").join(table("b,n,f").slice("n", [1]).named("g"));
    }

    #[test]
    fn no_two_columns_of_a_file_have_one_name() {
        let error = table("b,n,f").named("n").to_csv(Vec::new()).map_err(|error| error.to_string());
        let message = "two columns would be called `n`: give the table another name with `named`";
        assert_eq!(error, Err(message.into()));
    }
}
