//! `monstack render` with `delivery: inline`

use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;

use crate::support::{CHARTS, Place};

const CONFIG: &str = "delivery: inline\n";

/// The three charts of the stack in small, in the versions of the default config.
fn charts() -> Place {
    let place = Place::with_charts(CONFIG);
    for (name, _) in CHARTS {
        let text = format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n");
        place.file(&format!("charts/{name}/templates/config.yaml"), &text);
    }
    place
}

fn render(place: &Place) -> assert_cmd::assert::Assert {
    place.monstack(&["render", "config.yaml", "--charts", "charts"]).assert()
}

fn documents(place: &Place) -> Vec<Value> {
    let output = render(place).success().get_output().stdout.clone();
    let nodes = go_yaml::read(&output, &go_yaml::Limits::default()).unwrap_or_default();
    nodes.iter().map(|node| node.to_json().unwrap_or_default()).collect()
}

fn named<'a>(documents: &'a [Value], kind: &str, name: &str) -> &'a Value {
    let found =
        documents.iter().find(|document| document["kind"] == kind && document["metadata"]["name"] == name);
    found.unwrap_or(&Value::Null)
}

#[test]
fn objects_get_a_namespace_and_a_wave_and_nothing_else() {
    let place = charts();
    place.file(
        "charts/loki/templates/config.yaml",
        "# A comment.\napiVersion: v1\nkind: ConfigMap\nmetadata:\n    name: mine\n    annotations:\n        a: b\ndata: {x: 0777}\n\
         ---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: all}\n\
         ---\napiVersion: v1\nkind: Service\nmetadata:\n  namespace: kube-system\n  name: dns\n",
    );
    let stream = render(&place).success().get_output().stdout.clone();
    let stream = String::from_utf8(stream).unwrap();
    assert!(
        stream.contains(
            "---\n# A comment.\napiVersion: v1\nkind: ConfigMap\nmetadata:\n    namespace: monitoring\n    \
             name: mine\n    annotations:\n        argocd.argoproj.io/sync-wave: \"0\"\n        a: b\n\
             data: {x: 0777}\n"
        ),
        "{stream}"
    );
    let documents = documents(&place);
    let role = &named(&documents, "ClusterRole", "all")["metadata"];
    assert_eq!(role.get("namespace"), None);
    assert_eq!(role["annotations"]["argocd.argoproj.io/sync-wave"], "0");
    assert_eq!(named(&documents, "Service", "dns")["metadata"]["namespace"], "kube-system");
}

#[test]
fn definitions_come_first_and_tell_charts_what_there_is() {
    let place = charts();
    place.file(
        "charts/alloy/crds/widget.yaml",
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: widgets.example.com\n\
         spec:\n  group: example.com\n  scope: Cluster\n  names: {kind: Widget}\n  versions:\n  - name: v1\n    served: true\n",
    );
    place.file(
        "charts/loki/templates/config.yaml",
        "{{ if .Capabilities.APIVersions.Has \"example.com/v1/Widget\" }}apiVersion: example.com/v1\nkind: Widget\n\
         metadata:\n  name: w\n  labels: {version: {{ .Capabilities.KubeVersion.Version }}}\n{{ end }}",
    );
    let documents = documents(&place);
    let definition = &documents[0];
    assert_eq!(definition["kind"], "CustomResourceDefinition");
    let annotations = &definition["metadata"]["annotations"];
    assert_eq!(annotations["argocd.argoproj.io/sync-wave"], "-11");
    assert_eq!(annotations["argocd.argoproj.io/sync-options"], "ServerSideApply=true,Prune=false");
    let widget = &named(&documents, "Widget", "w")["metadata"];
    assert_eq!(widget["labels"]["version"], "v1.34.0");
    assert_eq!(widget.get("namespace"), None);
}

#[test]
fn argocd_and_the_config_say_what_the_cluster_can_do() {
    let place = charts();
    place.file(
        "charts/loki/templates/config.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: told\n\
         data: {kube: {{ .Capabilities.KubeVersion.Version }}, has: \"{{ .Capabilities.APIVersions.Has \"a.b/v1\" }}\"}\n",
    );
    let told = |arguments: &[&str], version: &str| {
        let mut all = vec!["render", "config.yaml", "--charts", "charts", "--only", "loki", "-o", "json"];
        all.extend(arguments);
        let output = place
            .monstack(&all)
            .env("KUBE_VERSION", version)
            .env("KUBE_API_VERSIONS", "v1,a.b/v1,a.b/v1/C")
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr).lines().find(|line| line.contains("error")), None);
        let list: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let items = list["items"].as_array().cloned().unwrap_or_default();
        named(&items, "ConfigMap", "told")["data"].clone()
    };
    assert_eq!(told(&[], "v1.31.2+k3s1"), serde_json::json!({"kube": "v1.31.2", "has": "true"}));
    assert_eq!(told(&["--set", "inline.kubeVersion=1.29"], "1.31.2")["kube"], "v1.29");
    place
        .monstack(&["render", "config.yaml", "--charts", "charts"])
        .env("KUBE_VERSION", "new")
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("KUBE_VERSION: invalid kube version 'new'").and(contains("`inline.kubeVersion`")));
}

