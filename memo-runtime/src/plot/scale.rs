//! Ranges of numbers, their ticks and how they are written.

/// The range of an axis of numbers and where it has ticks.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) ticks: Vec<f64>,
    step: f64,
}

/// The least of 1, 2, 2.5 and 5 times a power of ten that is no smaller.
fn nice_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    steps.into_iter().find(|step| step * power >= least * (1.0 - 1e-9)).unwrap_or(10.0) * power
}

/// As [`nice_step`], but a whole number.
fn whole_step(least: f64) -> f64 {
    let step = nice_step(least.max(1.0));
    if step.fract() == 0.0 { step } else { 5.0 }
}

impl Scale {
    /// Ticks within a range that stays as it is.
    pub(super) fn exact(low: f64, high: f64, wanted: usize) -> Self {
        // Room around a single number.
        let (low, high) = if low == high { (low - 0.5, high + 0.5) } else { (low, high) };
        Self::stepped(low, high, wanted, nice_step((high - low) / wanted.max(1) as f64))
    }

    /// From the least to the greatest of some numbers, with whole ticks where all of
    /// them are whole.
    pub(super) fn over(numbers: &[f64], wanted: usize) -> Self {
        let (low, high) = super::chart::bounds(numbers);
        if low < high && numbers.iter().all(|x| x.fract() == 0.0) {
            return Self::stepped(low, high, wanted, whole_step((high - low) / wanted.max(1) as f64));
        }
        Self::exact(low, high, wanted)
    }

    fn stepped(low: f64, high: f64, wanted: usize, step: f64) -> Self {
        let (first, last) = ((low / step - 1e-9).ceil(), (high / step + 1e-9).floor());
        let mut ticks = Vec::new();
        let mut at = first;
        // Where the range is narrow beside its numbers, a step may be lost to rounding.
        while at <= last && ticks.len() <= 2 * wanted {
            ticks.push(if at == 0.0 { 0.0 } else { at * step });
            at += 1.0;
        }
        Self { low, high, ticks, step }
    }

    /// A range that is widened to ticks at both ends.
    pub(super) fn nice(low: f64, high: f64, wanted: usize) -> Self {
        let (low, high) = if low == high {
            if low == 0.0 { (0.0, 1.0) } else { (low.min(0.0), high.max(0.0)) }
        } else {
            (low, high)
        };
        let step = nice_step((high - low) / wanted.max(1) as f64);
        let (low, high) = ((low / step + 1e-9).floor() * step, (high / step - 1e-9).ceil() * step);
        Self::exact(low, high, wanted.max(((high - low) / step).round() as usize))
    }

    /// Where a number is, from 0 at the low end to 1 at the high end.
    pub(super) fn share(&self, x: f64) -> f64 {
        (x - self.low) / (self.high - self.low)
    }

    /// The ticks as text, all with the same number of decimals.
    pub(super) fn labels(&self) -> Vec<String> {
        let largest = self.low.abs().max(self.high.abs());
        if !(1e-3..1e6).contains(&largest) {
            return self.ticks.iter().map(|x| if *x == 0.0 { "0".into() } else { exponent(*x, 3) }).collect();
        }
        let decimals = (0..12).find(|d| {
            let scaled = self.step * 10_f64.powi(*d);
            (scaled - scaled.round()).abs() < 1e-6 * scaled.max(1.0)
        });
        let decimals = decimals.unwrap_or(12) as usize;
        self.ticks.iter().map(|x| minus(&format!("{x:.decimals$}"))).collect()
    }
}

/// With the sign of typography in the place of the hyphen.
fn minus(text: &str) -> String {
    text.replace('-', "−")
}

fn exponent(x: f64, digits: usize) -> String {
    let text = format!("{x:.0$e}", digits.saturating_sub(1));
    match text.split_once('e') {
        Some((mantissa, exponent)) if mantissa.contains('.') => {
            minus(&format!("{}e{exponent}", mantissa.trim_end_matches('0').trim_end_matches('.')))
        }
        _ => minus(&text),
    }
}

/// A number with so many significant digits, without trailing zeros.
pub(super) fn short(x: f64, digits: usize) -> String {
    if x == 0.0 || !x.is_finite() {
        return if x == 0.0 { "0".into() } else { x.to_string() };
    }
    let magnitude = x.abs().log10().floor() as i32;
    if !(-4..7).contains(&magnitude) {
        return exponent(x, digits);
    }
    let decimals = (digits as i32 - 1 - magnitude).max(0) as usize;
    let text = format!("{x:.decimals$}");
    minus(if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text })
}

/// Numbers that stand at bars or in cells: two digits of the largest of them, and as
/// many decimals for the others.
pub(super) struct Brief {
    largest: f64,
}

impl Brief {
    pub(super) fn new((low, high): (f64, f64)) -> Self {
        Self { largest: low.abs().max(high.abs()) }
    }

    pub(super) fn text(&self, x: f64) -> String {
        if x == 0.0 || !(1e-3..1e5).contains(&self.largest) {
            return short(x, 2);
        }
        let decimals = (2.0 - self.largest.log10().ceil()).max(0.0) as usize;
        let text = format!("{x:.decimals$}");
        if text.bytes().all(|c| matches!(c, b'-' | b'0' | b'.')) { "≈0".into() } else { minus(&text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_numbers() {
        let scale = Scale::nice(0.0, 0.83, 5);
        assert_eq!(scale.labels(), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!((scale.low, scale.high), (0.0, 1.0));
        assert_eq!(Scale::nice(-23.4, -15.2, 5).labels(), ["−24", "−22", "−20", "−18", "−16", "−14"]);
        assert_eq!(Scale::exact(0.0, 1.0, 4).labels(), ["0.00", "0.25", "0.50", "0.75", "1.00"]);
        assert_eq!(Scale::exact(3.0, 3.0, 4).ticks, [2.5, 2.75, 3.0, 3.25, 3.5]);
        assert_eq!(Scale::over(&[0.0, 1.0, 2.0], 8).labels(), ["0", "1", "2"]);
        assert_eq!(Scale::over(&[0.0, 10.0], 4).labels(), ["0", "5", "10"]);
        assert_eq!(Scale::over(&[0.0, 0.5, 1.0], 2).labels(), ["0.0", "0.5", "1.0"]);
        assert_eq!(Scale::nice(0.0, 3e8, 3).labels(), ["0", "1e8", "2e8", "3e8"]);
        assert_eq!(Scale::nice(5.0, 5.0, 5).low, 0.0);
    }

    #[test]
    fn brief_numbers_have_the_same_decimals() {
        let brief = Brief::new((0.0, 0.95));
        assert_eq!([0.0, 1e-9, 0.049, 0.95].map(|x| brief.text(x)), ["0", "≈0", "0.05", "0.95"]);
        let brief = Brief::new((-31.4, 2.0));
        assert_eq!([-31.4, 2.0, -0.2].map(|x| brief.text(x)), ["−31", "2", "≈0"]);
        assert_eq!(Brief::new((0.0, 2e8)).text(1.25e8), "1.2e8");
    }

    #[test]
    fn numbers_are_short() {
        let texts = [0.0, 0.123_45, 1.0, -2.5, 1234.0, 1e-9, 0.999_96].map(|x| short(x, 3));
        assert_eq!(texts, ["0", "0.123", "1", "−2.5", "1234", "1e-9".replace('-', "−").as_str(), "1"]);
    }
}
