"""Work about a record is found within the scope that it belongs to: for one index over all, one a kind of scope."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0004_walls_of_work"),
        ("tenancy", "0004_room_for_a_role_given_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="task",
            name="open_tasks_about_a_thing",
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), ("psc__isnull", False)),
                fields=["psc", "about_kind", "about_id"],
                name="work_about_in_psc",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), ("ics__isnull", False)),
                fields=["ics", "about_kind", "about_id"],
                name="work_about_in_ics",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), ("organisation__isnull", False)),
                fields=["organisation", "about_kind", "about_id"],
                name="work_about_in_organisation",
            ),
        ),
    ]
