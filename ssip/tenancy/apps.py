from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "ssip.tenancy"
    label = "tenancy"
