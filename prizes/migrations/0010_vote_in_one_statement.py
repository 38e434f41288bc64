"""A vote in one statement: the chain is held only while the database works, not between questions
of the web server. The rules stay where they were: one vote per voter and category is a constraint,
links, stamps and the close are the trigger's."""

from django.db import migrations

# `own`: the contest bars this voter, because the entry is theirs or their organisation's.
NOMINEE = """
CREATE FUNCTION prize_nominee(the_entry bigint, edition text, line text, the_user bigint)
RETURNS TABLE (id bigint, title varchar, status varchar, contest_id bigint, category_id bigint,
               own boolean) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
        SELECT e.id, e.title, e.status, e.contest_id, e.category_id,
            c.own_organisation_barred AND (e.owner_id IS NOT DISTINCT FROM the_user OR EXISTS (
                SELECT FROM public.stocktaking_member m
                WHERE m.user_id = the_user AND m.organisation_id = e.organisation_id))
        FROM public.prizes_entry e
        JOIN public.prizes_category k ON k.id = e.category_id AND k.action_line_id = line
        JOIN public.prizes_contest c ON c.id = e.contest_id AND c.slug = edition
        WHERE e.id = the_entry AND e.source = ''
          AND e.status IN ('nominated', 'champion', 'winner');
END $$;
"""
NO_NOMINEE = "DROP FUNCTION prize_nominee(bigint, text, text, bigint)"

# `outcome`: cast, change, same (it stood already), struck (void, cannot be changed) or closed.
# `following`: the next category with nominees and without this voter's vote, the first after the
# last. What functions ask is planned once for each connection: that was half of a vote's time.
VOTE = """
CREATE FUNCTION prize_vote(
    the_contest bigint, the_category bigint, the_entry bigint, the_voter text,
    OUT outcome text, OUT event_hash text, OUT following text
) LANGUAGE plpgsql AS $$
DECLARE
    chain int := ('x' || left(the_voter, 2))::bit(8)::int % 64;
    standing record;
    link bigint;
BEGIN
    PERFORM FROM public.prizes_chainhead
        WHERE contest_id = the_contest AND shard = chain FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        INSERT INTO public.prizes_chainhead (contest_id, shard, number, hash)
            VALUES (the_contest, chain, 0, repeat('0', 64)) ON CONFLICT DO NOTHING;
        PERFORM FROM public.prizes_chainhead
            WHERE contest_id = the_contest AND shard = chain FOR NO KEY UPDATE;
    END IF;
    SELECT v.entry_id, v.struck, e.hash INTO standing
        FROM public.prizes_vote v JOIN public.prizes_ballotevent e ON e.id = v.event_id
        WHERE v.category_id = the_category AND v.voter = the_voter;
    IF standing.struck THEN
        outcome := 'struck';
    ELSIF NOT EXISTS (
        SELECT FROM public.prizes_phase p JOIN public.prizes_contest c ON c.id = p.contest_id
        WHERE c.id = the_contest AND c.counted_at IS NULL AND p.kind = 'voting'
          AND p.opens_at <= clock_timestamp() AND p.closes_at > clock_timestamp()
    ) THEN
        outcome := 'closed';
    ELSIF standing.entry_id = the_entry THEN
        outcome := 'same';
        event_hash := standing.hash;
    ELSE
        outcome := CASE WHEN standing.entry_id IS NULL THEN 'cast' ELSE 'change' END;
        INSERT INTO public.prizes_ballotevent
            (contest_id, category_id, entry_id, voter, kind, reason)
            VALUES (the_contest, the_category, the_entry, the_voter, outcome, '')
            RETURNING id, hash INTO link, event_hash;
        INSERT INTO public.prizes_vote (category_id, voter, entry_id, event_id, struck)
            VALUES (the_category, the_voter, the_entry, link, false)
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
                          WHERE v.category_id = c.id AND v.voter = the_voter)
        ORDER BY c.number <= here.number, c.number LIMIT 1;
END $$;
"""
NO_VOTE = "DROP FUNCTION prize_vote(bigint, bigint, bigint, text)"

# The head of a chain changes with each vote: with room in its page no index has to learn of it.
ROOM = "ALTER TABLE prizes_chainhead SET (fillfactor = 20)"
NO_ROOM = "ALTER TABLE prizes_chainhead RESET (fillfactor)"


class Migration(migrations.Migration):

    dependencies = [
        ("prizes", "0002_ballot_and_result_triggers"),
        ("stocktaking", "0032_draft_reminders"),
    ]

    operations = [
        migrations.RunSQL(NOMINEE, NO_NOMINEE),
        migrations.RunSQL(VOTE, NO_VOTE),
        migrations.RunSQL(ROOM, NO_ROOM),
    ]
