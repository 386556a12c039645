"""Socket.IO events and their publisher."""
