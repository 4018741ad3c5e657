"""Addresses of plans: while they are written, where they are decided, and rounds with what is published."""

from plans.urls import deciding, writing

app_name = "plans"
urlpatterns = [*writing.urlpatterns, *deciding.urlpatterns]
