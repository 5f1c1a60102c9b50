//! The runtime of memo: domains, tables, kernels and the scheduler of calls.
//!
//! Users depend on the facade, package `memo-lang`, which re-exports what is
//! public here; [`__private`] is for generated code.

mod axis_type;
mod best;
mod columns;
mod compact;
mod cost;
mod diagram;
pub mod dist;
mod domain;
mod elementary;
mod entries;
mod entropy;
mod error;
mod explain;
mod few;
#[cfg(feature = "fit")]
pub mod fit;
mod fixed;
mod four;
mod gradient;
mod impossible;
mod kernel;
mod machine;
mod parallel;
pub mod plot;
mod pool;
mod products;
mod progress;
mod real;
mod rows;
mod solve;
mod sums;
mod support;
mod table;
mod team;
mod value;

pub use cost::Cost;
pub use diagram::Diagram;
pub use domain::{Bool, Domain, Linspace, Values, linspace};
pub use error::Error;
pub(crate) use error::Fault;
pub use explain::{Explanation, Step, World};
pub use gradient::{
    Cotangent, Gradient, Jacobian, Record, Seeds, TracedArray, TracedTable, Var, grad, hessian, hvp,
    try_grad, try_hessian, try_hvp,
};
pub use pool::set_memory_limit;
pub use real::{Dual, Real};
pub use solve::set_call_limit;
pub use table::{
    Axes, AxisNames, Coordinates, Dataset, LabelSlice, LabelledArray, ReadError, Slice, Table, join, sweep,
};

/// What generated code calls; no part of the public interface.
#[doc(hidden)]
pub mod __private {
    pub use crate::Domain;
    pub use crate::axis_type::{AxisType, Signature, fallback, has_chances, kind, size};
    pub use crate::best::{largest, largest_of_all, smallest, smallest_of_all};
    pub use crate::columns::{
        Across, Block, Divisor, Given, Scales, Tile, WORTH_A_TILE, maximize_across, minimize_across,
        normalize_across, restored, scales_of_products, scatter, softmax_across, tile_cells, tiles,
    };
    pub use crate::compact::{
        AnyWeights, Average, CallSmall, Called as CalledTable, Care, Compact, Constant, Depth, Divergence,
        Information, Marks, NoSmallCall, NotSmall, Out, Padded, Rough, Single, Small, SmallCall, SmallSize,
        Sound, Spread, Still, Wide, all_plain, any_is_zero, are_few, cells_over, certain_of, counts, exp_of,
        fits, fixed_power_of, lanes, made, own_cells, packed, padded_table, plain, plain_factors, power_of,
        ratio_of, recorded, recorded_with_arrays, remainder_of, small_cells, through, vectors,
    };
    pub use crate::diagram::{Choice, Mind};
    pub use crate::domain::Length;
    pub use crate::elementary::{WORTH_A_BUFFER, exp, exp_all, ln_all, pow_all, tanh_all};
    pub use crate::entries::{Entries, RowsOf};
    pub use crate::entropy::entropy;
    pub use crate::error::Fault;
    pub use crate::explain::{ExplainedCell, Explaining, Place, Uncertain, Words};
    pub use crate::fixed::{Fixed, FixedTable, Kept, Rows, fixed_table};
    pub use crate::four::Four;
    pub use crate::gradient::{
        Bars, Cut, Differentiated, Elementwise, First, Handed, Held, InputArray, LEAST_CHANCE, Order, Rates,
        ReturnsOneNumber, ReturnsOneTable, Saved, Second, Tangent, Traced, TracedCalls, TracedJob,
        TracedParts, add_at, add_shares, bars_of_logarithms, differentiated, normalize_bars,
        normalize_shares, of_first_order, place_of, rate_at, second, softmax_bars, softmax_shares, steep,
        take_share, take_shares, total_of_shares, traced, weight_of,
    };
    pub use crate::impossible::{Impossible, Returned};
    pub use crate::kernel::{
        BadWeight, Mean, Moments, Scaled, any_is_nan, certain, check_weights, divergence, fill, is_best,
        larger, maximize, minimize, normalize, normalize_products, normalize_scaled, ratio, row, row_mut,
        smaller, softmax, toward, unscale, update, weighted,
    };
    pub use crate::parallel::{clear, in_columns, in_parts, in_shares, upright, upright_undivided};
    pub use crate::pool::{Room, Space, cells, in_place, part, take_back, zeros};
    pub use crate::products::{add_multiple, add_products, fill_products, multiply};
    pub use crate::real::{
        Beside, Derivative, Dual, PassesThrough, Unloaded, base_slope, loaded, power_known, power_slopes,
        shares, times,
    };
    pub use crate::rows::{are_pairs, block_cells, blocks, normalize_pairs, softmax_rows};
    pub use crate::solve::{
        Call, Calls, ConstantTables, Inputs, Job, KeyPart, Model, Native, Never, Parameters, Parts, Scope,
        Stop, Tables, Visitor, cost, guarded, guarded_in_place, made_axes, solve, solve_into, solved,
    };
    pub use crate::sums::{dot, dot3, terms, total};
    pub use crate::support::{
        Takes, array_at, array_place, at, bad_weight, count_cells, domain_of, domain_size, element_at,
        elements_of, one_is_long, places, remainder, same_axes, same_domain, table_at, table_place,
    };
    pub use crate::table::Called;
    pub use crate::value::{
        AnyValue, Equal, FromNumber, Labelled, Number, Numeric, Ordered, Value, arg, eq, ge, gt, le, lt, ne,
        num, truth,
    };
}
