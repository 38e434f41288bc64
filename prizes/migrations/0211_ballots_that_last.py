"""What the database itself keeps of the ballot, as it is from now on (docs/prizes.md)."""

from importlib import import_module

from django.db import migrations

TRIGGERS = import_module("prizes.migrations.0002_ballot_and_result_triggers")
ONE_STATEMENT = import_module("prizes.migrations.0010_vote_in_one_statement")

# As in 0002, and: the time is the full hour, so that nothing that is logged to the second can be
# joined with it; the voter's events are counted in a row of the voter.
# prizes.models.ballot.link_hash computes the same hash.
CHAIN = """
CREATE OR REPLACE FUNCTION prize_ballot_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head record;
    now timestamptz := clock_timestamp();
BEGIN
    NEW.shard := ('x' || left(NEW.voter, 2))::bit(8)::int % 64;
    SELECT number, hash INTO head FROM public.prizes_chainhead
        WHERE contest_id = NEW.contest_id AND shard = NEW.shard FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ballot_without_chain' USING ERRCODE = 'check_violation';
    END IF;
    now := clock_timestamp();
    IF EXISTS (SELECT 1 FROM public.prizes_contest
               WHERE id = NEW.contest_id AND counted_at IS NOT NULL)
       OR (NEW.kind <> 'strike' AND NOT EXISTS (
            SELECT 1 FROM public.prizes_phase
            WHERE contest_id = NEW.contest_id AND kind = 'voting'
              AND opens_at <= now AND closes_at > now))
    THEN
        RAISE EXCEPTION 'ballot_closed' USING ERRCODE = 'check_violation';
    END IF;
    NEW.at := date_trunc('hour', now, 'UTC');
    NEW.number := head.number + 1;
    NEW.previous := head.hash;
    NEW.hash := encode(sha256(convert_to(concat_ws('|',
        NEW.previous, NEW.contest_id, NEW.shard, NEW.number, NEW.kind, NEW.category_id, NEW.voter,
        NEW.entry_id, to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        NEW.reason), 'UTF8')), 'hex');
    UPDATE public.prizes_chainhead SET number = NEW.number, hash = NEW.hash
        WHERE contest_id = NEW.contest_id AND shard = NEW.shard;
    INSERT INTO public.prizes_voter AS v (contest_id, key, events)
        VALUES (NEW.contest_id, NEW.voter, 1)
        ON CONFLICT (contest_id, key) DO UPDATE SET events = v.events + 1;
    RETURN NEW;
END $$;
"""
OLD_CHAIN = TRIGGERS.CHAIN.partition("CREATE TRIGGER")[0].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)

# Row triggers do not fire when a table is emptied at once.
NOT_EMPTIED = """
CREATE TRIGGER prize_ballot_not_emptied BEFORE TRUNCATE ON prizes_ballotevent
FOR EACH STATEMENT EXECUTE FUNCTION prize_frozen();
CREATE TRIGGER prize_result_not_emptied BEFORE TRUNCATE ON prizes_result
FOR EACH STATEMENT EXECUTE FUNCTION prize_frozen();
"""
EMPTIED = """
DROP TRIGGER prize_ballot_not_emptied ON prizes_ballotevent;
DROP TRIGGER prize_result_not_emptied ON prizes_result;
"""

# The rubric stands once a review was submitted by it.
CRITERIA = """
CREATE FUNCTION prize_criteria_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NEW;
    END IF;
    IF current_setting('prizes.explicit_migration', true) IS DISTINCT FROM 'on' AND EXISTS (
        SELECT FROM public.prizes_review r JOIN public.prizes_entry e ON e.id = r.entry_id
        WHERE r.state = 'done' AND e.contest_id IN (
            CASE WHEN TG_OP = 'DELETE' THEN OLD.contest_id ELSE NEW.contest_id END,
            CASE WHEN TG_OP = 'INSERT' THEN NEW.contest_id ELSE OLD.contest_id END))
    THEN
        RAISE EXCEPTION 'criteria_in_use' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER prize_criteria_stand BEFORE INSERT OR UPDATE OR DELETE ON prizes_criterion
FOR EACH ROW EXECUTE FUNCTION prize_criteria_stand();
"""
NO_CRITERIA = """
DROP TRIGGER prize_criteria_stand ON prizes_criterion;
DROP FUNCTION prize_criteria_stand();
"""

# Which organization a profile named before: nobody blanks it for the moment of a vote.
FORMER = """
CREATE FUNCTION prize_former_membership() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.prizes_formermembership (user_id, organisation_id, until)
        VALUES (OLD.user_id, OLD.organisation_id, clock_timestamp());
    RETURN NULL;
END $$;
CREATE TRIGGER prize_former_membership AFTER UPDATE OF organisation_id ON stocktaking_member
FOR EACH ROW WHEN (OLD.organisation_id IS NOT NULL
                   AND OLD.organisation_id IS DISTINCT FROM NEW.organisation_id)
EXECUTE FUNCTION prize_former_membership();
"""
NO_FORMER = """
DROP TRIGGER prize_former_membership ON stocktaking_member;
DROP FUNCTION prize_former_membership();
"""

