"""Pages of pools and cohorts."""
