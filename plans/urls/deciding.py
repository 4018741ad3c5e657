"""Addresses of the moves of a plan, its versions, planning rounds and published plans."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
