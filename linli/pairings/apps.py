from django.apps import AppConfig


class PairingsConfig(AppConfig):
    name = "linli.pairings"
    label = "pairings"
