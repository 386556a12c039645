"""Architecture rules, checked in the source: import directions, sizes of files and folders, and forbidden code."""

from __future__ import annotations

import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from nn.hyperparameters.schema import GROUPS, Hyperparameters
from tests.source_tree import ROOT, Module, project_imports, read_modules

MODULES = read_modules()
IMPORTS = {name: project_imports(module, MODULES) for name, module in MODULES.items()}

# Packages and top-level modules by level; `<` separates the levels. A package may import only from lower levels. A new
# file in one of these packages needs no entry.
LEVELS = {
    "nn": """
        errors array_files array_types atomic_write random_streams analysis < datasets parallel < hyperparameters
        < examples model presets storage < diagnosis lab < explanations training < trials
    """,
    "webapp": """
        errors isolation config threads cache images json_numbers < validation < datasets < storage < realtime worker
        < execution < runs < annotations explanations diagnosis lab groups < misclassified comparison
        < web < app http_server < server < __main__
    """,
}
# The packages and modules that may import each library. The name of a package permits all its modules.
ONLY_IN = {
    "flask": {"webapp.web", "webapp.app"},
    "flask_socketio": {"webapp.web", "webapp.app"},
    "werkzeug": {"webapp.web"},
    "socketio": {"webapp.web", "webapp.realtime"},
    "engineio": {"webapp.web"},
    "sqlalchemy": {"webapp.storage"},
    "alembic": {"webapp.storage"},
    "multiprocessing": {"webapp.worker", "webapp.execution"},
    "gevent": {
        "webapp.threads",
        "webapp.execution",
        "webapp.datasets",
        "webapp.web",
        "webapp.http_server",
        "webapp.server",
    },
    "PIL": {"webapp.images"},
    "plotly": {"webapp.web"},
}
ROUTES_MAY_NOT_IMPORT = ("numpy", "nn.model", "nn.training", "nn.explanations", "webapp.storage")
WORKER_MAY_IMPORT = ("nn", "webapp.worker", "webapp.storage.run_files", "webapp.errors")
MAX_LINES = 300
MAX_FILES = 15
# The worker first ensures that it ends when the server ends. Only then does it import the network, because this import
# is slow. The command line first parses its options, so that it reports an error quickly.
LATE_IMPORTS = {
    ("webapp.worker.entry", "webapp.worker.training_run.TrainingRun"),
    ("webapp.worker.trials_entry", "webapp.worker.trials_run.TrialsRun"),
    ("webapp.__main__", "webapp.server.serve"),
}
NETWORK_MAY_USE = {
    "numpy",
    "scipy",
    "pydantic",
    "pydantic_core",
    "requests",
    "urllib3",
    "threadpoolctl",
    "typing_extensions",
}
PICKLES = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "shelve", "marshal", "joblib"}
OWN_SOURCES = ["*.py", "nn/**/*.py", "webapp/**/*.py", "tests/**/*.py", "benchmarks/**/*.py", "docs/**/*.py"]
OWN_PAGES = ["templates/**/*.html", "static/js/**/*.js", "static/css/**/*.css"]


def files(*patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern))


def calls(module: Module, *names: str) -> list[ast.Call]:
    """Return the calls of functions or methods with one of these names."""
    return [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", None)) in names
    ]


def reachable(start: str) -> set[str]:
    """Return a module and all modules of the project that it imports, directly or indirectly."""
    visited: set[str] = set()
    pending = {start}
    while pending:
        name = pending.pop()
        visited.add(name)
        pending |= IMPORTS[name] - visited
    return visited


def test_imported_project_modules_exist() -> None:
    assert {name: found - set(MODULES) for name, found in IMPORTS.items() if found - set(MODULES)} == {}


def level_of(name: str) -> int:
    """Return the level of a module's package, or -1 for `nn` and `webapp` themselves."""
    root, _, rest = name.partition(".")
    levels = [level.split() for level in LEVELS[root].split("<")]
    package = rest.partition(".")[0]
    found = [number for number, level in enumerate(levels) if package in level]
    assert found or not rest, f"the package {root}.{package} has no level yet"
    return found[0] if found else -1


def package_of(name: str) -> str:
    return ".".join(name.split(".")[:2])


def test_packages_import_only_from_lower_levels() -> None:
    violations = {
        (name, found)
        for name, imported in IMPORTS.items()
        for found in imported
        if found.partition(".")[0] == name.partition(".")[0]
        and package_of(found) != package_of(name)
        and level_of(found) >= level_of(name)
    }
    assert violations == set()


