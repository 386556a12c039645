"""Everything one does with Misfit from a command line, with nothing but Python 3.11 or newer.

    python tasks.py run [options]    install what is missing, then start the dashboard
    python tasks.py test [options]   install what is missing, then run every check and test
    python tasks.py lint             the checks without the tests
    python tasks.py bench [name]     the measurements in benchmarks/, or one of them; `report` writes docs/benchmarks.md
    python tasks.py vendor           fetch the browser parts into static/vendor/
    python tasks.py lock             write the requirements*.txt anew from requirements*.in (needs uv)

Options of `run` are those of the dashboard (`python tasks.py run --help`), options of `test` are pytest's.

The standard library alone, in one file. An older Python must be able to read it as far as the check below, so
nothing here is written in syntax newer than Python 3.6.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 18

if sys.version_info < OLDEST_PYTHON:
    sys.exit(
        "Misfit needs Python %d.%d or newer, and this is Python %d.%d: see https://www.python.org/downloads/"  # noqa: UP031
        % (OLDEST_PYTHON + sys.version_info[:2])
    )

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
NODE_MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"

RUN_LOCK = "requirements.txt"
DEV_LOCK = "requirements-dev.txt"
NODE_LOCK = "requirements-node.txt"
PEERS = "requirements-bench.txt"  # what Misfit is measured against
NEED_PEERS = {"frameworks", "report", "trajectories"}
VENDORED = [
    NODE_MODULES / "bootstrap" / "dist" / "css" / "bootstrap.min.css",
    NODE_MODULES / "socket.io-client" / "dist" / "socket.io.esm.min.js",
    ROOT / "types" / "socket.io.esm.min.d.ts",
]

started = time.monotonic()


class TaskError(Exception):
    """A step failed; the message says what to do."""


def say(text: str) -> None:  # a SyntaxError here means Python 2: Misfit needs Python 3.11 or newer
    """Print one line about what happens now, with the seconds since the start."""
    print(f"{time.monotonic() - started:6.1f} s  {text}", flush=True)


# --- Steps ------------------------------------------------------------------------------------------------------------


def run_step(command: list[str], *, remedy: str, path: str | None = None) -> None:
    """Run `command`, showing the last line it printed; the last forty if it fails, which raises TaskError."""
    env = os.environ | {"PATH": path or os.environ.get("PATH", "")}
    lines = []
    width = shutil.get_terminal_size().columns - 1
    try:
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
    except OSError as error:
        raise TaskError(f"{command[0]} does not start: {error}") from None
    with process:
        for line in process.stdout or []:
            lines.append(line)
            if sys.stdout.isatty():
                print("\r" + f"          {line.strip()}"[:width].ljust(width), end="", flush=True)
    if sys.stdout.isatty():
        print("\r" + " " * width + "\r", end="", flush=True)
    if process.returncode != 0:
        print("".join(lines[-40:]), file=sys.stderr, flush=True)
        raise TaskError(f"{' '.join(command[:4])} ... ended with exit code {process.returncode}. {remedy}")


def digest(path: Path) -> str:
    """What a stamp holds: it changes when the file does."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stamped(stamp: Path) -> str:
    """The text of a stamp, empty where an install was never finished."""
    return stamp.read_text(encoding="utf-8") if stamp.is_file() else ""


# --- The Python environment -------------------------------------------------------------------------------------------


def prepare_environment(*locks: str) -> None:
    """Make .venv hold what `locks` pin. Stamps, written last, tell which of them it holds already."""
    stamps = {lock: VENV / f".{lock}.installed" for lock in locks}
    wanted = {lock: digest(ROOT / lock) for lock in locks}
    missing = [lock for lock in locks if not PYTHON.exists() or stamped(stamps[lock]) != wanted[lock]]
    if not missing:
        return
    uv = shutil.which("uv")
    if not environment_works(needs_pip=uv is None):
        make_environment(uv)
        missing = list(locks)
    say(f"installing {' and '.join(missing)} with {'uv' if uv else 'pip'}")
    installer = [uv, "pip", "install", "--python", str(PYTHON)] if uv else [str(PYTHON), "-m", "pip", "install"]
    run_step(
        installer + [argument for lock in missing for argument in ("-r", lock)],
        remedy="The first start needs the network, to fetch the packages; what was fetched is kept. Try again.",
    )
    for lock in missing:
        stamps[lock].write_text(wanted[lock], encoding="utf-8")


