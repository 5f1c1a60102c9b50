// Written by `memo-compiler/tests/generated.rs`: random models and derivatives by
// central differences of the oracle's answers.

#[memo(grad)]
fn model_0<>(p: f64) { model! {
    bob: chooses(v1 in A4, v2 in A2, wpp = 2 - p);
    bob: snapshots_self_as(past_3);
    alice: chooses(v4 in A4, v5 in A2, wpp = p + abs(E[(v5 * v5)]) * v4);
    return 6;
    return E[(bob.v2 * alice.v5)];
} }

#[memo(grad)]
fn model_1<_x0: A3>(p: f64) { model! {
    dave: chooses(v1 in A4, wpp = 2 - p);
    carol: snapshots_self_as(past_2);
    bob: chooses(v3 in A3, wpp = p + abs(6) * v3);
    return Var[dave.v1];
    return H[bob.v3];
} }

#[memo(grad)]
fn model_2<_x0: A2, _x1: A2, _x2: A3>(p: f64) { model! {
    alice: knows(_x1);
    alice: chooses(v1 in A2, to_be = _x1 % 2);
    alice: thinks[ alice: chooses(v2 in A2, wpp = v2 == v2) ];
    alice: chooses(v3 in A2, wpp = p + abs(v3) * v3);
    return _x1;
    return Pr[alice.v3 == _x2];
} }

#[memo(grad)]
fn model_3<_x0: A3, _x1: A2>(p: f64) { model! {
    alice: chooses(v1 in A4, wpp = p + abs(5) * v1);
    alice: snapshots_self_as(past_2);
    return H[alice.v1];
    return E[(_x1 * _x0)];
} }

#[memo(grad)]
fn model_4<_x0: A2, _x1: A2, _x2: A3>(p: f64) { model! {
    alice: chooses(v1 in A2, wpp = 0.5 * p + exp(p * v1 * E[v1]));
    alice: thinks[ alice: chooses(v2 in A2, v3 in A3, wpp = 2 - p) ];
    alice: observes_event(wpp = 0.5 + alice.v2);
    alice: chooses(v4 in A3, wpp = sqrt(p) + (v4 * 2 + v4) % 3);
    bob: chooses(v5 in A4, wpp = 2 - p);
    return Pr[alice.v1 == _x2];
} }

#[memo(grad)]
fn model_5<_x0: A3>(p: f64) { model! {
    carol: chooses(v1 in A4, wpp = 0.125 * p ** 2 + abs(v1 - imagine[ dave: chooses(v2 in A3, wpp = p + abs(Pr[(v2 + v2) == 1, (v2 + v2) >= 1]) * v2), E[(dave.v2 == dave.v2)] ]));
    carol: chooses(v3 in A2, such_that = v3 <= v1);
    bob: snapshots_self_as(past_4);
    return E[bob[1] + 0 * carol.v3];
    return E[(carol.v1 * carol.v3)];
} }

#[memo(grad)]
fn model_6<_x0: A2>(p: f64) { model! {
    dave: snapshots_self_as(past_1);
    carol: chooses(v2 in A3, wpp = exp(p * v2 * Var[(v2 + v2)]));
    dave: wants(g3 = (1 + 1) * v4 - v5 * v4 + v5 * p);
    dave: chooses(v4 in A2, wpp = exp(Var[(1 + 1)] + v4 * EU[g3]));
    dave: snapshots_self_as(past_6);
    dave: chooses(v5 in A2, wpp = exp(Var[(1 + 1)] + v5 * EU[g3]));
    return E[carol[4] + 0 * dave.v4];
    return E[(carol.v2 < dave.v4)];
} }

#[memo(grad)]
fn model_7<_x0: A3, _x1: A2, _x2: A3>(p: f64) { model! {
    bob: chooses(v1 in A2, v2 in A4, wpp = p + abs(5) * v1);
    return E[bob[4] + 0 * bob.v2];
    return H[bob.v1];
} }

#[memo(grad)]
fn model_8<_x0: A2, _x1: A3>(p: f64) { model! {
    carol: wants(g1 = (1 < 1) * v2 - v3 * v2 + v3 * p);
    carol: chooses(v2 in A2, wpp = exp(Var[(1 < 1)] + v2 * EU[g1]));
    carol: chooses(v3 in A2, wpp = exp(Var[(1 < 1)] + v3 * EU[g1]));
    carol: chooses(v4 in A2, wpp = p + abs(Pr[(if v2 > 0 { v4 } else { 1 }) == 1, (v4 < v3) >= 1]) * v4);
    return Pr[carol.v2 == _x0];
    return Pr[carol.v3 == _x1];
} }

