"""Who sees a review of access, who can make one, and what the clock may do: open the work and its date."""

from django.db import migrations

from ssip.tenancy.walls import ids, wall

REVIEWED_WITH = {"psc": "manage_people", "ics": "manage_people", "organisation": "manage_organisation_people"}
REVIEWERS = " OR ".join(f"{kind}_id = ANY {ids(kind, permission)}" for kind, permission in REVIEWED_WITH.items())

# Beside the wall of the place: in one's own name, by whoever looks after its people. Nobody decides on a role of
# their own, and a review speaks of roles of its own place as they are: ended is what has ended.
REVIEWS = f"""
CREATE POLICY reviewer ON people_accessreview AS RESTRICTIVE FOR INSERT TO ssip_app
WITH CHECK (by_id = (SELECT ssip_user_id()) AND ({REVIEWERS}));

CREATE POLICY reviewer ON people_reviewedrole AS RESTRICTIVE FOR INSERT TO ssip_app
WITH CHECK (EXISTS (
    SELECT 1 FROM people_accessreview r JOIN tenancy_grant g ON g.id = people_reviewedrole.grant_id
    WHERE r.id = people_reviewedrole.review_id AND r.by_id = (SELECT ssip_user_id())
      AND (r.psc_id, r.ics_id, r.organisation_id) IS NOT DISTINCT FROM
          (people_reviewedrole.psc_id, people_reviewedrole.ics_id, people_reviewedrole.organisation_id)
      AND (g.psc_id, g.ics_id, g.organisation_id) IS NOT DISTINCT FROM (r.psc_id, r.ics_id, r.organisation_id)
      AND (g.person_id <> r.by_id OR people_reviewedrole.outcome = 'not reviewed')
      AND (g.ended_at IS NOT NULL) = (people_reviewedrole.outcome = 'ended')
));
"""  # noqa: S608  no value of a person comes into this text
NO_REVIEWS = "DROP POLICY reviewer ON people_accessreview; DROP POLICY reviewer ON people_reviewedrole;"

# Of a place itself: what the clock opens is about no record that somebody wrote.
PLACES = "about_kind IN ('tenancy.psc', 'tenancy.ics', 'tenancy.organisation')"
CLOCK = f"""
CREATE POLICY clock ON reminders_task TO ssip_worker USING ({PLACES}) WITH CHECK ({PLACES});
CREATE POLICY clock_opens ON reminders_deadline AS RESTRICTIVE FOR INSERT TO ssip_worker WITH CHECK ({PLACES});
"""
NO_CLOCK = "DROP POLICY clock ON reminders_task; DROP POLICY clock_opens ON reminders_deadline;"


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("reminders", "0004_walls_of_work")]

    operations = [
        *wall("people_accessreview", "any", app="SELECT, INSERT"),
        *wall("people_reviewedrole", "any", app="SELECT, INSERT"),
        migrations.RunSQL(REVIEWS, NO_REVIEWS),
        migrations.RunSQL(CLOCK, NO_CLOCK),
        migrations.RunSQL(
            "GRANT SELECT, INSERT ON reminders_task TO ssip_worker; GRANT INSERT ON reminders_deadline TO ssip_worker;",
            "REVOKE ALL ON reminders_task FROM ssip_worker; REVOKE INSERT ON reminders_deadline FROM ssip_worker;",
        ),
    ]
