from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "ssip.core"
    label = "core"

    def ready(self) -> None:
        from ssip.core import doors  # noqa: F401, PLC0415  registers the check that every address has a door
