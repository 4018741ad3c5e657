"""Tasks, deadlines and the ledger; the outbox learns of notices and digests, and keeps no words at the end."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0002_rights"),
        ("tenancy", "0002_walls_and_grants"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Mail that was given up kept its words until now.
        migrations.RunSQL(
            "UPDATE reminders_message SET text = '', html = '' WHERE sent_at IS NOT NULL OR failed_at IS NOT NULL",
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about_kind", models.CharField(max_length=60)),
                ("about_id", models.BigIntegerField()),
                ("path", models.CharField(max_length=200)),
                ("reference", models.CharField(blank=True, max_length=60)),
                ("thing", models.CharField(max_length=200)),
                ("place", models.CharField(max_length=150)),
                (
                    "permissions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                (
                    "not_for",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("due_on", models.DateField()),
                ("original_due_on", models.DateField(editable=False)),
                ("set_by", models.CharField(blank=True, max_length=150)),
                ("revision", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("met", "met"), ("withdrawn", "withdrawn")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ended_at", models.DateTimeField(null=True)),
                ("next_step_on", models.DateField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DeadlineKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=300)),
                (
                    "confidence",
                    models.CharField(choices=[("high", "high"), ("medium", "medium"), ("low", "low")], max_length=6),
                ),
                ("note", models.CharField(blank=True, max_length=400)),
                ("code", models.CharField(max_length=30, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("length", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("working_days", "working days"),
                            ("days", "days"),
                            ("months", "months"),
                            ("set", "a date that somebody sets"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "rolls",
                    models.CharField(
                        choices=[("back", "to the working day before"), ("forward", "to the working day after")],
                        max_length=7,
                    ),
                ),
                (
                    "remind",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(),
                        blank=True,
                        help_text="Days before the date; negative: days after.",
                        size=None,
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("law", "law"),
                            ("contract", "contract"),
                            ("standard", "standard"),
                            ("local", "local"),
                        ],
                        max_length=8,
                    ),
                ),
                ("valid_from", models.DateField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DeadlineMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_date", models.DateField()),
                ("to_date", models.DateField()),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="HandBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("word", models.CharField(max_length=300)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about_kind", models.CharField(max_length=60)),
                ("about_id", models.BigIntegerField()),
                ("path", models.CharField(max_length=200)),
                ("reference", models.CharField(blank=True, max_length=60)),
                ("event", models.CharField(max_length=40)),
                ("line", models.CharField(help_text="A fixed sentence: nothing that a person wrote.", max_length=200)),
                ("permission", models.CharField(blank=True, max_length=60)),
                ("role", models.CharField(blank=True, max_length=30)),
                (
                    "but",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("told_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveSmallIntegerField()),
                ("step", models.SmallIntegerField(help_text="Days before the date; negative: days after.")),
                ("step_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "planned"), ("in a digest", "in a digest"), ("dropped", "dropped")],
                        default="planned",
                        max_length=12,
                    ),
                ),
                ("planned_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about_kind", models.CharField(max_length=60)),
                ("about_id", models.BigIntegerField()),
                ("path", models.CharField(max_length=200)),
                ("reference", models.CharField(blank=True, max_length=60)),
                ("verb", models.CharField(max_length=40)),
                ("thing", models.CharField(max_length=200)),
                ("place", models.CharField(max_length=150)),
                ("why", models.CharField(max_length=300)),
                ("permission", models.CharField(blank=True, max_length=60)),
                ("role", models.CharField(blank=True, max_length=30)),
                (
                    "not_for",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("followed_with", models.CharField(blank=True, max_length=60)),
                ("due", models.DateField(null=True)),
                ("due_set_by", models.CharField(blank=True, max_length=150)),
                ("minutes", models.PositiveSmallIntegerField(null=True)),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_because", models.CharField(blank=True, max_length=100)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.RemoveConstraint(
            model_name="message",
            name="sent_or_failed_not_both",
        ),
        migrations.RemoveIndex(
            model_name="message",
            name="messages_waiting",
        ),
        migrations.AddField(
            model_name="message",
            name="dropped_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="priority",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="message",
            name="purpose",
            field=models.CharField(
                choices=[("mail", "mail"), ("notice", "notice"), ("digest", "digest")],
                db_default="mail",
                default="mail",
                max_length=6,
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="subject",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="deadline",
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
            model_name="deadline",
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
            model_name="deadline",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="deadline",
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
            model_name="deadlinekind",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("length__isnull", True), ("unit", "set")),
                    models.Q(models.Q(("unit", "set"), _negated=True), ("length__gt", 0)),
                    _connector="OR",
                ),
                name="length_unless_set_by_somebody",
            ),
        ),
        migrations.AddField(
            model_name="deadline",
            name="kind",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="reminders.deadlinekind",
            ),
        ),
        migrations.AddField(
            model_name="deadlinemove",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="deadlinemove",
            name="deadline",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="reminders.deadline"
            ),
        ),
        migrations.AddField(
            model_name="deadlinemove",
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
            model_name="deadlinemove",
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
            model_name="deadlinemove",
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
            model_name="digest",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="digest",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reminders.digest"
            ),
        ),
        migrations.AddField(
            model_name="handback",
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
            model_name="handback",
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
            model_name="handback",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="handback",
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
            model_name="notice",
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
            model_name="notice",
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
            model_name="notice",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="notice",
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
            model_name="message",
            name="notice",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="reminders.notice",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(
                    ("dropped_at__isnull", True), ("failed_at__isnull", True), ("sent_at__isnull", True)
                ),
                fields=["priority", "not_before"],
                name="messages_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("failed_at__isnull", True), ("sent_at__isnull", True)),
                    models.Q(("dropped_at__isnull", True), ("sent_at__isnull", True)),
                    models.Q(("dropped_at__isnull", True), ("failed_at__isnull", True)),
                    _connector="OR",
                ),
                name="message_ends_one_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dropped_at__isnull", True), ("failed_at__isnull", True), ("sent_at__isnull", True)),
                    models.Q(("html", ""), ("text", "")),
                    _connector="OR",
                ),
                name="no_words_kept_at_the_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("digest__isnull", True), ("notice__isnull", True), ("purpose", "mail")),
                    models.Q(
                        ("digest__isnull", True),
                        ("notice__isnull", False),
                        ("purpose", "notice"),
                        ("recipient__isnull", False),
                    ),
                    models.Q(
                        ("digest__isnull", False),
                        ("notice__isnull", True),
                        ("purpose", "digest"),
                        ("recipient__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="message_of_its_purpose",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("notice", "recipient"), name="one_notice_a_person"),
        ),
        migrations.AddField(
            model_name="reminder",
            name="deadline",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminders",
                to="reminders.deadline",
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="digest",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="reminders", to="reminders.digest"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="recipient",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="closed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="task",
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
            model_name="task",
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
            model_name="task",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="task",
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
            model_name="handback",
            name="task",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reminders.task"),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["ics", "due_on"], name="open_dates_of_an_ics"
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["psc", "due_on"], name="open_dates_of_a_psc"
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["organisation", "due_on"],
                name="open_dates_of_an_organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["about_kind", "about_id"],
                name="open_dates_about_a_thing",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("state", "open"), ("next_step_on__isnull", False)),
                fields=["next_step_on"],
                name="next_steps",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ics__isnull", True), ("organisation__isnull", True), ("psc__isnull", False)),
                    models.Q(("ics__isnull", False), ("organisation__isnull", True), ("psc__isnull", True)),
                    models.Q(("ics__isnull", True), ("organisation__isnull", False), ("psc__isnull", True)),
                    _connector="OR",
                ),
                name="deadline_in_one_scope",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("psc", "ics", "organisation", "about_kind", "about_id", "kind"),
                name="one_open_deadline_of_a_kind",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="deadline_open_or_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.CheckConstraint(
                condition=models.Q(("permissions__len__gt", 0), ("person__isnull", False), _connector="OR"),
                name="deadline_is_somebodys",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.CheckConstraint(condition=models.Q(("revision__gte", 1)), name="revisions_from_one"),
        ),
        migrations.AddConstraint(
            model_name="deadlinemove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ics__isnull", True), ("organisation__isnull", True), ("psc__isnull", False)),
                    models.Q(("ics__isnull", False), ("organisation__isnull", True), ("psc__isnull", True)),
                    models.Q(("ics__isnull", True), ("organisation__isnull", False), ("psc__isnull", True)),
                    _connector="OR",
                ),
                name="deadline_move_in_one_scope",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadlinemove",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_date", models.F("to_date")), _negated=True), name="a_move_changes_the_date"
            ),
        ),
        migrations.AddConstraint(
            model_name="digest",
            constraint=models.UniqueConstraint(fields=("person", "day"), name="one_digest_a_day"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(condition=models.Q(("told_at__isnull", True)), fields=["at"], name="notices_to_tell"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ics__isnull", True), ("organisation__isnull", True), ("psc__isnull", False)),
                    models.Q(("ics__isnull", False), ("organisation__isnull", True), ("psc__isnull", True)),
                    models.Q(("ics__isnull", True), ("organisation__isnull", False), ("psc__isnull", True)),
                    _connector="OR",
                ),
                name="notice_in_one_scope",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("permission", ""), _negated=True), ("person__isnull", False), _connector="OR"
                ),
                name="notice_is_somebodys",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("state", "planned")), fields=["recipient"], name="planned_reminders"
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=("deadline", "revision", "recipient", "step", "step_on"), name="reminded_once_a_step"
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("digest__isnull", True), ("state", "planned")),
                    models.Q(("digest__isnull", False), ("state", "in a digest")),
                    ("state", "dropped"),
                    _connector="OR",
                ),
                name="in_a_digest_or_not",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["ics", "permission"],
                name="open_tasks_of_an_ics",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["psc", "permission"],
                name="open_tasks_of_a_psc",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["organisation", "permission"],
                name="open_tasks_of_an_organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), _negated=True),
                fields=["ics", "-closed_at"],
                name="done_tasks_of_an_ics",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), _negated=True),
                fields=["psc", "-closed_at"],
                name="done_tasks_of_a_psc",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), _negated=True),
                fields=["organisation", "-closed_at"],
                name="done_tasks_of_an_organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["about_kind", "about_id"],
                name="open_tasks_about_a_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ics__isnull", True), ("organisation__isnull", True), ("psc__isnull", False)),
                    models.Q(("ics__isnull", False), ("organisation__isnull", True), ("psc__isnull", True)),
                    models.Q(("ics__isnull", True), ("organisation__isnull", False), ("psc__isnull", True)),
                    _connector="OR",
                ),
                name="task_in_one_scope",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("permission", ""), _negated=True), ("person__isnull", False), _connector="OR"
                ),
                name="task_is_somebodys",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("closed_because", ""), ("closed_by__isnull", True)),
                    models.Q(("closed_at__isnull", False), models.Q(("closed_because", ""), _negated=True)),
                    _connector="OR",
                ),
                name="task_closed_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="handback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ics__isnull", True), ("organisation__isnull", True), ("psc__isnull", False)),
                    models.Q(("ics__isnull", False), ("organisation__isnull", True), ("psc__isnull", True)),
                    models.Q(("ics__isnull", True), ("organisation__isnull", False), ("psc__isnull", True)),
                    _connector="OR",
                ),
                name="hand_back_in_one_scope",
            ),
        ),
    ]
