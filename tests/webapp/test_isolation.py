"""A server and its workers do not depend on PYTHONPATH, on the current folder, or on other variables of Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import StartServer
from tests.support.server_process import ROOT

# `multiprocessing` imports the first ones in a worker process, before it knows the search path of the server.
REPLACED = ["pickle", "selectors", "socket", "queue", "random", "numpy"]


def foreign_modules(folder: Path) -> Path:
    """Create a folder of modules that replace others and cannot be imported."""
    folder.mkdir()
    for name in REPLACED:
        (folder / f"{name}.py").write_text(f"raise ImportError('foreign {name}')")
    return folder


@pytest.mark.parametrize("optimize", ["", "2"])
def test_a_run_finishes_despite_foreign_modules_and_a_deleted_folder(
    start_server: StartServer, tmp_path: Path, optimize: str
) -> None:
    current = foreign_modules(tmp_path / "current")
    python_path = os.pathsep.join([str(foreign_modules(tmp_path / "named")), str(ROOT), ""])
    env = {"PYTHONPATH": python_path, "PYTHONOPTIMIZE": optimize, "PYTHONWARNINGS": "error", "PYTHONINSPECT": "1"}
    server = start_server(cwd=current, env=env)
    shutil.rmtree(current)
    run = server.create_run(epochs=2)
    assert server.wait_for_run(run["id"])["status"] == "finished"
    assert server.log == f"Misfit is ready at {server.base_url}\n"


def test_modules_that_only_python_path_contains_can_be_imported(tmp_path: Path) -> None:
    """A person may have installed the packages into a folder of PYTHONPATH instead of an environment."""
    folder = foreign_modules(tmp_path / "named")
    (folder / "only_there.py").write_text("")
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from webapp.isolation import isolate_imports; isolate_imports(); "
        "import only_there, pickle, queue, random, numpy; print(sys.path[0])"
    )
    command = [sys.executable, "-c", script, str(ROOT)]
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}
    ended = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.stdout, ended.stderr) == (f"{ROOT}\n", "")
