//! Randomness, from the operating system.

use data_encoding::{BASE64, HEXLOWER};
use go_template::Param::{Int, String as Str};
use go_template::{Error, Value, spend};

use crate::arguments::{Entry, int, pure, text};
use crate::runes::runes;

const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DIGITS: &str = "0123456789";

pub(crate) fn functions() -> Vec<Entry> {
    vec![
        ("randAlpha", pure(&[Int], None, |args| pick(args, LETTERS.as_bytes()))),
        ("randAlphaNum", pure(&[Int], None, |args| pick(args, [LETTERS, DIGITS].concat().as_bytes()))),
        ("randAscii", pure(&[Int], None, |args| pick(args, &(b' '..=b'~').collect::<Vec<_>>()))),
        ("randBytes", pure(&[Int], None, |args| Ok(Value::string(BASE64.encode(&bytes(int(args, 0)?)?))))),
        ("randInt", pure(&[Int, Int], None, rand_int)),
        ("randNumeric", pure(&[Int], None, |args| pick(args, DIGITS.as_bytes()))),
        ("shuffle", pure(&[Str], None, shuffle)),
        ("uuidv4", pure(&[], None, uuidv4)),
    ]
}

/// Whether the result of a function is random or depends on the clock, so that no two renders need agree.
///
/// `date` and its like are not among them, though they print the current time when they are given no time.
///
/// ```
/// assert!(sprig::is_random("randAlphaNum"));
/// assert!(!sprig::is_random("upper"));
/// ```
#[must_use]
pub fn is_random(name: &str) -> bool {
    matches!(
        name,
        "ago"
            | "bcrypt"
            | "encryptAES"
            | "genCA"
            | "genCAWithKey"
            | "genPrivateKey"
            | "genSelfSignedCert"
            | "genSelfSignedCertWithKey"
            | "genSignedCert"
            | "genSignedCertWithKey"
            | "htpasswd"
            | "now"
            | "randAlpha"
            | "randAlphaNum"
            | "randAscii"
            | "randBytes"
            | "randInt"
            | "randNumeric"
            | "shuffle"
            | "uuidv4"
    )
}

/// Takes a number of random things for its own: the operating system is slow to make them, and nobody needs a
/// longer secret.
fn bounded(count: usize) -> Result<usize, Error> {
    const LIMIT: usize = 1 << 24;
    if count > LIMIT {
        return Err(Error(format!("more than {LIMIT} random characters")));
    }
    spend(count as u64);
    Ok(count)
}

fn bytes(count: i64) -> Result<Vec<u8>, Error> {
    let count =
        usize::try_from(count).map_err(|_| Error::new("runtime error: makeslice: len out of range"))?;
    let mut bytes = vec![0; bounded(count)?];
    getrandom::fill(&mut bytes).map_err(|error| Error(error.to_string()))?;
    Ok(bytes)
}

/// Numbers from the operating system, which is asked for many at once: each question takes as long as thousands
/// of numbers.
struct Source {
    bytes: [u8; 4096],
    used: usize,
}

impl Source {
    fn new() -> Self {
        Source { bytes: [0; 4096], used: 4096 }
    }

    fn next(&mut self) -> Result<u64, Error> {
        if let Some((number, _)) = self.bytes.get(self.used..).and_then(|rest| rest.split_first_chunk()) {
            self.used += size_of::<u64>();
            return Ok(u64::from_ne_bytes(*number));
        }
        getrandom::fill(&mut self.bytes).map_err(|error| Error(error.to_string()))?;
        self.used = 0;
        self.next()
    }

    /// A number below `bound`, each as likely as the others.
    fn below(&mut self, bound: u64) -> Result<u64, Error> {
        let fair = u64::MAX - u64::MAX % bound;
        loop {
            let number = self.next()?;
            if number < fair {
                return Ok(number % bound);
            }
        }
    }

    fn index_below(&mut self, bound: usize) -> Result<usize, Error> {
        Ok(self.below(bound as u64)? as usize)
    }
}

fn pick(args: &[Value], alphabet: &[u8]) -> Result<Value, Error> {
    // goutils refuses a negative count and sprig drops its error.
    let count = bounded(usize::try_from(int(args, 0)?).unwrap_or(0))?;
    let mut source = Source::new();
    let picked: Result<Vec<u8>, Error> =
        (0..count).map(|_| Ok(alphabet[source.index_below(alphabet.len())?])).collect();
    Ok(Value::string(picked?))
}

fn rand_int(args: &[Value]) -> Result<Value, Error> {
    let (low, high) = (int(args, 0)?, int(args, 1)?);
    match u64::try_from(high.wrapping_sub(low)) {
        Ok(bound) if bound > 0 => Ok(Value::Int(low.wrapping_add_unsigned(Source::new().below(bound)?))),
        _ => Err(Error::new("invalid argument to Intn")),
    }
}

fn shuffle(args: &[Value]) -> Result<Value, Error> {
    bounded(text(args, 0)?.len())?;
    let mut runes: Vec<char> = runes(text(args, 0)?).collect();
    let mut source = Source::new();
    for at in (1..runes.len()).rev() {
        runes.swap(at, source.index_below(at + 1)?);
    }
    Ok(Value::string(runes.into_iter().collect::<String>()))
}

fn uuidv4(_: &[Value]) -> Result<Value, Error> {
    let mut bytes = bytes(16)?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = HEXLOWER.encode(&bytes);
    Ok(Value::string([&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")))
}
