from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "linli.members"
    label = "members"
