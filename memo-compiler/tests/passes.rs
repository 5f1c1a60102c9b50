//! Each pass on models small enough to read its result.

use memo_compiler::diagnostics::Errors;
use memo_compiler::tensor::{Body, DomainId, Program, print};
use memo_compiler::{analyse, long, optimise, syntax};

fn program(text: &str) -> Program {
    let tokens = text.parse().unwrap_or_else(|error| panic!("{error}"));
    let mut errors = Errors::new();
    let model = syntax::parse(proc_macro2::TokenStream::new(), tokens, &mut errors);
    let model = model.unwrap_or_else(|| panic!("{errors:?}"));
    let program = analyse(&model, &mut errors);
    assert!(errors.is_empty(), "{errors:?}");
    program
}

fn chain(n: usize) -> String {
    let mut text = "fn chain<x: N>() { model! { a: chooses(x1 in N, wpp = 1 + x1);\n".to_string();
    for i in 2..=n {
        text += &format!("a: chooses(x{i} in N, wpp = 1 + (x{} == x{i}));\n", i - 1);
    }
    text + &format!("return Pr[a.x{n} == x]; }} }}")
}

/// Sums along a chain never meet more than two axes, however long it is.
#[test]
fn elimination_follows_the_treewidth() {
    for n in [3, 12, 100] {
        let program = optimise(program(&chain(n)));
        for definition in &program.definitions {
            let over = match &definition.body {
                Body::Query { over, .. } => over.len(),
                _ => 0,
            };
            assert!(definition.axes.len() + over <= 2, "{}", print(&program));
        }
        assert!(program.definitions.len() <= 3 * n, "{}", print(&program));
    }
}

/// In a tree of five choices, one of them seen, no sum meets more than the
/// seen one, the one summed over and a neighbour.
#[test]
fn elimination_in_a_tree() {
    let program = optimise(program(
        "fn tree<x: N>() { model! {
            a: thinks[ b: chooses(r in N, wpp = 1 + r) ];
            a: thinks[ b: chooses(c in N, wpp = 1 + (r == c)), b: chooses(d in N, wpp = 1 + (r == d)) ];
            a: thinks[ b: chooses(e in N, wpp = 1 + (d == e)) ];
            a: observes [b.c] is x;
            return a[E[b.e]];
        } }",
    ));
    let text = print(&program);
    assert!(text.lines().all(|line| line.matches("|N|").count() <= 3), "{text}");
    assert!(text.contains("a_expectation[x] = E[b.e] b.e under without_b_d[x, b.e]"), "{text}");
}

/// `Pr[b.x == x]` after an observation reads the posterior; the copy of the
/// marginal that this makes is gone, and what nobody reads.
#[test]
fn copies_and_dead_code_go() {
    let text = "fn m<x: N>() { model! {
        a: thinks[ b: chooses(y in N, wpp = 1 + y) ];
        return a[Pr[b.y == x]] ;
    } }";
    let text = text.replace("return a[", "a: knows(x); return a[");
    let before = program(&text);
    let after = optimise(before.clone());
    assert!(before.definitions.len() > after.definitions.len());
    assert_eq!(
        print(&after),
        "plan of m\n  b_y[b.y] = normalise[b.y] (1 + b.y)   once, O(|N|)\n  result[x] = b_y[x]   O(|N|)\n"
    );
}

/// A choice that no answer rests on is still computed: its weights are
/// checked.
#[test]
fn weights_are_checked_even_if_nobody_asks() {
    let after = optimise(program("fn m(p: f64) { model! { a: chooses(y in N, wpp = p); return 1; } }"));
    assert_eq!(print(&after), "plan of m\n  a_y[a.y] = normalise[a.y] p   O(|N|)\n  result = 1   O(1)\n");
}

/// The optimiser does not change what a plan computes, whatever the order of
/// its passes finds.
#[test]
fn optimising_twice_changes_nothing() {
    for text in [chain(5), chain(1)] {
        let once = optimise(program(&text));
        assert_eq!(print(&once), print(&optimise(once.clone())));
    }
}

/// Queries that differ only in what they ask of the same belief stay apart.
#[test]
fn what_differs_is_not_shared() {
    let after = optimise(program(
        "fn m() { model! {
            a: chooses(x in N, y in M, wpp = x * y);
            return H[a.x] + H[a.y] + H[a.x, a.y] + E[a.x] + Var[a.x] + E[a.y] + H[a.x];
        } }",
    ));
    let queries = after.definitions.iter().filter(|d| matches!(d.body, Body::Query { .. })).count();
    // Six different questions; two marginals, each shared by three of them.
    assert_eq!(queries, 8, "{}", print(&after));
}

