"""Suggestions from words alone: likely topics, similar messages, groups of one problem. No Django."""
