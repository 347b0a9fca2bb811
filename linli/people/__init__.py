"""Who: users, organisations, posts, appointments, and roles as data."""
