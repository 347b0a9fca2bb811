"""Forms: what staff and residents write."""
