//! Any text at all, as the body of a model and as a whole item: the compiler says
//! what is wrong with it, and neither panics nor hangs.

#![no_main]

use libfuzzer_sys::fuzz_target;
use proc_macro2::TokenStream;

fuzz_target!(|text: &str| {
    if let Ok(tokens) = text.parse::<TokenStream>() {
        let _ = memo_compiler::expand(TokenStream::new(), tokens);
    }
    let model = format!("fn f<x: X>(p: f64, n: i64) {{ model! {{ {text} }} }}");
    if let Ok(tokens) = model.parse::<TokenStream>() {
        let _ = memo_compiler::expand(TokenStream::new(), tokens);
    }
    // Else the texts of all runs are kept, for their spans.
    proc_macro2::extra::invalidate_current_thread_spans();
});
