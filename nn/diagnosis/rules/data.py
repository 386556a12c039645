"""Rules about the data: its scale, its labels and its splits."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from scipy.optimize import linear_sum_assignment

from nn.diagnosis.facts.case import Case
from nn.diagnosis.finding import Code, Evidence, Finding
from nn.diagnosis.rules.rule import Rule

LARGEST_MEAN_SQUARE = 10.0
SMALLEST_MEAN_SQUARE = 0.01
LARGEST_TARGET = 10.0
SORTED = 0.5  # entropy of the labels of a batch, relative to random batches
LARGEST_RATIO_OF_CLASSES = 10
LARGEST_SHIFT = 1.0  # standard deviations of the images' mean
MOSTLY = 0.8  # fraction of the inputs
LARGEST_SPREAD = 1.5  # ratio of standard deviations

_UNSTABLE: tuple[Code, ...] = (
    "not_finite",
    "diverging",
    "learning_rate_too_high",
    "learning_rate_too_low",
    "exploding_gradient",
    "vanishing_gradient",
    "dead_units",
    "saturated_units",
    "saturated_squared_loss",
    "initial_cost",
    "input_ignored",
    "constant_prediction",
    "oscillating",
    "too_small",
    "too_short",
)


class InputScale(Rule):
    """The mean square of the inputs that vary is above 10 or below 0.01.

    The curvature of the cost grows with it, so a learning rate that suits scaled inputs is too high or too low.

    Guard: the mean over all inputs counts, not the largest one: standardized pixels that are rarely bright reach values
    above 10. Networks can learn from raw values with a small learning rate, so a run that learns well is no concern.
    Remedy: scale the inputs to 0…1 or standardize them.
    Source: LeCun et al., Efficient BackProp, 1998, section 4.3.
    """

    code: ClassVar[Code] = "input_scale"
    explains: ClassVar[tuple[Code, ...]] = _UNSTABLE
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare the mean square of the inputs with its bounds."""
        data, start = case.data, case.evidence.start
        if data is None or start is None:
            return None
        square = data.input_mean_square
        if SMALLEST_MEAN_SQUARE <= square <= LARGEST_MEAN_SQUARE:
            return None
        is_large = square > LARGEST_MEAN_SQUARE
        length, limit = start.step_length or 0.0, start.step_limit or math.inf
        would_fit = length > limit and length / square <= limit
        confidence = 0.95 if square > 100 or square < 1e-4 else 0.9 if would_fit else 0.75
        size = f"up to {data.largest_input:.3g}" if is_large else f"at most {data.largest_input:.3g}"
        consequence = (
            "Large inputs make large pre-activations and a cost with a large curvature, so steps of a usual learning "
            "rate overshoot, units saturate or die."
            if is_large
            else "Small inputs make small pre-activations and a flat cost, so steps of a usual learning rate are too "
            "short."
        )
        return case.finding(
            self.code,
            confidence,
            f"The inputs are {size}, and their mean square is {square:.3g}",
            f"{consequence} Input scaling brings all inputs near 1.",
            Evidence("mean square of the inputs", square, LARGEST_MEAN_SQUARE if is_large else SMALLEST_MEAN_SQUARE),
            *([Evidence("learning rate × curvature", length, limit, "update")] if would_fit else []),
            known_by="exact",
        )


