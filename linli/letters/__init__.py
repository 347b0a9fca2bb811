"""Telling people: one outbox, channels, exactly one letter for each key."""
