"""Addresses of reading and writing a plan."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
