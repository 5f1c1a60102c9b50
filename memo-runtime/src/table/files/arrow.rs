//! Arrow and Parquet: one record batch, a row a cell.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
};

use crate::table::coordinates::Coordinates;
use crate::table::dataset::Sheet;

/// The values along an axis, one a cell. The labels of a dictionary are in the order of
/// the domain, and stay in it when the data frame of another program is sorted by them.
fn coordinates(sheet: &Sheet, axis: usize) -> io::Result<ArrayRef> {
    let along = sheet.along(axis);
    Ok(match &sheet.axes[axis].coordinates {
        Coordinates::Integers(values) => Arc::new(along.map(|at| values[at]).collect::<Int64Array>()),
        Coordinates::Floats(values) => Arc::new(along.map(|at| values[at]).collect::<Float64Array>()),
        Coordinates::Booleans(values) => {
            Arc::new(BooleanArray::from(along.map(|at| values[at]).collect::<Vec<bool>>()))
        }
        Coordinates::Labels => {
            let labels = &sheet.axes[axis].labels;
            // Places are counted in 32 bits, as pandas and polars do.
            i32::try_from(labels.len()).map_err(io::Error::other)?;
            let keys: Int32Array = along.map(|at| at as i32).collect();
            let labels = Arc::new(StringArray::from_iter_values(labels));
            Arc::new(DictionaryArray::<Int32Type>::try_new(keys, labels).map_err(io::Error::other)?)
        }
    })
}

fn batch(sheet: &Sheet) -> io::Result<RecordBatch> {
    let names = sheet.file_names()?;
    let mut arrays: Vec<ArrayRef> =
        (0..sheet.axes.len()).map(|axis| coordinates(sheet, axis)).collect::<io::Result<_>>()?;
    for column in &sheet.columns {
        arrays.push(Arc::new(Float64Array::from(column.data.to_vec())));
        if let Some(marks) = column.impossible {
            arrays.push(Arc::new(BooleanArray::from(marks.to_vec())));
        }
    }
    RecordBatch::try_from_iter_with_nullable(
        names.into_iter().zip(arrays).map(|(name, array)| (name, array, false)),
    )
    .map_err(io::Error::other)
}

#[cfg(feature = "arrow")]
pub(super) fn write(sheet: &Sheet, writer: impl Write) -> io::Result<()> {
    let batch = batch(sheet)?;
    let file = arrow_ipc::writer::FileWriter::try_new(writer, &batch.schema());
    let mut file = file.map_err(io::Error::other)?;
    file.write(&batch).map_err(io::Error::other)?;
    file.finish().map_err(io::Error::other)
}

#[cfg(feature = "parquet")]
pub(super) fn write_parquet(sheet: &Sheet, writer: impl Write + Send) -> io::Result<()> {
    let batch = batch(sheet)?;
    let mut file = parquet::arrow::ArrowWriter::try_new(writer, batch.schema(), None)?;
    file.write(&batch)?;
    file.close()?;
    Ok(())
}
