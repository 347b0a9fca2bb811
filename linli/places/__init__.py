"""Where: the dated tree of places, boundaries, and locate(lon, lat)."""
