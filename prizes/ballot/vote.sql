-- A vote in one statement: who may, for whom, and what it replaces.

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

CREATE OR REPLACE FUNCTION public.prize_nominee(the_entry bigint, edition text, line text, the_user bigint)
 RETURNS TABLE(id bigint, title character varying, status character varying, contest_id bigint, category_id bigint, bar text)
 LANGUAGE plpgsql
 STABLE
AS $function$
BEGIN
    RETURN QUERY
        SELECT e.id, e.title, e.status, e.contest_id, e.category_id,
            CASE WHEN EXISTS (SELECT FROM public.prize_officials(e.contest_id) o
                              WHERE o.user_id = the_user) THEN 'official'
                 WHEN EXISTS (SELECT FROM public.prize_ties(e.contest_id) t
                              WHERE t.entry_id = e.id AND t.user_id = the_user) THEN 'own'
                 WHEN NOT public.prize_profile_complete(the_user) THEN 'profile'
                 ELSE '' END
        FROM public.prizes_entry e
        JOIN public.prizes_category k ON k.id = e.category_id AND k.action_line_id = line
        JOIN public.prizes_contest c ON c.id = e.contest_id AND c.slug = edition
        WHERE e.id = the_entry AND e.source = ''
          AND e.status IN ('nominated', 'champion', 'winner');
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

CREATE OR REPLACE FUNCTION public.prize_vote(the_contest bigint, the_category bigint, the_entry bigint, the_voter text, the_mailbox text DEFAULT ''::text, OUT outcome text, OUT receipt bigint, OUT following text)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
DECLARE
    voter_here text := the_voter;
    chain int;
    standing record;
    link bigint;
    closes timestamptz;
BEGIN
    SELECT p.closes_at INTO closes
        FROM public.prizes_phase p JOIN public.prizes_contest c ON c.id = p.contest_id
        WHERE c.id = the_contest AND c.counted_at IS NULL AND p.kind = 'voting'
          AND p.opens_at <= clock_timestamp() AND p.closes_at > clock_timestamp();
    IF the_mailbox <> '' THEN
        SELECT m.key INTO voter_here FROM public.prizes_mailbox m
            WHERE m.contest_id = the_contest AND m.digest = the_mailbox;
        IF voter_here IS NULL AND closes IS NOT NULL THEN
            INSERT INTO public.prizes_mailbox (contest_id, digest, key)
                VALUES (the_contest, the_mailbox, the_voter) ON CONFLICT DO NOTHING;
            SELECT m.key INTO voter_here FROM public.prizes_mailbox m
                WHERE m.contest_id = the_contest AND m.digest = the_mailbox;
        END IF;
        voter_here := coalesce(voter_here, the_voter);
    END IF;
    chain := ('x' || left(voter_here, 2))::bit(8)::int % 64;
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
    SELECT v.entry_id, v.voided, e.receipt_number INTO standing
        FROM public.prizes_vote v JOIN public.prizes_ballotevent e ON e.id = v.event_id
        WHERE v.category_id = the_category AND v.voter = voter_here;
    IF standing.voided THEN
        outcome := 'voided';
    ELSIF closes IS NULL OR closes <= clock_timestamp() OR EXISTS (
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
            VALUES (the_contest, the_category, the_entry, voter_here, outcome, '')
            RETURNING id, receipt_number INTO link, receipt;
        INSERT INTO public.prizes_vote (category_id, voter, entry_id, event_id, voided)
            VALUES (the_category, voter_here, the_entry, link, false)
            ON CONFLICT (category_id, voter)
            DO UPDATE SET entry_id = excluded.entry_id, event_id = excluded.event_id;
    END IF;
    SELECT c.action_line_id INTO following
        FROM public.prizes_category here
        JOIN public.prizes_category c ON c.contest_id = here.contest_id AND c.id <> here.id
        WHERE here.id = the_category
          AND EXISTS (SELECT FROM public.prizes_entry e WHERE e.category_id = c.id
                      AND e.source = '' AND e.status IN ('nominated', 'champion', 'winner'))
          AND NOT EXISTS (SELECT FROM public.prizes_vote v
                          JOIN public.prizes_entry n ON n.id = v.entry_id
                          WHERE v.category_id = c.id AND v.voter = voter_here
                            AND (v.voided OR n.status IN ('nominated', 'champion', 'winner')))
        ORDER BY c.number <= here.number, c.number LIMIT 1;
END $function$;
