"""PNG images: single images, signed images and contact sheets."""
