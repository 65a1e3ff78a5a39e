#!/usr/bin/env bash
# Wall time and memory of the whole process, beside `cat` of the same output.
#
#   scripts/measure.sh [CONFIG] [RUNS]
#
# Needs a release build (cargo build --release), python3 and GNU time.
set -euo pipefail
cd "$(dirname "$0")/.."
config=${1:-examples/kup6s/config.yaml} runs=${2:-200}
binary=target/release/monstack
[ -x "$binary" ] || { echo "measure.sh: no $binary; run: cargo build --release" >&2; exit 1; }
stream=$(mktemp)
trap 'rm -f "$stream"' EXIT
"$binary" render --quiet "$config" > "$stream"

python3 - "$runs" "$stream" "$binary" "$config" <<'P'
import statistics, subprocess, sys, time

runs, stream, binary, config = int(sys.argv[1]), *sys.argv[2:]
commands = {"cat": ["cat", stream], "monstack": [binary, "render", "--quiet", config]}
times = {name: [] for name in commands}
for _ in range(runs):
    for name, command in commands.items():
        begin = time.perf_counter()
        subprocess.run(command, stdout=subprocess.PIPE, check=True)
        times[name].append((time.perf_counter() - begin) * 1000)
for name, values in times.items():
    print(f"{name:<9} median {statistics.median(values):6.2f} ms   least {min(values):6.2f} ms")
print(f"ratio     median {statistics.median(times['monstack']) / statistics.median(times['cat']):6.2f}"
      f"      least {min(times['monstack']) / min(times['cat']):6.2f}")
P
/usr/bin/time -f 'memory    %M KiB at most' "$binary" render --quiet "$config" > /dev/null
echo "stream    $(wc -c < "$stream") bytes, $(grep -c '^---' "$stream") objects"
echo "binary    $(wc -c < "$binary") bytes"
