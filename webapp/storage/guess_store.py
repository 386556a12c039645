"""Storage of guesses in the database.

Every method is one transaction, during which no other greenlet runs.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, Engine, case, delete, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute

from webapp.storage.tables import Guess as Row
from webapp.storage.tables import Run


@dataclass(frozen=True, slots=True)
class Guess:
    """A person's guess of the class of an image, with the true label and the run's prediction after `epoch`."""

    image_index: int
    epoch: int
    label: int
    true_label: int
    predicted_label: int


@dataclass(frozen=True, slots=True)
class Score:
    """Three counts of one run: its guesses, the correct guesses, and the correct predictions for the guessed images."""

    guesses: int
    person_right: int
    network_right: int


class GuessStore:
    """Stores guesses in a database. The tables of `engine` must be up to date. Deleting a run deletes its guesses."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, run_id: int, guess: Guess) -> bool | None:
        """Store the guess if its image has no guess in this run yet.

        Returns True if the guess was stored, False if the image already has a guess, and None if the run does not
        exist.
        """
        first_guess = select(Row.label).where(Row.run_id == run_id, Row.image_index == guess.image_index)
        with self._engine.begin() as connection:
            if connection.scalar(select(Run.id).where(Run.id == run_id)) is None:
                return None
            if connection.scalar(first_guess) is not None:
                return False
            connection.execute(insert(Row), {"run_id": run_id, **asdict(guess)})
        return True

    def score(self, run_id: int) -> Score:
        """Return the score of the run. Without guesses, all numbers are 0."""
        correct_person, correct_network = _count_correct(Row.label), _count_correct(Row.predicted_label)
        counts = select(func.count(), correct_person, correct_network).where(Row.run_id == run_id)
        with self._engine.connect() as connection:
            return Score(*connection.execute(counts).one())

    def delete(self, run_id: int) -> None:
        """Delete the guesses of the run."""
        with self._engine.begin() as connection:
            connection.execute(delete(Row).where(Row.run_id == run_id))


def _count_correct(label: InstrumentedAttribute[int]) -> ColumnElement[int]:
    return func.count(case((label == Row.true_label, 1)))
