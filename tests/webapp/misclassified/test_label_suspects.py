"""Label suspects over HTTP, compared with the neighbors and with the predictions of other runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.support.app_client import Trained
from tests.support.run_engine import make_config
from webapp.runs.results import EpochImages, RunResults


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    """The only run of a dashboard."""
    with Trained(make_config(tmp_path_factory.mktemp("suspects")), epochs=4, hidden_sizes=[8]) as trained:
        yield trained


def test_label_suspects_are_misclassified_images_that_the_neighbors_speak_against_too(run: Trained) -> None:
    items = {item["index"]: item for item in run.list_images("answer=wrong")}
    dataset = run.services.library.load("digits")
    train, test = (split.take(np.arange(len(split))).astype(int) for split in (dataset.train, dataset.test))
    expected = {}
    for index, item in items.items():
        distances = np.square(train - test[index]).sum(axis=1)
        neighbors = np.bincount(dataset.train.labels[np.argsort(distances)[:10]], minlength=10)
        means = (np.array(item["probabilities"]) / sum(item["probabilities"]) + neighbors / 10) / 2
        suggested, label = int(means.argmax()), item["true_label"]
        votes = {"total": 10, "suggested": int(neighbors[suggested]), "label": int(neighbors[label])}
        if suggested != label:
            expected[index] = (suggested, votes, means[suggested] - means[label])
    assert 0 < len(expected) < len(items)

    for answer in ("", "&answer=wrong", "&answer=right", "&answer=any"):
        found = run.list_images(f"suspects=true{answer}")
        assert [item["index"] for item in found] == sorted(expected)
    for item in found:
        suggested, votes, score = expected[item["index"]]
        error = item.pop("label_error")
        assert (error["suggested_label"], error["neighbors"]) == (suggested, votes)
        assert error["score"] == pytest.approx(score, abs=1e-3)
        assert error["runs"] == {"total": 0, "suggested": 0, "label": 0}
        assert item == {name: value for name, value in items[item["index"]].items() if name != "label_error"}
    ranked = run.get("/misclassified?suspects=true&sort=label_error")["items"]
    scores = [item["label_error"]["score"] for item in ranked]
    assert scores == sorted(scores, reverse=True)
    assert run.list_images("suspects=false") == run.list_images("answer=wrong") != run.list_images("suspects=true")


def test_other_runs_on_the_same_images_vote_on_label_suspects(tmp_path: Path) -> None:
    values = {"epochs": 5, "hidden_sizes": [12], "learning_rate": 0.01}
    with Trained(make_config(tmp_path), **values) as trained:
        before = trained.get("/misclassified?suspects=true&sort=label_error&limit=500")["items"]
        runs = trained.app.runs
        for seed, name in enumerate(["Second", "Third"], start=1):
            runs.create(name=name, hyperparameters={**values, "seed": seed})
        poor = runs.create(name="Poor", hyperparameters={"epochs": 1, "hidden_sizes": [], "learning_rate": 1e-9})
        trained.wait_until_ended()
        after = trained.get("/misclassified?suspects=true&sort=label_error&limit=500")["items"]
        own, worse = (runs.get(run_id).metrics for run_id in (1, poor.id))
        assert own
        assert worse
        assert 1 - (worse["test_accuracy"] or 0) > 2 * (1 - (own["test_accuracy"] or 0))  # too many errors to vote
        last = [trained.services.results.predictions(run_id).predictions.predicted for run_id in (2, 3)]
        assert {item["label_error"]["runs"]["total"] for item in before} == {0}
        for item in after:
            error, predicted = item["label_error"], [int(classes[item["index"]]) for classes in last]
            label, suggested = (predicted.count(each) for each in (item["true_label"], error["suggested_label"]))
            assert error["runs"] == {"total": 2, "suggested": suggested, "label": label}
        assert after


def test_a_run_that_is_deleted_meanwhile_does_not_vote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Trained(make_config(tmp_path), epochs=2, hidden_sizes=[8]) as trained:
        runs, service = trained.app.runs, trained.services.misclassified
        other = runs.create(hyperparameters={"epochs": 2, "hidden_sizes": [8]}).id
        trained.wait_until_ended()
        read = RunResults.images

        def delete_other_run(self: RunResults, run_id: int, epoch: int | None = None) -> EpochImages:
            if run_id == other:
                runs.delete(other)
            return read(self, run_id, epoch)

        monkeypatch.setattr(RunResults, "images", delete_other_run)
        found = service.find(1, sort="label_error")
        assert found.label_suspects is not None
        assert found.total == len(found.label_suspects.runs) > 0
        assert not found.label_suspects.runs.any()
