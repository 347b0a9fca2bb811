"""Where people meet, eat and learn: sites, rooms, hours, bookings without overlap, stock that adds up."""
