//! Tables as files of numpy, Arrow, Parquet and NetCDF, and as data frames of polars;
//! each behind the cargo feature of its name.

#[cfg(any(feature = "arrow", feature = "parquet"))]
mod arrow;
#[cfg(feature = "netcdf")]
mod netcdf;
#[cfg(feature = "npz")]
mod npz;
#[cfg(feature = "polars")]
mod polars;

#[cfg(any(feature = "arrow", feature = "parquet", feature = "netcdf", feature = "npz"))]
use std::io;

use super::{Axes, Dataset, LabelledArray, Table};

macro_rules! formats {
    ($([$($generics:tt)*] $type:ty;)*) => {$(
        impl<$($generics)*> $type {
            /// Writes a file of numpy (`.npz`): an array of each name, with a dimension an
            /// axis; for each axis an array of its name with its values, or their labels as
            /// text; `axes`, the names of the axes in order. Where cells are impossible, an
            /// array `…_impossible` tells which.
            ///
            /// # Errors
            /// Whatever the writer fails with; two arrays of one name.
            #[cfg(feature = "npz")]
            pub fn to_npz(&self, writer: impl io::Write + io::Seek) -> io::Result<()> {
                npz::write(&self.sheet(), writer)
            }

            /// Writes an Arrow file (IPC, also called Feather), tidy: a column an axis, then
            /// the numbers, a row a cell. Numbers and truth values stay such, labels are a
            /// dictionary in the order of the domain. Where cells are impossible, a column
            /// `…_impossible` tells which.
            ///
            /// # Errors
            /// Whatever the writer fails with; two columns of one name.
            #[cfg(feature = "arrow")]
            pub fn to_arrow(&self, writer: impl io::Write) -> io::Result<()> {
                arrow::write(&self.sheet(), writer)
            }

            /// Writes a Parquet file, tidy: a column an axis, then the numbers, a row a cell.
            /// Numbers and truth values stay such, labels are a dictionary in the order of the
            /// domain. Where cells are impossible, a column `…_impossible` tells which.
            ///
            /// # Errors
            /// Whatever the writer fails with; two columns of one name.
            #[cfg(feature = "parquet")]
            pub fn to_parquet(&self, writer: impl io::Write + Send) -> io::Result<()> {
                arrow::write_parquet(&self.sheet(), writer)
            }

            /// Writes a NetCDF file (version 3, 64-bit offsets): a variable of each name over
            /// dimensions that are the axes, and a coordinate variable for each axis with its
            /// values, or their labels as UTF-8 text. Where cells are impossible, a variable
            /// `…_impossible` tells which.
            ///
            /// # Errors
            /// Whatever the writer fails with; two variables of one name; a name that NetCDF
            /// does not allow; a variable of more than 4 GiB.
            #[cfg(feature = "netcdf")]
            pub fn to_netcdf(&self, writer: impl io::Write) -> io::Result<()> {
                netcdf::write(&self.sheet(), writer)
            }

            /// A data frame of polars, tidy: a column an axis, then the numbers, a row a cell.
            /// Numbers and truth values stay such, labels are strings. Where cells are
            /// impossible, a column `…_impossible` tells which.
            ///
            /// The type is that of `polars::prelude::DataFrame` in the version of polars that
            /// this crate depends on.
            ///
            /// # Errors
            /// Two columns of one name.
            #[cfg(feature = "polars")]
            pub fn to_dataframe(&self) -> polars_core::error::PolarsResult<polars_core::frame::DataFrame> {
                polars::frame(&self.sheet())
            }
        }
    )*};
}
formats! {
    [A: Axes] Table<A>;
    [] LabelledArray;
    [] Dataset;
}
