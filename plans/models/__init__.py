"""Planning rounds, plans with their sections and versions, decisions, and what is published."""

from plans.models.decisions import Decision, DecisionVerdict
from plans.models.plans import CoAuthor, Plan, Status
from plans.models.published import PublishedPlan
from plans.models.reading import Comment, EarlyRead
from plans.models.rounds import Round, RoundSection, Step, StepName
from plans.models.sections import HeldDraft, Section, SectionRevision
from plans.models.templates import Template, TemplateSection
from plans.models.versions import PlanVersion, VersionSection

__all__ = [
    "CoAuthor", "Comment", "Decision", "DecisionVerdict", "EarlyRead", "HeldDraft", "Plan", "PlanVersion",
    "PublishedPlan", "Round", "RoundSection", "Section", "SectionRevision", "Status", "Step", "StepName",
    "Template", "TemplateSection", "VersionSection",
]  # fmt: skip
