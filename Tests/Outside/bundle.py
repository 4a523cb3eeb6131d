"""The official browser client, taken out of the PyPI wheel that ships it."""

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from programs import ROOT

WHEEL = "nicegui==3.18.0"
MEMBER = "nicegui/static/socket.io.min.js"
CACHE = ROOT / ".build-tests" / "client"
VERSION = re.compile(r"Socket\.IO v(4\.8\.\d+)")


def official_client():
    """The path of `socket.io.min.js`, version 4.8.x, fetched when it is not in the cache yet."""
    kept = CACHE / "socket.io.min.js"
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(fetch())
    assert VERSION.search(kept.read_text()[:200]), f"{kept} is not version 4.8"
    return kept


def fetch():
    with tempfile.TemporaryDirectory() as folder:
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, WHEEL]
        subprocess.run(download, check=True, timeout=120)
        wheel = next(Path(folder).glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(MEMBER)


if __name__ == "__main__":
    print(official_client())