def prepare_peers() -> None:
    """Add to .venv, once it is there, what Misfit is measured against. With pip: requirements-bench.txt tells why."""
    stamp = VENV / f".{PEERS}.installed"
    wanted = digest(ROOT / PEERS)
    if stamped(stamp) == wanted:
        return
    say(f"installing {PEERS} with pip")
    if not environment_works(needs_pip=True):  # uv makes environments without it
        run_step(
            [str(PYTHON), "-m", "ensurepip"],
            remedy="On Debian and Ubuntu, `apt install python3-venv` brings what is missing.",
        )
    run_step(
        [str(PYTHON), "-m", "pip", "install", "-r", PEERS],
        remedy="The other benchmarks run without these packages.",
    )
    stamp.write_text(wanted, encoding="utf-8")


def environment_works(*, needs_pip: bool) -> bool:
    """Whether .venv is whole: an interrupted one is not, nor one whose Python was since removed."""
    if not PYTHON.exists():
        return False
    probe = f"import sys{', pip' if needs_pip else ''}; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    return subprocess.run([str(PYTHON), "-c", probe], capture_output=True, check=False).returncode == 0


def make_environment(uv: str | None) -> None:
    """Make .venv anew."""
    say(f"making the environment in {VENV}")
    if VENV.exists():
        shutil.rmtree(VENV)
    base = getattr(sys, "_base_executable", sys.executable)  # not the .venv that has just been removed
    run_step(
        [uv, "venv", "--python", base, str(VENV)] if uv else [base, "-m", "venv", str(VENV)],
        remedy="On Debian and Ubuntu, `apt install python3-venv` brings what is missing.",
    )


# --- The browser parts ------------------------------------------------------------------------------------------------


def prepare_browser_parts(*, with_checks: bool) -> None:
    """Fetch the npm packages that package-lock.json pins, and copy those that the pages load into static/vendor/."""
    stamp = NODE_MODULES / ".misfit-installed"
    wanted = digest(ROOT / "package-lock.json")
    if stamped(stamp) not in ({f"{wanted} all"} if with_checks else {f"{wanted} all", f"{wanted} run"}):
        path = node_path()
        npm = shutil.which("npm", path=path)
        say("fetching the browser parts with npm")
        run_step(
            [npm or "npm", "ci", "--ignore-scripts", *([] if with_checks else ["--omit=dev"])],
            remedy="The first start needs the network, to fetch Bootstrap and the Socket.IO client. Try again.",
            path=path,
        )
        copy_vendored()
        stamp.write_text(f"{wanted} {'all' if with_checks else 'run'}", encoding="utf-8")
    elif not all((VENDOR / source.name).is_file() for source in VENDORED):
        copy_vendored()


