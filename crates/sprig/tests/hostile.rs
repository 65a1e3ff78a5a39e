//! Templates that would not end, or use up the memory: each has to fail, or do without.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use go_template::{FunctionTable, Limits, Templates, Value};

fn execute(template: &str) -> Result<String, String> {
    let mut templates = Templates::new(FunctionTable::new(&sprig::functions()));
    templates.parse("t", template).unwrap();
    let output = templates.execute("t", &Value::map([]), &Limits::default(), &());
    output.map(|output| String::from_utf8(output).unwrap()).map_err(|error| error.to_string())
}

#[track_caller]
fn fails(template: &str, message: &str) {
    match execute(template) {
        Ok(output) => panic!("{template}: {} bytes", output.len()),
        Err(error) => assert!(error.contains(message), "{template}: {error}"),
    }
}

const TOO_LARGE: &str = "larger than 64 MiB";
const TOO_MANY_STEPS: &str = "more than 200000000 steps";

/// Two maps that hold themselves twice.
const CYCLES: &str = r#"{{ $d := dict }}{{ $_ := set $d "a" $d }}{{ $_ := set $d "b" $d }}
    {{- $e := dict }}{{ $_ := set $e "a" $e }}{{ $_ := set $e "b" $e }}"#;
/// Two lists that are a few values in memory and 2^40 long ones in print.
const SHARED: &str = r#"{{ $d := list (repeat 10000 "x") }}{{ $e := list (repeat 10000 "x") }}
    {{- range 40 }}{{ $d = list $d $d }}{{ $e = list $e $e }}{{ end }}"#;