#[memo(grad)]
fn model_9<>(p: f64) { model! {
    bob: wants(g1 = (if 1 > 0 { 1 } else { 1 }) * v2 - v3 * v2 + v3 * p);
    bob: chooses(v2 in A2, wpp = exp(EU[g1] * p));
    bob: chooses(v3 in A2, wpp = 1 + Predict[E[(if 1 > 0 { 1 } else { 1 })]] * v3);
    alice: knows(bob.v2);
    alice: chooses(v4 in A3, v5 in A2, wpp = 2 - p);
    return E[(bob.v3 + alice.v5)];
    return H[alice.v5, bob.v2];
} }

#[memo(grad)]
fn model_10<>(p: f64) { model! {
    alice: chooses(v1 in A3, wpp = exp(p * v1 * 1));
    return Pr[alice.v1 == 1, alice.v1 >= 1];
} }

#[memo(grad)]
fn model_11<_x0: A2>(p: f64) { model! {
    dave: chooses(v1 in A2, wpp = sqrt(p) + (v1 * 2 + v1) % 3);
    alice: chooses(v2 in A3, wpp = (1 if p < 0.5 else 0.5 + exp(p)) * exp(p * v2 * v2));
    bob: knows(dave.v1);
    dave: chooses(v3 in A4, wpp = (1 if p < 0.5 else 0.5 + exp(p)) * exp(p * v3 * 4));
    return Pr[dave.v1 == 1, alice.v2 >= 1];
    return Pr[dave.v3 == _x0];
} }

#[memo(grad)]
fn model_12<_x0: A2>(p: f64) { model! {
    dave: snapshots_self_as(past_1);
    dave: chooses(v2 in A3, wpp = 2 - p);
    alice: wants(g3 = (1 == 1) * v4 - v5 * v4 + v5 * p);
    alice: chooses(v4 in A2, wpp = exp(EU[g3] * p));
    alice: chooses(v5 in A2, wpp = exp(Var[(1 == 1)] + v5 * EU[g3]));
    dave: thinks[ past_1: thinks[ dave: chooses(v6 in A4, v7 in A2, wpp = abs(p - 2) * exp(p * v6 * Var[(if v7 > 0 { v6 } else { 1 })])) ] ];
    dave: thinks[ alice: chooses(v8 in A4, wpp = 2 - p) ];
    return H[alice.v4];
} }

#[memo(grad)]
fn model_13<_x0: A2>(p: f64) { model! {
    dave: chooses(v1 in A4, v2 in A4, wpp = sqrt(p) + (v1 * 2 + v2) % 3);
    bob: chooses(v3 in A2, v4 in A2, wpp = sqrt(p) + (v3 * 2 + v4) % 3);
    dave: knows(_x0);
    alice: snapshots_self_as(past_5);
    return Pr[bob.v3 == 1, (dave._x0 < dave.v1) >= 1];
} }

#[memo(grad)]
fn model_14<_x0: A2>(p: f64) { model! {
    alice: thinks[ carol: chooses(v1 in A3, wpp = 2 - p) ];
    alice: observes_event(wpp = 0.5 + carol.v1);
    carol: wants(g2 = (if 1 > 0 { 1 } else { 1 }) * v3 - v4 * v3 + v4 * p);
    carol: chooses(v3 in A2, wpp = exp(Var[(if 1 > 0 { 1 } else { 1 })] + v3 * EU[g2]));
    carol: chooses(v4 in A2, wpp = exp(EU[g2] * p));
    return H[carol.v3];
    return H[carol.v4];
} }

#[memo(grad)]
fn model_15<>(p: f64) { model! {
    alice: chooses(v1 in A3, v2 in A2, wpp = p + abs(v1) * v1);
    alice: thinks[ alice: thinks[ alice: snapshots_self_as(past_3) ] ];
    return E[alice[3] + 0 * alice.v2];
    return H[alice.v2, alice.v1];
} }

#[memo(grad)]
fn model_16<_x0: A3>(p: f64) { model! {
    bob: chooses(v1 in A4, v2 in A4, wpp = 0.5 * p + exp(p * v1 * v2));
    bob: thinks[ bob: knows(v1) ];
    bob: thinks[ carol: snapshots_self_as(past_3) ];
    return H[bob.v2, bob.v1];
    return Pr[(_x0 == bob.v2) == 1, (_x0 < bob.v1) >= 1];
} }

#[memo(grad)]
fn model_17<_x0: A2, _x1: A2, _x2: A3>(p: f64) { model! {
    alice: thinks[ alice: snapshots_self_as(past_1) ];
    alice: snapshots_self_as(past_2);
    alice: chooses(v3 in A3, wpp = exp(p * v3 * 3));
    alice: thinks[ alice: knows(v3) ];
    alice: snapshots_self_as(past_4);
    return E[alice[alice[v3]] + 0 * alice.v3];
    return imagine[ alice: snapshots_self_as(past_5), 1 ];
} }

