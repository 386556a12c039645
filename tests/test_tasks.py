"""Command line of `tasks.py`, run in a copy of the project with fake installers that write a log."""

from __future__ import annotations

import ast
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import checks
from tests.support.server_process import ROOT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the fake installers are shell scripts")

LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-node.txt", "requirements-bench.txt"]
PARTS = ["tasks.py", *LOCKS, "package-lock.json", "types", "benchmarks"]

# The fake `uv venv` creates only the part that tasks.py checks: a Python that runs.
UV = """
echo "uv $*" >> "$LOG"
test -z "$FAIL_UV" || { echo "no route to host"; exit 7; }
if [ "$1" = venv ]; then
  for folder; do :; done
  mkdir -p "$folder/bin" && ln -sf "$FAKE_PYTHON" "$folder/bin/python"
fi
"""
NPM = """
echo "npm $*" >> "$LOG"
test -z "$FAIL_NPM" || { echo "no route to host"; exit 7; }
inter=node_modules/@fontsource-variable/inter
mkdir -p node_modules/bootstrap/dist/css node_modules/socket.io-client/dist $inter/files
echo css > node_modules/bootstrap/dist/css/bootstrap.min.css
echo js > node_modules/socket.io-client/dist/socket.io.esm.min.js
for subset in latin latin-ext; do echo font > $inter/files/inter-$subset-wght-normal.woff2; done
echo license > $inter/LICENSE
mkdir -p node_modules/lit-html/directives
for name in lit-html directive directive-helpers directives/live directives/repeat; do
  for end in js d.ts; do echo lit > node_modules/lit-html/$name.$end; done
done
"""
NODE = "echo v20.0.0"
PYTHON = """
case "$*" in -c*|*"pip config list"*) exit 0;; esac
echo "python $*" >> "$LOG"
exit "${DASHBOARD_ENDS_WITH:-0}"
"""


