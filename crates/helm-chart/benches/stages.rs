//! How long the engine takes, by stage, on a chart of realistic size that is made for it.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use helm_chart::values::{self, Validation};
use helm_chart::{Capabilities, Chart, Executed, KubeVersion, Limits, Prepared, Printed, Release, Value};

const HELPERS: &str = r#"
{{- define "NAME.name" -}}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}{{- end }}
{{- define "NAME.labels" -}}
app.kubernetes.io/name: {{ include "NAME.name" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}
"#;

const WORKLOAD: &str = r#"
{{- if .Values.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "NAME.name" . }}-INDEX
  labels:
    {{- include "NAME.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas | default 2 }}
  template:
    metadata:
      annotations:
        checksum/config: {{ include "NAME.labels" . | sha256sum }}
    spec:
      {{- range $index, $container := .Values.containers }}
      {{- if $container.enabled }}
      - name: {{ $container.name | quote }}
        image: "{{ $container.image.repository }}:{{ $container.image.tag | default $.Chart.AppVersion }}"
        {{- with $container.resources }}
        resources:
          {{- toYaml . | nindent 10 }}
        {{- end }}
        args:
        {{- range $key, $value := $container.args }}
          - --{{ $key }}={{ tpl $value $ }}
        {{- end }}
      {{- end }}
      {{- end }}
{{- end }}
"#;

fn write(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
    std::fs::write(path, text)
}

fn make(folder: &Path) -> io::Result<()> {
    for (name, prefix) in
        [("root", ""), ("one", "charts/one/"), ("two", "charts/two/"), ("three", "charts/three/")]
    {
        let file = |file: &str| format!("{prefix}{file}");
        write(
            folder,
            &file("Chart.yaml"),
            &format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\nappVersion: 1.2.3\n"),
        )?;
        let mut values = String::from("enabled: true\ncommonLabels: {team: a}\ncontainers:\n");
        for index in 0..12 {
            let _ = write!(
                values,
                "  # Container {index}, and what there is to say about it.\n  - name: c{index}\n    enabled: true\n    \
                 image: {{repository: example.com/c{index}}}\n    resources:\n      limits: {{memory: {index}Gi}}\n    \
                 args:\n      level: '{{{{ .Release.Name }}}}'\n      port: \"80{index}\"\n"
            );
        }
        for index in 0..800 {
            let _ = write!(values, "# A comment, of which values files are full.\nkey{index}: some text\n");
        }
        write(folder, &file("values.yaml"), &values)?;
        write(folder, &file("templates/_helpers.tpl"), &HELPERS.replace("NAME", name))?;
        for index in 0..15 {
            let text = WORKLOAD.replace("NAME", name).replace("INDEX", &index.to_string());
            write(folder, &file(&format!("templates/workload-{index}.yaml")), &text)?;
        }
    }
    let panel =
        r#"{"title": "panel", "targets": [{"expr": "sum(rate(x[5m])) by (pod)", "legend": "{{ pod }}"}]},"#;
    for index in 0..30 {
        let text = format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: d{index}\ndata:\n  d.json: |-\n    {{{{`{}`}}}}\n",
            panel.repeat(400)
        );
        write(folder, &format!("templates/dashboards/d{index}.yaml"), &text)?;
    }
    for index in 0..20 {
        let mut text =
            String::from("apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n");
        for field in 0..2000 {
            let _ = write!(
                text,
                "  field{field}:\n    description: |-\n      What the field {field} is for.\n    type: string\n"
            );
        }
        write(folder, &format!("crds/c{index}.yaml"), &text)?;
    }
    Ok(())
}

struct Ready {
    chart: Chart,
    values: Value,
    release: Release,
    capabilities: Capabilities,
}

fn ready(folder: &Path) -> Result<Ready, helm_chart::Error> {
    let mut chart = Chart::load(folder)?;
    let values = values::compute(&mut chart, &Value::Nil, Validation::Checked)?.values;
    let release = Release { name: "r".to_owned(), namespace: "n".to_owned(), is_upgrade: false };
    let capabilities = Capabilities { kube_version: KubeVersion::parse("1.34.0")?, api_versions: Vec::new() };
    Ok(Ready { chart, values, release, capabilities })
}

fn benchmark(criterion: &mut Criterion) {
    let Ok(folder) = tempfile::tempdir() else { return };
    if make(folder.path()).is_err() {
        return;
    }
    criterion.bench_function("load", |bencher| bencher.iter(|| Chart::load(folder.path())));
    let Ok(Ready { chart, values, release, capabilities }) = ready(folder.path()) else { return };
    criterion.bench_function("values", |bencher| {
        bencher.iter_batched(
            || chart.clone(),
            |mut chart| values::compute(&mut chart, &Value::Nil, Validation::Checked),
            criterion::BatchSize::SmallInput,
        );
    });
    let parse = || {
        let prepared = Prepared::new(&chart, &values, &release, &capabilities)?;
        prepared.parse().map(|()| prepared)
    };
    criterion.bench_function("parse", |bencher| bencher.iter(parse));
    let Ok(prepared) = parse() else { return };
    let execute = || prepared.execute(&Limits::default());
    criterion.bench_function("execute", |bencher| bencher.iter(execute));
    criterion.bench_function("order", |bencher| {
        bencher.iter_batched(
            execute,
            |executed| executed.and_then(Executed::order),
            criterion::BatchSize::LargeInput,
        );
    });
    let Ok(rendered) = execute().and_then(Executed::order) else { return };
    let printed = Printed { include_crds: true, ..Printed::default() };
    criterion.bench_function("write", |bencher| {
        bencher.iter(|| rendered.print(&printed, &mut io::sink()));
    });
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
