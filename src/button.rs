//! [`Button`]: *Connect with Stripe* as markup. It needs `button.css` and no script.

use crate::error::{ConnectError, ErrorCode};
use crate::html::escape;
use crate::origin::is_local_path;

/// The three official looks (`docs.stripe.com/connect/collect-then-transfer-guide`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonLook {
    /// White on Stripe's purple.
    #[default]
    Blurple,
    /// White on dark blue.
    Slate,
    /// Dark blue on white.
    White,
}

impl ButtonLook {
    /// Reads `blurple`, `slate` or `white`.
    pub fn parse(text: &str) -> Result<ButtonLook, ConnectError> {
        match text {
            "blurple" => Ok(ButtonLook::Blurple),
            "slate" => Ok(ButtonLook::Slate),
            "white" => Ok(ButtonLook::White),
            _ => Err(ConnectError::invalid("look", "must be blurple, slate or white")),
        }
    }

    const fn class(self) -> &'static str {
        match self {
            ButtonLook::Blurple => "",
            ButtonLook::Slate => " slate",
            ButtonLook::White => " white",
        }
    }
}

/// How tall the button is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonSize {
    /// 38 px, Stripe's own.
    #[default]
    Official,
    /// 48 px: a comfortable touch target (WCAG 2.5.5 asks for 44).
    Large,
}

impl ButtonSize {
    /// Reads `official` or `large`.
    pub fn parse(text: &str) -> Result<ButtonSize, ConnectError> {
        match text {
            "official" => Ok(ButtonSize::Official),
            "large" => Ok(ButtonSize::Large),
            _ => Err(ConnectError::invalid("size", "must be official or large")),
        }
    }

    const fn class(self) -> &'static str {
        match self {
            ButtonSize::Official => "",
            ButtonSize::Large => " large",
        }
    }
}

/// Where pressing the button leads.
#[derive(Debug, Clone)]
enum Target {
    /// A link.
    Link(String),
    /// A form that posts, which a link on another site can't imitate.
    Form(String, Vec<(String, String)>),
}

/// The *Connect with Stripe* button.
///
/// ```
/// use stripe_connect_oauth::{Button, ButtonLook};
///
/// let html = Button::form("/connect/start")?.look(ButtonLook::Slate).to_html();
/// assert_eq!(
///     html,
///     "<form class=\"stripe-connect-form\" method=\"post\" action=\"/connect/start\">\
///      <button type=\"submit\" class=\"stripe-connect slate\"><span>Connect with \
///      <span class=\"stripe-mark\">Stripe</span></span></button></form>"
/// );
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Button {
    target: Target,
    look: ButtonLook,
    size: ButtonSize,
    before: String,
    after: String,
}

impl Button {
    /// The word that the mark stands for.
    const NAME: &'static str = "Stripe";
    /// The limit on every text given to the button, in bytes.
    pub const MAX_BYTES: usize = 8192;

    /// A link to `href`: the authorize URL, or a path of the platform's.
    pub fn link(href: &str) -> Result<Button, ConnectError> {
        check_destination("href", href)?;
        Ok(Button::to(Target::Link(href.to_owned())))
    }

    /// A form that posts to `action`, such as `/connect/start`.
    pub fn form(action: &str) -> Result<Button, ConnectError> {
        check_destination("action", action)?;
        Ok(Button::to(Target::Form(action.to_owned(), Vec::new())))
    }

    fn to(target: Target) -> Button {
        let before = "Connect with ".to_owned();
        Button { target, look: ButtonLook::default(), size: ButtonSize::default(), before, after: String::new() }
    }

    /// Chooses one of the official looks.
    #[must_use]
    pub fn look(mut self, look: ButtonLook) -> Button {
        self.look = look;
        self
    }

    /// Chooses the height.
    #[must_use]
    pub fn size(mut self, size: ButtonSize) -> Button {
        self.size = size;
        self
    }

    /// The text in another language. It must hold the word *Stripe* once, where the mark is drawn.
    pub fn label(mut self, label: &str) -> Result<Button, ConnectError> {
        check_length("label", label)?;
        match label.split_once(Button::NAME) {
            Some((before, after)) if !after.contains(Button::NAME) => {
                self.before = before.to_owned();
                self.after = after.to_owned();
                Ok(self)
            }
            _ => {
                Err(ConnectError::invalid("label", "must hold the word Stripe once, such as Mit Stripe verbinden"))
            }
        }
    }

    /// A hidden field that the form sends along, such as `return_to`. A link has none.
    pub fn field(mut self, name: &str, value: &str) -> Result<Button, ConnectError> {
        check_length("fields", name)?;
        check_length("fields", value)?;
        match &mut self.target {
            Target::Form(_, fields) => fields.push((name.to_owned(), value.to_owned())),
            Target::Link(_) => {
                return Err(ConnectError::invalid("fields", "belongs to a form: give action instead of href"));
            }
        }
        Ok(self)
    }

    /// The markup, every part escaped.
    pub fn to_html(&self) -> String {
        let class = ["stripe-connect", self.look.class(), self.size.class()].concat();
        let text = [
            "<span>",
            &*escape(&self.before),
            "<span class=\"stripe-mark\">Stripe</span>",
            &*escape(&self.after),
            "</span>",
        ]
        .concat();
        match &self.target {
            Target::Link(href) => {
                ["<a class=\"", &*class, "\" href=\"", &*escape(href), "\">", &*text, "</a>"].concat()
            }
            Target::Form(action, fields) => {
                let mut html =
                    ["<form class=\"stripe-connect-form\" method=\"post\" action=\"", &*escape(action), "\">"]
                        .concat();
                for (name, value) in fields {
                    html.push_str("<input type=\"hidden\" name=\"");
                    html.push_str(&escape(name));
                    html.push_str("\" value=\"");
                    html.push_str(&escape(value));
                    html.push_str("\">");
                }
                html.push_str("<button type=\"submit\" class=\"");
                html.push_str(&class);
                html.push_str("\">");
                html.push_str(&text);
                html.push_str("</button></form>");
                html
            }
        }
    }
}

/// A path of the same origin, or an http(s) URL: never `javascript:`, never another site by `//` or `/\`.
fn check_destination(param: &'static str, text: &str) -> Result<(), ConnectError> {
    if text.is_empty() {
        return Err(ConnectError::missing(param, "give the address the button leads to"));
    }
    check_length(param, text)?;
    let absolute = text.starts_with("https://") || text.starts_with("http://");
    if absolute || is_local_path(text) {
        return Ok(());
    }
    Err(ConnectError::invalid(param, "must be an http or https URL, or a path that begins with one slash"))
}

fn check_length(param: &'static str, text: &str) -> Result<(), ConnectError> {
    if text.len() > Button::MAX_BYTES {
        return Err(ConnectError::new(ErrorCode::TooLong, param, "is longer than 8192 bytes"));
    }
    Ok(())
}