/// Two minds that think the same of somebody have one table for it, though each
/// has axes of its own; what differs in a domain or a number stays apart.
#[test]
fn beliefs_that_differ_in_names_alone_are_one() {
    let program = optimise(program(
        "fn f<x: N>(p: f64) { model! {
            a: knows(x);
            c: knows(x);
            a: thinks[ b: chooses(y in N, wpp = exp(p * y)), b: chooses(z in N, wpp = p + (y == z)) ];
            c: thinks[ b: chooses(y in N, wpp = exp(p * y)), b: chooses(z in N, wpp = p - (y == z)) ];
            return a[Pr[b.z == x]] - c[Pr[b.z == x]];
        } }",
    ));
    let text = print(&program);
    assert_eq!(text.matches("exp((p * b.y))").count(), 1, "{text}");
    assert_eq!(text.matches("(p + (b.y == b.z))").count(), 1, "{text}");
    assert_eq!(text.matches("(p - (b.y == b.z))").count(), 1, "{text}");
}

/// What rests on some of the parameters only is computed once for all levels of
/// a recursion, unless there is next to nothing to compute.
#[test]
fn levels_share_what_does_not_change() {
    let text = print(&optimise(program(
        "fn v<s: N>(t: i64, slip: f64) { model! {
            a: knows(s);
            a: chooses(next in N, wpp = leads(s, next, slip));
            return E[a.next] + slip * (0 if t <= 0 else E[v[a.next](t - 1, slip)]);
        } }",
    )));
    let kept =
        "a_next[s, a.next] = normalise[a.next] leads(s, a.next, slip)   once for each slip, O(|N|·|N|)";
    assert!(text.contains(kept), "{text}");
    assert_eq!(text.matches("once").count(), text.matches("once for each slip").count(), "{text}");
    // Without calls there are no levels.
    let text = print(&optimise(program(
        "fn v<s: N>(t: i64, slip: f64) { model! {
            a: knows(s);
            a: chooses(next in N, wpp = leads(s, next, slip));
            return E[a.next] * t;
        } }",
    )));
    assert!(!text.contains("once"), "{text}");
}

/// Where all that is asked of who takes the best is how good it is, nobody
/// computes who takes what.
#[test]
fn the_value_of_the_best_is_a_maximum() {
    let value = |rule: &str, asked: &str| {
        print(&optimise(program(&format!(
            "fn v<s: N, x: N>(t: i64) {{ model! {{
                a: knows(s, x);
                a: chooses(y in N, {rule} = 0 if t <= 0 else v[x, y](t - 1));
                return s + (0 if t <= 0 else {asked});
            }} }}",
        ))))
    };
    let text = value("to_maximize", "E[v[x, a.y](t - 1)]");
    assert!(text.contains("= max[a.y] v_table[x, a.y] if not (t <= 0)"), "{text}");
    assert!(!text.contains("arg max"), "{text}");
    let text = value("to_minimize", "E[v[x, a.y](t - 1)]");
    assert!(text.contains("= min[a.y] v_table[x, a.y] if not (t <= 0)"), "{text}");
    // Something else is asked, or asked too, or of other weights.
    for (rule, asked) in [
        ("to_maximize", "E[v[a.y, x](t - 1)]"),
        ("to_maximize", "E[v[x, a.y](t - 1)] + E[a.y]"),
        ("wpp", "E[v[x, a.y](t - 1)]"),
    ] {
        let text = value(rule, asked);
        assert!(text.contains("a_y[x, a.y] = ") && !text.contains("= max["), "{text}");
    }
    // Weights elsewhere than where the value is asked are checked, too.
    let text = print(&optimise(program(
        "fn v<x: N>(t: i64) { model! {
            a: knows(x);
            a: chooses(y in N, to_maximize = log(x - y) if t <= 0 else v[y](t - 1));
            return 0 if t <= 0 else E[v[a.y](t - 1)];
        } }",
    )));
    assert!(text.contains("arg max"), "{text}");
}

/// A function of a kept table is kept as well, as the logarithm of a literal
/// listener in a speaker's weights.
#[test]
fn functions_of_kept_tables_are_kept() {
    let text = print(&optimise(program(
        "fn s<u: N>(alpha: f64) { model! {
            s: thinks[ l: chooses(x in N, wpp = fits(x)) ];
            s: chooses(u in N, wpp = exp(alpha * log(Pr[l.x == u])));
            return Pr[s.u == u];
        } }",
    )));
    assert!(text.contains("s_u_part[s.u] = log(l_x[s.u])   once"), "{text}");
    assert!(text.contains("exp((alpha * s_u_part[s.u]))"), "{text}");
}

