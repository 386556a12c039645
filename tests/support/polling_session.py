"""A Socket.IO session by HTTP polling, one request at a time."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable


def polling_session(base_url: str) -> Callable[..., str]:
    """Connect by polling, and return a function that polls, or sends packets if it is called with a body."""
    address = f"{base_url}/socket.io/?EIO=4&transport=polling"

    def request(body: str | None = None) -> str:
        data = None if body is None else body.encode()
        with urllib.request.urlopen(address, data, timeout=60) as response:  # noqa: S310 - always this server
            text: str = response.read().decode()
        return text

    address += "&sid=" + json.loads(request()[1:])["sid"]
    request("40")
    request()
    return request
