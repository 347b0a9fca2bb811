"""Pages of clubs: for everybody, for guardians, for the desk, for the door."""
