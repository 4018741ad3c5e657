"""Plans and all that belongs to them: seen and written in their ICS. What is decided or frozen is only added to."""

from django.db import migrations

from ssip.core.rights import rights
from ssip.tenancy.walls import ids, public, wall

ONLY_ADDED = "SELECT, INSERT"

# Everybody may read what is published; only who may publish in that ICS adds to it, and nobody changes it.
PUBLISHED = f"""
ALTER TABLE plans_publishedplan ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody_sees ON plans_publishedplan FOR SELECT TO ssip_app USING (true);
CREATE POLICY app_inserts ON plans_publishedplan FOR INSERT TO ssip_app
WITH CHECK (ics_id = ANY {ids("ics", "publish_plan")});
"""
NOT_PUBLISHED = """
DROP POLICY everybody_sees ON plans_publishedplan; DROP POLICY app_inserts ON plans_publishedplan;
ALTER TABLE plans_publishedplan DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial"), ("tenancy", "0002_walls_and_grants")]

    operations = [
        public("plans_template", "what a network plan can consist of"),
        public("plans_templatesection", "what a network plan can consist of"),
        *wall("plans_round", "psc", "manage_rounds", see="view_psc", around="view_plan"),
        *wall("plans_roundsection", "psc", "manage_rounds", see="view_psc", around="view_plan", app=ONLY_ADDED),
        *wall("plans_step", "psc", "manage_rounds", see="view_psc", around="view_plan", app=ONLY_ADDED),
        *wall("plans_plan", "ics", "view_plan"),
        *wall("plans_coauthor", "ics", "view_plan"),
        *wall("plans_section", "ics", "view_plan"),
        *wall("plans_sectionrevision", "ics", "view_plan", app=ONLY_ADDED),
        *wall("plans_helddraft", "ics", "view_plan"),
        *wall("plans_earlyread", "ics", "view_plan"),
        *wall("plans_comment", "ics", "view_plan"),
        *wall("plans_planversion", "ics", "view_plan", app=ONLY_ADDED),
        *wall("plans_versionsection", "ics", "view_plan", app=ONLY_ADDED),
        *wall("plans_decision", "ics", "view_plan", app=ONLY_ADDED),
        migrations.RunSQL(PUBLISHED, NOT_PUBLISHED),
        rights("plans_publishedplan", app=ONLY_ADDED),
    ]
