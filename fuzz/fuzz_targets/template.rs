//! Parses and executes any text as a template, with all of Helm's functions.
#![no_main]

use helm_chart::values::{self, Validation};
use helm_chart::{Capabilities, Chart, Content, File, KubeVersion, Limits, Metadata, Release};
use libfuzzer_sys::fuzz_target;

const VALUES: &str = "a: 1\nb: {c: [x, y, 2.5, null], d: {e: true}}\ntext: 'some text'\nlist: []\nmap: {}\n";

fuzz_target!(|text: &str| {
    let file = |name: &str, data: &[u8]| File { name: name.to_owned(), content: Content::new(data) };
    let mut chart = Chart::default();
    chart.metadata = Metadata {
        name: "c".to_owned(),
        version: "1.0.0".to_owned(),
        api_version: "v2".to_owned(),
        ..Metadata::default()
    };
    chart.templates = vec![
        file("templates/_h.tpl", b"{{ define \"x\" }}{{ . | toYaml }}{{ end }}"),
        file("templates/t.yaml", text.as_bytes()),
    ];
    chart.files = vec![file("f.txt", b"one\ntwo")];
    chart.values = values::from_yaml(VALUES).unwrap_or_default();
    chart.path = "c".to_owned();
    let Ok(computed) = values::compute(&mut chart, &go_template::Value::Nil, Validation::Skipped) else { return };
    let release = Release { name: "r".to_owned(), namespace: "n".to_owned(), is_upgrade: false };
    let Ok(kube_version) = KubeVersion::parse("1.34.0") else { return };
    let capabilities = Capabilities { kube_version, api_versions: Vec::new() };
    let limits = Limits { steps: 100_000, output_bytes: 4 << 20, value_bytes: 32 << 20, ..Limits::default() };
    let _ = helm_chart::render(&chart, &computed.values, &release, &capabilities, &limits);
});
