-- A vote: who may, for whom, and what it replaces.

-- The head of a chain and the row of a voter change with each vote: with room in their
-- pages no index has to learn of it.
ALTER TABLE prizes_chainhead SET (fillfactor = 20);
ALTER TABLE prizes_voter SET (fillfactor = 70);

-- Who votes has said who they are: a name, a country, a type of stakeholder.
CREATE OR REPLACE FUNCTION public.prize_profile_complete(the_user bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
    SELECT EXISTS (
        SELECT FROM public.accounts_user u JOIN public.stocktaking_member m ON m.user_id = u.id
        WHERE u.id = the_user AND u.last_name <> ''
          AND m.country_id IS NOT NULL AND m.stakeholder_type_id IS NOT NULL)
$function$;

-- The chosen nominees, each in the category it was chosen in, with what bars this voter from them.
-- In plpgsql, so that the plan of its long queries is kept.
CREATE OR REPLACE FUNCTION public.prize_nominees(edition text, entries bigint[], lines text[], the_user bigint)
 RETURNS TABLE(id bigint, title character varying, status character varying, contest_id bigint, category_id bigint, line character varying, bar text)
 LANGUAGE plpgsql
 STABLE
AS $function$
DECLARE
    the_contest bigint := (SELECT c.id FROM public.prizes_contest c WHERE c.slug = edition);
    bars_all text := '';
BEGIN
    IF EXISTS (SELECT FROM public.prize_officials(the_contest) o WHERE o.user_id = the_user) THEN
        bars_all := 'official';
    ELSIF NOT public.prize_profile_complete(the_user) THEN
        bars_all := 'profile';
    END IF;
    RETURN QUERY
        SELECT e.id, e.title, e.status, e.contest_id, e.category_id, k.action_line_id,
            CASE WHEN bars_all <> 'official' AND EXISTS (
                     SELECT FROM public.prize_ties(the_contest) t
                     WHERE t.entry_id = e.id AND t.user_id = the_user) THEN 'own'
                 ELSE bars_all END
        FROM unnest(entries, lines) AS chosen(entry, place)
        JOIN public.prizes_entry e ON e.id = chosen.entry AND e.contest_id = the_contest
        JOIN public.prizes_category k ON k.id = e.category_id AND k.action_line_id = chosen.place
        WHERE e.source = '' AND e.status IN ('nominated', 'champion', 'winner');
END $function$;

-- The same for a page, of all entries: 'own' with the entry, 'official' and 'profile' without one.
CREATE OR REPLACE FUNCTION public.prize_bars(the_contest bigint, the_user bigint)
 RETURNS TABLE(kind text, entry_id bigint)
 LANGUAGE plpgsql
 STABLE
AS $function$
BEGIN
    RETURN QUERY
        SELECT 'own', t.entry_id FROM public.prize_ties(the_contest) t WHERE t.user_id = the_user
        UNION ALL
        SELECT 'official', NULL FROM public.prize_officials(the_contest) o
        WHERE o.user_id = the_user
        UNION ALL
        SELECT 'profile', NULL WHERE NOT public.prize_profile_complete(the_user);
END $function$;

CREATE OR REPLACE FUNCTION public.prize_officials(the_contest bigint)
 RETURNS TABLE(user_id bigint)
 LANGUAGE sql
 STABLE
AS $function$
    SELECT s.expert_id FROM public.prizes_panelmember s
    JOIN public.prizes_panel p ON p.id = s.panel_id
    JOIN public.prizes_category k ON k.id = p.category_id
    JOIN public.prizes_contest c ON c.id = k.contest_id AND c.officials_barred
    WHERE k.contest_id = the_contest
    UNION ALL
    SELECT g.user_id FROM public.accounts_user_groups g JOIN public.auth_group r ON r.id = g.group_id
    JOIN public.prizes_contest c ON c.id = the_contest AND c.officials_barred
    WHERE r.name IN ('secretariat', 'administrator')
    UNION ALL
    SELECT u.id FROM public.accounts_user u
    JOIN public.prizes_contest c ON c.id = the_contest AND c.officials_barred
    WHERE u.is_superuser
$function$;

-- When the vote that is open now closes; NULL when none is open.
CREATE OR REPLACE FUNCTION public.prize_voting_closes(the_contest bigint)
 RETURNS timestamptz
 LANGUAGE sql
 STABLE
AS $function$
    SELECT p.closes_at
        FROM public.prizes_phase p JOIN public.prizes_contest c ON c.id = p.contest_id
        WHERE c.id = the_contest AND c.counted_at IS NULL AND p.kind = 'voting'
          AND p.opens_at <= clock_timestamp() AND p.closes_at > clock_timestamp()
$function$;

-- The voter of a mailbox: the first account of it that votes, for all that come after.
CREATE OR REPLACE FUNCTION public.prize_voter_of_mailbox(the_contest bigint, the_voter text, the_mailbox text)
 RETURNS text
 LANGUAGE plpgsql
AS $function$
DECLARE
    known text;
BEGIN
    IF the_mailbox = '' THEN
        RETURN the_voter;
    END IF;
    SELECT m.key INTO known FROM public.prizes_mailbox m
        WHERE m.contest_id = the_contest AND m.digest = the_mailbox;
    IF known IS NULL AND public.prize_voting_closes(the_contest) IS NOT NULL THEN
        INSERT INTO public.prizes_mailbox (contest_id, digest, key)
            VALUES (the_contest, the_mailbox, the_voter) ON CONFLICT DO NOTHING;
        SELECT m.key INTO known FROM public.prizes_mailbox m
            WHERE m.contest_id = the_contest AND m.digest = the_mailbox;
    END IF;
    RETURN coalesce(known, the_voter);
END $function$;

CREATE OR REPLACE FUNCTION public.prize_vote(the_contest bigint, the_category bigint, the_entry bigint, the_voter text, OUT outcome text, OUT receipt bigint)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
DECLARE
    chain int := ('x' || left(the_voter, 2))::bit(8)::int % 64;
    standing record;
    link bigint;
    closes timestamptz := public.prize_voting_closes(the_contest);
BEGIN
    PERFORM FROM public.prizes_chainhead
        WHERE contest_id = the_contest AND shard = chain FOR NO KEY UPDATE;
    IF NOT FOUND AND closes IS NOT NULL AND EXISTS (
        SELECT FROM public.prizes_entry e
        WHERE e.id = the_entry AND e.category_id = the_category AND e.status = 'nominated')
    THEN
        INSERT INTO public.prizes_chainhead (contest_id, shard, number, hash, voting_closes_at)
            VALUES (the_contest, chain, 0, repeat('0', 64), closes) ON CONFLICT DO NOTHING;
        PERFORM FROM public.prizes_chainhead
            WHERE contest_id = the_contest AND shard = chain FOR NO KEY UPDATE;
    END IF;
    -- after a void the voter votes as if for the first time, also for the same nominee
    SELECT v.entry_id, e.receipt_number INTO standing
        FROM public.prizes_vote v JOIN public.prizes_ballotevent e ON e.id = v.event_id
        WHERE v.category_id = the_category AND v.voter = the_voter AND NOT v.voided;
    IF closes IS NULL OR closes <= clock_timestamp() OR EXISTS (
        SELECT FROM public.prizes_contest c WHERE c.id = the_contest AND c.counted_at IS NOT NULL)
    THEN
        outcome := 'closed';
        DELETE FROM public.prizes_chainhead  -- begun a moment ago, before the close
            WHERE contest_id = the_contest AND shard = chain AND number = 0;
    ELSIF NOT EXISTS (
        SELECT FROM public.prizes_entry e
        WHERE e.id = the_entry AND e.category_id = the_category AND e.status = 'nominated')
    THEN
        outcome := 'not_nominated';
    ELSIF standing.entry_id = the_entry THEN
        outcome := 'same';
        receipt := standing.receipt_number;
    ELSE
        outcome := CASE WHEN standing.entry_id IS NULL THEN 'cast' ELSE 'change' END;
        INSERT INTO public.prizes_ballotevent
            (contest_id, category_id, entry_id, voter, kind, reason)
            VALUES (the_contest, the_category, the_entry, the_voter, outcome, '')
            RETURNING id, receipt_number INTO link, receipt;
        INSERT INTO public.prizes_vote (category_id, voter, entry_id, event_id, voided)
            VALUES (the_category, the_voter, the_entry, link, false)
            ON CONFLICT (category_id, voter)
            DO UPDATE SET entry_id = excluded.entry_id, event_id = excluded.event_id, voided = false;
    END IF;
END $function$;

-- The next category that has nominees and no vote of this voter, or a void one; first those after
-- this one. It looks at one category after the other, for nearly always the first is open.
CREATE OR REPLACE FUNCTION public.prize_following(the_category bigint, the_voter text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
AS $function$
DECLARE
    place record;
BEGIN
    FOR place IN
        SELECT c.id, c.action_line_id
            FROM public.prizes_category here
            JOIN public.prizes_category c ON c.contest_id = here.contest_id AND c.id <> here.id
            WHERE here.id = the_category
            ORDER BY c.number <= here.number, c.number
    LOOP
        IF EXISTS (SELECT FROM public.prizes_entry e
                   WHERE e.category_id = place.id AND e.source = ''
                     AND e.status IN ('nominated', 'champion', 'winner'))
           AND NOT EXISTS (SELECT FROM public.prizes_vote v
                           JOIN public.prizes_entry n ON n.id = v.entry_id
                           WHERE v.category_id = place.id AND v.voter = the_voter AND NOT v.voided
                             AND n.status IN ('nominated', 'champion', 'winner'))
        THEN
            RETURN place.action_line_id;
        END IF;
    END LOOP;
    RETURN NULL;
END $function$;
