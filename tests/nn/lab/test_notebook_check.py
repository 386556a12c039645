"""`check_gradient` with functions as learners write them."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from nn.errors import ShapeError
from nn.lab import check_gradient
from tests.source_tree import ROOT

Arrays = dict[str, Any]
X = np.random.default_rng(0).standard_normal((20, 5))
Y = np.eye(3)[np.random.default_rng(1).integers(0, 3, 20)]


def parameters() -> Arrays:
    rng = np.random.default_rng(2)
    return {
        "W1": 0.5 * rng.standard_normal((5, 3)),
        "b1": 0.1 * rng.standard_normal(3),
        "W2": 0.5 * rng.standard_normal((3, 3)),
        "b2": 0.1 * rng.standard_normal(3),
    }


def forward(p: Arrays, inputs: Any) -> tuple[Any, Any]:
    hidden = np.maximum(inputs @ p["W1"] + p["b1"], 0)
    exponentials = np.exp(hidden @ p["W2"] + p["b2"])
    return hidden, exponentials / exponentials.sum(axis=1, keepdims=True)


def cost(p: Arrays, inputs: Any, targets: Any) -> Any:
    return -(targets * np.log(forward(p, inputs)[1])).sum(axis=1).mean()


def gradient(p: Arrays, inputs: Any, targets: Any, *, mask: bool = True, scale: float = 1.0) -> Arrays:
    hidden, probabilities = forward(p, inputs)
    error = scale * (probabilities - targets) / len(inputs)
    hidden_error = (error @ p["W2"].T) * ((hidden > 0) if mask else 1)
    return {
        "W1": inputs.T @ hidden_error,
        "b1": hidden_error.sum(axis=0),
        "W2": hidden.T @ error,
        "b2": error.sum(axis=0),
    }


def wrong(p: Arrays, inputs: Any, targets: Any, **changes: Any) -> Arrays:
    """Return the right gradient after replacing arrays by functions of the right ones."""
    right = gradient(p, inputs, targets)
    return right | {name: change(right[name], p) for name, change in changes.items()}


def ratios(report: Any) -> dict[str, str]:
    return {array.name: array.ratio.kind for array in report.arrays if not array.agrees}


def test_a_right_gradient_agrees() -> None:
    report = check_gradient(cost, gradient, parameters(), X, Y)
    assert report.agrees
    assert report.first_disagreement is None
    assert max(array.error for array in report.arrays) < 1e-7
    assert str(report).startswith("The gradient agrees")
    assert "other data" in str(report)


def test_the_first_wrong_layer_from_the_output_is_named() -> None:
    report = check_gradient(cost, lambda *a: gradient(*a, mask=False), parameters(), X, Y)
    assert set(ratios(report)) == {"W1", "b1"}
    assert "the layer of W1 and b1 is the first" in report.summary


def test_a_wrong_formula_of_one_array_is_named_alone() -> None:
    changed = check_gradient(cost, lambda *a: wrong(*a, b1=lambda g, _p: np.full_like(g, g.sum())), parameters(), X, Y)
    assert ratios(changed) == {"b1": "sum_over_units"}
    assert "the formula of b1 alone is wrong" in changed.summary
    assert changed.first_disagreement is changed.arrays[1]


@pytest.mark.parametrize(
    ("scale", "kind"), [(20.0, "batch_size"), (1 / 20, "batch_size"), (-1.0, "sign"), (2.0, "constant")]
)
def test_a_constant_ratio_is_named(scale: float, kind: str) -> None:
    report = check_gradient(cost, lambda *a: gradient(*a, scale=scale), parameters(), X, Y)
    assert set(ratios(report).values()) == {kind}
    assert report.arrays[0].ratio.value == pytest.approx(scale)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda g, _p: g.T, "transposed"),
        (lambda g, p: g + 0.01 * p["W2"], "weights"),
        (lambda g, _p: 0 * g, "zero"),
        (lambda g, _p: g * np.array([1.0, 2.0, 3.0]), "per_unit"),
        (lambda g, _p: g + 1.0, "other"),
        (lambda g, _p: g * np.nan, "other"),
    ],
)
def test_the_kind_of_the_ratio_is_named(change: Any, kind: str) -> None:
    report = check_gradient(cost, lambda *a: wrong(*a, W2=change), parameters(), X, Y)
    assert ratios(report) == {"W2": kind}


def test_an_array_of_another_shape_is_an_error_that_names_the_transpose() -> None:
    with pytest.raises(ShapeError, match=r"W1 must have the shape \(5, 3\), not \(3, 5\); it fits after transposing"):
        check_gradient(cost, lambda *a: wrong(*a, W1=lambda g, _p: g.T), parameters(), X, Y)
    with pytest.raises(ShapeError, match="must have the arrays W1, b1, W2, b2, not W1"):
        check_gradient(cost, lambda *a: {"W1": gradient(*a)["W1"]}, parameters(), X, Y)


def test_a_list_and_a_single_array_are_parameters_too() -> None:
    target = np.arange(6.0).reshape(2, 3)
    single = check_gradient(lambda w: 0.5 * np.square(w - target).sum(), lambda w: w - target, np.ones((2, 3)))
    assert [array.name for array in single.arrays] == ["array"]
    assert single.agrees
    listed = check_gradient(
        lambda p: float(p[0].sum() * p[1].sum()),
        lambda p: [p[1].sum() + 0 * p[0], p[0].sum() + 0 * p[1]],
        [np.ones(2), np.ones(3)],
    )
    assert [array.name for array in listed.arrays] == ["array 1", "array 2"]
    assert listed.agrees


def test_right_on_an_or_gate_and_wrong_on_an_and_gate() -> None:
    """A gradient that takes −|a − y| for a − y is right without biases, where all y are 1 except for x = 0."""
    inputs = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])

    def output(w: Any) -> Any:
        return 1 / (1 + np.exp(-inputs @ w))

    def cost_of_gate(w: Any, y: Any) -> Any:
        return -(y * np.log(output(w)) + (1 - y) * np.log(1 - output(w))).mean()

    def lucky_gradient(w: Any, y: Any) -> Any:
        return -inputs.T @ np.abs(output(w) - y) / 4

    start = np.array([0.1, -0.2])
    assert check_gradient(cost_of_gate, lucky_gradient, start, np.array([0.0, 1, 1, 1])).agrees
    assert not check_gradient(cost_of_gate, lucky_gradient, start, np.array([0.0, 0, 0, 1])).agrees


def test_parameters_of_an_integer_type_get_a_note_and_do_not_change() -> None:
    weights = np.array([1, 2, 3])
    report = check_gradient(lambda w: 0.5 * np.square(w).sum(), lambda w: w, weights)
    assert report.agrees
    assert "int64: in your program, each step is truncated" in str(report).replace("int32", "int64")
    np.testing.assert_array_equal(weights, [1, 2, 3])


def test_inputs_that_wrap_around_get_a_note() -> None:
    pixels = np.array([[250, 3]], np.uint8)
    report = check_gradient(
        lambda w, x: float((x @ w).sum()), lambda _w, x: x.sum(axis=0) * np.ones(2), np.ones(2), pixels
    )
    assert "uint8: sums and products wrap around" in str(report)


def test_a_gradient_that_takes_a_step_itself_gets_a_note() -> None:
    def stepping(p: Arrays, inputs: Any, targets: Any) -> Arrays:
        found = gradient(p, inputs, targets)
        p["W1"] -= 0.1 * found["W1"]
        return found

    report = check_gradient(cost, stepping, parameters(), X, Y)
    assert report.agrees
    assert "The function gradient changes W1" in str(report)


def test_a_random_cost_gets_a_note() -> None:
    rng = np.random.default_rng(0)
    report = check_gradient(lambda w: float(w.sum() + rng.random()), np.ones_like, np.ones(2))
    assert "The cost is random" in str(report)


def test_a_cost_that_is_not_finite_gets_a_note() -> None:
    report = check_gradient(lambda _w: float("nan"), np.ones_like, np.ones(2))
    assert "The cost is nan" in str(report)


def test_units_at_their_kink_are_left_out() -> None:
    report = check_gradient(
        lambda w: float(np.maximum(w, 0).sum()), lambda w: (w > 0) * 1.0, np.array([0.0, 1.0, -1.0])
    )
    assert report.agrees
    assert report.arrays[0].n_compared == 2


@pytest.mark.parametrize(
    ("bad_cost", "message"),
    [
        (lambda w: w, "must return one number, not an array of shape"),
        (lambda w: np.float32(w.sum()), "must compute in float64, not float32"),
        (lambda _w: None, "must return one number"),
    ],
)
def test_a_cost_that_is_no_number_is_an_error(bad_cost: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_gradient(bad_cost, lambda w: w, np.ones(3))


@pytest.mark.parametrize("bad", [np.ones(0), [], {}, {"W": np.ones((2, 0))}])
def test_empty_parameters_are_an_error(bad: Any) -> None:
    with pytest.raises(ValueError, match="at least one array"):
        check_gradient(lambda _p: 0.0, lambda p: p, bad)


def test_parameters_that_are_no_numbers_are_an_error() -> None:
    with pytest.raises(TypeError, match="must be an array of real numbers"):
        check_gradient(lambda _p: 0.0, lambda p: p, {"W": "text"})


def test_the_report_is_html_in_a_notebook_and_escapes_names() -> None:
    report = check_gradient(
        lambda p: float(p["<b>"].sum()), lambda p: {"<b>": 2 * np.ones_like(p["<b>"])}, {"<b>": np.ones(3)}
    )
    html = report._repr_html_()
    assert "&lt;b&gt;" in html
    assert "<b>&lt;" not in html.replace("<p><b>", "")
    assert "2 times the right one" in html


def test_the_example_of_the_document_runs() -> None:
    text = (ROOT / "docs" / "lab.md").read_text(encoding="utf-8")
    program, documented = (text.split(f"```{language}\n")[1].partition("```")[0] for language in ("python", "text"))
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    verdicts = [
        [line.split("  ")[-1] for line in output.strip().splitlines()] for output in (result.stdout, documented)
    ]
    assert verdicts[0] == verdicts[1]
