"""Photos: re-encoded, never kept as they came, shown through links that expire."""
