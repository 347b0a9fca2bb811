"""Shapes of input; they clean and never save."""
