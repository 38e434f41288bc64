-- Receipts: 44 bits that say nothing about voter and choice, but belong to one event.

-- A hash of the event's hash, so that no part of that one gets about; `attempt` is above 0 where
-- another event of the contest has the number already.
CREATE OR REPLACE FUNCTION public.prize_receipt(event_hash text, attempt int)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT ('x' || left(encode(sha256(convert_to(
        'receipt|' || event_hash || '|' || attempt, 'UTF8')), 'hex'), 11))::bit(44)::bigint
$function$;

-- The unique constraint decides in the end: two events that get the same number in the same
-- instant cannot see each other here, and prizes/ballot/models.py repeats the later one.
CREATE OR REPLACE FUNCTION public.prize_free_receipt(the_contest bigint, event_hash text)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
DECLARE
    attempt int := 0;
    free bigint;
BEGIN
    LOOP
        free := public.prize_receipt(event_hash, attempt);
        EXIT WHEN NOT EXISTS (SELECT FROM public.prizes_ballotevent e
            WHERE e.contest_id = the_contest AND e.receipt_number = free);
        attempt := attempt + 1;
    END LOOP;
    RETURN free;
END $function$;
