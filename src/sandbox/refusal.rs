//! [`Refusal`]: an error, in one of Stripe's two shapes.

use crate::server::Response;
use serde::Serialize;

/// A refusal. Its texts are Stripe's, from its documentation, its libraries' tests and reports of people.
pub(super) enum Refusal {
    /// `{"error": "…", "error_description": "…"}`.
    OAuth { status: u16, error: &'static str, description: Option<String>, state: Option<String> },
    /// `{"error": {"message": "…", "type": "…"}}`.
    Api { status: u16, error: ApiError },
    /// The API's shape, and the methods that are allowed.
    Method { allow: &'static str },
}

/// What the API says of an error.
#[derive(Serialize)]
pub(super) struct ApiError {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    doc_url: Option<String>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    param: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
}

impl Refusal {
    /// A message and nothing else, as the authorize page answers.
    pub(super) fn api(status: u16, message: impl Into<String>) -> Refusal {
        let error = ApiError { code: None, doc_url: None, message: message.into(), param: None, r#type: None };
        Refusal::Api { status, error }
    }

    /// `invalid_request_error`, the API's word for most mistakes.
    pub(super) fn invalid(status: u16, message: impl Into<String>) -> Refusal {
        Refusal::api(status, message).with_type("invalid_request_error")
    }

    pub(super) fn oauth(status: u16, error: &'static str, description: impl Into<String>) -> Refusal {
        Refusal::OAuth { status, error, description: Some(description.into()), state: None }
    }

    /// `code` is the only response type there is.
    pub(super) fn response_type(asked: &str) -> Refusal {
        let text = format!("Only 'code' response_type is supported, but '{asked}' was provided");
        Refusal::oauth(400, "unsupported_response_type", text)
    }

    /// The API's answer to a path or a method that it does not have.
    pub(super) fn unrecognized(method: &str, path: &str) -> Refusal {
        let message = format!(
            "Unrecognized request URL ({method}: {path}). If you are trying to list objects, remove the trailing \
             slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier \
             in your code. Please see https://stripe.com/docs or we can help at https://support.stripe.com/."
        );
        Refusal::invalid(404, message)
    }

    pub(super) fn with_type(mut self, word: &'static str) -> Refusal {
        if let Refusal::Api { error, .. } = &mut self {
            error.r#type = Some(word);
        }
        self
    }

    /// Adds the code, and the page of Stripe's documentation about it.
    pub(super) fn with_code(mut self, code: &'static str) -> Refusal {
        if let Refusal::Api { error, .. } = &mut self {
            error.code = Some(code);
            error.doc_url = Some(["https://stripe.com/docs/error-codes/", &*code.replace('_', "-")].concat());
        }
        self
    }

    /// Adds the code alone, where Stripe has no page about it.
    pub(super) fn with_bare_code(mut self, code: &'static str) -> Refusal {
        if let Refusal::Api { error, .. } = &mut self {
            error.code = Some(code);
        }
        self
    }

    pub(super) fn with_param(mut self, param: &str) -> Refusal {
        if let Refusal::Api { error, .. } = &mut self {
            error.param = Some(param.to_owned());
        }
        self
    }

    /// Echoes the state, which only OAuth's shape does.
    pub(super) fn with_state(mut self, echo: Option<&str>) -> Refusal {
        if let Refusal::OAuth { state, .. } = &mut self {
            *state = echo.map(str::to_owned);
        }
        self
    }

    /// The error's name, which holds nothing of the request.
    pub(super) fn error(&self) -> &'static str {
        match self {
            Refusal::OAuth { error, .. } => error,
            Refusal::Api { error, .. } => error.code.or(error.r#type).unwrap_or("invalid_request_error"),
            Refusal::Method { .. } => "invalid_request_error",
        }
    }

    /// Whether Stripe sends the request away for its parameters, before it begins to carry it out.
    pub(super) fn is_about_parameters(&self) -> bool {
        ["parameter_unknown", "parameter_missing"].contains(&self.error())
    }

    pub(super) fn response(&self) -> Response {
        match self {
            Refusal::OAuth { status, error, description, state } => {
                let body = OAuthBody { error, error_description: description.as_deref(), state: state.as_deref() };
                json(*status, &body)
            }
            Refusal::Api { status, error } => json(*status, &ApiBody { error }),
            Refusal::Method { allow } => {
                let message = ["This address takes ", allow, "."].concat();
                Refusal::api(405, message).response().with_header("allow", *allow)
            }
        }
    }
}

#[derive(Serialize)]
struct OAuthBody<'a> {
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
}

#[derive(Serialize)]
struct ApiBody<'a> {
    error: &'a ApiError,
}

/// Strings, numbers, lists and objects of them always serialize.
pub(super) fn json(status: u16, body: &impl Serialize) -> Response {
    Response::json(status, serde_json::to_string(body).unwrap_or_default())
}
