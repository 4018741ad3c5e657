"""Addresses of reading and writing a plan."""

from django.urls import URLPattern

from plans.views import plans, reading, sections
from ssip.core.doors import GET_POST, POST, Door, page, signed_in
from ssip.tenancy.models import ICS

# A co-author writes too: the views ask whether this person was invited to this section.
READ = Door(ICS, "view_plan")
WRITE = Door(ICS, "draft_plan", methods=GET_POST)
LEAD = Door(ICS, "draft_plan", methods=POST)
COMMENT = Door(ICS, "comment_plan", methods=POST)

PLAN = "plans/<int:pk>/"
SECTION = f"{PLAN}sections/<slug:key>/"

urlpatterns: list[URLPattern] = [
    page("plans/", plans.plan_list, name="list", door=signed_in()),
    page(PLAN, plans.detail, name="detail", door=READ),
    page(f"{PLAN}print/", plans.print_plan, name="print", door=READ),
    page(SECTION, sections.section, name="section", door=READ),
    page(f"{SECTION}edit/", sections.edit, name="section_edit", door=WRITE),
    page(f"{SECTION}kept/", sections.kept, name="section_kept", door=WRITE),
    page(f"{SECTION}history/", sections.history, name="section_history", door=READ),
    page(f"{PLAN}comment/", reading.comment, name="comment", door=COMMENT),
    page(f"{PLAN}comments/<int:comment_pk>/settle/", reading.settle_comment, name="settle_comment", door=LEAD),
    page(f"{PLAN}co-authors/", reading.co_authors, name="co_authors", door=WRITE),
    page(f"{PLAN}co-authors/<int:co_author_pk>/end/", reading.co_author_end, name="co_author_end", door=WRITE),
    page(f"{PLAN}meeting/", reading.meeting, name="meeting", door=WRITE),
    page(f"{PLAN}early-read/", reading.early_read, name="early_read", door=WRITE),
    page(f"{PLAN}early-read/end/", reading.early_read_end, name="early_read_end", door=LEAD),
]
