//! The function around a model: attribute, signature and `model! { … }`.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{FnArg, GenericParam, Item, Pat, ReturnType, Stmt, Type, TypeParamBound};

use super::statements::Statements;
use super::{AxisDeclaration, Expression, ExpressionKind, Model, Options, Parameter, ParameterClass, split};
use crate::diagnostics::Errors;
use crate::optimise::Pass;

/// Parses `#[memo(attribute)] item`; `None` when not even the signature can
/// be understood.
pub fn parse(attribute: TokenStream, item: TokenStream, errors: &mut Errors) -> Option<Model> {
    let options = options(attribute, errors);
    let function = match syn::parse2::<Item>(item) {
        Ok(Item::Fn(function)) => function,
        Ok(other) => {
            errors.not_a_function(other.span());
            return None;
        }
        Err(error) => {
            errors.rust_syntax(error.span(), &error.to_string());
            return None;
        }
    };
    let signature = &function.sig;
    let mut axes = Vec::new();
    for generic in &signature.generics.params {
        match generic {
            GenericParam::Type(ty) => match ty.bounds.iter().collect::<Vec<_>>().as_slice() {
                [TypeParamBound::Trait(bound)] => {
                    axes.push(AxisDeclaration { name: ty.ident.clone(), domain: bound.path.clone() });
                }
                _ => errors.axis_needs_domain(ty.ident.span(), &ty.ident.to_string()),
            },
            other => errors.not_an_axis(other.span()),
        }
    }
    let words = [
        signature.constness.map(|word| (word.span, "const")),
        signature.asyncness.map(|word| (word.span, "async")),
        signature.unsafety.map(|word| (word.span, "unsafe")),
        signature.abi.as_ref().map(|abi| (abi.extern_token.span, "extern")),
        signature.generics.where_clause.as_ref().map(|clause| (clause.where_token.span, "where")),
    ];
    for (span, word) in words.into_iter().flatten() {
        errors.not_on_a_model(span, word);
    }
    if let ReturnType::Type(_, ty) = &signature.output {
        errors.return_type(ty.span());
    }
    let mut parameters = Vec::new();
    for input in &signature.inputs {
        match input {
            FnArg::Typed(typed) => match &*typed.pat {
                Pat::Ident(pat) if pat.mutability.is_none() && pat.by_ref.is_none() => {
                    let class = class_of(&typed.ty);
                    parameters.push(Parameter { name: pat.ident.clone(), ty: (*typed.ty).clone(), class });
                }
                other => {
                    errors.parameter_pattern(other.span());
                    for word in
                        other.to_token_stream().to_string().split(|c: char| !c.is_alphanumeric() && c != '_')
                    {
                        errors.lost_a_name(word);
                    }
                }
            },
            FnArg::Receiver(receiver) => errors.parameter_pattern(receiver.span()),
        }
    }
    let mut model = Model {
        attributes: function.attrs.clone(),
        visibility: function.vis.clone(),
        name: signature.ident.clone(),
        axes,
        parameters,
        cast: None,
        statements: Vec::new(),
        returns: Vec::new(),
        returned: Vec::new(),
        options,
        text: TokenStream::new(),
    };
    body(&function.block, &mut model, errors);
    Some(model)
}

fn options(attribute: TokenStream, errors: &mut Errors) -> Options {
    let mut options = Options::default();
    for piece in split(attribute, ',') {
        let span = piece.span();
        let text = piece.to_string();
        if let Some((word, _)) = text.split_once('=')
            && word.trim() == "crate"
        {
            let path: TokenStream = piece.into_iter().skip(2).collect();
            match syn::parse2(path) {
                Ok(path) => options.krate = Some(path),
                Err(error) => errors.rust_syntax(error.span(), &error.to_string()),
            }
            continue;
        }
        if let Some(names) = grad(&piece) {
            options.grad = Some(names);
            continue;
        }
        match text.as_str() {
            "cache" => options.cache = true,
            "strict" => options.strict = true,
            "explain" => options.explain = Some(span),
            "f32" => errors.option_not_supported(span, &text),
            other => match Pass::named(other) {
                Some(pass) => options.without.push(pass),
                None => errors.unknown_option(span, other),
            },
        }
    }
    options
}

/// `grad`, or `grad(beta, w)` with the names in it.
fn grad(piece: &TokenStream) -> Option<Vec<Ident>> {
    let mut tokens = piece.clone().into_iter();
    let is_grad = matches!(tokens.next(), Some(TokenTree::Ident(word)) if word == "grad");
    let names = match (is_grad, tokens.next(), tokens.next()) {
        (true, None, None) => return Some(Vec::new()),
        (true, Some(TokenTree::Group(group)), None) => group.stream(),
        _ => return None,
    };
    let parser = |input: ParseStream<'_>| input.parse_terminated(Ident::parse_any_name, syn::Token![,]);
    parser.parse2(names).ok().map(|names| names.into_iter().collect())
}

