"""The parts of check-charts.sh that read YAML. Each subcommand is a function below."""

import json
import pathlib
import re
import sys

import yaml

WORKLOADS = {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod"}
CLUSTER_SCOPED = {
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "MutatingWebhookConfiguration",
    "Namespace",
    "PriorityClass",
    "ValidatingWebhookConfiguration",
}


class Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):
    """YAML 1.1, but a plain `=` is a string."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":value")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def documents(path):
    return [document for document in yaml.load_all(pathlib.Path(path).read_text(), Loader) if document]


def releases(stream, target):
    """Writes each release's values, and prints chart, release name and namespace."""
    for document in documents(stream):
        spec = document.get("spec") or {}
        if document["kind"] == "HelmChart":
            chart, release, namespace = spec["chart"], document["metadata"]["name"], spec["targetNamespace"]
            values = spec["valuesContent"]
        elif document["kind"] == "Application":
            helm = spec["source"]["helm"]
            chart, release = spec["source"]["chart"], helm["releaseName"]
            namespace, values = spec["destination"]["namespace"], json.dumps(helm["valuesObject"])
        else:
            continue
        (pathlib.Path(target) / f"{chart}.values.yaml").write_text(values)
        print(chart, release, namespace)


def check(stream, values, rendered):
    """Checks what a chart rendered."""
    stores_metrics = any(
        document["kind"] == "StatefulSet" and document["metadata"]["name"] == "thanos-store"
        for document in documents(stream)
    )
    settings = (yaml.load(pathlib.Path(values).read_text(), Loader) or {}).get("global") or {}
    registry = settings.get("imageRegistry") or (settings.get("image") or {}).get("registry")
    found = documents(rendered)
    problems = [] if found else ["nothing is rendered"]
    for document in found:
        name = f"{document['kind']}/{document['metadata']['name']}"
        problems += [f"{name}: {problem}" for problem in problems_of(document, registry, stores_metrics)]
    print(f"{pathlib.Path(rendered).stem}: {len(found)} objects, {len(problems)} problems")
    print("".join(f"  {problem}\n" for problem in problems), end="")
    sys.exit(1 if problems else 0)


def problems_of(document, registry, stores_metrics):
    annotations = document["metadata"].get("annotations") or {}
    if any(key.startswith("helm.sh/hook") for key in annotations):
        yield "is a Helm hook"
    kind, spec = document["kind"], document.get("spec") or {}
    if kind in WORKLOADS:
        if kind == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        yield from pod_problems(spec if kind == "Pod" else spec["template"]["spec"], registry)
    elif kind in {"Prometheus", "Alertmanager"}:
        containers = [{"name": kind.lower(), **spec}]
        thanos = spec.get("thanos")
        if thanos:
            containers.append({"name": "thanos-sidecar", **thanos})
        yield from pod_problems({**spec, "containers": containers, "initContainers": []}, registry)
        if kind == "Prometheus":
            secret = (thanos or {}).get("objectStorageConfig") or {}
            if not thanos:
                yield "has no Thanos sidecar"
            elif stores_metrics and not (secret.get("name") and secret.get("key")):
                yield "its Thanos sidecar has no object store"


def pod_problems(pod, registry):
    if not pod.get("priorityClassName"):
        yield "has no priority class"
    affinity = (pod.get("affinity") or {}).get("podAntiAffinity") or {}
    if affinity.get("requiredDuringSchedulingIgnoredDuringExecution"):
        yield "requires anti-affinity"
    for container in (pod.get("containers") or []) + (pod.get("initContainers") or []):
        name, resources = container["name"], container.get("resources") or {}
        requests, limits = resources.get("requests") or {}, resources.get("limits") or {}
        if not requests.get("cpu") or not requests.get("memory"):
            yield f"{name} has no requests"
        if not limits.get("memory"):
            yield f"{name} has no memory limit"
        # The operator is told the images and resources of the containers that it adds.
        arguments = dict(
            argument.split("=", 1) for argument in container.get("args") or [] if str(argument).startswith("--") and "=" in argument
        )
        for key in ("--config-reloader-cpu-request", "--config-reloader-memory-request", "--config-reloader-memory-limit"):
            if arguments.get(key) == "0":
                yield f"{name} is told {key}=0"
        if registry:
            images = [container["image"]]
            images += [value for key, value in arguments.items() if key.endswith(("-image", "--prometheus-config-reloader"))]
            yield from (f"{name} takes {image} from elsewhere" for image in images if not image.startswith(f"{registry}/"))


def with_namespace(namespace, stream, rendered):
    """Prints the stream's Namespace and what a chart rendered, as helm would install it: in the namespace."""
    mine = [document for document in documents(stream) if document["kind"] == "Namespace"]
    print("---\n" + yaml.safe_dump_all(mine), end="")
    for document in documents(rendered):
        if document["kind"] not in CLUSTER_SCOPED:
            document["metadata"].setdefault("namespace", namespace)
        print("---\n" + json.dumps(document, default=str))


