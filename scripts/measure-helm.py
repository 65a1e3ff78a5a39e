#!/usr/bin/env python3
"""Times monstack beside real helm on the three charts of the stack, as whole processes.

    HELM=helm MONSTACK=target/release/monstack scripts/measure-helm.py CONFIG CHARTS...

CHARTS are folders that hold `kube-prometheus-stack`, `loki` and `alloy`, or one archive of each, which is then pinned. The values are those that monstack computes from
CONFIG, CRDs are included. Printed are the best of several runs, interleaved, and the largest peak of memory: of each chart
with `helm template` and `monstack chart template`, of all three, and of `monstack render` with `delivery: inline`. Outputs
that differ are told; the script then exits 1.
"""
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HELM = os.environ.get("HELM", "helm")
MONSTACK = os.environ.get("MONSTACK", "target/release/monstack")
ROUNDS = int(os.environ.get("ROUNDS", "10"))
KEYS = {"kube-prometheus-stack": "kubePrometheusStack", "loki": "loki", "alloy": "alloy"}


def once(command):
    """Seconds, peak memory in MiB and a hash of the output of a process."""
    with tempfile.TemporaryFile() as output:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        spent = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"failed: {' '.join(command)}")
        output.seek(0)
        # A process begins with the memory of the one that started it: whole outputs would count.
        return spent, usage.ru_maxrss / 1024, hashlib.file_digest(output, "sha256").digest()


def best(commands):
    """The best time and the largest memory of each command, run in turn."""
    runs = [[once(command) for command in commands] for _ in range(ROUNDS)]
    return [(min(run[0] for run in column), max(run[1] for run in column), column[0][2]) for column in zip(*runs)]


def path(folder, chart):
    """The folder of a chart, or its archive."""
    return next(iter(sorted(folder.glob(f"{chart}-[0-9]*.tgz"))), folder / chart)


def version(chart):
    if chart.suffix == ".tgz":
        return re.search(r"-(\d.*)\.tgz$", chart.name).group(1)
    return re.search(r'^version: *"?([^"\s]+)', (chart / "Chart.yaml").read_text(), re.MULTILINE).group(1)


def report(name, helm, ours):
    print(f"{name:24} helm {helm[0] * 1e3:7.1f} ms {helm[1]:6.1f} MiB   monstack {ours[0] * 1e3:6.1f} ms "
          f"{ours[1]:5.1f} MiB   {helm[0] / ours[0]:5.1f} times faster")


def main():
    config, *folders = map(pathlib.Path, sys.argv[1:])
    differs = False
    for folder in folders:
        print(folder)
        sets = [f"--set=charts.{key}.version={version(path(folder, chart))}" for chart, key in KEYS.items()]
        render = [MONSTACK, "render", "-q", str(config), *sets]
        rendered = subprocess.check_output([*render, "-o", "json", "--set", "delivery=application"])
        applications = json.loads(rendered)["items"]
        total = [[0.0, 0.0], [0.0, 0.0]]
        with tempfile.TemporaryDirectory() as directory:
            for item in applications:
                if item["kind"] != "Application":
                    continue
                source = item["spec"]["source"]
                values = pathlib.Path(directory) / f"{source['chart']}.json"
                values.write_text(json.dumps(source["helm"]["valuesObject"]))
                tail = [source["helm"]["releaseName"], str(path(folder, source["chart"])), "--namespace", "monitoring",
                        "-f", str(values), "--include-crds", "--kube-version", "1.34.0",
                        "--api-versions", "monitoring.coreos.com/v1"]
                helm, ours = best([[HELM, "template", *tail], [MONSTACK, "chart", "template", *tail]])
                report(f"  {source['chart']}", helm, ours)
                if helm[2] != ours[2]:
                    differs = True
                    print("    the outputs differ")
                for sums, run in zip(total, (helm, ours)):
                    sums[0] += run[0]
                    sums[1] = max(sums[1], run[1])
        report("  all three", *total)
        with tempfile.TemporaryDirectory() as directory:
            places = ["--set", "delivery=inline", "--charts", str(folder), "--lock", f"{directory}/lock"]
            lock = [MONSTACK, "charts", "lock", "--offline", str(config), *sets, *places]
            subprocess.run(lock, check=True, stdout=subprocess.DEVNULL)
            inline, = best([[*render, *places]])
        report("  delivery: inline", total[0], inline)
    sys.exit(1 if differs else 0)


main()
