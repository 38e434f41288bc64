-- The ballot box only grows: each event carries the hash of the one before.

CREATE OR REPLACE FUNCTION public.prize_ballot_chain()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
       OR (NEW.kind <> 'voiding' AND NOT EXISTS (
            SELECT 1 FROM public.prizes_phase
            WHERE contest_id = NEW.contest_id AND kind = 'voting'
              AND opens_at <= now AND closes_at > now))
    THEN
        RAISE EXCEPTION 'ballot_closed' USING ERRCODE = 'check_violation';
    END IF;
    NEW.at := date_trunc('hour', now, 'UTC');
    NEW.number := head.number + 1;
    NEW.previous := head.hash;
    -- who chose what is hashed first: without it the rest can be published and computed again
    NEW.hash := encode(sha256(convert_to(concat_ws('|',
        NEW.previous, NEW.contest_id, NEW.shard, NEW.number, NEW.kind, NEW.category_id,
        to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        encode(sha256(convert_to(concat_ws('|', NEW.voter, NEW.entry_id, NEW.reason), 'UTF8')), 'hex')
        ), 'UTF8')), 'hex');
    IF NEW.kind IN ('cast', 'change') THEN
        NEW.receipt_number := public.prize_free_receipt(NEW.contest_id, NEW.hash);
    END IF;
    UPDATE public.prizes_chainhead SET number = NEW.number, hash = NEW.hash
        WHERE contest_id = NEW.contest_id AND shard = NEW.shard;
    INSERT INTO public.prizes_voter AS v (contest_id, key, events)
        VALUES (NEW.contest_id, NEW.voter, 1)
        ON CONFLICT (contest_id, key) DO UPDATE SET events = v.events + 1;
    RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION public.prize_frozen()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    IF current_setting('prizes.explicit_migration', true) = 'on' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    RAISE EXCEPTION '% is never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $function$;

CREATE TRIGGER prize_ballot_chain
    BEFORE INSERT ON public.prizes_ballotevent
    FOR EACH ROW
    EXECUTE FUNCTION prize_ballot_chain();

CREATE TRIGGER prize_ballot_frozen
    BEFORE DELETE OR UPDATE ON public.prizes_ballotevent
    FOR EACH ROW
    EXECUTE FUNCTION prize_frozen();

CREATE TRIGGER prize_ballot_not_emptied
    BEFORE TRUNCATE ON public.prizes_ballotevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION prize_frozen();

CREATE TRIGGER prize_result_frozen
    BEFORE DELETE OR UPDATE ON public.prizes_result
    FOR EACH ROW
    EXECUTE FUNCTION prize_frozen();

CREATE TRIGGER prize_result_not_emptied
    BEFORE TRUNCATE ON public.prizes_result
    FOR EACH STATEMENT
    EXECUTE FUNCTION prize_frozen();
