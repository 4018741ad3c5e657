"""Attacks in direct SQL, each named by a sentence: (the station of the plan, who attacks, the statements).

Of several statements the last is the attack; those before it are allowed. `%(name)s` is the id of a person
of the world or one of FACTS in tests/plans/test_attacks.py.
"""

NOW = "now()"
DIGEST = "repeat('0', 64)"
COVERED = (
    "(SELECT jsonb_object_agg(key, digest) FROM plans_versionsection WHERE ics_id = %(ics)s AND version_id = {version})"
)


def move(target, more=""):
    return f"UPDATE plans_plan SET status = '{target}', status_since = now(){more} WHERE id = %(plan)s"


def change(table, which, **values):
    given = ", ".join(f"{name} = {value}" for name, value in values.items())
    return f"UPDATE plans_{table} SET {given} WHERE id = %({which})s"


def add(table, **values):
    values = {"ics_id": "%(ics)s"} | values
    return f"INSERT INTO plans_{table} ({', '.join(values)}) SELECT {', '.join(map(str, values.values()))}"


def decision(by, step="endorse", verdict="endorsed", version="%(version)s", covered=COVERED):
    return add(
        "decision", version_id=version, step_id=f"%({step})s", verdict=f"'{verdict}'", by_id=f"%({by})s", role="''",
        at=NOW, on_behalf_of="'The board'", met_on="current_date", minute_reference="'Item 1'", note="'Because.'",
        covered=covered.format(version=version),
    )  # fmt: skip


def version(by, number=1, authors="ARRAY[%(ics_lead)s]::bigint[]"):
    values = {"plan_id": "%(plan)s", "number": number, "digest": DIGEST, "authors": authors, "by_id": f"%({by})s"}
    return add("planversion", **values, at=NOW)


def frozen(of="(SELECT max(id) FROM plans_planversion)", key="key", content="content", where="key = 'aims'"):
    """Frozen like the section as it stands, but for what is said."""
    return (
        "INSERT INTO plans_versionsection "
        "(ics_id, version_id, section_id, key, position, kind, title, content, digest) "
        f"SELECT ics_id, {of}, id, {key}, position, kind, title, {content}, digest FROM plans_section "
        f"WHERE plan_id = %(plan)s AND {where}"
    )


def revision(by, number=2, text="Mine.", section="aims"):
    content = f"""'{{"text": "{text}"}}'::jsonb"""
    values = {"section_id": f"%({section})s", "version": number, "content": content, "digest": DIGEST}
    return add("sectionrevision", **values, by_id=f"%({by})s", at=NOW)


def save(by, number=2, text="Mine.", section="aims"):
    content = f"""'{{"text": "{text}"}}'"""
    return change(
        "section", section, content=content, digest=DIGEST, version=number, saved_by_id=f"%({by})s", saved_at=NOW
    )


def comment(by, **more):
    values = {"plan_id": "%(plan)s", "by_id": f"%({by})s", "role": "''", "at": NOW, "text": "'Words.'"}
    return add("comment", **values, token="gen_random_uuid()", **more)


def co_author(person, by):
    return add(
        "coauthor", plan_id="%(plan)s", person_id=f"%({person})s", section_key="''", by_id=f"%({by})s", at=NOW
    )  # fmt: skip


def held(person):
    content = """'{"text": "Theirs."}'::jsonb"""
    return add(
        "helddraft", section_id="%(why)s", person_id=f"%({person})s", base_version=0, content=content, at=NOW
    )  # fmt: skip


def early_read(by):
    return add("earlyread", plan_id="%(plan)s", by_id=f"%({by})s", at=NOW, wanted_by="current_date")


def plan(status="draft", ics="%(ics)s", planning_round="%(other_round)s"):
    return add(
        "plan", ics_id=ics, reference="'PLAN-99'", network_id="%(network)s", round_id=planning_round,
        title="'A plan'", status=f"'{status}'", status_since=NOW, meeting_of="''",
    )  # fmt: skip


