-- The rows of the bench's crowd, as many as the table `size` says. Each place has a share: one ICS is loud, one quiet,
-- the others lie in between. Rows of all places lie mixed on the disk, as they would after years of use.

CREATE TEMPORARY TABLE place ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY kind, code) AS nth, kind, psc_id, ics_id, organisation_id, code, name,
       CASE code WHEN (SELECT loud FROM size) THEN 150 WHEN (SELECT quiet FROM size) THEN 0.2
       ELSE usual * (1 + row_number() OVER (ORDER BY code) % 7) END AS share,
       (SELECT array_agg(g.person_id ORDER BY g.id) FROM tenancy_grant g
        WHERE (g.psc_id = s.psc_id OR g.ics_id = s.ics_id OR g.organisation_id = s.organisation_id)) AS people
FROM (
    SELECT 'psc' AS kind, id AS psc_id, NULL::bigint AS ics_id, NULL::bigint AS organisation_id, code, name, 1 AS usual
    FROM tenancy_psc
    UNION ALL SELECT 'ics', NULL, id, NULL, code, short_name, 6 FROM tenancy_ics
    UNION ALL SELECT 'organisation', NULL, NULL, id, code, name, 1 FROM tenancy_organisation
) AS s;

-- What the workflows ask for, by kind of place: a verb, who may do it, who waits for it.
CREATE TEMPORARY TABLE ask ON COMMIT DROP AS
SELECT * FROM (VALUES
    ('ics', 0, 'Draft', 'draft_plan', 'approve_plan'),
    ('ics', 1, 'Endorse', 'endorse_plan', 'draft_plan'),
    ('ics', 2, 'Approve', 'approve_plan', 'draft_plan'),
    ('ics', 3, 'Read', 'comment_plan', ''),
    ('psc', 0, 'Open', 'manage_rounds', 'approve_plan'),
    ('psc', 1, 'Review', 'manage_people', ''),
    ('psc', 2, 'Publish', 'publish_plan', 'manage_rounds'),
    ('psc', 3, 'Approve', 'approve_plan', 'manage_rounds'),
    ('organisation', 0, 'Decide', 'decide_response', 'sign_off'),
    ('organisation', 1, 'Sign off', 'sign_off', 'decide_response'),
    ('organisation', 2, 'Start', 'start_response', 'decide_response'),
    ('organisation', 3, 'Review', 'manage_organisation_people', '')
) AS v (kind, nth, verb, permission, followed_with);

-- Rounds of each PSC with their steps; in each a plan of each network of an ICS that it serves; the last is open.
INSERT INTO plans_round (reference, name, begins_on, plans_due_on, ends_on, template_name, opened_at, opened_by_id,
                         closed_at, closed_by_id, psc_id)
SELECT 'CROWD-' || n, 'Round ' || n, day, day + 60, day + 120, 'Eight sections', day, p.people[1],
       CASE WHEN n < rounds THEN day + 121 END, CASE WHEN n < rounds THEN p.people[1] END, p.psc_id
FROM place p CROSS JOIN size CROSS JOIN generate_series(1, rounds) AS n
CROSS JOIN LATERAL (SELECT current_date - (rounds + 1 - n) * 90 AS day) AS d
WHERE p.kind = 'psc' ORDER BY n, p.nth;

INSERT INTO plans_step (position, name, body, working_days, psc_id, round_id)
SELECT s.position, s.name, 'System Quality Group', 10, r.psc_id, r.id
FROM plans_round r CROSS JOIN (VALUES (1, 'endorse'), (2, 'approve')) AS s (position, name)
WHERE r.reference LIKE 'CROWD-%' ORDER BY r.id, s.position;

INSERT INTO networks_network (reference, name, kind, purpose, chair, meets, begun_on, status, ics_id)
SELECT 'CROWD-' || n, p.name || ' network ' || n, 'ics_wide', '', 'Chief nurse', 'every six weeks', '2020-04-01',
       'active', p.ics_id
FROM place p CROSS JOIN generate_series(1, 8) AS n
WHERE p.kind = 'ics' AND (p.share > 1 OR n = 1) ORDER BY n, p.nth;

