//! The known name that someone meant who wrote another: `client_id` for `clientId`.

use strsim::osa_distance;

/// The one of `known` that is nearest to `name`, if it is near: the same but for capitals and underscores, or a slip or
/// two away.
pub(crate) fn near<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // No name of ours is half as long, and the work grows with the length.
    let name = plain(name.get(..64).unwrap_or(name));
    let far = |known: &str| osa_distance(&name, &plain(known));
    let (slips, nearest) = known.map(|known| (far(known), known)).min_by_key(|(slips, _)| *slips)?;
    // In a short name two slips make another word.
    let is_near = slips <= 2 && slips.saturating_mul(3) <= name.len();
    is_near.then_some(nearest)
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn the_name_that_was_meant_is_found_and_no_other_is_guessed() {
        let known =
            ["client_id", "secret_key", "redirect_uri", "redirect_uris", "scope", "flow", "onEvent", "store"];
        for (name, meant) in [
            ("clientId", Some("client_id")),
            ("clientID", Some("client_id")),
            ("client-id", Some("client_id")),
            ("secret_keys", Some("secret_key")),
            ("secretkey", Some("secret_key")),
            ("redirectUri", Some("redirect_uri")),
            ("redirectURIs", Some("redirect_uris")),
            ("redirect_url", Some("redirect_uri")),
            ("scopes", Some("scope")),
            ("scpoe", Some("scope")),
            ("on_event", Some("onEvent")),
            ("onevents", Some("onEvent")),
            ("low", Some("flow")),
            ("show", None),
            ("stone_age", None),
            ("id", None),
            ("", None),
            ("code_challenge", None),
            (&"client_id".repeat(1000), None),
            ("ééé", None),
        ] {
            assert_eq!(near(name, known.into_iter()), meant, "{name:.40}");
        }
        assert_eq!(near("client_id", std::iter::empty()), None);
    }
}
