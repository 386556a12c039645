"""Run, test and benchmark Misfit from a fresh clone. The only requirement is Python 3.11 or newer.

    python tasks.py run [options]    install missing packages, then start the dashboard
    python tasks.py test [options]   install missing packages, then run every check and test
    python tasks.py lint             run the linters, the type checkers and the JavaScript tests
    python tasks.py bench [name]     run one benchmark, or all; `report` runs all and writes docs/benchmarks.md
    python tasks.py types            write types/*.d.ts and docs/diagnosis.md from the Python code
    python tasks.py vendor           copy browser libraries and fonts to static/vendor/
    python tasks.py lock             write requirements*.txt from requirements*.in (needs uv)

`run` passes its options to the dashboard; `python tasks.py run --help` lists them. `test` passes its options to pytest.

This file uses only the standard library and the syntax of Python 3.6, so that an old Python reaches the version check.
"""

import os
import sys

OLDEST_PYTHON, OLDEST_NODE = (3, 11), 18

if sys.version_info < OLDEST_PYTHON:
    sys.exit(
        "Misfit needs Python %d.%d or newer, and this is Python %d.%d: see https://www.python.org/downloads/"  # noqa: UP031
        % (OLDEST_PYTHON + sys.version_info[:2])
    )

# Modules in PYTHONPATH, such as queue.py, must not replace the modules that the following imports need.
FOREIGN = {os.path.abspath(folder) for folder in (os.environ.get("PYTHONPATH") or os.sep).split(os.pathsep)}
sys.path[:] = [folder for folder in sys.path if folder not in FOREIGN or folder == os.path.dirname(os.__file__)]

import ast
import hashlib
import re
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
NODE_MODULES, VENDOR = ROOT / "node_modules", ROOT / "static" / "vendor"
VENV_REMEDY = "On Debian and Ubuntu, install the missing part: `apt install python3-venv`."
DOWNLOAD_REMEDY = "The lines above name the cause. The first start needs the network; if it was missing, try again."
# Variables that `ignore_surroundings` removes, and the settings among them that it keeps (decision 0035)
CONFIGURING = re.compile("(?i)(?:PYTHON|PIP_|UV_|NPM_CONFIG_)(.+)|NODE_ENV|__PYVENV_LAUNCHER__")
HARMLESS = re.compile(
    "(?i)INDEX|LINK|REGISTRY|PROXY|HOST|TIMEOUT|RETRIES|OFFLINE|CERT|CA$|CAFILE|SSL|TLS|FEATURE|KEY|AUTH|CREDENTIALS"
    "|CONFIG|CACHE|UTF8|IOENCODING|UNBUFFERED"
)

RUN_LOCK, DEV_LOCK, NODE_LOCK = "requirements.txt", "requirements-dev.txt", "requirements-node.txt"
PEERS = "requirements-bench.txt"  # libraries that benchmarks compare Misfit with
TEST_WORKERS = ["-n", "auto", "--maxprocesses", "4", "--dist", "worksteal"]  # `test -n 0` runs pytest in one process
NEED_PEERS = {"frameworks", "label_errors", "report", "trajectories"}
INTER = NODE_MODULES / "@fontsource-variable" / "inter"
LIT = ("lit-html", "directive", "directive-helpers", "directives/live", "directives/repeat")  # modules in use
VENDORED = {  # the files in static/vendor/ and their sources
    "bootstrap.min.css": NODE_MODULES / "bootstrap" / "dist" / "css" / "bootstrap.min.css",
    "socket.io.esm.min.js": NODE_MODULES / "socket.io-client" / "dist" / "socket.io.esm.min.js",
    "socket.io.esm.min.d.ts": ROOT / "types" / "socket.io.esm.min.d.ts",
    **{f"inter-{name}.woff2": INTER / "files" / f"inter-{name}-wght-normal.woff2" for name in ("latin", "latin-ext")},
    "inter-license.txt": INTER / "LICENSE",
    **{f"lit-html/{name}{end}": NODE_MODULES / f"lit-html/{name}{end}" for name in LIT for end in (".js", ".d.ts")},
}
STARTED = time.monotonic()


class TaskError(Exception):
    """The failure of a step. The message names the remedy."""


def say(text: str) -> None:  # a SyntaxError here means Python 2: Misfit needs Python 3.11 or newer
    """Print the current step with the seconds since the start."""
    print(f"{time.monotonic() - STARTED:6.1f} s  {text}", flush=True)


def ignore_surroundings() -> None:
    """Remove environment variables that would redirect an installation or change what Python imports."""
    for name in list(os.environ):
        match = CONFIGURING.fullmatch(name)
        if match and not HARMLESS.search(match[1] or ""):
            del os.environ[name]


