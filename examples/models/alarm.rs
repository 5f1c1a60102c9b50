//! ALARM, a network for monitoring patients under anaesthesia: 37 variables.
//!
//! I. Beinlich, H. Suermondt, R. Chavez, G. Cooper (1989), “The ALARM monitoring
//! system”, Proc. 2nd European Conference on Artificial Intelligence in
//! Medicine; tables as in the Bayesian Network Repository.

use memo::prelude::*;

/// Whether it is so.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Truth {
    True,
    False,
}

/// Compared with what is normal.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Level {
    Low,
    Normal,
    High,
}

/// What a monitor shows.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Reading {
    Zero,
    Low,
    Normal,
    High,
}

/// Normal, or less.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Lowered {
    Low,
    Normal,
}

/// Normal, or more.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Raised {
    Normal,
    High,
}

/// Where the tube is.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Tube {
    Normal,
    Esophageal,
    Onesided,
}

fn p_lvfailure(lvfailure: Truth) -> f64 {
    const TABLE: [f64; 2] = [0.05, 0.95];
    TABLE[lvfailure as usize]
}

fn p_strokevolume(strokevolume: Level, hypovolemia: Truth, lvfailure: Truth) -> f64 {
    const TABLE: [f64; 12] = [0.98, 0.01, 0.01, 0.5, 0.49, 0.01, 0.95, 0.04, 0.01, 0.05, 0.9, 0.05];
    TABLE[((hypovolemia as usize) * 2 + lvfailure as usize) * 3 + strokevolume as usize]
}

fn p_errlowoutput(errlowoutput: Truth) -> f64 {
    const TABLE: [f64; 2] = [0.05, 0.95];
    TABLE[errlowoutput as usize]
}

fn p_errcauter(errcauter: Truth) -> f64 {
    const TABLE: [f64; 2] = [0.1, 0.9];
    TABLE[errcauter as usize]
}

fn p_insuffanesth(insuffanesth: Truth) -> f64 {
    const TABLE: [f64; 2] = [0.1, 0.9];
    TABLE[insuffanesth as usize]
}

fn p_anaphylaxis(anaphylaxis: Truth) -> f64 {
    const TABLE: [f64; 2] = [0.01, 0.99];
    TABLE[anaphylaxis as usize]
}

fn p_tpr(tpr: Level, anaphylaxis: Truth) -> f64 {
    const TABLE: [f64; 6] = [0.98, 0.01, 0.01, 0.3, 0.4, 0.3];
    TABLE[(anaphylaxis as usize) * 3 + tpr as usize]
}

fn p_kinkedtube(kinkedtube: Truth) -> f64 {
    const TABLE: [f64; 2] = [0.04, 0.96];
    TABLE[kinkedtube as usize]
}

fn p_fio2(fio2: Lowered) -> f64 {
    const TABLE: [f64; 2] = [0.05, 0.95];
    TABLE[fio2 as usize]
}

fn p_pulmembolus(pulmembolus: Truth) -> f64 {
    const TABLE: [f64; 2] = [0.01, 0.99];
    TABLE[pulmembolus as usize]
}

fn p_intubation(intubation: Tube) -> f64 {
    const TABLE: [f64; 3] = [0.92, 0.03, 0.05];
    TABLE[intubation as usize]
}

fn p_disconnect(disconnect: Truth) -> f64 {
    const TABLE: [f64; 2] = [0.1, 0.9];
    TABLE[disconnect as usize]
}

fn p_minvolset(minvolset: Level) -> f64 {
    const TABLE: [f64; 3] = [0.05, 0.9, 0.05];
    TABLE[minvolset as usize]
}

fn p_ventmach(ventmach: Reading, minvolset: Level) -> f64 {
    const TABLE: [f64; 12] = [0.05, 0.93, 0.01, 0.01, 0.05, 0.01, 0.93, 0.01, 0.05, 0.01, 0.01, 0.93];
    TABLE[(minvolset as usize) * 4 + ventmach as usize]
}

fn p_venttube(venttube: Reading, disconnect: Truth, ventmach: Reading) -> f64 {
    const TABLE: [f64; 32] = [
        0.97, 0.01, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.01, 0.01, 0.97, 0.01, 0.97,
        0.01, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.01, 0.01, 0.97,
    ];
    TABLE[((disconnect as usize) * 4 + ventmach as usize) * 4 + venttube as usize]
}

