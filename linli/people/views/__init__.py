"""Pages of signing in, of one's own settings and of the role one acts in."""
