"""The database tables. Every change here needs a migration in `migrations/versions`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Double, ForeignKey, MetaData, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """A time in UTC. It is stored without its time zone, because SQLite stores no time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert a time to its stored form."""
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert a stored time to a time in UTC."""
        return value and value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Base class of the tables. It gives each constraint a name, so that migrations can refer to it."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        datetime: UtcDateTime,
        float: Double,
        dict[str, Any]: JSON,
        list[str]: JSON,
    }


class Store(Base):
    """The identity of the database, in one row. A copy of the database has the same identity."""

    __tablename__ = "store"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)


class Run(Base):
    """One training run."""

    __tablename__ = "run"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 # the id of a deleted run is never reused

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    notes: Mapped[str] = mapped_column(Text)
    preset: Mapped[str | None] = mapped_column(String(100))
    status: Mapped[str] = mapped_column(String(16), index=True)
    stop_reason: Mapped[str | None] = mapped_column(String(16))
    hyperparameters: Mapped[dict[str, Any]]
    epochs_completed: Mapped[int]
    best_epoch: Mapped[int | None]
    error_code: Mapped[str | None] = mapped_column(String(32))
    error_message: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    train_size: Mapped[int | None]
    validation_size: Mapped[int | None]
    test_size: Mapped[int | None]
    parameter_count: Mapped[int | None]
    batches_per_epoch: Mapped[int | None]
    train_fingerprint: Mapped[str | None] = mapped_column(String(32))
    test_fingerprint: Mapped[str | None] = mapped_column(String(32))
    diagnosis: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    same_start_as: Mapped[int | None]  # not a foreign key: the number remains when this run is deleted


class Epoch(Base):
    """The metrics of one epoch of a run. A non-finite metric is null, and `non_finite` lists its name."""

    __tablename__ = "epoch"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    train_cost: Mapped[float | None]
    train_accuracy: Mapped[float | None]
    validation_cost: Mapped[float | None]
    validation_accuracy: Mapped[float | None]
    test_cost: Mapped[float | None]
    test_accuracy: Mapped[float | None]
    learning_rate: Mapped[float | None]
    gradient_evaluations: Mapped[int]
    elapsed_seconds: Mapped[float | None]
    images_per_second: Mapped[float | None]
    non_finite: Mapped[list[str]]


class Annotation(Base):
    """A person's annotation of an image. It belongs to the data set, so deleting a run does not delete it."""

    __tablename__ = "annotation"

    dataset: Mapped[str] = mapped_column(String(100), primary_key=True)
    split: Mapped[str] = mapped_column(String(16), primary_key=True)
    image_index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    flagged: Mapped[bool]
    label: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text)


class Guess(Base):
    """A person's first guess of an image's class, with the true label and the run's prediction after `epoch`."""

    __tablename__ = "guess"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    image_index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epoch: Mapped[int]
    label: Mapped[int]
    true_label: Mapped[int]
    predicted_label: Mapped[int]
