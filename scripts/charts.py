"""The parts of check-charts.sh that read YAML. Each subcommand is a function below."""

import json
import pathlib
import re
import shutil
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


def lay_out(source, target):
    """Copies the charts without subcharts that helm would render in spite of their condition."""
    shutil.copytree(source, target)
    for chart in sorted(pathlib.Path(target).iterdir()):
        metadata = yaml.load((chart / "Chart.yaml").read_text(), Loader)
        kept = []
        for dependency in metadata.get("dependencies", []):
            folder = chart / "charts" / dependency["name"]
            exact = re.fullmatch(r"\d+\.\d+\.\d+", dependency["version"])
            if folder.is_dir() and exact and "condition" in dependency:
                found = str(yaml.load((folder / "Chart.yaml").read_text(), Loader)["version"])
                if found != dependency["version"]:
                    print(f"{chart.name}: leaving out {dependency['name']} {found}, not {dependency['version']}")
                    shutil.rmtree(folder)
                    continue
            kept.append(dependency)
        metadata["dependencies"] = kept
        (chart / "Chart.yaml").write_text(yaml.safe_dump(metadata))


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


COMMANDS = {"lay-out": lay_out, "releases": releases, "check": check, "with-namespace": with_namespace}
COMMANDS[sys.argv[1]](*sys.argv[2:])
