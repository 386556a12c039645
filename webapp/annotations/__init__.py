"""Annotations of images, and guess mode."""
