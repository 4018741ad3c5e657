"""Submitting: the words as they stand become a version that nobody can change."""

from plans import kinds, policies
from plans.models import Plan, PlanVersion, Section, VersionSection
from plans.queries.versions import last_number
from ssip.core import clock
from ssip.core.canonical import digest
from ssip.core.models import User


class Missing(Exception):
    """Required sections are empty: `sections`, in their order."""

    def __init__(self, sections: list[Section]) -> None:
        super().__init__("Some required sections are empty.")
        self.sections = sections


def freeze(plan: Plan, *, by: User) -> PlanVersion:
    """The plan's row is locked, and saving a section locks it too: nothing changes under our hands."""
    sections = list(Section.objects.filter(ics_id=plan.ics_id, plan=plan))
    if missing := [section for section in sections if section.is_missing]:
        raise Missing(missing)
    written = {section.key: digest(section.content) for section in sections}
    version = PlanVersion.objects.create(
        ics=plan.ics,
        plan=plan,
        number=last_number(plan) + 1,
        digest=digest(written),
        authors=sorted(policies.authors(plan) | {by.pk}),
        by=by,
        at=clock.now(),
    )
    VersionSection.objects.bulk_create(_frozen(version, section) for section in sections)
    return version


def last_version(plan: Plan) -> PlanVersion:
    return PlanVersion.objects.filter(ics_id=plan.ics_id, plan=plan).latest("number")


def _frozen(version: PlanVersion, section: Section) -> VersionSection:
    kinds.check(section.kind, section.content)
    return VersionSection(
        ics_id=version.ics_id,
        version=version,
        section=section,
        key=section.key,
        position=section.position,
        kind=section.kind,
        title=section.title,
        content=section.content,
        digest=digest(section.content),
    )
