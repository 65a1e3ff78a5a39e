#!/usr/bin/env bash
# Applies the example to an API server, makes it healthy by hand, and lets `monstack doctor` find faults one at a time.
#
#   DOCTOR_KUBECONFIG=FILE scripts/check-doctor.sh [NAME...]
#
#   DOCTOR_KUBECONFIG  kubeconfig of an API server to throw away, with the CRDs of examples/kup6s and without controllers
#                      or kubelets: objects, statuses and events are planted on it
#   MONSTACK           the program (default: target/debug/monstack, built when missing)
#   NAME               only these faults (default: all)
#
# With each fault doctor has to find exactly one problem: the object, the finding and the fix that stand here. Without
# one it has to find nothing. Prints a line for each; exits 1 when one is missed or wrong, 2 on wrong usage.
set -euo pipefail

cd "$(dirname "$0")/.."
[ -n "${DOCTOR_KUBECONFIG:-}" ] || { sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' scripts/check-doctor.sh >&2; exit 2; }
if [ -z "${MONSTACK:-}" ]; then
  MONSTACK=target/debug/monstack
  [ -x "$MONSTACK" ] || cargo build --quiet
fi
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
export MONSTACK work
ns=monitoring
config=examples/kup6s/config.yaml
only=("$@")

k() { kubectl --kubeconfig "$DOCTOR_KUBECONFIG" "$@" 2> >(grep -v -e 'version skew' -e '^Warning:' >&2); }
here() { k -n $ns "$@"; }
# status KIND NAME JSON [NAMESPACE]
status() { k -n "${4:-$ns}" patch "$1" "$2" --subresource=status --type=merge -p "{\"status\":$3}" >/dev/null; }
now() { date -u +%Y-%m-%dT%H:%M:%SZ; }
ago() { date -u -d "-$1" +%Y-%m-%dT%H:%M:%SZ; }
create() { k apply --server-side --force-conflicts -f - >/dev/null; }
condition() { printf '{"type":"%s","status":"%s","reason":"%s","message":"%s","lastTransitionTime":"%s"}' "$1" "$2" "$3" "$4" "$(ago 1hour)"; }

# pod NAME STATUS [IP_AND_PORT]: a pod of one container
pod() {
  create <<Y
apiVersion: v1
kind: Pod
metadata: {name: $1, namespace: $ns}
spec: {containers: [{name: main, image: "registry.example.com/main:1"}]}
Y
  status pod "$1" "$2"
}
# event KIND NAME REASON MESSAGE [TYPE]
event() {
  python3 -c 'import json,sys; k,n,r,m,t,ns,now=sys.argv[1:]; print(json.dumps({"apiVersion":"v1","kind":"Event","metadata":{"name":"planted","namespace":ns},"involvedObject":{"kind":k,"name":n,"namespace":ns},"reason":r,"message":m,"type":t,"lastTimestamp":now,"firstTimestamp":now}))' \
    "$1" "$2" "$3" "$4" "${5:-Warning}" $ns "$(now)" | create
}
# claim NAME CLASS PHASE
claim() {
  create <<Y
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: $1, namespace: $ns}
spec: {accessModes: [ReadWriteOnce], storageClassName: $2, resources: {requests: {storage: 1Gi}}}
Y
  status pvc "$1" "{\"phase\":\"$3\"}"
}
# daemonset NAME DESIRED READY
daemonset() {
  create <<Y
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: $1, namespace: $ns}
spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: a}]}}}
Y
  status daemonset "$1" "{\"observedGeneration\":1,\"desiredNumberScheduled\":$2,\"currentNumberScheduled\":$2,\"numberReady\":$3,\"numberMisscheduled\":0}"
}
# gone KIND NAME...: without controllers nobody removes the finalizers of claims
gone() {
  local name
  here delete "$@" --ignore-not-found --force --grace-period=0 --wait=false >/dev/null
  [ "$1" != pvc ] || for name in "${@:2}"; do
    here patch pvc "$name" --type=merge -p '{"metadata":{"finalizers":null}}' >/dev/null
  done
}
secret() { k -n "$1" create secret generic "$2" "${@:3}" --dry-run=client -o yaml | create; }
serve() { k patch crd "$1" --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/versions/$2/served\",\"value\":$3}]" >/dev/null; }

