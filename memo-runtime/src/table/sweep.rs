//! A model for many values of a parameter.

use std::any::{Any, type_name};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::labelled::{LabelledArray, LabelledAxis};
use super::{Axes, Coordinates, Table};
use crate::progress::Progress;

/// The tables of a model for several values of a parameter, one above the other:
/// an array with one axis more, the first, of this name. The values may be numbers,
/// truth values or anything else that is printed.
///
/// The model is called by several threads at a time; the result is in the order
/// of the values. In a terminal its progress is shown when it takes more than a
/// second.
///
/// ```
/// use memo_runtime::{Bool, Table, sweep};
/// # fn flip(bias: f64) -> Table<(Bool,)> {
/// #     let file = format!("heads,flip\ntrue,{bias}\nfalse,{}\n", 1.0 - bias);
/// #     Table::from_csv("flip", &["heads"], (Bool,), file.as_bytes()).unwrap()
/// # }
/// let by_bias = sweep("bias", [0.0, 0.25, 1.0], flip);
/// assert_eq!((by_bias.axis_names(), by_bias.shape()), (vec!["bias", "heads"], vec![3, 2]));
/// assert_eq!(by_bias.get(&["0.25", "true"]), Some(0.25));
/// ```
///
/// # Panics
/// When there are no values, the model panics, or its axes depend on the value.
pub fn sweep<A: Axes, P: ToString + Send + 'static>(
    name: &str,
    values: impl IntoIterator<Item = P>,
    model: impl Fn(P) -> Table<A> + Sync,
) -> LabelledArray {
    let values: Vec<P> = values.into_iter().collect();
    let labels: Vec<String> = values.iter().map(ToString::to_string).collect();
    let coordinates = Coordinates::of(values.iter().map(|value| -> &dyn Any { value }));
    let progress = Progress::new(name, values.len());
    let parts: Vec<LabelledArray> = values
        .into_par_iter()
        .map(|value| {
            let part = model(value).to_labelled();
            progress.step();
            part
        })
        .collect();
    progress.end();
    let domain = type_name::<P>().rsplit("::").next().unwrap_or_default().into();
    stack(LabelledAxis { name: name.into(), domain, labels, coordinates }, parts)
}

/// Arrays over the same axes, one above the other along a new one.
fn stack(axis: LabelledAxis, parts: Vec<LabelledArray>) -> LabelledArray {
    let Some(first) = parts.first() else { panic!("a sweep over `{}` needs a value at least", axis.name) };
    let mut axes = vec![axis];
    axes.extend(first.axes.iter().cloned());
    let title = first.name.clone();
    let mut data = Vec::with_capacity(parts.len() * first.data.len());
    let mut marks = Vec::new();
    for part in &parts {
        assert!(part.axes == axes[1..], "the axes of `{title}` are not the same for all values");
        data.extend(&part.data);
        match &part.impossible {
            Some(own) => marks.extend(own),
            None => marks.resize(data.len(), false),
        }
    }
    LabelledArray::new(&title, axes, data).marked(Some(marks))
}
