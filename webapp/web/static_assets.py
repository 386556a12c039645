"""Static files: their URLs, types and compressed copies."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from posixpath import normpath

import plotly

from nn.atomic_write import replace_atomically

# The `mimetypes` module reads the registry of the machine, where .js may be text/plain. Because of `nosniff`, browsers
# would then block the scripts.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
UNCOMPRESSED = {".ico", ".png", ".woff2"}
SECONDS_BETWEEN_CHECKS = 1.0
SMALLEST_COMPRESSED = 1024  # bytes; a smaller file fits into one network packet without compression
# A static import of a relative URL, at the start of a line or after another one in a minified module
STATIC_IMPORT = re.compile(r"""(?:^|;)(?:import|export)\b(?:[^"'();=]*\bfrom)?\s*["'](\.[^"']+)["']""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asset:
    """The current state of one file."""

    path: Path
    size: int
    modified_ns: int

    @property
    def content_type(self) -> str:
        """The content type, the same on every machine."""
        return TYPES.get(self.path.suffix, "application/octet-stream")

    @property
    def compressible(self) -> bool:
        """True if compression is worthwhile."""
        return self.path.suffix not in UNCOMPRESSED and self.size >= SMALLEST_COMPRESSED

    def digest(self, name: str) -> str:
        """Return twelve characters that change if the file changes."""
        return hashlib.sha256(f"{name}\0{self.size}\0{self.modified_ns}".encode()).hexdigest()[:12]


class StaticAssets:
    """The files under `static_dir`, and plotly.js from the installed package."""

    def __init__(self, static_dir: Path, cache_dir: Path) -> None:
        self.static_dir = static_dir
        self.cache_dir = cache_dir
        self._version = ""
        self._next_check = 0.0
        self._modules: dict[tuple[str, str], tuple[str, ...]] = {}
        self.packaged = {"vendor/plotly.min.js": Path(plotly.__file__).parent / "package_data" / "plotly.min.js"}

    def version(self) -> str:
        """Return twelve characters that change, within a second, when any file changes.

        Modules import each other by relative URLs, so one version represents all files.
        """
        now = time.monotonic()
        if now >= self._next_check:
            files = sorted(self._files(), key=lambda file: file[0])
            listing = "\n".join(f"{name} {asset.digest(name)}" for name, asset in files)
            self._version = hashlib.sha256(listing.encode()).hexdigest()[:12]
            self._next_check = now + SECONDS_BETWEEN_CHECKS
        return self._version

    def url(self, name: str) -> str:
        """Return the URL of a file such as `js/pages/train.js`, with the version in its path."""
        return f"/static/{self.version()}/{name}"

    def modules(self, entry: str) -> tuple[str, ...]:
        """Return `entry`, such as `js/pages/train.js`, and the names of all modules that it imports, even indirectly.

        With these names, a browser requests all modules in parallel. Without them, a browser would request a module
        only after it has loaded the importing module.
        """
        key = self.version(), entry
        if key not in self._modules:
            names = [entry]
            for name in names:  # the loop extends the list
                asset = self.find(name)
                text = asset.path.read_text(encoding="utf-8") if asset else ""
                found = [normpath(f"{PurePosixPath(name).parent}/{path}") for path in STATIC_IMPORT.findall(text)]
                names += [module for module in dict.fromkeys(found) if module not in names]
            self._modules = {cached: names for cached, names in self._modules.items() if cached[0] == key[0]}
            self._modules[key] = tuple(names)
        return self._modules[key]

    def find(self, name: str) -> Asset | None:
        """Return the file with this name, or None. The file is never outside the folder."""
        if name in self.packaged:
            return _asset(self.packaged[name])
        parts = PurePosixPath(name).parts
        if not parts or name != "/".join(parts) or any(part.startswith((".", "/")) for part in parts):
            return None
        if any(character in name for character in "\\:\0"):
            return None
        path = self.static_dir.joinpath(*parts)
        if not path.is_file() or not path.resolve().is_relative_to(self.static_dir.resolve()):
            return None
        return _asset(path)

    def compressed_path(self, name: str, asset: Asset) -> Path:
        """Return the path of the gzip copy, which `compress` writes."""
        return self.cache_dir / "static" / f"{asset.digest(name)}.gz"

    def compress(self, name: str, asset: Asset) -> None:
        """Write the gzip copy of a file atomically; this takes 0.2 s for plotly.js."""
        with replace_atomically(self.compressed_path(name, asset)) as file:
            file.write(gzip.compress(asset.path.read_bytes(), mtime=0))

    def _files(self) -> Iterator[tuple[str, Asset]]:
        for folder, _, names in os.walk(self.static_dir):  # faster than `Path.rglob`; every page waits for it
            for path in map(Path(folder).joinpath, names):
                with suppress(FileNotFoundError):  # an editor may be replacing the file
                    yield path.relative_to(self.static_dir).as_posix(), _asset(path)
        for name, path in self.packaged.items():
            yield name, _asset(path)


def _asset(path: Path) -> Asset:
    status = path.stat()
    return Asset(path, status.st_size, status.st_mtime_ns)
