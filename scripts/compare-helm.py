#!/usr/bin/env python3
"""Renders charts with real helm and with monstack, and shows where they differ.

    HELM=helm MONSTACK=target/release/monstack scripts/compare-helm.py FOLDER...

Every folder below FOLDER that holds a Chart.yaml, and every .tgz, is a chart; those within another chart's
`charts/` are not. Each is rendered with its defaults and with every `ci/*-values.yaml` and `ci/*.values.yaml`
of its own, without and with CRDs and API versions. Printed are the cases that differ: the documents and the
first differing line, or the two messages. Of a chart that helm renders differently twice (passwords, dates), the
other lines have to be equal. Charts that fail have to fail in both, with the same template and line in the message.

Whole processes are timed, and the ratio is printed for each folder.

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
        if path.name == "Chart.yaml":
            chart = path.parent
        elif path.suffix == ".tgz":
            chart = path
        else:
            continue
        # `x/charts` is within a chart if x is one.
        around = [parent.parent for parent in chart.parents if parent.name == "charts"]
        if not any((parent / "Chart.yaml").exists() for parent in around):
            yield chart


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


def is_same_but_for_chance(first, second, found):
    """Whether only lines differ that differ between two runs of helm, too."""
    lines = [text.split(b"\n") for text in (first, second, found)]
    if not len(lines[0]) == len(lines[1]) == len(lines[2]):
        return False
    return all(got == one for one, two, got in zip(*lines) if one == two)


class Tally:
    def __init__(self):
        self.same = self.different = self.random = self.failing = self.documents = 0
        self.times = [0.0, 0.0]

    def __str__(self):
        text = (f"{self.same} equal ({self.failing} of them fail alike), {self.random} equal but for random lines, "
                f"{self.different} different; {self.documents} documents")
        if self.times[1]:
            text += f"; helm {self.times[0]:.1f} s, monstack {self.times[1]:.1f} s: x{self.times[0] / self.times[1]:.1f}"
        return text

    def add(self, other):
        for name, value in vars(other).items():
            if name == "times":
                self.times = [one + two for one, two in zip(self.times, value)]
            else:
                setattr(self, name, getattr(self, name) + value)


def compare(name, tail, tally):
    code, out, message, spent = run([HELM, "template", *tail])
    our_code, our_out, our_message, our_spent = run([MONSTACK, "chart", "template", *tail])
    if (code == 0) != (our_code == 0):
        tally.different += 1
        print(f"VERDICT {name}\n    helm:     {code} {message.strip()[:600]}\n    monstack: {our_code} {our_message.strip()[:600]}")
    elif code != 0:
        if place(message) == place(our_message):
            tally.same += 1
            tally.failing += 1
        else:
            tally.different += 1
            print(f"PLACE {name}\n    helm:     {message.strip()[:600]}\n    monstack: {our_message.strip()[:600]}")
    else:
        tally.times[0] += spent
        tally.times[1] += our_spent
        tally.documents += out.count(b"\n# Source: ")
        if out == our_out:
            tally.same += 1
        elif (again := run([HELM, "template", *tail])[1]) != out and is_same_but_for_chance(out, again, our_out):
            tally.random += 1
        else:
            tally.different += 1
            print(f"DIFFERS {name}: {first_difference(out, our_out)}")


def main():
    total = Tally()
    for folder in map(pathlib.Path, sys.argv[1:]):
        tally = Tally()
        for chart in charts(folder):
            files = sorted((chart / "ci").glob("*values.yaml")) if chart.is_dir() else []
            for values in [None, *files]:
                for variant in VARIANTS:
                    tail = ["release", str(chart), "--namespace", "ns", "--kube-version", "1.34.0", *variant]
                    tail += ["-f", str(values)] if values else []
                    name = " ".join([str(chart), *([values.name] if values else []), *variant])
                    try:
                        compare(name, tail, tally)
                    except subprocess.TimeoutExpired:
                        tally.different += 1
                        print(f"TIMEOUT {name}")
        print(f"{folder}: {tally}", flush=True)
        total.add(tally)
    print(f"all: {total}")
    sys.exit(1 if total.different else 0)


main()
