"""Bugs around the gradient, which no gradient check sees: update, start, data and evaluation."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array
from nn.lab.bug import Bug, LayerRule, Line
from nn.lab.examples import Examples, Splits
from nn.lab.learner import Learner
from nn.lab.network import Gradient

IMAGES = {"dataset": ("digits", "digits_in_order")}


class StepUphill(Learner):
    """The step has the sign of the gradient."""

    def step(self, gradient: Gradient, learning_rate: float) -> None:
        """Add the gradient instead of subtracting it."""
        super().step(gradient, -learning_rate)


class DropoutWithoutScale(Learner):
    """Dropout neither scales up in training nor scales down in prediction."""

    def unit_scale(self) -> float:
        """Return 1."""
        return 1.0


class BiasesAssignedElsewhere(Learner):
    """The new biases are assigned to the gradient."""

    def step_biases(self, layer: int, gradient: Float64Array, learning_rate: float) -> None:
        """Leave the biases unchanged."""
        if not self.is_wrong("B19", layer):
            super().step_biases(layer, gradient, learning_rate)


class PositiveWeights(Learner):
    """All initial weights are positive, because parentheses are missing."""

    def initialize(self, layer: int, rng: np.random.Generator) -> None:
        """Draw weights from 0…ε instead of −ε…ε."""
        super().initialize(layer, rng)
        epsilon = math.sqrt(6.0 / sum(self.weights[layer].shape))
        self.weights[layer][...] = rng.random(self.weights[layer].shape) * (2 * epsilon - epsilon)


class EqualWeights(Learner):
    """All initial weights of a layer are equal."""

    def initialize(self, layer: int, rng: np.random.Generator) -> None:
        """Set the weights to 1 / n_inputs."""
        super().initialize(layer, rng)
        self.weights[layer].fill(1.0 / len(self.weights[layer]))


class IntegerWeights(Learner):
    """The weights are in an array of integers."""

    def initialize(self, layer: int, rng: np.random.Generator) -> None:
        """Truncate the weights. Steps are truncated too, because the array remains one of integers."""
        super().initialize(layer, rng)
        self.weights[layer] = self.weights[layer].astype(np.int64)


class ImagesShuffled(Learner):
    """The training images are shuffled, but not their labels."""

    def prepare(self, splits: Splits) -> Splits:
        """Shuffle the inputs only."""
        train = splits.train
        order = np.random.default_rng(len(train)).permutation(len(train))
        return replace(splits, train=Examples(train.inputs[order], train.targets, train.labels))


class ShiftedTestLabels(Learner):
    """The labels of the test images are one too high."""

    def prepare(self, splits: Splits) -> Splits:
        """Add 1 to the labels of the test images; the last class becomes the first."""
        test = splits.test
        n_classes = test.targets.shape[1]
        shifted = Examples(test.inputs, np.roll(test.targets, 1, axis=1), (test.labels + 1) % n_classes)
        return replace(splits, test=shifted)


class ClassOverWrongAxis(Learner):
    """The class is the position of the largest value of a column."""

    def accuracy(self, outputs: Float64Array, labels: NDArray[np.intp]) -> float:
        """Compare the positions of the columns' maxima with the first labels."""
        pairs = zip(outputs.argmax(axis=0), labels, strict=False)
        return sum(int(predicted) == int(label) for predicted, label in pairs) / len(labels)


class TrainedOnTestImages(Learner):
    """The training images include the test images."""

    def prepare(self, splits: Splits) -> Splits:
        """Append the test images to the training images."""
        train, test = splits.train, splits.test
        both = Examples(
            np.concatenate([train.inputs, test.inputs]),
            np.concatenate([train.targets, test.targets]),
            np.concatenate([train.labels, test.labels]),
        )
        return replace(splits, train=both)


