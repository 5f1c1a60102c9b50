//! The search for the smallest value: L-BFGS-B of the crate `basin`, or Adam.

use std::cell::RefCell;

use basin::{
    BoxBounds, ConstraintDescription, ConstraintSet, Constraints, CostFunction, Executor, FirstOrderState,
    Gradient, Lbfgsb, Termination,
};

use super::error::FitError;
use super::parameters::Transform;
use super::target::Target;

/// How the smallest value is searched for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Optimizer {
    /// L-BFGS-B (Byrd, Lu, Nocedal & Zhu 1995, version 3.0 of 2011), which keeps to the
    /// bounds, until no slope is steeper than 10⁻¹⁰ of the scale of the objective or no step
    /// lowers it by more than rounding; steps of Newton follow.
    #[default]
    Lbfgs,
    /// Adam (Kingma & Ba 2015): so many steps of about this size, on the scale of the
    /// search. It is slower, and for whoever wants to see learning by gradient.
    Adam {
        /// The size of a step.
        rate: f64,
        /// How many.
        steps: u32,
    },
}

/// Slopes, divided by the scale of the objective, below which a search has arrived.
pub(super) const FLAT: f64 = 1e-6;

/// Where a search has ended.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// All parameters.
    pub(super) all: Vec<f64>,
    pub(super) value: f64,
    pub(super) slopes: Vec<f64>,
    /// The steepest slope that is left.
    pub(super) steepest: f64,
    /// By what it is divided.
    pub(super) scale: f64,
    pub(super) iterations: u64,
    /// Why it has ended, where it did not arrive.
    pub(super) stopped: Option<String>,
}

struct Problem<'t, 'f, 'a> {
    target: &'t Target<'f, 'a>,
    /// The sizes of the parameters: in these they are seen.
    units: &'t [f64],
    low: Vec<f64>,
    high: Vec<f64>,
    /// The last point without a value.
    off: &'t RefCell<Option<Vec<f64>>>,
}

impl CostFunction for Problem<'_, '_, '_> {
    type Param = Vec<f64>;
    type Output = f64;
    type Error = std::convert::Infallible;

    fn cost(&self, at: &Vec<f64>) -> Result<f64, Self::Error> {
        self.cost_and_gradient(at).map(|(value, _)| value)
    }
}

impl Gradient for Problem<'_, '_, '_> {
    type Gradient = Vec<f64>;

    fn gradient(&self, at: &Vec<f64>) -> Result<Vec<f64>, Self::Error> {
        self.cost_and_gradient(at).map(|(_, slopes)| slopes)
    }

    fn cost_and_gradient(&self, at: &Vec<f64>) -> Result<(f64, Vec<f64>), Self::Error> {
        Ok(match self.target.searched(&times(at, self.units)) {
            Ok((value, slopes)) if value.is_finite() => (value, times(&slopes, self.units)),
            _ => {
                *self.off.borrow_mut() = Some(at.clone());
                (f64::INFINITY, vec![0.0; at.len()])
            }
        })
    }
}

fn times(numbers: &[f64], units: &[f64]) -> Vec<f64> {
    numbers.iter().zip(units).map(|(number, unit)| number * unit).collect()
}

impl Constraints for Problem<'_, '_, '_> {
    type Set = ConstraintSet<BoxBounds<Vec<f64>>>;

    fn constraints(&self) -> <Self::Set as ConstraintDescription>::Borrowed<'_> {
        ConstraintSet::new().with_bounds(BoxBounds::new(Some(&self.low), Some(&self.high)))
    }
}

/// A loss that has fallen below this part of its first value is small from now on.
const FALLEN: f64 = 0.1;
/// Of a loss that falls to 0 the next scale is this part of the last one.
const LEAST: f64 = 1e-10;
/// By this part of its first value it is told whether it has arrived: where large numbers
/// cancel, slopes do not get flatter than their rounding.
const SMALL: f64 = 1e-6;

