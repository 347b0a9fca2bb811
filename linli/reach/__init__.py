"""Road graph, travel times, isochrones and siting in plain arrays. No Django (design §8)."""
