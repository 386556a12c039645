"""Images where the browser protects canvases against fingerprinting."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from tests.browser.support.image_detail import ImageDetail

PROTECT_CANVASES = """
    const put = CanvasRenderingContext2D.prototype.putImageData;
    window.drawn = new WeakMap();
    CanvasRenderingContext2D.prototype.putImageData = function (image, ...place) {
        window.drawn.set(this.canvas, [...image.data]);
        return put.call(this, image, ...place);
    };
    const get = CanvasRenderingContext2D.prototype.getImageData;
    CanvasRenderingContext2D.prototype.getImageData = function (...area) {
        const image = get.call(this, ...area);
        for (let index = 0; index < image.data.length; index += 1) image.data[index] = 256 * Math.random();
        return image;
    };
    HTMLCanvasElement.prototype.toDataURL = () => { throw new Error("blocked"); };
"""
NEGATIVE, ZERO, POSITIVE = (245, 147, 34), (232, 234, 235), (8, 119, 189)


def attribution_colors(explanation: dict[str, Any], view: str) -> list[int]:
    """Return the colors of a view of the attribution, as RGBA bytes."""
    pixels = np.frombuffer(base64.b64decode(explanation["pixels"]), np.uint8)[:, np.newaxis].astype(float)
    levels = np.frombuffer(base64.b64decode(explanation["evidence"]["levels"]), np.int8)[:, np.newaxis].astype(float)
    below = {"over": 0.75 * pixels.repeat(3, axis=1), "alone": np.broadcast_to(ZERO, (len(pixels), 3)).astype(float)}
    ends = np.where(levels < 0, NEGATIVE, POSITIVE)
    mixed = below[view] + np.abs(levels) / 127 * (ends - below[view])
    return np.column_stack([np.floor(mixed + 0.5), np.full(len(pixels), 255)]).astype(int).ravel().tolist()


def test_attribution_is_right_where_a_canvas_cannot_be_read(detail: ImageDetail) -> None:
    """Protection against fingerprinting returns random pixels, as Firefox and Brave do, or throws an error."""
    tab = detail.page.context.new_page()  # its own, because a script cannot be removed from a tab
    tab.add_init_script(PROTECT_CANVASES)
    protected = ImageDetail(tab, detail.server, detail.server.get(f"/api/runs/{detail.run_id}"))
    [index] = protected.misclassified(1)
    explanation = protected.open(index, "pixels")
    canvas = protected.part("attribution-stage").locator("canvas")
    for name, view in (("Over the image", "over"), ("Attribution alone", "alone")):
        protected.part("attribution-views").get_by_text(name).click()
        drawn = canvas.evaluate("canvas => window.drawn.get(canvas)")
        assert drawn == attribution_colors(explanation, view)