/// A density of one axis stands in a loop over two: it is computed once for each value of its
/// own. What the innermost loop needs once, or only where something holds, stays there.
#[test]
fn densities_are_computed_over_their_own_axes() {
    let text = |weight: &str| {
        print(&optimise(program(&format!(
            "fn s<u: N>(mu: f64) {{ model! {{
                s: knows(u);
                s: thinks[ l: chooses(x in N, wpp = mu + x), l: chooses(y in N, wpp = {weight}) ];
                return s[Pr[l.y == u]];
            }} }}",
        ))))
    };
    let apart = text("normal_pdf(y, mu, 1) * (mu + x)");
    assert!(apart.contains("l_y_part[l.y] = "), "{apart}");
    for together in [
        "normal_pdf(x, mu, 1) * (mu + y)",
        "normal_pdf(x + y, mu, 1)",
        "normal_pdf(y, mu, 1) if y > x else mu",
    ] {
        let together = text(together);
        assert!(!together.contains("_part["), "{together}");
    }
}

/// A judge who takes the likeliest of some states, of which she has seen a sign.
fn judge(weight: &str, asked: &str, rule: &str) -> String {
    format!(
        "fn judge<t: T>(p: f64) {{ model! {{
            judge: knows(t);
            judge: thinks[
                other: knows(t),
                other: chooses(s in S, wpp = p + s),
                other: chooses(r in R, wpp = {weight})
            ];
            other: knows(t);
            other: chooses(s in S, wpp = p + s);
            other: chooses(r in R, wpp = {weight});
            judge: observes [other.r] is other.r;
            judge: chooses(v in S, {rule} = Pr[other.s == v]);
            return Pr[judge.v == 0]{asked};
        }} }}"
    )
}

/// Who takes the likeliest need not know how likely it is: unless somebody asks,
/// or its weights are to be checked.
#[test]
fn decisions_need_no_posterior() {
    let text = |weight, asked, rule| print(&optimise(program(&judge(weight, asked, rule))));
    let found = text("fits(r, s, t)", "", "to_maximize");
    let decision = "= arg max[judge.v] (other_s[judge.v] * other_r[t, judge.v, other.r])";
    assert!(found.contains(decision) && !found.contains("posterior"), "{found}");
    let found = text("fits(r, s, t)", "", "to_minimize");
    assert!(
        found.contains("= arg min[judge.v] (other_s[judge.v]") && !found.contains("posterior"),
        "{found}"
    );
    // Chances in proportion to it.
    let found = text("fits(r, s, t)", "", "wpp");
    assert!(found.contains("posterior"), "{found}");
    // Something else is made of it, too.
    let other = "judge: chooses(w in S, wpp = Pr[other.s == w] + 1); return";
    let model = judge("fits(r, s, t)", " + Pr[judge.w == 0]", "to_maximize").replace("return", other);
    let found = print(&optimise(program(&model)));
    assert!(found.contains("arg max[judge.v] judge_posterior"), "{found}");
}

/// Where one domain is much longer than the others, it is to lie innermost; where
/// that changes nothing, or two of its axes meet, there is one layout alone.
#[test]
fn one_long_axis_lies_innermost() {
    let second = |text: &str| {
        let program = optimise(program(text));
        long(&program).map(|long| {
            let name = |domain: &DomainId| program.domains.get(domain.0).map(|d| d.text.clone());
            let short: Vec<_> = long.short.iter().filter_map(name).collect();
            (name(&long.long).unwrap_or_default(), short.join(", "), print(&long.program))
        })
    };
    let (of, short, text) = second(&judge("fits(r, s, t)", "", "to_maximize")).expect("rows are short");
    assert_eq!((of.as_str(), short.as_str()), ("T", "S, R"));
    assert!(text.contains("judge_v[other.r, judge.v, t] = arg max[judge.v]"), "{text}");
    assert!(text.contains("other_r[other.s, other.r, t] = normalise[other.r]"), "{text}");
    assert!(text.contains("without_other_r[judge.v, t] = Σ[other.r]"), "{text}");
    // All of them lie along it already.
    assert!(
        second("fn f<t: T>(p: f64) { model! { a: chooses(x in T, wpp = p + x); return Pr[a.x == t]; } }")
            .is_none()
    );
    // A step from anywhere to anywhere.
    let steps = "fn f<t: T>(p: f64) { model! {
        a: knows(t);
        a: chooses(x in T, wpp = p + x * t);
        a: chooses(y in S, wpp = p + y * x);
        return Pr[a.y == 0];
    } }";
    assert!(second(steps).is_none());
}