#[memo(grad)]
fn model_18<_x0: A2, _x1: A3>(p: f64) { model! {
    bob: knows(_x1);
    alice: chooses(v1 in A2, to_maximize = v1 * (v1 - 1));
    alice: chooses(v2 in A3, wpp = 0.125 * p ** 2 + abs(v2 - 3));
    return KL[alice.v1 | alice.v1];
    return Pr[alice.v2 == _x0];
} }

#[memo(grad)]
fn model_19<_x0: A3, _x1: A3, _x2: A2>(p: f64) { model! {
    alice: chooses(v1 in A4, wpp = p + abs(v1) * v1);
    return H[alice.v1];
} }

#[memo(grad)]
fn model_20<_x0: A3, _x1: A3>(p: f64) { model! {
    alice: thinks[ bob: chooses(v1 in A3, wpp = p + abs(E[(v1 == v1)]) * v1) ];
    alice: chooses(v2 in A2, v3 in A2, wpp = sqrt(p) + (v2 * 2 + v3) % 3);
    alice: knows(_x1);
    alice: observes_event(wpp = 0.5 + bob.v1);
    return Pr[(_x1 + _x0) == 1, (alice.v2 + alice.v3) >= 1];
} }

#[memo(grad)]
fn model_21<>(p: f64) { model! {
    bob: thinks[ alice: chooses(v1 in A2, wpp = (1 if p < 0.5 else 0.5 + exp(p)) * exp(p * v1 * 1)) ];
    bob: chooses(v2 in A2, wpp = sqrt(p) + (v2 * 2 + v2) % 3);
    bob: snapshots_self_as(past_3);
    alice: chooses(v4 in A3, wpp = p + abs(Pr[(v4 + v4) == 1, (v4 < v4) >= 1]) * v4);
    alice: chooses(v5 in A2, wpp = (1 if p < 0.5 else 0.5 + exp(p)) * exp(p * v5 * 3));
    return 1;
    return H[alice.v5];
} }

#[memo(grad)]
fn model_22<_x0: A3, _x1: A3, _x2: A2>(p: f64) { model! {
    alice: chooses(v1 in A2, v2 in A3, wpp = 2 - p);
    bob: chooses(v3 in A3, wpp = exp(p * v3 * 5));
    alice: snapshots_self_as(past_4);
    return Pr[alice.v1 == _x2];
    return Pr[(alice.v2 + alice.v1) == 1, bob.v3 >= 1];
} }

#[memo(grad)]
fn model_23<>(p: f64) { model! {
    alice: wants(g1 = 1 * v2 - v3 * v2 + v3 * p);
    alice: chooses(v2 in A2, wpp = exp(EU[g1] * p));
    alice: chooses(v3 in A2, wpp = 1 + Predict[E[1]] * v3);
    bob: chooses(v4 in A3, v5 in A3, wpp = p + abs(E[(v4 * v5)]) * v4);
    return 1;
    return E[(alice.v3 + alice.v2)];
} }

#[memo(grad)]
fn model_24<_x0: A2>(p: f64) { model! {
    bob: knows(_x0);
    alice: chooses(v1 in A3, v2 in A2, wpp = sqrt(p) + (v1 * 2 + v2) % 3);
    bob: chooses(v3 in A2, wpp = v3 == _x0);
    bob: chooses(v4 in A2, to_maximize = v4 * (v4 - 1));
    return E[(bob.v3 < alice.v1)];
} }

#[memo(grad)]
fn model_25<>(p: f64) { model! {
    carol: chooses(v1 in A4, wpp = p + abs(1) * v1);
    alice: thinks[ bob: chooses(v2 in A3, v3 in A3, to_minimize = abs(v2 - v2)) ];
    bob: chooses(v4 in A4, wpp = p + abs(E[(v4 < v4)]) * v4);
    return H[bob.v4, carol.v1];
} }

#[memo(grad)]
fn model_26<_x0: A2>(p: f64) { model! {
    alice: chooses(v1 in A4, wpp = sqrt(p) + (v1 * 2 + v1) % 3);
    alice: wants(g2 = (v1 + v1) * v3 - v4 * v3 + v4 * p);
    alice: chooses(v3 in A2, wpp = exp(Var[(v1 + v1)] + v3 * EU[g2]));
    alice: chooses(v4 in A2, wpp = exp(EU[g2] * p));
    return E[alice[EU[g2]] + 0 * alice.v1];
} }

