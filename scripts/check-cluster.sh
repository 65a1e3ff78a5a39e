#!/usr/bin/env bash
# Gives the stack of every example, and of every switch of the config by itself, to a Kubernetes API server.
#
#   KUBE_CHECK=COMMAND scripts/check-cluster.sh [NAME...]
#
#   KUBE_CHECK    command that is given a stream on standard input, such as a strict dry run on an API server
#                 that has the CRDs; it fails on any error and on any warning
#   MONSTACK      the program (default: target/debug/monstack, built when missing)
#   NAME          only these variants (default: all)
#
# Each variant is rendered in both deliveries. Prints a table, and the complaints below each line that has any.
# Exits 1 when there is a complaint, 2 on wrong usage.
set -euo pipefail

cd "$(dirname "$0")/.."
[ -n "${KUBE_CHECK:-}" ] || { sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' scripts/check-cluster.sh >&2; exit 2; }
if [ -z "${MONSTACK:-}" ]; then
  MONSTACK=target/debug/monstack
  [ -x "$MONSTACK" ] || cargo build --quiet
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Name and config files, joined by commas.
files() {
  cat <<'F'
original tests/configs/original.yaml
kup6s examples/kup6s/config.yaml
minimal examples/minimal/config.yaml
staging examples/overlays/base.yaml,examples/overlays/staging.yaml
production examples/overlays/base.yaml,examples/overlays/production.yaml
F
}

# Name and config, on one line. `objectStorage.credentials.apiVersion: v1beta1` is not among them: no API server
# serves both versions of the ExternalSecret at will.
configs() {
  cat <<'F'
defaults {}
namespace {namespace: observability}
cluster {cluster: Prod_1.eu}
cluster-domain {clusterDomain: k8s.example}
helm-chart {helmChart: {namespace: monitoring, timeout: 1h, failurePolicy: reinstall, backOffLimit: 0}}
application-manual {application: {automated: false, cascadeDelete: true, project: platform}}
no-logs {features: {logs: false}}
no-long-term-metrics {features: {longTermMetrics: false}}
no-node-metrics {features: {nodeMetrics: false}}
no-object-store {features: {logs: false, longTermMetrics: false}}
restricted {features: {logs: false, nodeMetrics: false}, podSecurity: {enforce: restricted}}
bare {features: {logs: false, longTermMetrics: false, nodeMetrics: false}}
privileged {features: {logs: false, nodeMetrics: false}, podSecurity: {enforce: privileged, audit: baseline}}
versions {versions: {prometheus: v2.55.0, grafana: 11.3.0, loki: 3.3.1, thanos: v0.38.0}}
releases {charts: {kubePrometheusStack: {release: kps}, loki: {release: logs}, alloy: {release: agent}}}
registry-charts {charts: {loki: {repository: 'oci://registry.example.com/charts'}}}
single {replicas: {prometheus: 1, alertmanager: 1, thanosQuery: 1, thanosStore: 1, loki: {write: 1, read: 1, backend: 1, gateway: 1}}}
many {replicas: {prometheus: 3, alertmanager: 3, kubeStateMetrics: 2, thanosQuery: 4, thanosStore: 3, loki: {write: 5, read: 3, backend: 3, gateway: 3}}}
grafana-replicas {replicas: {grafana: 2}, grafana: {persistence: false}}
replication-factor {loki: {replicationFactor: 1, schemaFrom: 2024-01-01}}
storage {storage: {class: longhorn, prometheus: 50G, alertmanager: 2Gi, grafana: 1Ti, thanosStore: 1.5Gi, thanosCompactor: 100Gi, loki: {write: 5Gi, backend: 5Gi}}}
resources {resources: {thanosQuery: {requests: {cpu: '0.5', memory: 1e9}, limits: {cpu: 2, memory: 2G}}, thanosStore: {limits: {memory: 4Gi}}, loki: {read: {limits: {memory: 2Gi}}}}}
retention {retention: {prometheus: 1w, metrics: {raw: 40h, 5m: 10d, 1h: 2y}, logs: 31d}}
retention-for-ever {retention: {metrics: {raw: 0d, 5m: 0d, 1h: 0d}, logs: '0'}}
endpoint {objectStorage: {endpoint: 'http://minio.minio:9000', region: us-east-1, buckets: {metrics: blocks, logs: chunks}}}
provider-config {objectStorage: {providerConfig: {create: true, name: own, credentials: {namespace: crossplane-system, secret: s3, key: ini}}}}
versioning {objectStorage: {versioning: Enabled}}
versioning-suspended {objectStorage: {versioning: Suspended, lifecycle: {noncurrentVersionDays: 7}}}
no-lifecycle {objectStorage: {lifecycle: {enabled: false}}}
expiry {objectStorage: {lifecycle: {expireMetricsDays: 1000, expireLogsDays: 60, abortIncompleteMultipartUploadDays: 1}}}
credentials {objectStorage: {credentials: {secretStore: vault, secret: s3, accessKeyIdKey: id, secretAccessKeyKey: key, refreshInterval: 15m}}}
credentials-ini {objectStorage: {credentials: {format: ini, secret: hetzner-s3-creds, iniKey: creds}}}
scrape-interval {scrapeInterval: 5s, alloy: {scrapeInterval: 5s, logLevel: debug}}
control-plane {controlPlaneMetrics: true}
alerting-secret {alerting: {configSecret: alertmanager-config}}
alerting-email {alerting: {email: {to: ops@example.com, from: m@example.com, smarthost: 'smtp.example.com:25', requireTls: false}}}
alerting-email-login {alerting: {email: {to: ops@example.com, from: m@example.com, smarthost: 'smtp.example.com:587', username: m, passwordSecret: smtp, passwordKey: pw}}}
grafana-admin {grafana: {admin: {secret: admin, userKey: user, passwordKey: password}}}
grafana-ingress {grafana: {ingress: {host: grafana.example.com}}}
grafana-tls {grafana: {ingress: {host: grafana.example.com, className: traefik, tlsSecret: tls, annotations: {cert-manager.io/cluster-issuer: letsencrypt}}}}
grafana-ephemeral {grafana: {persistence: false}}
priority-class {priorityClass: {name: important, value: 1000000000}}
priority-class-given {priorityClass: {create: false, name: critical}}
tolerations {tolerations: [{key: dedicated, operator: Equal, value: monitoring, effect: NoSchedule}, {operator: Exists, effect: NoExecute, tolerationSeconds: 60}]}
images {images: {registry: 'registry.example.com:5000/mirror', pullSecrets: [pull, other]}}
values {charts: {kubePrometheusStack: {values: {grafana: {grafana.ini: {users: null}}}}, loki: {values: {mine: 'yes'}}, alloy: {values: {'y': 0777}}}}
F
}

failed=0
line='%-24s %-12s %s\n'

# check NAME RENDER_ARGUMENT...
check() {
  local name=$1 delivery verdict
  shift
  for delivery in helmchart application; do
    if ! "$MONSTACK" render --quiet "$@" --set "delivery=$delivery" > "$work/stream" 2> "$work/report"; then
      verdict='is not rendered'
    elif ! bash -c "$KUBE_CHECK" < "$work/stream" > "$work/report" 2>&1; then
      verdict='is refused'
    else
      verdict=$(tail -n 1 "$work/report")
      : > "$work/report"
    fi
    # shellcheck disable=SC2059
    printf "$line" "$name" "$delivery" "$verdict"
    if [ -s "$work/report" ]; then
      failed=1
      sed 's/^/  /' "$work/report"
    fi
  done
}

wanted() {
  [ "${#only[@]}" -eq 0 ] || [[ " ${only[*]} " == *" $1 "* ]]
}

only=("$@")
# shellcheck disable=SC2059
printf "$line" VARIANT DELIVERY VERDICT
while read -r name list; do
  wanted "$name" || continue
  arguments=()
  for file in ${list//,/ }; do arguments+=(-f "$file"); done
  check "$name" "${arguments[@]}"
done < <(files)
while read -r name config; do
  wanted "$name" || continue
  printf '%s\n' "$config" > "$work/$name.yaml"
  check "$name" -f "$work/$name.yaml"
done < <(configs)
exit $failed
