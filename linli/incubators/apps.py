from django.apps import AppConfig


class IncubatorsConfig(AppConfig):
    name = "linli.incubators"
    label = "incubators"
