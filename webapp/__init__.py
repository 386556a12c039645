"""The dashboard: a web server around `nn`. Light, because every worker process imports it."""
