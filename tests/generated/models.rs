// Written by `memo-compiler/tests/generated.rs`: random models and the answers of
// the oracle.

#[memo]
fn model_0<_x0: A2, _x1: A2>(p: f64) { model! {
    alice: knows(_x0);
    alice: snapshots_self_as(past_1);
    bob: chooses(v2 in A2, wpp = exp(p * v2 * 1));
    return Pr[bob.v2 == _x1];
} }

#[memo]
fn model_1<_x0: A2, _x1: A3, _x2: A2>(p: f64) { model! {
    bob: chooses(v1 in A3, v2 in A4, wpp = 0.125 + abs(v1 - E[(v2 + v1)]));
    alice: knows(bob.v2);
    alice: snapshots_self_as(past_3);
    return KL[bob.v2 | bob.v2];
} }

#[memo]
fn model_2<_x0: A3>(p: f64) { model! {
    alice: thinks[ alice: chooses(v1 in A2, wpp = exp(p * v1 * 3)) ];
    alice: chooses(v2 in A2, wpp = 1 + (v2 * 2 + v2) % 3);
    alice: chooses(v3 in A2, uniformly);
    return Pr[(alice.v3 < _x0) == 1, (if _x0 > 0 { _x0 } else { 1 }) >= 1];
    return 6;
} }

#[memo]
fn model_3<_x0: A2>(p: f64) { model! {
    carol: chooses(v1 in A2, to_maximize = v1 * (v1 - 1));
    carol: chooses(v2 in A2, to_maximize = v2 * (v1 - 1));
    return imagine[ alice: thinks[ bob: chooses(v3 in A3, v4 in A4, wpp = 1 + abs(1) * v3) ], _x0 ];
} }

#[memo]
fn model_4<_x0: A2, _x1: A2, _x2: A3>(p: f64) { model! {
    alice: chooses(v1 in A4, uniformly);
    bob: snapshots_self_as(past_2);
    alice: chooses(v3 in A4, wpp = 1 + abs(6) * v3);
    bob: chooses(v4 in A3, uniformly);
    alice: snapshots_self_as(past_5);
    return H[alice.v3];
    return E[bob[past_2[E[(if 1 > 0 { 1 } else { 1 })]]] + 0 * alice.v3];
} }

#[memo]
fn model_5<_x0: A3, _x1: A2>(p: f64) { model! {
    bob: chooses(v1 in A2, wpp = v1 == v1);
    return Pr[bob.v1 == _x1];
} }

#[memo]
fn model_6<_x0: A2>(p: f64) { model! {
    alice: wants(g1 = (1 < 1) * v2 - v3 * v2 + v3 * p);
    alice: chooses(v2 in A2, wpp = exp(EU[g1] * p));
    alice: snapshots_self_as(past_4);
    alice: chooses(v3 in A2, wpp = exp(EU[g1] * p));
    alice: thinks[ alice: knows(v3) ];
    return H[alice.v2];
} }

#[memo]
fn model_7<_x0: A2>(p: f64) { model! {
    alice: chooses(v1 in A4, wpp = exp(p * v1 * 1));
    alice: thinks[ alice: chooses(v2 in A2, wpp = exp(p * v2 * imagine[ bob: wants(g3 = (1 < 1) * v4 - v5 * v4 + v5 * p), bob: chooses(v4 in A2, wpp = 1 + Predict[E[(1 < 1)]] * v4), bob: thinks[ alice: chooses(v6 in A3, wpp = 1 + abs(6) * v6) ], bob: chooses(v5 in A2, wpp = exp(Var[(1 < 1)] + v5 * EU[g3])), E[(if bob.v5 > 0 { bob.v5 } else { 1 })] ])) ];
    alice: chooses(v7 in A4, uniformly);
    alice: thinks[ bob: snapshots_self_as(past_8) ];
    alice: observes_event(wpp = 0.5 + alice.v2);
    alice: knows(_x0);
    return 4;
    return E[(alice._x0 < _x0)];
} }

#[memo]
fn model_8<>(p: f64) { model! {
    bob: thinks[ carol: chooses(v1 in A4, to_maximize = v1 * (v1 - 1)) ];
    carol: chooses(v2 in A2, v3 in A4, to_minimize = abs(v2 - v3));
    alice: chooses(v4 in A2, to_minimize = abs(v4 - v4));
    return 2;
    return 6;
} }

#[memo]
fn model_9<>(p: f64) { model! {
    carol: chooses(v1 in A3, wpp = 1 + (v1 * 2 + v1) % 3);
    alice: snapshots_self_as(past_2);
    return E[(if carol.v1 > 0 { carol.v1 } else { 1 })];
    return Var[(carol.v1 + carol.v1)];
} }

#[memo]
fn model_10<_x0: A3>(p: f64) { model! {
    bob: thinks[ carol: thinks[ alice: chooses(v1 in A4, such_that = v1 <= v1) ] ];
    return bob[4];
} }

#[memo]
fn model_11<_x0: A2, _x1: A2, _x2: A2>(p: f64) { model! {
    carol: chooses(v1 in A2, wpp = 1 + (v1 * 2 + v1) % 3);
    alice: snapshots_self_as(past_2);
    bob: knows(_x0);
    return E[(carol.v1 == _x1)];
} }

#[memo]
fn model_12<_x0: A2, _x1: A3, _x2: A2>(p: f64) { model! {
    bob: chooses(v1 in A4, wpp = 0.125 + abs(v1 - v1));
    carol: thinks[ dave: thinks[ alice: snapshots_self_as(past_2) ] ];
    return Pr[bob.v1 == _x1];
    return Var[_x1];
} }

#[memo]
fn model_13<_x0: A3, _x1: A2, _x2: A2>(p: f64) { model! {
    return 1;
} }

#[memo]
fn model_14<_x0: A2, _x1: A2>(p: f64) { model! {
    dave: chooses(v1 in A2, wpp = 1 + (v1 * 2 + v1) % 3);
    return 4;
    return Pr[(_x0 == _x1) == 1, (_x0 * dave.v1) >= 1];
} }

#[memo]
fn model_15<_x0: A3>(p: f64) { model! {
    bob: chooses(v1 in A2, v2 in A2, wpp = 0.125 + abs(v1 - 1));
    carol: knows(_x0);
    alice: knows(carol._x0);
    bob: chooses(v3 in A2, to_be = v2 % 2);
    return 1;
} }

#[memo]
fn model_16<>(p: f64) { model! {
    alice: thinks[ alice: chooses(v1 in A2, v2 in A2, wpp = 0.125 + abs(v1 - 1)) ];
    alice: observes_that [alice.v1 <= (alice.v1 == alice.v2)];
    alice: chooses(v3 in A2, to_be = v3 % 2);
    alice: observes_that [alice.v1 <= (alice.v2 * v3)];
    return E[alice[Var[(alice.v2 == alice.v2)]] + 0 * alice.v3];
} }

#[memo]
fn model_17<>(p: f64) { model! {
    bob: snapshots_self_as(past_1);
    bob: snapshots_self_as(past_2);
    return 3;
    return Pr[(1 * 1) == 1, (1 == 1) >= 1];
} }

#[memo]
fn model_18<>(p: f64) { model! {
    return imagine[ carol: chooses(v1 in A3, wpp = exp(p * v1 * E[(v1 < v1)])), Var[(carol.v1 == carol.v1)] ];
} }

#[memo]
fn model_19<>(p: f64) { model! {
    alice: wants(g1 = (1 == 1) * v2 - v3 * v2 + v3 * p);
    alice: chooses(v2 in A2, wpp = exp(EU[g1] * p));
    alice: thinks[ alice: knows(v2) ];
    alice: chooses(v3 in A2, wpp = exp(EU[g1] * p));
    return 1;
    return E[(alice.v3 + alice.v3)];
} }

#[memo]
fn model_20<_x0: A3>(p: f64) { model! {
    alice: chooses(v1 in A4, to_be = v1 % 4);
    carol: knows(alice.v1);
    carol: thinks[ alice: chooses(v2 in A3, wpp = v2 == v1) ];
    return _x0;
    return Var[(alice.v1 * _x0)];
} }

#[memo]
fn model_21<>(p: f64) { model! {
    bob: wants(g1 = (1 + 1) * v2 - v3 * v2 + v3 * p);
    bob: chooses(v2 in A2, wpp = 1 + Predict[E[(1 + 1)]] * v2);
    bob: chooses(v3 in A2, wpp = exp(Var[(1 + 1)] + v3 * EU[g1]));
    alice: chooses(v4 in A2, wpp = 1 + abs(imagine[ bob: knows(v4), E[(v4 * bob.v4)] ]) * v4);
    return E[bob[1] + 0 * alice.v4];
    return E[(alice.v4 + bob.v3)];
} }

#[memo]
fn model_22<_x0: A2, _x1: A2>(p: f64) { model! {
    dave: chooses(v1 in A2, wpp = 1 + abs(1) * v1);
    carol: snapshots_self_as(past_2);
    return 4;
} }

#[memo]
fn model_23<>(p: f64) { model! {
    alice: snapshots_self_as(past_1);
    alice: chooses(v2 in A4, wpp = 0.125 + abs(v2 - 1));
    return 1;
    return imagine[ alice: chooses(v3 in A2, v4 in A4, uniformly), H[alice.v3, alice.v2] ];
} }

#[memo]
fn model_24<_x0: A2, _x1: A2>(p: f64) { model! {
    bob: snapshots_self_as(past_1);
    return E[(_x0 + _x0)];
} }

