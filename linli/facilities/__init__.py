"""Where people meet, eat and learn: sites and hours, rooms that are never lent twice, meals."""
