"""After-school and holiday clubs: consent, presence, and every child handed to a listed adult."""
