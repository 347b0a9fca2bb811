"""Each promise has a command that tries to break it."""