#[memo(grad)]
fn model_27<_x0: A2>(p: f64) { model! {
    alice: chooses(v1 in A3, v2 in A3, to_maximize = v1 * (v1 - 1));
    alice: chooses(v3 in A3, wpp = abs(p - 2) * exp(p * v3 * 1));
    alice: snapshots_self_as(past_4);
    return H[alice.v3];
} }

#[memo(grad)]
fn model_28<_x0: A2>(p: f64) { model! {
    alice: knows(_x0);
    alice: chooses(v1 in A3, wpp = p + abs(E[(if v1 > 0 { v1 } else { 1 })]) * v1);
    return E[(alice.v1 == _x0)];
} }

#[memo(grad)]
fn model_29<_x0: A2, _x1: A2>(p: f64) { model! {
    alice: chooses(v1 in A3, wpp = (1 if p < 0.5 else 0.5 + exp(p)) * exp(p * v1 * 3));
    alice: chooses(v2 in A3, wpp = 2 - p);
    alice: snapshots_self_as(past_5);
    return E[alice[v1] + 0 * alice.v2];
    return Pr[(alice.v1 < alice.v2) == 1, (alice.v2 + alice.v1) >= 1];
} }

#[memo(grad)]
fn model_30<>(p: f64) { model! {
    alice: wants(g1 = (1 == 1) * v2 - v3 * v2 + v3 * p);
    alice: chooses(v2 in A2, wpp = exp(EU[g1] * p));
    alice: chooses(v3 in A2, wpp = exp(Var[(1 == 1)] + v3 * EU[g1]));
    alice: thinks[ alice: chooses(v4 in A3, wpp = 2 - p) ];
    alice: observes_event(wpp = 0.5 + alice.v4);
    return E[(alice.v2 == alice.v3)];
} }

#[memo(grad)]
fn model_31<_x0: A2, _x1: A2, _x2: A2>(p: f64) { model! {
    alice: chooses(v1 in A4, v2 in A3, wpp = sqrt(p) + (v1 * 2 + v1) % 3);
    alice: chooses(v3 in A3, wpp = (1 if p > 0.5 else 0.5 + exp(p)) * exp(p * v3 * v1));
    return E[alice.v3];
    return H[alice.v1, alice.v2];
} }

#[memo(grad)]
fn model_32<_x0: A2, _x1: A3, _x2: A2>(p: f64) { model! {
    alice: chooses(v1 in A4, wpp = p + abs(E[(v1 * v1)]) * v1);
    alice: snapshots_self_as(past_2);
    return imagine[ bob: thinks[ bob: chooses(v3 in A3, v4 in A2, wpp = p + abs(Var[(v3 + v3)]) * v3) ], E[(_x1 * alice.v1)] ];
    return Pr[alice.v1 == _x1];
} }

#[memo(grad)]
fn model_33<_x0: A3>(p: f64) { model! {
    alice: chooses(v1 in A4, v2 in A4, wpp = sqrt(p) + (v1 * 2 + v2) % 3);
    bob: chooses(v3 in A3, wpp = 0.125 * p ** 2 + abs(v3 - E[(v3 < v3)]));
    return 4;
    return E[alice.v2];
} }

#[memo(grad)]
fn model_34<>(p: f64) { model! {
    bob: chooses(v1 in A3, wpp = p + abs(v1) * v1);
    carol: wants(g2 = (1 + 1) * v3 - v4 * v3 + v4 * p);
    carol: chooses(v3 in A2, wpp = exp(EU[g2] * p));
    carol: chooses(v4 in A2, wpp = exp(Var[(1 + 1)] + v4 * EU[g2]));
    carol: thinks[ dave: snapshots_self_as(past_5) ];
    dave: chooses(v6 in A3, wpp = (1 if p < 0.5 else 0.5 + exp(p)) * exp(p * v6 * v6));
    return imagine[ dave: knows(carol.v4), H[carol.v4, dave.v6] ];
    return 1;
} }

#[memo(grad)]
fn model_35<_x0: A3, _x1: A2>(p: f64) { model! {
    alice: chooses(v1 in A4, such_that = v1 <= v1);
    bob: chooses(v2 in A2, wpp = p + abs(Var[(v2 < v2)]) * v2);
    carol: chooses(v3 in A3, wpp = 0.125 * p ** 2 + abs(v3 - 6));
    bob: knows(alice.v1);
    dave: knows(alice.v1);
    return E[(_x0 * carol.v3)];
    return 1;
} }