def publication(**other):
    """The approved words as the page would publish them, but for what is said."""
    copy = "jsonb_build_object('key', f.key, 'title', title, 'kind', kind, 'content', content, 'digest', digest)"
    values = {
        "plan_id": "p.id", "ics_id": "p.ics_id", "network_id": "p.network_id", "reference": "p.reference",
        "title": "p.title", "network_name": "n.name", "ics_name": "i.short_name", "version": "v.number",
        "endorsed_by": "e.on_behalf_of", "endorsed_on": "e.met_on", "approved_by": "'Eastern PSC'",
        "approved_on": "(now() AT TIME ZONE 'Europe/London')::date", "published_at": NOW, "check_code": "v.digest",
        "is_example": "false",
        "sections": f"(SELECT jsonb_agg({copy} ORDER BY position) FROM plans_versionsection f WHERE version_id = v.id)",
    } | other  # fmt: skip
    return (
        f"INSERT INTO plans_publishedplan ({', '.join(values)}) SELECT {', '.join(values.values())} FROM plans_plan p "
        "JOIN networks_network n ON n.id = p.network_id JOIN tenancy_ics i ON i.id = p.ics_id "
        "JOIN plans_planversion v ON v.plan_id = p.id "
        "JOIN plans_decision e ON e.version_id = v.id AND e.verdict = 'endorsed' WHERE p.id = %(plan)s"
    )


MOVES = {
    "from draft to approved at once": ("draft", "psc_lead", move("approved")),
    "a co-author submits": ("draft", "partner", move("submitted")),
    "submit without a version": ("draft", "ics_lead", move("submitted")),
    "submit a version without its sections": ("draft", "ics_lead", version("ics_lead"), move("submitted")),
    "submit a version that leaves one section out": (
        "draft", "ics_lead", version("ics_lead"), frozen(where="key <> 'aims'"), move("submitted"),
    ),
    "submit the version of the submission before": ("changes_asked", "ics_lead", move("submitted")),
    "submit again what was withdrawn, without a new version": ("reopened", "ics_lead", move("submitted")),
    "from withdrawn to submitted": ("withdrawn", "ics_lead", move("submitted")),
    "a member withdraws the plan": ("submitted", "network_member", move("withdrawn")),
    "a member opens a withdrawn plan again": ("withdrawn", "network_member", move("draft")),
    "endorsed without a decision": ("submitted", "quality_lead", move("endorsed")),
    "the PSC endorses for the ICB": ("submitted", "psc_lead", move("endorsed")),
    "approved without the endorsement": ("submitted", "psc_lead", move("approved")),
    "sent back without a decision": ("submitted", "quality_lead", move("changes_asked")),
    "approved without a decision": ("endorsed", "psc_lead", move("approved")),
    "approved by who leads the plan": ("endorsed", "ics_lead", move("approved")),
    "sent back by the PSC without a reason": ("endorsed", "psc_lead", move("changes_asked")),
    "sent back by the ICB when it is the PSC's turn": ("endorsed", "quality_lead", move("changes_asked")),
    "an approval undone": ("approved", "psc_lead", move("endorsed")),
    "an approved plan written again": ("approved", "ics_lead", move("draft")),
    "published without a copy": ("approved", "psc_lead", move("published")),
    "replaced without a newer edition": ("published", "psc_lead", move("superseded")),
    "withdrawn after publication": ("published", "ics_lead", move("withdrawn")),
    "a withdrawal that changes the meeting too": ("draft", "ics_lead", move("withdrawn", ", meeting_of = 'Another'")),
    "since when, without a move": ("draft", "ics_lead", change("plan", "plan", status_since="'2020-01-01'")),
    "another ICS's lead withdraws": ("draft", "sibling_lead", move("withdrawn")),
}  # fmt: skip

PLANS = {
    "a plan with another reference": ("draft", "ics_lead", change("plan", "plan", reference="'PLAN-1'")),
    "a plan in another round": ("draft", "ics_lead", change("plan", "plan", round_id="%(other_round)s")),
    "a plan of another network": ("draft", "ics_lead", change("plan", "plan", network_id="%(other_network)s")),
    "a plan in another ICS": ("draft", "psc_lead", change("plan", "plan", ics_id="%(other_ics)s")),
    "a plan with another number": ("draft", "ics_lead", change("plan", "plan", id="9999")),
    "another title on an approved plan": ("approved", "ics_lead", change("plan", "plan", title="'Another'")),
    "a member names the meeting": ("draft", "network_member", change("plan", "plan", meeting_of="'Ours'")),
    "a plan that begins approved": ("draft", "psc_administrator", plan(status="approved")),
    "a plan opened by who leads it": ("draft", "ics_lead", plan()),
    "a plan of another ICS's network": ("draft", "psc_administrator", plan(ics="%(other_ics)s")),
    "a plan in a closed round": ("draft", "psc_administrator", plan(planning_round="%(closed_round)s")),
    "a way for plans that nobody decided on": (
        "draft", "psc_lead", "INSERT INTO plans_arrow VALUES ('draft', 'approved', 'approve', 'view_plan')",
    ),
    "an easier permission for a move": ("draft", "psc_lead", "UPDATE plans_arrow SET permission = 'view_plan'"),
    "no way for plans at all": ("draft", "psc_lead", "DELETE FROM plans_arrow"),
    "a plan thrown away": ("draft", "ics_lead", "DELETE FROM plans_plan WHERE id = %(spare)s"),
}  # fmt: skip

