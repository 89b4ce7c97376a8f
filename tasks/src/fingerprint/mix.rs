//! Words into 128 bits.
//!
//! A state of two words takes two words in at a step: each is multiplied with one word of the state, to 128 bits, and
//! the halves are folded onto each other, which is the step of the hash functions wyhash and rapidhash. Texts are read
//! where they lie, whole words at a time. The same on every machine, for it is written down.

/// The first constants of SHA-512: numbers that nobody chose.
const K: [u64; 10] = [
    0x428a_2f98_d728_ae22,
    0x7137_4491_23ef_65cd,
    0xb5c0_fbcf_ec4d_3b2f,
    0xe9b5_dba5_8189_dbbc,
    0x3956_c25b_f348_b538,
    0x59f1_11f1_b605_d019,
    0x923f_82a4_af19_4f9b,
    0xab1c_5ed5_da6d_8118,
    0xd807_aa98_a303_0242,
    0x1283_5b01_4570_6fbe,
];

/// How many bytes a step takes.
const STEP: usize = 16;

/// What was taken in so far. Handed on from step to step, so that it stays where the processor reckons: a step waits for the one
/// before it, and would wait for memory as well.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mix {
    low: u64,
    high: u64,
}

impl Default for Mix {
    fn default() -> Self {
        Self { low: K[0], high: K[1] }
    }
}

impl Mix {
    /// The state with two words that are together a thing of this kind, which is not 0.
    #[must_use]
    pub(super) fn words(self, kind: u64, first: u64, second: u64) -> Self {
        let kind = kind.wrapping_mul(K[2]);
        let low = fold(first ^ K[3], second ^ self.low.wrapping_add(kind));
        let high = fold(second ^ K[4], first ^ self.high.wrapping_add(kind));
        Self { low, high }
    }

    /// The state with bytes and how many they are. `kind` is below 256.
    #[must_use]
    pub(super) fn bytes(self, kind: u64, bytes: &[u8]) -> Self {
        let (mut mix, mut rest) = (self, bytes);
        while rest.len() > STEP
            && let Some((step, more)) = rest.split_first_chunk::<STEP>()
        {
            let (first, second) = halves(step);
            mix = mix.words(0, first, second);
            rest = more;
        }
        // The last step of a long text overlaps the one before it: together with the length it says what is there.
        let (first, second) = match bytes.last_chunk::<STEP>() {
            Some(step) => halves(step),
            None => ends(bytes),
        };
        mix.words(kind | (bytes.len() as u64) << 8, first, second)
    }

    /// What all that was taken in comes to.
    pub(super) fn done(self) -> u128 {
        let low = fold(self.low ^ K[5], self.high ^ K[6]);
        let high = fold(self.high ^ K[7], self.low ^ K[8] ^ K[9]);
        u128::from(high) << 64 | u128::from(low)
    }
}

/// The two halves of a product, one onto the other.
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    #[expect(clippy::cast_possible_truncation, reason = "the two halves of it")]
    let halves = (product as u64, (product >> 64) as u64);
    halves.0 ^ halves.1
}

/// The two words of a step.
pub(super) fn halves(step: &[u8; STEP]) -> (u64, u64) {
    let words = u128::from_le_bytes(*step);
    #[expect(clippy::cast_possible_truncation, reason = "the two halves of it")]
    let halves = (words as u64, (words >> 64) as u64);
    halves
}

/// The first and the last bytes of fewer than a step: with their number they say all of them.
fn ends(bytes: &[u8]) -> (u64, u64) {
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return (u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into());
    }
    match bytes {
        [] => (0, 0),
        [first, .., last] => (u64::from(*first) | u64::from(bytes[bytes.len() / 2]) << 8, (*last).into()),
        [only] => ((*only).into(), 0),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::value::{Value, from_json};

    fn of(bytes: &[u8]) -> u128 {
        Mix::default().bytes(1, bytes).done()
    }

    /// Whether all differ, and each half of them as well.
    fn differ(prints: impl IntoIterator<Item = u128>) -> bool {
        let prints: Vec<u128> = prints.into_iter().collect();
        let number =
            |part: fn(u128) -> u128| prints.iter().map(|print| part(*print)).collect::<HashSet<_>>().len();
        let halves = [number(|print| print & u128::from(u64::MAX)), number(|print| print >> 64)];
        halves.iter().all(|different| *different == prints.len())
    }

    #[test]
    fn every_length_and_every_bit_counts() {
        let text: Vec<u8> = (0..100).collect();
        let mut all = Vec::new();
        for len in 0..text.len() {
            all.push(of(&text[..len]));
            for bit in 0..8 * len {
                let mut changed = text[..len].to_vec();
                changed[bit / 8] ^= 1 << (bit % 8);
                all.push(of(&changed));
            }
        }
        assert!(differ(all));
    }

    #[test]
    fn zeros_are_told_by_their_number() {
        assert!(differ((0..2000).map(|len| of(&vec![0; len]))));
    }

    #[test]
    fn small_numbers_and_short_names_differ() {
        let numbers = (0..200_000_u64).map(|number| Mix::default().words(1, number, 0).done());
        let names = (0..200_000).map(|number| of(format!("request-{number}").as_bytes()));
        assert!(differ(numbers.chain(names)));
    }

    #[test]
    fn a_bit_of_what_goes_in_turns_half_of_what_comes_out() {
        let (mut turned, mut tried) = (0, 0_u32);
        for seed in 0..200_u64 {
            for bit in 0..128 {
                let (first, second) = (seed.wrapping_mul(K[1]), seed.wrapping_mul(K[2]));
                let mix = Mix::default().words(1, first, second);
                let (a, b) = if bit < 64 { (1 << bit, 0) } else { (0, 1 << (bit - 64)) };
                let other = Mix::default().words(1, first ^ a, second ^ b);
                turned += (mix.done() ^ other.done()).count_ones();
                tried += 128;
            }
        }
        let share = f64::from(turned) / f64::from(tried);
        assert!((0.495..0.505).contains(&share), "{share}");
    }

    #[test]
    fn the_order_of_texts_and_where_they_end_count() {
        let of = |texts: &[&str]| {
            texts.iter().fold(Mix::default(), |mix, text| mix.bytes(1, text.as_bytes())).done()
        };
        assert!(differ([
            of(&["ab", "c"]),
            of(&["a", "bc"]),
            of(&["abc"]),
            of(&["abc", ""]),
            of(&["c", "ab"])
        ]));
    }

    #[test]
    fn it_comes_to_what_another_program_says() {
        // Whoever changes what comes out changes the format of run directories.
        let golden = from_json(include_str!("../../../tests/golden/fingerprints.json")).unwrap();
        let texts = golden.get("texts").and_then(Value::as_list).unwrap();
        assert!(texts.len() > 100);
        for row in texts {
            let field = |name| row.get(name).and_then(Value::as_text).unwrap();
            let Some(Value::Int(kind)) = row.get("kind") else { panic!("there is no kind") };
            let mix = Mix::default().bytes(kind.cast_unsigned(), field("text").as_bytes());
            assert_eq!(format!("{:032x}", mix.done()), field("print"), "{row}");
        }
    }
}
