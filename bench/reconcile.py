"""Reconciling beside the join of SQLite, and of PostgreSQL where a server can be started: reconcile.py PROGRAM FOLDER ROWS RUNS
Prints a line of JSON for each. The data stay in FOLDER for the next run."""
import contextlib
import glob
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

program, folder, rows, runs = sys.argv[1], pathlib.Path(sys.argv[2]).resolve() / sys.argv[3], sys.argv[3], int(sys.argv[4])
nobody = 65534
SETTINGS = ["shared_buffers=256MB", "work_mem=64MB", "fsync=off", "max_wal_size=8GB", "listen_addresses="]
JOIN = """SELECT count(*) FILTER (WHERE bill.amountFen = ledger.amountFen), count(ledger.outTradeNo)
          FROM bill FULL JOIN ledger ON bill.outTradeNo = ledger.outTradeNo"""


def ours(database):
    out = subprocess.run([program, "reconcile", folder / "bill.csv", database], check=True, capture_output=True, text=True)
    return json.loads(out.stdout)


def sqliteJoin():
    return json.loads(subprocess.run([program, "join", folder / "books.db"], check=True, capture_output=True, text=True).stdout)["seconds"]


def compare(name, database, join):
    """In turn, so that a busy moment meets both."""
    pairs = [(join(), ours(database)) for _ in range(runs)]
    line = {"name": name, "rows": int(rows), "join": statistics.median(pair[0] for pair in pairs)}
    line["seconds"] = statistics.median(pair[1]["seconds"] for pair in pairs)
    line["peakMiB"] = max(pair[1]["peakMiB"] for pair in pairs)
    line["matched"] = pairs[0][1]["matched"]
    print(json.dumps(line), flush=True)


def asNobody():
    """PostgreSQL refuses to run as root."""
    return {"user": nobody, "group": nobody, "extra_groups": []} if os.geteuid() == 0 else {}


def psql(socket, *arguments, **more):
    command = ["psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-h", socket, "-U", "bench", "-d", "postgres", *arguments]
    return subprocess.run(command, check=True, capture_output=True, **more).stdout


@contextlib.contextmanager
def postgresql():
    """A server on a socket in a folder of its own."""
    programs = max(glob.glob("/usr/lib/postgresql/*/bin"), default=None)
    if programs is None:
        raise FileNotFoundError("postgresql-15")
    socket = folder / "postgresql"
    shutil.rmtree(socket, ignore_errors=True)
    socket.mkdir()
    if os.geteuid() == 0:
        os.chown(socket, nobody, nobody)
    log = open(folder / "postgresql.log", "w")
    data = socket / "data"
    subprocess.run([f"{programs}/initdb", "-D", data, "-U", "bench", "-A", "trust", "--locale=C", "-N"], check=True, stdout=log,
                   stderr=log, cwd="/", **asNobody())
    settings = [part for setting in SETTINGS for part in ("-c", setting)]
    server = subprocess.Popen([f"{programs}/postgres", "-D", data, "-k", socket, *settings], stdout=log, stderr=log, cwd="/", **asNobody())
    try:
        while server.poll() is None and subprocess.run(["pg_isready", "-q", "-h", socket]).returncode != 0:
            time.sleep(0.1)
        yield str(socket)
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(socket, ignore_errors=True)


def load(socket, table):
    psql(socket, "-c", f"CREATE TABLE {table}(outTradeNo text PRIMARY KEY, amountFen bigint NOT NULL)")
    with subprocess.Popen([program, "dump", folder / "books.db", table], stdout=subprocess.PIPE) as rows_:
        psql(socket, "-c", f"\\copy {table} FROM STDIN (FORMAT csv)", stdin=rows_.stdout)
    psql(socket, "-c", f"VACUUM ANALYZE {table}")


def postgresqlJoin(socket):
    start = time.monotonic()
    psql(socket, "-c", JOIN)
    return time.monotonic() - start


if not (folder / "made").exists() or (folder / "made").stat().st_mtime < os.stat(program).st_mtime:
    subprocess.run([program, "make", folder, rows], check=True)
    (folder / "made").touch()
compare("SQLite", folder / "books.db", sqliteJoin)
try:
    with postgresql() as socket:
        load(socket, "bill")
        load(socket, "ledger")
        compare("PostgreSQL", f"host={socket} user=bench dbname=postgres", lambda: postgresqlJoin(socket))
except (OSError, subprocess.CalledProcessError) as problem:
    print(f"PostgreSQL is left out: {problem}", file=sys.stderr)
