"""Floor 0: plain Python that knows neither Django nor anything else of Linli."""
