"""Bringing in cases from elsewhere, row by row, safe to repeat."""