#[memo]
fn model_25<_x0: A3, _x1: A2, _x2: A2>(p: f64) { model! {
    alice: chooses(v1 in A4, wpp = v1 == v1);
    alice: knows(_x0);
    return Pr[alice.v1 == alice._x0];
    return 4;
} }

#[memo]
fn model_26<_x0: A3, _x1: A3, _x2: A2>(p: f64) { model! {
    alice: snapshots_self_as(past_1);
    bob: chooses(v2 in A4, v3 in A4, wpp = exp(p * v2 * 3));
    dave: chooses(v4 in A2, to_minimize = abs(v4 - v4));
    return KL[dave.v4 | dave.v4];
    return H[bob.v3, dave.v4];
} }

#[memo]
fn model_27<_x0: A3>(p: f64) { model! {
    bob: knows(_x0);
    return 5;
    return 1;
} }

#[memo]
fn model_28<_x0: A2, _x1: A3>(p: f64) { model! {
    dave: chooses(v1 in A4, wpp = 1 + abs(5) * v1);
    carol: chooses(v2 in A4, uniformly);
    carol: thinks[ carol: knows(v2) ];
    return E[dave[4] + 0 * dave.v1];
    return E[carol[E[(v2 == v2)]] + 0 * carol.v2];
} }

#[memo]
fn model_29<_x0: A3, _x1: A2, _x2: A2>(p: f64) { model! {
    alice: wants(g1 = (if 1 > 0 { 1 } else { 1 }) * v2 - v3 * v2 + v3 * p);
    alice: chooses(v2 in A2, wpp = 1 + Predict[E[(if 1 > 0 { 1 } else { 1 })]] * v2);
    alice: chooses(v3 in A2, wpp = exp(EU[g1] * p));
    alice: snapshots_self_as(past_4);
    alice: chooses(v5 in A4, wpp = 1 + (v5 * 2 + past_4.v2) % 3);
    return E[(_x2 * _x1)];
} }

#[memo]
fn model_30<_x0: A3, _x1: A3, _x2: A3>(p: f64) { model! {
    return E[(_x2 == _x1)];
} }

#[memo]
fn model_31<_x0: A2, _x1: A2, _x2: A3>(p: f64) { model! {
    carol: snapshots_self_as(past_1);
    bob: chooses(v2 in A3, wpp = v2 == v2);
    alice: snapshots_self_as(past_3);
    return Pr[bob.v2 == _x0];
} }

#[memo]
fn model_32<_x0: A3>(p: f64) { model! {
    carol: chooses(v1 in A3, wpp = v1 == v1);
    alice: chooses(v2 in A3, such_that = v2 <= v2);
    alice: chooses(v3 in A4, wpp = v3 == v2);
    return Var[carol.v1];
} }

#[memo]
fn model_33<_x0: A3, _x1: A3, _x2: A2>(p: f64) { model! {
    bob: chooses(v1 in A4, to_be = v1 % 4);
    bob: snapshots_self_as(past_2);
    return Pr[bob.v1 == _x2];
} }

#[memo]
fn model_34<>(p: f64) { model! {
    alice: wants(g1 = (1 + 1) * v2 - v3 * v2 + v3 * p);
    alice: chooses(v2 in A2, wpp = exp(EU[g1] * p));
    alice: chooses(v3 in A2, wpp = exp(EU[g1] * p));
    carol: chooses(v4 in A2, wpp = 1 + abs(6) * v4);
    return E[(carol.v4 + alice.v2)];
    return E[(carol.v4 + alice.v2)];
} }

#[memo]
fn model_35<_x0: A3, _x1: A2>(p: f64) { model! {
    carol: snapshots_self_as(past_1);
    return 3;
} }

#[memo]
fn model_36<_x0: A2, _x1: A3>(p: f64) { model! {
    alice: wants(g1 = (1 < 1) * v2 - v3 * v2 + v3 * p);
    alice: chooses(v2 in A2, wpp = exp(Var[(1 < 1)] + v2 * EU[g1]));
    alice: chooses(v3 in A2, wpp = exp(Var[(1 < 1)] + v3 * EU[g1]));
    alice: thinks[ alice: chooses(v4 in A2, wpp = 1 + abs(6) * v4) ];
    alice: observes [alice.v4] is alice.v3;
    alice: thinks[ alice: thinks[ alice: chooses(v5 in A2, uniformly) ] ];
    return E[alice[EU[g1]] + 0 * alice.v3];
    return _x0;
} }

#[memo]
fn model_37<>(p: f64) { model! {
    bob: thinks[ bob: chooses(v1 in A3, wpp = exp(p * v1 * E[(v1 + v1)])) ];
    bob: chooses(v2 in A4, v3 in A3, uniformly);
    bob: observes [bob.v1] is bob.v3;
    return H[bob.v2];
} }

#[memo]
fn model_38<_x0: A3, _x1: A3>(p: f64) { model! {
    alice: chooses(v1 in A3, such_that = v1 <= v1);
    return _x0;
    return KL[alice.v1 | alice.v1];
} }

#[memo]
fn model_39<_x0: A3>(p: f64) { model! {
    bob: knows(_x0);
    return bob._x0;
    return 1;
} }

#[memo]
fn model_40<_x0: A3>(p: f64) { model! {
    alice: wants(g1 = 1 * v2 - v3 * v2 + v3 * p);
    alice: chooses(v2 in A2, wpp = exp(Var[1] + v2 * EU[g1]));
    alice: chooses(v3 in A2, wpp = 1 + Predict[E[1]] * v3);
    bob: chooses(v4 in A2, wpp = 1 + (v4 * 2 + v4) % 3);
    return 1;
} }

#[memo]
fn model_41<_x0: A3, _x1: A2>(p: f64) { model! {
    carol: snapshots_self_as(past_1);
    carol: knows(_x0);
    bob: chooses(v2 in A4, wpp = 0.125 + abs(v2 - 1));
    return 4;
    return 1;
} }

#[memo]
fn model_42<_x0: A2, _x1: A2, _x2: A3>(p: f64) { model! {
    alice: chooses(v1 in A4, v2 in A2, such_that = v1 <= v2);
    alice: chooses(v3 in A2, to_minimize = abs(v3 - v2));
    return KL[alice.v2 | alice.v3];
} }

#[memo]
fn model_43<_x0: A2, _x1: A2, _x2: A2>(p: f64) { model! {
    alice: snapshots_self_as(past_1);
    alice: thinks[ alice: snapshots_self_as(past_2) ];
    return alice[Pr[(1 == 1) == 1, (1 < 1) >= 1]];
    return Var[_x0];
} }

#[memo]
fn model_44<_x0: A3, _x1: A3>(p: f64) { model! {
    carol: snapshots_self_as(past_1);
    carol: thinks[ bob: snapshots_self_as(past_2) ];
    alice: thinks[ carol: chooses(v3 in A4, wpp = 1 + (v3 * 2 + v3) % 3) ];
    return E[_x1];
    return E[(_x0 < _x1)];
} }

#[memo]
fn model_45<_x0: A2, _x1: A2>(p: f64) { model! {
    alice: chooses(v1 in A4, uniformly);
    alice: thinks[ carol: chooses(v2 in A3, to_be = v2 % 3) ];
    return KL[alice.v1 | alice.v1];
    return imagine[ bob: chooses(v3 in A2, wpp = 1 + (v3 * 2 + v3) % 3), Pr[_x0 == 1, (alice.v1 * _x0) >= 1] ];
} }

#[memo]
fn model_46<_x0: A2>(p: f64) { model! {
    bob: thinks[ bob: chooses(v1 in A3, to_minimize = abs(v1 - v1)) ];
    return _x0;
} }

#[memo]
fn model_47<_x0: A2, _x1: A3>(p: f64) { model! {
    alice: chooses(v1 in A3, wpp = 1 + (v1 * 2 + v1) % 3);
    alice: wants(g4 = (v1 < v1) * v5 - v6 * v5 + v6 * p);
    alice: chooses(v5 in A2, wpp = exp(EU[g4] * p));
    alice: snapshots_self_as(past_7);
    alice: chooses(v6 in A2, wpp = exp(EU[g4] * p));
    alice: chooses(v8 in A2, wpp = exp(p * v8 * v8));
    alice: snapshots_self_as(past_9);
    alice: chooses(v10 in A2, wpp = exp(p * v10 * 7));
    alice: thinks[ past_7: thinks[ alice: knows(v5) ] ];
    return H[alice.v8];
} }

#[memo]
fn model_48<>(p: f64) { model! {
    alice: wants(g1 = (1 + 1) * v2 - v3 * v2 + v3 * p);
    alice: chooses(v2 in A2, wpp = 1 + Predict[E[(1 + 1)]] * v2);
    alice: chooses(v3 in A2, wpp = exp(EU[g1] * p));
    return Pr[(if alice.v3 > 0 { alice.v2 } else { 1 }) == 1, (alice.v3 * alice.v2) >= 1];
} }

#[memo]
fn model_49<_x0: A3>(p: f64) { model! {
    alice: chooses(v1 in A3, wpp = 1 + abs(E[(if v1 > 0 { v1 } else { 1 })]) * v1);
    alice: chooses(v2 in A4, v3 in A2, wpp = 1 + (v2 * 2 + v2) % 3);
    alice: chooses(v4 in A2, to_maximize = v4 * (v3 - 1));
    alice: thinks[ alice: chooses(v5 in A3, wpp = 0.125 + abs(v5 - 1)) ];
    return 6;
    return Pr[alice.v3 == _x0];
} }

