"""Why an image was read as it was: every figure is computed from the network itself, in double precision."""
