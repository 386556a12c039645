"""HTTP routes. Each route parses the request, calls a service and renders the response."""