fn class_of(ty: &Type) -> ParameterClass {
    let Type::Path(path) = ty else { return ParameterClass::Opaque };
    let Some(word) = path.path.get_ident() else { return ParameterClass::Opaque };
    match word.to_string().as_str() {
        "f64" | "f32" => ParameterClass::Real,
        "bool" => ParameterClass::Bool,
        "i8" | "i16" | "i32" | "i64" | "isize" | "u8" | "u16" | "u32" | "u64" | "usize" => {
            ParameterClass::Integer
        }
        _ => ParameterClass::Opaque,
    }
}

fn body(block: &syn::Block, model: &mut Model, errors: &mut Errors) {
    // It may be written with its path, `memo::model!`.
    let is_model = |mac: &syn::Macro| mac.path.segments.last().is_some_and(|last| last.ident == "model");
    let tokens = match block.stmts.as_slice() {
        [Stmt::Macro(found)] if is_model(&found.mac) => found.mac.tokens.clone(),
        [Stmt::Expr(syn::Expr::Macro(found), _)] if is_model(&found.mac) => found.mac.tokens.clone(),
        [] => {
            errors.missing_model_block(block.span());
            return;
        }
        [first, ..] => {
            errors.missing_model_block(first.span());
            return;
        }
    };
    let end = tokens.clone().into_iter().last().map_or_else(|| block.span(), |t| t.span());
    model.text = tokens.clone();
    let mut returned: Option<Span> = None;
    let pieces = split(tokens, ';').into_iter().flat_map(|piece| before_return(piece, errors));
    let pieces: Vec<TokenStream> = pieces.collect();
    for (at, piece) in pieces.into_iter().enumerate() {
        let span = piece.clone().into_iter().next().map_or_else(Span::call_site, |t| t.span());
        let first = piece.clone().into_iter().next().map(|t| t.to_string()).unwrap_or_default();
        if first == "cast" && piece.to_string().replace(' ', "").starts_with("cast:") {
            if at > 0 {
                errors.cast_not_first(span);
            }
            model.cast = cast(piece, errors);
        } else if first == "return" {
            let rest: TokenStream = piece.into_iter().skip(1).collect();
            returned = Some(span);
            model.returned.push(super::text::text(&rest));
            let expression = if rest.is_empty() {
                errors.empty_return(span);
                None
            } else {
                super::expressions::parse_all(rest, errors)
            };
            // What cannot be read is a table all the same: callers count them.
            let unread = || Expression { kind: ExpressionKind::Bool(false), span };
            model.returns.push(expression.unwrap_or_else(unread));
        } else if !piece.is_empty() {
            if returned.is_some() {
                errors.statement_after_return(span);
            }
            Statements { errors }.parse(piece, span, &mut model.statements);
        }
    }
    if model.returns.is_empty() {
        errors.missing_return(end);
    }
}

/// `statement return e`, where a `;` is missing, is two pieces.
fn before_return(piece: TokenStream, errors: &mut Errors) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = piece.into_iter().collect();
    let is_return = |token: &TokenTree| match token {
        TokenTree::Ident(word) => word == "return",
        _ => false,
    };
    match tokens.iter().skip(1).position(is_return) {
        Some(before) => {
            let (first, second) = tokens.split_at(before + 1);
            errors.unexpected(second[0].span(), "return", false);
            vec![first.iter().cloned().collect(), second.iter().cloned().collect()]
        }
        None => vec![tokens.into_iter().collect()],
    }
}

fn cast(piece: TokenStream, errors: &mut Errors) -> Option<Vec<Ident>> {
    let rest: TokenStream = piece.into_iter().skip(2).collect();
    let parser = |input: ParseStream<'_>| {
        let list;
        syn::bracketed!(list in input);
        list.parse_terminated(Ident::parse_any_name, syn::Token![,])
    };
    match parser.parse2(rest.clone()) {
        Ok(names) => Some(names.into_iter().collect()),
        Err(_) => {
            errors.bad_cast(rest.to_token_stream().span());
            None
        }
    }
}

trait AnyName: Sized {
    fn parse_any_name(input: ParseStream<'_>) -> syn::Result<Self>;
}

impl AnyName for Ident {
    fn parse_any_name(input: ParseStream<'_>) -> syn::Result<Self> {
        syn::ext::IdentExt::parse_any(input)
    }
}