@pytest.mark.parametrize("library", ONLY_IN)
def test_only_some_packages_import_a_library(library: str) -> None:
    importers = {name for name, module in MODULES.items() if library in module.tops}
    allowed = tuple(ONLY_IN[library])
    assert importers
    assert {name for name in importers if not f"{name}.".startswith(tuple(f"{each}." for each in allowed))} == set()


def test_routes_compute_nothing() -> None:
    routes = {name: module for name, module in MODULES.items() if name.startswith("webapp.web.routes.")}
    assert routes
    assert {
        (name, found.name)
        for name, module in routes.items()
        for found in module.imports
        if f"{found.name}.".startswith(tuple(f"{each}." for each in ROUTES_MAY_NOT_IMPORT))
    } == set()


def test_worker_imports_the_network_and_the_files_of_its_run() -> None:
    assert {
        (name, found)
        for name, imported in IMPORTS.items()
        if name.startswith("webapp.worker")
        for found in imported
        if not f"{found}.".startswith(tuple(f"{each}." for each in WORKER_MAY_IMPORT))
    } == set()


def test_private_names_stay_in_their_package() -> None:
    """Tests and benchmarks, like all other code, import only public names of other packages."""
    sources = [*MODULES.values(), *(Module(path.stem, path) for path in files("tests/**/*.py", "benchmarks/**/*.py"))]
    assert {
        (str(module.path.relative_to(ROOT)), found.name)
        for module in sources
        for found in module.imports
        if found.name.startswith(("nn.", "webapp."))
        and found.name.rpartition(".")[2].startswith("_")
        and not found.name.endswith("__")
        and package_of(found.name) != package_of(module.name)
    } == set()


def test_folders_have_few_files() -> None:
    """A reader should see all files of a folder at a glance."""
    folders = [path.parent for path in files(*OWN_SOURCES, *OWN_PAGES) if path.name != "__init__.py"]
    counts = {str(folder.relative_to(ROOT)): folders.count(folder) for folder in set(folders)}
    assert {folder: count for folder, count in counts.items() if count > MAX_FILES} == {}


def test_imports_have_no_cycle() -> None:
    try:
        TopologicalSorter(IMPORTS).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_project_modules_are_imported_at_the_top() -> None:
    late_imports = {
        (name, found.name)
        for name, module in MODULES.items()
        for found in module.imports
        if found.in_function and found.name.startswith(("nn.", "webapp."))
    }
    assert late_imports == LATE_IMPORTS


def test_network_does_not_import_the_web_application() -> None:
    network = [module for name, module in MODULES.items() if name.partition(".")[0] == "nn"]
    assert {module.name for module in network if any("webapp" in name for name in IMPORTS[module.name])} == set()
    assert {
        module.name: module.outside - NETWORK_MAY_USE for module in network if module.outside - NETWORK_MAY_USE
    } == {}


def test_worker_imports_no_web_server() -> None:
    libraries = {name: MODULES[name].outside - NETWORK_MAY_USE for name in reachable("webapp.worker.entry")}
    assert {name: found for name, found in libraries.items() if found} == {}


def test_files_are_short() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in files(*OWN_SOURCES, *OWN_PAGES)
    }
    assert len(lengths) > 100
    assert {path: lines for path, lines in lengths.items() if lines > MAX_LINES} == {}


def test_nothing_is_pickled() -> None:
    for path in files(*OWN_SOURCES):
        module = Module(path.stem, path)
        assert {found.name for found in module.imports if found.name.partition(".")[0] in PICKLES} == set(), path
        for call in calls(module, "load"):
            arguments = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
            assert "np" not in ast.unparse(call.func) or arguments.get("allow_pickle") == "False", (
                f"{path}:{call.lineno}"
            )


def test_pipes_carry_bytes_and_no_objects() -> None:
    """`Connection.send` and `recv` pickle; `send_bytes` and `recv_bytes` do not."""
    for name, module in MODULES.items():
        callees = {
            ast.unparse(call.func).lower() for call in calls(module, "send", "recv", "Queue", "SimpleQueue", "Pool")
        }
        assert {
            callee for callee in callees if "connection" in callee or "pipe" in callee or "multiprocessing" in callee
        } == set(), name


def test_templates_have_no_inline_script_or_style_and_no_external_url() -> None:
    templates = files("templates/**/*.html")
    assert templates
    for path in templates:
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", text) == [], path
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|\|\s*safe\b", text) == [], path
        assert re.findall(r"<(?:script|link|img)[^>]*\s(?:src|href)=[\"'](?:https?:)?//", text) == [], path


def test_every_hyperparameter_is_explained() -> None:
    for name, field in Hyperparameters.model_fields.items():
        shown = field.json_schema_extra
        assert isinstance(shown, dict), name
        assert shown["group"] in GROUPS, name
        assert shown["label"], name
        assert field.description, name
        assert field.description.endswith("."), name
