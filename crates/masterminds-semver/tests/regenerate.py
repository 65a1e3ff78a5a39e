#!/usr/bin/env python3
"""Answers every pair of cases.txt with a real helm: HELM=/path/to/helm tests/regenerate.py

Lines: a constraint and a version as JSON strings, a tab between them, and behind another one `true`, `false` or
the error as JSON. Lines without an answer get one. `helm template` renders them all in one run; the pairs that
fail are asked one by one.
"""
import concurrent.futures, json, os, pathlib, re, subprocess, tempfile

CASES = pathlib.Path(__file__).with_name("cases.txt")
CHART = "apiVersion: v2\nname: c\nversion: 0.1.0\n"


def render(pairs):
    lines = "".join(f'v{i}: {{{{ semverCompare {c} {v} }}}}\n' for i, (c, v) in enumerate(pairs))
    with tempfile.TemporaryDirectory() as chart:
        chart = pathlib.Path(chart)
        (chart / "templates").mkdir()
        (chart / "Chart.yaml").write_text(CHART)
        (chart / "templates/t.yaml").write_text(lines)
        command = [os.environ["HELM"], "template", "x", str(chart), "--kube-version", "1.34.0"]
        run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode == 0:
        return re.findall(r"^v\d+: (.*)$", run.stdout, re.M)
    if len(pairs) > 1:
        half = len(pairs) // 2
        return render(pairs[:half]) + render(pairs[half:])
    error = run.stderr.split("\n\nUse --debug")[0].strip()
    return [json.dumps(re.split(r"error calling semverCompare: ", error)[-1], ensure_ascii=False)]


lines = CASES.read_text().rstrip("\n").split("\n")
at = [i for i, line in enumerate(lines) if line and line[0] != "#"]
pairs = [lines[i].split("\t")[:2] for i in at]
parts = [pairs[i : i + 60] for i in range(0, len(pairs), 60)]
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    answers = [answer for part in pool.map(render, parts) for answer in part]
for i, pair, answer in zip(at, pairs, answers, strict=True):
    lines[i] = "\t".join([*pair, answer])
CASES.write_text("\n".join(lines) + "\n")
