from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "ssip.core"
    label = "core"

    def ready(self) -> None:
        # Each registers a check: every address has a door, the walls stand.
        from ssip.core import doors, standing  # noqa: F401, PLC0415