INSERT INTO plans_plan (reference, title, status, status_since, meeting_of, ics_id, network_id, round_id)
SELECT 'CROWD-' || n.id || '-' || r.id, n.name || ' plan', s.status, r.opened_at, '', n.ics_id, n.id, r.id
FROM plans_round r
JOIN (SELECT ics_id, min(psc_id) AS psc_id FROM tenancy_coverage GROUP BY ics_id) c USING (psc_id)
JOIN networks_network n ON n.ics_id = c.ics_id AND n.reference LIKE 'CROWD-%'
CROSS JOIN LATERAL (
    SELECT CASE WHEN r.closed_at IS NOT NULL THEN 'superseded'
           ELSE (ARRAY['draft', 'submitted', 'endorsed', 'changes_asked'])[1 + n.id % 4] END AS status) AS s
WHERE r.reference LIKE 'CROWD-%' ORDER BY r.id, n.id;

INSERT INTO plans_section (id, key, position, kind, title, guidance, is_required, content, digest, version, ics_id,
                           plan_id, saved_by_id, saved_at)
SELECT gen_random_uuid(), 'part-' || n, n, 'text', 'Part ' || n, 'Write about part ' || n || '.', true,
       jsonb_build_object('text', repeat('What the network found. ', 40)), md5(p.id::text || n), 1, p.ics_id, p.id,
       o.people[1], p.status_since
FROM plans_plan p JOIN place o USING (ics_id) CROSS JOIN generate_series(1, 8) AS n
WHERE p.reference LIKE 'CROWD-%' ORDER BY p.id, n;

INSERT INTO plans_planversion (number, digest, authors, by_id, at, ics_id, plan_id)
SELECT n, md5(p.id::text || n), o.people[1:1], o.people[1], p.status_since, p.ics_id, p.id
FROM plans_plan p JOIN place o USING (ics_id) CROSS JOIN generate_series(1, 2) AS n
WHERE p.reference LIKE 'CROWD-%' AND p.status <> 'draft' ORDER BY p.id, n;

INSERT INTO plans_decision (verdict, role, at, on_behalf_of, met_on, minute_reference, covered, note, by_id, ics_id,
                            version_id, step_id)
SELECT 'endorsed', 'ICB quality lead', v.at, s.body, v.at::date, 'item 5', '{}', '', v.by_id, v.ics_id, v.id, s.id
FROM plans_planversion v JOIN plans_plan p ON p.id = v.plan_id JOIN plans_step s USING (round_id)
WHERE p.reference LIKE 'CROWD-%' AND p.status IN ('superseded', 'endorsed') AND v.number = 2 AND s.name = 'endorse'
ORDER BY v.id;

INSERT INTO plans_comment (role, at, text, token, by_id, ics_id, plan_id, section_id)
SELECT 'Network member', p.status_since, 'Could the huddle be held at the end of a shift?', gen_random_uuid(),
       o.people[2], p.ics_id, p.id, CASE WHEN n > 1 THEN s.id END
FROM plans_plan p JOIN place o USING (ics_id) JOIN plans_section s ON s.plan_id = p.id AND s.position = 1
CROSS JOIN generate_series(1, 3) AS n
WHERE p.reference LIKE 'CROWD-%' ORDER BY p.id, n;

INSERT INTO plans_publishedplan (network_id, reference, title, network_name, ics_name, version, endorsed_by, endorsed_on,
                                 approved_by, approved_on, published_at, check_code, sections, is_example, ics_id,
                                 plan_id)
SELECT p.network_id, p.reference, p.title, p.title, o.name, 2, 'System Quality Group', p.status_since::date, 'The PSC',
       p.status_since::date, p.status_since, md5(p.id::text), '[]', true, p.ics_id, p.id
FROM plans_plan p JOIN place o USING (ics_id)
WHERE p.reference LIKE 'CROWD-%' AND p.status = 'superseded' ORDER BY p.id;

INSERT INTO plans_earlyread (by_id, at, wanted_by, ended_at, ics_id, plan_id)
SELECT o.people[1], p.status_since, p.status_since::date + 7,
       CASE WHEN p.status = 'superseded' THEN p.status_since + interval '9 days' END, p.ics_id, p.id
FROM plans_plan p JOIN place o USING (ics_id) WHERE p.reference LIKE 'CROWD-%' ORDER BY p.id;

INSERT INTO plans_coauthor (section_key, by_id, person_id, at, ended_at, ended_by_id, ics_id, plan_id)
SELECT '', o.people[1], o.people[2], p.status_since,
       CASE WHEN p.status = 'superseded' THEN p.status_since + interval '9 days' END,
       CASE WHEN p.status = 'superseded' THEN o.people[1] END, p.ics_id, p.id