#[memo]
fn model_50<_x0: A3>(p: f64) { model! {
    bob: chooses(v1 in A4, v2 in A3, uniformly);
    alice: chooses(v3 in A3, wpp = 1 + abs(E[(if v3 > 0 { v3 } else { 1 })]) * v3);
    alice: thinks[ alice: wants(g4 = (if 1 > 0 { 1 } else { 1 }) * v5 - v6 * v5 + v6 * p) ];
    alice: thinks[ alice: chooses(v5 in A2, wpp = 1 + Predict[E[(if 1 > 0 { 1 } else { 1 })]] * v5) ];
    alice: thinks[ alice: chooses(v6 in A2, wpp = exp(Var[(if 1 > 0 { 1 } else { 1 })] + v6 * EU[g4])) ];
    return Pr[bob.v2 == 1, (bob.v1 + _x0) >= 1];
    return Pr[(_x0 + bob.v2) == 1, (if alice.v3 > 0 { _x0 } else { 1 }) >= 1];
} }

#[memo]
fn model_51<_x0: A2, _x1: A3>(p: f64) { model! {
    alice: knows(_x1);
    alice: chooses(v1 in A2, wpp = exp(p * v1 * 5));
    alice: chooses(v2 in A2, v3 in A2, such_that = v2 <= _x1);
    return 6;
    return H[alice.v3];
} }

#[memo]
fn model_52<_x0: A2, _x1: A3, _x2: A3>(p: f64) { model! {
    alice: chooses(v1 in A2, wpp = v1 == v1);
    alice: snapshots_self_as(past_2);
    alice: knows(_x0);
    alice: chooses(v3 in A3, wpp = exp(p * v3 * Var[(v3 + v3)]));
    alice: chooses(v4 in A4, uniformly);
    return _x1;
} }

#[memo]
fn model_53<_x0: A3, _x1: A2>(p: f64) { model! {
    bob: chooses(v1 in A3, wpp = 0.125 + abs(v1 - E[v1]));
    carol: chooses(v2 in A4, wpp = v2 == v2);
    return Pr[carol.v2 == _x1];
    return Pr[(bob.v1 + _x0) == 1, (bob.v1 * carol.v2) >= 1];
} }

#[memo]
fn model_54<>(p: f64) { model! {
    alice: chooses(v1 in A4, uniformly);
    bob: chooses(v2 in A4, v3 in A3, wpp = 1 + (v2 * 2 + v2) % 3);
    return E[bob[E[(v2 == v2)]] + 0 * bob.v2];
    return 6;
} }

#[memo]
fn model_55<_x0: A3, _x1: A3>(p: f64) { model! {
    bob: chooses(v1 in A3, wpp = v1 == v1);
    alice: snapshots_self_as(past_2);
    bob: chooses(v3 in A2, wpp = 0.125 + abs(v3 - Pr[(v1 < v3) == 1, (v1 == v1) >= 1]));
    bob: chooses(v4 in A3, such_that = v4 <= v4);
    bob: chooses(v5 in A2, to_minimize = abs(v5 - v5));
    return Pr[bob.v5 == _x0];
} }

#[memo]
fn model_56<>(p: f64) { model! {
    bob: thinks[ bob: chooses(v1 in A2, uniformly) ];
    return E[(1 * 1)];
} }

#[memo]
fn model_57<>(p: f64) { model! {
    bob: chooses(v1 in A3, wpp = v1 == v1);
    return 6;
} }

#[memo]
fn model_58<>(p: f64) { model! {
    carol: chooses(v1 in A4, to_maximize = v1 * (v1 - 1));
    bob: knows(carol.v1);
    alice: thinks[ bob: snapshots_self_as(past_2) ];
    return E[alice[1] + 0 * carol.v1];
    return E[(carol.v1 + carol.v1)];
} }

#[memo]
fn model_59<_x0: A2, _x1: A3, _x2: A2>(p: f64) { model! {
    bob: snapshots_self_as(past_1);
    return _x1;
} }

#[memo]
fn model_60<_x0: A2, _x1: A3>(p: f64) { model! {
    carol: chooses(v1 in A3, wpp = exp(p * v1 * 6));
    carol: knows(_x0);
    return E[carol._x0];
} }

#[memo]
fn model_61<_x0: A3, _x1: A2>(p: f64) { model! {
    bob: thinks[ alice: chooses(v1 in A2, v2 in A4, to_minimize = abs(v1 - v1)) ];
    bob: chooses(v3 in A3, uniformly);
    return E[(_x1 < bob.v3)];
} }

#[memo]
fn model_62<_x0: A3, _x1: A2>(p: f64) { model! {
    alice: snapshots_self_as(past_1);
    return Var[_x0];
} }

#[memo]
fn model_63<_x0: A2, _x1: A2>(p: f64) { model! {
    alice: thinks[ bob: thinks[ alice: chooses(v1 in A3, wpp = v1 == v1) ] ];
    dave: thinks[ alice: thinks[ bob: chooses(v2 in A3, wpp = 1 + (v2 * 2 + v2) % 3) ] ];
    return 1;
    return Var[(_x1 * _x1)];
} }

#[memo]
fn model_64<>(p: f64) { model! {
    alice: chooses(v1 in A4, wpp = 1 + (v1 * 2 + v1) % 3);
    alice: thinks[ alice: chooses(v2 in A4, wpp = exp(p * v2 * v2)) ];
    alice: thinks[ alice: chooses(v3 in A4, wpp = 1 + abs(Var[(v3 * v3)]) * v3) ];
    return 6;
} }

#[memo]
fn model_65<_x0: A2, _x1: A3, _x2: A3>(p: f64) { model! {
    alice: chooses(v1 in A4, wpp = 1 + abs(1) * v1);
    alice: knows(_x1);
    alice: chooses(v2 in A2, wpp = exp(p * v2 * Pr[(v1 < _x1) == 1, (v1 == v2) >= 1]));
    return 1;
} }

#[memo]
fn model_66<_x0: A3>(p: f64) { model! {
    bob: wants(g1 = (1 == 1) * v2 - v3 * v2 + v3 * p);
    bob: chooses(v2 in A2, wpp = exp(EU[g1] * p));
    bob: thinks[ bob: chooses(v4 in A4, v5 in A3, wpp = exp(p * v4 * 1)) ];
    bob: chooses(v3 in A2, wpp = exp(EU[g1] * p));
    bob: chooses(v6 in A2, wpp = exp(p * v6 * Pr[(bob.v4 + bob.v4) == 1, (bob.v4 * v3) >= 1]));
    alice: chooses(v7 in A4, uniformly);
    bob: observes [bob.v5] is _x0;
    return H[bob.v3, bob.v6];
} }

#[memo]
fn model_67<>(p: f64) { model! {
    alice: thinks[ alice: snapshots_self_as(past_1) ];
    carol: chooses(v2 in A2, wpp = 0.125 + abs(v2 - 3));
    carol: chooses(v3 in A4, wpp = 1 + abs(6) * v3);
    return KL[carol.v2 | carol.v2];
    return E[(carol.v3 * carol.v2)];
} }

#[memo]
fn model_68<_x0: A2>(p: f64) { model! {
    carol: thinks[ carol: thinks[ bob: chooses(v1 in A3, v2 in A3, wpp = 1 + (v1 * 2 + v1) % 3) ] ];
    carol: chooses(v3 in A4, to_be = v3 % 4);
    return _x0;
    return E[carol[E[v3]] + 0 * carol.v3];
} }

#[memo]
fn model_69<_x0: A2, _x1: A2, _x2: A2>(p: f64) { model! {
    bob: chooses(v1 in A2, to_be = v1 % 2);
    return E[bob[Var[(v1 * v1)]] + 0 * bob.v1];
} }

#[memo]
fn model_70<_x0: A2>(p: f64) { model! {
    alice: knows(_x0);
    alice: chooses(v1 in A4, such_that = v1 <= _x0);
    carol: chooses(v2 in A2, wpp = v2 == v2);
    carol: thinks[ carol: chooses(v3 in A4, wpp = 0.125 + abs(v3 - v3)) ];
    return E[(alice.v1 < alice.v1)];
    return KL[alice.v1 | alice.v1];
} }

#[memo]
fn model_71<>(p: f64) { model! {
    alice: chooses(v1 in A4, to_maximize = v1 * (v1 - 1));
    alice: chooses(v2 in A3, wpp = 1 + (v2 * 2 + v1) % 3);
    alice: snapshots_self_as(past_3);
    return H[alice.v1];
    return Pr[(if alice.v1 > 0 { alice.v2 } else { 1 }) == 1, (alice.v2 + alice.v2) >= 1];
} }

#[memo]
fn model_72<>(p: f64) { model! {
    alice: wants(g1 = (1 == 1) * v2 - v3 * v2 + v3 * p);
    alice: chooses(v2 in A2, wpp = exp(EU[g1] * p));
    alice: chooses(v3 in A2, wpp = 1 + Predict[E[(1 == 1)]] * v3);
    bob: chooses(v4 in A2, wpp = exp(p * v4 * E[(v4 == v4)]));
    alice: snapshots_self_as(past_5);
    return H[bob.v4, alice.v2];
    return 6;
} }

#[memo]
fn model_73<_x0: A2, _x1: A3>(p: f64) { model! {
    bob: knows(_x0);
    alice: knows(_x0);
    alice: thinks[ bob: chooses(v1 in A4, wpp = 1 + abs(1) * v1) ];
    return 3;
    return E[(alice._x0 * alice._x0)];
} }

#[memo]
fn model_74<_x0: A2>(p: f64) { model! {
    alice: chooses(v1 in A2, v2 in A3, uniformly);
    alice: forgets_about(v1);
    alice: chooses(v4 in A3, wpp = 1 + abs(3) * v4);
    return Pr[alice.v2 == _x0];
    return H[alice.v4];
} }

