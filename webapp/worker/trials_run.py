"""The trials of one run inside their process."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from nn.datasets import DatasetRegistry, DatasetSpec, load_dataset
from nn.datasets.identity.fingerprint import fingerprint
from nn.diagnosis.finding_json import diagnosis_from_json
from nn.errors import NNError
from nn.hyperparameters.schema import Hyperparameters
from nn.trials.trials import Trials, run_trials
from nn.trials.trials_json import TrialsJson, encode_trials, no_trials, trials_to_json

PROGRESS_INTERVAL = 0.25  # seconds
OTHER_EXAMPLES = (
    "The training examples differ from those that the run was trained on, because the files of the data set have "
    "changed. Put the original files back."
)


class TrialsRun:
    """Trials that send their progress through a pipe. The last message has a final status."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._next_progress = 0.0

    def run(
        self,
        hyperparameters: str,
        dataset_spec: str,
        diagnosis: str,
        *,
        datasets_dir: str,
        cache_dir: str,
        train_fingerprint: str | None,
        epochs: int | None,
    ) -> None:
        """Run the trials. An error becomes the last message."""
        try:
            datasets = DatasetRegistry([DatasetSpec.from_json(dataset_spec)])
            chosen = Hyperparameters.parse(json.loads(hyperparameters), datasets)
            dataset = load_dataset(
                chosen.dataset, datasets_dir=Path(datasets_dir), cache_dir=Path(cache_dir), datasets=datasets
            )
            if train_fingerprint is not None and fingerprint(dataset.train) != train_fingerprint:
                self._send(no_trials("failed", OTHER_EXAMPLES))
                return
            found = diagnosis_from_json(json.loads(diagnosis))
            trials = run_trials(chosen, dataset, found, epochs=epochs, on_progress=self._report)
            self._send(trials_to_json(trials, "finished"))
        except ConnectionError:
            return  # the server has ended
        except NNError as error:
            self._fail(f"The trials could not run: {error}")
        except MemoryError:
            self._fail("The machine ran out of memory during the trials. Close other programs, and start them again.")
        except Exception as error:
            self._fail(f"The trials ended with an unexpected {type(error).__name__}: {error}")

    def _report(self, trials: Trials) -> None:
        now = time.monotonic()
        if now >= self._next_progress:
            self._next_progress = now + PROGRESS_INTERVAL
            self._send(trials_to_json(trials, "running"))

    def _fail(self, message: str) -> None:
        with suppress(OSError):
            self._send(no_trials("failed", message))

    def _send(self, trials: TrialsJson) -> None:
        self._connection.send_bytes(encode_trials(trials))