#[memo(grad)]
fn model_36<_x0: A3, _x1: A3, _x2: A2>(p: f64) { model! {
    alice: knows(_x0);
    bob: chooses(v1 in A3, v2 in A4, wpp = sqrt(p) + (v1 * 2 + v2) % 3);
    carol: thinks[ carol: chooses(v3 in A2, wpp = 2 - p) ];
    bob: snapshots_self_as(past_4);
    return Pr[bob.v1 == alice._x0];
    return E[alice[Pr[(if _x0 > 0 { _x0 } else { 1 }) == 1, (_x0 * _x0) >= 1]] + 0 * bob.v1];
} }

#[memo(grad)]
fn model_37<_x0: A3, _x1: A3>(p: f64) { model! {
    carol: chooses(v1 in A4, wpp = p + abs(1) * v1);
    carol: chooses(v2 in A3, to_maximize = v2 * (v1 - 1));
    return E[carol[Var[v1]] + 0 * carol.v2];
    return Pr[carol.v1 == _x1];
} }

#[memo(grad)]
fn model_38<_x0: A3, _x1: A2>(p: f64) { model! {
    carol: chooses(v1 in A2, to_minimize = abs(v1 - v1));
    carol: chooses(v2 in A3, wpp = sqrt(p) + (v2 * 2 + v2) % 3);
    bob: snapshots_self_as(past_3);
    carol: chooses(v4 in A2, v5 in A2, wpp = p + abs(E[(v1 * v5)]) * v4);
    alice: knows(carol.v2);
    return Pr[_x0 == 1, (_x1 < carol.v4) >= 1];
} }

#[memo(grad)]
fn model_39<>(p: f64) { model! {
    alice: chooses(v1 in A4, wpp = (1 if p < 0.5 else 0.5 + exp(p)) * exp(p * v1 * Pr[(if v1 > 0 { v1 } else { 1 }) == 1, (v1 == v1) >= 1]));
    alice: chooses(v2 in A3, wpp = sqrt(p) + (v2 * 2 + v2) % 3);
    return 1;
    return E[alice[imagine[ alice: wants(g3 = 1 * v4 - v5 * v4 + v5 * p), alice: chooses(v4 in A2, wpp = exp(EU[g3] * p)), alice: thinks[ alice: snapshots_self_as(past_6) ], alice: chooses(v5 in A2, wpp = 1 + Predict[E[1]] * v5), E[alice.v4] ]] + 0 * alice.v1];
} }

#[memo(grad)]
fn model_40<>(p: f64) { model! {
    dave: chooses(v1 in A4, wpp = p + abs(6) * v1);
    bob: chooses(v2 in A4, wpp = p + abs(5) * v2);
    bob: thinks[ dave: thinks[ alice: chooses(v3 in A4, v4 in A2, wpp = p + abs(v3) * v3) ] ];
    alice: chooses(v5 in A2, wpp = 2 - p);
    return E[dave[Var[v1]] + 0 * bob.v2];
    return KL[bob.v2 | dave.v1];
} }

#[memo(grad)]
fn model_41<_x0: A2, _x1: A2, _x2: A2>(p: f64) { model! {
    alice: knows(_x0);
    alice: snapshots_self_as(past_1);
    alice: wants(g2 = (_x0 + _x0) * v3 - v4 * v3 + v4 * p);
    alice: chooses(v3 in A2, wpp = 1 + Predict[E[(_x0 + _x0)]] * v3);
    alice: chooses(v4 in A2, wpp = exp(EU[g2] * p));
    bob: thinks[ carol: chooses(v5 in A4, wpp = p + abs(3) * v5) ];
    carol: thinks[ carol: chooses(v6 in A3, wpp = p + abs(E[v6]) * v6) ];
    alice: thinks[ alice: chooses(v7 in A4, wpp = p + abs(1) * v7) ];
    bob: thinks[ alice: thinks[ alice: chooses(v8 in A2, wpp = sqrt(p) + (v8 * 2 + v8) % 3) ] ];
    return E[(alice.v4 < alice._x0)];
} }

#[memo(grad)]
fn model_42<_x0: A2>(p: f64) { model! {
    carol: thinks[ bob: chooses(v1 in A3, to_be = v1 % 3) ];
    bob: chooses(v2 in A2, wpp = (1 if p < 0.5 else 0.5 + exp(p)) * exp(p * v2 * 3));
    return E[(bob.v2 * bob.v2)];
} }

#[memo(grad)]
fn model_43<_x0: A3>(p: f64) { model! {
    alice: wants(g1 = (1 + 1) * v2 - v3 * v2 + v3 * p);
    alice: chooses(v2 in A2, wpp = exp(EU[g1] * p));
    alice: chooses(v3 in A2, wpp = exp(Var[(1 + 1)] + v3 * EU[g1]));
    alice: thinks[ alice: chooses(v4 in A2, v5 in A4, wpp = 2 - p) ];
    return E[(alice.v2 * _x0)];
} }

