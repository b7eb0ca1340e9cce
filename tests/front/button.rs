//! The button.

use super::{test, *};

#[test]
fn a_button_leads_to_a_web_address_or_a_path_of_this_site() {
    let longest = format!("/{}", "a".repeat(8191));
    for good in
        ["/connect/start", "/", "https://connect.stripe.com/oauth/authorize?x=1", "http://localhost/", &longest]
    {
        assert!(Button::link(good).is_ok(), "{good}");
        assert!(Button::form(good).is_ok(), "{good}");
    }
    type Make = fn(&str) -> Result<Button, ConnectError>;
    for (param, make) in [("href", Button::link as Make), ("action", Button::form as Make)] {
        assert_refused(make(""), MissingParameter, param, "is missing: give the address the button leads to");
        assert_refused(make(&format!("{longest}a")), TooLong, param, "is longer than 8192 bytes");
        for bad in
            ["javascript:alert(1)", "//evil.example", "/\\evil.example", "connect/start", "data:,x", "/\t/x", " /"]
        {
            let what = "must be an http or https URL, or a path that begins with one slash";
            assert_refused(make(bad), InvalidValue, param, what);
        }
    }
}

#[test]
fn a_buttons_label_holds_the_mark_once() {
    let mut button = Button::link("/").unwrap();
    button.set_label("Mit Stripe <verbinden>").unwrap();
    let text = "<span>Mit <span class=\"stripe-mark\">Stripe</span> &lt;verbinden&gt;</span>";
    assert!(button.to_html().contains(text), "{}", button.to_html());
    for bad in ["", "Connect", "stripe", "Stripe and Stripe"] {
        let what = "must hold the word Stripe once";
        assert_refused(button.set_label(bad), InvalidValue, "label", what);
    }
    let long = format!("Stripe{}", "a".repeat(8187));
    assert_refused(button.set_label(&long), TooLong, "label", "is longer than 8192 bytes");
    assert!(button.to_html().contains(text), "a refused label changes nothing");
}

#[test]
fn the_default_button_is_written_from_left_to_right_and_any_other_as_the_page_is() {
    let mut button = Button::form("/start").unwrap();
    assert!(button.to_html().contains(" class=\"stripe-connect\" dir=\"ltr\">"), "{}", button.to_html());
    button.set_label("الربط مع Stripe").unwrap();
    assert!(!button.to_html().contains("dir="), "{}", button.to_html());
}

#[test]
fn every_part_of_a_button_is_escaped() {
    let mut form = Button::form("/start?a=1&b=\"'<>").unwrap();
    form.set_label("\"Stripe' & Co").unwrap();
    assert_eq!(
        form.to_html(),
        "<form class=\"stripe-connect-form\" method=\"post\" action=\"/start?a=1&amp;b=&quot;&#39;&lt;&gt;\">\
         <button type=\"submit\" class=\"stripe-connect\"><span>&quot;\
         <span class=\"stripe-mark\">Stripe</span>&#39; &amp; Co</span></button></form>"
    );
    assert_eq!(
        Button::link("/?\"").unwrap().to_html(),
        "<a href=\"/?&quot;\" class=\"stripe-connect\" dir=\"ltr\"><span>Connect with \
         <span class=\"stripe-mark\">Stripe</span></span></a>"
    );
}

#[test]
fn a_buttons_look_and_size_are_classes() {
    let classes = |look: &str, size: &str| {
        let mut button = Button::link("/").unwrap();
        button.look = ButtonLook::parse(look).unwrap();
        button.size = ButtonSize::parse(size).unwrap();
        button.to_html().split("class=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    assert_eq!(classes("blurple", "official"), "stripe-connect");
    assert_eq!(classes("slate", "large"), "stripe-connect slate large");
    assert_eq!(classes("white", "official"), "stripe-connect white");
    assert_refused(ButtonLook::parse("dark"), InvalidValue, "look", "must be blurple, slate or white");
    assert_refused(ButtonSize::parse("44"), InvalidValue, "size", "must be official or large");
}
