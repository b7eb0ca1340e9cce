//! The one place where text becomes markup.

/// Escapes `text` for HTML content and for attribute values in either kind of quotes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_character_with_a_meaning_in_markup_is_escaped() {
        assert_eq!(
            super::escape("<a href='x' id=\"y\">&é</a>"),
            "&lt;a href=&#39;x&#39; id=&quot;y&quot;&gt;&amp;é&lt;/a&gt;"
        );
    }
}