#[memo(grad)]
fn model_44<_x0: A3, _x1: A3>(p: f64) { model! {
    carol: chooses(v1 in A3, to_maximize = v1 * (v1 - 1));
    bob: chooses(v2 in A4, wpp = p + abs(E[(v2 == v2)]) * v2);
    bob: knows(_x0);
    return Var[(bob.v2 < _x1)];
    return Pr[bob.v2 == 1, bob._x0 >= 1];
} }

#[memo(grad)]
fn model_45<_x0: A2>(p: f64) { model! {
    dave: chooses(v1 in A2, wpp = 0.125 * p ** 2 + abs(v1 - Var[(v1 < v1)]));
    dave: chooses(v2 in A2, wpp = sqrt(p) + (v2 * 2 + v1) % 3);
    dave: forgets_about(v1);
    return Pr[dave.v2 == _x0];
    return Pr[(dave.v1 * _x0) == 1, _x0 >= 1];
} }

#[memo(grad)]
fn model_46<_x0: A2>(p: f64) { model! {
    alice: thinks[ bob: snapshots_self_as(past_1) ];
    bob: snapshots_self_as(past_2);
    alice: wants(g3 = (1 < 1) * v4 - v5 * v4 + v5 * p);
    alice: chooses(v4 in A2, wpp = 1 + Predict[E[(1 < 1)]] * v4);
    alice: snapshots_self_as(past_6);
    alice: chooses(v5 in A2, wpp = exp(Var[(1 < 1)] + v5 * EU[g3]));
    alice: snapshots_self_as(past_7);
    carol: chooses(v8 in A3, wpp = p + abs(E[(v8 * v8)]) * v8);
    return E[carol.v8];
} }

#[memo(grad)]
fn model_47<_x0: A3>(p: f64) { model! {
    alice: wants(g1 = (1 * 1) * v2 - v3 * v2 + v3 * p);
    alice: chooses(v2 in A2, wpp = exp(EU[g1] * p));
    alice: chooses(v3 in A2, wpp = exp(EU[g1] * p));
    return Var[(alice.v2 * alice.v3)];
} }

#[memo(grad)]
fn model_48<>(p: f64) { model! {
    alice: chooses(v1 in A4, wpp = 0.5 * p + exp(p * v1 * 1));
    return Var[(if alice.v1 > 0 { alice.v1 } else { 1 })];
} }

#[memo(grad)]
fn model_49<>(p: f64) { model! {
    alice: chooses(v1 in A4, v2 in A3, wpp = (1 if p < 0.5 else 0.5 + exp(p)) * exp(p * v1 * Pr[(v1 * v1) == 1, v2 >= 1]));
    bob: chooses(v3 in A3, wpp = p + abs(5) * v3);
    return E[(bob.v3 * bob.v3)];
    return E[bob.v3];
} }