fn p_ventlung(ventlung: Reading, intubation: Tube, kinkedtube: Truth, venttube: Reading) -> f64 {
    const TABLE: [f64; 96] = [
        0.97, 0.01, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.3,
        0.68, 0.01, 0.01, 0.95, 0.03, 0.01, 0.01, 0.01, 0.01, 0.01, 0.97, 0.01, 0.97, 0.01, 0.01, 0.95, 0.03,
        0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.01, 0.97, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.97, 0.01, 0.01,
        0.01, 0.5, 0.48, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.01, 0.01, 0.97, 0.01, 0.4, 0.58, 0.01, 0.01,
        0.97, 0.01, 0.01, 0.01, 0.01, 0.01, 0.97, 0.01, 0.97, 0.01, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.3,
        0.68, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.97,
    ];
    TABLE[(((intubation as usize) * 2 + kinkedtube as usize) * 4 + venttube as usize) * 4 + ventlung as usize]
}

fn p_ventalv(ventalv: Reading, intubation: Tube, ventlung: Reading) -> f64 {
    const TABLE: [f64; 48] = [
        0.97, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.97, 0.01, 0.01, 0.97, 0.01, 0.03, 0.95, 0.01, 0.01, 0.01,
        0.97, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.97, 0.01, 0.94, 0.04, 0.01, 0.01, 0.01,
        0.97, 0.01, 0.01, 0.97, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.01, 0.88, 0.1, 0.01,
    ];
    TABLE[((intubation as usize) * 4 + ventlung as usize) * 4 + ventalv as usize]
}

fn p_artco2(artco2: Level, ventalv: Reading) -> f64 {
    const TABLE: [f64; 12] = [0.01, 0.01, 0.98, 0.01, 0.01, 0.98, 0.04, 0.92, 0.04, 0.9, 0.09, 0.01];
    TABLE[(ventalv as usize) * 3 + artco2 as usize]
}

fn p_history(history: Truth, lvfailure: Truth) -> f64 {
    const TABLE: [f64; 4] = [0.9, 0.1, 0.01, 0.99];
    TABLE[(lvfailure as usize) * 2 + history as usize]
}

fn p_lvedvolume(lvedvolume: Level, hypovolemia: Truth, lvfailure: Truth) -> f64 {
    const TABLE: [f64; 12] = [0.95, 0.04, 0.01, 0.01, 0.09, 0.9, 0.98, 0.01, 0.01, 0.05, 0.9, 0.05];
    TABLE[((hypovolemia as usize) * 2 + lvfailure as usize) * 3 + lvedvolume as usize]
}

fn p_expco2(expco2: Reading, artco2: Level, ventlung: Reading) -> f64 {
    const TABLE: [f64; 48] = [
        0.97, 0.01, 0.01, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.01, 0.97, 0.01,
        0.97, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.01, 0.97, 0.01, 0.97,
        0.01, 0.01, 0.01, 0.01, 0.97, 0.01, 0.97, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.97,
    ];
    TABLE[((artco2 as usize) * 4 + ventlung as usize) * 4 + expco2 as usize]
}

fn p_minvol(minvol: Reading, intubation: Tube, ventlung: Reading) -> f64 {
    const TABLE: [f64; 48] = [
        0.97, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.97, 0.5, 0.48, 0.01, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01,
        0.97, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.5, 0.48, 0.01, 0.01, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01,
        0.97, 0.01, 0.6, 0.38, 0.01, 0.01, 0.97, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.97,
    ];
    TABLE[((intubation as usize) * 4 + ventlung as usize) * 4 + minvol as usize]
}

fn p_pvsat(pvsat: Level, fio2: Lowered, ventalv: Reading) -> f64 {
    const TABLE: [f64; 24] = [
        1.0, 0.0, 0.0, 0.95, 0.04, 0.01, 1.0, 0.0, 0.0, 0.01, 0.95, 0.04, 0.99, 0.01, 0.0, 0.95, 0.04, 0.01,
        0.95, 0.04, 0.01, 0.01, 0.01, 0.98,
    ];
    TABLE[((fio2 as usize) * 4 + ventalv as usize) * 3 + pvsat as usize]
}

