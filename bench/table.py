"""Prints one table of what run.sh has measured: table.py RESULTS_FOLDER"""
import json
import pathlib
import statistics
import sys

results = pathlib.Path(sys.argv[1])


def ours():
    """CPU microseconds by path and by what it says after the slash."""
    times = {}
    for run in json.loads((results / "payment.json").read_text())["benchmarks"]:
        if run["aggregate_name"] == "median":
            path, _, kind = run["run_name"].partition("/")
            times.setdefault(path, {})[kind] = run["cpu_time"] / 1000
    return times


def serviceRows():
    runs = json.loads((results / "services.json").read_text())["benchmarks"]
    times = {run["run_name"].partition("/")[2]: run["cpu_time"] / 1000 for run in runs if run["aggregate_name"] == "median"}
    floor = next(time for kind, time in times.items() if kind.startswith("floor"))
    mine = next(time for kind, time in times.items() if kind.startswith("openapi"))
    node = float((results / "parse.txt").read_text())
    yield ["analysis answer, 200 pages", f"{floor:.0f} us", f"{mine:.0f} us", f"{mine / floor:.2f}", "-", f"Node: {node:.0f} us",
           f"{node / mine:.1f}", "-"]
    rates = dict(line.split() for line in (results / "services.txt").read_text().splitlines())
    mine, fetch = float(rates["openapi"]), float(rates["fetch"])
    yield ["mini-program call, 32 in flight", "-", f"{mine:.0f}/s", "-", ">= 5 x fetch", f"Node fetch: {fetch:.0f}/s", f"{mine / fetch:.1f}",
           verdict([mine >= 5 * fetch])]


def peers():
    """CPU microseconds by group and name."""
    file = results / "peers.jsonl"
    lines = file.read_text().splitlines() if file.exists() else []
    return {(run["group"], run["name"]): run["cpu_us_op"] for run in map(json.loads, lines) if "cpu_us_op" in run}


def https():
    """Requests per second by the number in flight, then by client."""
    lines = (results / "https.txt").read_text().splitlines()
    clients = list(dict.fromkeys(name for name in lines[0].split() if name in ("openapi", "wrk", "go")))
    return {line.split()[0]: dict(zip(clients, map(float, line.split()[1:]))) for line in lines[1:]}


# path, at most this times the floor, at least this times faster than the best peer, the peers' names for it
PATHS = [
    ("weixin notify MD5", 3, 10, ["wx verifyPaymentNotify MD5 (", "v2 XML parse + MD5 verify", "pay notify middleware, MD5",
                                  "v2 notify: xml parse + MD5 verify"]),
    ("weixin notify HMAC", 5, 10, ["wx verifyPaymentNotify HMAC", "v2 XML parse + HMAC", "pay notify middleware, HMAC",
                                   "v2 notify: xml parse + HMAC"]),
    ("weixin hostile 3 KB", 1, None, ["wx verifyPaymentNotify hostile 3011 "]),
    ("weixin hostile many fields", 1, None, []),
    ("alipay notify RSA2", 1.15, None, ["alipay verifyPaymentNotify RSA2", "checkNotifySignV2 from", "alipay notify: ParseQuery"]),
    ("weixin order MD5", None, 4, ["wx unifiedOrder build+MD5", "v2 unifiedorder sign MD5", "unifiedorder sign MD5"]),
    ("alipay request RSA2", 1.03, None, ["alipay.trade.query build+RSA2", "exec signing path"]),
]


def verdict(checks):
    checks = list(checks)
    if any(check is False for check in checks):
        return "misses"
    return "no peer" if any(check is None for check in checks) else "meets"


def paymentRows():
    times, others = ours(), peers()
    for path, most, least, names in PATHS:
        floor = next(time for kind, time in times[path].items() if kind.startswith("floor"))
        mine = max(time for kind, time in times[path].items() if kind.startswith("openapi"))
        found = [(time, group[2:]) for (group, name), time in others.items() if name.startswith(tuple(names))]
        best = min(found, default=None)
        target = ", ".join(([f"<= {most} x floor"] if most else []) + ([f">= {least} x best peer"] if least else []))
        checks = [mine <= most * floor] if most else []
        if least:
            checks.append(best[0] >= least * mine if best else None)
        yield [path, f"{floor:.2f} us", f"{mine:.2f} us", f"{mine / floor:.2f}", target, f"{best[1]}: {best[0]:.1f} us" if best else "-",
               f"{best[0] / mine:.1f}" if best else "-", verdict(checks)]


def httpsRows():
    for count, rates in https().items():
        mine = rates.pop("openapi")
        best = max(((rate, name) for name, rate in rates.items()), default=None)
        yield [f"HTTPS loop, {count} in flight", "-", f"{mine:.0f}/s", "-", ">= 0.9 x best peer", f"{best[1]}: {best[0]:.0f}/s" if best else "-",
               f"{mine / best[0]:.2f}" if best else "-", verdict([mine >= 0.9 * best[0] if best else None])]


