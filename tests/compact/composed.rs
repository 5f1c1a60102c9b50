//! Losses composed of small models: their derivatives are carried forward, and are those of
//! the general way.

use memo::__private::SmallSize;
use memo::prelude::*;
use memo::{Real, Var};

use super::chains::hidden;
use super::{N, Thing, Word, best, close, evidence, listener, number, politeness, rooted};

twice! { line, fn f<n: N>(x: f64) {
    model! {
        return x * n;
    }
}}

twice! { five, fn f<n: N>(a: f64, b: f64, c: f64, d: f64, e: f64) {
    model! {
        s: chooses(n in N, wpp = exp(a * n - b) + c * c);
        return Pr[s.n == n] * d - e * n;
    }
}}

/// A loss of some models by both ways, with the gradient, or what is wrong with both; the
/// gradient of the compact way if there is one.
macro_rules! loss {
    ($start:expr, [$($model:ident),*], |$x:ident| $loss:expr) => {{
        let start: &[f64] = &$start;
        let compact = {
            $(use $model::compact::f as $model;)*
            memo::try_grad(start, |$x: &[Var<'_, '_>]| Ok::<_, memo::Error>($loss))
        };
        let general = |at: &[f64]| {
            $(use $model::general::f as $model;)*
            memo::try_grad(at, |$x: &[Var<'_, '_>]| Ok::<_, memo::Error>($loss))
        };
        match (compact, general(start)) {
            (Ok((a, slopes)), Ok((b, others))) => {
                close(&[a], &[b]);
                close(&slopes, &others);
                Some((slopes, Box::new(move |at: &[f64]| general(at).map_or(f64::NAN, |found| found.0))
                    as Box<dyn Fn(&[f64]) -> f64>))
            }
            (a, b) => {
                assert_eq!(a.err().map(|e| e.to_string()), b.err().map(|e| e.to_string()));
                None
            }
        }
    }};
}

/// The gradient is what differences of the values say.
macro_rules! smooth_loss {
    ($start:expr, [$($model:ident),*], |$x:ident| $loss:expr) => {{
        let start: &[f64] = &$start;
        let (slopes, value) = loss!(start, [$($model),*], |$x| $loss).expect("a loss");
        for (at, slope) in slopes.iter().enumerate() {
            let moved = |by: f64| {
                let mut moved = start.to_vec();
                moved[at] += by;
                value(&moved)
            };
            let h = 1e-5;
            let difference = (moved(h) - moved(-h)) / (2.0 * h);
            assert!((slope - difference).abs() <= 1e-7 * slope.abs().max(1.0), "{slope} and {difference}");
        }
        slopes
    }};
}

/// Whether a model has a compact way.
macro_rules! is_compact {
    ($name:ident) => {
        $name::compact::f::__small_size(SmallSize::LEVELS).cells != 0
    };
}

/// The cells count for something each.
fn weighed<'t, 'env>(cells: &[Var<'t, 'env>]) -> Var<'t, 'env> {
    cells.iter().enumerate().map(|(at, cell)| *cell * (at as f64 * 1.7 + 0.3).sin()).sum()
}

#[test]
fn a_loss_of_one_model() {
    assert!(is_compact!(listener) && is_compact!(politeness) && is_compact!(line));
    for level in [0, 1, 5] {
        smooth_loss!([0.7], [listener], |x| weighed(listener::try_traced(x[0], level)?.cells()));
    }
    smooth_loss!([1.2, 0.3], [politeness], |x| weighed(politeness::try_traced(x[0], x[1])?.cells()).exp());
    // The derivative of Σ (x n)² by x.
    let slopes =
        smooth_loss!([0.5], [line], |x| line::try_traced(x[0])?.cells().iter().map(|c| *c * *c).sum());
    close(&slopes, &[14.0]);
    // One of the numbers stays as it is.
    smooth_loss!([0.4], [politeness], |x| weighed(politeness::try_traced(1.5, x[0])?.cells()));
    smooth_loss!([0.4], [politeness], |x| weighed(politeness::try_traced(x[0], 0.2)?.cells()));
    let slopes =
        smooth_loss!([0.4], [politeness], |x| x[0] * weighed(politeness::try_traced(1.5, 0.2)?.cells()));
    assert!(slopes[0] != 0.0);
}

#[test]
fn a_loss_of_several_calls() {
    smooth_loss!([0.7, 0.3, 1.4], [listener, politeness], |x| {
        let first = listener::try_traced(x[0], 2)?;
        // Between the two calls, and of both.
        let level = first[(Word::Green, Thing::GreenSquare)] * x[2];
        let second = politeness::try_traced(level + x[1], x[1])?;
        let third = politeness::try_traced(x[2], level)?;
        let fourth = politeness::try_traced(x[1], x[1] * x[1])?;
        weighed(first.cells()) * weighed(second.cells()) + weighed(third.cells()).tanh()
            - weighed(fourth.cells())
    });
    // A number counts by itself and through models, one of which is called in another's place.
    smooth_loss!([0.8, 0.4], [listener, number, best], |x| {
        let slope = number::try_traced(x[0], 1)?.value();
        let cells = listener::try_traced(slope, 1)?;
        x[0] * weighed(cells.cells())
            + slope * x[0].exp()
            + weighed(best::try_traced(x[1], x[0] + slope)?.cells())
    });
}

