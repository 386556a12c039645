"""Questions that developers have asked in public, as configurations.

Each reproduces the program of the question as closely as hyperparameters can. Large training sets are shortened with
`images_per_class`. Two further questions, D17 and D18, are about wrong gradients; they are in `gradient_questions`.
"""

from __future__ import annotations

from benchmarks.doctor.cases.case import Case
from benchmarks.doctor.cases.data_defects import shuffle_pixels_of_each_image
from benchmarks.doctor.cases.public_question import MNIST, public_question
from benchmarks.doctor.cases.public_questions_1_to_8 import QUESTIONS_1_TO_8

PUBLIC_QUESTIONS: tuple[Case, ...] = (
    *QUESTIONS_1_TO_8,
    public_question(
        "D9 mean squared error hardly moves",
        "stackoverflow.com/a/73462535",
        {
            "dataset": "mnist",
            "images_per_class": 100,
            "validation_fraction": 0.0,
            "hidden_sizes": (128,),
            "activation": "sigmoid",
            "loss": "mean_squared_error",
            "optimizer": "sgd",
            "learning_rate": 0.001,
            "batching": "full_batch",
            "initializer": "glorot",
            "epochs": 200,
        },
        "learning_rate_too_low too_short saturated_squared_loss",
        {"learning_rate": 5.0},
    ),
    public_question(
        "D10 gradients summed over the batch",
        "stackoverflow.com/a/67482379",
        {**MNIST, "reduction": "sum", "optimizer": "sgd", "learning_rate": 0.05, "batch_size": 32, "epochs": 10},
        "summed_cost learning_rate_too_high dead_units diverging not_finite",
        {"reduction": "mean"},
        {"learning_rate": 0.05 / 32},
    ),
    public_question(
        "D11 one neuron for exclusive or",
        "ai.stackexchange.com/questions/27010",
        {
            "dataset": "xor_gate",
            "hidden_sizes": (),
            "loss": "binary_cross_entropy",
            "optimizer": "sgd",
            "learning_rate": 0.5,
            "batching": "full_batch",
            "epochs": 500,
        },
        "too_small",
        {"hidden_sizes": (8,), "activation": "tanh"},
        {"hidden_sizes": (8,)},
        reference={"hidden_sizes": (8,), "activation": "tanh", "optimizer": "adam", "learning_rate": 0.05},
    ),
    public_question(
        "D12 exclusive or with weights near 0",
        "Stack Overflow, Neural Network XOR Gate Classification",
        {
            "dataset": "xor_gate",
            "hidden_sizes": (5,),
            "activation": "sigmoid",
            "loss": "binary_cross_entropy",
            "initializer": "normal",
            "initializer_scale": 0.01,
            "optimizer": "sgd",
            "learning_rate": 0.1,
            "batching": "full_batch",
            "epochs": 2000,
        },
        "learning_rate_too_low initial_cost input_ignored vanishing_gradient too_short",
        {"initializer": "normal", "initializer_scale": 1.0, "learning_rate": 1.0},
        {"learning_rate": 5.0},
        {"optimizer": "adam", "learning_rate": 0.05},
        reference={"optimizer": "adam", "learning_rate": 0.05, "initializer": "glorot"},
    ),
    public_question(
        "D13 weights nearly all negative, gradients 0",
        "discuss.pytorch.org/t/43814",
        {**MNIST, "hidden_sizes": (64, 64), "optimizer": "sgd", "learning_rate": 2.0, "epochs": 10},
        "dead_units learning_rate_too_high",
        {"learning_rate": 0.1},
    ),
    public_question(
        "D14 hidden layers of 3 and 4 units",
        "github.com/kdexd/digit-classifier/issues/5",
        {
            **MNIST,
            "hidden_sizes": (3, 4),
            "activation": "sigmoid",
            "loss": "quadratic",
            "initializer": "normal",
            "bias_initializer": "normal",
            "optimizer": "sgd",
            "learning_rate": 0.1,
            "epochs": 10,
        },
        "too_small learning_rate_too_low too_short saturated_squared_loss saturated_units",
        {"hidden_sizes": (64,), "learning_rate": 3.0},
        {"hidden_sizes": (64,), "initializer": "glorot", "learning_rate": 1.0},
        {"learning_rate": 3.0},
        {"hidden_sizes": (64,)},
        {"loss": "softmax_cross_entropy"},
        {"optimizer": "adam", "learning_rate": 0.03},
    ),
    public_question(
        "D15 Nielsen's network without its sigmoids",
        "stackoverflow.com/questions/48385830",
        {
            **MNIST,
            "hidden_sizes": (30,),
            "activation": "linear",
            "loss": "quadratic",
            "output_activation": "linear",
            "initializer": "normal",
            "bias_initializer": "normal",
            "optimizer": "sgd",
            "learning_rate": 3.0,
            "batch_size": 10,
            "epochs": 10,
        },
        "not_finite learning_rate_too_high diverging initial_cost exploding_gradient",
        {"learning_rate": 0.001},
        {"initializer": "glorot", "learning_rate": 0.01},
    ),
    public_question(
        "D16 pixels of each image shuffled",
        "cs.stackexchange.com/questions/78123",
        {"dataset": "mnist", "epochs": 10},
        "labels_mismatched degenerate_features",
        reference={},
        defect=shuffle_pixels_of_each_image,
        n_images=200,
    ),
)