def pip_environment() -> dict[str, str]:
    """Return an environment in which pip uses only the harmless settings of its configuration files."""
    command = [str(PYTHON), "-m", "pip", "config", "list", "-vvv"]  # the files may contain `quiet`
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    settings = re.findall(r"^(?:global|install)\.([\w-]+)=(['\"].*['\"])$", listed, re.MULTILINE)
    chosen = {name.upper().replace("-", "_"): value for name, value in settings if HARMLESS.search(name)}
    variables = {f"PIP_{name}": ast.literal_eval(value) for name, value in chosen.items()}
    return {**variables, **os.environ, "PIP_CONFIG_FILE": os.devnull}


def run_step(command: list[str], *, remedy: str, env: dict[str, str] | None = None) -> None:
    """Run `command` and show its latest line. If it fails, print its last forty lines and raise TaskError."""
    lines = []
    width = shutil.get_terminal_size().columns - 1 if sys.stdout.isatty() else 0
    try:
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
    except OSError as error:
        raise TaskError(f"{command[0]} does not start: {error}") from None
    with process:
        for line in process.stdout or []:
            lines.append(line)
            if width:
                print("\r" + f"          {line.strip()}"[:width].ljust(width), end="", flush=True)
    print(f"\r{'':{width}}\r" if width else "", end="", flush=True)
    if process.returncode != 0:
        print("".join(lines[-40:]), file=sys.stderr, flush=True)
        raise TaskError(f"{' '.join(command[:4])} ... ended with exit code {process.returncode}. {remedy}")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stamped(stamp: Path) -> str:
    """Return the content of a stamp, which names what was last installed, or an empty string if it does not exist."""
    return stamp.read_text(encoding="utf-8") if stamp.is_file() else ""


def prepare_environment(*locks: str, with_uv: bool = True) -> None:
    """Install the packages of the lock files `locks` into .venv, unless their stamps are up to date."""
    stamps = {lock: VENV / f".{lock}.installed" for lock in locks}
    missing = [lock for lock in locks if not PYTHON.exists() or stamped(stamps[lock]) != digest(ROOT / lock)]
    if not missing:
        return
    uv = shutil.which("uv") if with_uv else None
    if not environment_has("sys"):
        say(f"creating the environment in {VENV}")
        shutil.rmtree(VENV, ignore_errors=True)
        base = getattr(sys, "_base_executable", sys.executable)  # `sys.executable` may be in the removed .venv
        create = [uv, "venv", "--python", base] if uv else [base, "-m", "venv"]
        run_step([*create, str(VENV)], remedy=VENV_REMEDY)
        missing = list(locks)
    if not (uv or environment_has("pip")):  # uv creates environments without pip
        run_step([str(PYTHON), "-m", "ensurepip"], remedy=VENV_REMEDY)
    say(f"installing {' and '.join(missing)} with {'uv' if uv else 'pip'}")
    command = [uv, "pip", "install", "--python", str(PYTHON)] if uv else [str(PYTHON), "-m", "pip", "install"]
    command += [word for lock in missing for word in ("-r", lock)]
    run_step(command, remedy=DOWNLOAD_REMEDY, env=None if uv else pip_environment())
    for lock in missing:
        stamps[lock].write_text(digest(ROOT / lock), encoding="utf-8")


def environment_has(module: str) -> bool:
    """Return True if the Python in .venv starts, is new enough and can import `module`."""
    command = [str(PYTHON), "-c", f"import sys, {module}; sys.exit(sys.version_info < {OLDEST_PYTHON})"]
    return PYTHON.exists() and subprocess.run(command, capture_output=True, check=False).returncode == 0


def prepare_browser_parts(*, with_checks: bool) -> None:
    """Install the npm packages that package-lock.json pins, and copy the files of VENDORED to static/vendor/."""
    stamp = NODE_MODULES / ".misfit-installed"
    wanted = digest(ROOT / "package-lock.json")
    if stamped(stamp) not in {f"{wanted} all", f"{wanted} {'all' if with_checks else 'run'}"}:
        path = node_path()
        say("downloading the browser parts with npm")
        npm = shutil.which("npm", path=path) or "npm"
        command = [npm, "ci", "--ignore-scripts", "--no-global", *([] if with_checks else ["--omit=dev"])]
        run_step(command, remedy=DOWNLOAD_REMEDY, env={**os.environ, "PATH": path})
        copy_vendored()
        stamp.write_text(f"{wanted} {'all' if with_checks else 'run'}", encoding="utf-8")
    elif not all((VENDOR / name).is_file() for name in VENDORED):
        copy_vendored()


def copy_vendored() -> None:
    """Copy the files of VENDORED to static/vendor/. Replace each file atomically."""
    for name, source in VENDORED.items():
        (VENDOR / name).parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(shutil.copyfile(source, f"{VENDOR / name}.unfinished"))
        unfinished.replace(VENDOR / name)