#[test]
fn derivatives_agree_with_differences_of_the_oracle() {
    agree("model_0", &model_0::vjp(0.7, (&seed(1), &seed(1))).1, -0.08917954815671851);
    agree("model_1", &model_1::vjp(0.7, (&seed(3), &seed(3))).1, 0.32281988609976037);
    agree("model_2", &model_2::vjp(0.7, (&seed(12), &seed(12))).1, -0.30381944444361303);
    agree("model_3", &model_3::vjp(0.7, (&seed(6), &seed(6))).1, 0.20831875748180315);
    forward_agrees("model_4", model_4::jacobian(0.7).table("p").values(), 0.28063142473283564);
    agree("model_4", &model_4::vjp(0.7, &seed(12)).1, 0.28063142473283564);
    agree("model_5", &model_5::vjp(0.7, (&seed(3), &seed(3))).1, -0.09711418269472046);
    agree("model_6", &model_6::vjp(0.7, (&seed(2), &seed(2))).1, 0.016994482869255496);
    agree("model_7", &model_7::vjp(0.7, (&seed(18), &seed(18))).1, 1.5999916982858409);
    agree("model_8", &model_8::vjp(0.7, (&seed(6), &seed(6))).1, -0.9271857487180846);
    agree("model_9", &model_9::vjp(0.7, (&seed(1), &seed(1))).1, -0.019182167107278936);
    forward_agrees("model_10", model_10::jacobian(0.7).table("p").values(), -0.12312199096943069);
    agree("model_10", &model_10::vjp(0.7, &seed(1)).1, -0.12312199096943069);
    agree("model_11", &model_11::vjp(0.7, (&seed(2), &seed(2))).1, 0.05572479623988889);
    forward_agrees("model_12", model_12::jacobian(0.7).table("p").values(), -0.005059170957111281);
    agree("model_12", &model_12::vjp(0.7, &seed(2)).1, -0.005059170957111281);
    forward_agrees("model_13", model_13::jacobian(0.7).table("p").values(), -0.022749884222609634);
    agree("model_13", &model_13::vjp(0.7, &seed(2)).1, -0.022749884222609634);
    agree("model_14", &model_14::vjp(0.7, (&seed(2), &seed(2))).1, -0.03733607883317965);
    agree("model_15", &model_15::vjp(0.7, (&seed(1), &seed(1))).1, 0.229221499278065);
    agree("model_16", &model_16::vjp(0.7, (&seed(3), &seed(3))).1, -6.918935459840754);
    agree("model_17", &model_17::vjp(0.7, (&seed(12), &seed(12))).1, 1.281866692352492);
    agree("model_18", &model_18::vjp(0.7, (&seed(6), &seed(6))).1, -0.034323808108934394);
    forward_agrees("model_19", model_19::jacobian(0.7).table("p").values(), 1.168532569870262);
    agree("model_19", &model_19::vjp(0.7, &seed(18)).1, 1.168532569870262);
    forward_agrees("model_20", model_20::jacobian(0.7).table("p").values(), 0.011127420600778407);
    agree("model_20", &model_20::vjp(0.7, &seed(9)).1, 0.011127420600778407);
    agree("model_21", &model_21::vjp(0.7, (&seed(1), &seed(1))).1, -0.612326640244909);
    agree("model_22", &model_22::vjp(0.7, (&seed(18), &seed(18))).1, 0.018138287380065066);
    agree("model_23", &model_23::vjp(0.7, (&seed(1), &seed(1))).1, 0.08220928760153494);
    forward_agrees("model_24", model_24::jacobian(0.7).table("p").values(), -0.014763257346552445);
    agree("model_24", &model_24::vjp(0.7, &seed(2)).1, -0.014763257346552445);
    forward_agrees("model_25", model_25::jacobian(0.7).table("p").values(), 0.14095162222952742);
    agree("model_25", &model_25::vjp(0.7, &seed(1)).1, 0.14095162222952742);
    forward_agrees("model_26", model_26::jacobian(0.7).table("p").values(), 0.2520968000626622);
    agree("model_26", &model_26::vjp(0.7, &seed(2)).1, 0.2520968000626622);
    forward_agrees("model_27", model_27::jacobian(0.7).table("p").values(), -0.18491566689371927);
    agree("model_27", &model_27::vjp(0.7, &seed(2)).1, -0.18491566689371927);
    forward_agrees("model_28", model_28::jacobian(0.7).table("p").values(), 0.0793493354492858);
    agree("model_28", &model_28::vjp(0.7, &seed(2)).1, 0.0793493354492858);
    agree("model_29", &model_29::vjp(0.7, (&seed(4), &seed(4))).1, 0.7833629786593299);
    forward_agrees("model_30", model_30::jacobian(0.7).table("p").values(), 0.04028689441909483);
    agree("model_30", &model_30::vjp(0.7, &seed(1)).1, 0.04028689441909483);
    agree("model_31", &model_31::vjp(0.7, (&seed(8), &seed(8))).1, 1.4496603259372225);
    agree("model_32", &model_32::vjp(0.7, (&seed(12), &seed(12))).1, -0.0478265490488905);
    agree("model_33", &model_33::vjp(0.7, (&seed(3), &seed(3))).1, -0.014832878344694933);
    agree("model_34", &model_34::vjp(0.7, (&seed(1), &seed(1))).1, -1.3155682539957025);
    agree("model_35", &model_35::vjp(0.7, (&seed(6), &seed(6))).1, 0.005693000514894742);
    agree("model_36", &model_36::vjp(0.7, (&seed(18), &seed(18))).1, 0.022144886019370702);
    agree("model_37", &model_37::vjp(0.7, (&seed(9), &seed(9))).1, -0.02582644628092619);
    forward_agrees("model_38", model_38::jacobian(0.7).table("p").values(), -0.13850415512386047);
    agree("model_38", &model_38::vjp(0.7, &seed(6)).1, -0.13850415512386047);
    agree("model_39", &model_39::vjp(0.7, (&seed(1), &seed(1))).1, 0.08220928760109085);
    agree("model_40", &model_40::vjp(0.7, (&seed(1), &seed(1))).1, 0.0003507049005806318);
    forward_agrees("model_41", model_41::jacobian(0.7).table("p").values(), -0.15663022049735206);
    agree("model_41", &model_41::vjp(0.7, &seed(8)).1, -0.15663022049735206);
    forward_agrees("model_42", model_42::jacobian(0.7).table("p").values(), 0.14579205720124944);
    agree("model_42", &model_42::vjp(0.7, &seed(2)).1, 0.14579205720124944);
    forward_agrees("model_43", model_43::jacobian(0.7).table("p").values(), 0.9129735579332572);
    agree("model_43", &model_43::vjp(0.7, &seed(3)).1, 0.9129735579332572);
    agree("model_44", &model_44::vjp(0.7, (&seed(9), &seed(9))).1, 0.19135048835459503);
    agree("model_45", &model_45::vjp(0.7, (&seed(2), &seed(2))).1, -0.1375741240602126);
    forward_agrees("model_46", model_46::jacobian(0.7).table("p").values(), -0.09739469198954964);
    agree("model_46", &model_46::vjp(0.7, &seed(2)).1, -0.09739469198954964);
    forward_agrees("model_47", model_47::jacobian(0.7).table("p").values(), 0.08603788336250529);
    agree("model_47", &model_47::vjp(0.7, &seed(3)).1, 0.08603788336250529);
    forward_agrees("model_48", model_48::jacobian(0.7).table("p").values(), -0.3307093982131322);
    agree("model_48", &model_48::vjp(0.7, &seed(1)).1, -0.3307093982131322);
    agree("model_49", &model_49::vjp(0.7, (&seed(1), &seed(1))).1, -0.30778701138856057);
}

