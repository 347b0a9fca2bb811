"""Pages of facilities: for everybody, for who books, for the desk."""
