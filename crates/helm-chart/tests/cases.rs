//! Renders the cases of `cases/*.txt` and compares them with what real helm rendered (`cases/regenerate.py`, which
//! also says how a case is written).
//!
//! `HELM_CASES` names a file of cases to run instead.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use helm_chart::values::{self, Validation};
use helm_chart::{Capabilities, Chart, Error, KubeVersion, Limits, Printed, Release};

const CHART: &str = "apiVersion: v2\nname: c\nversion: 0.1.0\nappVersion: \"1.0\"\ndescription: A chart\n";
const OUT: &str = r#"{{ include "c/templates/_t.tpl" . | b64enc | printf "out: %q" }}"#;
/// What stands before the errors of the captured template.
const INCLUDED: &str = concat!(
    r#"template: c/templates/out.yaml:1:3: executing "c/templates/out.yaml" "#,
    r#"at <include "c/templates/_t.tpl" .>: error calling include: "#,
);
const TEMPLATE: &str = "templates/_t.tpl";
/// Of the thread that renders: templates call each other a thousand times deep.
const STACK_BYTES: usize = 1 << 30;

#[derive(Default)]
struct Case {
    /// What the chart holds: lines by path.
    files: BTreeMap<String, Vec<String>>,
    sets: Vec<String>,
    /// Our answer is known to be another one.
    differs: bool,
    is_error: bool,
    /// Lines.
    expected: Option<Vec<String>>,
}

impl Case {
    fn parse(lines: &[&str]) -> Case {
        let mut case = Case::default();
        let mut target: Option<String> = None;
        for line in lines {
            let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
            match mark {
                "v" => {
                    target = None;
                    case.files.entry("values.yaml".to_owned()).or_default().push(rest.to_owned());
                }
                "s" => case.sets.push(rest.to_owned()),
                "f" => {
                    target = Some(rest.to_owned());
                    case.files.insert(rest.to_owned(), Vec::new());
                }
                "t" => {
                    let path = target.get_or_insert_with(|| TEMPLATE.to_owned());
                    case.files.entry(path.clone()).or_default().push(rest.to_owned());
                }
                "d" => case.differs = true,
                "=" | "!" => {
                    case.is_error = mark == "!";
                    case.expected.get_or_insert_default().push(rest.to_owned());
                }
                "~" | "!~" => {
                    case.is_error = mark == "!~";
                    case.expected = Some(vec![serde_json::from_str(rest).unwrap()]);
                }
                other => assert!(other.starts_with('#'), "no line of a case: {line}"),
            }
        }
        case
    }

    fn write(&self, directory: &Path) -> std::io::Result<()> {
        let write = |path: &str, text: &str| {
            let path = directory.join(path);
            std::fs::create_dir_all(path.parent().unwrap_or(directory))?;
            std::fs::write(path, text)
        };
        write("Chart.yaml", CHART)?;
        if self.is_captured() {
            write("templates/out.yaml", OUT)?;
        }
        self.files.iter().try_for_each(|(path, lines)| write(path, &lines.join("\n")))
    }

    fn is_captured(&self) -> bool {
        self.files.contains_key(TEMPLATE)
    }

    fn run(&self, directory: &Path) -> Result<String, Error> {
        let failed = |error: std::io::Error| Error::new(error.to_string());
        self.write(directory).map_err(failed)?;
        let text = self.render(directory)?;
        let _ = std::fs::remove_dir_all(directory);
        if !self.is_captured() {
            return Ok(text);
        }
        let encoded =
            text.split("out: \"").nth(1).and_then(|text| text.split('"').next()).unwrap_or_default();
        let decoded = BASE64.decode(encoded.trim_end().as_bytes());
        Ok(String::from_utf8_lossy(&decoded.map_err(|error| Error::new(error.to_string()))?).into_owned())
    }

    /// The order of `monstack chart template`, which is helm's.
    fn render(&self, directory: &Path) -> Result<String, Error> {
        let release = Release { name: "x".into(), namespace: "default".into(), is_upgrade: false };
        let kube_version = KubeVersion::parse("1.34.0")?;
        let capabilities = Capabilities { kube_version, api_versions: Vec::new() };
        let user = values::merge(&values::Options { set: self.sets.clone(), ..values::Options::default() })?;
        let mut chart = Chart::load(directory)?;
        helm_chart::check_installable(&chart)?;
        helm_chart::check_dependencies(&chart)?;
        let computed = values::compute(&mut chart, &user, Validation::Checked)?;
        let limits = Limits::default();
        let rendered = helm_chart::render(&chart, &computed.values, &release, &capabilities, &limits)?;
        let mut text = Vec::new();
        rendered
            .print(&Printed::default(), &mut text)
            .map_err(|error| Error::new(error.to_string()))
            .flatten()
            .map(|()| String::from_utf8_lossy(&text).into_owned())
    }
}

fn files() -> Vec<PathBuf> {
    if let Some(path) = std::env::var_os("HELM_CASES") {
        return vec![path.into()];
    }
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = std::fs::read_dir(directory).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    paths
}

fn compare(case: &Case, directory: &Path) -> Option<String> {
    let expected = case.expected.as_ref()?.join("\n");
    let (is_error, got) = match case.run(directory) {
        Ok(text) => (false, text),
        Err(error) => {
            let message = error.to_string();
            let message = message.trim_end_matches('\n');
            (true, message.strip_prefix(INCLUDED).unwrap_or(message).to_owned())
        }
    };
    let is_same = is_error == case.is_error && got == expected;
    if is_same != case.differs {
        return None;
    }
    let name = |is_error| if is_error { "error: " } else { "" };
    Some(if is_same {
        "is marked as different, and is not".to_owned()
    } else {
        format!("  helm: {}{expected}\n  here: {}{got}", name(case.is_error), name(is_error))
    })
}

fn run() -> (usize, Vec<String>) {
    let directory = tempfile::tempdir().unwrap();
    let chart = directory.path().join("c");
    let mut failures = Vec::new();
    let mut count = 0;
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut start = 0;
        for block in lines.split(|line| line.is_empty()) {
            let case = Case::parse(block);
            assert!(case.expected.is_some() || case.files.is_empty(), "no answer: {}", block.join("\n"));
            if case.expected.is_some() {
                count += 1;
                if let Some(difference) = compare(&case, &chart) {
                    failures.push(format!("{name}:{}\n{}\n{difference}", start + 1, block.join("\n")));
                }
                let _ = std::fs::remove_dir_all(&chart);
            }
            start += block.len() + 1;
        }
    }
    (count, failures)
}

#[test]
fn templates_render_as_in_helm() {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run).unwrap();
    let (count, failures) = thread.join().unwrap();
    assert!(failures.is_empty(), "{} of {count} differ:\n{}", failures.len(), failures.join("\n\n"));
    assert!(std::env::var_os("HELM_CASES").is_some() || count > 1600, "only {count} cases");
}
