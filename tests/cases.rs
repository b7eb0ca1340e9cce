//! Inputs as people have them: each file of `cases/KIND/` is one, and says in its `note` what happened and what is right.
//! A kind is a folder of files and the module beside it that runs them all.
#![cfg(all(feature = "edge", feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::type_complexity
)]

#[path = "cases/accounts.rs"]
mod accounts;
#[path = "cases/events.rs"]
mod events;
#[path = "cases/replies.rs"]
mod replies;
mod support;

use serde_json::Value;

/// Every file of a kind, by its name.
fn cases(kind: &str) -> Vec<(String, Value)> {
    let folder = format!("{}/tests/cases/{kind}", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "no file of {kind}");
    let read = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let case: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert!(
            case["note"].is_string() && case["source"].is_string(),
            "{name} says what is right, and whence it is"
        );
        (name, case)
    };
    files.into_iter().map(read).collect()
}