# Whose entry is whose: owner, co-editors of the project, members of the organization, now or at
# any time since the contest began. No rows where the contest does not ask.
TIES = """
CREATE FUNCTION prize_ties(the_contest bigint)
RETURNS TABLE (entry_id bigint, user_id bigint) LANGUAGE sql STABLE AS $$
    SELECT e.id, e.owner_id FROM public.prizes_entry e
    JOIN public.prizes_contest c ON c.id = e.contest_id AND c.own_organisation_barred
    WHERE e.contest_id = the_contest AND e.source = '' AND e.owner_id IS NOT NULL
    UNION ALL
    SELECT e.id, w.user_id FROM public.prizes_entry e
    JOIN public.prizes_contest c ON c.id = e.contest_id AND c.own_organisation_barred
    JOIN public.stocktaking_coeditor w ON w.project_id = e.project_id
        AND w.user_id IS NOT NULL AND w.revoked_at IS NULL
    WHERE e.contest_id = the_contest AND e.source = ''
    UNION ALL
    SELECT e.id, m.user_id FROM public.prizes_entry e
    JOIN public.prizes_contest c ON c.id = e.contest_id AND c.own_organisation_barred
    JOIN public.stocktaking_member m ON m.organisation_id = e.organisation_id
    WHERE e.contest_id = the_contest AND e.source = ''
    UNION ALL
    SELECT e.id, f.user_id FROM public.prizes_entry e
    JOIN public.prizes_contest c ON c.id = e.contest_id AND c.own_organisation_barred
    JOIN public.prizes_formermembership f ON f.organisation_id = e.organisation_id
        AND f.until >= coalesce((SELECT min(p.opens_at) FROM public.prizes_phase p
                                 WHERE p.contest_id = the_contest), '-infinity')
    WHERE e.contest_id = the_contest AND e.source = ''
$$;
"""
NO_TIES = "DROP FUNCTION prize_ties(bigint)"

# Who runs or judges the contest: they do not vote in it. No rows where the contest does not ask.
OFFICIALS = """
CREATE FUNCTION prize_officials(the_contest bigint)
RETURNS TABLE (user_id bigint) LANGUAGE sql STABLE AS $$
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
$$;
"""
NO_OFFICIALS = "DROP FUNCTION prize_officials(bigint)"

# `bar`: why the contest bars this voter from this entry, or ''.
NOMINEE = """
CREATE FUNCTION prize_nominee(the_entry bigint, edition text, line text, the_user bigint)
RETURNS TABLE (id bigint, title varchar, status varchar, contest_id bigint, category_id bigint,
               bar text) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
        SELECT e.id, e.title, e.status, e.contest_id, e.category_id,
            CASE WHEN EXISTS (SELECT FROM public.prize_officials(e.contest_id) o
                              WHERE o.user_id = the_user) THEN 'official'
                 WHEN EXISTS (SELECT FROM public.prize_ties(e.contest_id) t
                              WHERE t.entry_id = e.id AND t.user_id = the_user) THEN 'own'
                 ELSE '' END
        FROM public.prizes_entry e
        JOIN public.prizes_category k ON k.id = e.category_id AND k.action_line_id = line
        JOIN public.prizes_contest c ON c.id = e.contest_id AND c.slug = edition
        WHERE e.id = the_entry AND e.source = ''
          AND e.status IN ('nominated', 'champion', 'winner');
END $$;
"""
NO_NOMINEE = "DROP FUNCTION prize_nominee(bigint, text, text, bigint)"

# As in 0010, and: a mailbox votes under one key, that of the account that voted from it first; a
# vote whose nominee was taken out counts as not given. A chain begins with its first event.
# `outcome`: cast, change, same (it stood already), struck (void, cannot be changed), closed, or
# not_nominated.
VOTE = """
CREATE FUNCTION prize_vote(
    the_contest bigint, the_category bigint, the_entry bigint, the_voter text,
    the_mailbox text DEFAULT '', OUT outcome text, OUT event_hash text, OUT following text
) LANGUAGE plpgsql AS $$
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
    SELECT v.entry_id, v.struck, e.hash INTO standing
        FROM public.prizes_vote v JOIN public.prizes_ballotevent e ON e.id = v.event_id
        WHERE v.category_id = the_category AND v.voter = voter_here;
    IF standing.struck THEN
        outcome := 'struck';
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
        event_hash := standing.hash;
    ELSE
        outcome := CASE WHEN standing.entry_id IS NULL THEN 'cast' ELSE 'change' END;
        INSERT INTO public.prizes_ballotevent
            (contest_id, category_id, entry_id, voter, kind, reason)
            VALUES (the_contest, the_category, the_entry, voter_here, outcome, '')
            RETURNING id, hash INTO link, event_hash;
        INSERT INTO public.prizes_vote (category_id, voter, entry_id, event_id, struck)
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
                            AND (v.struck OR n.status IN ('nominated', 'champion', 'winner')))
        ORDER BY c.number <= here.number, c.number LIMIT 1;
END $$;
"""
NO_VOTE = "DROP FUNCTION prize_vote(bigint, bigint, bigint, text, text)"

# A voter's row changes with each of their votes: with room in its page no index has to learn.
ROOM = "ALTER TABLE prizes_voter SET (fillfactor = 70)"
NO_ROOM = "ALTER TABLE prizes_voter RESET (fillfactor)"


class Migration(migrations.Migration):

    dependencies = [("prizes", "0210_voters_cases_and_second_persons")]

    operations = [
        migrations.RunSQL(CHAIN, OLD_CHAIN),
        migrations.RunSQL(NOT_EMPTIED, EMPTIED),
        migrations.RunSQL(CRITERIA, NO_CRITERIA),
        migrations.RunSQL(FORMER, NO_FORMER),
        migrations.RunSQL(TIES, NO_TIES),
        migrations.RunSQL(OFFICIALS, NO_OFFICIALS),
        migrations.RunSQL(ONE_STATEMENT.NO_NOMINEE, ONE_STATEMENT.NOMINEE),
        migrations.RunSQL(NOMINEE, NO_NOMINEE),
        migrations.RunSQL(ONE_STATEMENT.NO_VOTE, ONE_STATEMENT.VOTE),
        migrations.RunSQL(VOTE, NO_VOTE),
        migrations.RunSQL(ROOM, NO_ROOM),
    ]
