//! The request log, to be read by a person.

use super::page::page;
use crate::sandbox::request_log::RequestEntry;
use crate::server::Response;
use crate::vocabulary::html::escape;

/// The newest first.
pub(in crate::sandbox) fn requests<'a>(entries: impl DoubleEndedIterator<Item = &'a RequestEntry>) -> Response {
    let items: String = entries.rev().map(entry).collect();
    let list = if items.is_empty() {
        "<p class=\"quiet\">Nothing was asked yet.</p>".to_owned()
    } else {
        format!("<ol class=\"requests\">{items}</ol>")
    };
    let main = format!(
        "<p class=\"crumbs\"><a href=\"/\">Stand-in for Stripe</a></p><h1>Requests</h1>\
         <p>The newest first. Keys, codes and tokens are shown by their beginnings.</p>{list}"
    );
    page("Requests", &main, "; form-action 'none'")
}

fn entry(entry: &RequestEntry) -> String {
    let row = |name: &str, value: &str| format!("<dt>{}</dt><dd><code>{}</code></dd>", escape(name), escape(value));
    let optional =
        |name: &str, value: &Option<String>| value.as_ref().map_or_else(String::new, |text| row(name, text));
    let params: String = entry.params.iter().map(|(name, value)| row(name, value)).collect();
    let rows = [
        row("request id", &entry.request_id),
        row("time", &entry.time.to_string()),
        optional("key", &entry.key),
        optional("Stripe-Account", &entry.stripe_account),
        optional("Idempotency-Key", &entry.idempotency_key),
        params,
    ];
    let status = if entry.status == 0 { "no answer".to_owned() } else { entry.status.to_string() };
    let outcome = [Some(&*status), entry.error, entry.fault].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let class = if entry.status == 0 || entry.status >= 400 { " class=\"bad\"" } else { "" };
    format!(
        "<li><details><summary><code>{method} {path}</code><span{class}>{outcome}</span></summary><dl>{rows}</dl></details></li>",
        method = entry.method,
        path = escape(&entry.path),
        outcome = escape(&outcome),
        rows = rows.concat(),
    )
}
