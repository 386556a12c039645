"""Socket.IO packets that are checked before their events are handled."""

from __future__ import annotations

import json
from typing import Any

from socketio.packet import ACK, BINARY_EVENT, CONNECT, DISCONNECT, EVENT, Packet

from webapp.web.http_errors import HttpError
from webapp.web.json_limits import parse_json

MALFORMED = "malformed"  # the event that replaces a packet that cannot be parsed
FROM_CLIENTS = {CONNECT, DISCONNECT, EVENT, ACK}
RESERVED = {"connect", "disconnect", "*"}  # "*" is the name under which the handler of unknown events is registered


class StrictJSON:
    """JSON encoder and decoder. It encodes only finite numbers, and decodes only JSON of limited depth."""

    @staticmethod
    def dumps(*args: Any, **kwargs: Any) -> str:
        """Return JSON. Raises ValueError for a number that is not finite."""
        return json.dumps(*args, **kwargs, allow_nan=False)

    @staticmethod
    def loads(text: str, **_: Any) -> Any:
        """Parse JSON. Raises ValueError, which the libraries expect, for invalid text."""
        try:
            return parse_json(text)
        except HttpError as error:
            raise ValueError(error.message) from None


class CheckedPacket(Packet):  # type: ignore[misc]
    """A Socket.IO packet. A malformed packet becomes the event MALFORMED, whose handler responds with an error."""

    json = StrictJSON
    packet_type: Any

    def decode(self, encoded_packet: Any) -> int:
        """Decode a packet. Return the number of its attachments, which is always 0."""
        try:
            super().decode(encoded_packet)
            is_valid = self._is_valid()
        except (ValueError, TypeError, AttributeError, IndexError):
            is_valid = False
        if not is_valid:
            if self.packet_type not in {EVENT, BINARY_EVENT}:
                self.id = None  # the client expects no response
            self.packet_type = EVENT
            self.namespace = None
            self.data = [MALFORMED]
        return 0

    def response(self, content: Any) -> Packet | None:
        """Return the acknowledgment of this event, or None if the client has requested none."""
        if self.packet_type != EVENT or self.id is None:
            return None
        return CheckedPacket(ACK, namespace=self.namespace, id=self.id, data=[content])

    def _is_valid(self) -> bool:
        if self.packet_type != EVENT:
            return self.packet_type in FROM_CLIENTS
        return (
            isinstance(self.data, list)
            and isinstance(next(iter(self.data), None), str)
            and self.data[0] not in RESERVED
        )