fn p_pap(pap: Level, pulmembolus: Truth) -> f64 {
    const TABLE: [f64; 6] = [0.01, 0.19, 0.8, 0.05, 0.9, 0.05];
    TABLE[(pulmembolus as usize) * 3 + pap as usize]
}

fn p_shunt(shunt: Raised, intubation: Tube, pulmembolus: Truth) -> f64 {
    const TABLE: [f64; 12] = [0.1, 0.9, 0.95, 0.05, 0.1, 0.9, 0.95, 0.05, 0.01, 0.99, 0.05, 0.95];
    TABLE[((intubation as usize) * 2 + pulmembolus as usize) * 2 + shunt as usize]
}

fn p_press(press: Reading, intubation: Tube, kinkedtube: Truth, venttube: Reading) -> f64 {
    const TABLE: [f64; 96] = [
        0.97, 0.01, 0.01, 0.01, 0.05, 0.25, 0.25, 0.45, 0.97, 0.01, 0.01, 0.01, 0.2, 0.75, 0.04, 0.01, 0.01,
        0.01, 0.01, 0.97, 0.01, 0.29, 0.3, 0.4, 0.01, 0.01, 0.01, 0.97, 0.01, 0.9, 0.08, 0.01, 0.01, 0.3,
        0.49, 0.2, 0.01, 0.15, 0.25, 0.59, 0.01, 0.97, 0.01, 0.01, 0.2, 0.7, 0.09, 0.01, 0.97, 0.01, 0.01,
        0.01, 0.01, 0.01, 0.08, 0.9, 0.97, 0.01, 0.01, 0.01, 0.01, 0.01, 0.38, 0.6, 0.01, 0.01, 0.08, 0.9,
        0.97, 0.01, 0.01, 0.01, 0.01, 0.01, 0.97, 0.01, 0.97, 0.01, 0.01, 0.01, 0.1, 0.84, 0.05, 0.01, 0.01,
        0.01, 0.01, 0.97, 0.4, 0.58, 0.01, 0.01, 0.01, 0.01, 0.01, 0.97,
    ];
    TABLE[(((intubation as usize) * 2 + kinkedtube as usize) * 4 + venttube as usize) * 4 + press as usize]
}

fn p_cvp(cvp: Level, lvedvolume: Level) -> f64 {
    const TABLE: [f64; 9] = [0.95, 0.04, 0.01, 0.04, 0.95, 0.01, 0.01, 0.29, 0.7];
    TABLE[(lvedvolume as usize) * 3 + cvp as usize]
}

fn p_pcwp(pcwp: Level, lvedvolume: Level) -> f64 {
    const TABLE: [f64; 9] = [0.95, 0.04, 0.01, 0.04, 0.95, 0.01, 0.01, 0.04, 0.95];
    TABLE[(lvedvolume as usize) * 3 + pcwp as usize]
}

fn p_sao2(sao2: Level, pvsat: Level, shunt: Raised) -> f64 {
    const TABLE: [f64; 18] = [
        0.98, 0.01, 0.01, 0.98, 0.01, 0.01, 0.01, 0.98, 0.01, 0.98, 0.01, 0.01, 0.01, 0.01, 0.98, 0.69, 0.3,
        0.01,
    ];
    TABLE[((pvsat as usize) * 2 + shunt as usize) * 3 + sao2 as usize]
}

