"""Letters to an audience: who it is, when it is due, sending it once."""