DECISIONS = {
    "a decision in somebody else's name": ("submitted", "network_member", decision("quality_lead")),
    "a member decides": ("submitted", "network_member", decision("network_member")),
    "who submitted endorses": ("two hats", "ics_lead", decision("ics_lead")),
    "who wrote a section endorses": ("two hats", "quality_lead", decision("quality_lead")),
    "who leads the plan endorses": ("submitted", "ics_lead", decision("ics_lead")),
    "the PSC decides at the ICB's step": ("submitted", "psc_lead", decision("psc_lead")),
    "the PSC decides before its turn": ("submitted", "psc_lead", decision("psc_lead", "approve", "approved")),
    "the ICB approves at its own step": ("submitted", "quality_lead", decision("quality_lead", verdict="approved")),
    "the ICB decides at the PSC's step": (
        "endorsed", "quality_lead", decision("quality_lead", "approve", "approved"),
    ),
    "the PSC endorses at its own step": ("endorsed", "psc_lead", decision("psc_lead", "approve", "endorsed")),
    "a decision about an older version": ("resubmitted", "quality_lead", decision("quality_lead", version="%(first)s")),
    "a decision at a step of another round": ("submitted", "quality_lead", decision("quality_lead", "other_endorse")),
    "a decision about a plan that is written again": ("reopened", "quality_lead", decision("quality_lead")),
    "a decision that covers nothing": ("submitted", "quality_lead", decision("quality_lead", covered="'{{}}'::jsonb")),
    "a decision that leaves a section out": (
        "submitted", "quality_lead", decision("quality_lead", covered=COVERED + " - 'aims'"),
    ),
    "a decision about other words": (
        "submitted", "quality_lead",
        decision("quality_lead", covered=COVERED + " || jsonb_build_object('aims', repeat('0', 64))"),
    ),
    "a reason rewritten": ("endorsed", "quality_lead", "UPDATE plans_decision SET note = 'Otherwise.'"),
    "a decision thrown away": ("endorsed", "quality_lead", "DELETE FROM plans_decision"),
    "all decisions thrown away": ("endorsed", "quality_lead", "TRUNCATE plans_decision CASCADE"),
}  # fmt: skip

VERSIONS = {
    "a co-author makes a version": ("draft", "partner", version("partner")),
    "a version in somebody else's name": ("draft", "ics_lead", version("psc_lead")),
    "a version of a submitted plan": ("submitted", "ics_lead", version("ics_lead", 2)),
    "a version that leaves a number out": ("draft", "ics_lead", version("ics_lead", 3)),
    "a version that hides its authors": ("draft", "ics_lead", version("ics_lead", authors="'{}'::bigint[]")),
    "a version with an author more": (
        "draft", "ics_lead", version("ics_lead", authors="ARRAY[%(ics_lead)s, %(psc_lead)s]::bigint[]"),
    ),
    "words that nobody wrote are frozen": (
        "draft", "ics_lead", version("ics_lead"), frozen(content="""'{"text": "Other."}'"""),
    ),
    "a section slipped into a version that is decided": (
        "changes_asked", "ics_lead", frozen(of="%(version)s", key="'more'"),
    ),
    "a section slipped into an earlier submission": ("reopened", "ics_lead", frozen(of="%(version)s", key="'more'")),
    "a version with another digest": ("submitted", "ics_lead", f"UPDATE plans_planversion SET digest = {DIGEST}"),
    "a version without its author": ("submitted", "ics_lead", "UPDATE plans_planversion SET authors = '{}'"),
    "a version thrown away": ("endorsed", "ics_lead", "TRUNCATE plans_planversion CASCADE"),
    "frozen words rewritten": ("submitted", "ics_lead", """UPDATE plans_versionsection SET content = '{"text": ""}'"""),
    "frozen words thrown away": ("submitted", "ics_lead", "DELETE FROM plans_versionsection"),
    "all frozen words thrown away": ("submitted", "ics_lead", "TRUNCATE plans_versionsection"),
}  # fmt: skip

