use std::collections::BTreeMap;

use go_template::{Map, MapKind, to_text};

use super::*;

fn parsed(text: &str, mode: Mode<'_>) -> String {
    let map = Map::new(MapKind::Any, BTreeMap::new());
    match parse_into(text, &map, mode) {
        Ok(()) => to_text(&Value::Map(map)).unwrap().to_str().into_owned(),
        Err(error) => format!("ERR {error}"),
    }
}

#[test]
fn set_reads_types() {
    for (text, expected) in [
        ("", "map[]"),
        ("a=1,b.c=x", "map[a:1 b:map[c:x]]"),
        ("a=TRUE,b=False,c=NULL,d=0,e=01,f=1.5,g=-3", "map[a:true b:false c:<nil> d:0 e:01 f:1.5 g:-3]"),
        ("a=", "map[a:]"),
        ("a=,b=1", "map[a: b:1]"),
        ("a= x ", "map[a: x ]"),
        ("a\\.b=c\\,d", "map[a.b:c,d]"),
        ("a={1,x},b=2", "map[a:[1 x] b:2]"),
        ("a={}", "map[a:[]]"),
        ("a[1]=x", "map[a:[<nil> x]]"),
        ("a[0].b=1,a[0].c=2,a[1].b=3", "map[a:[map[b:1 c:2] map[b:3]]]"),
        ("a[0][1]=x,a[0][0]=y", "map[a:[[y x]]]"),
        ("a[0]", "map[a:[]]"),
        ("a[0].b=", "map[a:[]]"),
        ("a", "ERR key \"a\" has no value"),
        ("a,b=1", "ERR key \"a\" has no value (cannot end with ,)"),
        ("a.=1", "ERR key map \"a\" has no value"),
        ("a={1", "ERR list must terminate with '}'"),
        ("a[-1]=1", "ERR negative -1 index not allowed"),
        ("a[x]=1", "ERR error parsing index: strconv.Atoi: parsing \"x\": invalid syntax"),
        ("a[0]x=1", "ERR unexpected data at end of array index: ['x']"),
        ("a[65537]=1", "ERR index of 65537 is greater than maximum supported index of 65536"),
        (
            "a=1,a.b=2",
            "ERR unable to parse key: interface conversion: interface {} is int64, not map[string]interface {}",
        ),
        (
            "a=x,a[0]=2",
            "ERR unable to parse key: interface conversion: interface {} is string, not []interface {}",
        ),
    ] {
        assert_eq!(parsed(text, Mode::Typed), expected, "{text}");
    }
}

#[test]
fn other_options_read_their_own_way() {
    assert_eq!(parsed("a=1,b=true", Mode::Strings), "map[a:1 b:true]");
    assert_eq!(parsed("a=x,b={1},c\\d", Mode::Literal), "map[a:x,b={1},c\\d]");
    assert_eq!(parsed("a.b[0]=x\\", Mode::Literal), "map[a:map[b:[x\\]]]");
    assert_eq!(parsed("a={\"b\": [1, null]} ,c=,d=\"x\"", Mode::Json), "map[a:map[b:[1 <nil>]] c:<nil> d:x]");
    assert_eq!(parsed("a[1]=[]", Mode::Json), "map[a:[<nil> []]]");
    assert!(parsed("a={", Mode::Json).starts_with("ERR"));
    let read = |path: &str| Ok(Value::string(format!("<{path}>")));
    assert_eq!(parsed("a=p/q,b={r,s}", Mode::Files(&read)), "map[a:<p/q> b:[<r> <s>]]");
}

#[test]
fn nesting_is_bounded() {
    assert!(
        parsed(&format!("{}=1", "a.".repeat(31) + "b"), Mode::Typed).starts_with("ERR value name nested")
    );
    assert!(parsed(&format!("a{}=1", "[0]".repeat(10_000)), Mode::Typed).starts_with("ERR lists are nested"));
}