SURROUNDING_BUGS = (
    Bug(
        id="B01",
        title="Step up the gradient",
        place="update",
        right=Line("W ← W − η∇W", "W -= eta * dW"),
        wrong=Line("W ← W + η∇W", "W += eta * dW"),
        symptom="The cost climbs until all outputs are 1 (quadratic cost 4.5), or without end (cross-entropy).",
        source="pythoner.space, “cost function failing to minimize”; the program of M. Pitt, version 1",
        override=StepUphill,
    ),
    Bug(
        id="B18b",
        title="Dropout without a scale",
        place="evaluation",
        right=Line("training: a m / (1 − p)", "a *= (rng.random(a.shape) >= p) / (1 - p)"),
        wrong=Line("training: a m, test: a", "a *= rng.random(a.shape) >= p"),
        symptom="Worse on test images than dropout should be: their pre-activations are 1 / (1 − p) times too large.",
        source="many questions",
        override=DropoutWithoutScale,
        configuration={"dropout_rate": 0.5},
        positive=("dropout_rate",),
    ),
    Bug(
        id="B19",
        title="New biases assigned to the wrong name",
        place="update",
        right=Line("b ← b − η∇b", "b1 = b1 - eta * db1"),
        wrong=Line("∇b ← b − η∇b", "db1 = b1 - eta * db1"),
        symptom="The biases never move. The curves hardly differ.",
        source="a question whose author found the cause",
        override=BiasesAssignedElsewhere,
        scope="any",
        needs={"use_bias": (True,)},
    ),
    Bug(
        id="B23",
        title="All initial weights positive",
        place="initialization",
        right=Line("W = rand · 2ε − ε", "W = rng.random(shape) * 2 * eps - eps"),
        wrong=Line("W = rand · (2ε − ε)", "W = rng.random(shape) * (2 * eps - eps)"),
        symptom="The cost is stuck at 0.47 to 0.5, and the units are saturated.",
        source="exercise of a course with ε = 0.12; stats.stackexchange.com/q/286424",
        override=PositiveWeights,
        needs=IMAGES,
    ),
    Bug(
        id="B24",
        title="All initial weights equal",
        place="initialization",
        right=Line("W = random", "W = rng.standard_normal(shape) / np.sqrt(n_inputs)"),
        wrong=Line("W = constant", "W = np.full(shape, 1 / n_inputs)"),
        symptom="All units of a layer stay identical, so a hidden layer of any size is one unit.",
        source="many questions",
        override=EqualWeights,
        needs={"bias_initializer": ("zeros", "constant")},
        rule=LayerRule(
            lambda setting, _layer: max(setting.sizes[1:-1], default=0) > 1,
            "hidden_sizes",
            "a hidden layer of at least 2 units",
        ),
    ),
    Bug(
        id="B25",
        title="Images shuffled, labels not",
        place="data",
        right=Line("(xᵢ, yᵢ) ← (x_π(i), y_π(i))", "order = rng.permutation(n)\nX, y = X[order], y[order]"),
        wrong=Line("(xᵢ, yᵢ) ← (x_π(i), yᵢ)", "rng.shuffle(X)"),
        symptom="The training accuracy stays at chance.",
        source="many questions",
        override=ImagesShuffled,
        needs=IMAGES,
    ),
    Bug(
        id="B26",
        title="Test labels shifted",
        place="data",
        right=Line("y = label", "y_test = labels"),
        wrong=Line("y = label + 1", "y_test = labels + 1  # the file counts from 1"),
        symptom="Training goes well, and the test accuracy is 0 to 2 %.",
        source="many questions",
        override=ShiftedTestLabels,
        needs=IMAGES,
    ),
    Bug(
        id="B27",
        title="Class taken over the wrong axis",
        place="evaluation",
        right=Line("class of image n = argmaxₖ aₙₖ", "predicted = a.argmax(axis=1)"),
        wrong=Line("argmaxₙ aₙₖ", "predicted = a.argmax(axis=0)"),
        symptom="The cost falls, but the accuracy stays at 0 or at chance.",
        source="stackoverflow.com/q/76450489; github.com/casper-hansen, pull request 1",
        override=ClassOverWrongAxis,
        needs=IMAGES,
    ),
    Bug(
        id="B29",
        title="Trained on the test images",
        place="data",
        right=Line("training ∩ test = ∅", "X_train, X_test = X[:n], X[n:]"),
        wrong=Line("training ⊃ test", "X_train, X_test = X, X[n:]"),
        symptom="Too good: the test accuracy equals the training accuracy.",
        source="the program of M. Pitt, version 1; github.com/jonasrothfuss, pull request 5",
        override=TrainedOnTestImages,
        needs=IMAGES,
    ),
    Bug(
        id="B30",
        title="Weights of an integer type",
        place="initialization",
        right=Line("W real", "W = np.zeros(shape) + start"),
        wrong=Line("W integer", "W = np.zeros(shape, dtype=int)\nW[...] = start"),
        symptom="Nothing moves: each step is truncated. Pixels of type uint8 wrap around after 255.",
        source="common",
        override=IntegerWeights,
        configuration={"initializer": "normal", "initializer_scale": 2.0},
    ),
)
