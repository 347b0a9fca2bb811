from django.apps import AppConfig


class ForumConfig(AppConfig):
    name = "linli.forum"
    label = "forum"
