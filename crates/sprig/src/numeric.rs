//! Integers, floats and ranges of numbers.

use std::rc::Rc;

use go_fmt::parse_int;
use go_template::Param::{Any, Float64, Int};
use go_template::{Error, List, TextBuilder, Value, ensure_items_fit, to_text};

use crate::arguments::{Entry, from, int, pure, value};
use crate::cast::{to_float64, to_int64};
use crate::decimal::Decimal;

pub(crate) fn functions() -> Vec<Entry> {
    let max = pure(&[Any], Some(Any), |args| fold(args, i64::max));
    vec![
        ("add", pure(&[], Some(Any), add)),
        ("add1", pure(&[Any], None, |args| Ok(Value::Int64(to_int64(value(args, 0)).wrapping_add(1))))),
        ("add1f", pure(&[Any], None, add1f)),
        ("addf", pure(&[], Some(Any), |args| decimals(&Value::Int(0), args, |a, b| Ok(a.add(b))))),
        ("biggest", max),
        ("ceil", pure(&[Any], None, |args| Ok(Value::Float64(to_float64(value(args, 0)).ceil())))),
        ("div", pure(&[Any, Any], None, |args| divide(args, i64::wrapping_div))),
        ("divf", pure(&[Any], Some(Any), |args| decimals(value(args, 0), from(args, 1), |a, b| a.divide(b)))),
        ("float64", pure(&[Any], None, |args| Ok(Value::Float64(to_float64(value(args, 0)))))),
        ("floor", pure(&[Any], None, |args| Ok(Value::Float64(to_float64(value(args, 0)).floor())))),
        ("int", pure(&[Any], None, |args| Ok(Value::Int(to_int64(value(args, 0)))))),
        ("int64", pure(&[Any], None, |args| Ok(Value::Int64(to_int64(value(args, 0)))))),
        ("max", max),
        ("maxf", pure(&[Any], Some(Any), |args| fold_floats(args, f64::max))),
        ("min", pure(&[Any], Some(Any), |args| fold(args, i64::min))),
        ("minf", pure(&[Any], Some(Any), |args| fold_floats(args, f64::min))),
        ("mod", pure(&[Any, Any], None, |args| divide(args, i64::wrapping_rem))),
        ("mul", pure(&[Any], Some(Any), |args| fold(args, i64::wrapping_mul))),
        (
            "mulf",
            pure(&[Any], Some(Any), |args| decimals(value(args, 0), from(args, 1), |a, b| Ok(a.multiply(b)))),
        ),
        ("round", pure(&[Any, Int], Some(Float64), round)),
        ("seq", pure(&[], Some(Int), seq)),
        ("sub", pure(&[Any, Any], None, |args| fold(args, i64::wrapping_sub))),
        (
            "subf",
            pure(&[Any], Some(Any), |args| decimals(value(args, 0), from(args, 1), |a, b| Ok(a.subtract(b)))),
        ),
        ("toDecimal", pure(&[Any], None, to_decimal)),
        ("until", pure(&[Int], None, until)),
        ("untilStep", pure(&[Int, Int, Int], None, until_step)),
    ]
}

fn add(args: &[Value]) -> Result<Value, Error> {
    Ok(Value::Int64(args.iter().map(to_int64).fold(0, i64::wrapping_add)))
}

fn fold(args: &[Value], combine: fn(i64, i64) -> i64) -> Result<Value, Error> {
    Ok(Value::Int64(args.iter().map(to_int64).reduce(combine).unwrap_or_default()))
}

fn fold_floats(args: &[Value], combine: fn(f64, f64) -> f64) -> Result<Value, Error> {
    let pick = |a: f64, b: f64| if a.is_nan() || b.is_nan() { f64::NAN } else { combine(a, b) };
    Ok(Value::Float64(args.iter().map(to_float64).reduce(pick).unwrap_or_default()))
}

fn divide(args: &[Value], combine: fn(i64, i64) -> i64) -> Result<Value, Error> {
    match to_int64(value(args, 1)) {
        0 => Err(Error::new("runtime error: integer divide by zero")),
        divisor => Ok(Value::Int64(combine(to_int64(value(args, 0)), divisor))),
    }
}

