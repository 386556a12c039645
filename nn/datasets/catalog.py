"""What is known of each data set before any of its files is opened."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file to fetch, with the checksum of the public mirrors' compressed file."""

    name: str
    md5: str


@dataclass(frozen=True, slots=True)
class DatasetSpec:
    """A data set's facts: sizes in images, `image_shape` in pixels, the largest value of a pixel, its credit.

    `files` is empty where the data comes with the program. `mirrors` are tried in turn.
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
    download_bytes: int = 0

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


def _idx_files(train_images: str, train_labels: str, test_images: str, test_labels: str) -> tuple[DataFile, ...]:
    return (
        DataFile("train-images-idx3-ubyte.gz", train_images),
        DataFile("train-labels-idx1-ubyte.gz", train_labels),
        DataFile("t10k-images-idx3-ubyte.gz", test_images),
        DataFile("t10k-labels-idx1-ubyte.gz", test_labels),
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
            files=_idx_files(
                "f68b3c2dcbeaaa9fbdd348bbdeb94873",
                "d53e105ee54ea40749a09fcbcd1e9432",
                "9fb629c4189551a2d022fa330f9573f3",
                "ec29112dd5afa0611ce80d1b7f02629c",
            ),
            mirrors=(
                "https://storage.googleapis.com/cvdf-datasets/mnist/",
                "https://ossci-datasets.s3.amazonaws.com/mnist/",
            ),
            download_bytes=11_594_722,
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
            files=_idx_files(
                "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
                "25c81989df183df01b3e8a0aad5dffbe",
                "bef4ecab320f06d8554ea6380940ec79",
                "bb300cfdad3c16e7a12a480ee83cd310",
            ),
            mirrors=("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",),
            download_bytes=30_878_645,
        ),
    )
}