#[memo]
fn model_75<_x0: A3>(p: f64) { model! {
    alice: thinks[ alice: chooses(v1 in A3, wpp = 0.125 + abs(v1 - v1)) ];
    alice: chooses(v2 in A4, to_minimize = abs(v2 - v2));
    alice: observes [alice.v1] is _x0;
    alice: chooses(v3 in A4, to_minimize = abs(v3 - alice.v1));
    return 6;
    return imagine[ alice: thinks[ alice: chooses(v4 in A4, such_that = v4 <= v4) ], _x0 ];
} }

#[memo]
fn model_76<>(p: f64) { model! {
    dave: thinks[ alice: chooses(v1 in A4, wpp = exp(p * v1 * 1)) ];
    dave: thinks[ dave: snapshots_self_as(past_2) ];
    return 4;
    return Var[(if 1 > 0 { 1 } else { 1 })];
} }

#[memo]
fn model_77<>(p: f64) { model! {
    carol: chooses(v1 in A2, wpp = 1 + abs(v1) * v1);
    dave: thinks[ bob: snapshots_self_as(past_2) ];
    return E[dave[E[(1 < 1)]] + 0 * carol.v1];
} }

#[memo]
fn model_78<_x0: A2, _x1: A2, _x2: A3>(p: f64) { model! {
    carol: chooses(v1 in A2, wpp = exp(p * v1 * 1));
    alice: snapshots_self_as(past_2);
    return Var[_x1];
    return _x1;
} }

#[memo]
fn model_79<_x0: A2, _x1: A3>(p: f64) { model! {
    alice: knows(_x1);
    alice: chooses(v1 in A4, v2 in A2, wpp = exp(p * v1 * Var[(v1 == v2)]));
    return E[(if _x1 > 0 { alice.v2 } else { 1 })];
} }

#[memo]
fn model_80<>(p: f64) { model! {
    alice: chooses(v1 in A3, v2 in A3, uniformly);
    alice: chooses(v3 in A4, wpp = 1 + (v3 * 2 + v2) % 3);
    return H[alice.v3, alice.v2];
    return H[alice.v1, alice.v2];
} }

#[memo]
fn model_81<_x0: A2>(p: f64) { model! {
    alice: wants(g1 = (1 + 1) * v2 - v3 * v2 + v3 * p);
    alice: chooses(v2 in A2, wpp = exp(EU[g1] * p));
    alice: snapshots_self_as(past_4);
    alice: chooses(v3 in A2, wpp = exp(Var[(1 + 1)] + v3 * EU[g1]));
    alice: thinks[ past_4: chooses(v5 in A3, wpp = 1 + (v5 * 2 + v5) % 3) ];
    return Var[_x0];
    return 1;
} }

#[memo]
fn model_82<_x0: A2>(p: f64) { model! {
    dave: chooses(v1 in A4, to_minimize = abs(v1 - v1));
    bob: chooses(v2 in A4, to_minimize = abs(v2 - v2));
    carol: knows(_x0);
    dave: chooses(v3 in A4, to_minimize = abs(v3 - v1));
    return KL[dave.v3 | dave.v3];
} }

#[memo]
fn model_83<_x0: A3, _x1: A3, _x2: A2>(p: f64) { model! {
    carol: chooses(v1 in A2, uniformly);
    carol: chooses(v2 in A2, wpp = exp(p * v2 * 1));
    return Var[_x0];
    return Pr[carol.v2 == _x2];
} }

#[memo]
fn model_84<_x0: A3, _x1: A3>(p: f64) { model! {
    bob: snapshots_self_as(past_1);
    bob: chooses(v2 in A4, to_maximize = v2 * (v2 - 1));
    bob: snapshots_self_as(past_3);
    alice: thinks[ alice: snapshots_self_as(past_4) ];
    carol: snapshots_self_as(past_5);
    return _x0;
    return 1;
} }

#[memo]
fn model_85<_x0: A3>(p: f64) { model! {
    alice: chooses(v1 in A4, to_maximize = v1 * (v1 - 1));
    alice: knows(_x0);
    alice: thinks[ alice: snapshots_self_as(past_2) ];
    return Pr[(alice.v1 + _x0) == 1, (alice.v1 < _x0) >= 1];
} }

#[memo]
fn model_86<_x0: A3, _x1: A2, _x2: A2>(p: f64) { model! {
    carol: thinks[ alice: chooses(v1 in A3, v2 in A4, wpp = v1 == v1) ];
    return 6;
    return E[_x1];
} }

#[memo]
fn model_87<>(p: f64) { model! {
    alice: chooses(v1 in A2, wpp = v1 == v1);
    return 6;
    return 2;
} }

#[memo]
fn model_88<_x0: A2, _x1: A2>(p: f64) { model! {
    alice: chooses(v1 in A2, v2 in A3, uniformly);
    alice: thinks[ alice: chooses(v3 in A3, wpp = 1 + (v3 * 2 + v3) % 3) ];
    alice: chooses(v4 in A2, wpp = v4 == v1);
    alice: knows(_x1);
    return 4;
} }

#[memo]
fn model_89<_x0: A2, _x1: A3>(p: f64) { model! {
    bob: knows(_x1);
    alice: chooses(v1 in A4, to_be = v1 % 4);
    return Pr[alice.v1 == bob._x1];
    return E[bob[Var[(if _x1 > 0 { _x1 } else { 1 })]] + 0 * alice.v1];
} }

#[memo]
fn model_90<>(p: f64) { model! {
    alice: thinks[ alice: wants(g1 = (1 < 1) * v2 - v3 * v2 + v3 * p) ];
    alice: thinks[ alice: chooses(v2 in A2, wpp = exp(Var[(1 < 1)] + v2 * EU[g1])) ];
    alice: thinks[ alice: snapshots_self_as(past_4) ];
    alice: thinks[ alice: chooses(v3 in A2, wpp = exp(Var[(1 < 1)] + v3 * EU[g1])) ];
    alice: thinks[ alice: thinks[ alice: chooses(v5 in A2, wpp = exp(p * v5 * imagine[ alice: chooses(v6 in A4, wpp = 1 + abs(E[(if v6 > 0 { v6 } else { 1 })]) * v6), E[(if alice.v6 > 0 { alice.v6 } else { 1 })] ])) ] ];
    alice: chooses(v7 in A4, wpp = exp(p * v7 * v7));
    alice: snapshots_self_as(past_8);
    return H[alice.v7];
    return 4;
} }

#[memo]
fn model_91<>(p: f64) { model! {
    bob: chooses(v1 in A2, wpp = exp(p * v1 * E[(v1 == v1)]));
    alice: knows(bob.v1);
    return Var[bob.v1];
} }

#[memo]
fn model_92<>(p: f64) { model! {
    bob: chooses(v1 in A3, wpp = 1 + (v1 * 2 + v1) % 3);
    bob: thinks[ alice: chooses(v2 in A4, wpp = exp(p * v2 * E[(v2 == v2)])) ];
    bob: chooses(v3 in A2, wpp = 1 + (v3 * 2 + v3) % 3);
    return KL[bob.v3 | bob.v3];
    return 6;
} }

#[memo]
fn model_93<_x0: A3, _x1: A2>(p: f64) { model! {
    alice: knows(_x1);
    bob: chooses(v1 in A2, v2 in A3, wpp = 1 + (v1 * 2 + v1) % 3);
    alice: wants(g3 = (if _x1 > 0 { _x1 } else { 1 }) * v4 - v5 * v4 + v5 * p);
    alice: chooses(v4 in A2, wpp = 1 + Predict[E[(if _x1 > 0 { _x1 } else { 1 })]] * v4);
    alice: thinks[ alice: chooses(v6 in A3, uniformly) ];
    alice: snapshots_self_as(past_7);
    alice: chooses(v5 in A2, wpp = exp(Var[(if _x1 > 0 { _x1 } else { 1 })] + v5 * EU[g3]));
    return Var[(bob.v1 + alice.v4)];
    return H[alice.v5];
} }

#[memo]
fn model_94<_x0: A2, _x1: A3, _x2: A3>(p: f64) { model! {
    alice: chooses(v1 in A3, wpp = 1 + (v1 * 2 + v1) % 3);
    carol: chooses(v2 in A3, wpp = exp(p * v2 * 4));
    alice: snapshots_self_as(past_3);
    carol: chooses(v4 in A3, wpp = exp(p * v4 * 1));
    carol: thinks[ carol: wants(g5 = (1 < 1) * v6 - v7 * v6 + v7 * p) ];
    carol: thinks[ carol: chooses(v6 in A2, wpp = 1 + Predict[E[(1 < 1)]] * v6) ];
    carol: thinks[ carol: chooses(v7 in A2, wpp = exp(EU[g5] * p)) ];
    carol: observes [carol.v7] is _x0;
    return E[carol[1] + 0 * carol.v4];
} }

#[memo]
fn model_95<>(p: f64) { model! {
    return 6;
} }

#[memo]
fn model_96<_x0: A2, _x1: A3>(p: f64) { model! {
    alice: thinks[ alice: chooses(v1 in A4, v2 in A2, wpp = v1 == v1) ];
    bob: chooses(v3 in A3, wpp = 1 + abs(6) * v3);
    return H[bob.v3];
} }

