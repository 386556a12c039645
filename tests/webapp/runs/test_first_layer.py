"""The image of the first layer's weights, over HTTP."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from tests.support.app_client import EPOCHS, RunClient, error_of


def test_first_weights_are_drawn_as_they_were_after_any_epoch(trained: RunClient) -> None:
    def drawing(query: str) -> Any:
        response = trained.client.get(f"{trained.path}/first_layer_weights.png{query}")
        assert response.mimetype == "image/png"
        return response

    drawn = [drawing(f"?epoch={epoch}") for epoch in range(1, EPOCHS + 1)]
    assert len({response.data for response in drawn}) == EPOCHS
    assert drawn[-1].data == drawing("").data
    assert len({response.headers["ETag"] for response in drawn}) == EPOCHS
    again = trained.client.get(
        f"{trained.path}/first_layer_weights.png?epoch=1", headers={"If-None-Match": drawn[0].headers["ETag"]}
    )
    assert again.status_code == 304
    assert Image.open(io.BytesIO(drawing("?epoch=1&unit=3").data)).size == (8, 8)
    assert error_of(trained.client.get(f"{trained.path}/first_layer_weights.png?epoch=1&unit=12"), 422)["fields"]
    error_of(trained.client.get(f"{trained.path}/first_layer_weights.png?epoch={EPOCHS + 1}"), 404)
