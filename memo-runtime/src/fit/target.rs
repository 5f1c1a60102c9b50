//! The objective with its priors, as a function of the parameters that are free.

use std::sync::Arc;

use ndarray::Array2;

use super::error::FitError;
use super::objective::Objective;
use super::parameters::{Layout, Point, Transform};
use super::predict::{Bent, Scored};

/// What is minimised, over some of the parameters.
#[derive(Clone)]
pub(super) struct Target<'f, 'a> {
    pub(super) objective: &'f Objective<'a>,
    pub(super) layout: &'f Arc<Layout>,
    /// The places of the parameters that are free.
    pub(super) free: Vec<usize>,
    /// All parameters; those that are free are replaced.
    pub(super) base: Vec<f64>,
    /// By what the search divides, so that its tolerances mean the same for ten
    /// observations and for ten million.
    pub(super) scale: f64,
}

impl Target<'_, '_> {
    /// The curvature of which the root is one over a standard error, for a curvature of 1:
    /// that of minus the log likelihood, or what is likely for a loss.
    pub(super) fn curvature_scale(&self) -> f64 {
        if matches!(self.objective.measure(), super::objective::Measure::Likelihood { .. }) {
            1.0
        } else {
            self.scale
        }
    }

    pub(super) fn point(&self, all: Vec<f64>) -> Point {
        Point::new(self.layout, all)
    }

    /// The objective and minus the logarithm of the priors, with the slopes of all
    /// parameters.
    pub(super) fn evaluate(&self, all: &[f64]) -> Scored {
        let (mut value, mut slopes) = self.objective.evaluate(&self.point(all.to_vec()))?;
        for ((element, x), slope) in self.layout.elements.iter().zip(all).zip(&mut slopes) {
            if let (Some(prior), None) = (&element.prior, element.fixed) {
                value -= prior.log_density(*x);
                *slope -= prior.slope(*x);
            }
        }
        Ok((value, slopes))
    }

    /// The second derivatives of the same, where they can be had exactly.
    pub(super) fn bend(&self, all: &[f64]) -> Option<Bent> {
        let add = |mut bent: Array2<f64>| {
            for (at, element) in self.layout.elements.iter().enumerate() {
                if let (Some(prior), None) = (&element.prior, element.fixed) {
                    bent[[at, at]] -= prior.bend(all[at]);
                }
            }
            bent
        };
        Some(self.objective.bend(&self.point(all.to_vec()))?.map(add))
    }

    pub(super) fn value(&self, all: &[f64]) -> Result<f64, FitError> {
        Ok(self.objective.value(&self.point(all.to_vec()))? - self.log_prior(all))
    }

    pub(super) fn log_prior(&self, all: &[f64]) -> f64 {
        let elements = self.layout.elements.iter().zip(all).filter(|(element, _)| element.fixed.is_none());
        elements.filter_map(|(element, x)| Some(element.prior?.log_density(*x))).sum()
    }

    /// All parameters, given the free ones on the scale of the search.
    pub(super) fn outward(&self, inward: &[f64]) -> Vec<f64> {
        let mut all = self.base.clone();
        for (at, t) in self.free.iter().zip(inward) {
            let element = &self.layout.elements[*at];
            // Rounding is not to leave the bounds.
            all[*at] = element.outward(*t).clamp(element.low, element.high);
        }
        all
    }

    /// The free parameters on the scale of the search.
    pub(super) fn inward(&self, all: &[f64]) -> Vec<f64> {
        self.free.iter().map(|at| self.layout.elements[*at].inward(all[*at])).collect()
    }

    /// What the search sees: the value and slopes on its scale.
    pub(super) fn searched(&self, inward: &[f64]) -> Scored {
        let all = self.outward(inward);
        let (value, slopes) = self.evaluate(&all)?;
        Ok((value / self.scale, self.searched_slopes(&all, &slopes)))
    }

    pub(super) fn searched_slopes(&self, all: &[f64], slopes: &[f64]) -> Vec<f64> {
        let slope = |at: &usize| slopes[*at] * self.layout.elements[*at].outward_slope(all[*at]) / self.scale;
        self.free.iter().map(slope).collect()
    }

    /// The largest slope along which a free parameter may move. Next to a bound that the search
    /// never reaches its scale is flat: away from there it counts by the parameter's own.
    pub(super) fn steepest(&self, all: &[f64], slopes: &[f64]) -> f64 {
        let inner = self.searched_slopes(all, slopes);
        let left = self.free.iter().zip(inner).map(|(at, slope)| {
            let (element, x) = (&self.layout.elements[*at], all[*at]);
            let held = (x <= element.low && slope > 0.0) || (x >= element.high && slope < 0.0);
            let away = |bound: f64| if bound == element.low { slopes[*at] < 0.0 } else { slopes[*at] > 0.0 };
            if element.transform != Transform::None && element.bound_at(x).is_some_and(away) {
                return (slopes[*at] * element.size(x) / self.scale).abs();
            }
            if held { 0.0 } else { slope.abs() }
        });
        left.fold(0.0, f64::max)
    }
}
