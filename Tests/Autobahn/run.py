"""Plays Autobahn's cases against an echo server: `run.py SUITE URL [--full] [PATTERN …]`, as in `1.*` or `12.1.3`."""

import argparse
import collections
import fnmatch
import os
import pathlib
import sys

import cases
from client import Play
from expected import EXPECTED

STRICT = {"OK", "INFORMATIONAL"}
ALL = 517


def arguments():
    parser = argparse.ArgumentParser(prog="Tests/autobahn", description="Autobahn's cases against /echo.")
    parser.add_argument("suite", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("url", help=argparse.SUPPRESS)
    parser.add_argument("--full", action="store_true", help="all 1000 messages of each case about compression")
    parser.add_argument("patterns", nargs="*", default=["*"], metavar="CASE", help="as in 1.* or 12.1.3")
    return parser.parse_args()


def complaint(result):
    """What is wrong with a result, or nothing."""
    wanted = next((word for pattern, word in EXPECTED.items() if fnmatch.fnmatch(result.id, pattern)), None)
    if wanted:
        return "" if result.behaviour == wanted else f"{result.behaviour}, which expected.py does not expect"
    if result.behaviour in STRICT and result.closing in STRICT:
        return ""
    return f"{result.behaviour}, closing {result.closing}: {result.words}"


def table(results):
    sections = collections.defaultdict(collections.Counter)
    for result in results:
        row = sections[cases.number(result.id)[0]]
        row["cases"] += 1
        row[result.behaviour] += 1
        row["seconds"] += result.seconds
        row["wrong"] += bool(complaint(result))
    columns = ["cases", "OK", "NON-STRICT", "INFORMATIONAL", "UNIMPLEMENTED", "FAILED", "wrong", "seconds"]
    print("section " + " ".join(f"{column:>13}" for column in columns))
    for section, row in sorted(sections.items()):
        print(f"{section:7} " + " ".join(f"{round(row[column], 1):13}" for column in columns))


def main():
    options = arguments()
    messages = None if options.full else int(os.environ.get("AUTOBAHN_COUNT", "20"))
    every = cases.load(options.suite, messages)
    assert len(every) == ALL, f"{len(every)} cases were found, not {ALL}"
    chosen = {key: case for key, case in every.items() if any(fnmatch.fnmatch(key, one) for one in options.patterns)}
    if not chosen:
        sys.exit(f"no case is called {' '.join(options.patterns)}")
    results = Play(options.url, chosen).run()
    table(results)
    wrong = [(result.id, complaint(result)) for result in results if complaint(result)]
    missing = len(chosen) - len(results)
    for case_id, words in wrong:
        print(f"{case_id}: {words}")
    if missing:
        print(f"{missing} cases were not played")
    print(f"{len(results) - len(wrong)} as they should be, {len(wrong) + missing} not")
    sys.exit(bool(wrong or missing))


if __name__ == "__main__":
    main()