FROM plans_plan p JOIN place o USING (ics_id) WHERE p.reference LIKE 'CROWD-%' ORDER BY p.id;

INSERT INTO plans_helddraft (base_version, content, at, settled_at, person_id, ics_id, section_id)
SELECT 1, '{"text": "Another text."}', s.saved_at, s.saved_at, s.saved_by_id, s.ics_id, s.id
FROM plans_section s JOIN plans_plan p ON p.id = s.plan_id
WHERE p.reference LIKE 'CROWD-%' AND s.position = 2 ORDER BY p.id;

-- One thing to do in twenty is about a plan, one in twenty-five is addressed to one person.
INSERT INTO reminders_task (about_kind, about_id, path, reference, verb, thing, place, why, permission, role, not_for,
                            followed_with, due, due_set_by, minutes, opened_at, closed_at, closed_because,
                            closed_by_id, ics_id, organisation_id, person_id, psc_id)
SELECT CASE WHEN t.plan IS NULL THEN 'incidents.response' ELSE 'plans.plan' END, coalesce(t.plan, t.n),
       '/plans/' || t.n || '/', t.code || '-' || t.n, a.verb, 'Patient Safety Network Plan ' || t.n, t.name,
       'You lead the plan of this ICS.', a.permission, '', '{}', a.followed_with,
       CASE WHEN t.n % 10 > 0 THEN current_date - 30 + t.n % 120 END, 'the round', 30,
       t.at, CASE WHEN t.is_done THEN t.at + interval '5 days' END, CASE WHEN t.is_done THEN 'done' ELSE '' END,
       CASE WHEN t.is_done THEN t.people[1 + t.n % cardinality(t.people)] END, t.ics_id, t.organisation_id,
       CASE WHEN t.n % 25 = 0 THEN t.people[1 + t.n % cardinality(t.people)] END, t.psc_id
FROM (
    SELECT p.*, n, m.is_done, plans.ids[1 + n % cardinality(plans.ids)] AS plan,
           now() - CASE WHEN m.is_done THEN interval '5 days' + n * 997 % 1000 * interval '1 day'
                   ELSE n * 997 % 150 * interval '1 day' END AS at
    FROM place p
    CROSS JOIN (SELECT false, to_do FROM size UNION ALL SELECT true, done FROM size) AS m (is_done, rows)
    CROSS JOIN LATERAL generate_series(1, ceil(m.rows * p.share / (SELECT sum(share) FROM place))::int) AS n
    LEFT JOIN (SELECT ics_id, array_agg(id ORDER BY id) AS ids FROM plans_plan WHERE status <> 'superseded'
               GROUP BY ics_id) AS plans ON plans.ics_id = p.ics_id AND n % 20 = 0
) AS t JOIN ask a ON a.kind = t.kind AND a.nth = (t.n - 1) % 4
ORDER BY t.at, t.nth;

INSERT INTO reminders_deadline (about_kind, about_id, path, reference, thing, place, permissions, not_for, due_on,
                                original_due_on, set_by, revision, state, opened_at, ended_at, ics_id, organisation_id,
                                psc_id, kind_id, roles, remind, escalates_to, escalates_after, level)
SELECT 'incidents.response', n, '/plans/' || n || '/', p.code || '-' || n, 'Patient Safety Network Plan ' || n, p.name,
       ARRAY[a.permission], '{}', d.due_on, d.due_on, 'the round', 1, d.state, d.due_on - 60,
       CASE WHEN d.state = 'met' THEN d.due_on END, p.ics_id, p.organisation_id, p.psc_id, k.id,
       '{}', k.remind, k.escalates_to, k.escalates_after, 0
FROM place p
CROSS JOIN LATERAL generate_series(1, ceil((SELECT dates FROM size) * p.share / (SELECT sum(share) FROM place))::int) AS n
JOIN ask a ON a.kind = p.kind AND a.nth = (n - 1) % 4
CROSS JOIN LATERAL (
    SELECT current_date - 700 + n * 997 % 800 AS due_on,
           CASE WHEN n * 997 % 800 < 690 THEN 'met' ELSE 'open' END AS state) AS d
CROSS JOIN (SELECT * FROM reminders_deadlinekind ORDER BY id LIMIT 1) AS k
ORDER BY d.due_on, p.nth;
