"""What is known of each data set before any of its files is opened."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DataFile:
    """One zipped file: its name, its size in bytes and md5 on the public mirrors.

    Another copy may have been zipped anew; `content_sha256`, where it is known, is that of the unzipped bytes.
    """

    name: str
    size: int
    md5: str
    content_sha256: str = ""

    @property
    def n_dimensions(self) -> int:
        """Dimensions of the array in it, which an IDX file's name tells: 3 for images, 1 for labels."""
        return 3 if "idx3" in self.name else 1


@dataclass(frozen=True, slots=True)
class DatasetSpec:
    """A data set's facts: sizes in images, `image_shape` in pixels, the largest value of a pixel, its credit.

    `files` is empty where the data comes with the program; otherwise it is the images and labels to train on, then
    those to test on. `mirrors` are addresses that a file's name is added to, tried in turn.
    """

    name: str
    title: str
    description: str
    credit: str
    license: str
    homepage: str
    class_names: tuple[str, ...]
    image_shape: tuple[int, int]
    pixel_max: int
    train_size: int
    test_size: int
    files: tuple[DataFile, ...] = ()
    mirrors: tuple[str, ...] = ()

    @property
    def download_bytes(self) -> int:
        """Bytes to fetch, all files together."""
        return sum(file.size for file in self.files)

    @property
    def n_features(self) -> int:
        """Numbers that one image has."""
        return self.image_shape[0] * self.image_shape[1]

    @property
    def n_classes(self) -> int:
        """Classes to tell apart."""
        return len(self.class_names)


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


CATALOG: dict[str, DatasetSpec] = {
    spec.name: spec
    for spec in (
        DatasetSpec(
            name="digits",
            title="8×8 digits",
            description="1,797 small handwritten digits that come with the program; a fifth, drawn evenly from "
            "each class, is kept for testing.",
            credit="E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, 1998, by way of scikit-learn",
            license="CC BY 4.0",
            homepage="https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits",
            class_names=DIGIT_NAMES,
            image_shape=(8, 8),
            pixel_max=16,
            train_size=1438,
            test_size=359,
        ),
        DatasetSpec(
            name="digits_in_order",
            title="8×8 digits, last writers for testing",
            description="The same 1,797 digits in their stored order: the first 1,438 for training, the last 359 "
            "for testing. Those are by writers the network never saw, which is harder.",
            credit="E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, 1998, by way of scikit-learn",
            license="CC BY 4.0",
            homepage="https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits",
            class_names=DIGIT_NAMES,
            image_shape=(8, 8),
            pixel_max=16,
            train_size=1438,
            test_size=359,
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
            description="70,000 pictures of clothes in ten classes, 28×28 pixels, 10,000 of them for testing; "
            "harder than digits.",
            credit="H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST, 2017",
            license="MIT",
            homepage="https://github.com/zalandoresearch/fashion-mnist",
            class_names=FASHION_NAMES,
            image_shape=(28, 28),
            pixel_max=255,
            train_size=60_000,
            test_size=10_000,
            files=(
                DataFile("train-images-idx3-ubyte.gz", 26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
                DataFile("train-labels-idx1-ubyte.gz", 29_515, "25c81989df183df01b3e8a0aad5dffbe"),
                DataFile("t10k-images-idx3-ubyte.gz", 4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
                DataFile("t10k-labels-idx1-ubyte.gz", 5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
            ),
            mirrors=("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",),
        ),
    )
}
