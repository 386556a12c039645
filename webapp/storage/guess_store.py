"""Keeps what people guessed in the database. Every method is one transaction and yields to no other greenlet."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, Engine, case, delete, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute

from webapp.storage.tables import Guess as Row
from webapp.storage.tables import Run


@dataclass(frozen=True, slots=True)
class Guess:
    """What a person took an image for, before they saw what it is and what the run took it for after `epoch`."""

    image_index: int
    epoch: int
    label: int
    true_label: int
    predicted_label: int


@dataclass(frozen=True, slots=True)
class Score:
    """How many images were guessed in a run, and how many of them each side had right."""

    guesses: int
    person_right: int
    network_right: int


class GuessStore:
    """The guesses in a database whose tables are up to date; those of a run are deleted with it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, run_id: int, guess: Guess) -> bool | None:
        """Keep the guess if it is the first at its image; whether it was, or None where there is no such run."""
        of_image = select(Row.label).where(Row.run_id == run_id, Row.image_index == guess.image_index)
        with self._engine.begin() as connection:
            if connection.scalar(select(Run.id).where(Run.id == run_id)) is None:
                return None
            if connection.scalar(of_image) is not None:
                return False
            connection.execute(insert(Row), {"run_id": run_id, **asdict(guess)})
        return True

    def score(self, run_id: int) -> Score:
        """The score of the run, all zero where nothing was guessed."""
        figures = select(func.count(), _count(Row.label), _count(Row.predicted_label)).where(Row.run_id == run_id)
        with self._engine.connect() as connection:
            return Score(*connection.execute(figures).one())

    def forget(self, run_id: int) -> None:
        """Delete the guesses of the run."""
        with self._engine.begin() as connection:
            connection.execute(delete(Row).where(Row.run_id == run_id))


def _count(label: InstrumentedAttribute[int]) -> ColumnElement[int]:
    return func.count(case((label == Row.true_label, 1)))
