"""Shapes of input: clean and coerce, never save."""
