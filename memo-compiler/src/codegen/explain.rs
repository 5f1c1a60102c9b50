//! What `#[memo(explain)]` adds to a model: hidden models, with fewer observations
//! and with the beliefs of its minds, and the functions that set their tables side by
//! side.

use proc_macro2::{Ident, Span, TokenStream};

use super::{Code, Parts};
use crate::analysis::{Explained, Place, Words};
use crate::syntax::{Model, Options};
use crate::tensor::Program;

impl Code<'_> {
    /// `f::explain` and `f::try_explain`, with the models that they call.
    pub(super) fn explanation(&self, explained: &Explained) -> TokenStream {
        let Parts { name, arguments, attributes, .. } = self.parts();
        let conditional = attributes.iter().filter(|a| a.path().is_ident("cfg"));
        let p = {
            let k = &self.krate;
            code! { #k::__private }
        };
        let text = self.program.name.as_str();
        let hidden =
            |kind: &str, at: usize| Ident::new(&format!("__memo_{name}_{kind}_{at}"), Span::mixed_site());
        let mut models = TokenStream::new();
        let mut steps = TokenStream::new();
        for (at, state) in explained.states.iter().enumerate() {
            let model = hidden("state", at);
            models.extend(self.hidden_model(&model, &state.program));
            // The chances of what this observation's observer has observed by then and
            // those of the next.
            let chance = |observation: Option<usize>| {
                let chance = observation.and_then(|at| state.chances.get(at)).and_then(Option::as_ref);
                let Some((which, places)) = chance else { return code! { ::core::option::Option::None } };
                let places = places_of(&p, places);
                code! { ::core::option::Option::Some((#which, #places)) }
            };
            let (own, next) = (chance(at.checked_sub(1)), chance(Some(at)));
            let observation = at.checked_sub(1).map(|at| &explained.observations[at]);
            let observed = match observation {
                None => code! { ::core::option::Option::None },
                Some(observation) => {
                    let who = &observation.who;
                    let words = observation.words.iter().map(|word| match word {
                        Words::Text(text) => code! { #p::Words::Text(#text) },
                        Words::Axis(at) => code! { #p::Words::Axis(#at) },
                    });
                    code! { ::core::option::Option::Some((#who, &[#(#words),*] as &[#p::Words])) }
                }
            };
            steps.extend(code! {
                explanation.state(#observed, &#p::solve(#model::__job(#(#arguments),*))?, #own, #next);
            });
        }
        for (at, mind) in explained.minds.iter().enumerate() {
            let who = &mind.name;
            if let Some(unsettled) = &mind.unsettled {
                steps.extend(code! { explanation.unsettled(#who, #unsettled); });
                continue;
            }
            let model = hidden("mind", at);
            models.extend(self.hidden_model(&model, &mind.program));
            let choices = mind.choices.iter().map(|(name, domain)| {
                let domain = &mind.program.domains[domain.0];
                let (tokens, domain) = (&domain.tokens, &domain.text);
                code! { #p::Uncertain::new(#text, #name, #domain, &(#tokens))? }
            });
            let belief = mind.belief.iter().map(|places| places_of(&p, places));
            let value = match &mind.value {
                None => code! { ::core::option::Option::None },
                Some(places) => {
                    let places = places_of(&p, places);
                    code! { ::core::option::Option::Some(#places) }
                }
            };
            steps.extend(code! {
                explanation.mind(
                    #who,
                    ::std::vec![#(#choices),*],
                    &#p::solve(#model::__job(#(#arguments),*))?,
                    &[#(#belief),*],
                    #value,
                );
            });
        }
        let (question, chance) = (&explained.question, explained.probability);
        let axis_names: Vec<String> = self.model.axes.iter().map(|a| a.name.to_string()).collect();
        let domains = self.axis_domains();
        let (_, axes) = self.axis_parameters();
        let body = code! {
            #p::guarded(#text, move || {
                let axes = Self::__axes(#(#axes),*)?;
                let cell = #p::ExplainedCell::new(#text, &axes, &[#(#axis_names),*], &[#(#domains),*], key)?;
                let mut explanation = #p::Explaining::new(#question, #chance, cell);
                #steps
                ::core::result::Result::Ok(explanation.done())
            })
        };
        let functions = self.explaining(&body);
        code! {
            #(#conditional)*
            #[allow(non_camel_case_types, non_snake_case, unused_variables, unused_mut, unused_doc_comments, unused_parens, unused_braces, dead_code, unreachable_code, unreachable_pub, unused_imports, clippy::all, clippy::pedantic, clippy::nursery)]
            const _: () = {
                #models
                impl #name { #functions }
            };
        }
    }

    /// The same names, of a model that does not compile.
    pub(super) fn explanation_stub(&self, body: &TokenStream) -> TokenStream {
        if self.model.options.explain.is_none() {
            return TokenStream::new();
        }
        let name = self.parts().name;
        let functions = self.explaining(body);
        code! {
            #[allow(unused_variables, dead_code, missing_docs)]
            impl #name { #functions }
        }
    }

    fn explaining(&self, body: &TokenStream) -> TokenStream {
        let Parts { parameters, arguments, .. } = self.parts();
        let k = &self.krate;
        let key = code! { <<Self as #k::__private::Signature>::Axes<'memo> as #k::Axes>::Key };
        self.tried(
            "explain",
            "What each observation does to the cell of this key, and the worlds that carry most of the belief.",
            &(code! { #(#parameters,)* key: #key }, code! { #(#arguments,)* key }),
            &code! { #k::Explanation },
            body,
        )
    }

    /// A program as a model of its own, of which only the tables are used.
    fn hidden_model(&self, name: &Ident, program: &Program) -> TokenStream {
        let levels = ["allow", "expect", "warn", "deny", "forbid"];
        let model = Model {
            attributes: self
                .model
                .attributes
                .iter()
                .filter(|a| levels.iter().any(|level| a.path().is_ident(level)))
                .cloned()
                .collect(),
            visibility: syn::Visibility::Inherited,
            name: name.clone(),
            options: Options { krate: self.model.options.krate.clone(), ..Options::default() },
            ..self.model.clone()
        };
        let code = Code::new(&model, program);
        let (signature, inherent) = (code.signature(), code.inherent(None, None));
        code! { #signature #inherent }
    }
}

/// Where the indices along the axes of a table come from.
fn places_of(p: &TokenStream, places: &[Place]) -> TokenStream {
    let places = places.iter().map(|place| match place {
        Place::Cell(at) => code! { #p::Place::Cell(#at) },
        Place::Choice(at) => code! { #p::Place::Choice(#at) },
    });
    code! { &[#(#places),*] as &[#p::Place] }
}
