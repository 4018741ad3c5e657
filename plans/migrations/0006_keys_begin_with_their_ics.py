"""In a tenant's table a key is found within its tenant: no index of its own where the tenant's index has it too.

With policies the planner took the key's own index as often as the tenant's. Newest plans first is spelled as the
primary key is not ordered, so that a list never walks the plans of every ICS.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from ssip.core.rights import functions

# The guards ask as the owner, without policies: the ICS is named here too.
AUTHORS = """
CREATE OR REPLACE FUNCTION ssip_authors(of_plan bigint) RETURNS bigint[] LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT array_agg(by_id ORDER BY by_id) FROM (
        SELECT r.by_id
        FROM plans_plan p
        JOIN plans_section s ON (s.ics_id, s.plan_id) = (p.ics_id, p.id)
        JOIN plans_sectionrevision r ON (r.ics_id, r.section_id) = (s.ics_id, s.id)
        WHERE p.id = of_plan
        UNION
        SELECT v.by_id
        FROM plans_plan p JOIN plans_planversion v ON (v.ics_id, v.plan_id) = (p.ics_id, p.id)
        WHERE p.id = of_plan
    ) AS theirs
$$;
"""
AUTHORS_BEFORE = """
CREATE OR REPLACE FUNCTION ssip_authors(of_plan bigint) RETURNS bigint[] LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT array_agg(by_id ORDER BY by_id) FROM (
        SELECT r.by_id FROM plans_sectionrevision r JOIN plans_section s ON s.id = r.section_id WHERE s.plan_id = of_plan
        UNION
        SELECT v.by_id FROM plans_planversion v WHERE v.plan_id = of_plan
    ) AS theirs
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("networks", "0002_walls"),
        ("plans", "0005_guards_of_writing"),
        ("tenancy", "0004_room_for_a_role_given_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        functions(AUTHORS, AUTHORS_BEFORE),
        migrations.AlterModelOptions(
            name="plan",
            options={
                "default_permissions": (),
                "ordering": [models.OrderBy(models.F("id"), descending=True, nulls_last=True)],
            },
        ),
        migrations.RemoveIndex(
            model_name="plan",
            name="plans_of_an_ics",
        ),
        migrations.AlterField(
            model_name="coauthor",
            name="plan",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="co_authors", to="plans.plan"
            ),
        ),
        migrations.AlterField(
            model_name="comment",
            name="plan",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="plans.plan"
            ),
        ),
        migrations.AlterField(
            model_name="decision",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="plans.planversion",
            ),
        ),
        migrations.AlterField(
            model_name="earlyread",
            name="plan",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="early_reads", to="plans.plan"
            ),
        ),
        migrations.AlterField(
            model_name="helddraft",
            name="section",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="held_drafts",
                to="plans.section",
            ),
        ),
        migrations.AlterField(
            model_name="plan",
            name="network",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="networks.network"
            ),
        ),
        migrations.AlterField(
            model_name="planversion",
            name="plan",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="plans.plan"
            ),
        ),
        migrations.AlterField(
            model_name="roundsection",
            name="round",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="sections", to="plans.round"
            ),
        ),
        migrations.AlterField(
            model_name="section",
            name="plan",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="sections", to="plans.plan"
            ),
        ),
        migrations.AlterField(
            model_name="sectionrevision",
            name="section",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="revisions",
                to="plans.section",
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="round",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="plans.round"
            ),
        ),
        migrations.AlterField(
            model_name="versionsection",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sections",
                to="plans.planversion",
            ),
        ),
        migrations.AddIndex(
            model_name="plan",
            index=models.Index(
                models.F("ics"),
                models.OrderBy(models.F("id"), descending=True, nulls_last=True),
                name="newest_plans_of_an_ics",
            ),
        ),
        migrations.AlterField(
            model_name="helddraft",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RemoveIndex(model_name="helddraft", name="held_drafts_of_a_person"),
        migrations.AddIndex(
            model_name="helddraft",
            index=models.Index(fields=["ics", "person", "section"], name="held_drafts_of_a_person"),
        ),
    ]
