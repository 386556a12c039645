"""Settings of other programs, in variables and in configuration files, do not affect `tasks.py`."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

import pytest

from tests.tasks_project import Project

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the fake installers are shell scripts")

FOREIGN_SETTINGS = {
    "PIP_USER": "1",
    "PIP_TARGET": "elsewhere",
    "PIP_PREFIX": "elsewhere",
    "PIP_REQUIRE_VIRTUALENV": "1",
    "PIP_NO_DEPS": "1",
    "PYTHONHOME": sys.base_prefix,
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


def test_only_network_settings_reach_the_installers_and_the_dashboard(tmp_path: Path) -> None:
    project = Project(tmp_path)
    result = project.run_tasks("run", PYTHONPATH="elsewhere", **FOREIGN_SETTINGS, **NETWORK_SETTINGS)
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


def test_pip_installs_into_the_environment_whatever_its_configuration_says(tmp_path: Path) -> None:
    project = Project(tmp_path)
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