healthy_conditions="{\"conditions\":[$(condition Ready True Available ''),$(condition Synced True ReconcileSuccess '')]}"
synced="{\"conditions\":[$(condition Ready True SecretSynced '')]}"

credentials() {
  secret crossplane-system hetzner-s3-credentials --from-literal=AWS_ACCESS_KEY_ID=planted --from-literal=AWS_SECRET_ACCESS_KEY=planted
}
copies() {
  local name
  for name in thanos-s3-credentials loki-s3-credentials; do
    secret $ns $name --from-literal=AWS_ACCESS_KEY_ID=planted --from-literal=AWS_SECRET_ACCESS_KEY=planted
  done
  secret $ns thanos-objstore-config --from-literal=objstore.yml=planted
}
store() {
  create <<'Y'
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {name: crossplane-secret-store}
spec: {provider: {kubernetes: {remoteNamespace: crossplane-system, auth: {serviceAccount: {name: reader, namespace: crossplane-system}}}}}
Y
  status clustersecretstore crossplane-secret-store "{\"conditions\":[$(condition Ready True Valid '')]}"
}
class() { printf 'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: longhorn}\nprovisioner: driver.longhorn.io\n' | create; }
provider() {
  create <<'Y'
apiVersion: aws.upbound.io/v1beta1
kind: ProviderConfig
metadata: {name: hetzner-s3}
spec: {credentials: {source: Secret, secretRef: {namespace: crossplane-system, name: hetzner-s3-ini, key: credentials}}}
Y
}
grafana() { secret $ns grafana-admin --from-literal=admin-user=planted --from-literal=admin-password=planted; }
workload() { status "$1" "$2" "{\"observedGeneration\":1,\"replicas\":$3,\"readyReplicas\":${4:-$3},\"conditions\":null}"; }

# What the operators and the kubelets would have done.
make_healthy() {
  "$MONSTACK" render --quiet $config | create
  credentials; copies; store; class; provider; grafana
  secret $ns alertmanager-smtp --from-literal=password=planted
  secret crossplane-system hetzner-s3-ini --from-literal=credentials=planted
  local name kind
  for name in metrics-thanos-kup6s logs-loki-kup6s; do
    for kind in bucket bucketversioning bucketlifecycleconfiguration; do
      status $kind.s3.aws.upbound.io $name "$healthy_conditions"
    done
  done
  for name in thanos-s3-credentials thanos-objstore-config loki-s3-credentials; do status externalsecret $name "$synced"; done
  for name in prometheus loki alloy; do status helmchart $name "{\"jobName\":\"helm-install-$name\"}" kube-system; done
  workload deployment thanos-query 2; workload statefulset thanos-store 2; workload statefulset thanos-compactor 1
}

stores() { printf '%s' "$1" > "$work/stores"; }
fine='{"status":"success","data":{"sidecar":[{"name":"10.0.0.1:10901","lastError":null}],"store":[{"name":"10.0.0.2:10901","lastError":null}]}}'
metrics() { printf '# TYPE thanos_compact_halted gauge\nthanos_compact_halted %s\n' "$1" > "$work/metrics"; }

# Thanos Query and Compactor, as pods at an address of this machine, which the API server's proxy really asks.
serve_programs() {
  local address
  address=$(hostname -I | tr ' ' '\n' | grep -m1 -E '^[0-9.]+$')
  stores "$fine"; metrics 0
  python3 - "$address" <<'P' & server=$!
import http.server, os, sys, threading
work = os.environ["work"]
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        # kubectl's --request-timeout is passed on as a parameter
        path = {"/api/v1/stores": "stores", "/metrics": "metrics"}.get(self.path.split("?")[0])
        body = open(f"{work}/{path}", "rb").read() if path else b""
        self.send_response(200 if path else 404); self.send_header("Content-Length", str(len(body))); self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_): pass
servers = [http.server.ThreadingHTTPServer((sys.argv[1], port), Handler) for port in (9090, 10902)]
[threading.Thread(target=server.serve_forever).start() for server in servers]
P
  local ready="{\"phase\":\"Running\",\"podIP\":\"$address\",\"podIPs\":[{\"ip\":\"$address\"}],\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}"
  pod thanos-query-7d9f8-abcde "$ready"; pod thanos-compactor-0 "$ready"
}