#[test]
fn values_that_hold_themselves_come_to_an_end() {
    for call in [
        "toString $d",
        "quote $d",
        "squote $d",
        "cat $d",
        r#"join "" $d"#,
        "join 1 (list $d)",
        "toDecimal $d",
        "dict $d 1",
        "deepCopy $d",
        "toStrings (list $d)",
        "sortAlpha (list $d)",
        "merge $d $e",
        "mergeOverwrite $d $e",
    ] {
        let call = call.replace("join 1", r#"join "1""#);
        fails(&format!("{CYCLES}{{{{ {call} }}}}"), "stack overflow");
    }
    for call in ["deepEqual $d $e", "has $d (list $e)", "has $d (list $d $e) | not | not"] {
        assert_eq!(execute(&format!("{CYCLES}{{{{ {call} }}}}")).unwrap(), "true");
    }
    assert_eq!(execute(&format!("{CYCLES}{{{{ list $d $e | uniq | len }}}}")).unwrap(), "1");
    assert_eq!(execute(&format!("{CYCLES}{{{{ without (list $d) $e | len }}}}")).unwrap(), "0");
    assert_eq!(execute(&format!("{CYCLES}{{{{ toJson $d }}}}{{{{ toPrettyJson $d }}}}")).unwrap(), "");
    fails(&format!("{CYCLES}{{{{ mustToJson $d }}}}"), "encountered a cycle");
    fails(&format!("{CYCLES}{{{{ toRawJson $d }}}}"), "encountered a cycle");
}

#[test]
fn shared_values_are_not_printed_in_full() {
    for call in [
        "toString $d",
        "quote $d",
        "squote $d",
        "cat $d",
        r#"join "" $d"#,
        "toDecimal $d",
        "dict $d 1",
        "deepCopy $d",
        "toStrings $d",
        "sortAlpha $d",
        "toJson $d",
    ] {
        fails(&format!("{SHARED}{{{{ {call} }}}}"), TOO_LARGE);
    }
    assert_eq!(execute(&format!("{SHARED}{{{{ deepEqual $d $e }}}}")).unwrap(), "true");
    fails(
        r#"{{ $d := dict "a" 1 }}{{ range 40 }}{{ $d = dict "a" $d "b" $d }}{{ end }}{{ $e := dict "a" 1 }}
        {{- range 40 }}{{ $e = dict "a" $e "b" $e }}{{ end }}{{ merge $d $e | len }}"#,
        TOO_LARGE,
    );
}

#[test]
fn no_call_makes_too_much() {
    for call in [
        r#"repeat 1000000000 "x""#,
        "until 1000000000",
        "untilStep 0 1000000000 1",
        "untilStep 0 -1000000000 -1",
        "seq 1000000000",
        "seq 0 1000000000",
        r#"indent 1000000000 "x""#,
        r#"nindent 1000000000 "x""#,
        r#"indent 1000000 (repeat 1000 "\n")"#,
        r#"repeat 10000 "x" | replace "x" (repeat 10000 "x")"#,
        r#"repeat 10000 "x" | replace "" (repeat 10000 "x")"#,
        r#"regexReplaceAll "x" (repeat 10000 "x") (print "$0" (repeat 10000 "y"))"#,
        r#"regexReplaceAll "x" (repeat 10000 "x") (repeat 10000 "$9")"#,
        r#"regexReplaceAllLiteral "x" (repeat 10000 "x") (repeat 10000 "y")"#,
        r#"repeat 10000 "x " | wrapWith 1 (repeat 10000 "y")"#,
        r#"splitList "" (repeat 10000000 "x")"#,
        r#"split "x" (repeat 10000000 "x")"#,
        r#"regexFindAll "x" (repeat 10000000 "x") -1"#,
        r#"regexSplit "x" (repeat 10000000 "x") -1"#,
        r#"until 10000 | join (repeat 10000 "x")"#,
    ] {
        fails(&format!("{{{{ {call} | len }}}}"), TOO_LARGE);
    }
    for name in ["randAlpha", "randAlphaNum", "randAscii", "randNumeric", "randBytes"] {
        fails(&format!("{{{{ {name} 1000000000 }}}}"), "more than 16777216 random characters");
    }
    fails(r#"{{ repeat 50000000 "x" | shuffle }}"#, "more than 16777216 random characters");
    fails("{{ until 5000 | chunk 1 | uniq | len }}", "too many items");
    assert_eq!(execute("{{ until 100000 | uniq | len }}").unwrap(), "100000");
    fails(r#"{{ printf "[%s1]" (repeat 4000000 "1,") | mustFromJson }}"#, "more than 2000000 values");
    fails(r#"{{ repeat 9999 "[" | mustFromJson }}"#, "exceeded max depth");
}

#[test]
fn what_grows_in_a_range_comes_to_an_end() {
    fails("{{ $l := list 1 }}{{ range 100 }}{{ $l = concat $l $l }}{{ end }}", TOO_LARGE);
    fails(r#"{{ $s := "x" }}{{ range 100 }}{{ $s = cat $s $s }}{{ end }}"#, TOO_LARGE);
    let limits = Limits { value_bytes: 1 << 20, ..Limits::default() };
    for template in [
        r#"{{ $l := list }}{{ range 1000 }}{{ $l = append $l (repeat 10000 "x") }}{{ end }}"#,
        r#"{{ $d := dict }}{{ range until 2000 }}{{ $_ := set $d (toString .) (until 1000) }}{{ end }}"#,
        r#"{{ $d := dict }}{{ range until 100000 }}{{ $_ := set $d (toString .) . }}{{ end }}"#,
    ] {
        let mut templates = Templates::new(FunctionTable::new(&sprig::functions()));
        templates.parse("t", template).unwrap();
        let error = templates.execute("t", &Value::map([]), &limits, &()).unwrap_err().to_string();
        assert!(error.contains("more than 1048576 bytes of values"), "{error}");
    }
}

/// Each would take seconds to hours, in one call.
#[test]
fn slow_patterns_come_to_an_end() {
    const LONG: &str = "text is too long";
    for call in [
        r#"repeat 1000000 "a" | regexFind "(a{100}){100}b""#,
        r#"repeat 1000000 "a" | regexMatch "(a{100}){100}b""#,
        r#"regexFindAll "(a{100}){100}b" (repeat 1000000 "a") -1"#,
        r#"regexReplaceAll "(a{100}){100}b" (repeat 1000000 "a") "x""#,
        r#"regexSplit "(a{100}){100}b" (repeat 1000000 "a") -1"#,
    ] {
        fails(&format!("{{{{ {call} }}}}"), LONG);
    }
    for call in [
        r#"regexFindAll ".*[^A-Z]|[A-Z]" (repeat 1000000 "A") -1"#,
        r#"regexReplaceAll ".*[^A-Z]|[A-Z]" (repeat 1000000 "A") "x""#,
        r#"regexSplit ".*[^A-Z]|[A-Z]" (repeat 1000000 "A") -1"#,
    ] {
        fails(&format!("{{{{ {call} }}}}"), "takes too long");
    }
    assert_eq!(execute(r#"{{ repeat 20000 "a" | regexMatch "[" }}"#).unwrap(), "false");
    assert_eq!(execute(r#"{{ repeat 20000 "a" | regexMatch "(a{100}){100}" }}"#).unwrap(), "true");
    assert_eq!(execute(r#"{{ regexReplaceAll "\\s+$" (repeat 5000000 "a") "" | len }}"#).unwrap(), "5000000");
}

#[test]
fn long_random_texts_are_made_in_time() {
    assert_eq!(execute("{{ randAlphaNum 5000000 | shuffle | len }}").unwrap(), "5000000");
}

#[test]
fn large_dicts_are_no_crime() {
    let template =
        r#"{{ $d := dict }}{{ range until 50000 }}{{ $_ := set $d (toString .) . }}{{ end }}{{ len $d }}"#;
    assert_eq!(execute(template).unwrap(), "50000");
}

#[test]
fn needles_in_haystacks_are_found_in_time() {
    let template = r#"{{ contains (print (repeat 500000 "a") "b") (repeat 5000000 "a") }}"#;
    assert_eq!(execute(template).unwrap(), "false");
    let template = r#"{{ repeat 300000 " a" | trimAll " a" }}{{ repeat 300000 "\u00a0 " | trim }}"#;
    assert_eq!(execute(template).unwrap(), "");
}

#[cfg(feature = "crypto")]
#[test]
fn slow_functions_count() {
    let limits = Limits { steps: 1_500_000, ..Limits::default() };
    for call in [
        r#"bcrypt "x""#,
        r#"htpasswd "u" "p""#,
        r#"derivePassword 1 "long" "p" "u" "s""#,
        r#"genCA "x" 1"#,
        r#"genPrivateKey "ed25519" | repeat 10"#,
    ] {
        let mut templates = Templates::new(FunctionTable::new(&sprig::functions()));
        templates.parse("t", format!("{{{{ range 1000000 }}}}{{{{ $_ := {call} }}}}{{{{ end }}}}")).unwrap();
        let error = templates.execute("t", &Value::map([]), &limits, &()).unwrap_err().to_string();
        assert!(error.contains("steps"), "{error}");
    }
    fails(r#"{{ range 1000000 }}{{ $_ := regexMatch (toString .) "x" }}{{ end }}"#, TOO_MANY_STEPS);
}
