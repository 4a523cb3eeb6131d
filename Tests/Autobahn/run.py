"""Plays Autobahn's cases against an echo server: `run.py SUITE URL [OPTION …] [CASE …]`, as in `1.*` or `12.1.3`."""

import argparse
import collections
import fnmatch
import pathlib
import sys

import cases
from client import Play

GOOD = {"OK", "INFORMATIONAL"}
ALL = 517
SHORT, FULL = 20, 1000  # messages
LONGEST = 3600  # seconds


def arguments():
    parser = argparse.ArgumentParser(prog="Tests/autobahn", description="Autobahn's cases against /echo.")
    parser.add_argument("suite", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("url", help=argparse.SUPPRESS)
    parser.add_argument(
        "--messages", metavar="N", type=int, default=SHORT, help="of each case about compression (%(default)s)"
    )
    parser.add_argument("--full", dest="messages", action="store_const", const=FULL, help=f"--messages {FULL}")
    parser.add_argument("patterns", nargs="*", default=["*"], metavar="CASE", help="as in 1.* or 12.1.3")
    return parser.parse_intermixed_args()


def is_good(result):
    return result.behaviour in GOOD and result.closing in GOOD


def table(results):
    sections = collections.defaultdict(collections.Counter)
    for result in results:
        row = sections[cases.number(result.id)[0]]
        row["cases"] += 1
        row[result.behaviour] += 1
        row["seconds"] += result.seconds
        row["good"] += is_good(result)
    columns = ["cases", "OK", "INFORMATIONAL", "NON-STRICT", "UNIMPLEMENTED", "FAILED", "good", "seconds"]
    print("section " + " ".join(f"{column:>13}" for column in columns))
    for section, row in sorted(sections.items()):
        print(f"{section:7} " + " ".join(f"{round(row[column], 1):13}" for column in columns))


def main():
    options = arguments()
    every = cases.load(options.suite, options.messages)
    if len(every) != ALL:
        sys.exit(f"the suite has {ALL} cases, but {len(every)} were found")
    chosen = {key: case for key, case in every.items() if any(fnmatch.fnmatch(key, one) for one in options.patterns)}
    if not chosen:
        sys.exit(f"no case is called {' '.join(options.patterns)}")
    results = Play(options.url, chosen, LONGEST).run()
    table(results)
    for result in results:
        if not is_good(result):
            print(f"{result.id}: {result.behaviour}, closing {result.closing}: {result.words}")
    played = {result.id for result in results}
    missing = [key for key in chosen if key not in played]
    if missing:
        print(f"NOT PLAYED to the end: {len(missing)} cases, {missing[0]} first")
    good = sum(map(is_good, results))
    print(f"{good} of {len(chosen)} cases as they should be")
    sys.exit(good != len(chosen))


if __name__ == "__main__":
    main()
