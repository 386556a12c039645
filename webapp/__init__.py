"""The dashboard around `nn`. Nothing is imported here: a worker process begins by importing this package."""
