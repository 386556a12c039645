"""The declarations in types/ are those of the models, and real answers have the shape of the models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal, NotRequired

import pytest
from pydantic import ConfigDict, TypeAdapter, ValidationError
from typing_extensions import TypedDict, get_type_hints, is_typeddict

from docs.typescript import Declarations, api_declarations, event_declarations
from tests.source_tree import ROOT
from tests.support.app_client import Trained
from tests.support.run_engine import make_config
from webapp.web.wire import API, EVENTS

# Each answer and its model; lists are checked item by item.
RUN = "/api/runs/1"
ANSWERS = {
    RUN: "Run",
    f"{RUN}/misclassified": "MisclassifiedList",
    f"{RUN}/misclassified?answer=any&history=early": "MisclassifiedList",
    f"{RUN}/confusion_matrix": "ConfusionMatrix",
    f"{RUN}/calibration": "Calibration",
    f"{RUN}/histories": "HistoryCounts",
    f"{RUN}/histories/3": "ImageHistory",
    f"{RUN}/explanations/0": "Explanation",
    f"{RUN}/explanations/0/examples": "TrainingExamples",
    "/api/hyperparameters": "Schema",
    "/api/runs/99": "ErrorAnswer",
    "/api/runs?limit=no": "ErrorAnswer",
}
LISTS = {
    "/api/runs": "Run",
    f"{RUN}/epochs": "EpochResult",
    "/api/datasets": "DatasetInfo",
    "/api/datasets/digits/test": "LabeledImage",
    "/api/datasets/squares/train": "Example",
    "/api/presets": "Preset",
}


def strict(model: Any) -> TypeAdapter[Any]:
    """A validator that rejects members that the model does not have; JSON has no tuples and one kind of number."""
    for each in model_classes(model):
        each.__pydantic_config__ = ConfigDict(extra="forbid")
    return TypeAdapter(model)


def model_classes(model: Any) -> Iterator[Any]:
    """The TypedDicts within a model, itself included."""
    if is_typeddict(model):
        yield model
        for hint in get_type_hints(model).values():
            yield from model_classes(hint)
    for argument in getattr(model, "__args__", ()):
        yield from model_classes(argument)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    with Trained(make_config(tmp_path_factory.mktemp("wire"))) as trained:
        yield trained


@pytest.mark.parametrize(("path", "name"), ANSWERS.items(), ids=ANSWERS)
def test_an_answer_has_the_shape_of_its_model(run: Trained, path: str, name: str) -> None:
    strict(API[name]).validate_json(run.client.get(path).data, strict=True)


@pytest.mark.parametrize(("path", "name"), LISTS.items(), ids=LISTS)
def test_items_of_a_list_have_the_shape_of_their_model(run: Trained, path: str, name: str) -> None:
    items = run.client.get(path).get_json()["items"]
    assert items
    for item in items:
        strict(API[name]).validate_json(json.dumps(item), strict=True)


def test_answers_to_posts_have_the_shape_of_their_models(run: Trained) -> None:
    wrong = run.get("/misclassified")["items"][0]["index"]
    answers = {
        "ProbeAnswer": run.client.post(f"{run.path}/probe", json={"index": 0, "blur": 0.5}),
        "GuessAnswer": run.client.post(f"{run.path}/guesses", json={"index": 0, "label": 0}),
        "CounterfactualAnswer": run.client.get(f"{run.path}/explanations/{wrong}/repair"),
    }
    for name, response in answers.items():
        strict(API[name]).validate_json(response.data, strict=True)


@pytest.mark.parametrize("dataset", ["xor_gate", "squares", "random_regression"])
def test_outputs_have_the_shape_of_one_model(dataset: str, tmp_path: Any) -> None:
    loss = "binary_cross_entropy" if dataset == "xor_gate" else "mean_squared_error"
    activation = {} if dataset == "xor_gate" else {"output_activation": "linear"}
    with Trained(make_config(tmp_path), dataset=dataset, loss=loss, batching="full_batch", **activation) as run:
        strict(API["Outputs"]).validate_json(run.client.get(f"{run.path}/outputs").data, strict=True)


def test_a_validator_rejects_other_shapes() -> None:
    score = strict(API["GuessScore"])
    score.validate_json('{"guesses": 1, "person_right": 1, "network_right": 0}', strict=True)
    for text in ('{"guesses": 1}', '{"guesses": 1, "person_right": 1, "network_right": 0, "other": 1}', "[]"):
        with pytest.raises(ValidationError):
            score.validate_json(text, strict=True)


@pytest.mark.parametrize(("file", "text"), [("api", api_declarations()), ("events", event_declarations())])
def test_declarations_are_those_of_the_models(file: str, text: str) -> None:
    written = (ROOT / "types" / f"{file}.d.ts").read_text(encoding="utf-8")
    assert written == text, "run `python tasks.py types`"


class Sample(TypedDict):
    """A sample. Its second sentence is left out."""

    number: int
    names: list[str | None]
    pair: tuple[int, float]
    kind: NotRequired[Literal["a", "b"]]
    values: dict[str, bool]


def test_a_model_becomes_an_interface() -> None:
    assert Declarations({"Sample": Sample}).text() == (
        "/** A sample. */\nexport interface Sample {\n  number: number;\n  names: (string | null)[];\n"
        '  pair: [number, number];\n  kind?: "a" | "b";\n  values: Record<string, boolean>;\n}\n'
    )


def test_a_type_that_json_lacks_is_refused() -> None:
    with pytest.raises(TypeError, match="has no TypeScript type"):
        Declarations({"Set": set[int]}).text()


def test_names_are_unique() -> None:
    assert API.keys() & EVENTS.keys() == set()
