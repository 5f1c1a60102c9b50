//! The Sally–Anne test of false belief.

use memo::prelude::*;

/// Where the marble is.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Place {
    Box,
    Basket,
}

/// What Anne does with it.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Action {
    Stay,
    Move,
}

/// What Sally sees of it.
#[derive(Clone, Copy, Debug, PartialEq, Domain)]
pub enum Sight {
    Nothing,
    Stay,
    Move,
}

/// Where the marble ends up.
pub fn after(place: Place, action: Action) -> Place {
    match (place, action) {
        (place, Action::Stay) => place,
        (Place::Box, Action::Move) => Place::Basket,
        (Place::Basket, Action::Move) => Place::Box,
    }
}

/// Whether Sally may see this when Anne does that.
pub fn may_show(sight: Sight, action: Action) -> bool {
    match sight {
        Sight::Nothing => true,
        Sight::Stay => action == Action::Stay,
        Sight::Move => action == Action::Move,
    }
}

/// Where a child thinks that Sally will look.
#[memo]
pub fn model<start: Place, sight: Sight, look: Place>() {
    model! {
        child: knows(start, sight, look);
        child: thinks[
            sally: knows(start),
            sally: thinks[
                anne: knows(start),
                anne: chooses(a in Action, wpp = 0.01 if a == Action::Move else 0.99),
                anne: chooses(end in Place, to_be = after(start, a)),
                anne: chooses(o in Sight, such_that = may_show(o, a)),
            ],
            sally: observes [anne.o] is sight,
            sally: chooses(look in Place, wpp = Pr[anne.end == look])
        ];
        return child[ Pr[sally.look == look] ];
    }
}
