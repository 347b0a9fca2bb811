"""Pages of a case: for those who ask, for everybody, and for the unit."""
