"""Django's SQLite, with a queue in front of the one writer."""