def billRows():
    """GB per CPU second of the readers of a bill."""
    file = results / "peers.jsonl"
    runs = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    rates = {run["name"]: run for run in runs if run["group"] == "g bill to rows"}
    floor = next((run for name, run in rates.items() if name.startswith("floor")), None)
    mine = next((run for name, run in rates.items() if name.startswith("openapi")), None)
    if floor is None or mine is None:
        return
    best = max((run["cpu_GBps"], name) for name, run in rates.items() if run not in (floor, mine))
    rate = mine["cpu_GBps"]
    checks = [rate >= 0.6 * floor["cpu_GBps"], mine["peak_rss_mib"] <= 64]
    yield [f"bill to typed rows, {mine['peak_rss_mib']:.0f} MiB resident", f"{floor['cpu_GBps']:.2f} GB/s", f"{rate:.2f} GB/s",
           f"{rate / floor['cpu_GBps']:.2f}", ">= 0.6 x floor, <= 64 MiB", f"{best[1]}: {best[0]:.2f} GB/s", f"{rate / best[0]:.1f}", verdict(checks)]


def reconcileRows():
    file = results / "reconcile.jsonl"
    for run in map(json.loads, file.read_text().splitlines() if file.exists() else []):
        ratio = run["seconds"] / run["join"]
        yield [f"reconcile {run['rows'] / 1e6:.0f} million rows, {run['peakMiB']:.0f} MiB resident", f"join: {run['join']:.1f} s", f"{run['seconds']:.1f} s",
               f"{ratio:.2f}", "<= 3 x join, <= 72 MiB", f"{run['name']}'s join", "-", verdict([ratio <= 3, run["peakMiB"] <= 72])]


def merchantRows():
    """Milliseconds for the bills of many merchants at a platform that takes its time."""
    times = {name: float(value) for name, value in map(str.split, (results / "merchants.txt").read_text().splitlines())}
    ratio = times["openapi"] / times["ideal"]
    yield ["600 bills of 200 merchants, 16 at a time, 20 ms each", f"{times['ideal']:.0f} ms", f"{times['openapi']:.0f} ms", f"{ratio:.2f}",
           "<= 1.2 x ideal", "-", "-", verdict([ratio <= 1.2])]


def bmobRates():
    """Medians of operations per second: by the number in flight and operation, then by client."""
    runs = [json.loads(line) for line in (results / "bmob.jsonl").read_text().splitlines()]
    rates = {}
    for run in runs:
        for operation in ("saves", "gets", "queries"):
            if operation in run:
                rates.setdefault((run["inFlight"], operation), {}).setdefault(run["client"], []).append(run[operation])
    return {key: {client: statistics.median(values) for client, values in clients.items()} for key, clients in rates.items()}


def bmobRows():
    for (count, operation), rates in bmobRates().items():
        mine, table = rates.pop("openapi"), rates.pop("openapi table", None)
        best = max(((rate, name) for name, rate in rates.items()), default=None)
        target = ">= 5 x the SDK" if count == 32 else "-"
        checks = [mine >= 5 * best[0] if best else None]
        yield [f"Bmob {operation}, {count} in flight", "-", f"{mine:.0f}/s", "-", target, f"{best[1]}: {best[0]:.0f}/s" if best else "-",
               f"{mine / best[0]:.1f}" if best else "-", verdict(checks) if count == 32 else "-"]
        if table is not None:
            yield [f"Bmob {operation} of a million rows, {count} in flight", "-", f"{table:.0f}/s", "-", "-", "-", "-", "-"]
    run = json.loads((results / "bmobTable.json").read_text())
    ratio = run["openapi"] / run["sqlite"]
    yield [f"Bmob indexed query, {run['rows'] / 1e6:.0f} million rows", f"SQLite: {run['sqlite']:.1f} us", f"{run['openapi']:.1f} us", f"{ratio:.2f}",
           "<= 2 x SQLite", "-", "-", verdict([ratio <= 2])]


def downloads():
    """By form and place, then by program: MB/s, CPU seconds, resident MiB."""
    file = results / "downloads.txt"
    runs = {}
    for line in file.read_text().splitlines() if file.exists() else []:
        form, where, name, *numbers = line.split()
        runs.setdefault((form, where), {})[name] = [float(number) for number in numbers]
    return runs


def downloadRows():
    runs = downloads()
    titles = {"count": "bytes counted", "file": "a synced file", "checked": "a synced file, rows checked"}
    for (form, where), programs in runs.items():
        floor = programs.pop("floor:igzip", None)
        rate, _, resident = programs.pop("openapi")
        if not programs:  # no peer does this: those that leave it out
            programs = {name: run for name, run in runs[form if form != "digest" else "plain", "file" if where == "checked" else where].items()
                        if not name.startswith(("openapi", "floor"))}
            target, least, among = "<= 16 MiB", None, programs
        elif form == "gzip":
            target, least = ">= 1.5 x curl, <= 16 MiB", 1.5
            among = {name: run for name, run in programs.items() if name in ("curl", "curl+gzip")}
        else:
            target, least, among = ">= best peer, <= 16 MiB", 1, programs
        best = max(((run[0], name) for name, run in among.items()), default=None)
        checks = [resident <= 16]
        if least:
            checks.append(rate >= least * best[0] if best else None)
        yield [f"bill {form}, {titles[where]}, {resident:.0f} MiB resident", f"{floor[0]:.0f} MB/s" if floor else "-", f"{rate:.0f} MB/s",
               f"{rate / floor[0]:.2f}" if floor else "-", target, f"{best[1]}: {best[0]:.0f} MB/s" if best else "-",
               f"{rate / best[0]:.2f}" if best else "-", verdict(checks)]


head = ["path", "floor", "ours", "ours / floor", "target", "best peer", "times the best peer", "verdict"]
rows = [head, *paymentRows(), *serviceRows(), *bmobRows(), *httpsRows(), *billRows(), *downloadRows(), *reconcileRows(), *merchantRows()]
widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
for row in rows:
    print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")
    if row is head:
        print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
