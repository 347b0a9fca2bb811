from django.apps import AppConfig


class ClubsConfig(AppConfig):
    name = "linli.clubs"
    label = "clubs"
