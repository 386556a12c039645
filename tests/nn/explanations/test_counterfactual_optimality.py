"""Sizes of counterfactuals of trained networks, compared with SciPy's optimizers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.contenders.scipy_counterfactual import ScipyCounterfactual
from benchmarks.network.counterfactuals import Outcome, make_problem, ratio_cells
from nn.datasets import load_dataset
from nn.explanations.counterfactual import PixelScaling, counterfactual_sizes, minimal_counterfactual
from nn.explanations.forward_pass import Float64Network
from nn.hyperparameters.schema import Hyperparameters
from nn.model.activations import ACTIVATIONS
from nn.parallel.blas_threads import limit_blas_to_one_thread
from nn.training.trainer import train
from tests.nn.explanations.test_counterfactual import SCALING, network_of

RATES = {"standardize": 0.03, "unit": 0.1, "none": 0.003}
RATE_FACTORS = {"sigmoid": 5.0, "linear": 0.2}


def test_a_standardized_network_needs_a_change_of_two_hundredths(tmp_path: Path) -> None:
    """The shortest change uses pixels that hardly vary in the training images. A search from the image misses it."""
    h = Hyperparameters.parse(
        {
            "hidden_sizes": [40, 20],
            "activation": "tanh",
            "initializer": "glorot",
            "input_scaling": "standardize",
            "loss": "quadratic",
            "optimizer": "sgd",
            "learning_rate": 0.3,
            "momentum": 0.9,
            "epochs": 25,
            "seed": 5,
        }
    )
    dataset = load_dataset("digits", datasets_dir=tmp_path, cache_dir=tmp_path)
    result = train(h, dataset, on_event=lambda _: None)
    network, scaling = Float64Network.from_network(result.network), PixelScaling(result.scaling, dataset.pixel_max)
    image, label = dataset.test.inputs[199] / dataset.pixel_max, int(dataset.test.labels[199])
    assert (int(network.logits(scaling.inputs(image[np.newaxis])).argmax()), label) == (3, 9)

    found = minimal_counterfactual(network, scaling, image, label)
    assert found is not None
    assert found.size == pytest.approx(0.02346, abs=0.0002)
    assert network.logits(scaling.inputs((image + found.change)[np.newaxis])).argmax() == label
    levels = found.image / 255
    assert np.linalg.norm(levels - image) == pytest.approx(0.0262, abs=0.0002)
    assert network.logits(scaling.inputs(levels[np.newaxis])).argmax() == label


@pytest.mark.parametrize("input_scaling", RATES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_scipy_finds_no_smaller_change(activation: str, input_scaling: str) -> None:
    values: dict[str, Any] = {"hidden_sizes": [16, 12], "activation": activation, "input_scaling": input_scaling}
    values |= {"learning_rate": RATES[input_scaling] * RATE_FACTORS.get(activation, 1.0), "momentum": 0.9}
    problem = make_problem(values | {"epochs": 6}, n_images=1)
    sizes = counterfactual_sizes(problem.network, problem.scaling, problem.images, problem.labels, problem.guides)
    rng = np.random.default_rng(0)
    image, label = problem.images[0], int(problem.labels[0])
    logits = problem.network.logits(problem.scaling.inputs(image[np.newaxis]))[0]
    np.testing.assert_allclose(problem.scipy_network.logits(image), logits, rtol=1e-5, atol=1e-5)
    with limit_blas_to_one_thread():  # the matrices are too small for two
        best = ScipyCounterfactual(problem.scipy_network, image, label).size(problem.guides, rng, n_others=1, noise=())
    assert np.isfinite(best)
    assert sizes[0] <= 1.01 * best


def test_a_change_of_less_than_a_gray_level_is_rounded_to_one_level() -> None:
    network = network_of(0, (2, 2))
    network.layers[0].weights[:] = [[0.0, 1.0], [0.0, 0.0]]
    black = SCALING.inputs(np.array([[102.1 / 255, 0.0]]))[0, 0]  # class 1 is predicted if the first pixel exceeds this
    network.layers[0].biases[:] = [black, 0.0]
    image = np.array([102, 51]) / 255
    found = minimal_counterfactual(network, SCALING, image, 1)
    assert found is not None
    assert found.size == pytest.approx(0.1 / 255, rel=1e-6)
    assert found.image.tolist() == [103, 51]


def test_the_benchmark_counts_changes_that_only_one_optimizer_found() -> None:
    ours, scipy = np.array([1.0, np.nan, 2.0, np.nan, 3.06]), np.array([1.0, 1.0, np.inf, np.inf, 3.0])
    ratios = Outcome("", ours, scipy, 0.0, 0.0).ratios
    assert ratios.tolist() == [1.0, np.inf, 0.0, pytest.approx(1.02)]
    assert ratio_cells("all", ratios) == ["all", "4", "1.020", "inf", "inf", "inf", "2", "1"]
