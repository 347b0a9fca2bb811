"""Pages of a station's store: for everybody, for who gave, for the desk."""
