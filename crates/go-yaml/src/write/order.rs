//! The order of keys: `sorter.go` of go-yaml v2 and v3.

use std::cmp::Ordering;

/// How Go orders the keys of a mapping: letters after everything else, and
/// runs of digits by their number (`a9` before `a10`).
///
/// It is not transitive for keys such as `a1b`, `a2` and `a100`, whose order
/// in Go varies; sort with something that bears that.
#[must_use]
pub fn natural_order(a: &str, b: &str) -> Ordering {
    order(a, b, false)
}

/// The same in version 3, where a letter that follows a digit comes before what is no letter: `a1b` before
/// `a1-`.
#[must_use]
pub fn natural_order_v3(a: &str, b: &str) -> Ordering {
    order(a, b, true)
}

fn order(a: &str, b: &str, is_v3: bool) -> Ordering {
    let same = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    if same == a.len() || same == b.len() {
        return a.len().cmp(&b.len());
    }
    // The first difference may stand inside a character.
    let at = (0..=same).rev().find(|&at| a.is_char_boundary(at) && b.is_char_boundary(at)).unwrap_or(0);
    let (Some(x), Some(y)) = (a[at..].chars().next(), b[at..].chars().next()) else {
        return Ordering::Equal;
    };
    let is_letter_first = is_v3 && a[..at].ends_with(char::is_numeric);
    match (is_letter(x), is_letter(y)) {
        (true, true) => x.cmp(&y),
        (true, false) if is_letter_first => Ordering::Less,
        (false, true) if is_letter_first => Ordering::Greater,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => {
            let zero = (x == '0' || y == '0') && follows_a_number(&a[..at]);
            let (number_a, length_a) = number(&a[at..], zero);
            let (number_b, length_b) = number(&b[at..], zero);
            number_a.cmp(&number_b).then(length_a.cmp(&length_b)).then(x.cmp(&y))
        }
    }
}

/// Unicode's categories L*.
fn is_letter(c: char) -> bool {
    // Rust has no table of L*; of Alphabetic, only numbers and marks are not letters.
    c.is_ascii_alphabetic() || (!c.is_ascii() && c.is_alphabetic() && !c.is_numeric())
}

/// Whether the digits that end the common part hold one that is not zero: then
/// a zero behind them is part of a number, not before one.
fn follows_a_number(common: &str) -> bool {
    common.chars().rev().take_while(|c| c.is_numeric()).any(|c| c != '0')
}

/// The number that the digits spell, after a one if `led`, and how many they are. It wraps, as in Go.
fn number(text: &str, led: bool) -> (i64, usize) {
    text.chars().take_while(|c| c.is_numeric()).fold((i64::from(led), 0), |(number, length), digit| {
        let value = i64::from(u32::from(digit)) - i64::from(u32::from('0'));
        (number.wrapping_mul(10).wrapping_add(value), length + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::natural_order;

    #[test]
    fn ascending_keys() {
        // Printed by helm 3.22.
        let keys = [
            "", "*", "-a", "<<", "=", "_a", "~", "0", "00", "1.5", "9", "10", "A", "B", "a", "a b", "a-b",
            "a.b", "a/b", "a_b", "a1", "a01", "a001", "a2", "a9", "a10", "aB", "ab", "b", "é",
        ];
        let mut sorted = keys;
        sorted.sort_by(|a, b| natural_order(a, b));
        assert_eq!(sorted, keys);
    }
}
