//! Numbers of things in words.

use std::fmt::Display;

/// A number of things, in groups of three digits.
pub fn count(number: impl Display + Copy) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 record`, `2 records`.
pub fn counted(number: impl Display + Copy, noun: &str) -> String {
    let number = count(number);
    let plural = if number == "1" { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_grouped() {
        assert_eq!([count(7), count(1000), count(1_234_567)], ["7", "1,000", "1,234,567"]);
    }

    #[test]
    fn one_thing_is_no_many() {
        let told = [0, 1, 2, 2000].map(|number| counted(number, "record"));
        assert_eq!(told, ["0 records", "1 record", "2 records", "2,000 records"]);
    }
}
