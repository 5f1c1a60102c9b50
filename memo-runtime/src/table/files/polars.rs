//! Data frames of polars.

use polars_core::error::{PolarsError, PolarsResult};
use polars_core::frame::DataFrame;
use polars_core::prelude::{Column, NamedFrom, PlSmallStr, Series};

use crate::table::coordinates::Coordinates;
use crate::table::dataset::Sheet;

/// The values along an axis, one a cell.
fn coordinates(sheet: &Sheet, axis: usize) -> Series {
    let along = sheet.along(axis);
    let axis = &sheet.axes[axis];
    let name = PlSmallStr::from_str(&axis.name);
    match &axis.coordinates {
        Coordinates::Integers(values) => Series::new(name, along.map(|at| values[at]).collect::<Vec<_>>()),
        Coordinates::Floats(values) => Series::new(name, along.map(|at| values[at]).collect::<Vec<_>>()),
        Coordinates::Booleans(values) => Series::new(name, along.map(|at| values[at]).collect::<Vec<_>>()),
        Coordinates::Labels => {
            Series::new(name, along.map(|at| axis.labels[at].as_str()).collect::<Vec<_>>())
        }
    }
}

pub(super) fn frame(sheet: &Sheet) -> PolarsResult<DataFrame> {
    sheet.file_names().map_err(|error| PolarsError::Duplicate(error.to_string().into()))?;
    let mut columns: Vec<Column> =
        (0..sheet.axes.len()).map(|axis| coordinates(sheet, axis).into()).collect();
    for column in &sheet.columns {
        columns.push(Series::new(PlSmallStr::from_str(column.name), column.data).into());
        if let Some(marks) = column.impossible {
            columns.push(Series::new(column.marks_name().into(), marks).into());
        }
    }
    DataFrame::new(sheet.cells(), columns)
}
