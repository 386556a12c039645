"""Named hyperparameters that show something, each with its source and, where there is one, its published figure."""

from __future__ import annotations

from dataclasses import dataclass

from nn.hyperparameters import Hyperparameters


@dataclass(frozen=True, slots=True)
class Preset:
    """One choice of hyperparameters. `note` says what it shows, `published` the figure that its source gives."""

    id: str
    title: str
    note: str
    source: str | None
    published: str | None
    hyperparameters: Hyperparameters


PRESETS: dict[str, Preset] = {
    preset.id: preset
    for preset in (
        Preset(
            id="digits_quick",
            title="8×8 quick",
            note="Small digits that come with the program, learned in a second or two: the place to begin. Then change "
            "one thing at a time and watch what it does to the two charts.",
            source=None,
            published=None,
            hyperparameters=Hyperparameters(hidden_sizes=(128,), schedule="cosine"),
        ),
        Preset(
            id="mnist_modern",
            title="MNIST modern",
            note="What one would reach for today: a ReLU layer, softmax cross-entropy and Adam, with a learning rate "
            "that falls to almost nothing. Look at the images it still gets wrong: would you have read them right?",
            source="P. Simard, D. Steinkraus and J. Platt, Best Practices for Convolutional Neural Networks Applied to "
            "Visual Document Analysis, 2003; H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST, 2017, table 3",
            published="98.4 % of the test images for 800 hidden units and cross-entropy (Simard), 97.2 % for 100 relu "
            "units (Xiao)",
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
            id="nielsen_chapter_1",
            title="MNIST, Nielsen chapter 1",
            note="Thirty sigmoid units, the quadratic cost, and first weights drawn far too wide. With some seeds, 22 "
            "and 23 among them, one class is never predicted at first and accuracy waits near 86 %, then jumps: go "
            "through the epochs of the confusion matrix and watch its column fill. With binary cross-entropy and a "
            "learning rate of 0.5 no class is lost.",
            source="M. Nielsen, Neural Networks and Deep Learning, 2015, chapter 1",
            published="about 95 % of the test images after 30 epochs",
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
            id="fashion_modern",
            title="Fashion-MNIST modern",
            note="The same network on clothes instead of digits, with dropout against overfitting. Shirts, pullovers "
            "and coats are what it mixes up; the confusion matrix shows it at a glance.",
            source="H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST, 2017, table 3",
            published="87.1 % of the test images for 100 relu units",
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
            title="No hidden layer",
            note="A perceptron: ten weighted sums of the pixels. It reads most digits, which is worth knowing before "
            "one adds layers; its first-layer weights are pictures that one can read.",
            source=None,
            published=None,
            hyperparameters=Hyperparameters(hidden_sizes=(), initializer="glorot", epochs=50),
        ),
        Preset(
            id="deep_sigmoid",
            title="Why isn't it learning? Too deep",
            note="Six sigmoid layers and plain gradient descent: the gradient all but vanishes on its way back, and "
            "the cost stays at log 10 ≈ 2.30, that of a guess. Change the activation to relu and watch it wake up.",
            source="X. Glorot and Y. Bengio, Understanding the difficulty of training deep feedforward neural "
            "networks, 2010",
            published=None,
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
            id="too_hot",
            title="Why isn't it learning? Too hot",
            note="No hidden layer, all images in every step, and a learning rate that is a little too high: each step "
            "overshoots further than the last, until the run ends as diverged. With a logarithmic cost axis the curve "
            "is a straight line. At 0.17 the same network learns: the limit is 2 divided by the largest curvature.",
            source="Y. LeCun, L. Bottou, G. Orr and K.-R. Müller, Efficient BackProp, 1998",
            published=None,
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
    )
}
