//! Explanations as text.

use std::fmt;

use super::{Explanation, Mind, SHOWN};
use crate::table::trimmed;

/// What an explanation shows, in words and numbers, for all its forms.
pub(super) struct Shown<'e> {
    pub(super) explanation: &'e Explanation,
    precision: Option<usize>,
}

/// A table with a header.
pub(super) struct Grid {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl<'e> Shown<'e> {
    pub(super) fn new(explanation: &'e Explanation, precision: Option<usize>) -> Self {
        Self { explanation, precision }
    }

    pub(super) fn number(&self, x: f64) -> String {
        match self.precision {
            Some(places) => format!("{x:.places$}"),
            None => trimmed(x),
        }
    }

    /// `monty at pick = 0, reveal = 2, d = 1`.
    pub(super) fn title(&self) -> String {
        let cell: Vec<String> =
            self.explanation.cell.iter().map(|(axis, value)| format!("{axis} = {value}")).collect();
        let at = if cell.is_empty() { String::new() } else { format!(" at {}", cell.join(", ")) };
        format!("{}{at}", self.explanation.model)
    }

    /// What is asked and the answer, or that there is none.
    pub(super) fn answer(&self) -> String {
        match self.explanation.end() {
            None => format!("{} = {}", self.explanation.question, self.number(self.explanation.value())),
            Some(end) => format!("{} has no answer: {end}", self.explanation.question),
        }
    }

    /// A weight of evidence in decibans.
    pub(super) fn weight(&self, weight: f64) -> String {
        if weight.is_infinite() {
            return if weight > 0.0 { "+∞ (certain)".into() } else { "-∞ (impossible)".into() };
        }
        let places = self.precision.unwrap_or(2);
        // Not `-0.00`.
        let text = format!("{weight:+.places$}");
        if text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) { text } else { text.replace('-', "+") }
    }

    pub(super) fn steps(&self) -> Grid {
        let explanation = self.explanation;
        let mut header = vec!["observed".to_string(), "likelihood".into(), "value".into()];
        if explanation.chance {
            header.push("weight of evidence (decibans)".into());
        }
        let value =
            |value: f64, possible: bool| if possible { self.number(value) } else { "no world".into() };
        let first = vec!["nothing yet".into(), String::new(), value(explanation.prior, explanation.possible)];
        let steps = explanation.steps.iter().map(|step| {
            let likelihood = step.likelihood.map_or_else(String::new, |chance| self.number(chance));
            let weight = step.weight.map_or_else(String::new, |weight| self.weight(weight));
            vec![step.observed.clone(), likelihood, value(step.after, step.possible), weight]
        });
        let mut rows: Vec<Vec<String>> = std::iter::once(first).chain(steps).collect();
        rows.iter_mut().for_each(|row| row.resize(header.len(), String::new()));
        Grid { header, rows }
    }

    /// The likeliest worlds of a mind with their shares, and what is to be said of
    /// those that are not shown.
    pub(super) fn worlds(&self, mind: &Mind) -> Result<(Grid, Vec<f64>, String), String> {
        let worlds = mind.worlds(SHOWN)?;
        let mut header = vec![format!("world of {}", mind.name), "share".into()];
        if mind.value.is_some() {
            header.push("value in it".into());
        }
        let rows = worlds.iter().map(|world| {
            let choices: Vec<String> =
                world.choices.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            let what = if choices.is_empty() { "nothing is uncertain".into() } else { choices.join(", ") };
            let value = world.value.map(|value| self.number(value));
            [what, self.number(world.share)].into_iter().chain(value).collect()
        });
        let (rows, shares): (Vec<Vec<String>>, Vec<f64>) =
            (rows.collect(), worlds.iter().map(|w| w.share).collect());
        let rest = if worlds.len() < SHOWN || mind.worlds(SHOWN + 1)?.len() == SHOWN {
            "These are all that are left.".into()
        } else {
            let rest = (1.0 - shares.iter().sum::<f64>()).max(0.0);
            format!("The likeliest {SHOWN}; the others have {} together.", self.number(rest))
        };
        Ok((Grid { header, rows }, shares, rest))
    }
}

impl fmt::Display for Grid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| {
            let cells =
                std::iter::once(&self.header).chain(&self.rows).map(|row| row[column].chars().count());
            cells.max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.header.len()).map(width).collect();
        let border: String =
            widths.iter().map(|w| format!("+{}", "-".repeat(w + 2))).collect::<String>() + "+";
        let line = |row: &[String]| {
            let cells = row.iter().zip(&widths);
            cells.map(|(cell, w)| format!("| {cell:<w$} ")).collect::<String>() + "|"
        };
        writeln!(f, "{border}\n{}\n{border}", line(&self.header))?;
        for row in &self.rows {
            writeln!(f, "{}", line(row))?;
        }
        write!(f, "{border}")
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = Shown::new(self, f.precision());
        write!(f, "{}\n{}\n\n{}", shown.title(), shown.answer(), shown.steps())?;
        if self.end().is_some() {
            return Ok(());
        }
        for mind in &self.minds {
            match shown.worlds(mind) {
                Ok((grid, _, rest)) => write!(f, "\n\n{grid}\n{rest}")?,
                Err(why) => write!(f, "\n\nThe worlds of {} are not shown: {why}.", mind.name)?,
            }
        }
        Ok(())
    }
}
