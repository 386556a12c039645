"""One run inside its worker process."""

from __future__ import annotations

import json
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from nn.datasets import load_dataset
from nn.errors import DatasetError, NNError
from nn.hyperparameters.schema import Hyperparameters
from nn.training.trainer import train
from webapp.storage.run_files import RunFiles
from webapp.worker.control import WorkerControl
from webapp.worker.messages import WorkerEvent, encode
from webapp.worker.recorder import Recorder


class TrainingRun:
    """Trains, obeys the server's commands, and tells it the outcome, good or bad, in one last message."""

    def __init__(self, connection: Connection, folder: str) -> None:
        self._connection = connection
        self._recorder = Recorder(connection, RunFiles(Path(folder)))
        self._control = WorkerControl(connection, on_pause=self._recorder.save_checkpoints)

    def train(self, hyperparameters: str, *, datasets_dir: str, cache_dir: str) -> None:
        """Train to the end; nothing is raised, since nobody but the server could be told."""
        try:
            chosen = Hyperparameters.parse(json.loads(hyperparameters))
            dataset = load_dataset(chosen.dataset, datasets_dir=Path(datasets_dir), cache_dir=Path(cache_dir))
            with self._recorder.recording(dataset):
                train(chosen, dataset, on_event=self._recorder, control=self._control)
        except ConnectionError:
            return  # the server is gone
        except DatasetError as error:
            self._fail("dataset", str(error))
        except NNError as error:
            self._fail("training", str(error))
        except MemoryError:
            self._fail("out_of_memory", "The machine ran out of memory. Choose fewer units or a smaller batch.")
        except OSError as error:
            self._fail("files", f"A file of the run could not be written or read: {error}")
        except Exception as error:
            message = f"Training ended with an unexpected {type(error).__name__}: {error}"
            self._fail("unexpected", message, traceback.format_exc())

    def _fail(self, code: str, message: str, where: str | None = None) -> None:
        """Send the last message of a run that went wrong; `where` is a traceback for the server's log."""
        with suppress(OSError):
            self._connection.send_bytes(encode(WorkerEvent.FAILED, code=code, message=message, traceback=where))
