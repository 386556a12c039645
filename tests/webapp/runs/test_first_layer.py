"""The image of the first-layer weights, over HTTP."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from tests.support.app_client import EPOCHS, RunClient, error_of


def test_first_layer_weights_are_drawn_for_each_epoch(trained: RunClient) -> None:
    def get_image(query: str) -> Any:
        response = trained.client.get(f"{trained.path}/first_layer_weights.png{query}")
        assert response.mimetype == "image/png"
        return response

    images = [get_image(f"?epoch={epoch}") for epoch in range(1, EPOCHS + 1)]
    assert len({response.data for response in images}) == EPOCHS
    assert images[-1].data == get_image("").data
    assert len({response.headers["ETag"] for response in images}) == EPOCHS
    again = trained.client.get(
        f"{trained.path}/first_layer_weights.png?epoch=1", headers={"If-None-Match": images[0].headers["ETag"]}
    )
    assert again.status_code == 304
    assert Image.open(io.BytesIO(get_image("?epoch=1&unit=3").data)).size == (8, 8)
    assert error_of(trained.client.get(f"{trained.path}/first_layer_weights.png?epoch=1&unit=12"), 422)["fields"]
    error_of(trained.client.get(f"{trained.path}/first_layer_weights.png?epoch={EPOCHS + 1}"), 404)
