//! "Did you mean": the nearest of some names.

/// The name that `typed` was most probably meant to be.
pub(crate) fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(typed);
    let mut best: Option<(usize, &str)> = None;
    for name in names {
        let candidate = fold(name);
        let distance = if candidate == folded { 0 } else { distance(&folded, &candidate) };
        let close = distance * 3 <= folded.len().max(candidate.len()).max(3);
        if close && distance < candidate.len() && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// Names that differ in case, `-` and `_` only are the same name in another style.
fn fold(name: &str) -> Vec<char> {
    name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).take(64).collect()
}

/// Damerau-Levenshtein distance (optimal string alignment): insertions, deletions, replacements and
/// swaps of neighbours.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before_last[j - 2] + 1);
            }
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(a: &str, b: &str) -> usize {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        distance(&chars(a), &chars(b))
    }

    #[test]
    fn edits_are_counted() {
        assert_eq!(count("replicas", "repplicas"), 1);
        assert_eq!(count("replicas", "repilcas"), 1);
        assert_eq!(count("memory", "memry"), 1);
        assert_eq!(count("kitten", "sitting"), 3);
        assert_eq!(count("", "abc"), 3);
    }

    #[test]
    fn the_nearest_name_wins_if_it_is_near() {
        let names = ["prometheus", "prometheusOperator", "grafana", "loki"];
        assert_eq!(nearest("promethues", names), Some("prometheus"));
        assert_eq!(nearest("prometheus-operator", names), Some("prometheusOperator"));
        assert_eq!(nearest("LOKI", names), Some("loki"));
        assert_eq!(nearest("lki", names), Some("loki"));
        assert_eq!(nearest("tempo", names), None);
        assert_eq!(nearest("x", ["y"]), None);
    }
}
