"""What work to do, a date or a mail says of a plan: its scope, reference, name and page. Fixed words only."""

from django.urls import reverse

from plans.models import Plan


def mail(plan: Plan, page: str, *arguments: str) -> dict:
    return {
        "scope": plan.ics,
        "about": plan,
        "path": reverse(f"plans:{page}", args=[plan.pk, *arguments]),
        "reference": plan.reference,
    }


def about(plan: Plan, page: str, *arguments: str) -> dict:
    return mail(plan, page, *arguments) | {"thing": plan.title, "place": plan.network.name}
