"""The downloadable report of an explanation, over HTTP."""

from __future__ import annotations

import base64
import io
import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.source_tree import ROOT
from tests.support.app_client import EPOCHS, RunClient, Trained
from tests.support.explained_runs import misclassified_index
from tests.support.run_engine import make_config


class Addresses(HTMLParser):
    """Every address in a page, and the names of its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.names: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href"}]


def test_a_page_of_its_own_needs_nothing_else(run: Trained) -> None:
    index = misclassified_index(run, EPOCHS)
    response = run.client.get(f"{run.path}/explanations/{index}.html")
    assert (response.status_code, response.mimetype) == (200, "text/html")
    name = f"misfit-run-1-epoch-{EPOCHS}-image-{index}.html"
    assert response.headers["Content-Disposition"] == f"attachment; filename={name}"
    page = Addresses(response.text)
    assert page.names.count("img") >= 3 + 3 + 10
    assert all(address.startswith(("data:image/png;base64,", "data:text/css;base64,")) for address in page.addresses)
    assert set(page.names) & {"script", "style", "iframe", "object"} == set()
    for address in page.addresses:
        content = base64.b64decode(address.partition("base64,")[2])
        if address.startswith("data:image"):
            assert Image.open(io.BytesIO(content)).size == (8, 8)
        else:
            assert b"url(" not in content
            assert b"@import" not in content


def test_the_page_tells_what_the_explanation_tells(run: Trained) -> None:
    index = misclassified_index(run, EPOCHS)
    explained = run.get(f"/explanations/{index}")
    text = run.client.get(f"{run.path}/explanations/{index}.html").text
    heading = re.sub(r"<[^>]*>", "", text[text.index("<h1>") : text.index("</h1>")])
    assert heading == f"✗ Predicted {explained['predicted_label']} instead of {explained['true_label']}"
    assert f"z({explained['predicted_label']}) − z({explained['rival_label']})" in text
    shown = re.search(rf"z\({explained['predicted_label']}\) − z\({explained['rival_label']}\) = ([+−][\d.]+)<", text)
    assert shown
    decimals = len(shown[1].partition(".")[2])
    assert decimals >= 2
    assert float(shown[1].replace("−", "-")) == round(explained["gap"]["value"], decimals)
    for one in run.get(f"/explanations/{index}/examples")["pushes"]:
        assert f"№ {one['index']:,}" in text
    size = run.get(f"/explanations/{index}/repair")["size"]
    assert f"a change of {size:.2f}" in text
    right = np.array(explained["shifts"]["predicted"]) == explained["true_label"]
    assert f"at {right.sum()} of 81 positions" in text


def test_the_page_tells_what_a_push_is_summed_from(run: Trained) -> None:
    text = run.client.get(f"{run.path}/explanations/0.html").text
    assert "Weights of epochs 1, 2, 3." in text
    assert "Σ learning rates × fraction of the batch × (−∇loss · ∇gap)" in text
    assert "do not add up to the gap" in text


@pytest.mark.parametrize(
    ("activation", "explanation"),
    [("relu", "Standardized black pixels contribute too"), ("tanh", "Integrated gradients")],
)
def test_the_method_of_the_attribution_is_explained(activation: str, explanation: str, tmp_path: Any) -> None:
    chosen = {"optimizer": "sgd", "input_scaling": "standardize", "activation": activation}
    with Trained(make_config(tmp_path), **chosen) as run:
        text = run.client.get(f"{run.path}/explanations/0.html?epoch=1").text
        assert "Weights of epochs 1." in text
        assert explanation in text


def test_report_and_page_share_titles_and_explanations(run: Trained) -> None:
    """Each text of texts.html that the report uses stands in the misclassified page too."""
    index = misclassified_index(run, EPOCHS)
    report = run.client.get(f"{run.path}/explanations/{index}.html").text
    page = run.client.get(f"/runs/{run.run_id}/misclassified?image={index}").text
    source = (ROOT / "templates" / "parts" / "explanations" / "texts.html").read_text(encoding="utf-8")
    texts = dict(re.findall(r"{% macro (\w+)\(\) %}(.*?){% endmacro %}", source, re.DOTALL))
    shared = {name for name, text in texts.items() if text in report}
    assert {"title_gap", "title_pixels", "title_counterfactual", "how_outputs", "how_gap", "how_influence"} <= shared
    assert {name for name in shared if texts[name] not in page} == set()


def test_a_name_is_text_in_the_page(trained_copy: RunClient) -> None:
    trained_copy.app.runs.update(trained_copy.run_id, name="<script>alert(1)</script> & more")
    text = trained_copy.client.get(f"{trained_copy.path}/explanations/0.html").text
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in text