failed=0
# doctor EXPECTED_CODE: leaves the report in $work/report
doctor() {
  local code=0
  "$MONSTACK" doctor $config --kubeconfig "$DOCTOR_KUBECONFIG" "${flags[@]}" -o json > "$work/report" 2> "$work/complaint" || code=$?
  [ "$code" = "$1" ] || { printf '  exit code %s instead of %s\n' "$code" "$1"; cat "$work/complaint"; return 1; }
}
flags=()

# fault NAME OBJECT FINDING FIX PLANT UNDO: parts of what has to be said, and commands
fault() {
  [ "${#only[@]}" -eq 0 ] || [[ " ${only[*]} " == *" $1 "* ]] || return 0
  eval "$5"
  local verdict=found
  doctor 1 > "$work/verdict" && python3 - "$work/report" "$2" "$3" "$4" >> "$work/verdict" <<'P' || verdict=WRONG
import json, sys
report = json.load(open(sys.argv[1])); wanted = sys.argv[2:]
def name(o): return f"{o['kind']} {o['namespace'] + '/' if o['namespace'] else ''}{o['name']}"
problems = report["problems"]
ok = len(problems) == 1
if ok:
    one = problems[0]
    ok = wanted[0] == name(one["object"]) and wanted[1] in one["finding"] and any(wanted[2] in fix for fix in one["fix"])
    ok = ok and one["evidence"] and "planted" not in json.dumps(one["fix"])
if not ok:
    print(f"  wanted {wanted}")
    for one in problems: print("  found ", name(one["object"]), "|", one["finding"], "|", one["fix"], "|", [name(c["object"]) for c in one["consequences"]])
sys.exit(not ok)
P
  [ $verdict = found ] || failed=1
  printf '%-22s %s\n' "$1" "$verdict"
  [ $verdict = found ] || cat "$work/verdict"
  eval "$6"
  flags=()
}

# healthy NAME [all]: nothing is found; with `all`, everything was looked at
healthy() {
  local verdict='nothing found'
  if ! doctor 0 > "$work/verdict"; then
    verdict=WRONG
  elif [ -n "${2:-}" ] && ! python3 -c 'import json,sys; r=json.load(open(sys.argv[1])); sys.exit(bool(r["unchecked"]) or "the metrics of Thanos Compactor" not in r["checked"])' "$work/report"; then
    verdict=WRONG
  fi
  [ "$verdict" != WRONG ] || failed=1
  printf '%-22s %s\n' "$1" "$verdict"
  [ "$verdict" != WRONG ] || { cat "$work/verdict" "$work/report"; }
}

make_healthy
healthy 'without pods'
serve_programs
healthy 'with pods' all

# Operators and versions
# shellcheck disable=SC2016
fault old-external-secrets 'CustomResourceDefinition clustersecretstores.external-secrets.io' 'external-secrets.io serves v1beta1 only' 'apiVersion: v1beta1' \
  'for c in externalsecrets clustersecretstores; do serve $c.external-secrets.io 1 true; serve $c.external-secrets.io 0 false; done; sleep 3' \
  'for c in externalsecrets clustersecretstores; do serve $c.external-secrets.io 0 true; serve $c.external-secrets.io 1 false; done; sleep 3'
fault no-lifecycle-kind 'CustomResourceDefinition bucketlifecycleconfigurations.s3.aws.upbound.io' 'does not serve v1beta1 BucketLifecycleConfiguration' 'lifecycle.enabled: false' \
  'serve bucketlifecycleconfigurations.s3.aws.upbound.io 0 false; sleep 3' 'serve bucketlifecycleconfigurations.s3.aws.upbound.io 0 true; sleep 3'
# shellcheck disable=SC2016
fault no-helm-controller 'CustomResourceDefinition helmcharts.helm.cattle.io' "K3s' helm-controller is not installed" 'delivery: application' \
  'for c in helmcharts helmchartconfigs; do serve $c.helm.cattle.io 0 false; done; sleep 3' 'for c in helmcharts helmchartconfigs; do serve $c.helm.cattle.io 0 true; done; sleep 3'

