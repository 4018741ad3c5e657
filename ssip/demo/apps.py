from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "ssip.demo"
    label = "demo"
