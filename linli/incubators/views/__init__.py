"""Pages of incubators."""
