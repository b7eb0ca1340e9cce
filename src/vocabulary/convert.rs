//! How the values that are read from a text fit what is around them: the standard library's traits, and serde's.

/// `FromStr` and `TryFrom`, which read as `$parse` does.
macro_rules! from_text {
    ($($name:ident: $parse:expr;)+) => {$(
        impl std::str::FromStr for $name {
            type Err = $crate::ConnectError;

            fn from_str(text: &str) -> Result<$name, $crate::ConnectError> {
                $parse(text)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $crate::ConnectError;

            fn try_from(text: &str) -> Result<$name, $crate::ConnectError> {
                $parse(text)
            }
        }
    )+};
}

/// The way there and back, for what is no secret: `Display` and `AsRef<str>` as well, and serde's traits. What was
/// kept is checked as it is read.
macro_rules! as_text {
    ($($name:ident: $parse:expr;)+) => {$(
        $crate::vocabulary::convert::from_text!($name: $parse;);

        impl TryFrom<String> for $name {
            type Error = $crate::ConnectError;

            fn try_from(text: String) -> Result<$name, $crate::ConnectError> {
                $parse(&text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        $crate::vocabulary::convert::kept_as_text!($name: |text| $parse(text).map_err(|error| error.to_string()));
    )+};
}

/// serde's traits. `$parse` gives the value, or what is wrong with the text.
macro_rules! kept_as_text {
    ($name:ident: $parse:expr) => {
        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let text = String::deserialize(deserializer)?;
                let parse: fn(&str) -> Result<$name, String> = $parse;
                parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use {as_text, from_text, kept_as_text};
