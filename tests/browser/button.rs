//! The button in the document, as the browser's own parser takes it up: a link or a form, named by its text, with no
//! script, whatever the label says.

use super::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlAnchorElement, HtmlButtonElement};

/// Labels that would be markup, script or another attribute where they were not escaped.
const HOSTILE: &[&str] = &[
    "Stripe<script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">Stripe",
    "</span></button></form><a href='https://evil.example'>Stripe",
    "\" onclick=\"document.title='owned'\" Stripe",
    "&lt;b&gt;Stripe&amp;&#39;&copy;",
    "Stripe <!-- ",
    "]]>Stripe<![CDATA[",
    "Ünï Stripe 💳 \u{202e}",
];

/// The markup in an element of this page's document.
fn in_document(button: &Button) -> Element {
    let document = web_sys::window().unwrap().document().unwrap();
    let place = document.create_element("div").unwrap();
    place.set_inner_html(&button.to_html());
    document.query_selector("body").unwrap().unwrap().append_child(&place).unwrap();
    place
}

/// The elements in the order of the document, each with the names of its attributes.
fn elements(place: &Element) -> Vec<String> {
    let all = place.query_selector_all("*").unwrap();
    let named = |at| {
        let element: Element = all.get(at).unwrap().unchecked_into();
        let attributes: Vec<String> =
            element.get_attribute_names().iter().filter_map(|name| name.as_string()).collect();
        [&[element.local_name()], &*attributes].concat().join(" ")
    };
    (0..all.length()).map(named).collect()
}

const MARK: [&str; 2] = ["span", "span class"];

#[wasm_bindgen_test]
fn a_form_in_the_document_posts_to_its_action_by_a_button_that_is_named_by_its_text() {
    let place = in_document(&Button::form("/connect/start?from=mail&to=\"payouts\"").unwrap());
    let button: HtmlButtonElement = place.query_selector("button").unwrap().unwrap().unchecked_into();
    let form = button.form().unwrap();
    assert_eq!((&*button.type_(), &*form.method()), ("submit", "post"));
    let action = Url::new(&form.action()).unwrap();
    assert_eq!((&*action.pathname(), &*action.search()), ("/connect/start", "?from=mail&to=%22payouts%22"));
    assert_eq!(button.text_content().unwrap(), "Connect with Stripe");
    let expected = [&["form class method action", "button type class dir"][..], &MARK].concat();
    assert_eq!(elements(&place), expected);
    place.remove();
}

#[wasm_bindgen_test]
fn a_link_in_the_document_leads_to_the_authorize_url() {
    let (client_id, state) = (ClientId::parse("ca_123").unwrap(), State::from_random([7; 32]));
    let url = AuthorizeUrl::new(&client_id, &state).build().unwrap();
    let place = in_document(&Button::link(&url).unwrap());
    let link: HtmlAnchorElement = place.query_selector("a").unwrap().unwrap().unchecked_into();
    assert_eq!(link.href(), url);
    assert_eq!(link.text_content().unwrap(), "Connect with Stripe");
    assert_eq!(elements(&place), [&["a href class dir"][..], &MARK].concat());
    place.remove();
}

#[wasm_bindgen_test]
fn a_hostile_label_stays_text() {
    let document = web_sys::window().unwrap().document().unwrap();
    let title = document.title();
    for label in HOSTILE {
        for (mut button, around) in [
            (Button::form("/connect/start").unwrap(), &["form class method action", "button type class"][..]),
            (Button::link("/connect").unwrap(), &["a href class"][..]),
        ] {
            button.set_label(label).unwrap();
            let place = in_document(&button);
            assert_eq!(place.text_content().unwrap(), *label);
            assert_eq!(elements(&place), [around, &MARK].concat(), "{label}");
            assert_eq!(place.query_selector(".stripe-mark").unwrap().unwrap().text_content().unwrap(), "Stripe");
            place.remove();
        }
    }
    assert_eq!(document.title(), title);
}

#[wasm_bindgen_test]
fn a_hostile_address_stays_an_address() {
    for address in ["/x\"onclick=\"alert(1)", "/'><script>alert(1)</script>", "/&quot;&amp;&#x22;", "/%22%3E<b>"] {
        let place = in_document(&Button::link(address).unwrap());
        let link = place.query_selector("a").unwrap().unwrap();
        assert_eq!(link.get_attribute("href").as_deref(), Some(address));
        assert_eq!(elements(&place), [&["a href class dir"][..], &MARK].concat(), "{address}");
        place.remove();
    }
}

#[wasm_bindgen_test]
fn looks_and_sizes_are_classes_of_the_element() {
    for look in stripe_connect_oauth::ButtonLook::ALL {
        for size in stripe_connect_oauth::ButtonSize::ALL {
            let mut button = Button::link("/").unwrap();
            (button.look, button.size) = (*look, *size);
            let place = in_document(&button);
            let classes = place.query_selector("a").unwrap().unwrap().class_list();
            assert!(classes.contains("stripe-connect"));
            for other in stripe_connect_oauth::ButtonLook::ALL {
                let is_there = other == look && *look != Default::default();
                assert_eq!(classes.contains(other.as_str()), is_there, "{}", classes.value());
            }
            assert_eq!(classes.contains("large"), size.as_str() == "large", "{}", classes.value());
            place.remove();
        }
    }
}
