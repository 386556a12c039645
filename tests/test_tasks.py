"""Command line of `tasks.py`, run in a copy of the project with fake installers that write a log."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import checks
from tests.support.server_process import ROOT
from tests.tasks_project import Project

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the fake installers are shell scripts")


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
        "python -m benchmarks.network.frameworks --epochs 2",
    ]
    project.run_tasks("bench", "frameworks")
    assert project.calls == ["python -m benchmarks.network.frameworks"]


@pytest.mark.parametrize("arguments", [[], ["all"]])
def test_bench_runs_every_benchmark_except_the_report(project: Project, arguments: list[str]) -> None:
    result = project.run_tasks("bench", *arguments)
    assert result.returncode == 0, result.stderr
    found = {call.removeprefix("python -m ") for call in project.calls if "benchmarks." in call}
    files = [*(ROOT / "benchmarks/network").glob("*.py"), *(ROOT / "benchmarks/dashboard").glob("*.py")]
    assert found == {f"benchmarks.{path.parent.name}.{path.stem}" for path in files}


def test_the_error_for_an_unknown_benchmark_lists_the_valid_names(project: Project) -> None:
    result = project.run_tasks("bench", "patience")
    assert result.returncode == 1
    assert "no benchmark patience. Choose one of accuracy" in result.stderr
    assert project.calls == []


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
