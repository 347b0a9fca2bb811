"""What people do with a club: run it, ask for a place, bring and fetch."""
