"""The site's addresses with this app's own among them."""

from ssip import urls
from ssip.reminders.urls import urlpatterns as of_reminders

urlpatterns = [*of_reminders, *urls.urlpatterns]
handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500
