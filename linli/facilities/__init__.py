"""Where people meet, eat and learn: sites, rooms, hours, bookings that never overlap, stock and money that add up."""