# Prerequisites
fault no-storage-class 'StorageClass longhorn' 'is missing' 'storage.class' 'k delete storageclass longhorn >/dev/null' class
fault no-provider-config 'ProviderConfig hetzner-s3' 'is missing' 'objectStorage.providerConfig' 'k delete providerconfig.aws.upbound.io hetzner-s3 >/dev/null' provider
fault no-secret-store 'ClusterSecretStore crossplane-secret-store' 'is missing' 'remoteNamespace' 'k delete clustersecretstore crossplane-secret-store >/dev/null' store
fault unready-store 'ClusterSecretStore crossplane-secret-store' 'is not ready' 'spec.provider' \
  'status clustersecretstore crossplane-secret-store "{\"conditions\":[$(condition Ready False InvalidProviderConfig "unable to create client")]}"' store
fault no-grafana-secret "Secret $ns/grafana-admin" 'is missing' 'create secret generic grafana-admin' 'gone secret grafana-admin' grafana
fault no-grafana-key "Secret $ns/grafana-admin" 'lacks `admin-password`' 'add the key `admin-password`' \
  'gone secret grafana-admin; secret $ns grafana-admin --from-literal=admin-user=planted' grafana

# Credentials
fault no-source 'Secret crossplane-system/hetzner-s3-credentials' 'is missing: the S3 credentials' '--from-literal=AWS_ACCESS_KEY_ID' \
  'k -n crossplane-system delete secret hetzner-s3-credentials >/dev/null' credentials
fault source-without-keys 'Secret crossplane-system/hetzner-s3-credentials' 'lacks `AWS_ACCESS_KEY_ID`' 'format: ini' \
  'k -n crossplane-system delete secret hetzner-s3-credentials >/dev/null; secret crossplane-system hetzner-s3-credentials --from-literal=credentials=planted' \
  'k -n crossplane-system delete secret hetzner-s3-credentials >/dev/null; credentials'
fault unready-external "ExternalSecret $ns/loki-s3-credentials" 'is not ready' 'force-sync' \
  'status externalsecret loki-s3-credentials "{\"conditions\":[$(condition Ready False SecretSyncedError "could not get secret data from provider")]}"' \
  'status externalsecret loki-s3-credentials "$synced"'
fault no-copy "Secret $ns/thanos-objstore-config" 'is missing' 'force-sync' 'gone secret thanos-objstore-config' copies
fault copy-without-key "Secret $ns/thanos-objstore-config" 'lacks `objstore.yml`' 'force-sync' \
  'gone secret thanos-objstore-config; secret $ns thanos-objstore-config --from-literal=other=planted' 'gone secret thanos-objstore-config; copies'
fault whole-chain 'Secret crossplane-system/hetzner-s3-credentials' 'is missing' 'create secret generic' \
  'k -n crossplane-system delete secret hetzner-s3-credentials >/dev/null; gone secret thanos-objstore-config; workload statefulset thanos-store 2 1
   status externalsecret thanos-objstore-config "{\"conditions\":[$(condition Ready False SecretSyncedError "secret not found")]}"
   pod thanos-store-0 "{\"phase\":\"Pending\",\"containerStatuses\":[{\"name\":\"main\",\"image\":\"a\",\"imageID\":\"\",\"ready\":false,\"restartCount\":0,\"state\":{\"waiting\":{\"reason\":\"CreateContainerConfigError\",\"message\":\"secret \\\"thanos-objstore-config\\\" not found\"}}}]}"' \
  'gone pod thanos-store-0; credentials; copies; workload statefulset thanos-store 2; status externalsecret thanos-objstore-config "$synced"'
flags=(--grace 0s)
fault nobody-acts "ExternalSecret $ns/loki-s3-credentials" 'External Secrets is not running' 'start External Secrets' \
  'sleep 1; here patch externalsecret loki-s3-credentials --subresource=status --type=json -p "[{\"op\":\"remove\",\"path\":\"/status\"}]" >/dev/null; sleep 1' \
  'status externalsecret loki-s3-credentials "$synced"'

# Buckets
for one in Bucket BucketVersioning BucketLifecycleConfiguration; do
  kind=$(echo $one | tr '[:upper:]' '[:lower:]').s3.aws.upbound.io
  fault "$one" "$one logs-loki-kup6s" 'is not synchronised' 'refuses the credentials of ProviderConfig hetzner-s3' \
    "status $kind logs-loki-kup6s '{\"conditions\":[$(condition Synced False ReconcileError 'api error AccessDenied: 403')]}'" \
    "status $kind logs-loki-kup6s '$healthy_conditions'"
