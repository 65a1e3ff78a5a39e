//! Exact decimal arithmetic for `addf` and its like: floats enter as their shortest digits.

use std::cmp::Ordering;

use go_template::Error;

/// Digits behind the point that a quotient keeps.
const DIVISION_DIGITS: i32 = 16;

/// `digits` × 10^`exponent`. The digits are decimal, the first is the most significant and not zero; none are zero.
pub(crate) struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i32,
}

impl Decimal {
    pub(crate) fn new(value: f64) -> Result<Self, Error> {
        if !value.is_finite() {
            return Err(Error(format!("Cannot create a Decimal from {}", go_fmt::float(value))));
        }
        let text = format!("{:e}", value.abs());
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = whole.bytes().chain(fraction.bytes()).map(|digit| digit - b'0').collect();
        let shift = i32::try_from(fraction.len()).unwrap_or_default();
        Ok(Decimal::from_parts(value < 0.0, digits, exponent.parse().unwrap_or(0) - shift))
    }

    fn from_parts(negative: bool, digits: Vec<u8>, exponent: i32) -> Self {
        Decimal { negative, digits: stripped(digits), exponent }
    }

    pub(crate) fn to_float64(&self) -> f64 {
        if self.digits.is_empty() {
            return 0.0;
        }
        let digits: String = self.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        let magnitude: f64 = format!("{digits}e{}", self.exponent).parse().unwrap_or(0.0);
        if self.negative { -magnitude } else { magnitude }
    }

    /// The digits of both with the same exponent.
    fn aligned(&self, other: &Decimal) -> (Vec<u8>, Vec<u8>, i32) {
        let exponent = self.exponent.min(other.exponent);
        let scale = |number: &Decimal| scaled(&number.digits, number.exponent - exponent);
        (scale(self), scale(other), exponent)
    }

    pub(crate) fn add(&self, other: &Decimal) -> Decimal {
        let (left, right, exponent) = self.aligned(other);
        if self.negative == other.negative {
            return Decimal::from_parts(self.negative, sum(&left, &right), exponent);
        }
        match compare(&left, &right) {
            Ordering::Less => Decimal::from_parts(other.negative, difference(&right, &left), exponent),
            _ => Decimal::from_parts(self.negative, difference(&left, &right), exponent),
        }
    }

    pub(crate) fn subtract(&self, other: &Decimal) -> Decimal {
        let negated =
            Decimal { negative: !other.negative, digits: other.digits.clone(), exponent: other.exponent };
        self.add(&negated)
    }

    pub(crate) fn multiply(&self, other: &Decimal) -> Decimal {
        let mut columns = vec![0u32; self.digits.len() + other.digits.len()];
        for (i, left) in self.digits.iter().rev().enumerate() {
            for (j, right) in other.digits.iter().rev().enumerate() {
                columns[i + j] += u32::from(*left) * u32::from(*right);
            }
        }
        let mut carry = 0;
        for column in &mut columns {
            carry += *column;
            *column = carry % 10;
            carry /= 10;
        }
        let digits = columns.iter().rev().map(|digit| *digit as u8).collect();
        Decimal::from_parts(self.negative != other.negative, digits, self.exponent + other.exponent)
    }

    /// The quotient to 16 digits behind the point, halves away from zero.
    pub(crate) fn divide(&self, other: &Decimal) -> Result<Decimal, Error> {
        if other.digits.is_empty() {
            return Err(Error::new("decimal division by 0"));
        }
        let shift = DIVISION_DIGITS + self.exponent - other.exponent;
        let dividend = scaled(&self.digits, shift.max(0));
        let divisor = scaled(&other.digits, (-shift).max(0));
        let mut quotient = Vec::with_capacity(dividend.len());
        let mut remainder: Vec<u8> = Vec::new();
        for &digit in &dividend {
            if !remainder.is_empty() || digit != 0 {
                remainder.push(digit);
            }
            let mut count = 0;
            while compare(&remainder, &divisor) != Ordering::Less {
                remainder = difference(&remainder, &divisor);
                count += 1;
            }
            quotient.push(count);
        }
        if compare(&sum(&remainder, &remainder), &divisor) != Ordering::Less {
            quotient = sum(&stripped(quotient), &[1]);
        }
        Ok(Decimal::from_parts(self.negative != other.negative, quotient, -DIVISION_DIGITS))
    }
}

fn stripped(digits: Vec<u8>) -> Vec<u8> {
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    if zeros == 0 { digits } else { digits[zeros..].to_vec() }
}

fn scaled(digits: &[u8], zeros: i32) -> Vec<u8> {
    let mut result = digits.to_vec();
    if !digits.is_empty() {
        result.resize(digits.len() + usize::try_from(zeros).unwrap_or_default(), 0);
    }
    result
}

fn compare(left: &[u8], right: &[u8]) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

fn sum(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(left.len().max(right.len()) + 1);
    let (mut left, mut right) = (left.iter().rev(), right.iter().rev());
    let mut carry = 0;
    loop {
        let pair = (left.next(), right.next());
        if pair == (None, None) {
            break;
        }
        let digit = pair.0.unwrap_or(&0) + pair.1.unwrap_or(&0) + carry;
        result.push(digit % 10);
        carry = digit / 10;
    }
    result.push(carry);
    result.reverse();
    stripped(result)
}

/// `left` - `right`, which is not the greater one.
fn difference(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(left.len());
    let mut right = right.iter().rev();
    let mut borrow = 0;
    for digit in left.iter().rev() {
        let take = right.next().unwrap_or(&0) + borrow;
        borrow = u8::from(*digit < take);
        result.push(digit + 10 * borrow - take);
    }
    result.reverse();
    stripped(result)
}