#[memo]
fn model_97<>(p: f64) { model! {
    alice: chooses(v1 in A2, wpp = exp(p * v1 * 1));
    bob: wants(g2 = (1 == 1) * v3 - v4 * v3 + v4 * p);
    bob: chooses(v3 in A2, wpp = 1 + Predict[E[(1 == 1)]] * v3);
    bob: chooses(v4 in A2, wpp = exp(Var[(1 == 1)] + v4 * EU[g2]));
    return E[bob.v4];
} }

#[memo]
fn model_98<_x0: A3, _x1: A3, _x2: A2>(p: f64) { model! {
    alice: chooses(v1 in A3, v2 in A2, uniformly);
    alice: knows(_x0);
    return Pr[(alice.v2 < _x0) == 1, alice.v2 >= 1];
} }

#[memo]
fn model_99<_x0: A3, _x1: A3>(p: f64) { model! {
    alice: knows(_x1);
    dave: chooses(v1 in A4, uniformly);
    alice: chooses(v2 in A2, to_maximize = v2 * (v2 - 1));
    return E[(_x0 * _x0)];
} }

#[memo]
fn model_100<_x0: A2, _x1: A2>(p: f64) { model! {
    carol: chooses(v1 in A4, to_maximize = v1 * (v1 - 1));
    return 1;
} }

#[memo]
fn model_101<_x0: A2, _x1: A3>(p: f64) { model! {
    alice: thinks[ bob: chooses(v1 in A4, v2 in A2, wpp = 1 + (v1 * 2 + v2) % 3) ];
    return 5;
} }

#[memo]
fn model_102<_x0: A2, _x1: A3, _x2: A2>(p: f64) { model! {
    alice: chooses(v1 in A2, wpp = 1 + abs(E[(v1 + v1)]) * v1);
    alice: thinks[ alice: chooses(v2 in A3, wpp = 1 + abs(1) * v2) ];
    alice: thinks[ alice: chooses(v3 in A2, wpp = 1 + (v3 * 2 + v3) % 3) ];
    alice: observes_event(wpp = 0.5 + alice.v3);
    alice: observes_event(wpp = 0.5 + alice.v3);
    alice: thinks[ alice: chooses(v4 in A3, wpp = 1 + (v4 * 2 + v3) % 3) ];
    alice: thinks[ alice: chooses(v5 in A3, wpp = exp(p * v5 * 4)) ];
    return 4;
} }

#[memo]
fn model_103<_x0: A2, _x1: A3>(p: f64) { model! {
    alice: knows(_x1);
    alice: chooses(v1 in A4, wpp = v1 == v1);
    alice: chooses(v2 in A4, wpp = 0.125 + abs(v2 - imagine[ alice: thinks[ alice: chooses(v3 in A3, such_that = v3 <= v3) ], E[(v2 == _x1)] ]));
    alice: chooses(v4 in A2, wpp = 1 + (v4 * 2 + _x1) % 3);
    return KL[alice.v4 | alice.v4];
    return H[alice.v2];
} }

#[memo]
fn model_104<_x0: A3, _x1: A2>(p: f64) { model! {
    dave: chooses(v1 in A4, uniformly);
    return Var[(_x1 == _x1)];
    return H[dave.v1];
} }

#[memo]
fn model_105<_x0: A3>(p: f64) { model! {
    dave: chooses(v1 in A3, v2 in A4, wpp = v1 == v2);
    dave: snapshots_self_as(past_3);
    dave: chooses(v4 in A2, to_maximize = v4 * (v1 - 1));
    return 1;
    return E[dave[4] + 0 * dave.v2];
} }

#[memo]
fn model_106<_x0: A3>(p: f64) { model! {
    alice: snapshots_self_as(past_1);
    carol: thinks[ alice: chooses(v2 in A2, wpp = exp(p * v2 * 3)) ];
    return 1;
    return 5;
} }

#[memo]
fn model_107<>(p: f64) { model! {
    bob: thinks[ bob: wants(g1 = 1 * v2 - v3 * v2 + v3 * p) ];
    bob: thinks[ bob: chooses(v2 in A2, wpp = exp(EU[g1] * p)) ];
    bob: thinks[ bob: snapshots_self_as(past_4) ];
    bob: thinks[ bob: chooses(v3 in A2, wpp = exp(EU[g1] * p)) ];
    carol: thinks[ alice: thinks[ bob: chooses(v5 in A2, wpp = exp(p * v5 * 4)) ] ];
    bob: chooses(v6 in A2, uniformly);
    bob: chooses(v7 in A3, wpp = 1 + (v7 * 2 + v6) % 3);
    return 1;
} }

#[memo]
fn model_108<>(p: f64) { model! {
    return 4;
} }

#[memo]
fn model_109<>(p: f64) { model! {
    bob: chooses(v1 in A2, v2 in A2, wpp = 1 + abs(Pr[(v2 + v1) == 1, v2 >= 1]) * v1);
    bob: forgets_about(v2);
    alice: chooses(v3 in A3, wpp = 0.125 + abs(v3 - 1));
    return E[alice[4] + 0 * bob.v1];
} }

#[memo]
fn model_110<_x0: A3, _x1: A3>(p: f64) { model! {
    alice: chooses(v1 in A2, wpp = 1 + (v1 * 2 + v1) % 3);
    return KL[alice.v1 | alice.v1];
} }

#[memo]
fn model_111<_x0: A2>(p: f64) { model! {
    alice: thinks[ alice: chooses(v1 in A2, to_maximize = v1 * (v1 - 1)) ];
    alice: chooses(v2 in A2, to_maximize = v2 * (v2 - 1));
    alice: knows(_x0);
    alice: chooses(v3 in A3, v4 in A2, uniformly);
    return 6;
    return _x0;
} }

#[memo]
fn model_112<_x0: A2, _x1: A3, _x2: A2>(p: f64) { model! {
    alice: thinks[ carol: thinks[ bob: chooses(v1 in A3, uniformly) ] ];
    bob: chooses(v2 in A4, wpp = 1 + abs(1) * v2);
    bob: thinks[ bob: chooses(v3 in A4, wpp = 1 + abs(Var[(v3 == v3)]) * v3) ];
    alice: snapshots_self_as(past_4);
    bob: chooses(v5 in A2, to_maximize = v5 * (v5 - 1));
    return H[bob.v5];
} }

#[memo]
fn model_113<_x0: A2>(p: f64) { model! {
    carol: knows(_x0);
    dave: chooses(v1 in A2, wpp = v1 == v1);
    alice: thinks[ carol: chooses(v2 in A2, wpp = 0.125 + abs(v2 - Pr[(v2 == v2) == 1, (v2 + v2) >= 1])) ];
    alice: snapshots_self_as(past_3);
    return 1;
} }

#[memo]
fn model_114<>(p: f64) { model! {
    dave: thinks[ dave: chooses(v1 in A4, such_that = v1 <= v1) ];
    alice: chooses(v2 in A4, such_that = v2 <= v2);
    dave: observes [dave.v1] is alice.v2;
    return Var[(alice.v2 == alice.v2)];
    return KL[alice.v2 | alice.v2];
} }

#[memo]
fn model_115<_x0: A3, _x1: A2, _x2: A2>(p: f64) { model! {
    alice: chooses(v1 in A3, to_maximize = v1 * (v1 - 1));
    alice: chooses(v2 in A4, v3 in A3, to_minimize = abs(v2 - v2));
    alice: forgets_about(v3);
    alice: snapshots_self_as(past_4);
    return H[alice.v2];
} }

#[memo]
fn model_116<_x0: A2>(p: f64) { model! {
    alice: snapshots_self_as(past_1);
    bob: chooses(v2 in A3, wpp = exp(p * v2 * 5));
    carol: snapshots_self_as(past_3);
    bob: chooses(v4 in A2, wpp = 1 + (v4 * 2 + v2) % 3);
    dave: snapshots_self_as(past_5);
    bob: chooses(v6 in A2, wpp = exp(p * v6 * 5));
    return Var[bob.v2];
} }

#[memo]
fn model_117<_x0: A2, _x1: A2>(p: f64) { model! {
    alice: chooses(v1 in A3, v2 in A3, wpp = exp(p * v1 * 4));
    alice: chooses(v3 in A4, wpp = 1 + (v3 * 2 + v2) % 3);
    return _x0;
    return Pr[alice.v3 == _x0];
} }

#[memo]
fn model_118<_x0: A3>(p: f64) { model! {
    alice: snapshots_self_as(past_1);
    alice: knows(_x0);
    bob: chooses(v2 in A2, to_maximize = v2 * (v2 - 1));
    return 4;
    return alice._x0;
} }

#[memo]
fn model_119<_x0: A3, _x1: A2, _x2: A2>(p: f64) { model! {
    alice: chooses(v1 in A2, wpp = v1 == v1);
    alice: chooses(v2 in A4, wpp = exp(p * v2 * 5));
    return imagine[ alice: thinks[ bob: snapshots_self_as(past_3) ], Pr[(alice.v1 + _x2) == 1, (if _x2 > 0 { _x1 } else { 1 }) >= 1] ];
} }

#[memo]
fn model_120<_x0: A2, _x1: A3, _x2: A3>(p: f64) { model! {
    alice: chooses(v1 in A4, wpp = exp(p * v1 * 3));
    alice: snapshots_self_as(past_2);
    alice: chooses(v3 in A2, v4 in A2, uniformly);
    alice: thinks[ alice: snapshots_self_as(past_5) ];
    return E[(if _x2 > 0 { alice.v4 } else { 1 })];
} }

#[memo]
fn model_121<>(p: f64) { model! {
    alice: chooses(v1 in A4, wpp = 0.125 + abs(v1 - 5));
    alice: chooses(v2 in A4, v3 in A4, such_that = v2 <= v3);
    return E[(if alice.v2 > 0 { alice.v1 } else { 1 })];
    return H[alice.v1];
} }