done
fault taken-bucket 'Bucket logs-loki-kup6s' 'is not ready' 'objectStorage.buckets.logs: another-name' \
  'status bucket.s3.aws.upbound.io logs-loki-kup6s "{\"conditions\":[$(condition LastAsyncOperation False AsyncCreateFailure BucketAlreadyExists)]}"' \
  'status bucket.s3.aws.upbound.io logs-loki-kup6s "$healthy_conditions"'

# Charts
fault failed-chart 'HelmChart kube-system/loki' 'could not be installed' 'logs job/helm-install-loki' \
  'status helmchart loki "{\"conditions\":[{\"type\":\"Failed\",\"status\":\"True\",\"reason\":\"Job failed\"}]}" kube-system' \
  'status helmchart loki "{\"conditions\":null}" kube-system'
fault failed-job 'HelmChart kube-system/alloy' 'could not be installed' 'logs job/helm-install-alloy' \
  'printf "apiVersion: batch/v1\nkind: Job\nmetadata: {name: helm-install-alloy, namespace: kube-system}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}\n" | create; status job helm-install-alloy "{\"failed\":2}" kube-system' \
  'k -n kube-system delete job helm-install-alloy >/dev/null'
fault missing-monitor "ServiceMonitor $ns/thanos-query" 'is not in the cluster' 'apply once more' \
  'gone servicemonitor thanos-query' '"$MONSTACK" render --quiet $config | create'

# Pod Security and other rejections
fault strict-namespace "Namespace $ns" '`baseline` keeps out node-exporter and Alloy' 'enforce=privileged' \
  'k label namespace $ns pod-security.kubernetes.io/enforce=baseline --overwrite >/dev/null' \
  'k label namespace $ns pod-security.kubernetes.io/enforce=privileged --overwrite >/dev/null'
fault rejected-pods "DaemonSet $ns/alloy" 'they violate Pod Security `baseline`' 'podSecurity.enforce: privileged' \
  'daemonset alloy 4 0; event DaemonSet alloy FailedCreate "Error creating: pods \"alloy-x\" is forbidden: violates PodSecurity \"baseline:latest\": hostPath volumes (volume \"varlog\")"' \
  'gone event planted; gone daemonset alloy'
fault quota "StatefulSet $ns/thanos-store" 'exceed a quota' 'get resourcequota' \
  'workload statefulset thanos-store 2 1; event StatefulSet thanos-store FailedCreate "create Pod thanos-store-1 failed: exceeded quota: compute"' \
  'gone event planted; workload statefulset thanos-store 2'

# Volumes
fault unbound-volume "PersistentVolumeClaim $ns/data-thanos-store-0" 'is not bound' 'driver.longhorn.io' \
  'claim data-thanos-store-0 longhorn Pending; event PersistentVolumeClaim data-thanos-store-0 ProvisioningFailed "no disk"' 'gone event planted; gone pvc data-thanos-store-0'
fault unknown-class "PersistentVolumeClaim $ns/data-thanos-store-0" 'is not bound' 'StorageClass gone' 'claim data-thanos-store-0 gone Pending' 'gone pvc data-thanos-store-0'
fault lost-volume "PersistentVolumeClaim $ns/data-loki-write-0" 'has lost its volume' 'delete pvc data-loki-write-0' 'claim data-loki-write-0 longhorn Lost' 'gone pvc data-loki-write-0'

# Pods
pending() { printf '{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"%s"}]}' "$1"; }
waiting() { printf '{"phase":"%s","containerStatuses":[{"name":"main","image":"a","imageID":"","ready":false,"restartCount":5,"state":{"waiting":{"reason":"%s","message":"planted"}},"lastState":{"terminated":{"exitCode":137,"reason":"%s"}}}]}' "$1" "$2" "${3:-Error}"; }
fault loki-memory "Pod $ns/loki-write-0" 'no node has enough free memory' 'resources.loki.write.requests.memory: 128Mi (now 256Mi)' \
  'for n in 0 1 2; do pod loki-write-$n "$(pending "0/4 nodes are available: 4 Insufficient memory.")"; done' 'gone pod loki-write-0 loki-write-1 loki-write-2'
fault prometheus-cpu "Pod $ns/prometheus-prometheus-prometheus-0" 'no node has enough free CPU' 'resources.prometheus.requests.cpu' \
  'pod prometheus-prometheus-prometheus-0 "$(pending "0/4 nodes are available: 4 Insufficient cpu.")"' 'gone pod prometheus-prometheus-prometheus-0'
