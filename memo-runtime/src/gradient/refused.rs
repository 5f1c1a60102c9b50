//! What rustc says where a model has not the derivative that it is asked for.

/// A model that can be differentiated: `#[memo(grad)]` implements it.
#[diagnostic::on_unimplemented(
    message = "the model `{Self}` has no derivative",
    label = "a model that is differentiated calls it",
    note = "write `#[memo(grad)]` above `{Self}`, too"
)]
pub trait Differentiated {}

/// That a model can be differentiated.
#[inline(always)]
pub fn differentiated<M: Differentiated>() {}

/// That a model returns one number, which has a derivative of its own: what others say
/// where that is asked for.
#[diagnostic::on_unimplemented(
    message = "`value_and_grad` is for a model that returns one number, and `{Self}` returns a table",
    label = "this model has axes, or several results",
    note = "`{Self}::jacobian(…)` is the derivative of each cell, `{Self}::vjp(…, &cotangent)` that of a weighted sum of them",
    note = "a loss that is computed from the table: `memo::grad(&[…], |x| …)` with `{Self}::traced(…)` in it, or `{Self}::record(…)`"
)]
pub trait ReturnsOneNumber<'any> {}

/// That a model returns one table.
#[diagnostic::on_unimplemented(
    message = "`jacobian` is for a model that returns one table, and `{Self}` returns several",
    label = "this model has several results",
    note = "`{Self}::vjp(…, (&first, &second))` takes a cotangent for each of them",
    note = "`memo::grad(&[…], |x| …)` with `{Self}::traced(…)` in it differentiates what is computed from them"
)]
pub trait ReturnsOneTable<'any> {}