class TargetScale(Rule):
    """The mean or the standard deviation of the targets of a regression exceeds 10.

    Guard: a line search chooses its own step lengths, and a run that learns well is no concern.
    Remedy: standardize the targets.
    Source: Bishop, Neural Networks for Pattern Recognition, 1995, section 8.2.
    """

    code: ClassVar[Code] = "target_scale"
    explains: ClassVar[tuple[Code, ...]] = _UNSTABLE
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare the targets with their bound."""
        data = case.data
        if data is None or data.target_std is None or case.evidence.hyperparameters.searches:
            return None
        largest = max(data.target_mean or 0.0, data.target_std)
        if largest <= LARGEST_TARGET:
            return None
        return case.finding(
            self.code,
            0.85,
            f"The targets have a mean of up to {data.target_mean or 0:.3g} and a deviation of {data.target_std:.3g}",
            "The outputs must grow from about 0 to large values, so the first errors and gradients are large. Target "
            "scaling brings the targets to mean 0 and deviation 1.",
            Evidence("largest mean or deviation of the targets", largest, LARGEST_TARGET),
            known_by="exact",
        )


class LabelsMismatched(Rule):
    """The nearest neighbors of the examples agree with their labels hardly more often than random labels would.

    Guard: hard data also have a low agreement, so the rule compares it with the agreement of random labels; and a
    network that predicts held-out examples well refutes it.
    Remedy: load the data again, so that each label belongs to its image.
    Source: Cover and Hart, Nearest Neighbor Pattern Classification, 1967; exact.
    """

    code: ClassVar[Code] = "labels_mismatched"
    explains: ClassVar[tuple[Code, ...]] = (*_UNSTABLE, "overfitting", "noisy_labels")
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare the agreement of the nearest neighbors with that of random labels."""
        data = case.data
        if data is None or data.neighbor_agreement is None or data.chance_agreement is None:
            return None
        chance, agreement = data.chance_agreement, data.neighbor_agreement
        if chance > 0.7:
            return None
        excess = (agreement - chance) / (1 - chance)
        test = data.test_neighbor_agreement
        is_test = excess > 0.3 and test is not None and abs(test - chance) < 0.07 and data.n_test >= 50
        if is_test and test is not None:
            agreement = test
        elif excess > 0.12 or case.held_out_accuracy > chance + 0.4:
            return None
        where = "test labels" if is_test else "labels"
        return case.finding(
            self.code,
            0.95,
            f"Nearest neighbors have the same label in {agreement:.0%} of the cases, and random labels in {chance:.0%}",
            f"Examples that look alike have unrelated {where}, so there is nothing to learn but the examples "
            "themselves. The labels do not belong to the examples, or the examples have been destroyed.",
            Evidence("agreement of nearest neighbors", agreement, chance),
            Evidence("agreement of random labels", chance),
            known_by="exact",
        )


