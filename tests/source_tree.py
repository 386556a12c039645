"""Python modules of the project and their imports, parsed from the source without running it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("nn", "webapp")


@dataclass(frozen=True)
class Import:
    """Absolute dotted name of an imported module or object, and the position of the import."""

    name: str
    line: int
    in_function: bool


@dataclass(frozen=True)
class Module:
    """Source file of a module."""

    name: str
    path: Path

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"), filename=str(self.path))

    @cached_property
    def imports(self) -> list[Import]:
        """All imports, including those for type checkers."""
        return list(self._imports(self.tree, in_function=False))

    def _imports(self, node: ast.AST, *, in_function: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from (Import(alias.name, child.lineno, in_function) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{self.path}:{child.lineno} has a relative import; write the absolute name"
                yield from (Import(f"{child.module}.{alias.name}", child.lineno, in_function) for alias in child.names)
            is_inside = in_function or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from self._imports(child, in_function=is_inside)

    @cached_property
    def tops(self) -> set[str]:
        """Imported top-level packages."""
        return {found.name.partition(".")[0] for found in self.imports}

    @cached_property
    def outside(self) -> set[str]:
        """Imported packages that are neither part of the project nor of the standard library."""
        return self.tops - set(PACKAGES) - set(sys.stdlib_module_names)


def read_modules() -> dict[str, Module]:
    """Return all modules of the packages by dotted name. The name of a package refers to its `__init__`."""
    modules = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            modules[name] = Module(name, path)
    return modules


def project_imports(module: Module, modules: dict[str, Module]) -> set[str]:
    """Return the project's modules that a module imports: `from nn import errors` means nn.errors, not nn."""
    found = set()
    for name in (each.name for each in module.imports):
        if name.partition(".")[0] in PACKAGES:
            found.add(name if name in modules else name.rpartition(".")[0])
    return found
