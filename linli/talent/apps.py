from django.apps import AppConfig


class TalentConfig(AppConfig):
    name = "linli.talent"
    label = "talent"