fn p_catechol(catechol: Raised, artco2: Level, insuffanesth: Truth, sao2: Level, tpr: Level) -> f64 {
    const TABLE: [f64; 108] = [
        0.01, 0.99, 0.01, 0.99, 0.7, 0.3, 0.01, 0.99, 0.05, 0.95, 0.7, 0.3, 0.01, 0.99, 0.05, 0.95, 0.95,
        0.05, 0.01, 0.99, 0.05, 0.95, 0.7, 0.3, 0.01, 0.99, 0.05, 0.95, 0.95, 0.05, 0.05, 0.95, 0.05, 0.95,
        0.95, 0.05, 0.01, 0.99, 0.01, 0.99, 0.7, 0.3, 0.01, 0.99, 0.05, 0.95, 0.7, 0.3, 0.01, 0.99, 0.05,
        0.95, 0.99, 0.01, 0.01, 0.99, 0.05, 0.95, 0.7, 0.3, 0.01, 0.99, 0.05, 0.95, 0.99, 0.01, 0.05, 0.95,
        0.05, 0.95, 0.99, 0.01, 0.01, 0.99, 0.01, 0.99, 0.1, 0.9, 0.01, 0.99, 0.01, 0.99, 0.1, 0.9, 0.01,
        0.99, 0.01, 0.99, 0.3, 0.7, 0.01, 0.99, 0.01, 0.99, 0.1, 0.9, 0.01, 0.99, 0.01, 0.99, 0.3, 0.7, 0.01,
        0.99, 0.01, 0.99, 0.3, 0.7,
    ];
    TABLE[((((artco2 as usize) * 2 + insuffanesth as usize) * 3 + sao2 as usize) * 3 + tpr as usize) * 2
        + catechol as usize]
}

fn p_hr(hr: Level, catechol: Raised) -> f64 {
    const TABLE: [f64; 6] = [0.05, 0.9, 0.05, 0.01, 0.09, 0.9];
    TABLE[(catechol as usize) * 3 + hr as usize]
}

fn p_co(co: Level, hr: Level, strokevolume: Level) -> f64 {
    const TABLE: [f64; 27] = [
        0.98, 0.01, 0.01, 0.95, 0.04, 0.01, 0.3, 0.69, 0.01, 0.95, 0.04, 0.01, 0.04, 0.95, 0.01, 0.01, 0.3,
        0.69, 0.8, 0.19, 0.01, 0.01, 0.04, 0.95, 0.01, 0.01, 0.98,
    ];
    TABLE[((hr as usize) * 3 + strokevolume as usize) * 3 + co as usize]
}

fn p_bp(bp: Level, co: Level, tpr: Level) -> f64 {
    const TABLE: [f64; 27] = [
        0.98, 0.01, 0.01, 0.98, 0.01, 0.01, 0.3, 0.6, 0.1, 0.98, 0.01, 0.01, 0.1, 0.85, 0.05, 0.05, 0.4,
        0.55, 0.9, 0.09, 0.01, 0.05, 0.2, 0.75, 0.01, 0.09, 0.9,
    ];
    TABLE[((co as usize) * 3 + tpr as usize) * 3 + bp as usize]
}

fn p_hrbp(hrbp: Level, errlowoutput: Truth, hr: Level) -> f64 {
    const TABLE: [f64; 18] = [
        0.98, 0.01, 0.01, 0.3, 0.4, 0.3, 0.01, 0.98, 0.01, 0.4, 0.59, 0.01, 0.98, 0.01, 0.01, 0.01, 0.01,
        0.98,
    ];
    TABLE[((errlowoutput as usize) * 3 + hr as usize) * 3 + hrbp as usize]
}

fn p_hrekg(hrekg: Level, errcauter: Truth, hr: Level) -> f64 {
    const TABLE: [f64; 18] = [
        0.3333333, 0.3333333, 0.3333333, 0.3333333, 0.3333333, 0.3333333, 0.01, 0.98, 0.01, 0.3333333,
        0.3333333, 0.3333333, 0.98, 0.01, 0.01, 0.01, 0.01, 0.98,
    ];
    TABLE[((errcauter as usize) * 3 + hr as usize) * 3 + hrekg as usize]
}

fn p_hrsat(hrsat: Level, errcauter: Truth, hr: Level) -> f64 {
    const TABLE: [f64; 18] = [
        0.3333333, 0.3333333, 0.3333333, 0.3333333, 0.3333333, 0.3333333, 0.01, 0.98, 0.01, 0.3333333,
        0.3333333, 0.3333333, 0.98, 0.01, 0.01, 0.01, 0.01, 0.98,
    ];
    TABLE[((errcauter as usize) * 3 + hr as usize) * 3 + hrsat as usize]
}

