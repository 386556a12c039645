"""The stored telemetry of runs."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from nn.diagnosis.telemetry_json import TelemetryJson
from nn.storage.telemetry_history import TelemetryHistory
from webapp.errors import NotFoundError
from webapp.runs.service import Runs
from webapp.storage.run_files import RunFiles
from webapp.threads import in_thread


class StoredTelemetry:
    """Reads the telemetry of runs. Every method raises NotFoundError for an unknown run."""

    def __init__(self, runs_dir: Path, runs: Runs) -> None:
        self._runs_dir = runs_dir
        self._runs = runs

    def items(self, run_id: int, after: int = 0) -> list[TelemetryJson]:
        """Return the stored telemetry of the epochs after `after`; with 0, also that of the steps of the first epoch.

        A run of an earlier version has none. Raises NotFoundError if the file cannot be read.
        """
        self._runs.get(run_id)
        path = RunFiles.of_run(self._runs_dir, run_id).telemetry
        try:
            records = in_thread(lambda: list(TelemetryHistory.read(path, after)))
        except OSError as error:
            raise NotFoundError(f"The telemetry of run {run_id} cannot be read: {error.strerror}.") from None
        return [cast(TelemetryJson, record) for record in records]
