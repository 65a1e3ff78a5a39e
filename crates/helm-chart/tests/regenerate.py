#!/usr/bin/env python3
"""Writes expected/ from cases/ and charts/ with the helm at $HELM, beside this file or in the directory given."""

import json
import os
import pathlib
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

BASE = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
BASE = BASE if BASE.is_dir() else BASE.parent
SOURCE = re.compile(r"^# Source: (\S+)$", re.MULTILINE)
FIELD = re.compile(r"^  (values|files): (\".*\")$", re.MULTILINE)


def render(chart, flags):
    command = [os.environ["HELM"], "template", "x", f"charts/{chart}", "--kube-version", "1.34.0", *flags]
    try:
        done = subprocess.run(command, cwd=BASE, capture_output=True, text=True, timeout=10)
    except subprocess.TimeoutExpired:
        # Imports into each other can make helm walk in circles.
        return {"endless": True}
    if done.returncode != 0:
        lines = done.stderr.splitlines(keepends=True)
        first = next(index for index, line in enumerate(lines) if line.startswith("Error: "))
        text = "".join(lines[first:]).removeprefix("Error: ").replace(str(BASE), "BASE")
        return {"error": text.removesuffix("\n\nUse --debug flag to render out invalid YAML\n").rstrip("\n")}
    parts = SOURCE.split(done.stdout)[1:]
    rendered = {}
    for path, text in zip(parts[::2], parts[1::2]):
        fields = {name: json.loads(json.loads(value)) for name, value in FIELD.findall(text)}
        rendered[path.removesuffix("/templates/values.yaml")] = fields
    return rendered


def main():
    (BASE / "expected").mkdir(exist_ok=True)
    with ThreadPoolExecutor(8) as pool:
        for path in sorted((BASE / "cases").glob("*.json")):
            cases = json.loads(path.read_text())
            results = pool.map(lambda flags: render(path.stem, flags), cases.values())
            expected = dict(zip(cases, results))
            (BASE / "expected" / path.name).write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")


main()
