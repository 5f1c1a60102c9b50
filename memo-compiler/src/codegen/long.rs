//! A second set of tables, for sizes of which one is much larger than all others.

use proc_macro2::TokenStream;

use super::{Code, Parts};
use crate::optimise::Long;
use crate::tensor::DomainId;

/// For which sizes a program is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// For any.
    AnySize,
    /// For those in which one axis is much longer than all others.
    OneLong,
}

impl Layout {
    /// The number of the first part of the model that is kept for some of its
    /// parameters.
    pub(super) fn first_part(self) -> usize {
        match self {
            Self::AnySize => 0,
            Self::OneLong => 1 << 20,
        }
    }
}

impl Code<'_> {
    /// The way to the tables where one axis is long, and the functions that fill
    /// them there.
    pub(super) fn where_one_is_long(&self, long: &Long) -> (TokenStream, TokenStream) {
        let Parts { parameters, arguments, .. } = self.parts();
        let (k, p) = (&self.krate, self.private());
        let domains = self.domains(&|domain| domain == long.long.0 || long.short.contains(&DomainId(domain)));
        let length = |domain: &DomainId| self.names.domain(domain.0).1;
        let (count, short) = (length(&long.long), long.short.iter().map(length));
        let way = code! {
            {
                #domains
                if #p::one_is_long(#count, &[#(#short),*]) {
                    return Self::__tables_long(inputs, returned, #(#arguments),*);
                }
            }
        };
        let mut code = Code::new(self.model, &long.program);
        code.layout = Layout::OneLong;
        let ((body, parts), fixed) = (code.body(), code.fixed_functions());
        let functions = code! {
            #fixed

            /// The tables where one axis is much longer than all others.
            #[doc(hidden)]
            fn __tables_long<'memo>(inputs: &mut #k::__private::Inputs<'_>, returned: &mut #k::__private::Tables, #(#parameters),*) -> ::core::result::Result<(), #k::__private::Fault> {
                use #k::__private as __memo;
                #body
            }

            #parts
        };
        (way, functions)
    }
}