def node_path() -> str:
    """Return a PATH with `node` and `npm`. If Node.js is missing or too old, install it from PyPI into .venv."""
    path = os.environ.get("PATH", "")
    node = shutil.which("node")
    if node and shutil.which("npm"):
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        if int((re.match(r"v(\d+)", version) or "00")[1]) >= OLDEST_NODE:
            return path
    prepare_environment(NODE_LOCK)
    return f"{SCRIPTS}{os.pathsep}{path}"


def run(arguments: list[str]) -> int:
    """Install missing packages, then replace this process with the dashboard."""
    prepare_environment(RUN_LOCK)
    prepare_browser_parts(with_checks=False)
    say("starting Misfit")
    # Because of -P, Python does not import another `webapp` from the current folder.
    command = [str(PYTHON), "-P", "-m", "webapp", *arguments]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    if os.name != "nt":
        os.execve(command[0], command, env)  # so that the dashboard receives signals directly
    process = subprocess.Popen(command, env=env)
    while True:
        with suppress(KeyboardInterrupt):  # the dashboard received Ctrl-C too and is shutting down
            return process.wait()


def test(arguments: list[str]) -> int:
    """Run every check and test."""
    return run_commands([*prepare_checks(), ("pytest", [str(PYTHON), "-m", "pytest", *TEST_WORKERS, *arguments])])


def prepare_checks() -> list[tuple[str, list[str]]]:
    """Install the packages that the checks need, and return the command that runs all checks in parallel."""
    prepare_environment(RUN_LOCK, DEV_LOCK)
    prepare_browser_parts(with_checks=True)
    return [("checks", [str(PYTHON), "-m", "tests.checks", shutil.which("node", path=node_path()) or "node"])]


def run_commands(commands: list[tuple[str, list[str]]]) -> int:
    """Run all `commands` in sequence, print the names of the failed commands, and return 1 if a command failed."""
    failed = []
    for name, command in commands:
        say(name)
        if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
            failed.append(name)
    say(f"failed: {', '.join(failed)}" if failed else f"passed: {', '.join(name for name, _ in commands)}")
    return 1 if failed else 0


def bench(arguments: list[str]) -> int:
    """Run the benchmark that the first argument names, with the other arguments as its options. By default, run all."""
    files = [path for name in (".", "network", "dashboard") for path in (ROOT / "benchmarks" / name).glob("*.py")]
    benchmarks = {path.stem: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sorted(files)}
    name, *options = arguments or ["all"]
    chosen = [each for each in benchmarks if each != "report"] if name == "all" else [name]  # report runs the others
    if not set(chosen) <= set(benchmarks):
        raise TaskError(f"There is no benchmark {name}. Choose one of {', '.join(sorted(benchmarks))}, or all.")
    prepare_environment(RUN_LOCK, DEV_LOCK)
    if NEED_PEERS.intersection(chosen):
        prepare_environment(PEERS, with_uv=False)  # requirements-bench.txt explains why
    prepare_browser_parts(with_checks=False)
    return run_commands([(each, [str(PYTHON), "-m", benchmarks[each], *options]) for each in chosen])


def vendor(_arguments: list[str]) -> int:
    """Copy the browser libraries and fonts to static/vendor/."""
    prepare_browser_parts(with_checks=False)
    copy_vendored()
    return 0


def types(_arguments: list[str]) -> int:
    """Write the TypeScript declarations and the list of findings."""
    prepare_environment(RUN_LOCK, DEV_LOCK)
    return run_commands([(name, [str(PYTHON), "-m", f"docs.{name}"]) for name in ("typescript", "diagnosis")])


def lock(_arguments: list[str]) -> int:
    """Write the lock files, each for all operating systems and all supported versions of Python."""
    uv = shutil.which("uv")
    if uv is None:
        raise TaskError("Locking needs uv: see https://docs.astral.sh/uv/")
    command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-annotate", "--no-emit-index-url", "--custom-compile-command", "python tasks.py lock"]
    for name in (RUN_LOCK, DEV_LOCK, NODE_LOCK):
        say(name)
        run_step([*command, name.replace(".txt", ".in"), "-o", name], remedy="The output names conflicting packages.")
    return 0


TASKS = {"run": run, "test": test, "bench": bench, "types": types, "vendor": vendor, "lock": lock}
TASKS["lint"] = lambda _arguments: run_commands(prepare_checks())


def main(arguments: list[str]) -> int:
    """Run the task that the first argument names, and return the exit code."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(ast.get_docstring(ast.parse(Path(__file__).read_text(encoding="utf-8"))))  # with -OO, __doc__ is None
        return 0
    name, *rest = arguments
    if name not in TASKS:
        print(f"There is no task {name!r}. Choose one of {', '.join(TASKS)}.", file=sys.stderr)
        return 2
    ignore_surroundings()
    try:
        return TASKS[name](rest)
    except TaskError as error:
        print(f"\nmisfit: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nmisfit: interrupted; the next start continues from here", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
