#!/usr/bin/env python3
"""Answers every case of the .txt files beside this one, or of those named, with the helm at $HELM.

A case is a run of lines, and a blank line ends it:

    # a comment
    v VALUES      a line of the chart's values.yaml
    s SET         an argument of --set
    t TEMPLATE    a line of the template
    f PATH        begins another file of the chart; t lines follow
    d REASON      a known difference: the test wants our answer to be another one
    = OUTPUT      a line of the answer
    ~ OUTPUT      the same as JSON, where lines cannot hold it
    ! ERROR       a line of helm's error
    !~ ERROR      the same as JSON

The template is included by another file, which prints it as base 64: what is compared is what it renders, before helm
looks at it. Errors are told without that file. A case whose first file is named with f has no such template, and the answer is helm's whole output.
"""

import base64
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
CHART = "apiVersion: v2\nname: c\nversion: 0.1.0\nappVersion: \"1.0\"\ndescription: A chart\n"
OUT = '{{ include "c/templates/_t.tpl" . | b64enc | printf "out: %q" }}'
INCLUDED = (
    'template: c/templates/out.yaml:1:3: executing "c/templates/out.yaml" at <include "c/templates/_t.tpl" .>: '
    "error calling include: "
)
WARNING = re.compile(r"^Error: ", re.MULTILINE)


def parse(lines):
    files, sets, target = {}, [], None
    for line in lines:
        mark, rest = line[:1], line[2:]
        if mark == "v":
            target = files.setdefault("values.yaml", [])
            target.append(rest)
        elif mark == "s":
            sets.append(rest)
        elif mark == "f":
            target = files[rest] = []
        elif mark == "t":
            if target is None or target is files.get("values.yaml"):
                target = files["templates/_t.tpl"] = []
                files["templates/out.yaml"] = [OUT]
            target.append(rest)
    return {path: "\n".join(text) for path, text in files.items()}, sets


def helm(files, sets):
    with tempfile.TemporaryDirectory() as directory:
        chart = pathlib.Path(directory) / "c"
        for path, text in {"Chart.yaml": CHART, **files}.items():
            file = chart / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        flags = [argument for value in sets for argument in ("--set", value)]
        command = [os.environ["HELM"], "template", "x", str(chart), "--kube-version", "1.34.0", *flags]
        run = subprocess.run(command, capture_output=True, timeout=60)
        output = run.stdout.decode(errors="replace")
        error = run.stderr.decode(errors="replace").replace(directory + "/", "")
    if run.returncode != 0:
        text = WARNING.split(error, maxsplit=1)[-1]
        text = text.removesuffix("\n").removesuffix("\n\nUse --debug flag to render out invalid YAML")
        return "!", text.removeprefix(INCLUDED).rstrip("\n")
    if "templates/_t.tpl" in files:
        return "=", base64.b64decode(output.split('out: "', 1)[1].split('"')[0]).decode(errors="replace")
    return "=", output


def answer(lines):
    kept = [line for line in lines if line[:1] not in "=~!"]
    if all(line.startswith("#") for line in kept):
        return kept
    mark, text = helm(*parse(kept))
    # Trailing blanks do not survive editors.
    is_odd = any(character != "\n" and not character.isprintable() for character in text)
    if is_odd or any(line.endswith(" ") for line in text.split("\n")):
        return kept + [f"{'~' if mark == '=' else '!~'} {json.dumps(text)}"]
    return kept + [f"{mark} {line}" if line else mark for line in text.split("\n")]


def regenerate(path, pool):
    blocks = [block.split("\n") for block in re.split(r"\n\n+", path.read_text().strip("\n"))]
    answers = list(pool.map(answer, blocks))
    path.write_text("\n\n".join("\n".join(lines) for lines in answers) + "\n")


with concurrent.futures.ThreadPoolExecutor(3) as pool:
    for path in [pathlib.Path(name) for name in sys.argv[1:]] or sorted(HERE.glob("*.txt")):
        regenerate(path, pool)
