"""Runs the readers of a bill in turn, and adds a line for each to OUT: run.py WORK FILE"""
import json, os, shutil, statistics, subprocess, sys, time

work, file = sys.argv[1], sys.argv[2]
here = os.path.dirname(os.path.abspath(__file__))
size, group, ours = os.path.getsize(file), "g bill to rows", os.environ.get("BILL_BENCH")
few = int(os.environ.get("BILL_RUNS", "5"))
jobs = [("floor: memchr field split (C, mmap)", [work + "/memchr_bound", file], few)]
if ours: jobs.append(("openapi: BillReader, typed and checked rows", [ours, file], few))
if os.path.exists(work + "/gocsv"): jobs.append(("Go encoding/csv (LazyQuotes, ReuseRecord)", [work + "/gocsv", file], 3))
jobs.append(("Python csv.reader", ["python3", here + "/pycsv.py", file], 1))
if shutil.which("node") and os.path.isdir(here + "/../node_modules/csv-parse"):
    jobs.append(("csv-parse (npm)", ["node", "--max-old-space-size=4096", here + "/csv.js", file], 1))


def run(command):
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out = process.stdout.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    if status != 0: sys.exit(f"{command[0]} failed: {process.stderr.read().decode()[:300]}")
    return dict(s=time.monotonic() - start, cpu=used.ru_utime + used.ru_stime, out=out, rss=used.ru_maxrss / 1024)


results = {name: [] for name, _, _ in jobs}
for turn in range(max(count for _, _, count in jobs)):  # in turn, so that a busy moment meets all of them
    for name, command, count in jobs:
        if turn < count: results[name].append(run(command))
for name, runs in results.items():
    seconds, cpu = (statistics.median(r[key] for r in runs) for key in ("s", "cpu"))
    line = dict(group=group, name=name, seconds=seconds, s_min=min(r["s"] for r in runs), s_max=max(r["s"] for r in runs), cpu_s=cpu,
                peak_rss_mib=max(r["rss"] for r in runs), MBps=size / seconds / 1e6, GBps=size / seconds / 1e9, cpu_GBps=size / cpu / 1e9, runs=len(runs))
    if name.startswith("openapi"): line["peak_rss_mib"] = max(json.loads(r["out"])["peakMiB"] for r in runs)
    if os.environ.get("OUT"): open(os.environ["OUT"], "a").write(json.dumps(line) + "\n")
    print(f"  {name}: {line['GBps']:.2f} GB/s, {line['cpu_GBps']:.2f} GB per CPU second, {line['peak_rss_mib']:.0f} MiB", file=sys.stderr)