class Project:
    """Copy of the project in which the tests run tasks.py, and the log of the commands that tasks.py runs."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.tools = folder / "tools"
        self.log_path = folder / "log"
        self.root.mkdir()
        self.tools.mkdir()
        for name in PARTS:
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copyfile)(source, self.root / name)
        for name, script in {"uv": UV, "npm": NPM, "node": NODE, "fake-python": PYTHON}.items():
            tool = self.tools / name
            tool.write_text(f'#!/bin/sh\nenv > "$LOG.{name}"\n{script}')
            tool.chmod(tool.stat().st_mode | stat.S_IXUSR)

    def run_tasks(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run tasks.py with these arguments. Afterwards, `calls` lists the commands that tasks.py ran."""
        self.log_path.write_text("")
        base_env = {
            "PATH": f"{self.tools}:/usr/bin:/bin",
            "LOG": str(self.log_path),
            "FAKE_PYTHON": str(self.tools / "fake-python"),
        }
        return subprocess.run(
            [sys.executable, str(self.root / "tasks.py"), *arguments],
            env=base_env | env,
            cwd=self.tools,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @property
    def calls(self) -> list[str]:
        """First three words of each command, in order."""
        return [" ".join(line.split()[:3]) for line in self.log_path.read_text().splitlines()]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


FIRST_RUN = ["uv venv --python", "uv pip install", "npm ci --ignore-scripts", "python -P -m"]


def test_the_first_run_installs_and_the_second_only_starts(project: Project) -> None:
    first = project.run_tasks("run", "--port", "0")
    assert (first.returncode, project.calls) == (0, FIRST_RUN), first.stderr
    assert (project.root / "static/vendor/bootstrap.min.css").read_text() == "css\n"
    assert (project.root / "static/vendor/socket.io.esm.min.d.ts").is_file()
    assert (project.root / "static/vendor/inter-latin.woff2").read_text() == "font\n"
    assert (project.root / "static/vendor/inter-license.txt").read_text() == "license\n"
    assert (project.root / "static/vendor/lit-html/directives/repeat.js").read_text() == "lit\n"

    second = project.run_tasks("run", "--port", "0")
    assert second.returncode == 0
    assert project.log_path.read_text() == "python -P -m webapp --port 0\n"


def change_lock(project: Project) -> None:
    with (project.root / "requirements.txt").open("a") as lock:
        lock.write("# newer\n")


def change_package_lock(project: Project) -> None:
    with (project.root / "package-lock.json").open("a") as lock:
        lock.write("\n")


def remove_python(project: Project) -> None:
    (project.root / ".venv/bin/python").unlink()


def remove_vendored(project: Project) -> None:
    shutil.rmtree(project.root / "static/vendor")


@pytest.mark.parametrize(
    ("change", "calls"),
    [
        (change_lock, ["uv pip install", "python -P -m"]),
        (change_package_lock, ["npm ci --ignore-scripts", "python -P -m"]),
        (remove_python, ["uv venv --python", "uv pip install", "python -P -m"]),
        (remove_vendored, ["python -P -m"]),
    ],
)
def test_tasks_reinstall_only_changed_parts(
    project: Project, change: Callable[[Project], None], calls: list[str]
) -> None:
    project.run_tasks("run")
    change(project)
    result = project.run_tasks("run")
    assert (result.returncode, project.calls) == (0, calls), result.stderr
    assert (project.root / "static/vendor/socket.io.esm.min.js").read_text() == "js\n"
    project.run_tasks("run")
    assert project.calls == ["python -P -m"]


@pytest.mark.parametrize("failure", ["FAIL_UV", "FAIL_NPM"])
def test_a_start_without_network_names_the_remedy_and_the_next_start_recovers(project: Project, failure: str) -> None:
    result = project.run_tasks("run", **{failure: "1"})
    assert result.returncode == 1
    assert "no route to host" in result.stderr
    assert "needs the network" in result.stderr or "python3-venv" in result.stderr
    assert "Traceback" not in result.stderr
    assert "python -P -m" not in project.calls

    assert project.run_tasks("run").returncode == 0
    assert project.calls[-1] == "python -P -m"


def test_the_exit_code_is_that_of_the_dashboard(project: Project) -> None:
    assert project.run_tasks("run", DASHBOARD_ENDS_WITH="3").returncode == 3


def test_test_runs_the_checks_and_pytest_and_names_the_failed_ones(project: Project) -> None:
    result = project.run_tasks("test", "-k", "idx", DASHBOARD_ENDS_WITH="1")
    assert result.returncode == 1
    assert [call for call in project.calls if call.startswith("python")] == [
        "python -m tests.checks",
        "python -m pytest",
    ]
    assert project.log_path.read_text().endswith("python -m pytest -n auto --maxprocesses 4 --dist worksteal -k idx\n")
    assert "failed: checks, pytest" in result.stdout.splitlines()[-1]
    assert project.run_tasks("test").returncode == 0


def test_checks_report_each_result_and_fail_if_one_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = checks.check_commands("node")
    assert set(commands) == {"mypy", "tsc", "biome", "node --test", "ruff check", "ruff format"}
    for name, argument in (("mypy", "--strict"), ("ruff format", "--check"), ("biome", "--error-on-warnings")):
        assert argument in commands[name]
    script_tests = {str(path.relative_to(ROOT)) for path in ROOT.glob("tests/js/**/*.test.js")}
    assert script_tests
    assert set(commands["node --test"]) >= {"node", "--test", *script_tests}
    script = "import sys; print('an error'); sys.exit(int(sys.argv[1]))"
    for codes, exit_code in (((0, 0), 0), ((0, 1), 1)):
        commands = {str(name): [sys.executable, "-c", script, str(code)] for name, code in enumerate(codes)}
        monkeypatch.setattr(checks, "check_commands", lambda _node, chosen=commands: chosen)
        monkeypatch.setattr(sys, "argv", ["checks", "node"])
        assert checks.main() == exit_code
        output = capsys.readouterr().out
        assert "0 passed" in output
        assert ("1 failed\nan error" in output) == bool(exit_code)


def test_test_after_run_installs_only_the_packages_of_the_tests(project: Project) -> None:
    project.run_tasks("run")
    project.run_tasks("test")
    assert project.calls[:2] == ["uv pip install", "npm ci --ignore-scripts"]
    assert "requirements-dev.txt" in project.log_path.read_text()
    assert "-r requirements.txt" not in project.log_path.read_text()
    project.run_tasks("run")
    assert project.calls == ["python -P -m"]


def test_an_old_node_is_replaced_by_one_in_the_environment(project: Project) -> None:
    (project.tools / "node").write_text("#!/bin/sh\necho v12.22.9\n")
    result = project.run_tasks("vendor")
    assert result.returncode == 0, result.stderr
    assert "uv pip install" in project.calls
    assert "requirements-node.txt" in project.log_path.read_text()


def test_only_benchmarks_that_compare_frameworks_install_them(project: Project) -> None:
    assert project.run_tasks("bench", "memory").returncode == 0
    assert "requirements-bench.txt" not in project.log_path.read_text()
    result = project.run_tasks("bench", "frameworks", "--epochs", "2")
    assert result.returncode == 0, result.stderr
    assert project.log_path.read_text().splitlines() == [
        "python -m pip install -r requirements-bench.txt",
        "python -m benchmarks.frameworks --epochs 2",
    ]
    project.run_tasks("bench", "frameworks")
    assert project.calls == ["python -m benchmarks.frameworks"]


@pytest.mark.parametrize("arguments", [[], ["all"]])
def test_bench_runs_every_benchmark_except_the_report(project: Project, arguments: list[str]) -> None:
    result = project.run_tasks("bench", *arguments)
    assert result.returncode == 0, result.stderr
    names = [call.removeprefix("python -m benchmarks.") for call in project.calls if "benchmarks." in call]
    assert {*names, "report"} == {path.stem for path in (ROOT / "benchmarks").glob("*.py")}
    assert "report" not in names


def test_the_error_for_an_unknown_benchmark_lists_the_valid_names(project: Project) -> None:
    result = project.run_tasks("bench", "patience")
    assert result.returncode == 1
    assert "no benchmark patience. Choose one of accuracy" in result.stderr
    assert project.calls == []


FOREIGN_SETTINGS = {
    "PIP_USER": "1",
    "PIP_TARGET": "elsewhere",
    "PIP_PREFIX": "elsewhere",
    "PIP_REQUIRE_VIRTUALENV": "1",
    "PIP_NO_DEPS": "1",
    "PYTHONHOME": "elsewhere",
    "PYTHONINSPECT": "1",
    "PYTHONOPTIMIZE": "2",
    "PYTHONSAFEPATH": "1",
    "PYTHONSTARTUP": "missing.py",
    "PYTHONWARNINGS": "error",
    "UV_PYTHON": "3.8",
    "UV_SYSTEM_PYTHON": "1",
    "npm_config_global": "true",
    "NODE_ENV": "production",
}
NETWORK_SETTINGS = {
    "HTTPS_PROXY": "http://proxy.example:3128",
    "PIP_CERT": "company.pem",
    "PIP_INDEX_URL": "https://packages.example/simple",
    "PIP_TRUSTED_HOST": "packages.example",
    "PYTHONUTF8": "1",
    "REQUESTS_CA_BUNDLE": "company.pem",
    "UV_INDEX_COMPANY_PASSWORD": "secret",
    "npm_config_registry": "https://packages.example/npm",
}


def test_only_network_settings_reach_the_installers_and_the_dashboard(project: Project) -> None:
    settings = {name: value for name, value in FOREIGN_SETTINGS.items() if name != "PYTHONHOME"}  # Python would fail
    result = project.run_tasks("run", PYTHONPATH="elsewhere", **settings, **NETWORK_SETTINGS)
    assert result.returncode == 0, result.stderr
    for tool in ("uv", "npm", "fake-python"):
        lines = project.log_path.with_name(f"log.{tool}").read_text().splitlines()
        env = dict(line.split("=", 1) for line in lines if "=" in line)
        assert not FOREIGN_SETTINGS.keys() & env.keys()
        assert env.items() >= NETWORK_SETTINGS.items()
        assert env.get("PYTHONPATH") == (str(project.root) if tool == "fake-python" else None)


# A package with one module. `python -m webapp` of the dashboard is this module.
PACKAGE = {
    "webapp.py": "import sys; print('installed in', sys.prefix, __file__)",
    "misfit_probe-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: misfit-probe\nVersion: 1\n",
    "misfit_probe-1.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "misfit_probe-1.dist-info/RECORD": "webapp.py,,\n",
}


def test_pip_installs_into_the_environment_whatever_its_configuration_says(project: Project, tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    with zipfile.ZipFile(packages / "misfit_probe-1-py3-none-any.whl", "w") as wheel:
        for name, content in PACKAGE.items():
            wheel.writestr(name, content)
    (project.root / "requirements.txt").write_text("misfit-probe==1\n")
    (project.tools / "uv").unlink()
    configuration = tmp_path / "pip.conf"
    configuration.write_text(
        f"[global]\nno-index = true\nfind-links = {packages}\nquiet = 1\n[install]\nuser = true\ntarget = elsewhere\n"
    )
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    for name in ("hashlib", "queue", "subprocess", "re", "random"):
        (foreign / f"{name}.py").write_text("raise ImportError('foreign')")
    env = {"PIP_CONFIG_FILE": str(configuration), "PIP_USER": "1", "PYTHONPATH": f"{foreign}:", "HOME": str(tmp_path)}
    result = project.run_tasks("run", **env)
    assert result.returncode == 0, result.stderr
    assert f"installed in {project.root / '.venv'} {project.root / '.venv'}" in result.stdout
    assert not (project.root / "elsewhere").exists()


@pytest.mark.parametrize("arguments", [[], ["--help"]])
@pytest.mark.parametrize("optimize", ["", "2"])
def test_help_names_each_task(project: Project, arguments: list[str], optimize: str) -> None:
    result = project.run_tasks(*arguments, PYTHONOPTIMIZE=optimize)
    assert result.returncode == 0
    for task in ("run", "test", "lint", "bench", "types", "vendor", "lock"):
        assert f"python tasks.py {task} " in result.stdout


def test_the_error_for_an_unknown_task_is_one_line(project: Project) -> None:
    result = project.run_tasks("unknown")
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert "unknown" in result.stderr


def test_the_error_for_an_old_python_is_one_line(project: Project) -> None:
    script = "import sys; sys.version_info = (3, 10, 2); import runpy; runpy.run_path('tasks.py')"
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=project.root, capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 1
    assert result.stderr == (
        "Misfit needs Python 3.11 or newer, and this is Python 3.10: see https://www.python.org/downloads/\n"
    )


def test_an_old_python_can_parse_the_file() -> None:
    ast.parse((ROOT / "tasks.py").read_text(encoding="utf-8"), feature_version=(3, 7))