/// Searches from a point where the objective has a value. Of a loss that nothing is known of,
/// the scale is what it is where the search begins: when it has fallen far below, the search
/// goes on by what it is now.
pub(super) fn search(
    target: &Target<'_, '_>,
    optimizer: Optimizer,
    iterations: u64,
    start: &[f64],
) -> Result<Found, FitError> {
    let mut found = search_by_scale(target, optimizer, iterations, start)?;
    if target.objective.scale().is_some() || optimizer != Optimizer::Lbfgs {
        return Ok(found);
    }
    let mut target = target.clone();
    let first = target.scale;
    loop {
        let scale = found.value.abs().max(LEAST * target.scale);
        let left = iterations.saturating_sub(found.iterations);
        if scale >= FALLEN * target.scale || left == 0 {
            break;
        }
        target.scale = scale;
        let next = search_by_scale(&target, optimizer, left, &found.all)?;
        if next.value >= found.value || next.value.is_nan() {
            break;
        }
        found = Found { iterations: found.iterations + next.iterations, ..next };
    }
    let scale = found.scale.max(SMALL * first);
    found.steepest *= found.scale / scale;
    if found.steepest <= FLAT {
        found.stopped = None;
    }
    Ok(Found { scale, ..found })
}

fn search_by_scale(
    target: &Target<'_, '_>,
    optimizer: Optimizer,
    iterations: u64,
    start: &[f64],
) -> Result<Found, FitError> {
    let start = target.inward(start);
    let (first, _) = target.searched(&start)?;
    if !first.is_finite() {
        let at = target.layout.told(&target.outward(&start));
        return Err(FitError::NotFinite { value: first * target.scale, at });
    }
    let (inward, iterations, stopped) = match optimizer {
        _ if start.is_empty() => (start, 0, None),
        Optimizer::Lbfgs => lbfgs(target, iterations, start),
        Optimizer::Adam { rate, steps } => adam(target, rate, steps, start)?,
    };
    let all = target.outward(&inward);
    let (value, slopes) = target.evaluate(&all)?;
    let steepest = target.steepest(&all, &slopes);
    let stopped = if steepest <= FLAT { None } else { Some(stopped.unwrap_or_else(|| "stalled".into())) };
    Ok(Found { all, value, slopes, steepest, scale: target.scale, iterations, stopped })
}

/// Where a search has ended on its scale, its steps and why.
type End = (Vec<f64>, u64, Option<String>);

/// How often a search begins again nearer to where it stands.
const AGAIN: usize = 60;

/// How far a first step leads on the scale of a logarithm or of odds, of which the ends are
/// flat: who has come there by mistake does not find back.
const STRIDE: f64 = 4.0;

/// L-BFGS-B. Where its steps lead to points without a value (the logarithm of a chance of
/// 0 at a bound), it begins again within a box around the best point, which shrinks as
/// long as that happens and grows when the search reaches its sides.
fn lbfgs(target: &Target<'_, '_>, iterations: u64, start: Vec<f64>) -> End {
    let units: Vec<f64> =
        target.free.iter().map(|at| target.layout.elements[*at].step(target.base[*at])).collect();
    let bound = |(at, unit): (&usize, &f64)| {
        let (low, high) = target.layout.elements[*at].inward_bounds();
        (low / unit, high / unit)
    };
    let bounds: Vec<(f64, f64)> = target.free.iter().zip(&units).map(bound).collect();
    let end = |at: &[f64], done, why| (times(at, &units), done, why);
    let start: Vec<f64> = start.iter().zip(&units).map(|(t, unit)| t / unit).collect();
    let curved = |at: &usize| target.layout.elements[*at].transform != Transform::None;
    let curved: Vec<bool> = target.free.iter().map(curved).collect();
    let (mut at, mut done, mut reach, mut stride) = (start, 0, f64::INFINITY, STRIDE);
    for _ in 0..AGAIN {
        let off = RefCell::new(None);
        let side = |((bounds, x), curved): ((&(f64, f64), &f64), &bool)| {
            let reach = if *curved { reach.min(stride) } else { reach };
            (bounds.0.max(x - reach), bounds.1.min(x + reach))
        };
        let (low, high): (Vec<f64>, Vec<f64>) = bounds.iter().zip(&at).zip(&curved).map(side).unzip();
        let solver = Lbfgsb::new()
            .with_absolute_projected_gradient_tolerance(1e-10)
            .with_relative_cost_reduction_tolerance(4.0 * f64::EPSILON);
        let problem = Problem { target, units: &units, low: low.clone(), high: high.clone(), off: &off };
        let run = Executor::new(problem, solver, FirstOrderState::new(at.clone()))
            .max_iter(iterations.saturating_sub(done).max(1))
            .run();
        let result = match run {
            Ok(result) => result,
            Err(error) => return end(&at, done, Some(error.to_string())),
        };
        at.clone_from(result.best_param());
        done += result.iter();
        let arrived = matches!(result.report.termination, Termination::Converged(_));
        let sides = bounds.iter().zip(low.iter().zip(&high)).zip(&at);
        let held = sides
            .into_iter()
            .any(|((wide, (low, high)), x)| (x <= low && *low > wide.0) || (x >= high && *high < wide.1));
        let distance = off
            .into_inner()
            .map(|off| off.iter().zip(&at).map(|(off, x)| (off - x).abs()).fold(0.0, f64::max));
        match (arrived, held, distance) {
            _ if done >= iterations => {
                return end(&at, done, Some(format!("stopped after {iterations} iterations")));
            }
            (_, true, _) => (reach, stride) = (2.0 * reach, 2.0 * stride),
            (true, false, _) => return end(&at, done, None),
            (false, false, Some(distance)) if distance > 0.0 => reach = 0.5 * distance,
            _ => {
                let why = match &result.report.termination {
                    Termination::Failed(_) => "the line search found no lower value".to_string(),
                    other => format!("stopped: {other:?}"),
                };
                return end(&at, done, Some(why));
            }
        }
    }
    end(&at, done, Some(format!("stopped after {AGAIN} new beginnings")))
}

