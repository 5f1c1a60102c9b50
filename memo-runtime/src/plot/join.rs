//! Tables brought together by the names of their axes and their labels.

use super::error::Why;
use crate::table::{LabelledArray, places};

/// A cell of one table, seen from another.
pub(super) struct Joined {
    /// The place on each axis of the other, unless this table lacks the axis.
    pub(super) places: Vec<Option<usize>>,
    /// The labels, by axis.
    pub(super) cell: Vec<(String, String)>,
    pub(super) value: f64,
}

/// The axes and labels of a cell.
pub(super) fn labels(array: &LabelledArray, cell: usize) -> Vec<(String, String)> {
    let at = places(cell, &array.shape());
    let label =
        |(axis, at): (&crate::table::LabelledAxis, &usize)| (axis.name.clone(), axis.labels[*at].clone());
    array.axes.iter().zip(&at).map(label).collect()
}

/// Each cell of a table, found in another: its axes are to be some of the other's,
/// its labels among theirs.
pub(super) fn join(into: &LabelledArray, from: &LabelledArray) -> Result<Vec<Joined>, Why> {
    // For each axis of `from`, which one of `into` it is and where its labels are there.
    let mut found = Vec::new();
    for axis in &from.axes {
        let Some(at) = into.axes.iter().position(|own| own.name == axis.name) else {
            let theirs = into.axes.iter().map(|own| own.name.clone()).collect();
            return Err(Why::AxisMissing { other: from.name.clone(), axis: axis.name.clone(), theirs });
        };
        let places: Vec<usize> = axis
            .labels
            .iter()
            .map(|label| {
                let missing = || Why::UnknownValue {
                    axis: axis.name.clone(),
                    value: label.clone(),
                    labels: into.axes[at].labels.clone(),
                };
                into.axes[at].labels.iter().position(|own| own == label).ok_or_else(missing)
            })
            .collect::<Result<_, _>>()?;
        found.push((at, places));
    }
    let shape = from.shape();
    let joined = from.data.iter().enumerate().map(|(cell, value)| {
        let mut seen = vec![None; into.axes.len()];
        for ((at, there), here) in found.iter().zip(places(cell, &shape)) {
            seen[*at] = Some(there[here]);
        }
        Joined { places: seen, cell: labels(from, cell), value: *value }
    });
    Ok(joined.collect())
}

/// The numbers of a table in the order of another with the same axes and labels.
pub(super) fn in_order_of(into: &LabelledArray, from: &LabelledArray) -> Result<Vec<f64>, Why> {
    let mut data = vec![None; into.data.len()];
    if let Some(axis) = into.axes.iter().find(|axis| from.axes.iter().all(|own| own.name != axis.name)) {
        let theirs = from.axes.iter().map(|own| own.name.clone()).collect();
        return Err(Why::AxisMissing { other: from.name.clone(), axis: axis.name.clone(), theirs });
    }
    for Joined { places, value, .. } in join(into, from)? {
        let shape = into.shape();
        let cell = places.iter().zip(&shape).fold(0, |cell, (at, n)| cell * n + at.unwrap_or_default());
        data[cell] = Some(value);
    }
    let missing = |cell| Why::CellMissing { other: from.name.clone(), cell: labels(into, cell) };
    data.iter().enumerate().map(|(cell, value)| value.ok_or_else(|| missing(cell))).collect()
}
