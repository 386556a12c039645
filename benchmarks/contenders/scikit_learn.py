"""scikit-learn's multi-layer perceptron. An epoch is one call of `partial_fit` with all images, which shuffles them.

The sigmoid network needs a quadratic cost, which scikit-learn offers only for a regressor with linear outputs. With the
learning rate of the sigmoid network, linear outputs diverge. So the regressor trains on one-hot targets with a lower
learning rate, which does not change the time of an epoch.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier, MLPRegressor
from threadpoolctl import threadpool_limits

from benchmarks.contenders.turns import parse_arguments, take_turns
from benchmarks.contenders.workloads import BETA_1, BETA_2, EPSILON, N_CLASSES, Images, Workload

LEARNING_RATE_OF_LINEAR_OUTPUTS = 0.03


class ScikitLearn:
    """scikit-learn model.

    Training on one mini-batch creates its weights, which are then replaced by those of the workload.
    """

    def __init__(self, workload: Workload, images: Images) -> None:
        self._images = images
        options: dict[str, Any] = {
            "hidden_layer_sizes": workload.hidden_sizes,
            "solver": workload.optimizer,
            "batch_size": workload.batch_size,
            "learning_rate_init": workload.learning_rate,
            "alpha": 0.0,
            "momentum": 0.0,
            "nesterovs_momentum": False,
            "beta_1": BETA_1,
            "beta_2": BETA_2,
            "epsilon": EPSILON,
            "random_state": 0,
        }
        first = slice(workload.batch_size)
        self._model: Any
        self._targets: NDArray[Any]
        if workload.units == "sigmoid":
            options |= {"activation": "logistic", "learning_rate_init": LEARNING_RATE_OF_LINEAR_OUTPUTS}
            self._model = MLPRegressor(**options)
            self._targets = np.eye(N_CLASSES, dtype=np.float32)[images.train_labels]
            self._model.partial_fit(images.train[first], self._targets[first])
        else:
            self._model = MLPClassifier(activation="relu", **options)
            self._targets = images.train_labels
            self._model.partial_fit(images.train[first], self._targets[first], classes=np.arange(N_CLASSES))
        for layer, (weights, biases) in enumerate(workload.first_layers()):
            self._model.coefs_[layer][:] = weights
            self._model.intercepts_[layer][:] = biases

    def epoch(self) -> None:
        """Train once on each image."""
        self._model.partial_fit(self._images.train, self._targets)

    def accuracy(self) -> float:
        """Return the accuracy on the test images."""
        predict = getattr(self._model, "predict_proba", self._model.predict)
        return self._images.accuracy(predict(self._images.test))


def main() -> None:
    workload, n_threads = parse_arguments()
    with threadpool_limits(n_threads):
        model = ScikitLearn(workload, Images.load())
        take_turns(model.epoch, model.accuracy)


if __name__ == "__main__":
    main()