fn adam(target: &Target<'_, '_>, rate: f64, steps: u32, start: Vec<f64>) -> Result<End, FitError> {
    let n = start.len();
    let (mut at, mut mean, mut square) = (start.clone(), vec![0.0; n], vec![0.0; n]);
    let (mut best, mut lowest) = (start, f64::INFINITY);
    for step in 1..=steps {
        let (value, slopes) = target.searched(&at)?;
        if value < lowest {
            (best, lowest) = (at.clone(), value);
        }
        let (first, second) = (1.0 - 0.9_f64.powf(f64::from(step)), 1.0 - 0.999_f64.powf(f64::from(step)));
        for i in 0..n {
            mean[i] = 0.9 * mean[i] + 0.1 * slopes[i];
            square[i] = 0.999 * square[i] + 0.001 * slopes[i] * slopes[i];
            let (low, high) = target.layout.elements[target.free[i]].inward_bounds();
            let step = rate * (mean[i] / first) / ((square[i] / second).sqrt() + 1e-8);
            at[i] = (at[i] - step).clamp(low, high);
        }
    }
    if target.searched(&at)?.0 < lowest {
        best = at;
    }
    Ok((best, u64::from(steps), Some(format!("stopped after {steps} steps"))))
}

/// Points that fill the space of the free parameters evenly, on the scale of the search:
/// the additive recurrence of Roberts (2018), whose steps are powers of the root of
/// xᵈ⁺¹ = x + 1. A parameter without bounds is searched within twice its size (1 at
/// least) around where the search begins.
pub(super) fn starts(target: &Target<'_, '_>, number: usize) -> Vec<Vec<f64>> {
    let begin = target.inward(&target.base);
    let n = begin.len();
    let mut root = 1.5_f64;
    for _ in 0..60 {
        root = (1.0 + root).powf(1.0 / (n as f64 + 1.0));
    }
    let range = |i: usize| {
        let (low, high) = target.layout.elements[target.free[i]].inward_bounds();
        let wide = 2.0 * begin[i].abs().max(1.0);
        let logit = target.layout.elements[target.free[i]].transform == Transform::Logit;
        let wide = if logit { 4.0 } else { wide };
        if low.is_finite() && high.is_finite() && !logit && low > -600.0 {
            (low, high)
        } else {
            ((begin[i] - wide).max(low), (begin[i] + wide).min(high))
        }
    };
    let place = |k: usize| {
        let coordinate = |i: usize| {
            let (low, high) = range(i);
            let part = (0.5 + (k as f64) * root.powi(-(i as i32 + 1))).fract();
            low + (high - low) * part
        };
        (0..n).map(coordinate).collect::<Vec<f64>>()
    };
    (1..=number).map(|k| target.outward(&place(k))).collect()
}
