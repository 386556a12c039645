"""Socket.IO: the transport with its limits, and the handlers of events from clients."""
