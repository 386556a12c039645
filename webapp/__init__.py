"""The dashboard around `nn`. This file imports nothing, because every worker process imports it first."""
