"""The store of a giving station: goods and money in and out, counted so that nothing is lost."""
