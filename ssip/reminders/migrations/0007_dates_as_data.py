"""How long dates run and who hears of them as data: kinds with a source, what a place chose, pauses."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0006_figures"),
        ("tenancy", "0005_permission_to_record_assurances"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DeadlinePause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("police", "A police investigation"),
                            ("coroner", "A coroner's inquiry"),
                            ("family", "The wish of those affected"),
                            ("other", "Something else"),
                        ],
                        max_length=7,
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("paused_on", models.DateField()),
                ("resumed_on", models.DateField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="KindChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("length", models.PositiveSmallIntegerField(null=True)),
                ("remind", django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None)),
                ("is_on", models.BooleanField()),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.RemoveConstraint(
            model_name="deadline",
            name="one_open_deadline_of_a_kind",
        ),
        migrations.RemoveConstraint(
            model_name="deadline",
            name="deadline_open_or_ended",
        ),
        migrations.RemoveConstraint(
            model_name="deadline",
            name="deadline_is_somebodys",
        ),
        migrations.RemoveConstraint(
            model_name="deadlinekind",
            name="length_unless_set_by_somebody",
        ),
        migrations.AddField(
            model_name="deadline",
            name="due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="deadline",
            name="escalates_after",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="deadline",
            name="escalates_to",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=30), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="deadline",
            name="level",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="deadline",
            name="remind",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.SmallIntegerField(), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="deadline",
            name="roles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=30), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="deadlinekind",
            name="clock_start",
            field=models.CharField(default="", max_length=150),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="deadlinekind",
            name="escalates_after",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="deadlinekind",
            name="escalates_to",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=30), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="deadlinekind",
            name="is_on",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="deadlinekind",
            name="places",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=12),
                default=list,
                help_text="Kinds of scope that it concerns.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="deadlinekind",
            name="reminded",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=30), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="deadlinekind",
            name="then_who",
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddField(
            model_name="deadlinekind",
            name="who",
            field=models.CharField(default="", max_length=150),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="deadlinemove",
            name="agreed_with",
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AlterField(
            model_name="deadline",
            name="state",
            field=models.CharField(
                choices=[("open", "open"), ("paused", "paused"), ("met", "met"), ("withdrawn", "withdrawn")],
                default="open",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="deadlinekind",
            name="rolls",
            field=models.CharField(
                choices=[
                    ("back", "to the working day before"),
                    ("forward", "to the working day after"),
                    ("stays", "it stays where it is"),
                ],
                max_length=7,
            ),
        ),
        migrations.AlterField(
            model_name="deadlinekind",
            name="unit",
            field=models.CharField(
                choices=[
                    ("hours", "hours"),
                    ("working_days", "working days"),
                    ("days", "days"),
                    ("weeks", "weeks"),
                    ("months", "months"),
                    ("years", "years"),
                    ("set", "a date that somebody sets"),
                    ("agreed", "a date agreed with those concerned"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("open", "paused"))),
                fields=("psc", "ics", "organisation", "about_kind", "about_id", "kind"),
                name="one_open_deadline_of_a_kind",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("open", "paused")), ("ended_at__isnull", True)),
                    models.Q(models.Q(("state__in", ("open", "paused")), _negated=True), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="deadline_open_or_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("permissions__len__gt", 0), ("roles__len__gt", 0), ("person__isnull", False), _connector="OR"
                ),
                name="deadline_is_somebodys",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "open"), ("next_step_on__isnull", True), _connector="OR"),
                name="nobody_hears_unless_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadlinekind",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("length__isnull", True), ("unit__in", ("set", "agreed"))),
                    models.Q(models.Q(("unit__in", ("set", "agreed")), _negated=True), ("length__gt", 0)),
                    _connector="OR",
                ),
                name="length_unless_set_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadlinekind",
            constraint=models.CheckConstraint(
                condition=models.Q(("escalates_to__len", models.F("escalates_after__len"))),
                name="each_level_has_its_day",
            ),
        ),
        migrations.AddField(
            model_name="deadlinepause",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="deadlinepause",
            name="deadline",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="pauses", to="reminders.deadline"
            ),
        ),
        migrations.AddField(
            model_name="deadlinepause",
            name="ics",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.ics",
            ),
        ),
        migrations.AddField(
            model_name="deadlinepause",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.organisation",
            ),
        ),
        migrations.AddField(
            model_name="deadlinepause",
            name="psc",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.psc",
            ),
        ),
        migrations.AddField(
            model_name="deadlinepause",
            name="resumed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="kindchoice",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="kindchoice",
            name="ics",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.ics",
            ),
        ),
        migrations.AddField(
            model_name="kindchoice",
            name="kind",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="reminders.deadlinekind",
            ),
        ),
        migrations.AddField(
            model_name="kindchoice",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.organisation",
            ),
        ),
        migrations.AddField(
            model_name="kindchoice",
            name="psc",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.psc",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadlinepause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ics__isnull", True), ("organisation__isnull", True), ("psc__isnull", False)),
                    models.Q(("ics__isnull", False), ("organisation__isnull", True), ("psc__isnull", True)),
                    models.Q(("ics__isnull", True), ("organisation__isnull", False), ("psc__isnull", True)),
                    _connector="OR",
                ),
                name="deadline_pause_in_one_scope",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadlinepause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("resumed_on__isnull", True)), fields=("deadline",), name="one_pause_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="deadlinepause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("resumed_on__isnull", True), ("resumed_on__gte", models.F("paused_on")), _connector="OR"
                ),
                name="resumed_after_paused",
            ),
        ),
        migrations.AddIndex(
            model_name="kindchoice",
            index=models.Index(fields=["ics", "kind", "-id"], name="choices_of_an_ics"),
        ),
        migrations.AddIndex(
            model_name="kindchoice",
            index=models.Index(fields=["psc", "kind", "-id"], name="choices_of_a_psc"),
        ),
        migrations.AddIndex(
            model_name="kindchoice",
            index=models.Index(fields=["organisation", "kind", "-id"], name="choices_of_an_organisation"),
        ),
        migrations.AddConstraint(
            model_name="kindchoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ics__isnull", True), ("organisation__isnull", True), ("psc__isnull", False)),
                    models.Q(("ics__isnull", False), ("organisation__isnull", True), ("psc__isnull", True)),
                    models.Q(("ics__isnull", True), ("organisation__isnull", False), ("psc__isnull", True)),
                    _connector="OR",
                ),
                name="kind_choice_in_one_scope",
            ),
        ),
    ]
