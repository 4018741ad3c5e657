from ssip.core.doors import GET_POST, page, signed_in
from ssip.reminders import views

urlpatterns = [
    page("work/<int:pk>/not-mine/", views.not_mine, name="not_mine", door=signed_in(GET_POST)),
]
