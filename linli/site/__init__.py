"""The look, the home page, search, about, and wiring.py: what follows what."""
