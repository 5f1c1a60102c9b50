//! The models of `tests/ui/mended` compile. Written by
//! `ERRORS_UPDATE=1 cargo test -p memo-lang-compiler --test mistakes`.

#![allow(dead_code, deprecated, missing_docs, reason = "each is there to be compiled")]

#[path = "ui/mended/argument_not_static.rs"]
mod argument_not_static;
#[path = "ui/mended/ask_one_value.rs"]
mod ask_one_value;
#[path = "ui/mended/axis_needs_domain.rs"]
mod axis_needs_domain;
#[path = "ui/mended/axis_not_a_choice.rs"]
mod axis_not_a_choice;
#[path = "ui/mended/bad_cast.rs"]
mod bad_cast;
#[path = "ui/mended/bad_choice.rs"]
mod bad_choice;
#[path = "ui/mended/bad_number.rs"]
mod bad_number;
#[path = "ui/mended/cache_needs_numbers.rs"]
mod cache_needs_numbers;
#[path = "ui/mended/cannot_forget.rs"]
mod cannot_forget;
#[path = "ui/mended/cast_not_first.rs"]
mod cast_not_first;
#[path = "ui/mended/chained_comparison.rs"]
mod chained_comparison;
#[path = "ui/mended/cost_of_a_model.rs"]
mod cost_of_a_model;
#[path = "ui/mended/different_domains.rs"]
mod different_domains;
#[path = "ui/mended/divergence_of_two.rs"]
mod divergence_of_two;
#[path = "ui/mended/empty_brackets.rs"]
mod empty_brackets;
#[path = "ui/mended/empty_return.rs"]
mod empty_return;
#[path = "ui/mended/entropy_of_choices.rs"]
mod entropy_of_choices;
#[path = "ui/mended/expected_expression.rs"]
mod expected_expression;
#[path = "ui/mended/explains_no_observation.rs"]
mod explains_no_observation;
#[path = "ui/mended/explains_one_value.rs"]
mod explains_one_value;
#[path = "ui/mended/explains_without_observation.rs"]
mod explains_without_observation;
#[path = "ui/mended/gradient_of_nothing.rs"]
mod gradient_of_nothing;
#[path = "ui/mended/gradient_of_unknown.rs"]
mod gradient_of_unknown;
#[path = "ui/mended/gradient_through_function.rs"]
mod gradient_through_function;
#[path = "ui/mended/gradient_through_rust.rs"]
mod gradient_through_rust;
#[path = "ui/mended/imagine_without_value.rs"]
mod imagine_without_value;
#[path = "ui/mended/is_for_equality.rs"]
mod is_for_equality;
#[path = "ui/mended/knows_after_wants.rs"]
mod knows_after_wants;
#[path = "ui/mended/knows_what_it_holds.rs"]
mod knows_what_it_holds;
#[path = "ui/mended/literal.rs"]
mod literal;
#[path = "ui/mended/measure_of_known.rs"]
mod measure_of_known;
#[path = "ui/mended/method.rs"]
mod method;
#[path = "ui/mended/missing_braces.rs"]
mod missing_braces;
#[path = "ui/mended/missing_brackets.rs"]
mod missing_brackets;
#[path = "ui/mended/missing_colon.rs"]
mod missing_colon;
#[path = "ui/mended/missing_domain.rs"]
mod missing_domain;
#[path = "ui/mended/missing_else.rs"]
mod missing_else;
#[path = "ui/mended/missing_key.rs"]
mod missing_key;
#[path = "ui/mended/missing_keyword.rs"]
mod missing_keyword;
#[path = "ui/mended/missing_model_block.rs"]
mod missing_model_block;
#[path = "ui/mended/missing_operator.rs"]
mod missing_operator;
#[path = "ui/mended/missing_return.rs"]
mod missing_return;
#[path = "ui/mended/missing_semicolon.rs"]
mod missing_semicolon;
#[path = "ui/mended/missing_weight.rs"]
mod missing_weight;
#[path = "ui/mended/name_clash.rs"]
mod name_clash;
#[path = "ui/mended/names_expected.rs"]
mod names_expected;
#[path = "ui/mended/not_a_choice.rs"]
mod not_a_choice;
#[path = "ui/mended/not_a_function.rs"]
mod not_a_function;
#[path = "ui/mended/not_a_statement.rs"]
mod not_a_statement;
#[path = "ui/mended/not_an_axis.rs"]
mod not_an_axis;
#[path = "ui/mended/not_in_cast.rs"]
mod not_in_cast;
#[path = "ui/mended/not_on_a_model.rs"]
mod not_on_a_model;
#[path = "ui/mended/nothing_chosen.rs"]
mod nothing_chosen;
#[path = "ui/mended/number_as_domain.rs"]
mod number_as_domain;
#[path = "ui/mended/number_as_truth.rs"]
mod number_as_truth;
#[path = "ui/mended/observed_twice.rs"]
mod observed_twice;
#[path = "ui/mended/observed_value.rs"]
mod observed_value;
#[path = "ui/mended/observes_needs_is.rs"]
mod observes_needs_is;
#[path = "ui/mended/one_choice_to_be.rs"]
mod one_choice_to_be;
#[path = "ui/mended/one_expression.rs"]
mod one_expression;
#[path = "ui/mended/option_not_supported.rs"]
mod option_not_supported;
#[path = "ui/mended/own_name.rs"]
mod own_name;
#[path = "ui/mended/parameter_by_value.rs"]
mod parameter_by_value;
#[path = "ui/mended/parameter_pattern.rs"]
mod parameter_pattern;
#[path = "ui/mended/power_as_xor.rs"]
mod power_as_xor;
#[path = "ui/mended/predict_needs_an_agent.rs"]
mod predict_needs_an_agent;
#[path = "ui/mended/python_word.rs"]
mod python_word;
#[path = "ui/mended/repeated_axis.rs"]
mod repeated_axis;
#[path = "ui/mended/repeated_choice.rs"]
mod repeated_choice;
#[path = "ui/mended/repeated_goal.rs"]
mod repeated_goal;
#[path = "ui/mended/return_type.rs"]
mod return_type;
#[path = "ui/mended/rust_word.rs"]
mod rust_word;
#[path = "ui/mended/semicolon_inside.rs"]
mod semicolon_inside;
#[path = "ui/mended/set_for_equality.rs"]
mod set_for_equality;
#[path = "ui/mended/snapshot_name_taken.rs"]
mod snapshot_name_taken;
#[path = "ui/mended/square_brackets.rs"]
mod square_brackets;
#[path = "ui/mended/statement_after_return.rs"]
mod statement_after_return;
#[path = "ui/mended/theory_forbids.rs"]
mod theory_forbids;
#[path = "ui/mended/too_deep.rs"]
mod too_deep;
#[path = "ui/mended/type_as_domain.rs"]
mod type_as_domain;
#[path = "ui/mended/uncertain_answer.rs"]
mod uncertain_answer;
#[path = "ui/mended/uncertain_return.rs"]
mod uncertain_return;
#[path = "ui/mended/uncertain_weight.rs"]
mod uncertain_weight;
#[path = "ui/mended/unexpected.rs"]
mod unexpected;
#[path = "ui/mended/unknown_agent.rs"]
mod unknown_agent;
#[path = "ui/mended/unknown_choice.rs"]
mod unknown_choice;
#[path = "ui/mended/unknown_goal.rs"]
mod unknown_goal;
#[path = "ui/mended/unknown_keyword.rs"]
mod unknown_keyword;
#[path = "ui/mended/unknown_measure.rs"]
mod unknown_measure;
#[path = "ui/mended/unknown_option.rs"]
mod unknown_option;
#[path = "ui/mended/unknown_theory.rs"]
mod unknown_theory;
#[path = "ui/mended/unmodelled_observation.rs"]
mod unmodelled_observation;
#[path = "ui/mended/unused_axis.rs"]
mod unused_axis;
#[path = "ui/mended/walrus.rs"]
mod walrus;
#[path = "ui/mended/weight_twice.rs"]
mod weight_twice;
#[path = "ui/mended/which_value.rs"]
mod which_value;
#[path = "ui/mended/wrong_arity.rs"]
mod wrong_arity;
#[path = "ui/mended/wrong_key.rs"]
mod wrong_key;
#[path = "ui/mended/wrong_number_of_arguments.rs"]
mod wrong_number_of_arguments;
#[path = "ui/mended/wrong_number_of_axes.rs"]
mod wrong_number_of_axes;
