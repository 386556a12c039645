"""Wire models: the declarations in types/ match them, and real responses conform to them."""

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

# Paths of responses, and the name of the model of each response. The items of LISTS are validated one by one.
RUN = "/api/runs/1"
RESPONSES = {
    RUN: "Run",
    f"{RUN}/misclassified": "MisclassifiedList",
    f"{RUN}/misclassified?answer=any&history=early": "MisclassifiedList",
    f"{RUN}/confusion_matrix": "ConfusionMatrix",
    f"{RUN}/trials": "Trials",
    f"{RUN}/calibration": "Calibration",
    f"{RUN}/histories": "HistoryCounts",
    f"{RUN}/histories/3": "ImageHistory",
    f"{RUN}/explanations/0": "Explanation",
    f"{RUN}/explanations/0/examples": "TrainingExamples",
    "/api/hyperparameters": "Schema",
    "/api/runs/99": "ErrorResponse",
    "/api/runs?limit=no": "ErrorResponse",
}
LISTS = {
    "/api/runs": "Run",
    f"{RUN}/epochs": "EpochResult",
    f"{RUN}/telemetry": "Telemetry",
    "/api/datasets": "DatasetInfo",
    "/api/datasets/digits/test": "LabeledImage",
    "/api/datasets/squares/train": "Example",
    "/api/presets": "Preset",
}


def strict_validator(model: Any) -> TypeAdapter[Any]:
    """Return a validator of JSON that rejects members that the model does not have."""
    for each in model_classes(model):
        each.__pydantic_config__ = ConfigDict(extra="forbid")
    return TypeAdapter(model)


def model_classes(model: Any) -> Iterator[Any]:
    """Yield the model and all TypedDicts within it."""
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


@pytest.mark.parametrize(("path", "name"), RESPONSES.items(), ids=RESPONSES)
def test_a_response_conforms_to_its_model(run: Trained, path: str, name: str) -> None:
    strict_validator(API[name]).validate_json(run.client.get(path).data, strict=True)


@pytest.mark.parametrize(("path", "name"), LISTS.items(), ids=LISTS)
def test_items_of_a_list_conform_to_their_model(run: Trained, path: str, name: str) -> None:
    items = run.client.get(path).get_json()["items"]
    assert items
    for item in items:
        strict_validator(API[name]).validate_json(json.dumps(item), strict=True)


def test_explanation_responses_conform_to_their_models(run: Trained) -> None:
    misclassified = run.get("/misclassified")["items"][0]["index"]
    responses = {
        "ProbeResponse": run.client.post(f"{run.path}/probe", json={"index": 0, "blur": 0.5}),
        "GuessResponse": run.client.post(f"{run.path}/guesses", json={"index": 0, "label": 0}),
        "CounterfactualResponse": run.client.get(f"{run.path}/explanations/{misclassified}/repair"),
    }
    for name, response in responses.items():
        strict_validator(API[name]).validate_json(response.data, strict=True)


@pytest.mark.parametrize("dataset", ["xor_gate", "squares", "random_regression"])
def test_outputs_conform_to_their_model(dataset: str, tmp_path: Any) -> None:
    loss = "binary_cross_entropy" if dataset == "xor_gate" else "mean_squared_error"
    activation = {} if dataset == "xor_gate" else {"output_activation": "linear"}
    with Trained(make_config(tmp_path), dataset=dataset, loss=loss, batching="full_batch", **activation) as run:
        strict_validator(API["Outputs"]).validate_json(run.client.get(f"{run.path}/outputs").data, strict=True)


def test_a_validator_rejects_other_json() -> None:
    score = strict_validator(API["GuessScore"])
    score.validate_json('{"guesses": 1, "person_right": 1, "network_right": 0}', strict=True)
    for text in ('{"guesses": 1}', '{"guesses": 1, "person_right": 1, "network_right": 0, "other": 1}', "[]"):
        with pytest.raises(ValidationError):
            score.validate_json(text, strict=True)


@pytest.mark.parametrize(("file", "text"), [("api", api_declarations()), ("events", event_declarations())])
def test_declarations_match_the_models(file: str, text: str) -> None:
    written = (ROOT / "types" / f"{file}.d.ts").read_text(encoding="utf-8")
    assert written == text, "run `python tasks.py types`"


class Sample(TypedDict):
    """A sample.

    Its declaration contains the whole docstring.
    """

    number: int
    names: list[str | None]
    pair: tuple[int, float]
    kind: NotRequired[Literal["a", "b"]]
    values: dict[str, bool]


class Short(TypedDict):
    """A comment on one line."""

    number: int


def test_a_docstring_of_one_line_becomes_a_comment_on_one_line() -> None:
    text = Declarations({"Short": Short}).text()
    assert text == "/** A comment on one line. */\nexport interface Short {\n  number: number;\n}\n"


def test_a_model_becomes_an_interface() -> None:
    assert Declarations({"Sample": Sample}).text() == (
        "/**\n * A sample.\n *\n * Its declaration contains the whole docstring.\n */\n"
        "export interface Sample {\n  number: number;\n  names: (string | null)[];\n"
        '  pair: [number, number];\n  kind?: "a" | "b";\n  values: Record<string, boolean>;\n}\n'
    )


def test_a_type_that_json_lacks_is_rejected() -> None:
    with pytest.raises(TypeError, match="has no TypeScript type"):
        Declarations({"Set": set[int]}).text()


def test_model_names_are_unique() -> None:
    assert API.keys() & EVENTS.keys() == set()
