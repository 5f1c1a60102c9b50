//! `#[derive(Domain)]`.
//!
//! An enum is the domain of its variants, a struct the product of its fields.
//! Beside the type stands a constant of the same name, the domain as a value. It
//! is of the type itself, so that the type of a table reads as its model does,
//! `Table<(Coin,)>`; which value it holds does not matter.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{Data, DataEnum, DataStruct, DeriveInput, Error, Expr, Fields, Path, Type};

pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let result = syn::parse2::<DeriveInput>(item).and_then(|input| {
        let krate = krate(&input)?;
        if let Some(parameter) = input.generics.params.first() {
            return Err(Error::new(
                parameter.span(),
                "a domain has no generic parameters\n  help: write the types out",
            ));
        }
        match &input.data {
            Data::Enum(data) => of_enum(&input, data, &krate),
            Data::Struct(data) => of_struct(&input, data, &krate),
            Data::Union(_) => Err(Error::new(input.ident.span(), "a union cannot be a domain")),
        }
    });
    result.unwrap_or_else(|error| error.to_compile_error())
}

/// `#[domain(crate = path)]` on the item.
fn krate(input: &DeriveInput) -> syn::Result<TokenStream> {
    let mut krate = quote!(::memo);
    for attribute in input.attrs.iter().filter(|a| a.path().is_ident("domain")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("crate") {
                let path: Path = meta.value()?.parse()?;
                krate = quote!(#path);
                Ok(())
            } else {
                Err(meta.error("expected `crate = path`"))
            }
        })?;
    }
    Ok(krate)
}

