"""The cases of autobahntestsuite, which is written in Python 2, in Python 3.

A byte string of Python 2 is kept as a text with one character an octet: `octets` makes bytes of it where it meets the
wire or is compared. Apart from that the cases need little: a few names that are gone, and `print` as a function.
"""

import binascii
import importlib.abc
import importlib.util
import pathlib
import re
import sys
import types
import warnings

from autobahn.websocket.utf8validator import Utf8Validator

warnings.simplefilter("ignore")
from lib2to3 import refactor  # noqa: E402  (it warns that it will go, which Debian 12's Python does not mind)

# Not a part of the suite: it sends until the server breaks.
LEFT_OUT = {"case9_9_1"}


def octets(value):
    """The value with every text in it as bytes."""
    if isinstance(value, str):
        return value.encode("latin-1")
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, (list, tuple)):
        return [octets(element) for element in value]
    return value


class Validator(Utf8Validator):
    def validate(self, text):
        return super().validate(octets(text))


class Loader(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the suite's modules, which call each other by their bare names: `case`, `case1_1_1` …"""

    EDITS = [
        # Provided below.
        (r"(?m)^import (binascii|pickle)\s*$", ""),
        (r"(?m)^from autobahn\.websocket\.utf8validator import .*$", ""),
        (r"(?m)^(import .*)\bpkg_resources, ", r"\1"),
        # `object` first is an order that Python 3 finds inconsistent.
        (r"\(object, Case,? *\)", "(Case,)"),
        # Both sides are whole numbers.
        (r"len\(self\.payload\) / self", "len(self.payload) // self"),
        (r"\.tostring\(\)", ".tobytes()"),
    ]

    def __init__(self, suite: pathlib.Path):
        self.suite = suite
        self.printing = refactor.RefactoringTool(["lib2to3.fixes.fix_print"])
        self.names = {
            "xrange": range,
            "unichr": chr,
            "Utf8Validator": Validator,
            "binascii": types.SimpleNamespace(b2a_hex=self.hex, hexlify=self.hex),
            "pkg_resources": types.SimpleNamespace(resource_filename=lambda package, name: str(suite / name)),
        }

    @staticmethod
    def hex(text):
        return binascii.b2a_hex(octets(text)).decode("ascii")

    def find_spec(self, name, path=None, target=None):
        if re.fullmatch(r"case(\d+_[\dxX_]+)?", name) and (self.suite / f"case/{name}.py").exists():
            return importlib.util.spec_from_loader(name, self)
        return None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        path = self.suite / f"case/{module.__name__}.py"
        source = path.read_bytes().decode("latin-1").replace("\r\n", "\n")
        source = re.sub(r"(?m)^#.*coding[:=].*$", "", source)
        for pattern, replacement in self.EDITS:
            source = re.sub(pattern, replacement, source)
        if re.search(r"(?m)^\s*print ", source):
            source = str(self.printing.refactor_string(source.rstrip() + "\n", path.name))
        module.__dict__.update(self.names)
        exec(compile(source, path.name, "exec"), module.__dict__)


def number(case_id: str) -> list[int]:
    return [int(part) for part in case_id.split(".")]


def load(suite: pathlib.Path, messages: int) -> dict[str, type]:
    """All cases by their id, in their order.

    `messages`: how many messages the cases about compression send, instead of 1000 each.
    """
    sys.meta_path.insert(0, Loader(suite))
    base = importlib.import_module("case").Case
    base.compare = lambda self, one, other: octets(one) == octets(other)
    cases = {}
    for path in (suite / "case").glob("case[0-9]*.py"):
        if path.stem in LEFT_OUT:
            continue
        module = importlib.import_module(path.stem)
        listed = [case for value in vars(module).values() if isinstance(value, list) for case in value]
        for case in [*vars(module).values(), *listed]:
            if isinstance(case, type) and re.fullmatch(r"Case\d+(_\d+)+", case.__name__):
                cases[case.__name__.removeprefix("Case").replace("_", ".")] = case
    for case in cases.values():
        if case.__name__.startswith(("Case12", "Case13")):
            case.COUNT = messages
    return {key: cases[key] for key in sorted(cases, key=number)}
