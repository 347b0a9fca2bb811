from django.apps import AppConfig


class TravelConfig(AppConfig):
    name = "linli.travel"
    label = "travel"
