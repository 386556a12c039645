"""Public questions about programs with a wrong gradient, answered by the checks of the bug lab.

Each is a bug of the lab in the network of the question. An answer is right if the expected check fails and names the
bug. The right network must pass all checks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nn.lab.experiment import Experiment, run_experiment
from nn.lab.setup import BugChoice, LabSetup


@dataclass(frozen=True, slots=True)
class GradientQuestion:
    """A question, the bug of its program, and the expected answer.

    `layer` is the layer whose gradient must disagree first, counted from 1; None if the gradient is right, because the
    bug is in the step. Then a small test must fail that names the bug.
    """

    name: str
    source: str
    bug: str
    values: dict[str, Any]
    layer: int | None


GRADIENT_QUESTIONS = (
    GradientQuestion(
        "D17 softmax over the batch, one digit",
        "stackoverflow.com/questions/76450489",
        "B14",
        {"hidden_sizes": (16,), "activation": "relu", "initializer": "he", "learning_rate": 0.1},
        layer=2,
    ),
    GradientQuestion(
        "D18 the cost climbs to 4.5, all outputs 1",
        "pythoner.space, cost function failing to minimize",
        "B01",
        {"hidden_sizes": (30,), "activation": "sigmoid", "loss": "quadratic", "learning_rate": 1.0},
        layer=None,
    ),
)


@dataclass(frozen=True, slots=True)
class GradientAnswer:
    """What the checks report about one program: the first wrong layer, and the bugs that they name."""

    question: GradientQuestion
    seed: int
    layer: int | None
    named: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """True if the checks find the expected layer and name the bug."""
        return self.layer == self.question.layer and self.question.bug in self.named


def answer(question: GradientQuestion, seed: int) -> GradientAnswer:
    """Examine the program of a question."""
    setup = LabSetup.parse([BugChoice(question.bug)], {**question.values, "seed": seed})
    experiment = run_experiment(setup)
    disagreement = experiment.first_disagreement
    return GradientAnswer(question, seed, disagreement.layer if disagreement else None, named_bugs(experiment))


def named_bugs(experiment: Experiment) -> tuple[str, ...]:
    """Return the ids of the bugs that return exactly this gradient, or else of those that a failed small test names."""
    matches = tuple(dict.fromkeys(match.bug.id for match in experiment.matches))
    failed = tuple(bug for test, outcome in experiment.tests if outcome.verdict == "failed" for bug in test.bugs)
    return matches or failed


def gradient_sentence(answers: Sequence[GradientAnswer]) -> str:
    """Return how many answers are right, and name the wrong ones."""
    wrong = [
        f"{each.question.name}, seed {each.seed}: layer {each.layer}, named {', '.join(each.named) or 'nothing'}"
        for each in answers
        if not each.is_right
    ]
    n_questions = len({each.question.name for each in answers})
    sentence = (
        f"{n_questions} more public questions are about wrong gradients. The checks of the bug lab find the layer and "
        f"name the bug in {len(answers) - len(wrong)} of {len(answers)} programs."
    )
    return " ".join([sentence, *wrong])
