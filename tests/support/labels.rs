//! Labels of hosts that begin with `xn--`, and what is made of them. Chromium 156 reads every one of these as it is
//! written; Firefox 153, WebKitGTK 2.50 and the `url` crate read `READ_ALIKE` so, and refuse the others. Nobody reads one
//! as another host.

/// Accepted by us, and read alike by all.
pub(crate) const READ_ALIKE: &[(&str, &str)] = &[
    ("xn--bcher-kva", "bücher"),
    ("XN--BCHER-KVA", "the same: a host's letters have no case"),
    ("Xn--Bcher-kVa", "the same"),
    ("xn--9ca", "é"),
    ("xn--a-qfa", "aß, which once was read as ass"),
    ("xn--d1acufc", "домен"),
    ("xn--mxa8a", "ας, whose end once was read as σ"),
    ("xn--fiqs8s", "中国"),
    ("xn--o39a", "가"),
    ("xn--12c", "ก"),
    ("xn--mgberp4a5d4ar", "السعودية, from right to left"),
    ("xn--1-zhc", "א1"),
    ("xn--11b2ezcs70k", "a joiner where it belongs"),
    ("xn--9a", "£"),
    ("xn--rca", "×"),
    ("xn--ab-0ea", "a·b"),
    ("xn--n3h", "☃"),
    ("xn--vs8h", "💳"),
    ("xn--hj8c", "above U+FFFF"),
    ("xn--8o8n", "above U+2FFFF"),
    ("xn----bga", "a hyphen before é"),
    ("xn----9fa", "a hyphen after é"),
    ("xn--ab---epa", "ab--é"),
    ("xn--9caaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "é forty times"),
    ("ab--cd", "no xn--"),
    ("xn-bcher", "no xn--"),
];

/// Refused by us: no Punycode, or of a code point that no parser takes.
pub(crate) const NO_PUNYCODE: &[(&str, &str)] = &[
    ("xn--a", "begins a number and does not end it"),
    ("xn--a--b", "the same"),
    ("xn--9", "the same"),
    ("xn--99999999", "a number above all code points"),
    ("xn--zzzzzzzz", "the same"),
    ("xn--99999999999999999999999999999999999999999999999999999999999", "above 64 bits"),
    ("xn---a", "a hyphen after nothing"),
    ("xn---bga", "the same"),
    ("xn--0", "U+0080 and up are no characters of a host"),
    ("xn--a-ba", "U+0080"),
    ("xn--a-4ba", "U+00A0, a space"),
    ("xn--dca", "É, which is written é"),
    ("xn--ber-ska", "Über, written by a naive encoder"),
    ("xn--ib9b", "U+D800, half of a character"),
    ("xn--a-qo7g", "U+DFFF, the other half"),
    ("xn--0y0c", "U+E000, private"),
    ("xn--mi7c", "U+FF41, a wide a"),
    ("xn--a-7m0i", "U+FEFF"),
    ("xn--a-s10i", "U+FFFE"),
    ("xn--s726e", "U+E0061"),
    ("xn--a-h023p", "U+10FFFF"),
    ("xn--a-j023p", "U+110000"),
];

/// Accepted by us, for only IDNA's tables tell (UTS #46): they would take the browser build over its budget. Where such a
/// label is refused, it leads nowhere.
pub(crate) const NOT_IN_IDNA: &[(&str, &str)] = &[
    ("xn--a-xbb", "a letter and an accent in two, which is written in one"),
    ("xn--a-wbb", "an accent before its letter"),
    ("xn--bfa", "İ, a capital"),
    ("xn--62g", "the sign of the kelvin, which is written k"),
    ("xn--orh", "① which is written 1"),
    ("xn--ypd8q", "half a syllable and half a syllable"),
    ("xn--ab-m1t", "a joiner where it does not belong"),
    ("xn--ab-r13a", "a stop of another script"),
    ("xn--a-qin", "a sign that turns the direction"),
    ("xn--zva", "not given out"),
    ("xn--a-0hc", "two directions in one label"),
    ("xn--1-0hc", "a digit before a letter from right to left"),
];
