"""Within thirty minutes: how long people are on their way, what if, and where the next site is best."""
