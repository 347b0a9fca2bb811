"""Pages for people, and the few addresses that a telephone speaks to."""
