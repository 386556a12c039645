"""Annotations of images, and the guess mode."""
