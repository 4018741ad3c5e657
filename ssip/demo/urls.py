"""The addresses of a demonstration: those of the site, and a way to sign in as anybody of its cast."""

from ssip import urls as site
from ssip.core.doors import POST, page, public
from ssip.demo import views

urlpatterns = [
    page("demo/", views.role_cards, name="demo_people", door=public()),
    page("demo/sign-in/", views.sign_in, name="demo_sign_in", door=public(POST, "sign-in")),
    page("tour/", views.show_tour, name="tour", door=public()),
    *site.urlpatterns,
]

handler403, handler404, handler500 = site.handler403, site.handler404, site.handler500