#[memo]
fn model_122<>(p: f64) { model! {
    return Var[1];
    return Pr[(1 == 1) == 1, (1 < 1) >= 1];
} }

#[memo]
fn model_123<>(p: f64) { model! {
    bob: chooses(v1 in A2, wpp = exp(p * v1 * Pr[(v1 * v1) == 1, (v1 < v1) >= 1]));
    carol: chooses(v2 in A4, wpp = 1 + abs(3) * v2);
    return H[bob.v1];
} }

#[memo]
fn model_124<_x0: A3, _x1: A2>(p: f64) { model! {
    alice: chooses(v1 in A2, to_maximize = v1 * (v1 - 1));
    return 4;
    return Pr[(_x1 + alice.v1) == 1, (_x0 + alice.v1) >= 1];
} }

#[memo]
fn model_125<_x0: A2, _x1: A2>(p: f64) { model! {
    bob: thinks[ alice: snapshots_self_as(past_1) ];
    return 6;
} }

#[memo]
fn model_126<_x0: A3, _x1: A3>(p: f64) { model! {
    bob: snapshots_self_as(past_1);
    dave: knows(_x0);
    return 6;
} }

#[memo]
fn model_127<_x0: A3, _x1: A3, _x2: A2>(p: f64) { model! {
    bob: chooses(v1 in A3, wpp = 0.125 + abs(v1 - E[v1]));
    alice: snapshots_self_as(past_2);
    alice: chooses(v3 in A2, such_that = v3 <= v3);
    return E[bob[imagine[ bob: chooses(v5 in A2, to_minimize = abs(v5 - v5)), E[(v1 == bob.v5)] ]] + 0 * bob.v1];
    return KL[bob.v1 | bob.v1];
} }

#[memo]
fn model_128<_x0: A2>(p: f64) { model! {
    bob: snapshots_self_as(past_1);
    alice: chooses(v2 in A2, wpp = exp(p * v2 * 4));
    return E[_x0];
    return H[alice.v2];
} }

#[memo]
fn model_129<>(p: f64) { model! {
    bob: chooses(v1 in A4, v2 in A4, wpp = 1 + (v1 * 2 + v1) % 3);
    carol: snapshots_self_as(past_3);
    carol: thinks[ past_3: chooses(v4 in A4, such_that = v4 <= v4) ];
    bob: thinks[ bob: chooses(v5 in A2, wpp = 1 + (v5 * 2 + v5) % 3) ];
    bob: snapshots_self_as(past_6);
    return H[bob.v2, bob.v1];
} }

#[memo]
fn model_130<_x0: A2, _x1: A2, _x2: A2>(p: f64) { model! {
    carol: chooses(v1 in A4, wpp = 1 + (v1 * 2 + v1) % 3);
    bob: chooses(v2 in A3, wpp = 1 + (v2 * 2 + v2) % 3);
    return H[carol.v1, bob.v2];
} }

#[memo]
fn model_131<>(p: f64) { model! {
    alice: chooses(v1 in A2, uniformly);
    alice: thinks[ alice: knows(v1) ];
    return 2;
    return E[(alice.v1 == alice.v1)];
} }

#[memo]
fn model_132<>(p: f64) { model! {
    alice: snapshots_self_as(past_1);
    alice: thinks[ alice: chooses(v2 in A2, v3 in A3, wpp = 1 + (v2 * 2 + v2) % 3) ];
    bob: chooses(v4 in A4, wpp = 1 + (v4 * 2 + v4) % 3);
    return 6;
    return Pr[(if bob.v4 > 0 { bob.v4 } else { 1 }) == 1, (bob.v4 == bob.v4) >= 1];
} }

#[memo]
fn model_133<>(p: f64) { model! {
    alice: chooses(v1 in A2, wpp = 0.125 + abs(v1 - 5));
    alice: thinks[ alice: chooses(v2 in A4, to_be = v2 % 4) ];
    alice: chooses(v3 in A3, v4 in A2, wpp = exp(p * v3 * E[(v4 * v3)]));
    return 6;
    return 2;
} }

#[memo]
fn model_134<_x0: A3, _x1: A3>(p: f64) { model! {
    alice: chooses(v1 in A4, wpp = 0.125 + abs(v1 - 1));
    carol: snapshots_self_as(past_2);
    return Pr[(_x1 < alice.v1) == 1, (if alice.v1 > 0 { _x1 } else { 1 }) >= 1];
} }

#[memo]
fn model_135<_x0: A2, _x1: A2>(p: f64) { model! {
    bob: chooses(v1 in A4, wpp = 1 + (v1 * 2 + v1) % 3);
    carol: chooses(v2 in A3, wpp = 1 + (v2 * 2 + v2) % 3);
    carol: chooses(v3 in A3, wpp = exp(p * v3 * 1));
    return 6;
    return H[bob.v1, carol.v2];
} }

#[memo]
fn model_136<_x0: A2, _x1: A3>(p: f64) { model! {
    alice: snapshots_self_as(past_1);
    bob: snapshots_self_as(past_2);
    alice: knows(_x1);
    return bob[Var[1]];
} }

#[memo]
fn model_137<_x0: A2, _x1: A3, _x2: A3>(p: f64) { model! {
    dave: chooses(v1 in A4, wpp = v1 == v1);
    bob: thinks[ bob: chooses(v3 in A2, wpp = 1 + abs(E[(v3 == v3)]) * v3) ];
    dave: chooses(v4 in A4, to_maximize = v4 * (v1 - 1));
    carol: chooses(v5 in A2, to_be = v5 % 2);
    alice: thinks[ alice: snapshots_self_as(past_6) ];
    bob: observes [bob.v3] is _x0;
    return _x1;
} }

#[memo]
fn model_138<_x0: A2, _x1: A2>(p: f64) { model! {
    carol: chooses(v1 in A4, v2 in A4, wpp = v1 == v1);
    dave: thinks[ dave: chooses(v3 in A4, wpp = 0.125 + abs(v3 - v3)) ];
    carol: snapshots_self_as(past_4);
    carol: chooses(v5 in A3, wpp = exp(p * v5 * past_4[E[(v1 < v2)]]));
    alice: knows(_x0);
    return E[(alice._x0 * carol.v5)];
} }

#[memo]
fn model_139<>(p: f64) { model! {
    alice: chooses(v1 in A4, wpp = exp(p * v1 * 3));
    alice: thinks[ alice: chooses(v2 in A4, to_minimize = abs(v2 - v2)) ];
    alice: chooses(v3 in A4, to_be = v1 % 4);
    return E[(if alice.v1 > 0 { alice.v3 } else { 1 })];
} }

#[memo]
fn model_140<_x0: A2, _x1: A2, _x2: A2>(p: f64) { model! {
    alice: thinks[ alice: chooses(v1 in A2, wpp = 0.125 + abs(v1 - 3)) ];
    return E[(_x2 + _x0)];
    return alice[E[(alice.v1 == alice.v1)]];
} }

#[memo]
fn model_141<_x0: A3, _x1: A2>(p: f64) { model! {
    carol: wants(g1 = 1 * v2 - v3 * v2 + v3 * p);
    carol: chooses(v2 in A2, wpp = exp(EU[g1] * p));
    carol: snapshots_self_as(past_4);
    carol: chooses(v3 in A2, wpp = exp(EU[g1] * p));
    alice: snapshots_self_as(past_5);
    carol: thinks[ carol: snapshots_self_as(past_6) ];
    return H[carol.v2];
} }

#[memo]
fn model_142<>(p: f64) { model! {
    bob: chooses(v1 in A4, wpp = v1 == v1);
    alice: chooses(v2 in A4, to_be = v2 % 4);
    return H[bob.v1];
} }

#[memo]
fn model_143<>(p: f64) { model! {
    bob: chooses(v1 in A2, to_maximize = v1 * (v1 - 1));
    return E[bob.v1];
    return 4;
} }

#[memo]
fn model_144<_x0: A3>(p: f64) { model! {
    alice: thinks[ alice: chooses(v1 in A2, to_minimize = abs(v1 - v1)) ];
    bob: knows(_x0);
    bob: chooses(v2 in A3, wpp = v2 == _x0);
    alice: thinks[ bob: chooses(v3 in A4, such_that = v3 <= v3) ];
    return Var[(_x0 + bob.v2)];
    return Pr[bob.v2 == bob._x0];
} }

#[memo]
fn model_145<_x0: A2, _x1: A3>(p: f64) { model! {
    alice: chooses(v1 in A4, uniformly);
    dave: chooses(v2 in A3, wpp = 1 + (v2 * 2 + v2) % 3);
    alice: snapshots_self_as(past_3);
    alice: chooses(v4 in A4, wpp = 1 + abs(6) * v4);
    dave: thinks[ bob: knows(v2) ];
    return Pr[(alice.v4 == dave.v2) == 1, (alice.v4 + _x1) >= 1];
} }

#[memo]
fn model_146<_x0: A3>(p: f64) { model! {
    alice: chooses(v1 in A2, wpp = v1 == v1);
    carol: snapshots_self_as(past_2);
    return imagine[ alice: knows(_x0), Var[(alice.v1 + alice._x0)] ];
} }

#[memo]
fn model_147<_x0: A3, _x1: A3>(p: f64) { model! {
    carol: snapshots_self_as(past_1);
    return 6;
} }

#[memo]
fn model_148<_x0: A2, _x1: A2, _x2: A3>(p: f64) { model! {
    return 1;
} }

