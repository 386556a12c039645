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
from webapp.explanations.number_format import upper_bound


class PageParts(HTMLParser):
    """The URLs in a page and the names of its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.names: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.urls += [value or "" for name, value in attrs if name in {"src", "href"}]


def test_a_report_loads_no_other_file(run: Trained) -> None:
    index = misclassified_index(run, EPOCHS)
    response = run.client.get(f"{run.path}/explanations/{index}.html")
    assert (response.status_code, response.mimetype) == (200, "text/html")
    name = f"misfit-run-1-epoch-{EPOCHS}-image-{index}.html"
    assert response.headers["Content-Disposition"] == f"attachment; filename={name}"
    page = PageParts(response.text)
    assert page.names.count("img") >= 3 + 3 + 10
    assert all(url.startswith(("data:image/png;base64,", "data:text/css;base64,")) for url in page.urls)
    assert set(page.names) & {"script", "style", "iframe", "object"} == set()
    for url in page.urls:
        content = base64.b64decode(url.partition("base64,")[2])
        if url.startswith("data:image"):
            assert Image.open(io.BytesIO(content)).size == (8, 8)
        else:
            assert b"url(" not in content
            assert b"@import" not in content


def test_a_report_shows_the_values_of_the_explanation(run: Trained) -> None:
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
    for image in run.get(f"/explanations/{index}/examples")["pushes"]:
        assert f"№ {image['index']:,}" in text
    size = run.get(f"/explanations/{index}/repair")["size"]
    assert f"has a size of at most {upper_bound(size)}." in text
    is_correct = np.array(explained["shifts"]["predicted"]) == explained["true_label"]
    assert f"at {is_correct.sum()} of 81 positions" in text


def test_a_report_shows_how_training_influence_is_computed(run: Trained) -> None:
    text = run.client.get(f"{run.path}/explanations/0.html").text
    assert "Weights of epochs 1, 2, 3." in text
    assert "Σ learning rates × weight in the cost × (−∇loss · ∇gap)" in text
    assert "do not add up to the gap" in text


@pytest.mark.parametrize(
    ("activation", "explanation"),
    [("relu", "Standardized black pixels contribute too"), ("tanh", "Integrated gradients")],
)
def test_a_report_explains_the_method_of_the_attribution(activation: str, explanation: str, tmp_path: Any) -> None:
    chosen = {"optimizer": "sgd", "input_scaling": "standardize", "activation": activation}
    with Trained(make_config(tmp_path), **chosen) as run:
        text = run.client.get(f"{run.path}/explanations/0.html?epoch=1").text
        assert "Weights of epochs 1." in text
        assert explanation in text


def test_a_report_and_the_misclassified_page_share_titles_and_explanations(run: Trained) -> None:
    """If the report contains a text of texts.html, the misclassified page also contains it."""
    index = misclassified_index(run, EPOCHS)
    report = run.client.get(f"{run.path}/explanations/{index}.html").text
    page = run.client.get(f"/runs/{run.run_id}/misclassified?image={index}").text
    source = (ROOT / "templates" / "parts" / "explanations" / "texts.html").read_text(encoding="utf-8")
    texts = dict(re.findall(r"{% macro (\w+)\(\) %}(.*?){% endmacro %}", source, re.DOTALL))
    shared = {name for name, text in texts.items() if text in report}
    assert {"title_gap", "title_pixels", "title_counterfactual", "how_outputs", "how_gap", "how_influence"} <= shared
    assert {name for name in shared if texts[name] not in page} == set()


def test_a_report_escapes_the_name_of_the_run(trained_copy: RunClient) -> None:
    trained_copy.app.runs.update(trained_copy.run_id, name="<script>alert(1)</script> & more")
    text = trained_copy.client.get(f"{trained_copy.path}/explanations/0.html").text
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in text
