"""What the database itself keeps of the ballot (docs/prizes.md): chains, the close, no changes."""

from django.db import migrations

# prizes.models.ballot.BallotEvent.expected_hash computes the same hash.
CHAIN = """
CREATE FUNCTION prize_ballot_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head record;
BEGIN
    NEW.shard := ('x' || left(NEW.voter, 2))::bit(8)::int % 64;
    SELECT number, hash INTO head FROM public.prizes_chainhead
        WHERE contest_id = NEW.contest_id AND shard = NEW.shard FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ballot_without_chain' USING ERRCODE = 'check_violation';
    END IF;
    NEW.at := clock_timestamp();
    IF EXISTS (SELECT 1 FROM public.prizes_contest
               WHERE id = NEW.contest_id AND counted_at IS NOT NULL)
       OR (NEW.kind <> 'strike' AND NOT EXISTS (
            SELECT 1 FROM public.prizes_phase
            WHERE contest_id = NEW.contest_id AND kind = 'voting'
              AND opens_at <= NEW.at AND closes_at > NEW.at))
    THEN
        RAISE EXCEPTION 'ballot_closed' USING ERRCODE = 'check_violation';
    END IF;
    NEW.number := head.number + 1;
    NEW.previous := head.hash;
    NEW.hash := encode(sha256(convert_to(concat_ws('|',
        NEW.previous, NEW.contest_id, NEW.shard, NEW.number, NEW.kind, NEW.category_id, NEW.voter,
        NEW.entry_id, to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        NEW.reason), 'UTF8')), 'hex');
    UPDATE public.prizes_chainhead SET number = NEW.number, hash = NEW.hash
        WHERE contest_id = NEW.contest_id AND shard = NEW.shard;
    RETURN NEW;
END $$;
CREATE TRIGGER prize_ballot_chain BEFORE INSERT ON prizes_ballotevent
FOR EACH ROW EXECUTE FUNCTION prize_ballot_chain();
"""
NO_CHAIN = """
DROP TRIGGER prize_ballot_chain ON prizes_ballotevent;
DROP FUNCTION prize_ballot_chain();
"""

# Only a migration that says so may touch what is written:
# SET LOCAL prizes.explicit_migration = 'on'
FROZEN = """
CREATE FUNCTION prize_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('prizes.explicit_migration', true) = 'on' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    RAISE EXCEPTION '% is never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER prize_ballot_frozen BEFORE UPDATE OR DELETE ON prizes_ballotevent
FOR EACH ROW EXECUTE FUNCTION prize_frozen();
CREATE TRIGGER prize_result_frozen BEFORE UPDATE OR DELETE ON prizes_result
FOR EACH ROW EXECUTE FUNCTION prize_frozen();
"""
NOT_FROZEN = """
DROP TRIGGER prize_ballot_frozen ON prizes_ballotevent;
DROP TRIGGER prize_result_frozen ON prizes_result;
DROP FUNCTION prize_frozen();
"""


class Migration(migrations.Migration):

    dependencies = [("prizes", "0001_contests_entries_panels_ballots_results")]

    operations = [
        migrations.RunSQL(CHAIN, NO_CHAIN),
        migrations.RunSQL(FROZEN, NOT_FROZEN),
    ]
