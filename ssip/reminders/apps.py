from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "ssip.reminders"
    label = "reminders"