SECTIONS = {
    "words changed after submission": ("submitted", "ics_lead", save("ics_lead")),
    "words put into the history after submission": ("submitted", "ics_lead", revision("ics_lead")),
    "a member writes": ("draft", "network_member", revision("network_member")),
    "a co-author writes elsewhere": ("draft", "partner", revision("partner", section="why")),
    "a co-author writes after the invitation ended": ("uninvited", "partner", revision("partner")),
    "words without a history": ("draft", "ics_lead", save("ics_lead")),
    "other words than in the history": ("draft", "ics_lead", revision("ics_lead"), save("ics_lead", text="Else.")),
    "words saved over the same version": ("draft", "ics_lead", save("ics_lead", number=1)),
    "words saved in somebody else's name": ("draft", "ics_lead", save("network_member")),
    "a history in somebody else's name": ("draft", "ics_lead", revision("psc_lead")),
    "a history ahead of the words": ("draft", "ics_lead", revision("ics_lead", number=7)),
    "a history of what was never saved": ("draft", "ics_lead", revision("ics_lead"), "SET CONSTRAINTS ALL IMMEDIATE"),
    "a section under another key": ("draft", "ics_lead", change("section", "aims", key="'other'")),
    "a section with another question": ("draft", "ics_lead", change("section", "aims", guidance="'Nothing.'")),
    "a section no longer required": ("draft", "ics_lead", change("section", "aims", is_required="false")),
    "a section more": (
        "draft", "ics_lead",
        add("section", id="gen_random_uuid()", plan_id="%(plan)s", key="'more'", position=99, kind="'text'",
            title="'More'", guidance="''", is_required="false", content="""'{"text": ""}'::jsonb""", digest=DIGEST,
            version=0),
    ),
    "a section thrown away": ("draft", "ics_lead", "DELETE FROM plans_section WHERE key = 'aims'"),
    "the history rewritten": ("draft", "ics_lead", "UPDATE plans_sectionrevision SET by_id = %(psc_lead)s"),
    "the history thrown away": ("draft", "ics_lead", "DELETE FROM plans_sectionrevision"),
    "all history thrown away": ("draft", "ics_lead", "TRUNCATE plans_sectionrevision"),
}  # fmt: skip

AROUND = {
    "a comment in somebody else's name": ("draft", "partner", comment("psc_lead")),
    "a comment by who only opens rounds": ("draft", "psc_administrator", comment("psc_administrator")),
    "a comment that speaks for a decision of others": (
        "endorsed", "ics_lead", comment("ics_lead", decision_id="%(decision)s"),
    ),
    "a comment rewritten": ("draft", "network_member", change("comment", "comment", text="'Otherwise.'")),
    "a comment settled by who made it": (
        "draft", "network_member", change("comment", "comment", settled_at=NOW, settled_by_id="%(network_member)s"),
    ),
    "a comment settled in somebody else's name": (
        "draft", "ics_lead", change("comment", "comment", settled_at=NOW, settled_by_id="%(psc_lead)s"),
    ),
    "a comment thrown away": ("draft", "network_member", "DELETE FROM plans_comment"),
    "a member invites themselves": ("draft", "network_member", co_author("network_member", "network_member")),
    "an invitation in somebody else's name": ("draft", "ics_lead", co_author("network_member", "psc_lead")),
    "an invitation that changes hands": (
        "draft", "ics_lead", change("coauthor", "co_author", person_id="%(network_member)s"),
    ),
    "an invitation for every section": ("draft", "partner", change("coauthor", "co_author", section_key="''")),
    "an invitation ended by its guest": (
        "draft", "partner", change("coauthor", "co_author", ended_at=NOW, ended_by_id="%(partner)s"),
    ),
    "a text kept in somebody else's name": ("draft", "ics_lead", held("partner")),
    "a text kept by who may not write": ("draft", "network_member", held("network_member")),
    "a kept text rewritten": ("draft", "partner", change("helddraft", "held", content="""'{"text": "Else."}'""")),
    "somebody else's kept text settled": ("draft", "ics_lead", change("helddraft", "held", settled_at=NOW)),
    "an early read asked for by a member": ("submitted", "network_member", early_read("network_member")),
    "an early read in somebody else's name": ("reopened", "ics_lead", early_read("psc_lead")),
    "an early read of a submitted plan": ("submitted", "ics_lead", early_read("ics_lead")),
    "an early read with another date": (
        "draft", "ics_lead", change("earlyread", "early_read", wanted_by="'2030-01-01'"),
    ),
    "an early read ended by a member": ("draft", "network_member", change("earlyread", "early_read", ended_at=NOW)),
}  # fmt: skip