def references(namespace, domain, *files):
    """Checks that whatever is referred to by name is there, in the stream or in what the charts rendered."""
    everything = [document for path in files for document in documents(path)]
    for document in everything:
        if document["kind"] not in CLUSTER_SCOPED:
            document["metadata"].setdefault("namespace", namespace)
    services = [document for document in everything if document["kind"] == "Service"] + list(operated(everything))
    pods = [template for document in everything for template in templates(document)]
    problems = []
    for document in everything:
        name = f"{document['kind']}/{document['metadata']['name']}"
        if document["kind"] == "ServiceMonitor":
            problems += [f"{name}: {problem}" for problem in monitor_problems(document, services)]
        if document["kind"] in {"Service", "PodDisruptionBudget"}:
            selector = document["spec"].get("selector") or {}
            selector = selector.get("matchLabels", selector)
            # The operator makes the pods of its own objects.
            made = "operator.prometheus.io/name" in selector or "prometheus" in selector or "alertmanager" in selector
            here = document["metadata"]["namespace"] == namespace
            if here and selector and not made and not any(selector.items() <= pod.items() for pod in pods):
                problems.append(f"{name}: selects no pod: {selector}")
    names = {service["metadata"]["name"]: service for service in services}
    hosts = set()
    for path in files:
        pattern = rf"((?:_[a-z]+\._tcp\.)?[a-z0-9.-]+)\.{re.escape(namespace)}\.svc\.{re.escape(domain)}(?::(\d+))?"
        hosts |= set(re.findall(pattern, pathlib.Path(path).read_text()))
    for host, port in sorted(hosts):
        *first, service = host.split(".")
        found = names.get(service)
        if not found:
            problems.append(f"{host}: there is no Service {service}")
            continue
        ports = found["spec"]["ports"]
        if port and int(port) not in {known["port"] for known in ports}:
            problems.append(f"{host}:{port}: the Service has other ports")
        if first and first[0].startswith("_") and first[0][1:] not in {known["name"] for known in ports}:
            problems.append(f"{host}: the Service has no port of that name")
        if first and found["spec"].get("clusterIP") != "None":
            problems.append(f"{host}: the Service is not headless")
        if len(first) == 1 and first[0] not in found.get("hosts", []):
            problems.append(f"{host}: the Service has no such pod")
    print(f"references: {len(hosts)} addresses, {len(services)} Services, {len(problems)} problems")
    print("".join(f"  {problem}\n" for problem in problems), end="")
    sys.exit(1 if problems else 0)


def operated(everything):
    """The governing Services that the Prometheus Operator makes, with the host names behind them."""
    for document in everything:
        metadata, spec = document["metadata"], document.get("spec") or {}
        if document["kind"] == "Prometheus":
            ports = [{"name": "http-web", "port": 9090}]
            ports += [{"name": "grpc", "port": 10901}] if spec.get("thanos") else []
        elif document["kind"] == "Alertmanager":
            ports = [{"name": "http-web", "port": 9093}]
        else:
            continue
        kind = document["kind"].lower()
        hosts = [f"{kind}-{metadata['name']}-{ordinal}" for ordinal in range(spec["replicas"])]
        governing = {"name": f"{kind}-operated", "namespace": metadata["namespace"], "labels": {}}
        yield {"metadata": governing, "spec": {"clusterIP": "None", "ports": ports}, "hosts": hosts}


def templates(document):
    """The labels of the pods of a workload."""
    if document["kind"] in {"Deployment", "StatefulSet", "DaemonSet"}:
        yield document["spec"]["template"]["metadata"].get("labels") or {}


def monitor_problems(monitor, services):
    selector = monitor["spec"]["selector"]
    namespaces = (monitor["spec"].get("namespaceSelector") or {}).get("matchNames") or [monitor["metadata"]["namespace"]]
    labels = selector.get("matchLabels") or {}
    # Services of the cluster itself.
    if "default" in namespaces or labels.get("k8s-app") == "kubelet":
        return
    found = []
    for service in services:
        own = service["metadata"].get("labels") or {}
        excluded = any(
            expression["operator"] == "NotIn" and own.get(expression["key"]) in expression["values"]
            for expression in selector.get("matchExpressions") or []
        )
        if service["metadata"]["namespace"] in namespaces and labels.items() <= own.items() and not excluded:
            found.append(service)
    if not found:
        yield f"selects no Service: {selector}"
    ports = {port.get("name") for service in found for port in service["spec"]["ports"]}
    for endpoint in monitor["spec"]["endpoints"]:
        if found and endpoint["port"] not in ports:
            yield f"no Service that it selects has the port {endpoint['port']}"


COMMANDS = {"releases": releases, "check": check, "references": references, "with-namespace": with_namespace}
COMMANDS[sys.argv[1]](*sys.argv[2:])
