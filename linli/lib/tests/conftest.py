from hypothesis import settings

# The tests share two busy cores with others: how long one example takes says nothing.
settings.register_profile("linli", deadline=None)
settings.load_profile("linli")