#[test]
fn hooks_are_left_out_with_a_warning_and_tests_without() {
    let place = charts();
    let hook = |name: &str, event: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n  annotations: {{helm.sh/hook: {event}}}\n"
        )
    };
    place.file("charts/alloy/templates/hook.yaml", hook("setup", "pre-install"));
    place.file("charts/alloy/templates/test.yaml", hook("try", "test"));
    render(&place).success().stdout(contains("name: setup").not().and(contains("name: try").not())).stderr(
        contains("warning: alloy: the pre-install hook of alloy/templates/hook.yaml is left out: nothing runs it\n")
            .and(contains("test").not()),
    );
}

#[test]
fn random_results_name_the_template_and_the_value() {
    let place = charts();
    place.file(
        "charts/loki/charts/db/templates/_helpers.tpl",
        "{{ define \"password\" }}{{ if .Values.password }}{{ .Values.password }}{{ else }}{{ randAlphaNum 9 }}{{ end }}{{ end }}",
    );
    place.file("charts/loki/charts/db/Chart.yaml", "apiVersion: v2\nname: db\nversion: 1.0.0\n");
    place.file(
        "charts/loki/charts/db/templates/secret.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  p: {{ include \"password\" . }}\n",
    );
    render(&place).code(1).stdout("").stderr(
        contains("monstack: loki/charts/db/templates/_helpers.tpl:1: the chart loki calls randAlphaNum")
            .and(contains("help: set what it stands in for: `charts.loki.values.db.password`"))
            .and(contains("`inline.allowRandom: true`")),
    );
    place.file("config.yaml", "delivery: inline\ncharts: {loki: {values: {db: {password: fixed}}}}\n");
    render(&place).success().stdout(contains("p: fixed"));
    place.file("config.yaml", "delivery: inline\ninline: {allowRandom: true}\n");
    render(&place).success();
}

#[test]
fn lists_are_taken_apart() {
    let place = charts();
    place.file(
        "charts/alloy/templates/list.yaml",
        "apiVersion: v1\nkind: ConfigMapList\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: one\n",
    );
    let documents = documents(&place);
    assert_eq!(named(&documents, "ConfigMap", "one")["metadata"]["namespace"], "monitoring");
    assert!(documents.iter().all(|document| document["kind"] != "ConfigMapList"));
}

#[test]
fn an_object_is_there_once() {
    let place = charts();
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shared\ndata: {a: b}\n";
    place.file("charts/alloy/templates/shared.yaml", text);
    place.file("charts/loki/templates/shared.yaml", text);
    let documents = documents(&place);
    assert_eq!(documents.iter().filter(|document| document["metadata"]["name"] == "shared").count(), 1);
    place.file("charts/loki/templates/shared.yaml", text.replace("b}", "c}"));
    render(&place)
        .code(1)
        .stdout("")
        .stderr(contains("loki and alloy each render the ConfigMap monitoring/shared, and they differ"));
}

#[test]
fn all_missing_charts_are_named_with_where_they_were_looked_for() {
    let place = Place::new();
    place.file("config.yaml", CONFIG);
    place.monstack(&["render", "config.yaml"]).assert().code(1).stdout("").stderr(
        contains("monstack: kube-prometheus-stack 66.7.1 is not pinned: there is no monstack.lock\n")
            .and(contains("monstack: loki 6.24.0 is not pinned"))
            .and(contains("monstack: alloy 0.10.1 is not pinned")),
    );
    place.file("charts/loki-6.23.0.tgz", "");
    place
        .monstack(&["render", "config.yaml", "--only", "loki"])
        .env("MONSTACK_CHARTS", "charts")
        .assert()
        .code(1)
        .stderr(
            contains(
                "help: looked for\n    charts/loki-6.24.0.tgz\n    charts/loki-6.24.0\n    charts/loki\n    charts/loki.tgz",
            )
            .and(contains("help: there is loki-6.23.0.tgz: set `charts.loki.version`"))
            .and(contains("help: `monstack charts lock config.yaml` pins and fetches it")),
        );
}

#[test]
fn a_chart_must_be_the_one_that_is_asked_for() {
    let place = charts();
    place.file("charts/loki/Chart.yaml", "apiVersion: v2\nname: loki\nversion: 7.0.0\n");
    place.file("charts/alloy/Chart.yaml", "apiVersion: v2\nname: agent\nversion: 0.10.1\n");
    render(&place).code(1).stdout("").stderr(
        contains("charts/loki is version 7.0.0 of the chart loki, but `charts.loki.version` is 6.24.0")
            .and(contains("help: set `charts.loki.version: 7.0.0`"))
            .and(contains("charts/alloy is the chart agent, not alloy")),
    );
}

#[test]
fn paths_of_the_config_begin_at_its_folder() {
    let place = charts();
    place.file("clusters/one/config.yaml", "delivery: inline\ncharts: {loki: {path: ../../charts/loki}}\n");
    place
        .monstack(&["render", "clusters/one/config.yaml", "--only", "loki"])
        .assert()
        .success()
        .stdout(contains("name: loki"));
}

#[test]
fn a_failing_template_says_where() {
    let place = charts();
    place.file("charts/loki/templates/config.yaml", "a: b\nc: {{ required \"no c\" .Values.c }}\n");
    render(&place).code(1).stdout("").stderr(contains(
        "the chart loki (charts/loki) cannot be rendered: execution error at (loki/templates/config.yaml:2:6): no c",
    ));
}
