//! Ids in Stripe's shapes, out of the bytes the host gave for one request.

/// Expands one request's random bytes: FNV-1a to gather them, SplitMix64 to draw from them.
///
/// Not a cryptographic generator: what a stand-in's ids open is worth nothing.
pub(super) struct Seed(u64);

impl Seed {
    /// `served` sets requests apart that a test gives the same bytes.
    pub(super) fn new(random: [u8; 32], served: u64) -> Seed {
        let gather = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        Seed(random.iter().chain(&served.to_le_bytes()).fold(0xcbf2_9ce4_8422_2325, gather))
    }

    /// `prefix` and `length` letters and digits.
    pub(super) fn id(&mut self, prefix: &str, length: usize) -> String {
        let drawn: String = (0..length).map(|_| self.alphanumeric()).collect();
        [prefix, &*drawn].concat()
    }

    /// A number from 0 up to 1.
    pub(super) fn fraction(&mut self) -> f64 {
        const STEPS: f64 = (1_u64 << 53) as f64;
        (self.draw() >> 11) as f64 / STEPS
    }

    fn alphanumeric(&mut self) -> char {
        const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let at = usize::try_from(self.draw() % 62).unwrap_or_default();
        ALPHABET.chars().nth(at).unwrap_or('0')
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::Seed;

    #[test]
    fn requests_given_the_same_bytes_get_different_ids() {
        let first = |served| Seed::new([0; 32], served).id("ac_", 32);
        assert_eq!(first(0), first(0));
        assert_ne!(first(0), first(1));
    }
}
