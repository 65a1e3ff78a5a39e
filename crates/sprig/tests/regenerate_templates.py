#!/usr/bin/env python3
"""Answers every template of templates/*.txt with a real helm: HELM=/path/to/helm tests/regenerate_templates.py

Lines: a template, then `= ` and its output as JSON, or `! ` and the error of the innermost function.
"""
import concurrent.futures, json, os, pathlib, re, subprocess, tempfile

CASES = pathlib.Path(__file__).with_name("templates")
CHART = "apiVersion: v2\nname: c\nversion: 0.1.0\n"


def answer(template):
    with tempfile.TemporaryDirectory() as chart:
        chart = pathlib.Path(chart)
        (chart / "templates").mkdir()
        (chart / "Chart.yaml").write_text(CHART)
        text = '{{ define "x" }}' + template + '{{ end }}v: {{ include "x" . | toJson }}'
        (chart / "templates/t.yaml").write_text(text)
        command = [os.environ["HELM"], "template", "x", str(chart), "--kube-version", "1.34.0"]
        run = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "TZ": "UTC"})
    if run.returncode == 0:
        return "= " + run.stdout.rstrip("\n").split("\n")[-1].removeprefix("v: ")
    error = run.stderr.split("\n\nUse --debug")[0].strip()
    return "! " + json.dumps(re.split(r"error calling \w+: |>: ", error)[-1], ensure_ascii=False)


for path in sorted(CASES.glob("*.txt")):
    lines = [line for line in path.read_text().rstrip("\n").split("\n") if line[:2] not in ("= ", "! ")]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda line: answer(line) if line and line[0] != "#" else None, lines))
    path.write_text("".join(f"{line}\n{answer}\n" if answer else f"{line}\n" for line, answer in zip(lines, answers)))