fn decimals(
    first: &Value,
    rest: &[Value],
    combine: impl Fn(&Decimal, &Decimal) -> Result<Decimal, Error>,
) -> Result<Value, Error> {
    let mut result = Decimal::new(to_float64(first))?;
    for value in rest {
        result = combine(&result, &Decimal::new(to_float64(value))?)?;
    }
    Ok(Value::Float64(result.to_float64()))
}

fn add1f(args: &[Value]) -> Result<Value, Error> {
    decimals(value(args, 0), &[Value::Int(1)], |a, b| Ok(a.add(b)))
}

fn round(args: &[Value]) -> Result<Value, Error> {
    let round_on = from(args, 2).first().map_or(0.5, to_float64);
    let power = power_of_ten(int(args, 1)?);
    let digit = power * to_float64(value(args, 0));
    let rounded = if digit.fract() >= round_on { digit.ceil() } else { digit.floor() };
    Ok(Value::Float64(rounded / power))
}

/// `math.Pow(10, exponent)`, whose last bits `powi` does not share.
fn power_of_ten(exponent: i64) -> f64 {
    let mut left = exponent.unsigned_abs();
    if left > 400 {
        return if exponent < 0 { 0.0 } else { f64::INFINITY };
    }
    let (mut mantissa, mut binary) = (1.0, 0);
    let (mut square, mut square_binary) = (0.625, 4);
    while left > 0 {
        if left & 1 == 1 {
            mantissa *= square;
            binary += square_binary;
        }
        square *= square;
        square_binary *= 2;
        if square < 0.5 {
            square += square;
            square_binary -= 1;
        }
        left >>= 1;
    }
    if exponent < 0 {
        mantissa = 1.0 / mantissa;
        binary = -binary;
    }
    // In two steps: 2 to the whole power may be beyond a float where the result is not.
    mantissa * 2f64.powi(binary / 2) * 2f64.powi(binary - binary / 2)
}

fn to_decimal(args: &[Value]) -> Result<Value, Error> {
    let text = to_text(value(args, 0))?;
    Ok(Value::Int64(parse_int(&text.to_str(), 8).unwrap_or(0)))
}

fn steps(start: i64, stop: i64, step: i64) -> Result<Vec<i64>, Error> {
    if stop < start && step >= 0 || stop >= start && step <= 0 {
        return Ok(Vec::new());
    }
    let count = stop.abs_diff(start) / step.unsigned_abs();
    ensure_items_fit(usize::try_from(count).unwrap_or(usize::MAX))?;
    let next =
        |at: &i64| at.checked_add(step).filter(|next| if step > 0 { *next < stop } else { *next > stop });
    Ok(std::iter::successors((start != stop).then_some(start), next).collect())
}

fn ints(numbers: Vec<i64>) -> Value {
    Value::List(Rc::new(List { item: "int", items: numbers.into_iter().map(Value::Int).collect() }))
}

fn until(args: &[Value]) -> Result<Value, Error> {
    let count = int(args, 0)?;
    steps(0, count, if count < 0 { -1 } else { 1 }).map(ints)
}

fn until_step(args: &[Value]) -> Result<Value, Error> {
    steps(int(args, 0)?, int(args, 1)?, int(args, 2)?).map(ints)
}

fn seq(args: &[Value]) -> Result<Value, Error> {
    let (start, step, end) = match args.len() {
        1 => (1, None, int(args, 0)?),
        2 => (int(args, 0)?, None, int(args, 1)?),
        3 => (int(args, 0)?, Some(int(args, 1)?), int(args, 2)?),
        _ => return Ok(Value::string("")),
    };
    let toward = if end < start { -1 } else { 1 };
    if end < start && step.is_some_and(|step| step > 0) {
        return Ok(Value::string(""));
    }
    let numbers = steps(start, end.wrapping_add(toward), step.unwrap_or(toward))?;
    let mut text = TextBuilder::new();
    for (index, number) in numbers.iter().enumerate() {
        if index > 0 {
            text.push(b" ")?;
        }
        text.push(number.to_string())?;
    }
    Ok(Value::String(text.into()))
}
