"""The house rules that a reader of the source can check: which way imports go, and what is not there at all."""

from __future__ import annotations

import ast
import json
import re
from fnmatch import fnmatch
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from nn.hyperparameters import GROUPS, Hyperparameters
from tests.source_tree import ROOT, Module, project_imports, read_modules

MODULES = read_modules()
IMPORTS = {name: project_imports(module, MODULES) for name, module in MODULES.items()}

# From the ground up: a module imports only from the lines above its own. A new one is given its place here.
LAYERS = {
    "nn": """
        errors arrays clock second_thread random_streams predictions learning_history replacing
        hyperparameter_fields hyperparameter_messages selection calibration label_suspects
        datasets.sketch activations epoch_file sampling
        datasets.catalog losses initializers penalties products prediction_history sketch_history weights_history
        datasets.dataset datasets.idx data_choices layers
        scaling datasets.splitting datasets.subset datasets.unmapped datasets.mnist datasets.tables network_choices
        batches training_choices datasets.digits datasets.download
        hyperparameters datasets.loading
        network optimizers schedules checkpoints preset datasets
        events evaluation gradient_check memory systems explain.passage explain.training_images
        explain.projection explain.one_thread
        explain.traces explain.boundary
        learning presets explain.gap explain.evidence explain.variations explain.repair explain.neighbors
        explain.influence
        full_batch
        training
    """,
    "webapp": """
        errors config messages background status tables assets run_files pictures form byte_cache signed_picture
        limits texts whole_numbers variation explained database run_view worker_control worker_recorder migrations.*
        security store annotation_store guess_store publisher transport datasets fetching worker_run routes.incoming
        journal worker annotations run_networks explanation_page
        worker_process influences
        job
        supervisor
        runs
        mistakes change_sizes guesses
        explanations
        services sockets
        routes.*
        site
        app
        server
        __main__
    """,
}
MAX_LINES = 400
# The worker first makes sure that it ends with the server, and only then takes its time to import the network. The
# command line first reads its options, so that a mistake in them is told at once.
LATE_IMPORTS = {("webapp.worker", "webapp.worker_run.WorkerRun"), ("webapp.__main__", "webapp.server.serve")}
NETWORK_MAY_USE = {"numpy", "scipy", "pydantic", "pydantic_core", "sklearn", "requests", "urllib3", "threadpoolctl"}
PACKAGE_NAMES = {"sklearn": "scikit-learn", "PIL": "pillow"}
# Flask is nothing without Werkzeug, Flask-SocketIO nothing without the two under it; _typeshed is for mypy alone.
FROM_ANOTHER = {"werkzeug", "socketio", "engineio", "pydantic_core", "_typeshed"}
PICKLES = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "shelve", "marshal", "joblib"}
OWN_SOURCES = ["*.py", "nn/**/*.py", "webapp/**/*.py", "tests/**/*.py", "benchmarks/**/*.py", "docs/**/*.py"]
OWN_PAGES = ["templates/**/*.html", "static/js/**/*.js", "static/css/**/*.css"]


def files(*patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern))


def calls(module: Module, *names: str) -> list[ast.Call]:
    """Calls of anything that is called `names`, whatever it is an attribute of."""
    return [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", None)) in names
    ]


