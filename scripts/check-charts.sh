#!/usr/bin/env bash
# Renders the stack of each CONFIG, gives the values in it to the real charts, and checks what comes out.
#
#   CHARTS=DIR scripts/check-charts.sh CONFIG...
#
#   CONFIG        a config file; several joined by commas are overlaid left to right
#   CHARTS        folder that holds kube-prometheus-stack, loki and alloy, with their subcharts
#   HELM          helm 3 (default: helm)
#   MONSTACK      the program (default: target/release/monstack, built when missing)
#   KUBE_VERSION  Kubernetes version that the charts are told (default: 1.34.0)
#   KUBE_CHECK    command that is given all objects on standard input, such as a dry-run on an API server;
#                 it fails on any error
#
# Checked: the charts accept the values; nothing is a Helm hook; Prometheus has the Thanos sidecar, with its
# Secret when the stack stores metrics; every container has requests and a memory limit; every image comes
# from the registry of the config, if it names one; no anti-affinity is required; every pod has a priority
# class; every ServiceMonitor, disruption budget and Service selects something; every address in the stream
# and in the charts' output is a Service with that port, or a pod behind it.
#
# Needs python3 with PyYAML. Exits 1 when a check fails, 2 on wrong usage.
set -euo pipefail

cd "$(dirname "$0")/.."
usage() { sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' scripts/check-charts.sh >&2; exit 2; }
[ $# -gt 0 ] && [ -n "${CHARTS:-}" ] || usage
python3 -c 'import yaml' || { echo 'check-charts.sh: PyYAML is missing (pip install pyyaml)' >&2; exit 2; }

helm=${HELM:-helm}
kube_version=${KUBE_VERSION:-1.34.0}
if [ -z "${MONSTACK:-}" ]; then
  cargo build --release --quiet
  MONSTACK=target/release/monstack
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

failed=0
for config in "$@"; do
  echo "== $config"
  out=$work/out
  rm -rf "$out" && mkdir "$out"
  files=()
  for file in ${config//,/ }; do files+=(-f "$file"); done
  "$MONSTACK" render --quiet "${files[@]}" > "$out/stream.yaml"
  # One line for each release: chart, release name, namespace; its values are in $out/CHART.values.yaml.
  python3 scripts/charts.py releases "$out/stream.yaml" "$out" > "$out/releases"
  rendered=()
  while read -r chart release namespace; do
    "$helm" template "$release" "$CHARTS/$chart" --namespace "$namespace" \
      --kube-version "$kube_version" --values "$out/$chart.values.yaml" > "$out/$chart.yaml"
    rendered+=("$out/$chart.yaml")
    python3 scripts/charts.py check "$out/stream.yaml" "$out/$chart.values.yaml" "$out/$chart.yaml" || failed=1
    if [ -n "${KUBE_CHECK:-}" ]; then
      python3 scripts/charts.py with-namespace "$namespace" "$out/stream.yaml" "$out/$chart.yaml" |
        bash -c "$KUBE_CHECK" || failed=1
    fi
  done < "$out/releases"
  # The cluster domain of the config is only to be seen in the addresses.
  namespace=$(cut -d' ' -f3 "$out/releases" | head -n 1)
  domain=$(grep -om1 "thanos-query\.$namespace\.svc\.[a-z0-9.-]*" "$out/stream.yaml" | sed 's/.*\.svc\.//')
  python3 scripts/charts.py references "$namespace" "$domain" "$out/stream.yaml" "${rendered[@]}" || failed=1
done
exit $failed
