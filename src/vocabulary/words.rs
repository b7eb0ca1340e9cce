//! Enumerations whose values are words: of the protocol's, or of an option's.

/// Makes an enum of words with `parse` and `as_str`. After its name stand the parameter that errors name, and
/// the words as errors list them: `a, b or c`.
macro_rules! words {
    (
        $(#[$about:meta])*
        pub enum $name:ident($param:literal, $words:literal) {
            $($(#[$variant_about:meta])* $variant:ident = $word:literal,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_about])* $variant,)*
        }

        impl $name {
            /// Reads its word; the error for any other lists them.
            pub fn parse(text: &str) -> Result<$name, $crate::ConnectError> {
                match text {
                    $($word => Ok($name::$variant),)*
                    _ => Err($crate::ConnectError::invalid($param, concat!("must be ", $words))),
                }
            }

            /// Its word.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)*
                }
            }
        }
    };
}

pub(crate) use words;