#[memo]
fn model_149<_x0: A2, _x1: A3, _x2: A3>(p: f64) { model! {
    alice: knows(_x1);
    return Var[(_x1 + _x2)];
} }


#[test]
fn emitted_code_agrees_with_the_oracle() {
    agree("model_0", &[model_0(0.7).values()], &[[0.3318122278318339, 0.6681877721681662, 0.3318122278318339, 0.6681877721681662]]);
    agree("model_1", &[model_1(0.7).values()], &[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]);
    agree("model_2", &{ let tables = model_2(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 0.5, 1.0], [6.0, 6.0, 6.0]]);
    agree("model_3", &[model_3(0.7).values()], &[[0.0, 1.0]]);
    agree("model_4", &{ let tables = model_4(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[1.116128121750198, 1.116128121750198, 1.116128121750198, 1.116128121750198, 1.116128121750198, 1.116128121750198, 1.116128121750198, 1.116128121750198, 1.116128121750198, 1.116128121750198, 1.116128121750198, 1.116128121750198], [0.9999999999999996, 0.9999999999999996, 0.9999999999999996, 0.9999999999999996, 0.9999999999999996, 0.9999999999999996, 0.9999999999999996, 0.9999999999999996, 0.9999999999999996, 0.9999999999999996, 0.9999999999999996, 0.9999999999999996]]);
    agree("model_5", &[model_5(0.7).values()], &[[0.5, 0.5, 0.5, 0.5, 0.5, 0.5]]);
    agree("model_6", &[model_6(0.7).values()], &[[0.6737446282564775, 0.6737446282564775]]);
    agree("model_7", &{ let tables = model_7(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[4.0, 4.0], [0.0, 0.0]]);
    agree("model_8", &{ let tables = model_8(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[2.0], [6.0]]);
    agree("model_9", &{ let tables = model_9(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[1.3333333333333333], [2.6666666666666665]]);
    agree("model_10", &[model_10(0.7).values()], &[[4.0, 4.0, 4.0]]);
    agree("model_11", &[model_11(0.7).values()], &[[0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]]);
    agree("model_12", &{ let tables = model_12(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]);
    agree("model_13", &[model_13(0.7).values()], &[[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]]);
    agree("model_14", &{ let tables = model_14(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[4.0, 4.0, 4.0, 4.0], [0.0, 0.0, 0.0, 0.5]]);
    agree("model_15", &[model_15(0.7).values()], &[[1.0, 1.0, 1.0]]);
    agree("model_16", &[model_16(0.7).values()], &[[0.0]]);
    agree("model_17", &{ let tables = model_17(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[3.0], [1.0]]);
    agree("model_18", &[model_18(0.7).values()], &[[0.0]]);
    agree("model_19", &{ let tables = model_19(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[1.0], [1.0419488737763731]]);
    agree("model_20", &{ let tables = model_20(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 1.0, 2.0], [0.0, 1.25, 5.0]]);
    agree("model_21", &{ let tables = model_21(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[1.0], [1.467864660896057]]);
    agree("model_22", &[model_22(0.7).values()], &[[4.0, 4.0, 4.0, 4.0]]);
    agree("model_23", &{ let tables = model_23(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[1.0], [1.840147528988066]]);
    agree("model_24", &[model_24(0.7).values()], &[[0.0, 0.0, 2.0, 2.0]]);
    agree("model_25", &{ let tables = model_25(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25], [4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0]]);
    agree("model_26", &{ let tables = model_26(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [2.0794415416798357, 2.0794415416798357, 2.0794415416798357, 2.0794415416798357, 2.0794415416798357, 2.0794415416798357, 2.0794415416798357, 2.0794415416798357, 2.0794415416798357, 2.0794415416798357, 2.0794415416798357, 2.0794415416798357, 2.0794415416798357, 2.0794415416798357, 2.0794415416798357, 2.0794415416798357, 2.0794415416798357, 2.0794415416798357]]);
    agree("model_27", &{ let tables = model_27(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[5.0, 5.0, 5.0], [1.0, 1.0, 1.0]]);
    agree("model_28", &{ let tables = model_28(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[4.0, 4.0, 4.0, 4.0, 4.0, 4.0], [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]]);
    agree("model_29", &[model_29(0.7).values()], &[[0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]]);
    agree("model_30", &[model_30(0.7).values()], &[[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]]);
    agree("model_31", &[model_31(0.7).values()], &[[0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333]]);
    agree("model_32", &[model_32(0.7).values()], &[[0.6666666666666667, 0.6666666666666667, 0.6666666666666667]]);
    agree("model_33", &[model_33(0.7).values()], &[[0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25]]);
    agree("model_34", &{ let tables = model_34(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[1.6064776487299732], [1.6064776487299732]]);
    agree("model_35", &[model_35(0.7).values()], &[[3.0, 3.0, 3.0, 3.0, 3.0, 3.0]]);
    agree("model_36", &{ let tables = model_36(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.1890095562212119, 0.1890095562212119, 0.1890095562212119, 0.1890095562212119, 0.1890095562212119, 0.1890095562212119], [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]]);
    agree("model_37", &[model_37(0.7).values()], &[[1.3862943611198906]]);
    agree("model_38", &{ let tables = model_38(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]);
    agree("model_39", &{ let tables = model_39(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 1.0, 2.0], [1.0, 1.0, 1.0]]);
    agree("model_40", &[model_40(0.7).values()], &[[1.0, 1.0, 1.0]]);
    agree("model_41", &{ let tables = model_41(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[4.0, 4.0, 4.0, 4.0, 4.0, 4.0], [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]]);
    agree("model_42", &[model_42(0.7).values()], &[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]);
    agree("model_43", &{ let tables = model_43(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]);
    agree("model_44", &{ let tables = model_44(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 1.0, 2.0, 0.0, 1.0, 2.0, 0.0, 1.0, 2.0], [0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]]);
    agree("model_45", &{ let tables = model_45(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.75, 0.75]]);
    agree("model_46", &[model_46(0.7).values()], &[[0.0, 1.0]]);
    agree("model_47", &[model_47(0.7).values()], &[[0.6354546083677417, 0.6354546083677417, 0.6354546083677417, 0.6354546083677417, 0.6354546083677417, 0.6354546083677417]]);
    agree("model_48", &[model_48(0.7).values()], &[[0.33576906781925603]]);
    agree("model_49", &{ let tables = model_49(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[6.0, 6.0, 6.0], [0.5, 0.5, 0.0]]);
    agree("model_50", &{ let tables = model_50(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.25, 0.3333333333333333, 0.3333333333333333], [0.041666666666666664, 0.3333333333333333, 0.0]]);
    agree("model_51", &{ let tables = model_51(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[6.0, 6.0, 6.0, 6.0, 6.0, 6.0], [0.6931471805599453, 0.6931471805599453, 0.6931471805599453, 0.6931471805599453, 0.6931471805599453, 0.6931471805599453]]);
    agree("model_52", &[model_52(0.7).values()], &[[0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0]]);
    agree("model_53", &{ let tables = model_53(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.25, 0.25, 0.25, 0.25, 0.25, 0.25], [0.25, 0.25, 0.0, 0.0, 0.0, 0.0]]);
    agree("model_54", &{ let tables = model_54(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[1.0000000000000007], [6.0]]);
    agree("model_55", &[model_55(0.7).values()], &[[0.49999999999999994, 0.49999999999999994, 0.49999999999999994, 0.49999999999999994, 0.49999999999999994, 0.49999999999999994, 0.0, 0.0, 0.0]]);
    agree("model_56", &[model_56(0.7).values()], &[[1.0]]);
    agree("model_57", &[model_57(0.7).values()], &[[6.0]]);
    agree("model_58", &{ let tables = model_58(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[1.0], [6.0]]);
    agree("model_59", &[model_59(0.7).values()], &[[0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 0.0, 0.0, 1.0, 1.0, 2.0, 2.0]]);
    agree("model_60", &[model_60(0.7).values()], &[[0.0, 0.0, 0.0, 1.0, 1.0, 1.0]]);
    agree("model_61", &[model_61(0.7).values()], &[[0.6666666666666666, 0.3333333333333333, 0.6666666666666666, 0.3333333333333333, 0.6666666666666666, 0.3333333333333333]]);
    agree("model_62", &[model_62(0.7).values()], &[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]);
    agree("model_63", &{ let tables = model_63(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0]]);
    agree("model_64", &[model_64(0.7).values()], &[[6.0]]);
    agree("model_65", &[model_65(0.7).values()], &[[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]]);
    agree("model_66", &[model_66(0.7).values()], &[[1.3854142488848407, 1.3854142488848407, 1.3854142488848407]]);
    agree("model_67", &{ let tables = model_67(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0], [0.9107142857142857]]);
    agree("model_68", &{ let tables = model_68(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 1.0], [1.5, 1.5]]);
    agree("model_69", &[model_69(0.7).values()], &[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]);
    agree("model_70", &{ let tables = model_70(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 0.0], [0.0, 0.0]]);
    agree("model_71", &{ let tables = model_71(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[-0.0], [0.5]]);
    agree("model_72", &{ let tables = model_72(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[1.321842270389467], [6.0]]);
    agree("model_73", &{ let tables = model_73(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[3.0, 3.0, 3.0, 3.0, 3.0, 3.0], [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]]);
    agree("model_74", &{ let tables = model_74(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.33333333333333337, 0.33333333333333337], [0.887694275799104, 0.887694275799104]]);
    agree("model_75", &{ let tables = model_75(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[6.0, 6.0, 6.0], [0.0, 1.0, 2.0]]);
    agree("model_76", &{ let tables = model_76(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[4.0], [0.0]]);
    agree("model_77", &[model_77(0.7).values()], &[[0.0]]);
    agree("model_78", &{ let tables = model_78(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0]]);
    agree("model_79", &[model_79(0.7).values()], &[[1.0, 0.5, 0.5, 1.0, 0.5, 0.5]]);
    agree("model_80", &{ let tables = model_80(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[2.4015143822398346], [2.1972245773362196]]);
    agree("model_81", &{ let tables = model_81(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 0.0], [1.0, 1.0]]);
    agree("model_82", &[model_82(0.7).values()], &[[0.0, 0.0]]);
    agree("model_83", &{ let tables = model_83(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.3318122278318339, 0.6681877721681662, 0.3318122278318339, 0.6681877721681662, 0.3318122278318339, 0.6681877721681662, 0.3318122278318339, 0.6681877721681662, 0.3318122278318339, 0.6681877721681662, 0.3318122278318339, 0.6681877721681662, 0.3318122278318339, 0.6681877721681662, 0.3318122278318339, 0.6681877721681662, 0.3318122278318339, 0.6681877721681662]]);
    agree("model_84", &{ let tables = model_84(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0], [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]]);
    agree("model_85", &[model_85(0.7).values()], &[[0.0, 0.0, 0.0]]);
    agree("model_86", &{ let tables = model_86(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[6.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0], [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0]]);
    agree("model_87", &{ let tables = model_87(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[6.0], [2.0]]);
    agree("model_88", &[model_88(0.7).values()], &[[4.0, 4.0, 4.0, 4.0]]);
    agree("model_89", &{ let tables = model_89(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.25, 0.25, 0.25, 0.25, 0.25, 0.25], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]);
    agree("model_90", &{ let tables = model_90(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.16831586527957268], [4.0]]);
    agree("model_91", &[model_91(0.7).values()], &[[0.22171287329310907]]);
    agree("model_92", &{ let tables = model_92(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0], [6.0]]);
    agree("model_93", &{ let tables = model_93(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.47222222222222227, 0.47222222222222227, 0.47222222222222227, 0.47222222222222227, 0.47222222222222227, 0.47222222222222227], [0.6354546083677417, 0.6354546083677417, 0.6354546083677417, 0.6354546083677417, 0.6354546083677417, 0.6354546083677417]]);
    agree("model_94", &[model_94(0.7).values()], &[[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]]);
    agree("model_95", &[model_95(0.7).values()], &[[6.0]]);
    agree("model_96", &[model_96(0.7).values()], &[[0.8080599286573673, 0.8080599286573673, 0.8080599286573673, 0.8080599286573673, 0.8080599286573673, 0.8080599286573673]]);
    agree("model_97", &[model_97(0.7).values()], &[[0.6681877721681662]]);
    agree("model_98", &[model_98(0.7).values()], &[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]]);
    agree("model_99", &[model_99(0.7).values()], &[[0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 4.0, 4.0, 4.0]]);
    agree("model_100", &[model_100(0.7).values()], &[[1.0, 1.0, 1.0, 1.0]]);
    agree("model_101", &[model_101(0.7).values()], &[[5.0, 5.0, 5.0, 5.0, 5.0, 5.0]]);
    agree("model_102", &[model_102(0.7).values()], &[[4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0]]);
    agree("model_103", &{ let tables = model_103(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [1.2912351478435566, 0.860632305039609, 1.0564183154237845, 1.2912351478435566, 0.860632305039609, 1.0564183154237845]]);
    agree("model_104", &{ let tables = model_104(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [1.3862943611198906, 1.3862943611198906, 1.3862943611198906, 1.3862943611198906, 1.3862943611198906, 1.3862943611198906]]);
    agree("model_105", &{ let tables = model_105(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[1.0, 1.0, 1.0], [4.0, 4.0, 4.0]]);
    agree("model_106", &{ let tables = model_106(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[1.0, 1.0, 1.0], [5.0, 5.0, 5.0]]);
    agree("model_107", &[model_107(0.7).values()], &[[1.0]]);
    agree("model_108", &[model_108(0.7).values()], &[[4.0]]);
    agree("model_109", &[model_109(0.7).values()], &[[4.0]]);
    agree("model_110", &[model_110(0.7).values()], &[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]);
    agree("model_111", &{ let tables = model_111(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[6.0, 6.0], [0.0, 1.0]]);
    agree("model_112", &[model_112(0.7).values()], &[[0.6931471805599453, 0.6931471805599453, 0.6931471805599453, 0.6931471805599453, 0.6931471805599453, 0.6931471805599453, 0.6931471805599453, 0.6931471805599453, 0.6931471805599453, 0.6931471805599453, 0.6931471805599453, 0.6931471805599453]]);
    agree("model_113", &[model_113(0.7).values()], &[[1.0, 1.0]]);
    agree("model_114", &{ let tables = model_114(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0], [0.0]]);
    agree("model_115", &[model_115(0.7).values()], &[[1.3862943611198906, 1.3862943611198906, 1.3862943611198906, 1.3862943611198906, 1.3862943611198906, 1.3862943611198906, 1.3862943611198906, 1.3862943611198906, 1.3862943611198906, 1.3862943611198906, 1.3862943611198906, 1.3862943611198906]]);
    agree("model_116", &[model_116(0.7).values()], &[[0.031859371388534355, 0.031859371388534355]]);
    agree("model_117", &{ let tables = model_117(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 0.0, 1.0, 1.0], [0.24206349206349206, 0.24206349206349206, 0.2585978835978836, 0.2585978835978836]]);
    agree("model_118", &{ let tables = model_118(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[4.0, 4.0, 4.0], [0.0, 1.0, 2.0]]);
    agree("model_119", &[model_119(0.7).values()], &[[0.5, 0.0, 0.5, 0.5, 0.5, 0.0, 0.5, 0.5, 0.5, 0.0, 0.5, 0.5]]);
    agree("model_120", &[model_120(0.7).values()], &[[1.0, 0.5, 0.5, 1.0, 0.5, 0.5, 1.0, 0.5, 0.5, 1.0, 0.5, 0.5, 1.0, 0.5, 0.5, 1.0, 0.5, 0.5]]);
    agree("model_121", &{ let tables = model_121(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[1.0931034482758624], [1.3374028916759237]]);
    agree("model_122", &{ let tables = model_122(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0], [0.0]]);
    agree("model_123", &[model_123(0.7).values()], &[[0.6931471805599453]]);
    agree("model_124", &{ let tables = model_124(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[4.0, 4.0, 4.0, 4.0, 4.0, 4.0], [0.5, 0.0, 0.5, 0.5, 0.5, 0.5]]);
    agree("model_125", &[model_125(0.7).values()], &[[6.0, 6.0, 6.0, 6.0]]);
    agree("model_126", &[model_126(0.7).values()], &[[6.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0]]);
    agree("model_127", &{ let tables = model_127(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]);
    agree("model_128", &{ let tables = model_128(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 1.0], [0.2195405188048039, 0.2195405188048039]]);
    agree("model_129", &[model_129(0.7).values()], &[[2.772588722239781]]);
    agree("model_130", &[model_130(0.7).values()], &[[2.4849066497880012, 2.4849066497880012, 2.4849066497880012, 2.4849066497880012, 2.4849066497880012, 2.4849066497880012, 2.4849066497880012, 2.4849066497880012]]);
    agree("model_131", &{ let tables = model_131(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[2.0], [1.0]]);
    agree("model_132", &{ let tables = model_132(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[6.0], [0.5]]);
    agree("model_133", &{ let tables = model_133(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[6.0], [2.0]]);
    agree("model_134", &[model_134(0.7).values()], &[[0.0, 0.7222222222222222, 0.4722222222222222, 0.0, 0.7222222222222222, 0.4722222222222222, 0.0, 0.7222222222222222, 0.4722222222222222]]);
    agree("model_135", &{ let tables = model_135(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[6.0, 6.0, 6.0, 6.0], [2.4849066497880012, 2.4849066497880012, 2.4849066497880012, 2.4849066497880012]]);
    agree("model_136", &[model_136(0.7).values()], &[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]);
    agree("model_137", &[model_137(0.7).values()], &[[0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0]]);
    agree("model_138", &[model_138(0.7).values()], &[[0.0, 0.0, 1.1620749268458996, 1.1620749268458996]]);
    agree("model_139", &[model_139(0.7).values()], &[[2.8629669153118202]]);
    agree("model_140", &{ let tables = model_140(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 1.0, 0.0, 1.0, 1.0, 2.0, 1.0, 2.0], [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]]);
    agree("model_141", &[model_141(0.7).values()], &[[0.6818655656999574, 0.6818655656999574, 0.6818655656999574, 0.6818655656999574, 0.6818655656999574, 0.6818655656999574]]);
    agree("model_142", &[model_142(0.7).values()], &[[1.3862943611198906]]);
    agree("model_143", &{ let tables = model_143(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.5], [4.0]]);
    agree("model_144", &{ let tables = model_144(0.7); [tables.0.values().to_vec(), tables.1.values().to_vec()] }, &[[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]);
    agree("model_145", &[model_145(0.7).values()], &[[0.16666666666666669, 0.175, 0.175, 0.16666666666666669, 0.175, 0.175]]);
    agree("model_146", &[model_146(0.7).values()], &[[0.25, 0.25, 0.25]]);
    agree("model_147", &[model_147(0.7).values()], &[[6.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0]]);
    agree("model_148", &[model_148(0.7).values()], &[[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]]);
    agree("model_149", &[model_149(0.7).values()], &[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]);
}