class LabelsShifted(Rule):
    """Renaming the predicted classes would make most test predictions correct.

    The best renaming is the permutation of the confusion matrix with the largest trace.

    Guard: a network that predicts one class gains nothing from a permutation. At least three tenths of the test
    examples must become correct.
    Remedy: use the same numbers for the classes in all splits.
    Source: Kuhn, The Hungarian Method, 1955; exact.
    """

    code: ClassVar[Code] = "labels_shifted"
    explains: ClassVar[tuple[Code, ...]] = ("overfitting", "constant_prediction", "labels_mismatched")
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Find the permutation of the confusion matrix with the largest trace."""
        confusion = case.evidence.confusion
        if confusion is None or confusion.sum() < 20:
            return self._from_neighbors(case)
        rows, columns = linear_sum_assignment(confusion, maximize=True)
        permuted = float(confusion[rows, columns].sum() / confusion.sum())
        accuracy = float(np.trace(confusion) / confusion.sum())
        if permuted - accuracy < 0.3 or permuted < 0.6:
            return self._from_neighbors(case)
        names = case.evidence.hyperparameters.dataset_spec.class_names
        moved = [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if row != column]
        example = f", for example {names[moved[0][0]]} to {names[moved[0][1]]}" if moved and names else ""
        return case.finding(
            self.code,
            0.97,
            f"Renaming the classes would raise the test accuracy from {accuracy:.1%} to {permuted:.1%}{example}",
            "The network separates the classes, but the test labels number them differently from the training labels. "
            "The confusion matrix has its large counts off the diagonal.",
            Evidence("test accuracy", accuracy, None, "accuracy"),
            Evidence("test accuracy after the best renaming", permuted, accuracy + 0.3, "accuracy"),
            known_by="exact",
        )

    def _from_neighbors(self, case: Case) -> Finding | None:
        data = case.data
        if data is None or data.neighbor_agreement is None or data.test_neighbor_agreement is None:
            return None
        chance = data.chance_agreement or 0.0
        margin = 3 * math.sqrt(max(chance * (1 - chance), 1e-4) / max(min(data.n_test, 500), 1))
        if (
            case.chance > 0.5
            or data.neighbor_agreement < 0.6
            or not data.test_neighbor_agreement < chance - margin
            or data.n_test < 50
        ):
            return None
        return case.finding(
            self.code,
            0.9,
            f"Only {data.test_neighbor_agreement:.0%} of the test examples have the label of their nearest neighbor; "
            f"in the training split, {data.neighbor_agreement:.0%} have it",
            "This is less than random labels would give, so the test labels are systematically different: they number "
            "the classes in another way.",
            Evidence("agreement of test examples", data.test_neighbor_agreement, chance - margin),
            Evidence("agreement of training examples", data.neighbor_agreement),
            known_by="exact",
        )


class NoisyLabels(Rule):
    """Many training labels are wrong: nearest neighbors disagree with them, but the test labels are predictable.

    Guard: classes that are hard to distinguish give the same agreement in both splits, and a network that does not
    exceed it.
    Remedy: correct the label suspects, or stop early.
    Source: Northcutt, Jiang and Chuang, Confident Learning, 2021, for the idea of out-of-sample agreement.
    """

    code: ClassVar[Code] = "noisy_labels"
    explains: ClassVar[tuple[Code, ...]] = ("overfitting", "too_small", "too_short", "oscillating")
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare the agreement of neighbors within the training split with the results on the test split."""
        data = case.data
        if data is None or data.neighbor_agreement is None or data.chance_agreement is None:
            return None
        chance, agreement = data.chance_agreement, data.neighbor_agreement
        if (agreement - chance) / max(1 - chance, 0.01) < 0.12 or agreement > 0.85:
            return None
        known = case.evidence.curves.test_accuracy
        best = float(np.nanmax(known)) if np.isfinite(known).any() else math.nan
        test = data.test_neighbor_agreement if data.test_neighbor_agreement is not None else math.nan
        clean = max((each for each in (best, test) if math.isfinite(each)), default=math.nan)
        if not clean > agreement + 0.12:
            return None
        # Two labels agree by their classes if both are right, and seldom otherwise.
        noise = 1 - math.sqrt(max(agreement - chance, 0) / max(1 - chance, 0.01))
        return case.finding(
            self.code,
            0.85 if clean > agreement + 0.2 else 0.6,
            f"Nearest neighbors have the same training label in {agreement:.0%} of the cases, but test examples are "
            f"predictable in {clean:.0%}",
            f"About {noise:.0%} of the training labels seem to be wrong. A network that fits them memorizes the errors "
            "and loses accuracy on other examples.",
            Evidence("agreement of training labels", agreement),
            Evidence("agreement or accuracy of test labels", clean, agreement + 0.12, "accuracy"),
        )


class SortedBatches(Rule):
    """The mini-batches contain far fewer different labels than random batches would.

    Guard: the entropy is compared with that of random batches of the same size, so small batches are no concern.
    Remedy: draw the examples in random order.
    Source: Bottou, Stochastic Gradient Descent Tricks, 2012, section 3.1; exact.
    """

    code: ClassVar[Code] = "sorted_batches"
    explains: ClassVar[tuple[Code, ...]] = (
        "oscillating",
        "constant_prediction",
        "input_ignored",
        "learning_rate_too_high",
        "dead_units",
        "too_small",
        "too_short",
        "diverging",
        "splits_differ",
        "overfitting",
    )
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare the entropy of the labels in batches with that of random batches."""
        data = case.data
        if data is None or data.batch_entropy is None or data.batch_entropy >= SORTED:
            return None
        return case.finding(
            self.code,
            0.95,
            f"The labels of a batch have {data.batch_entropy:.0%} of the variety of random batches",
            "Each step then learns a few classes and forgets the others, so the cost goes up and down with the order "
            "of the examples. A mini-batch should be a random sample.",
            Evidence("entropy of the labels of a batch, relative", data.batch_entropy, SORTED),
            known_by="exact",
        )


class SplitsDiffer(Rule):
    """The inputs of the validation or test split have another mean or spread than those of the training split.

    Guard: other writers or sources differ a little, so the shift must exceed one standard deviation of the images'
    means, or the spread a factor of 1.5.
    Remedy: prepare all splits in the same way.
    Source: a comparison of means and standard deviations; exact.
    """

    code: ClassVar[Code] = "splits_differ"
    explains: ClassVar[tuple[Code, ...]] = ("overfitting", "labels_shifted", "labels_mismatched")
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare means and standard deviations of the splits."""
        data = case.data
        if data is None:
            return None
        for name, shift, spread in (
            ("test", data.test_shift, data.test_spread),
            ("validation", data.validation_shift, data.validation_spread),
        ):
            shift, spread = abs(shift or 0.0), 1.0 if spread is None else max(spread, 1e-9)
            if shift <= LARGEST_SHIFT and 1 / LARGEST_SPREAD <= spread <= LARGEST_SPREAD:
                continue
            return case.finding(
                self.code,
                0.95,
                f"The {name} inputs spread {spread:.3g} times as much as the training inputs, and their mean differs "
                f"by {shift:.2g} deviations",
                f"The {name} examples were prepared differently, so the network gets inputs that it has never seen. "
                "Its accuracy on them does not show what it has learned.",
                Evidence("ratio of the standard deviations", spread, LARGEST_SPREAD),
                Evidence("difference of the means, in deviations", shift, LARGEST_SHIFT),
                known_by="exact",
            )
        return None


