"""Numbers that open: the three rates as a pure function of the journal."""
