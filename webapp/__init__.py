"""The dashboard, which uses `nn`.

This file imports nothing, so that worker processes, which import it, start quickly.
"""
