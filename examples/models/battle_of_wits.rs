//! The battle of wits: which cup does Vizzini take, thinking about Westley
//! thinking about Vizzini?

use memo::prelude::*;

/// The cups.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Cup {
    NearVizzini,
    NearWestley,
}

/// Vizzini's cup.
#[memo]
pub fn vizzini_pick<cup: Cup>(level: i64) {
    model! {
        vizzini: wants(survive = my_cup != westley.poison);

        vizzini: thinks[
            westley: wants(kill = vizzini.my_cup == poison),
            westley: chooses(poison in Cup, to_maximize = EU[kill]),
            westley: thinks[
                vizzini: chooses(my_cup in Cup, wpp =
                    vizzini_pick[my_cup](level - 1) if level > 0 else my_cup == Cup::NearVizzini)
            ]
        ];
        vizzini: chooses(my_cup in Cup, to_maximize = EU[survive]);
        return Pr[vizzini.my_cup == cup];
    }
}
