"""Where to put p sites: the best answer, a bound nobody can beat, and the gap between the two."""
