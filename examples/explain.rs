//! Why does the doctor believe that? What each finding adds to a diagnosis.
//!
//! `cargo run --example explain -- page.html` writes the same as a page.

use memo::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Domain)]
enum Disease {
    Healthy,
    Flu,
    Strep,
}

fn prior(disease: Disease) -> f64 {
    match disease {
        Disease::Healthy => 0.80,
        Disease::Flu => 0.15,
        Disease::Strep => 0.05,
    }
}

/// The chance of a fever.
fn fever(disease: Disease) -> f64 {
    match disease {
        Disease::Healthy => 0.02,
        Disease::Flu => 0.80,
        Disease::Strep => 0.60,
    }
}

/// The chance of a cough.
fn cough(disease: Disease) -> f64 {
    match disease {
        Disease::Healthy => 0.10,
        Disease::Flu => 0.85,
        Disease::Strep => 0.15,
    }
}

/// The chance of a positive throat swab.
fn swab(disease: Disease) -> f64 {
    if disease == Disease::Strep { 0.90 } else { 0.04 }
}

/// What the doctor believes after the thermometer, the cough and the swab.
#[memo(explain)]
fn diagnosis<d: Disease, fever: Bool, cough: Bool, swab: Bool>() {
    model! {
        doctor: thinks[
            patient: given(disease in Disease, wpp = prior(disease)),
            patient: given(fever in Bool, wpp = bernoulli_pmf(fever, fever(disease))),
            patient: given(cough in Bool, wpp = bernoulli_pmf(cough, cough(disease))),
            patient: given(swab in Bool, wpp = bernoulli_pmf(swab, swab(disease)))
        ];
        doctor: observes [patient.fever] is fever;
        doctor: observes [patient.cough] is cough;
        doctor: observes [patient.swab] is swab;
        doctor: knows(d);
        return doctor[Pr[patient.disease == d]];
    }
}

fn main() -> std::io::Result<()> {
    let explanation = diagnosis::explain((Disease::Strep, true, false, true));
    println!("{explanation:.3}");
    if let Some(path) = std::env::args().nth(1) {
        std::fs::write(path, explanation.to_html())?;
    }
    Ok(())
}
