#!/usr/bin/env python3
"""Renders charts with real helm and with monstack, and shows where they differ.

    HELM=helm scripts/compare-helm.py [--seconds N] [--times] FOLDER...

Every folder below FOLDER that holds a Chart.yaml, and every .tgz, is a chart; those within another chart's
`charts/` are not. Each is rendered with its defaults and with every `ci/*-values.yaml` and `ci/*.values.yaml`
of its own, without and with CRDs and API versions. Printed are the cases that differ: the documents and the
first differing line, or the two messages. A chart that helm renders differently twice (passwords, dates) is
counted apart.

With --times, whole processes are timed, and their ratio printed.

Exits 1 when a case differs.
"""
import os
import pathlib
import re
import subprocess
import sys
import time

HELM = os.environ.get("HELM", "helm")
MONSTACK = os.environ.get("MONSTACK", "target/release/monstack")
VARIANTS = [[], ["--include-crds", "--api-versions", "monitoring.coreos.com/v1"]]


def charts(folder):
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder).parts
        if path.name == "Chart.yaml" and "charts" not in inner[1:-2]:
            yield path.parent
        elif path.suffix == ".tgz" and "charts" not in inner[:-1]:
            yield path


def run(command):
    begin = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    return done.returncode, done.stdout, done.stderr.decode(errors="replace"), time.perf_counter() - begin


def place(message):
    """Template and line of a message: the innermost, or that of a parse error."""
    found = re.findall(r"([\w.-]+/[\w./-]+):(\d+)", message)
    return found[-1] if found else None


def first_difference(expected, found):
    expected, found = expected.decode(errors="replace"), found.decode(errors="replace")
    source = "?"
    for number, (want, got) in enumerate(zip(expected.split("\n"), found.split("\n")), 1):
        if want.startswith("# Source: "):
            source = want[10:]
        if want != got:
            return f"{source}, line {number}\n    helm:     {want[:160]!r}\n    monstack: {got[:160]!r}"
    return f"lengths {len(expected)} and {len(found)}"


def main():
    arguments = sys.argv[1:]
    show_times = "--times" in arguments
    folders = [pathlib.Path(argument) for argument in arguments if not argument.startswith("--")]
    same = different = random = failing = 0
    times = [0.0, 0.0]
    for folder in folders:
        for chart in charts(folder):
            files = sorted((chart / "ci").glob("*values.yaml")) if chart.is_dir() else []
            for values in [None, *files]:
                for variant in VARIANTS:
                    tail = ["release", str(chart), "--namespace", "ns", "--kube-version", "1.34.0", *variant]
                    tail += ["-f", str(values)] if values else []
                    name = f"{chart} {values.name if values else ''} {' '.join(variant)}"
                    try:
                        code, out, message, spent = run([HELM, "template", *tail])
                        our_code, our_out, our_message, our_spent = run([MONSTACK, "chart", "template", *tail])
                    except subprocess.TimeoutExpired:
                        different += 1
                        print(f"TIMEOUT {name}")
                        continue
                    if code == 0 and our_code == 0:
                        times[0] += spent
                        times[1] += our_spent
                    failing += code != 0
                    if (code == 0) == (our_code == 0) and (out == our_out if code == 0 else place(message) == place(our_message)):
                        same += 1
                    elif code == 0 and run([HELM, "template", *tail])[1] != out:
                        random += 1
                    else:
                        different += 1
                        if code == 0 and our_code == 0:
                            print(f"DIFFERS {name}: {first_difference(out, our_out)}")
                        else:
                            print(f"VERDICT {name}\n    helm:     {code} {message.strip()[:600]}\n    monstack: {our_code} {our_message.strip()[:600]}")
    print(f"{same} equal ({failing} of all fail in helm), {different} different, {random} random")
    if show_times and times[1]:
        print(f"helm {times[0]:.2f} s, monstack {times[1]:.2f} s: {times[0] / times[1]:.1f} times faster")
    sys.exit(1 if different else 0)


main()
