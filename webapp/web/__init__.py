"""The Flask app: request parsing, routes, static files and sockets."""
