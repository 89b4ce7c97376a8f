//! Bits that look random and follow from a number: the finalizer of SplitMix64 (Steele, Lea and Flood, 2014). Sketches and
//! permutations take their coins from it, so the same data give the same result wherever and whenever they are read.

/// How far apart the states of the generator are: 2⁶⁴ over the golden ratio, made odd.
pub(crate) const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// Sixty-four well-mixed bits of a number. Different numbers give different bits.
pub(crate) fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(STEP);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Sixty-four bits of a text: FNV-1a, mixed.
pub(crate) fn mix_text(text: &str) -> u64 {
    let fnv = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    mix(text.as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, fnv))
}
