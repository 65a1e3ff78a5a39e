//! The pairs of cases.txt, answered by a real helm, computed here without one.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::cmp::Ordering;

use masterminds_semver::{Constraint, Error, Version};

/// A JSON string, of which the cases use no escapes but these.
fn unquoted(json: &str) -> String {
    let inner = json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap();
    inner.replace("\\t", "\t").replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\")
}

fn unquoted_or_answer(column: &str) -> String {
    if column.starts_with('"') { unquoted(column) } else { column.to_owned() }
}

fn compare(constraint: &str, version: &str) -> Result<bool, Error> {
    let constraint = Constraint::parse(constraint)?;
    Ok(constraint.check(&Version::parse(version)?))
}

#[test]
fn cases_of_helm() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in include_str!("cases.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let mut column = || columns.next().unwrap();
        let (constraint, version, wanted) = (unquoted(column()), unquoted(column()), column());
        let wanted = unquoted_or_answer(wanted);
        let got = match compare(&constraint, &version) {
            Ok(holds) => holds.to_string(),
            Err(error) => error.to_string(),
        };
        count += 1;
        if got != wanted {
            wrong.push(format!("{line}\n  here: {got}"));
        }
    }
    assert!(count > 1000, "only {count} cases");
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn check_and_validate_agree() {
    for line in
        include_str!("cases.txt").lines().filter(|line| line.ends_with("true") || line.ends_with("false"))
    {
        let mut columns = line.split('\t').map(unquoted_or_answer);
        let constraint = Constraint::parse(&columns.next().unwrap()).unwrap();
        let version = Version::parse(&columns.next().unwrap()).unwrap();
        assert_eq!(constraint.validate(&version).is_ok(), constraint.check(&version), "{line}");
    }
}

#[test]
fn strict_versions() {
    let refusal = |text: &str| Version::parse_strict(text).unwrap_err().to_string();
    assert_eq!(refusal(""), "version string empty");
    assert_eq!(refusal("1.2"), "invalid semantic version");
    assert_eq!(refusal("v1.2.3"), "invalid characters in version");
    assert_eq!(refusal("1.02.3"), "version segment starts with 0");
    assert_eq!(refusal("1.2.3-01"), "version segment starts with 0");
    assert_eq!(refusal("1.2.3-a..b"), "invalid prerelease string");
    assert_eq!(refusal("1.2.3+"), "invalid metadata string");
    assert_eq!(refusal("1..3"), "strconv.ParseUint: parsing \"\": invalid syntax");
    assert_eq!(Version::parse_strict("1.2.3-a.1+b").unwrap().to_string(), "1.2.3-a.1+b");
}

#[test]
fn precedence() {
    let ascending = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.9",
        "1.0.0-alpha.10",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-rc.1",
        "1.0.0",
        "1.0.1",
        "1.2.0",
        "2.0.0",
    ];
    for pair in ascending.windows(2) {
        let [lower, higher] = [0, 1].map(|index| Version::parse(pair[index]).unwrap());
        assert_eq!(lower.compare(&higher), Ordering::Less, "{pair:?}");
        assert_eq!(higher.compare(&lower), Ordering::Greater, "{pair:?}");
    }
    let [left, right] = ["1.2.3+a", "v1.2.3+b"].map(|text| Version::parse(text).unwrap());
    assert_eq!(left.compare(&right), Ordering::Equal);
}

#[test]
fn successors() {
    let version = Version::parse("v1.2.3-rc.1+build").unwrap();
    assert_eq!(version.next_patch().unwrap().original, "v1.2.3");
    assert_eq!(version.next_minor().unwrap().to_string(), "1.3.0");
    assert_eq!(version.next_major().unwrap().to_string(), "2.0.0");
    assert_eq!(version.with_prerelease("x.1").unwrap().original, "v1.2.3-x.1+build");
    assert_eq!(version.with_metadata("").unwrap().to_string(), "1.2.3-rc.1");
    assert!(version.with_prerelease("01").is_err());
    assert!(Version::parse("18446744073709551615").unwrap().next_major().is_err());
}

#[test]
fn reasons() {
    let reasons = |constraint: &str, version: &str| {
        let version = Version::parse(version).unwrap();
        let reasons = Constraint::parse(constraint).unwrap().validate(&version).unwrap_err();
        reasons.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        reasons(">2, <1", "1.5"),
        [r#""1.5.0" is less than or equal to "2""#, r#""1.5.0" is greater than or equal to "1""#,]
    );
    assert_eq!(
        reasons(">2 || <1", "1.5-a"),
        [r#""1.5.0-a" is a prerelease version and the constraint is only looking for release versions"#,]
    );
    let caret = "Expect version and constraint to equal when major and minor versions are 0";
    assert_eq!(reasons("^0.0.3", "0.0.4"), [format!(r#""0.0.4" does not equal "0.0.3". {caret}"#)]);
}

#[test]
fn constraints_print_as_they_were_read() {
    assert_eq!(Constraint::parse("1.2 - 2,^ 3||~>4.x").unwrap().to_string(), ">=1.2 <=2 ^3 || ~>4.x");
}