def without_comments(script: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", script.read_text(encoding="utf-8"), flags=re.DOTALL)


def reachable(start: str) -> set[str]:
    """`start` and all that is imported with it."""
    seen: set[str] = set()
    pending = {start}
    while pending:
        name = pending.pop()
        seen.add(name)
        pending |= IMPORTS[name] - seen
    return seen


def test_every_import_of_the_project_is_a_module_of_it() -> None:
    assert {name: found - set(MODULES) for name, found in IMPORTS.items() if found - set(MODULES)} == {}


def layer_of(name: str) -> int:
    """The line of LAYERS that a module stands in; -1 for the packages themselves, which hold a docstring."""
    package, _, rest = name.partition(".")
    lines = [line.split() for line in LAYERS[package].strip().splitlines()]
    exact = [number for number, line in enumerate(lines) if rest in line]
    by_pattern = [number for number, line in enumerate(lines) if any(fnmatch(rest, pattern) for pattern in line)]
    assert not rest or exact or by_pattern, f"{name} has no place in LAYERS yet"
    return [*exact, *by_pattern, -1][0]


def test_imports_go_one_way() -> None:
    wrong = {
        (name, found)
        for name, imported in IMPORTS.items()
        for found in imported
        if found.partition(".")[0] == name.partition(".")[0] and layer_of(found) >= layer_of(name)
    }
    assert wrong == set()


def test_imports_have_no_cycle() -> None:
    try:
        TopologicalSorter(IMPORTS).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_project_modules_are_imported_at_the_top() -> None:
    hidden = {
        (name, found.name)
        for name, module in MODULES.items()
        for found in module.imports
        if found.in_function and found.name.startswith(("nn.", "webapp."))
    }
    assert hidden == LATE_IMPORTS


def test_network_knows_nothing_of_the_web() -> None:
    network = [module for name, module in MODULES.items() if name.partition(".")[0] == "nn"]
    assert {module.name for module in network if any("webapp" in name for name in IMPORTS[module.name])} == set()
    assert {
        module.name: module.outside - NETWORK_MAY_USE for module in network if module.outside - NETWORK_MAY_USE
    } == {}


def test_worker_brings_no_web_server_with_it() -> None:
    brought = {name: MODULES[name].outside - NETWORK_MAY_USE for name in reachable("webapp.worker")}
    assert {name: found for name, found in brought.items() if found} == {}


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
            given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
            assert "np" not in ast.unparse(call.func) or given.get("allow_pickle") == "False", f"{path}:{call.lineno}"


def test_pipes_carry_bytes_and_no_objects() -> None:
    """`Connection.send` and `recv` pickle; `send_bytes` and `recv_bytes` do not."""
    for name, module in MODULES.items():
        ways = {
            ast.unparse(call.func).lower() for call in calls(module, "send", "recv", "Queue", "SimpleQueue", "Pool")
        }
        assert {way for way in ways if "connection" in way or "pipe" in way or "multiprocessing" in way} == set(), name


def test_scripts_import_each_other_without_a_cycle() -> None:
    scripts = files("static/js/**/*.js")
    assert scripts
    graph = {
        path: {
            (path.parent / found).resolve()
            for found in re.findall(r"""(?:from|import)\s*\(?["'](\.[^"']+)["']""", without_comments(path))
        }
        for path in scripts
    }
    missing = {found for imported in graph.values() for found in imported if found not in graph}
    assert {path for path in missing if "vendor" not in path.parts} == set()
    TopologicalSorter(graph).prepare()


def test_templates_hold_neither_script_nor_style_nor_foreign_address() -> None:
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


def test_browser_parts_are_pinned_and_name_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert {name for name, entry in packages.items() if "resolved" in entry} == set()
    assert {name for name, entry in packages.items() if not entry.get("integrity")} == set()
    asked = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    for name, version in (asked["dependencies"] | asked["devDependencies"]).items():
        assert packages[f"node_modules/{name}"]["version"] == version
    # what npm needs to install elsewhere, which `npm ci` misses only there
    for name, entry in packages.items():
        for optional in entry.get("optionalDependencies", {}):
            assert f"node_modules/{optional}" in packages, f"{name} wants {optional}"


def requirement_lines(path: Path) -> list[str]:
    """What is required, a line each, without comments and hashes; there is no address among them."""
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"https?:|--index|--extra|--find-links|file:", text) == []
    lines = [line for line in text.splitlines() if line and not line.startswith(("#", " "))]
    assert lines
    return lines


@pytest.mark.parametrize(
    "path", sorted({*files("requirements*.txt")} - {ROOT / "requirements-bench.txt"}), ids=lambda path: path.name
)
def test_python_packages_are_pinned_with_hashes_and_name_no_address(path: Path) -> None:
    pinned = requirement_lines(path)
    assert [line for line in pinned if not re.match(r"[a-z0-9.-]+==\S+( ; .+)? \\$", line)] == []
    assert path.read_text(encoding="utf-8").count(" \\\n    --hash=sha256:") >= len(pinned)


def test_packages_to_measure_against_are_pinned_and_change_none_that_people_run() -> None:
    pinned = requirement_lines(ROOT / "requirements-bench.txt")
    assert [line for line in pinned if not re.fullmatch(r"[a-z0-9-]+==[0-9.]+", line)] == []
    names = [
        {line.partition("==")[0] for line in lines} for lines in (pinned, requirement_lines(ROOT / "requirements.txt"))
    ]
    assert names[0] & names[1] == set()


def test_what_is_imported_is_asked_for() -> None:
    """A package that is there only because another one needs it may go with it."""
    asked = re.findall(r"^([a-z][a-z0-9-]*)", (ROOT / "requirements.in").read_text(encoding="utf-8"), re.MULTILINE)
    imported = {found for module in MODULES.values() for found in module.outside}
    brought = {PACKAGE_NAMES.get(name, name.replace("_", "-")) for name in imported - FROM_ANOTHER}
    assert brought - set(asked) == set()
    assert set(asked) - brought - {"simple-websocket"} == set()  # engineio looks for that one by itself


def test_locks_hold_what_is_asked_for() -> None:
    for source in files("requirements*.in"):
        lock = source.with_suffix(".txt").read_text(encoding="utf-8")
        asked = re.findall(r"^([a-z][a-z0-9-]*)", source.read_text(encoding="utf-8"), re.MULTILINE)
        assert asked
        assert [name for name in asked if not re.search(rf"^{name}==", lock, re.MULTILINE)] == []