fault scheduled-by-event "Pod $ns/loki-backend-0" 'no node has enough free memory' 'resources.loki.backend.requests.memory' \
  'pod loki-backend-0 "{\"phase\":\"Pending\"}"; event Pod loki-backend-0 FailedScheduling "0/4 nodes are available: 4 Insufficient memory."' 'gone event planted; gone pod loki-backend-0'
fault taint "Pod $ns/thanos-store-0" 'a taint that it does not tolerate' 'tolerations: [{key: dedicated' \
  'pod thanos-store-0 "$(pending "0/1 nodes are available: 1 node(s) had untolerated taint {dedicated: x}.")"' 'gone pod thanos-store-0'
fault no-image "Pod $ns/prometheus-grafana-6f7-abc" 'ImagePullBackOff' 'versions.grafana' 'pod prometheus-grafana-6f7-abc "$(waiting Pending ImagePullBackOff)"' 'gone pod prometheus-grafana-6f7-abc'
fault killed "Pod $ns/thanos-store-0" 'killed for want of memory' 'resources.thanosStore.limits.memory: 4096Mi (now 2Gi)' 'pod thanos-store-0 "$(waiting Running CrashLoopBackOff OOMKilled)"' 'gone pod thanos-store-0'
fault crashing "Pod $ns/alloy-abcde" 'crashes: CrashLoopBackOff' '--previous' 'pod alloy-abcde "$(waiting Running CrashLoopBackOff)"' 'gone pod alloy-abcde'
fault unready-pod "Pod $ns/loki-read-6f7-abc" 'is not ready' 'logs loki-read-6f7-abc' \
  'pod loki-read-6f7-abc "{\"phase\":\"Running\",\"conditions\":[$(condition Ready False ContainersNotReady planted)]}"' 'gone pod loki-read-6f7-abc'

# Workloads
fault unready-deployment "Deployment $ns/thanos-query" '1 of 2 pods are ready' 'describe deployment thanos-query' 'workload deployment thanos-query 2 1' 'workload deployment thanos-query 2'
fault unready-statefulset "StatefulSet $ns/thanos-compactor" '0 of 1 pods are ready' 'describe statefulset' 'workload statefulset thanos-compactor 1 0' 'workload statefulset thanos-compactor 1'
fault unready-daemonset "DaemonSet $ns/alloy" '3 of 4 pods are ready' 'describe daemonset alloy' 'daemonset alloy 4 3' 'gone daemonset alloy'
fault unavailable "Prometheus $ns/prometheus-prometheus" 'is not available' 'describe prometheus' \
  'printf "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: prometheus-prometheus, namespace: $ns}\nspec: {}\n" | create
   status prometheus prometheus-prometheus "{\"paused\":false,\"replicas\":0,\"updatedReplicas\":0,\"availableReplicas\":0,\"unavailableReplicas\":0,\"conditions\":[$(condition Available False NoPodReady planted)]}"' \
  'gone prometheus prometheus-prometheus'

# Thanos
fault no-stores "Deployment $ns/thanos-query" 'has no stores' 'endpointslices' 'stores "{\"status\":\"success\",\"data\":{}}"' 'stores "$fine"'
fault failing-stores "Deployment $ns/thanos-query" 'has no stores that answer' 'thanos-query' \
  'stores "{\"status\":\"success\",\"data\":{\"sidecar\":[{\"name\":\"a\",\"lastError\":\"dial tcp: refused\"}]}}"' 'stores "$fine"'
fault no-sidecar "Deployment $ns/thanos-query" 'has no sidecar that answers' 'prometheus-operated' \
  'stores "{\"status\":\"success\",\"data\":{\"store\":[{\"name\":\"a\",\"lastError\":null}]}}"' 'stores "$fine"'
fault empty-endpoints "Deployment $ns/thanos-query" 'finds no stores' 'make its pods ready' \
  'gone pod thanos-query-7d9f8-abcde; printf "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\naddressType: IPv4\nendpoints: []\nports: []\nmetadata: {name: planted, namespace: $ns, labels: {kubernetes.io/service-name: thanos-store}}\n" | create' \
  'gone endpointslice planted'
fault halted "StatefulSet $ns/thanos-compactor" 'has halted' 'rollout restart statefulset thanos-compactor' 'metrics 1' 'metrics 0'

healthy 'after all'
exit $failed
