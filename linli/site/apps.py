from importlib import import_module

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "linli.site"
    label = "site"

    def ready(self) -> None:
        """Connect what an incoming message sets off, in every process that may receive one."""
        import_module("linli.site.wiring")
