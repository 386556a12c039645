"""The built-in data sets. Only `nn.datasets.registry` imports this table."""

from __future__ import annotations

from nn.datasets.spec import DataFile, DatasetSpec

DIGIT_NAMES = tuple("0123456789")
FASHION_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)

GATE_NAMES = ("0", "1")
TABLE_LICENSE = "in the public domain"


def _gate(name: str, title: str, description: str) -> DatasetSpec:
    return DatasetSpec(
        name=name,
        title=title,
        description=f"{description} It has four points, all for training.",
        credit="G. Boole, The Mathematical Analysis of Logic, 1847",
        license=TABLE_LICENSE,
        homepage="https://en.wikipedia.org/wiki/Logic_gate",
        train_size=4,
        class_names=GATE_NAMES,
        feature_names=("x₁", "x₂"),
        output_plot="boundary",
    )


CATALOG: tuple[DatasetSpec, ...] = (
    DatasetSpec(
        name="digits",
        title="8×8 digits",
        description="1,797 small handwritten digits that come with the program; a fifth, drawn evenly from "
        "each class, is held out for testing.",
        credit="E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, 1998, by way of scikit-learn",
        license="CC BY 4.0",
        homepage="https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits",
        class_names=DIGIT_NAMES,
        image_shape=(8, 8),
        pixel_max=16,
        train_size=1438,
        test_size=359,
        smallest_class=139,
    ),
    DatasetSpec(
        name="digits_in_order",
        title="8×8 digits, new writers",
        description="The same 1,797 digits in their stored order: the first 1,438 for training, the last 359 "
        "for testing. The test digits are by other writers, which makes them harder.",
        credit="E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, 1998, by way of scikit-learn",
        license="CC BY 4.0",
        homepage="https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits",
        class_names=DIGIT_NAMES,
        image_shape=(8, 8),
        pixel_max=16,
        train_size=1438,
        test_size=359,
        smallest_class=141,
    ),
    DatasetSpec(
        name="mnist",
        title="MNIST",
        description="70,000 handwritten digits of 28×28 pixels, 10,000 of them for testing.",
        credit="Y. LeCun, C. Cortes and C. J. C. Burges, The MNIST database of handwritten digits, 1998",
        license="CC BY-SA 3.0",
        homepage="https://yann.lecun.com/exdb/mnist/",
        class_names=DIGIT_NAMES,
        image_shape=(28, 28),
        pixel_max=255,
        train_size=60_000,
        test_size=10_000,
        smallest_class=5421,
        files=(
            DataFile(
                "train-images-idx3-ubyte.gz",
                9_912_422,
                "f68b3c2dcbeaaa9fbdd348bbdeb94873",
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            ),
            DataFile(
                "train-labels-idx1-ubyte.gz",
                28_881,
                "d53e105ee54ea40749a09fcbcd1e9432",
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            ),
            DataFile(
                "t10k-images-idx3-ubyte.gz",
                1_648_877,
                "9fb629c4189551a2d022fa330f9573f3",
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            ),
            DataFile(
                "t10k-labels-idx1-ubyte.gz",
                4_542,
                "ec29112dd5afa0611ce80d1b7f02629c",
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            ),
        ),
        mirrors=(
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
        ),
    ),
    DatasetSpec(
        name="fashion_mnist",
        title="Fashion-MNIST",
        description="70,000 images of clothes in ten classes, 28×28 pixels, 10,000 of them for testing; "
        "harder than digits.",
        credit="H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST, 2017",
        license="MIT",
        homepage="https://github.com/zalandoresearch/fashion-mnist",
        class_names=FASHION_NAMES,
        image_shape=(28, 28),
        pixel_max=255,
        train_size=60_000,
        test_size=10_000,
        smallest_class=6000,
        files=(
            DataFile("train-images-idx3-ubyte.gz", 26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
            DataFile("train-labels-idx1-ubyte.gz", 29_515, "25c81989df183df01b3e8a0aad5dffbe"),
            DataFile("t10k-images-idx3-ubyte.gz", 4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
            DataFile("t10k-labels-idx1-ubyte.gz", 5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
        ),
        mirrors=("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",),
    ),
    _gate("or_gate", "OR gate", "1 if either input is 1. A straight line separates the classes."),
    _gate("and_gate", "AND gate", "1 if both inputs are 1. A straight line separates the classes."),
    _gate("nand_gate", "NAND gate", "0 if both inputs are 1. A straight line separates the classes."),
    _gate(
        "xor_gate",
        "XOR gate",
        "1 if the inputs differ. Only a network with a hidden layer can separate the classes.",
    ),
    DatasetSpec(
        name="squares",
        title="Squares",
        description="Five points x = 1…5 with y = x². The inputs are x and x², so a linear network can fit the curve.",
        credit="a textbook exercise",
        license=TABLE_LICENSE,
        homepage="https://en.wikipedia.org/wiki/Polynomial_regression",
        train_size=5,
        feature_names=("x", "x²"),
        target_names=("y",),
        output_plot="curve",
    ),
    DatasetSpec(
        name="random_regression",
        title="Random numbers",
        description="64 examples of 1,000 random inputs and 10 random targets. There is no pattern, so the "
        "network can only memorize them.",
        credit="generated by the program from a fixed seed",
        license=TABLE_LICENSE,
        homepage="https://en.wikipedia.org/wiki/Overfitting",
        train_size=64,
        feature_names=tuple(f"x{number}" for number in range(1, 1001)),
        target_names=tuple(f"y{number}" for number in range(1, 11)),
        output_plot="scatter",
    ),
)
