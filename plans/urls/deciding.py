"""Addresses of the moves of a plan, its versions, planning rounds and published plans."""

from plans.views import moves, published, rounds, versions
from ssip.core.doors import GET_POST, Door, page, public, signed_in
from ssip.tenancy.models import ICS, PSC

LEAD = Door(ICS, "draft_plan", methods=GET_POST)
READ = Door(ICS, "view_plan")
ROUNDS = Door(PSC, "manage_rounds", methods=GET_POST)

urlpatterns = [
    page("plans/<int:pk>/submit/", moves.submit, name="submit", door=LEAD),
    page(
        "plans/<int:pk>/decide/",
        moves.decide,
        name="decide",
        door=Door(ICS, "endorse_plan", "approve_plan", methods=GET_POST),
    ),
    page("plans/<int:pk>/publish/", moves.publish, name="publish", door=Door(ICS, "publish_plan", methods=GET_POST)),
    page("plans/<int:pk>/withdraw/", moves.withdraw, name="withdraw", door=LEAD),
    page("plans/<int:pk>/reopen/", moves.reopen, name="reopen", door=LEAD),
    page("plans/<int:pk>/timeline/", versions.timeline, name="timeline", door=READ),
    page("plans/<int:pk>/versions/<int:number>/", versions.version, name="version", door=READ),
    page("plans/<int:pk>/versions/<int:number>/changes/", versions.changes, name="changes", door=READ),
    page("rounds/", rounds.rounds, name="rounds", door=signed_in()),
    page("rounds/new/", rounds.new, name="round_new", door=ROUNDS),
    page("rounds/<int:pk>/", rounds.detail, name="round", door=Door((PSC, ICS), "view_psc", "view_plan")),
    page("rounds/<int:pk>/networks/", rounds.networks, name="round_networks", door=ROUNDS),
    page("rounds/<int:pk>/close/", rounds.close, name="round_close", door=ROUNDS),
    page("rounds/<int:pk>/history/", rounds.history, name="round_history", door=Door(PSC, "view_psc")),
    page("published/", published.library, name="published", door=public()),
    page("published/<int:pk>/", published.plan, name="published_plan", door=public()),
    page("published/<int:pk>/text/", published.text, name="published_text", door=public(kind="download")),
]