/// One that is differentiated beside others that are not small.
#[test]
fn more_numbers_than_directions() {
    assert!(!is_compact!(five));
    smooth_loss!([0.3, 0.2, 0.9, 1.4, -0.6], [five, listener], |x| {
        let table = five::try_traced(x[0], x[1], x[2], x[3], x[4])?;
        let said = listener::try_traced(table[1], 1)?;
        weighed(table.cells()) * weighed(said.cells())
            + weighed(five::try_traced(x[4], 0.1, x[0], 0.2, x[1])?.cells())
    });
}

#[test]
fn impossible_cells_and_what_goes_wrong() {
    assert!(is_compact!(evidence) && is_compact!(hidden));
    for (x, y) in [(0.5, 0.25), (0.0, 0.4), (0.3, 0.0), (0.0, 0.0), (-1.0, 0.5), (0.2, -1.0), (f64::NAN, 1.0)]
    {
        loss!([x, y], [evidence, hidden], |x| {
            let (a, b) = (evidence::try_traced(x[0], x[1]), hidden::try_traced(x[0], x[1]));
            weighed(a?.cells()) + weighed(b?.cells())
        });
        loss!([x, y], [hidden], |x| weighed(hidden::try_traced(x[0], x[1])?.cells()));
        loss!([x, y], [best], |x| weighed(best::try_traced(x[0], x[1])?.cells()));
    }
    let _ = memo::grad(&[0.3, 0.0], |x| {
        let (a, b) = (hidden::compact::f::traced(x[0], x[1]), hidden::general::f::traced(x[0], x[1]));
        assert_eq!(a.table().impossible(), b.table().impossible());
        assert_eq!(a.table().impossible().len(), 3);
        a.cells()[0]
    });
    // Deeper than the stack, and exponents that plain products would let overflow.
    for x in [0.5, 350.0, 1e4, f64::INFINITY] {
        loss!([x], [listener], |x| weighed(
            listener::try_traced(x[0], if x[0].value() < 1.0 { 3_000 } else { 1 })?.cells()
        ));
    }
}

/// A root of a cell that is 0: its derivative is infinite, and counts where the cell changes.
#[test]
fn infinite_derivatives() {
    // Of the cells 0, x, 2x, 3x at 0.
    let root = |which: usize| {
        loss!([0.0], [line], |x| line::try_traced(x[0])?[which as i64].sqrt() + x[0] * 2.0).expect("a loss").0
    };
    close(&root(0), &[2.0]);
    assert_eq!(root(1), [f64::INFINITY]);
    // What cancels itself counts for nothing.
    let found = loss!([0.0], [line], |x| {
        let cells = line::try_traced(x[0])?;
        cells[1].sqrt() - cells[1].sqrt() + cells[2]
    });
    close(&found.expect("a loss").0, &[2.0]);
    let found = loss!([0.0], [line], |x| {
        let cells = line::try_traced(x[0])?;
        cells[1].sqrt() - cells[3].sqrt() + line::try_traced(x[0] * 2.0)?[0].sqrt()
    });
    assert_eq!(found.expect("a loss").0, [f64::NEG_INFINITY]);
    // Infinite derivatives within a model are for the general way.
    for y in [0.5, 1.0, 2.5] {
        loss!([0.3, y], [rooted], |x| weighed(rooted::try_traced(x[0], x[1])?.cells()));
    }
}

fn bends<'t, 'env>(x: &[Var<'t, 'env>]) -> Var<'t, 'env> {
    weighed(politeness::compact::f::traced(x[0], x[1] * x[0]).cells()) * x[1]
}

fn bends_in_general<'t, 'env>(x: &[Var<'t, 'env>]) -> Var<'t, 'env> {
    weighed(politeness::general::f::traced(x[0], x[1] * x[0]).cells()) * x[1]
}

/// They go the general way.
#[test]
fn second_derivatives() {
    let at = [0.9, 0.4];
    let (a, b) = (memo::hessian(&at, bends), memo::hessian(&at, bends_in_general));
    assert_eq!(a, b);
    for i in 0..2 {
        let moved = |by: f64| {
            let mut moved = at;
            moved[i] += by;
            memo::grad(&moved, bends).1
        };
        let (up, down) = (moved(1e-5), moved(-1e-5));
        for j in 0..2 {
            let difference = (up[j] - down[j]) / 2e-5;
            assert!((a[[i, j]] - difference).abs() < 1e-7, "{} and {difference}", a[[i, j]]);
        }
    }
    // Along a direction in which the model's number does not move.
    let found = memo::hvp(&[0.5, 2.0], &[0.0, 1.0], |x| line::compact::f::traced(x[0])[3] * x[1] * x[1]);
    assert_eq!(found, (6.0, vec![12.0, 6.0], vec![12.0, 3.0]));
}
