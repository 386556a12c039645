"""Eight published systems as presets, each with its lesson and its results.

Each preset does what its original intended. If the original contains an error, the note describes it.
"""

from __future__ import annotations

from typing import Any

from nn.hyperparameters.schema import Hyperparameters
from nn.presets.preset import Preset

# A perceptron with one linear output for the data set `squares`: y = w₁ x + w₂ x² + b. All parameters are ½ at first.
_SQUARES: dict[str, Any] = {
    "dataset": "squares",
    "hidden_sizes": (),
    "loss": "mean_squared_error",
    "output_activation": "linear",
    "initializer": "constant",
    "initializer_scale": 0.5,
    "bias_initializer": "constant",
    "dtype": "float64",
    "optimizer": "sgd",
    "batching": "full_batch",
    "epochs": 30,
    "divergence_factor": 1e20,
}
_DIGITS_IN_MATRICES: dict[str, Any] = {
    "dataset": "mnist",
    "validation_fraction": 0.0,
    "activation": "sigmoid",
    "loss": "quadratic",
    "output_activation": "sigmoid",
    "optimizer": "sgd",
    "learning_rate": 1.0,
    "epochs": 100,
}
_PITT = "Pitt, handwriting-recognition, 2020"


SYSTEMS: tuple[Preset, ...] = (
    Preset(
        id="pitt_whole_batch",
        group="Systems by others",
        title="1a · MNIST in matrices, stuck",
        note="All 60,000 images in every step, two narrow sigmoid layers, and initial weights so small that all units "
        "give the same output: after 100 steps the network has only learned which digit is the most common, and "
        "predicts 1 for every image. The first version of the original also added the gradient instead of subtracting "
        "it, trained on the test images, and overflowed in 1/(1+exp(−x)). Compare preset 1b, which takes 60 steps in "
        "each epoch.",
        source=_PITT,
        published="11.35% of the test images after 100 rounds",
        checked=None,
        reached="11.35% of the test images after 100 epochs, with each of three seeds",
        hyperparameters=Hyperparameters(
            **_DIGITS_IN_MATRICES,
            hidden_sizes=(16, 16),
            initializer="normal",
            initializer_scale=0.1,
            batching="full_batch",
        ),
    ),
    Preset(
        id="pitt_batches",
        group="Systems by others",
        title="1b · MNIST in matrices, learning",
        note="The same idea with one wider layer and mini-batches of 1,000: the cost falls from the first epoch on. "
        "The original updated after each example, which took 38 s per epoch; in matrix form an epoch is a few matrix "
        "products. With ReLU, He initialization, zero biases and a linear schedule, 20 epochs reach 94%.",
        source=_PITT,
        published="cost 0.4452 in the first round; 89.09% of the test images after 20 rounds, 94.17% after 100",
        checked="cost 0.4453 in the first round, 91% after 20",
        reached="cost 0.433–0.449 in the first epoch; 91.0–91.2% of the test images after 20, 94.4–94.6% after 100",
        hyperparameters=Hyperparameters(
            **_DIGITS_IN_MATRICES,
            hidden_sizes=(128,),
            initializer="glorot",
            bias_initializer="normal",
            batch_size=1000,
        ),
    ),
    Preset(
        id="or_gate_perceptron",
        group="Systems by others",
        title="2 · The OR gate",
        note="Two inputs, one sigmoid, no bias: the boundary must pass through (0, 0), whose output is always exactly "
        "½ and is correct only because ties count as 0. Switch the biases on and train for 500 epochs: all four points "
        "are correct. The original used the squared error as if it were the gradient, which is always positive, so its "
        "weights could only fall. It also computed the slope of the sigmoid at the error instead of the output.",
        source="A single-layer perceptron in plain Python",
        published=None,
        checked="without a bias the output for (0, 0) is always 0.5; with one all four become correct",
        reached="(0, 0) stays at 0.500, the others are above ½ after 50 steps; all four correct with biases",
        hyperparameters=Hyperparameters(
            dataset="or_gate",
            hidden_sizes=(),
            use_bias=False,
            loss="quadratic",
            reduction="sum",
            output_activation="sigmoid",
            initializer="normal",
            dtype="float64",
            optimizer="sgd",
            learning_rate=0.1,
            batching="full_batch",
            epochs=50,
        ),
    ),
    Preset(
        id="cs231n_two_layer",
        group="Systems by others",
        title="3 · CS231n's two-layer network",
        note="ReLU, softmax, mini-batches of 200 drawn with replacement, and pixels as they are stored. Why is the "
        "gradient of the second layer hiddenᵀ · error? A matrix product is a sum of outer products: each image adds "
        "its hidden units times its errors, and the transpose puts the units in the rows, as in the weight matrix. The "
        "penalty of the original, reg · ΣW², has no ½, so reg = 5e-6 is an L2 of 1e-5 here.",
        source="Stanford CS231n, assignment 1, two-layer network",
        published=None,
        checked=None,
        reached="cost 0.85 in the first epoch, 0.12 in the tenth; 96.2–96.3% of the test images",
        hyperparameters=Hyperparameters(
            dataset="mnist",
            input_scaling="none",
            hidden_sizes=(50,),
            initializer="normal",
            initializer_scale=1e-4,
            optimizer="sgd",
            learning_rate=1e-3,
            schedule="exponential",
            decay_rate=0.95,
            batch_size=200,
            sampling="with_replacement",
            epochs=10,
            l2=1e-5,
        ),
    ),
    Preset(
        id="squares_unscaled",
        group="Systems by others",
        title="4a · Squares, unscaled",
        note="Why isn't it learning? x² is up to 25, so the cost is a narrow valley, and each step of 0.01 jumps "
        "across it further than the last. Preset 4b is the same after scaling. With a learning rate of 0.001 it would "
        "learn, slowly.",
        source="Linear regression on squared features",
        published="losses 25.45, 2.104e11, 1.782e21 before steps 0, 10, 20",
        checked="the same",
        reached="25.45, 2.104e11, 1.782e21, and the run ends as diverged in the next step",
        hyperparameters=Hyperparameters(
            **_SQUARES,
            input_scaling="none",
            learning_rate=0.01,
        ),
    ),
    Preset(
        id="squares_standardized",
        group="Systems by others",
        title="4b · Squares, standardized",
        note="The same five points with features and targets of mean 0 and standard deviation 1 (with n − 1): the "
        "valley becomes a bowl, and the network fits the curve after 30 steps. The listing gives a rate of 0.02; its "
        "losses result from 0.03.",
        source="Linear regression on squared features",
        published="losses 0.2575580, 0.0799487, 0.0283290 before steps 0, 10, 20",
        checked="the same, with rate 0.03",
        reached="0.2575580, 0.0799487, 0.0283290",
        hyperparameters=Hyperparameters(
            **_SQUARES,
            input_scaling="standardize",
            target_scaling="standardize",
            learning_rate=0.03,
        ),
    ),
    Preset(
        id="exercise_5",
        group="Systems by others",
        title="5 · Exercise 5, conjugate gradient",
        note="No learning rate: SciPy's conjugate gradient method searches for the best length of each step, at about "
        "two gradients per step. The original stalled at a cost of 15.4412 after nine evaluations: all its initial "
        "weights were positive, and its gradient did not match its cost. λ = 1 for 5,000 images is an L2 of 1/5000 "
        "here.",
        source="A. Ng, Machine Learning, exercise 5 (backpropagation), in Python",
        published="the cost stalls at 15.4412 after nine evaluations",
        checked="6.79 at first, 0.67 after 20 iterations (91.5% of the training images), 0.37 after 50 (97.5%)",
        reached="cost 6.9–7.4, then 0.63–0.71 after 20 (91.0–92.5%) and 0.38–0.41 after 50 (97.1–97.4%)",
        hyperparameters=Hyperparameters(
            dataset="mnist",
            crop="center_20",
            images_per_class=500,
            validation_fraction=0.0,
            hidden_sizes=(25,),
            activation="sigmoid",
            loss="binary_cross_entropy",
            initializer="uniform",
            initializer_scale=0.12,
            dtype="float64",
            optimizer="conjugate_gradient",
            batching="full_batch",
            epochs=51,
            l2=1 / 5000,
        ),
    ),
    Preset(
        id="two_layer_regression",
        group="Systems by others",
        title="6 · Two-layer regression by hand",
        note="The network memorizes 64 random examples: 1,000 inputs, 100 ReLU units, 10 linear outputs, no biases, "
        "and the squared error summed over all outputs and examples. The sum makes the gradient large, so the learning "
        "rate is one millionth.",
        source="A two-layer ReLU network in NumPy with gradients by hand",
        published=None,
        checked="2.6e7 at first, about 9e2 at step 100, 7e-5 at step 500",
        reached="2.8e7–3.2e7 at first, 2e2–9e2 at step 100, 2e-8–7e-5 at step 500; the result depends on the random "
        "numbers",
        hyperparameters=Hyperparameters(
            dataset="random_regression",
            input_scaling="none",
            hidden_sizes=(100,),
            use_bias=False,
            loss="squared_error",
            reduction="sum",
            output_activation="linear",
            initializer="normal",
            dtype="float64",
            optimizer="sgd",
            learning_rate=1e-6,
            batching="full_batch",
            epochs=501,
        ),
    ),
    Preset(
        id="nielsen_chapter_1",
        group="Systems by others",
        title="7 · Nielsen, chapter 1",
        note="Thirty sigmoid units, the quadratic cost, and initial weights that are far too large. With some seeds, "
        "22 and 23 among them, the network first never predicts one of the classes, and accuracy stays near 86%, then "
        "jumps: move through the epochs of the confusion matrix and watch its column fill. With binary cross-entropy "
        "and a learning rate of 0.5 no class is lost. A copy in matrix form had two transposes wrong and stayed at "
        "9–10%.",
        source="M. Nielsen, Neural Networks and Deep Learning, 2015, chapter 1",
        published="about 95% of the test images after 30 epochs",
        checked="94.7% after 30 epochs, best 95.2%; one seed in two stuck near 86%",
        reached="94.9–95.2% of the test images after 30 epochs, at best 95.3%",
        hyperparameters=Hyperparameters(
            dataset="mnist",
            validation_fraction=1 / 6,
            hidden_sizes=(30,),
            activation="sigmoid",
            loss="quadratic",
            output_activation="sigmoid",
            initializer="normal",
            bias_initializer="normal",
            optimizer="sgd",
            learning_rate=3.0,
            batch_size=10,
            epochs=30,
        ),
    ),
    Preset(
        id="digits_notebook",
        group="Systems by others",
        title="8 · The 8×8 digits notebook",
        note="Windows of 15 neighboring images that advance by one image: 28,760 steps, each almost like the last. The "
        "test digits are by writers that the network has never seen. Pixels divided by 16 saturate fewer units than "
        "the raw ones: set the input scaling to none to see it. In the original the last windows repeat, and a tie is "
        "predicted as 0.",
        source="A notebook on scikit-learn's digits",
        published=None,
        checked="77–89% with raw pixels, 83–92% divided by 16, over three seeds",
        reached="82–92% divided by 16 and 70–89% with raw pixels, over ten seeds",
        hyperparameters=Hyperparameters(
            dataset="digits_in_order",
            validation_fraction=0.0,
            hidden_sizes=(40,),
            activation="sigmoid",
            loss="quadratic",
            output_activation="sigmoid",
            initializer="normal",
            bias_initializer="normal",
            optimizer="sgd",
            learning_rate=1.0,
            batch_size=15,
            sampling="sliding_window",
            epochs=20,
        ),
    ),
)
