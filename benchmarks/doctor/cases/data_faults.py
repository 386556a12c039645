"""Ill cases whose fault lies in the data: the hyperparameters learn the undamaged data."""

from __future__ import annotations

from typing import Any

from benchmarks.doctor.cases import data_defects as defects
from benchmarks.doctor.cases.case import Case, Defect
from nn.diagnosis.finding import Code

DIGITS: dict[str, Any] = {"dataset": "digits"}
MNIST: dict[str, Any] = {"dataset": "mnist", "epochs": 10}
MNIST_IMAGES = 100


def _damaged(name: str, changes: dict[str, Any], defect: Defect, *codes: Code) -> Case:
    n_images = MNIST_IMAGES if changes["dataset"] == "mnist" else 0
    return Case(name, "ill", changes, codes, defect=defect, n_images=n_images)


DATA_FAULTS: tuple[Case, ...] = (
    _damaged("shuffled training labels", DIGITS, defects.permute_labels, "labels_mismatched"),
    _damaged("shuffled training labels of MNIST", MNIST, defects.permute_labels, "labels_mismatched"),
    _damaged("pixels of each image shuffled", DIGITS, defects.shuffle_pixels_of_each_image, "labels_mismatched"),
    _damaged("test labels shifted by one", DIGITS, defects.shift_test_labels, "labels_shifted"),
    _damaged("test classes renamed", MNIST, defects.rename_test_labels, "labels_shifted"),
    _damaged("half of the training labels random", DIGITS, defects.randomize_some_labels, "noisy_labels"),
    _damaged("half of the labels of MNIST random", MNIST, defects.randomize_some_labels, "noisy_labels"),
    Case(
        "images sorted by class, not shuffled",
        "ill",
        {
            **DIGITS,
            "optimizer": "sgd",
            "learning_rate": 0.1,
            "sampling": "sliding_window",
            "epochs": 3,
        },
        ("sorted_batches",),
        ({"sampling": "without_replacement"},),
        {"sampling": "without_replacement", "learning_rate": 0.5, "epochs": 20},
        defect=defects.sort_by_class,
    ),
    _damaged("test images on a gray background", DIGITS, defects.brighten_test_inputs, "splits_differ"),
    _damaged("test images scaled twice", MNIST, defects.shrink_test_inputs, "splits_differ"),
    _damaged("test images inverted", DIGITS, defects.invert_test_inputs, "splits_differ"),
    _damaged("95 % of the images in one class", DIGITS, defects.keep_mostly_one_class, "class_imbalance"),
    _damaged("three classes missing", DIGITS, defects.remove_classes, "class_imbalance"),
    _damaged("all but five pixels blank", DIGITS, defects.blank_most_pixels, "degenerate_features"),
    _damaged("four pixels copied over the image", MNIST, defects.copy_one_pixel, "degenerate_features"),
)
