"""The servers: how each is fetched and built, once, into the scratch folder, and how it is started."""

import os
import pathlib
import platform
import shlex
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCES = ROOT / "Benchmarks/Peers"
SCRATCH = ROOT / ".build-benchmarks"


class Missing(Exception):
    """Something that a server needs is not to be had here; says what."""


def call(command, needs="", **options):
    """Runs a command quietly; Missing with its last words when it fails."""
    command = [str(word) for word in command]
    if not shutil.which(command[0]):
        raise Missing(f"{command[0]} is not installed{needs}")
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    result = subprocess.run(command, check=False, **output, **options)
    if result.returncode:
        words = result.stdout.strip().splitlines()[-3:]
        raise Missing(f"`{shlex.join(command)}` failed: {' | '.join(words)}")
    return result.stdout


def swift(package, product, scratch):
    """A release build; the path of the product."""
    command = ["swift", "build", "-c", "release", "--package-path", package, "--scratch-path", scratch]
    call([*command, "--product", product])
    return pathlib.Path(scratch) / "release" / product


def debian(*packages):
    """Unpacks Debian packages below the scratch folder, installing nothing."""
    folder = SCRATCH / "debian"
    for package in packages:
        if not (folder / f"{package}.ready").exists():
            folder.mkdir(parents=True, exist_ok=True)
            call(["apt-get", "download", package], needs=", and this peer comes from Debian", cwd=folder)
            for file in folder.glob(f"{package}_*.deb"):
                call(["dpkg", "-x", file, folder])
                file.unlink()
            (folder / f"{package}.ready").touch()
    return folder


def is_fresh(made, *sources):
    return made.exists() and all(made.stat().st_mtime > source.stat().st_mtime for source in sources)


class Bongsu:
    """The relay, `bongsu serve`."""

    def prepare(self):
        folder = os.environ.get("BONGSU_BIN_DIR")
        self.program = pathlib.Path(folder) / "bongsu" if folder else swift(ROOT, "bongsu", ROOT / ".build")
        if not self.program.exists():
            raise Missing(f"there is no {self.program}")

    def command(self, port, certificate, options):
        command = [self.program, "serve", "--port", port, *options]
        if "--loops" not in options:
            command += ["--loops", 1]
        return [*command, "--tls-cert", certificate[0], "--tls-key", certificate[1]] if certificate else command


class Earlier(Bongsu):
    """Another build of the relay, to compare with."""

    def __init__(self, program):
        self.program = pathlib.Path(program)

    def prepare(self):
        if not self.program.exists():
            raise Missing(f"there is no {self.program}")


class BongsuLibrary:
    """The example program `conformance`: a Socket.IO echo in Swift closures."""

    def prepare(self):
        folder = os.environ.get("BONGSU_BIN_DIR")
        self.program = pathlib.Path(folder) / "conformance" if folder else swift(ROOT, "conformance", ROOT / ".build")
        if not self.program.exists():
            raise Missing(f"there is no {self.program}")

    def command(self, port, certificate, options):
        times = ["--ping-interval", 25_000, "--ping-timeout", 20_000, "--connect-timeout", 45_000]
        return [self.program, "--port", port, *times]


class UWebSockets:
    """The C++ library as the PyPI package socketify carries it, prebuilt."""

    def prepare(self):
        self.program, source = SCRATCH / "uws", SOURCES / "uws.c"
        if platform.machine() != "x86_64":
            raise Missing(f"socketify carries no library for {platform.machine()}")
        folder = SCRATCH / "socketify-0.0.31/src/socketify"
        library = folder / "libsocketify_linux_amd64.so"
        if not library.exists():
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
            call([*pip, "--no-binary", ":all:", "--dest", SCRATCH, "socketify==0.0.31"])
            call(["tar", "-xzf", SCRATCH / "socketify-0.0.31.tar.gz", "-C", SCRATCH])
        if not is_fresh(self.program, source):
            compiler = shutil.which("cc") or "clang"
            call([compiler, "-O2", "-o", self.program, source, library, "-luv", f"-Wl,-rpath,{folder}"])

    def command(self, port, certificate, options):
        return [self.program, port, *certificate]


class SwiftNIO:
    """swift-nio's NIOWebSocket."""

    def prepare(self):
        self.program = swift(SOURCES / "nio", "nio", SCRATCH / "nio")

    def command(self, port, certificate, options):
        return [self.program, port]


class Gorilla:
    """Go's gorilla/websocket, and Go itself, from Debian."""

    def prepare(self):
        self.program, source = SCRATCH / "gorilla", SOURCES / "gorilla.go"
        if is_fresh(self.program, source):
            return
        folder = debian("golang-1.19-go", "golang-1.19-src", "golang-github-gorilla-websocket-dev")
        paths = {"GOROOT": folder / "usr/lib/go-1.19", "GOPATH": folder / "usr/share/gocode", "GOCACHE": SCRATCH / "go"}
        environment = {**os.environ, "GO111MODULE": "off", **{name: str(path) for name, path in paths.items()}}
        call([paths["GOROOT"] / "bin/go", "build", "-o", self.program, source], env=environment)

    def command(self, port, certificate, options):
        return [self.program, port, *certificate]


class NodeWS:
    """Node's ws from Debian, on whatever Node there is."""

    def prepare(self):
        if not shutil.which("node"):
            raise Missing("node is not installed")
        self.modules = debian("node-ws") / "usr/share/nodejs"

    def command(self, port, certificate, options):
        return ["env", f"NODE_PATH={self.modules}", "node", SOURCES / "ws.js", port, *certificate]


class PythonSocketIO:
    """python-socketio on aiohttp, in a virtual environment."""

    def prepare(self):
        folder = SCRATCH / "python"
        self.program = folder / "bin/python"
        if not (folder / "ready").exists():
            call([sys.executable, "-m", "venv", folder])
            packages = ["python-socketio==5.*", "aiohttp==3.*"]
            call([self.program, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages])
            (folder / "ready").touch()

    def command(self, port, certificate, options):
        return [self.program, SOURCES / "socketio_server.py", port]


ALL = {
    "bongsu": Bongsu(),
    "bongsu-library": BongsuLibrary(),
    "uws": UWebSockets(),
    "nio": SwiftNIO(),
    "gorilla": Gorilla(),
    "ws": NodeWS(),
    "python-socketio": PythonSocketIO(),
}


def certificate():
    """A chain and a key for localhost, as most servers have one: elliptic, of 256 bits."""
    chain, key = SCRATCH / "chain.pem", SCRATCH / "key.pem"
    if not chain.exists():
        request = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        call([*request, "-days", 3650, "-subj", "/CN=localhost", "-keyout", key, "-out", chain])
    return chain, key


def generator():
    return swift(ROOT / "Benchmarks/Load", "load", SCRATCH / "load")