#[test]
fn second_derivatives_agree_with_differences() {
    bends("model_0", |p| model_0::traced(p[0]).sum());
    bends("model_1", |p| model_1::traced(p[0]).sum());
    bends("model_2", |p| model_2::traced(p[0]).sum());
    bends("model_3", |p| model_3::traced(p[0]).sum());
    bends("model_4", |p| model_4::traced(p[0]).sum());
    bends("model_5", |p| model_5::traced(p[0]).sum());
    bends("model_6", |p| model_6::traced(p[0]).sum());
    bends("model_7", |p| model_7::traced(p[0]).sum());
    bends("model_8", |p| model_8::traced(p[0]).sum());
    bends("model_9", |p| model_9::traced(p[0]).sum());
    bends("model_10", |p| model_10::traced(p[0]).sum());
    bends("model_11", |p| model_11::traced(p[0]).sum());
    bends("model_12", |p| model_12::traced(p[0]).sum());
    bends("model_13", |p| model_13::traced(p[0]).sum());
    bends("model_14", |p| model_14::traced(p[0]).sum());
    bends("model_15", |p| model_15::traced(p[0]).sum());
    bends("model_16", |p| model_16::traced(p[0]).sum());
    bends("model_17", |p| model_17::traced(p[0]).sum());
    bends("model_18", |p| model_18::traced(p[0]).sum());
    bends("model_19", |p| model_19::traced(p[0]).sum());
    bends("model_20", |p| model_20::traced(p[0]).sum());
    bends("model_21", |p| model_21::traced(p[0]).sum());
    bends("model_22", |p| model_22::traced(p[0]).sum());
    bends("model_23", |p| model_23::traced(p[0]).sum());
    bends("model_24", |p| model_24::traced(p[0]).sum());
    bends("model_25", |p| model_25::traced(p[0]).sum());
    bends("model_26", |p| model_26::traced(p[0]).sum());
    bends("model_27", |p| model_27::traced(p[0]).sum());
    bends("model_28", |p| model_28::traced(p[0]).sum());
    bends("model_29", |p| model_29::traced(p[0]).sum());
    bends("model_30", |p| model_30::traced(p[0]).sum());
    bends("model_31", |p| model_31::traced(p[0]).sum());
    bends("model_32", |p| model_32::traced(p[0]).sum());
    bends("model_33", |p| model_33::traced(p[0]).sum());
    bends("model_34", |p| model_34::traced(p[0]).sum());
    bends("model_35", |p| model_35::traced(p[0]).sum());
    bends("model_36", |p| model_36::traced(p[0]).sum());
    bends("model_37", |p| model_37::traced(p[0]).sum());
    bends("model_38", |p| model_38::traced(p[0]).sum());
    bends("model_39", |p| model_39::traced(p[0]).sum());
    bends("model_40", |p| model_40::traced(p[0]).sum());
    bends("model_41", |p| model_41::traced(p[0]).sum());
    bends("model_42", |p| model_42::traced(p[0]).sum());
    bends("model_43", |p| model_43::traced(p[0]).sum());
    bends("model_44", |p| model_44::traced(p[0]).sum());
    bends("model_45", |p| model_45::traced(p[0]).sum());
    bends("model_46", |p| model_46::traced(p[0]).sum());
    bends("model_47", |p| model_47::traced(p[0]).sum());
    bends("model_48", |p| model_48::traced(p[0]).sum());
    bends("model_49", |p| model_49::traced(p[0]).sum());
}
