from django.apps import AppConfig


class PlannerConfig(AppConfig):
    name = "linli.activities.planner"
    label = "planner"
