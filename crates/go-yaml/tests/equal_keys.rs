//! Keys that are set twice, as Helm's values may have them.

use go_yaml::{Limits, read, read_first};

#[test]
fn the_last_of_equal_keys_counts() {
    let text = b"a: 1\nb: 2\na: {c: 1, c: 3}\n";
    assert_eq!(read(text, &Limits::default()).unwrap_err().len(), 2);
    let node = read_first(text, &Limits::default()).unwrap().unwrap();
    assert_eq!(node.to_json().unwrap().to_string(), r#"{"a":{"c":3},"b":2}"#);
}
