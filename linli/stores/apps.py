from django.apps import AppConfig


class StoresConfig(AppConfig):
    name = "linli.stores"
    label = "stores"
