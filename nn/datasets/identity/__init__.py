"""Recognition of data: fingerprints of examples, and checksums of published files."""
