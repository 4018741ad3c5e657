from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "ssip.people"
    label = "people"