class ClassImbalance(Rule):
    """The most frequent class has over ten times as many training examples as the rarest, or a class has none.

    Guard: an exact count.
    Remedy: add examples of the rare classes.
    Source: SageMaker Debugger: a ratio of 10.
    """

    code: ClassVar[Code] = "class_imbalance"
    explains: ClassVar[tuple[Code, ...]] = (
        "constant_prediction",
        "input_ignored",
        "too_small",
        "too_short",
        "overfitting",
    )
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare the numbers of training examples of the classes."""
        counts = case.data.class_counts if case.data else ()
        if len(counts) < 2 or sum(counts) < 20 or max(counts) <= LARGEST_RATIO_OF_CLASSES * min(counts):
            return None
        names = case.evidence.hyperparameters.dataset_spec.class_names
        rarest, largest = counts.index(min(counts)), counts.index(max(counts))
        share = max(counts) / sum(counts)
        return case.finding(
            self.code,
            0.9,
            f"Class {names[largest]} has {max(counts):,} training examples, class {names[rarest]} has {min(counts):,}",
            "A network lowers its cost most by predicting the frequent class, and it sees too few examples of the rare "
            "ones. A high accuracy then only reflects the frequent class.",
            Evidence("largest class / smallest class", max(counts) / max(min(counts), 1), LARGEST_RATIO_OF_CLASSES),
            Evidence("fraction of the largest class", share),
            known_by="exact",
        )


class DegenerateFeatures(Rule):
    """Nearly all inputs are constant, or inputs or examples occur twice.

    Guard: the margins of images are constant and do no harm, so 80 % of the inputs must be constant or repeated. Test
    examples that are also training examples do no harm to the network, so they are only an observation.
    Remedy: remove what is constant or repeated.
    Source: an exact count.
    """

    code: ClassVar[Code] = "degenerate_features"
    explains: ClassVar[tuple[Code, ...]] = (
        "input_ignored",
        "constant_prediction",
        "too_small",
        "labels_mismatched",
        "splits_differ",
    )
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Count the inputs that are constant or repeated, and the test examples that are also training examples."""
        data = case.data
        if data is None:
            return None
        shared = data.shared_examples or 0.0
        constant = data.n_constant_inputs / max(data.n_inputs, 1)
        repeated = data.n_duplicate_inputs / max(data.n_inputs - data.n_constant_inputs, 1)
        if constant > MOSTLY:
            confidence, title = 0.95, f"{data.n_constant_inputs:,} of {data.n_inputs:,} inputs never vary"
        elif repeated > MOSTLY:
            confidence, title = 0.9, f"{data.n_duplicate_inputs:,} of {data.n_inputs:,} inputs repeat another input"
        elif shared > 0.05:
            confidence, title = 0.4, f"{shared:.0%} of the test examples are identical to a training example"
        else:
            return None
        return case.finding(
            self.code,
            confidence,
            title,
            "An input that never varies or repeats another carries no information, and a test example that is also "
            "trained on makes the accuracy look better than it is. Neither helps the network.",
            Evidence("fraction of constant inputs", constant, MOSTLY),
            Evidence("fraction of repeated inputs", repeated, MOSTLY),
            Evidence("fraction of test examples in the training split", shared, 0.05, "accuracy"),
            known_by="exact",
        )