fn of_enum(input: &DeriveInput, data: &DataEnum, k: &TokenStream) -> syn::Result<TokenStream> {
    let name = &input.ident;
    if data.variants.is_empty() {
        return Err(Error::new(
            name.span(),
            "a domain needs at least one value\n  help: give the enum a variant",
        ));
    }
    let mut errors: Option<Error> = None;
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            let error = Error::new(
                variant.fields.span(),
                "the variants of a domain have no fields\n  help: use a struct or a tuple for a product of domains",
            );
            match &mut errors {
                Some(all) => all.combine(error),
                None => errors = Some(error),
            }
        }
    }
    if let Some(errors) = errors {
        return Err(errors);
    }
    let variants: Vec<_> = data.variants.iter().map(|v| &v.ident).collect();
    let labels: Vec<String> = variants.iter().map(ToString::to_string).collect();
    let count = variants.len();
    let places = 0..count;
    let first = variants[0];
    let numbered = quote! {
        impl #k::__private::Numeric for #name {
            #[inline(always)]
            fn number(self) -> f64 { (self as i128) as f64 }
        }
    };
    let value = quote! { const ALL: [#name; #count] = [#(#name::#variants),*]; ALL[index] };
    let index = quote! { match value { #(#name::#variants => ::core::option::Option::Some(#places)),* } };
    let label = quote! { ::std::borrow::ToOwned::to_owned([#(#labels),*][index]) };
    let first = quote! { #name::#first };
    let count = quote! { #count };
    let body = domain(input, k, &first, Some(&count), [&count, &value, &index, &label]);
    Ok(quote! { #body #numbered })
}

fn of_struct(input: &DeriveInput, data: &DataStruct, k: &TokenStream) -> syn::Result<TokenStream> {
    let name = &input.ident;
    if data.fields.is_empty() {
        return Err(Error::new(
            name.span(),
            "a struct without fields cannot be a domain\n  help: give it fields",
        ));
    }
    if matches!(data.fields, Fields::Unnamed(_)) {
        let text = format!(
            "a tuple struct cannot be a domain: its name already stands for the function that makes its values\n  help: name the fields, as in `struct {name} {{ first: A, second: B }}`"
        );
        return Err(Error::new(name.span(), text));
    }
    let mut domains = Vec::new();
    for field in &data.fields {
        let mut given: Option<Expr> = None;
        for attribute in field.attrs.iter().filter(|a| a.path().is_ident("domain")) {
            given = Some(attribute.parse_args()?);
        }
        domains.push(match given {
            Some(expression) => {
                let ty = &field.ty;
                // A range of literals takes the type of its field.
                let domain = match &expression {
                    Expr::Range(range) if matches!(range.limits, syn::RangeLimits::HalfOpen(_)) => {
                        quote! { { let range: ::core::ops::Range<#ty> = #range; range } }
                    }
                    Expr::Range(range) => {
                        quote! { { let range: ::core::ops::RangeInclusive<#ty> = #range; range } }
                    }
                    other => quote! { #other },
                };
                quote! { #k::__private::domain_of::<#ty, _>(#domain) }
            }
            None => domain_of_type(&field.ty, k)?,
        });
    }
    let members: Vec<_> = data.fields.members().collect();
    let variables: Vec<_> =
        (0..members.len()).map(|at| format_ident!("field_{at}", span = Span::mixed_site())).collect();
    let lens = quote! { [#(#k::Domain::len(&#domains)),*] };
    let value = quote! {
        let [#(#variables),*] = #k::__private::places(index, #lens);
        #name { #(#members: #k::Domain::value(&#domains, #variables)),* }
    };
    let index = quote! {
        let mut at = 0;
        #(at = at * #k::Domain::len(&#domains) + #k::Domain::index(&#domains, value.#members)?;)*
        ::core::option::Option::Some(at)
    };
    let shown = data.fields.iter().filter_map(|field| field.ident.as_ref()).map(|name| format!("{name}: "));
    let text = name.to_string();
    let label = quote! {
        let [#(#variables),*] = #k::__private::places(index, #lens);
        let parts = [#(::std::format!("{}{}", #shown, #k::Domain::label(&#domains, #variables))),*];
        ::std::format!("{} {{{}}}", #text, parts.join(", "))
    };
    let len = quote! { #k::__private::count_cells(&#lens) };
    let types = data.fields.iter().map(|field| &field.ty);
    let first = quote! { #name { #(#members: <#types as #k::__private::AnyValue>::ANY),* } };
    Ok(domain(input, k, &first, None, [&len, &value, &index, &label]))
}

/// The domain that a field's type stands for.
fn domain_of_type(ty: &Type, k: &TokenStream) -> syn::Result<TokenStream> {
    match ty {
        Type::Path(path) if path.path.is_ident("bool") => Ok(quote! { #k::Bool }),
        Type::Path(path) => {
            let numeric =
                ["i8", "i16", "i32", "i64", "isize", "u8", "u16", "u32", "u64", "usize", "f32", "f64"];
            if numeric.iter().any(|n| path.path.is_ident(n)) {
                return Err(Error::new(
                    ty.span(),
                    "which numbers belong to the domain?\n  help: write `#[domain(0..n)]` above the field",
                ));
            }
            let path = &path.path;
            Ok(quote! { #path })
        }
        Type::Tuple(tuple) => {
            let parts = tuple.elems.iter().map(|t| domain_of_type(t, k)).collect::<syn::Result<Vec<_>>>()?;
            Ok(quote! { (#(#parts,)*) })
        }
        Type::Array(array) => {
            let (part, len) = (domain_of_type(&array.elem, k)?, &array.len);
            Ok(quote! { [#part; #len] })
        }
        other => Err(Error::new(
            other.span(),
            "this type is no domain\n  help: write `#[domain(…)]` above the field",
        )),
    }
}

/// What enums and structs share: the constant, with any value, and the traits.
fn domain(
    input: &DeriveInput,
    k: &TokenStream,
    any: &TokenStream,
    count: Option<&TokenStream>,
    [len, value, index, label]: [&TokenStream; 4],
) -> TokenStream {
    let (name, visibility) = (&input.ident, &input.vis);
    let doc = format!("The domain of all values of [`{name}`](type@{name}).");
    let count = count.map(|count| quote! { const COUNT: usize = #count; });
    quote! {
        #[doc = #doc]
        #[allow(non_upper_case_globals, dead_code)]
        #visibility const #name: #name = <#name as #k::__private::AnyValue>::ANY;

        impl #k::__private::AnyValue for #name {
            const ANY: Self = #any;
        }

        impl #k::Domain for #name {
            type Value = #name;
            #count
            #[inline]
            fn len(&self) -> usize { #len }
            #[inline]
            fn value(&self, index: usize) -> #name { #value }
            #[inline]
            fn index(&self, value: #name) -> ::core::option::Option<usize> { #index }
            fn label(&self, index: usize) -> ::std::string::String { #label }
        }

        impl #k::__private::Value for #name {
            type Class = Self;
        }

        impl #k::__private::Labelled for #name {}
    }
}
