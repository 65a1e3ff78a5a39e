//! Patterns of file names, as `.Files.Glob` takes them.

/// A pattern of gobwas/glob with `/` as separator: `*` and `?` stop there, `**` does not; `[a-z]`, `[!a]` and
/// `{a,b}` are sets.
#[derive(Debug)]
pub(crate) struct Pattern(Vec<Token>);

#[derive(Debug)]
enum Token {
    Char(char),
    /// Any character but the separator.
    One,
    /// Any characters but the separator.
    Star,
    /// Any characters.
    Super,
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    Either(Vec<Pattern>),
}

/// Braces within braces.
const DEEPEST: usize = 16;

impl Pattern {
    /// None if it is no pattern.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let chars: Vec<char> = text.chars().collect();
        let mut at = 0;
        let tokens = sequence(&chars, &mut at, 0)?;
        (at == chars.len()).then_some(Pattern(tokens))
    }

    pub(crate) fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        let mut steps = 1 << 20;
        matches(&self.0, &name, &|rest| rest.is_empty(), &mut steps)
    }
}

fn sequence(chars: &[char], at: &mut usize, depth: usize) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    while let Some(&c) = chars.get(*at) {
        *at += 1;
        tokens.push(match c {
            '?' => Token::One,
            '*' if chars.get(*at) == Some(&'*') => {
                *at += 1;
                Token::Super
            }
            '*' => Token::Star,
            '[' => class(chars, at)?,
            '{' if depth < DEEPEST => {
                let mut choices = Vec::new();
                loop {
                    choices.push(Pattern(sequence(chars, at, depth + 1)?));
                    *at += 1;
                    match chars.get(*at - 1)? {
                        '}' => break,
                        ',' => {}
                        _ => return None,
                    }
                }
                Token::Either(choices)
            }
            '{' => return None,
            '}' | ',' if depth > 0 => {
                *at -= 1;
                break;
            }
            '\\' => {
                let escaped = *chars.get(*at)?;
                *at += 1;
                Token::Char(escaped)
            }
            other => Token::Char(other),
        });
    }
    Some(tokens)
}

fn class(chars: &[char], at: &mut usize) -> Option<Token> {
    let negated = chars.get(*at) == Some(&'!');
    *at += usize::from(negated);
    let mut ranges = Vec::new();
    loop {
        let low = *chars.get(*at)?;
        *at += 1;
        if low == ']' {
            break;
        }
        if chars.get(*at) == Some(&'-') && chars.get(*at + 1).is_some_and(|&c| c != ']') {
            let high = *chars.get(*at + 1)?;
            *at += 2;
            ranges.push((low, high));
        } else {
            ranges.push((low, low));
        }
    }
    (!ranges.is_empty()).then_some(Token::Class { negated, ranges })
}

fn matches(tokens: &[Token], name: &[char], then: &dyn Fn(&[char]) -> bool, steps: &mut u32) -> bool {
    let Some(left) = steps.checked_sub(1) else { return false };
    *steps = left;
    let Some((token, rest)) = tokens.split_first() else { return then(name) };
    let one = |fits: bool, steps: &mut u32| fits && matches(rest, &name[1..], then, steps);
    match (token, name.first()) {
        (Token::Char(c), first) => one(first == Some(c), steps),
        (Token::One, first) => one(first.is_some_and(|&c| c != '/'), steps),
        (Token::Class { negated, ranges }, first) => {
            let within = |c: char| ranges.iter().any(|&(low, high)| (low..=high).contains(&c));
            one(first.is_some_and(|&c| within(c) != *negated), steps)
        }
        (Token::Star | Token::Super, _) => {
            let longest = match token {
                Token::Star => name.iter().position(|&c| c == '/').unwrap_or(name.len()),
                _ => name.len(),
            };
            (0..=longest).any(|length| matches(rest, &name[length..], then, steps))
        }
        (Token::Either(choices), _) => choices.iter().any(|choice| {
            let cell = std::cell::Cell::new(*steps);
            let found = matches(
                &choice.0,
                name,
                &|remaining| {
                    let mut left = cell.get();
                    let found = matches(rest, remaining, then, &mut left);
                    cell.set(left);
                    found
                },
                steps,
            );
            *steps = (*steps).min(cell.get());
            found
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns() {
        let matches = |pattern: &str, name: &str| Pattern::parse(pattern).unwrap().matches(name);
        assert!(matches("dashboards/*.json", "dashboards/a.json"));
        assert!(!matches("dashboards/*.json", "dashboards/x/a.json"));
        assert!(matches("**.json", "dashboards/x/a.json"));
        assert!(matches("dash/{a,b*}.json", "dash/bcd.json"));
        assert!(matches("[a-c]?.txt", "bz.txt") && !matches("[!a-c]?.txt", "bz.txt"));
        assert!(Pattern::parse("[a").is_none() && Pattern::parse("{a").is_none());
    }
}