def copy_vendored() -> None:
    """Copy what the pages load, each file whole or not at all."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source in VENDORED:
        unfinished = VENDOR / (source.name + ".unfinished")
        shutil.copyfile(source, unfinished)
        unfinished.replace(VENDOR / source.name)


def node_path() -> str:
    """A PATH on which `node` and `npm` are found: the machine's own, else PyPI's in .venv."""
    path = os.environ.get("PATH", "")
    node = shutil.which("node")
    if node and shutil.which("npm"):
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        major = version.strip().lstrip("v").partition(".")[0]
        if major.isdigit() and int(major) >= OLDEST_NODE:
            return path
    prepare_environment(NODE_LOCK)
    return f"{SCRIPTS}{os.pathsep}{path}"


# --- Tasks ------------------------------------------------------------------------------------------------------------


def run(arguments: list[str]) -> int:
    """Install what is missing, then become the dashboard."""
    prepare_environment(RUN_LOCK)
    prepare_browser_parts(with_checks=False)
    say("starting Misfit")
    # -P: the folder one happens to be in may hold a `webapp` of its own
    command = [str(PYTHON), "-P", "-m", "webapp", *arguments]
    inherited = os.environ.get("PYTHONPATH")
    env = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{inherited}" if inherited else str(ROOT)}
    if os.name != "nt":
        os.execve(command[0], command, env)  # so that signals reach the dashboard itself
    process = subprocess.Popen(command, env=env)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # Ctrl-C reached the dashboard too: let it end in its own time
            continue


def test(arguments: list[str]) -> int:
    """Run every check and test."""
    checks = prepare_checks()
    return report([*checks, ("pytest", [str(PYTHON), "-m", "pytest", *arguments])])


def lint(_arguments: list[str]) -> int:
    """Run the checks without the tests."""
    return report(prepare_checks())


def prepare_checks() -> list[tuple[str, list[str]]]:
    """Install what the checks need; each is a name and a command."""
    prepare_environment(RUN_LOCK, DEV_LOCK)
    prepare_browser_parts(with_checks=True)
    python = str(PYTHON)
    node = shutil.which("node", path=node_path()) or "node"
    return [
        ("ruff check", [python, "-m", "ruff", "check", "."]),
        ("ruff format", [python, "-m", "ruff", "format", "--check", "."]),
        ("mypy", [python, "-m", "mypy", "--strict"]),
        ("tsc", [node, str(NODE_MODULES / "typescript" / "bin" / "tsc"), "--project", "."]),
        ("biome", [node, str(NODE_MODULES / "@biomejs" / "biome" / "bin" / "biome"), "ci", "--error-on-warnings"]),
    ]


def report(checks: list[tuple[str, list[str]]]) -> int:
    """Run all `checks`, whatever becomes of each, and say at the end which failed."""
    failed = []
    for name, command in checks:
        say(name)
        if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
            failed.append(name)
    say(f"failed: {', '.join(failed)}" if failed else f"passed: {', '.join(name for name, _ in checks)}")
    return 1 if failed else 0


def bench(arguments: list[str]) -> int:
    """Run one benchmark, with its own options, or `all` of them, which is what no name means."""
    benchmarks = [path.stem for path in sorted((ROOT / "benchmarks").glob("[!_]*.py"))]
    name, *options = arguments or ["all"]
    chosen = [each for each in benchmarks if each != "report"] if name == "all" else [name]  # it runs the others itself
    if not set(chosen) <= set(benchmarks):
        raise TaskError(f"There is no benchmark {name}; there are {', '.join(benchmarks)}, and all.")
    prepare_environment(RUN_LOCK, DEV_LOCK)
    if NEED_PEERS.intersection(chosen):
        prepare_peers()
    prepare_browser_parts(with_checks=False)
    return report([(each, [str(PYTHON), "-m", f"benchmarks.{each}", *options]) for each in chosen])


def vendor(_arguments: list[str]) -> int:
    """Fetch the browser parts."""
    prepare_browser_parts(with_checks=False)
    copy_vendored()
    return 0


def lock(_arguments: list[str]) -> int:
    """Write the lock files anew, for each system and Python version at once."""
    uv = shutil.which("uv")
    if uv is None:
        raise TaskError("Locking needs uv: see https://docs.astral.sh/uv/")
    options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate", "--no-emit-index-url"]
    for name in (RUN_LOCK, DEV_LOCK, NODE_LOCK):
        say(name)
        source = name.replace(".txt", ".in")
        command = [uv, "pip", "compile", "--quiet", *options, "--custom-compile-command", "python tasks.py lock"]
        run_step([*command, source, "-o", name], remedy="See above what does not fit together.")
    return 0


TASKS = {"run": run, "test": test, "lint": lint, "bench": bench, "vendor": vendor, "lock": lock}


def main(arguments: list[str]) -> int:
    """Run the task that is named first; returns the exit code."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(__doc__)
        return 0
    name, *rest = arguments
    if name not in TASKS:
        print(f"There is no task {name!r}; there are {', '.join(TASKS)}.", file=sys.stderr)
        return 2
    try:
        return TASKS[name](rest)
    except TaskError as error:
        print(f"\nmisfit: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nmisfit: interrupted; the next start takes up where this one was", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
