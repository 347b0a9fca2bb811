"""Pages of travel times."""
