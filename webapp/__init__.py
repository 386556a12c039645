"""The dashboard, which uses `nn`.

This file imports nothing, so that worker processes start quickly.
"""
