"""Remedies that change the training: learning rates, optimizers, batches and epochs.

Each function yields remedies for a run, the best first. `remedies_for` drops those that are invalid or change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from nn.diagnosis.finding import Remedy
from nn.diagnosis.remedy_changes.situation import (
    ADAM_RATE,
    Situation,
    fitting_rate,
    has_large_weights,
    initialization,
    rounded,
    usual_rate,
)
from nn.hyperparameters.fields import MAX_EPOCHS
from nn.hyperparameters.schema import Hyperparameters

FEW_STEPS = 300  # of a whole run


def _set_rate(h: Hyperparameters, rate: float) -> Iterable[Remedy]:
    rate = rounded(min(max(rate, 1e-12), 1e3))
    if h.searches or rate == h.learning_rate:
        return
    verb = "Lower" if rate < h.learning_rate else "Raise"
    yield Remedy(f"{verb} the learning rate to {rate:g}", {"learning_rate": rate})


def lower_rate(now: Situation) -> Iterable[Remedy]:
    """Yield a lower learning rate, one that fits the curvature first."""
    h, fitting, usual = now.h, fitting_rate(now), usual_rate(now.h)
    if has_large_weights(h) and not h.searches:
        rate = min(usual, h.learning_rate)
        changes = {**initialization(h), "learning_rate": rate}
        yield Remedy(f"Use smaller initial weights and the learning rate {rate:g}", changes)
    if fitting is not None and fitting < h.learning_rate / 2:
        yield from _set_rate(h, fitting)
    elif h.learning_rate > 3 * usual and not now.step_length:
        yield from _set_rate(h, usual)
    yield from _set_rate(h, h.learning_rate / 10)
    yield from _set_rate(h, h.learning_rate / 100)


def raise_rate(now: Situation) -> Iterable[Remedy]:
    """Yield a higher learning rate that fits the curvature or the optimizer."""
    h, fitting = now.h, fitting_rate(now)
    if fitting is not None and fitting > 2 * h.learning_rate:
        yield from _set_rate(h, fitting)
    elif h.optimizer != "sgd" and h.learning_rate < ADAM_RATE / 2:
        yield from _set_rate(h, ADAM_RATE)
    else:
        yield from _set_rate(h, h.learning_rate * 10)


def use_adam(now: Situation) -> Iterable[Remedy]:
    """Yield Adam with its usual learning rate."""
    changes = {"optimizer": "adam", "learning_rate": ADAM_RATE, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8}
    if now.h.optimizer != "adam" and not now.h.searches:
        yield Remedy(f"Use Adam with the learning rate {ADAM_RATE:g}", changes)


def use_momentum(now: Situation) -> Iterable[Remedy]:
    """Yield momentum."""
    if now.h.optimizer == "sgd" and now.h.momentum < 0.5:
        yield Remedy("Use a momentum of 0.9", {"momentum": 0.9})


def lower_momentum(now: Situation) -> Iterable[Remedy]:
    """Yield less momentum."""
    if now.h.optimizer == "sgd" and now.h.momentum > 0.9:
        yield Remedy("Lower the momentum to 0.9", {"momentum": 0.9})
        yield Remedy("Use no momentum", {"momentum": 0.0, "nesterov": False})


def mini_batches(now: Situation) -> Iterable[Remedy]:
    """Yield mini-batches instead of full batches."""
    h = now.h
    if h.searches or h.dataset_spec.kind != "images":
        return
    if h.batching == "full_batch":
        yield Remedy("Use mini-batches of 32 examples", {"batching": "mini_batch", "batch_size": 32})
    elif h.batch_size > 64:
        yield Remedy("Use batches of 32 examples", {"batch_size": 32})


def more_steps(now: Situation) -> Iterable[Remedy]:
    """Yield smaller batches if the whole run takes only a few steps."""
    h = now.h
    n_train = now.data.n_train if now.data else h.train_size
    if h.epochs * n_train / h.batch_size_for(n_train) < FEW_STEPS:
        yield from mini_batches(now)


def larger_batches(now: Situation) -> Iterable[Remedy]:
    """Yield batches of a usual size."""
    h = now.h
    if h.batching == "mini_batch" and h.batch_size < 32:
        yield Remedy("Use batches of 32 examples", {"batch_size": 32})


def train_longer(now: Situation) -> Iterable[Remedy]:
    """Yield more epochs."""
    h = now.h
    if h.early_stopping:
        yield Remedy("Switch early stopping off", {"early_stopping": False})
    for factor in (3, 10):
        epochs = min(h.epochs * factor, MAX_EPOCHS)
        yield Remedy(f"Train for {epochs:,} epochs", {"epochs": epochs, "early_stopping": False})


def constant_rate(now: Situation) -> Iterable[Remedy]:
    """Yield a learning rate that does not decay, or decays slowly."""
    yield Remedy("Keep the learning rate constant", {"schedule": "constant"})
    if now.h.schedule in ("exponential", "step"):
        yield Remedy("Let the learning rate decay slowly", {"decay_rate": 0.95})


def take_mean(now: Situation) -> Iterable[Remedy]:
    """Yield the mean over a batch, or a learning rate that suits the sum."""
    h = now.h
    n_train = now.data.n_train if now.data else h.train_size
    fitting = fitting_rate(now)
    if fitting is not None and fitting * h.batch_size_for(n_train) > 10 * h.learning_rate:
        rate = rounded(fitting * h.batch_size_for(n_train))
        changes = {"reduction": "mean", "learning_rate": rate}
        yield Remedy(f"Average the losses of a batch, with the learning rate {rate:g}", changes)
    yield Remedy("Average the losses of a batch", {"reduction": "mean"})
    yield from _set_rate(h, h.learning_rate / max(h.batch_size_for(n_train), 2))


def default_constants(now: Situation) -> Iterable[Remedy]:
    """Yield the default constants of the optimizer."""
    h = now.h
    if h.optimizer == "adam":
        yield Remedy("Use Adam's default constants", {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8})
    if h.optimizer == "rmsprop":
        changes: dict[str, object] = {"rho": 0.9, "epsilon": 1e-8}
        yield Remedy("Use RMSProp's default constants", changes)
    yield from lower_momentum(now)
    yield from use_adam(now)


def shuffle(_now: Situation) -> Iterable[Remedy]:
    """Yield batches in random order."""
    yield Remedy("Draw the batches in random order", {"sampling": "without_replacement"})
    yield Remedy("Shuffle the training examples and their labels together before you store them")
