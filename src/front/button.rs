//! [`Button`]: *Connect with Stripe* as markup. It needs `button.css` and no script.

use crate::texts::{Phrase, Text, around_mark, holds_mark};
use crate::vocabulary::error::{ConnectError, ErrorCode};
use crate::vocabulary::html::escape;
use crate::vocabulary::origin::is_local_path;
use crate::vocabulary::text::join;
use crate::vocabulary::words::words;

words! {
    /// The three official looks (`docs.stripe.com/connect/collect-then-transfer-guide`).
    ///
    /// ```
    /// use stripe_connect_oauth::ButtonLook;
    ///
    /// assert_eq!(ButtonLook::parse("white")?, ButtonLook::White);
    /// assert_eq!(ButtonLook::default().as_str(), "blurple");
    /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
    /// ```
    #[derive(Default)]
    pub enum ButtonLook("look") {
        /// White on Stripe's purple.
        #[default]
        Blurple = "blurple",
        /// White on dark blue.
        Slate = "slate",
        /// Dark blue on white.
        White = "white",
    }
}

words! {
    /// How tall the button is.
    ///
    /// ```
    /// use stripe_connect_oauth::ButtonSize;
    ///
    /// assert_eq!(ButtonSize::parse("large")?, ButtonSize::Large);
    /// assert_eq!(ButtonSize::default().as_str(), "official");
    /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
    /// ```
    #[derive(Default)]
    pub enum ButtonSize("size") {
        /// 38 px, Stripe's own.
        #[default]
        Official = "official",
        /// 48 px: a comfortable touch target (WCAG 2.5.5 asks for 44).
        Large = "large",
    }
}

/// The *Connect with Stripe* button.
///
/// ```
/// use stripe_connect_oauth::{Button, ButtonLook};
///
/// let mut button = Button::form("/connect/start")?;
/// button.look = ButtonLook::Slate;
/// assert_eq!(
///     button.to_html(),
///     "<form class=\"stripe-connect-form\" method=\"post\" action=\"/connect/start\">\
///      <button type=\"submit\" class=\"stripe-connect slate\" dir=\"ltr\"><span>Connect with \
///      <span class=\"stripe-mark\">Stripe</span></span></button></form>"
/// );
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Button {
    /// One of the official looks.
    pub look: ButtonLook,
    /// The height.
    pub size: ButtonSize,
    /// The markup around the text: a link's, or a form's.
    is_form: bool,
    destination: String,
    /// The text, escaped. It holds the word that the mark stands for once.
    label: String,
    /// The attribute `dir`. Ours is English: on a page written from right to left, its mark would come first.
    direction: &'static str,
}

impl Button {
    /// The limit on every text given to the button, in bytes.
    pub const MAX_BYTES: usize = 8192;

    /// A link to `href`: the authorize URL, or a path of the platform's.
    ///
    /// ```
    /// use stripe_connect_oauth::Button;
    ///
    /// let link = Button::link("https://shop.example/connect?from=mail&to=payouts")?;
    /// assert!(link.to_html().starts_with("<a href=\"https://shop.example/connect?from=mail&amp;to=payouts\""));
    /// assert!(Button::link("javascript:alert(1)").is_err());
    /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
    /// ```
    pub fn link(href: &str) -> Result<Button, ConnectError> {
        check_destination("href", href)?;
        Ok(Button::to(href, false))
    }

    /// A form that posts to `action`, such as `/connect/start`, which a link on another site can't
    /// imitate.
    pub fn form(action: &str) -> Result<Button, ConnectError> {
        check_destination("action", action)?;
        Ok(Button::to(action, true))
    }

    fn to(destination: &str, is_form: bool) -> Button {
        Button {
            look: ButtonLook::default(),
            size: ButtonSize::default(),
            is_form,
            destination: escape(destination),
            label: const { Text::Phrase(Phrase::ButtonLabel).english() }.to_owned(),
            direction: "\" dir=\"ltr",
        }
    }

    /// Sets the text, in another language: that of the page, whose direction it takes. It must hold the word *Stripe*
    /// once, where the mark is drawn.
    ///
    /// ```
    /// use stripe_connect_oauth::Button;
    ///
    /// let mut button = Button::form("/connect/start")?;
    /// button.set_label("Mit Stripe verbinden")?;
    /// assert!(button.to_html().contains("Mit <span class=\"stripe-mark\">Stripe</span> verbinden"));
    /// assert!(button.set_label("Verbinden").is_err());
    /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
    /// ```
    pub fn set_label(&mut self, label: &str) -> Result<(), ConnectError> {
        check_length("label", label)?;
        if !holds_mark(label) {
            return Err(ConnectError::invalid("label", "must hold the word Stripe once"));
        }
        self.label = escape(label);
        self.direction = "";
        Ok(())
    }

    /// The markup, every part escaped.
    pub fn to_html(&self) -> String {
        let (open, between, close) = if self.is_form {
            (
                "<form class=\"stripe-connect-form\" method=\"post\" action=\"",
                "\"><button type=\"submit\"",
                "</button></form>",
            )
        } else {
            ("<a href=\"", "\"", "</a>")
        };
        let look = if self.look == ButtonLook::default() { ["", ""] } else { [" ", self.look.as_str()] };
        let size = if self.size == ButtonSize::default() { "" } else { " large" };
        let (before, after) = around_mark(&self.label).unwrap_or_default();
        join(&[
            open,
            &self.destination,
            between,
            " class=\"stripe-connect",
            look[0],
            look[1],
            size,
            self.direction,
            "\"><span>",
            before,
            "<span class=\"stripe-mark\">Stripe</span>",
            after,
            "</span>",
            close,
        ])
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
