"""A run's results: kept as JSON, shown as tables."""

import datetime
import json
import os
import pathlib
import platform
import re
import subprocess

from figures import MARK
from rows import ROWS, TABLES

REFERENCE = "uWebSockets"


def machine():
    """The kind of machine, without its name."""
    model = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    release = re.search(r'^PRETTY_NAME="(.*)"$', pathlib.Path("/etc/os-release").read_text(), re.MULTILINE)
    return {
        "processor": model[1] if model else platform.machine(),
        "cores": os.cpu_count(),
        "kernel": ".".join(re.findall(r"\d+", platform.release())[:2]),
        "system": release[1] if release else platform.system(),
    }


def commit(root):
    command = ["git", "rev-parse", "--short", "HEAD"]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return result.stdout.strip() or None


def collect(measured, options, root):
    """`measured` holds the reports by row and contender."""
    return {
        "date": datetime.date.today().isoformat(),
        "machine": machine(),
        "commit": commit(root),
        "quick": options.quick,
        "rounds": options.rounds,
        "seconds": options.seconds,
        "rows": measured,
    }


def save(results, path):
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")


BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def put_between_marks(path, tables, charts):
    """Replaces what a page says of an earlier run; `charts` are paths from the page."""
    pictures = "".join(f"![{chart.stem.replace('-', ' ').capitalize()}]({chart})\n\n" for chart in charts)
    before, _, rest = path.read_text().partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise SystemExit(f"{path} has no {BEGIN} and {END}")
    path.write_text(f"{before}{BEGIN}\n{pictures}{tables}{END}{after}")


def ratio(row, reports, label):
    """How a contender compares with the reference, or with the row's first; None for that one itself."""
    against = REFERENCE if REFERENCE in reports else next(iter(reports))
    if not row.figure.is_compared or label == against:
        return None
    number, base = row.figure.number(reports[label]), row.figure.number(reports[against])
    return number / base if base and base > 0 and number is not None else None


def cell(row, reports, label):
    if label not in reports:
        return ""
    times = ratio(row, reports, label)
    text = row.figure.cell(reports[label], f" (×{times:.2f})" if times is not None else "")
    return f"**{text}**" if label == "Bongsu" else text


def table(results, name):
    """One Markdown table, or nothing when none of its rows was measured."""
    rows = [row for row in ROWS if row.table == name and results["rows"].get(row.name)]
    labels = list(dict.fromkeys(label for row in rows for label in results["rows"][row.name]))
    if not rows:
        return []
    lines = ["", f"| {TABLES[name]} | " + " | ".join(labels) + " |", "|---" * (len(labels) + 1) + "|"]
    for row in rows:
        cells = [cell(row, results["rows"][row.name], label) for label in labels]
        lines.append(f"| {row.title} | " + " | ".join(cells) + " |")
    return lines


def markdown(results):
    here = results["machine"]
    where = f"{here['processor']}, {here['cores']} cores, Linux {here['kernel']}, {here['system']}"
    what = f"{results['rounds']} rounds of {results['seconds']:g} s, their medians"
    how = f"In brackets: compared with {REFERENCE}, or with the first column where it takes no part."
    lines = [f"{results['date']}, commit {results['commit']}, {where}; {what}. {how}"]
    if results["quick"]:
        lines += ["", "A QUICK RUN: rows of idle, churning and stopping clients had far fewer of them than they say."]
    for name in TABLES:
        lines += table(results, name)
    if any(MARK in line for line in lines):
        lines += ["", f"{MARK} the generator was busy all the time: read the CPU time, not how many there were."]
    return "\n".join(lines) + "\n"