/// How likely left ventricular failure is, given blood pressure,
/// venous pressure and carbon dioxide, when `hypovolemia` of the patients lack blood.
#[memo]
pub fn alarm<pressure: Level, vein: Level, gas: Reading, failure: Truth>(hypovolemia: f64) {
    model! {
        cast: [doctor, patient];
        doctor: thinks[
            patient: chooses(hypovolemic in Truth, wpp = if hypovolemic == Truth::True { hypovolemia } else { 1 - hypovolemia }),
            patient: chooses(lvfailure in Truth, wpp = p_lvfailure(lvfailure)),
            patient: chooses(strokevolume in Level, wpp = p_strokevolume(strokevolume, hypovolemic, lvfailure)),
            patient: chooses(errlowoutput in Truth, wpp = p_errlowoutput(errlowoutput)),
            patient: chooses(errcauter in Truth, wpp = p_errcauter(errcauter)),
            patient: chooses(insuffanesth in Truth, wpp = p_insuffanesth(insuffanesth)),
            patient: chooses(anaphylaxis in Truth, wpp = p_anaphylaxis(anaphylaxis)),
            patient: chooses(tpr in Level, wpp = p_tpr(tpr, anaphylaxis)),
            patient: chooses(kinkedtube in Truth, wpp = p_kinkedtube(kinkedtube)),
            patient: chooses(fio2 in Lowered, wpp = p_fio2(fio2)),
            patient: chooses(pulmembolus in Truth, wpp = p_pulmembolus(pulmembolus)),
            patient: chooses(intubation in Tube, wpp = p_intubation(intubation)),
            patient: chooses(disconnect in Truth, wpp = p_disconnect(disconnect)),
            patient: chooses(minvolset in Level, wpp = p_minvolset(minvolset)),
            patient: chooses(ventmach in Reading, wpp = p_ventmach(ventmach, minvolset)),
            patient: chooses(venttube in Reading, wpp = p_venttube(venttube, disconnect, ventmach)),
            patient: chooses(ventlung in Reading, wpp = p_ventlung(ventlung, intubation, kinkedtube, venttube)),
            patient: chooses(ventalv in Reading, wpp = p_ventalv(ventalv, intubation, ventlung)),
            patient: chooses(artco2 in Level, wpp = p_artco2(artco2, ventalv)),
            patient: chooses(history in Truth, wpp = p_history(history, lvfailure)),
            patient: chooses(lvedvolume in Level, wpp = p_lvedvolume(lvedvolume, hypovolemic, lvfailure)),
            patient: chooses(expco2 in Reading, wpp = p_expco2(expco2, artco2, ventlung)),
            patient: chooses(minvol in Reading, wpp = p_minvol(minvol, intubation, ventlung)),
            patient: chooses(pvsat in Level, wpp = p_pvsat(pvsat, fio2, ventalv)),
            patient: chooses(pap in Level, wpp = p_pap(pap, pulmembolus)),
            patient: chooses(shunt in Raised, wpp = p_shunt(shunt, intubation, pulmembolus)),
            patient: chooses(press in Reading, wpp = p_press(press, intubation, kinkedtube, venttube)),
            patient: chooses(cvp in Level, wpp = p_cvp(cvp, lvedvolume)),
            patient: chooses(pcwp in Level, wpp = p_pcwp(pcwp, lvedvolume)),
            patient: chooses(sao2 in Level, wpp = p_sao2(sao2, pvsat, shunt)),
            patient: chooses(catechol in Raised, wpp = p_catechol(catechol, artco2, insuffanesth, sao2, tpr)),
            patient: chooses(hr in Level, wpp = p_hr(hr, catechol)),
            patient: chooses(co in Level, wpp = p_co(co, hr, strokevolume)),
            patient: chooses(bp in Level, wpp = p_bp(bp, co, tpr)),
            patient: chooses(hrbp in Level, wpp = p_hrbp(hrbp, errlowoutput, hr)),
            patient: chooses(hrekg in Level, wpp = p_hrekg(hrekg, errcauter, hr)),
            patient: chooses(hrsat in Level, wpp = p_hrsat(hrsat, errcauter, hr)),
        ];
        doctor: observes [patient.bp] is pressure;
        doctor: observes [patient.cvp] is vein;
        doctor: observes [patient.expco2] is gas;
        doctor: knows(failure);
        return doctor[Pr[patient.lvfailure == failure]];
    }
}
