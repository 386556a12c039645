"""The data of the first view that the page of misclassified images contains."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest

from tests.support.app_client import RunClient

PAGE_SIZE = 48


def first_view(trained: RunClient, query: str = "") -> Any:
    """Return the data in the page."""
    page = trained.client.get(f"/runs/{trained.run_id}/misclassified{query}").text
    (data,) = re.findall(r'<script type="application/json" id="first-view">([^<]*)</script>', page)
    return json.loads(data)


@pytest.mark.parametrize(
    ("query", "epoch", "listed"),
    [
        ("", 3, {}),
        ("?epoch=2&order=asc&offset=48", 2, {"order": "asc", "offset": 48}),
        ("?sort=loss&true=4&answer=any&epoch=9&suspects=true", 3,
         {"true": 4, "answer": "any", "suspects": True, "sort": "loss"}),
        ("?min_confidence=0.50&max_margin=.25&flagged=false&sort=confidence&x=1&tab=gap&offset=0&v=1", 3,
         {"min_confidence": 0.5, "max_margin": 0.25, "flagged": False}),
    ],
    ids=["usual", "a page", "other order", "other notation"],
)  # fmt: skip
def test_the_page_contains_the_answers_for_its_view(
    trained: RunClient, query: str, epoch: int, listed: dict[str, Any]
) -> None:
    found = first_view(trained, query)
    answers = found["answers"]
    assert answers["query"] == {**listed, "epoch": epoch}
    assert answers["limit"] == PAGE_SIZE
    parameters = "".join(f"&{name}={str(value).lower()}" for name, value in listed.items())
    assert answers["list"] == trained.get(f"/misclassified?epoch={epoch}&limit={PAGE_SIZE}{parameters}")
    assert answers["matrix"] == trained.get(f"/confusion_matrix?epoch={epoch}")
    assert answers["image"] is None
    assert found["epochs"] == trained.get("/epochs")["items"]
    assert found["dataset"] in trained.client.get("/api/datasets").get_json()["items"]
    assert found["version"] == trained.client.get(f"{trained.path}/confusion_matrix").get_etag()[0]


def test_the_page_contains_the_pixels_of_all_images_of_its_view(trained: RunClient) -> None:
    listed = [item["index"] for item in trained.get(f"/misclassified?limit={PAGE_SIZE}")["items"]]
    other = next(index for index in range(len(listed) + 1) if index not in listed)
    for query, expected in (("", listed), (f"?image={listed[0]}", listed), (f"?image={other}", [*listed, other])):
        pixels = first_view(trained, query)["answers"]["pixels"]
        assert pixels["indices"] == expected
        address = f"/api/datasets/digits/test/pixels?indices={','.join(map(str, expected))}"
        assert base64.b64decode(pixels["bytes"]) == trained.client.get(address).data


def test_the_page_contains_the_prediction_for_an_open_image_that_is_not_listed(trained: RunClient) -> None:
    listed = [item["index"] for item in trained.get(f"/misclassified?limit={PAGE_SIZE}")["items"]]
    other = next(index for index in range(len(listed) + 1) if index not in listed)
    assert first_view(trained, f"?image={other}")["answers"]["image"] == trained.get(f"/predictions/{other}")
    assert first_view(trained, f"?image={listed[0]}")["answers"]["image"] is None


@pytest.mark.parametrize(
    "query",
    [
        "?true=10",
        "?history=x",
        "?min_confidence=nan",
        "?offset=-1",
        "?image=x",
        "?image=359",
        "?epoch=0",
        "?sort=change",
    ],
)
def test_scripts_request_the_answers_for_an_invalid_or_slow_view(trained: RunClient, query: str) -> None:
    found = first_view(trained, query)
    assert found["answers"] is None
    assert len(found["epochs"]) == 3


def test_a_text_of_a_person_cannot_end_the_data(trained: RunClient) -> None:
    index = trained.get("/misclassified?limit=1")["items"][0]["index"]
    note = "</script><script>alert(1)</script><!--"
    address = "/api/datasets/digits/test/annotations"
    try:
        assert trained.client.patch(address, json={"indices": [index], "note": note}).status_code == 200
        assert first_view(trained)["answers"]["list"]["items"][0]["annotation"]["note"] == note
    finally:
        trained.client.patch(address, json={"indices": [index], "note": ""})
