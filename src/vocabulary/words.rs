//! Enumerations whose values are words: of the protocol's, of an option's, or our own.

/// Makes an enum of words, each of which stands once, with `ALL`, `as_str`, `Display`, `AsRef<str>` and serde's
/// traits. What follows its name says how a word is read:
///
/// - nothing: `parse` gives `None` for a word that is none of these;
/// - `("param")`: `parse` gives an error that names the parameter and lists the words, and there is `FromStr`;
/// - `, or else Unrecognized`: `read` keeps any other word, for it is Stripe's, who may have a new one tomorrow.
///
/// `= "word" if "feature"` is a word that is there with that feature only.
macro_rules! words {
    ($(#[$about:meta])* $vis:vis enum $name:ident {
        $($(#[$word_about:meta])* $variant:ident = $word:literal $(if $feature:literal)?,)*
    }) => {
        words!(@plain $(#[$about])* $vis $name { $($(#[$word_about])* $variant = $word $(if $feature)?,)* });

        $crate::vocabulary::convert::kept_as_text!($name: |text| $name::parse(text).ok_or_else(
            || concat!("must be ", $crate::vocabulary::words::list!($($word)*)).to_owned()
        ));

        // An enum that no one outside sees need not use all of it.
        #[allow(dead_code)]
        impl $name {
            /// Reads its word; `None` for any other.
            $vis fn parse(text: &str) -> Option<$name> {
                match text {
                    $($(#[cfg(feature = $feature)])? $word => Some($name::$variant),)*
                    _ => None,
                }
            }
        }
    };
    ($(#[$about:meta])* $vis:vis enum $name:ident($param:literal) {
        $($(#[$word_about:meta])* $variant:ident = $word:literal,)*
    }) => {
        words!(@plain $(#[$about])* $vis $name { $($(#[$word_about])* $variant = $word,)* });

        $crate::vocabulary::convert::kept_as_text!(
            $name: |text| $name::parse(text).map_err(|error| error.to_string())
        );

        impl $name {
            /// The words as errors list them: `a, b or c`.
            #[allow(dead_code)]
            pub(crate) const LIST: &str = $crate::vocabulary::words::list!($($word)*);

            /// Reads its word; the error for any other lists them.
            $vis fn parse(text: &str) -> Result<$name, $crate::ConnectError> {
                match text {
                    $($word => Ok($name::$variant),)*
                    _ => Err($crate::ConnectError::invalid(
                        $param,
                        concat!("must be ", $crate::vocabulary::words::list!($($word)*)),
                    )),
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::ConnectError;

            #[inline]
            fn from_str(text: &str) -> Result<$name, $crate::ConnectError> {
                $name::parse(text)
            }
        }
    };
    ($(#[$about:meta])* $vis:vis enum $name:ident, or else $other:ident {
        $($(#[$word_about:meta])* $variant:ident = $word:literal,)*
    }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        $vis enum $name {
            $($(#[$word_about])* $variant,)*
            /// A word that was not known when this was written.
            $other(String),
        }

        impl $name {
            /// Every word that is known.
            $vis const ALL: &[$name] = &[$($name::$variant),*];

            /// Reads its word; any other is kept as it is.
            pub(crate) fn read(text: &str) -> $name {
                match text {
                    $($word => $name::$variant,)*
                    _ => $name::$other(text.to_owned()),
                }
            }

            /// Its word.
            $vis fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $word,)*
                    $name::$other(word) => word,
                }
            }
        }

        $crate::vocabulary::words::prints_as_str!($name);
        $crate::vocabulary::convert::kept_as_text!($name: |text| Ok($name::read(text)));
    };
    (@plain $(#[$about:meta])* $vis:vis $name:ident {
        $($(#[$word_about:meta])* $variant:ident = $word:literal $(if $feature:literal)?,)*
    }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        $vis enum $name {
            $($(#[cfg(feature = $feature)])? $(#[$word_about])* $variant,)*
        }

        #[allow(dead_code)]
        impl $name {
            /// Every one of them.
            $vis const ALL: &[$name] = &[$($(#[cfg(feature = $feature)])? $name::$variant),*];

            /// Its word.
            $vis const fn as_str(self) -> &'static str {
                match self {
                    $($(#[cfg(feature = $feature)])? $name::$variant => $word,)*
                }
            }
        }

        $crate::vocabulary::words::prints_as_str!($name);
    };
}

/// `Display` and `AsRef<str>` for a type with `as_str`.
macro_rules! prints_as_str {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }
    };
}

/// The words in one text: `a, b or c`.
macro_rules! list {
    ($last:literal) => { $last };
    ($word:literal $last:literal) => { concat!($word, " or ", $last) };
    ($word:literal $($rest:literal)+) => { concat!($word, ", ", $crate::vocabulary::words::list!($($rest)+)) };
}

pub(crate) use {list, prints_as_str, words};