PUBLISHED = {
    "published before it is approved": ("endorsed", "psc_lead", publication()),
    "published by who leads the plan": ("approved", "ics_lead", publication()),
    "other words published": ("approved", "psc_lead", publication(sections="""'[{"key": "aims"}]'::jsonb""")),
    "another version named": ("approved", "psc_lead", publication(version="2")),
    "another check code": ("approved", "psc_lead", publication(check_code=DIGEST)),
    "another body named": ("approved", "psc_lead", publication(approved_by="'Another body'")),
    "an earlier approval claimed": ("approved", "psc_lead", publication(approved_on="'2020-01-01'::date")),
    "a plan passed off as an example": ("approved", "psc_lead", publication(is_example="true")),
    "published words rewritten": ("published", "psc_lead", "UPDATE plans_publishedplan SET sections = '[]'"),
    "a published plan taken away": ("published", "psc_lead", "DELETE FROM plans_publishedplan"),
    "all published plans taken away": ("published", "psc_lead", "TRUNCATE plans_publishedplan"),
}  # fmt: skip

GRANTS = {
    "a role given to oneself": (
        "draft", "ics_lead",
        "INSERT INTO tenancy_grant (person_id, role, ics_id, group_id, from_date, at, reason, ended_reason) SELECT"
        " %(ics_lead)s, role, ics_id, group_id, from_date, now(), '', '' FROM tenancy_grant"
        " WHERE role = 'icb_quality_lead'",
    ),
    "a role taken over": (
        "draft", "ics_lead", "UPDATE tenancy_grant SET person_id = %(ics_lead)s WHERE role = 'icb_quality_lead'",
    ),
    "a role that never ends": ("draft", "ics_lead", "UPDATE tenancy_grant SET until = NULL"),
    "somebody's role thrown away": ("draft", "ics_lead", "DELETE FROM tenancy_grant"),
    "a seat in another group": (
        "draft", "ics_lead",
        "INSERT INTO core_user_groups (user_id, group_id) SELECT %(nobody)s, min(id) FROM auth_group",
    ),
    "a group left without a word": ("draft", "ics_lead", "DELETE FROM core_user_groups"),
    "a permission for a role": (
        "draft", "ics_lead",
        "INSERT INTO tenancy_icsgrouppermission (group_id, permission_id, content_object_id)"
        " SELECT g.group_id, p.permission_id, g.content_object_id"
        " FROM tenancy_icsgrouppermission g, tenancy_pscgrouppermission p LIMIT 1",
    ),
    "a permission taken from a role": ("draft", "ics_lead", "DELETE FROM tenancy_pscgrouppermission"),
    "a permission renamed": (
        "draft", "ics_lead", "UPDATE auth_permission SET codename = 'plan_approval' WHERE codename = 'approve_plan'",
    ),
    "a person made superuser": (
        "draft", "ics_lead", "UPDATE core_user SET is_superuser = true WHERE id = %(ics_lead)s",
    ),
    "a PSC that serves another ICS": (
        "draft", "outsider", "UPDATE tenancy_coverage SET psc_id = (SELECT max(id) FROM tenancy_psc)",
    ),
}  # fmt: skip

WALLS = {
    "a guard switched off": ("draft", "ics_lead", "ALTER TABLE plans_plan DISABLE TRIGGER ssip_guard_plan"),
    "a guard dropped": ("draft", "ics_lead", "DROP TRIGGER ssip_guard_decision ON plans_decision"),
    "a wall taken down": ("draft", "ics_lead", "ALTER TABLE plans_plan DISABLE ROW LEVEL SECURITY"),
    "a guard that says yes to everything": (
        "draft", "ics_lead",
        "CREATE OR REPLACE FUNCTION ssip_must(is_so boolean, sentence text) RETURNS void LANGUAGE sql AS 'SELECT'",
    ),
}  # fmt: skip

# The owner is refused some of these too, by a chain or by PostgreSQL: so nothing is proven by asking as owner.
ABSOLUTE = {
    "all triggers switched off": ("draft", "ics_lead", "SET session_replication_role = replica"),
    "a line put into the audit": (
        "draft", "ics_lead",
        "INSERT INTO core_auditevent "
        "(at, actor_roles, scope_kind, scope_id, action, thing_kind, thing_id, reference, data)"
        " VALUES (now(), '[]', 'ics', %(ics)s, 'approve', 'plans.plan', %(plan)s, '', '{}')",
    ),
    "a line of the audit rewritten": ("draft", "ics_lead", "UPDATE core_auditevent SET actor_id = %(psc_lead)s"),
    "a line of the audit taken out": ("draft", "ics_lead", "DELETE FROM core_auditevent"),
    "the audit emptied": ("draft", "ics_lead", "TRUNCATE core_auditevent"),
}  # fmt: skip

BITING = MOVES | PLANS | DECISIONS | VERSIONS | SECTIONS | AROUND | PUBLISHED | GRANTS | WALLS
ATTACKS = BITING | ABSOLUTE
