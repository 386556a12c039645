"""All presets, each with its lesson and the published results of its source."""

from __future__ import annotations

from nn.hyperparameters.schema import Hyperparameters
from nn.presets.preset import Preset
from nn.presets.published import SYSTEMS

__all__ = ["PRESETS", "Preset"]

PRESETS: dict[str, Preset] = {
    preset.id: preset
    for preset in (
        Preset(
            id="digits_quick",
            group="Start here",
            title="8×8 quick",
            note="Small digits that come with the program, learned in a second or two: the best place to start. Then "
            "change one value at a time and watch its effect on the two charts.",
            source=None,
            published=None,
            checked=None,
            reached="97.8–98.1% of the test images",
            hyperparameters=Hyperparameters(hidden_sizes=(128,), schedule="cosine"),
        ),
        Preset(
            id="mnist_modern",
            group="Start here",
            title="MNIST modern",
            note="A modern default: a ReLU layer, softmax cross-entropy and Adam, with a learning rate that falls to "
            "almost nothing. Look at the images it still misclassifies: would you have recognized them?",
            source="P. Simard, D. Steinkraus and J. Platt, Best Practices for Convolutional Neural Networks Applied to "
            "Visual Document Analysis, 2003; H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST, 2017, table 3",
            published="98.4% of the test images for 800 hidden units and cross-entropy (Simard), 97.2% for 100 ReLU "
            "units (Xiao)",
            checked=None,
            reached="97.8–97.9% of the test images after 10 epochs",
            hyperparameters=Hyperparameters(
                dataset="mnist",
                hidden_sizes=(128,),
                learning_rate=0.002,
                batch_size=128,
                schedule="cosine",
                epochs=10,
            ),
        ),
        Preset(
            id="fashion_modern",
            group="Start here",
            title="Fashion-MNIST modern",
            note="The same network on clothes instead of digits, with dropout against overfitting. It confuses shirts, "
            "pullovers and coats; the confusion matrix shows it at a glance.",
            source="H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST, 2017, table 3",
            published="87.1% of the test images for 100 ReLU units",
            checked=None,
            reached=None,
            hyperparameters=Hyperparameters(
                dataset="fashion_mnist",
                hidden_sizes=(256,),
                learning_rate=0.001,
                batch_size=128,
                schedule="cosine",
                dropout_rate=0.2,
                epochs=20,
            ),
        ),
        Preset(
            id="digits_perceptron",
            group="Start here",
            title="No hidden layer",
            note="A perceptron: ten weighted sums of the pixels. It classifies most digits correctly, which is worth "
            "knowing before you add layers. Its first-layer weights are images that you can interpret.",
            source=None,
            published=None,
            checked=None,
            reached=None,
            hyperparameters=Hyperparameters(hidden_sizes=(), initializer="glorot", epochs=50),
        ),
        Preset(
            id="xor_gate",
            group="Start here",
            title="XOR, with a hidden layer",
            note="No straight line separates these four points, so a network without a hidden layer cannot separate "
            "them either: remove the hidden layer and see. Four tanh units bend the boundary; move the slider below "
            "the charts to watch it.",
            source="M. Minsky and S. Papert, Perceptrons, 1969",
            published=None,
            checked=None,
            reached=None,
            hyperparameters=Hyperparameters(
                dataset="xor_gate",
                hidden_sizes=(4,),
                activation="tanh",
                initializer="glorot",
                loss="binary_cross_entropy",
                learning_rate=0.05,
                batching="full_batch",
                epochs=200,
            ),
        ),
        Preset(
            id="deep_sigmoid",
            group="Why isn't it learning?",
            title="Too deep",
            note="Six sigmoid layers and plain gradient descent: the gradient almost vanishes on its way back, and the "
            "cost stays at log 10 ≈ 2.30, the cost of guessing. Change the activation to ReLU and watch the network "
            "wake up.",
            source="X. Glorot and Y. Bengio, Understanding the difficulty of training deep feedforward neural "
            "networks, 2010",
            published=None,
            checked=None,
            reached=None,
            hyperparameters=Hyperparameters(
                hidden_sizes=(32, 32, 32, 32, 32, 32),
                activation="sigmoid",
                initializer="glorot",
                optimizer="sgd",
                learning_rate=0.1,
                epochs=60,
            ),
        ),
        Preset(
            id="all_the_same",
            group="Why isn't it learning?",
            title="All the same",
            note="All weights start at 0. The hidden units then compute the same outputs and receive "
            "the same gradient, which is 0 as well. Only the biases of the outputs learn, and the cost stays at "
            "log 10 ≈ 2.30. With an initialization scale of 0.1 the cost decreases, but the 32 units remain equal and "
            "act as one, as the images of their weights show. Random initial weights make the units different: "
            "with He initialization, the network reaches 96%. Without a hidden layer, weights of 0 do no harm.",
            source=None,
            published=None,
            checked=None,
            reached="10.0–10.3% of the test images",
            hyperparameters=Hyperparameters(
                hidden_sizes=(32,),
                initializer="constant",
                initializer_scale=0.0,
                dtype="float64",
                optimizer="sgd",
                learning_rate=0.1,
            ),
        ),
        Preset(
            id="too_hot",
            group="Why isn't it learning?",
            title="Too hot",
            note="No hidden layer, all images in every step, and a learning rate that is slightly too high: each step "
            "overshoots further than the last one, until the run ends as diverged. On a logarithmic cost axis the "
            "curve is a straight line. At 0.17 the same network learns: the limit is 2 divided by the largest "
            "curvature.",
            source="Y. LeCun, L. Bottou, G. Orr and K.-R. Müller, Efficient BackProp, 1998",
            published=None,
            checked=None,
            reached=None,
            hyperparameters=Hyperparameters(
                hidden_sizes=(),
                loss="quadratic",
                output_activation="linear",
                initializer="glorot",
                optimizer="sgd",
                learning_rate=0.2,
                batching="full_batch",
                epochs=60,
            ),
        ),
        *SYSTEMS,
    )
}
