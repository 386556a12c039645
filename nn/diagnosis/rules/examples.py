"""Rules about the examples: their order, their splits, their classes and their inputs."""

from __future__ import annotations

from typing import ClassVar

from nn.diagnosis.facts.case import Case
from nn.diagnosis.finding import Code, Evidence, Finding
from nn.diagnosis.rules.rule import Rule

SORTED = 0.5  # entropy of the labels of a batch, relative to random batches
LARGEST_RATIO_OF_CLASSES = 10
LARGEST_SHIFT = 1.0  # standard deviations of the images' mean
MOSTLY = 0.8  # fraction of the inputs
LARGEST_SPREAD = 1.5  # ratio of standard deviations


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
            Evidence("entropy of the labels of a batch / of a random batch", data.batch_entropy, SORTED),
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
        "splits_differ",
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
