-- Votes of one request, with the circumstances under which they were given, in one statement.

ALTER TABLE prizes_signal SET (fillfactor = 70);

-- One row for each vote; `following` stands in the last one only.
CREATE OR REPLACE FUNCTION public.prize_ballot(the_contest bigint, categories bigint[], entries bigint[], the_voter text, the_mailbox text, the_network text, the_device text, the_domain text, the_age integer, the_seconds integer)
 RETURNS TABLE(outcome text, receipt bigint, following text, hold text)
 LANGUAGE plpgsql
AS $function$
DECLARE
    given int := 0;
    last_one int := coalesce(cardinality(categories), 0);
    voter_here text := public.prize_voter_of_mailbox(the_contest, the_voter, the_mailbox);
    the_key text;
BEGIN
    SELECT h.state INTO hold FROM public.prizes_hold h
        WHERE h.contest_id = the_contest AND h.voter = voter_here;
    FOR i IN 1 .. last_one LOOP
        SELECT v.outcome, v.receipt INTO outcome, receipt
            FROM public.prize_vote(the_contest, categories[i], entries[i], voter_here) v;
        IF outcome IN ('cast', 'change') THEN
            given := given + 1;
        END IF;
        IF i = last_one THEN
            following := public.prize_following(categories[i], voter_here);
        END IF;
        RETURN NEXT;
    END LOOP;
    IF given = 0 OR the_age IS NULL THEN
        RETURN;
    END IF;
    SELECT k.key INTO the_key FROM public.prizes_signalkey k WHERE k.contest_id = the_contest;
    IF the_key IS NULL THEN
        INSERT INTO public.prizes_signalkey (contest_id, key) VALUES (the_contest,
            encode(sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), 'hex'))
            ON CONFLICT DO NOTHING;
        SELECT k.key INTO the_key FROM public.prizes_signalkey k WHERE k.contest_id = the_contest;
    END IF;
    INSERT INTO public.prizes_signal AS s
        (contest_id, voter, hour, network, device, domain, age, votes, seconds, before_void)
        VALUES (the_contest, voter_here, date_trunc('hour', clock_timestamp(), 'UTC'),
                public.prize_hidden(the_key, the_network), the_device,
                public.prize_hidden(the_key, the_domain), the_age, given, the_seconds,
                false)
        ON CONFLICT (contest_id, voter, hour, network, device, domain) WHERE NOT before_void
        DO UPDATE SET
            votes = s.votes + excluded.votes,
            seconds = s.seconds + excluded.seconds,
            age = least(s.age, excluded.age);
END $function$;

CREATE OR REPLACE FUNCTION public.prize_hidden(the_key text, content text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT CASE WHEN content = '' THEN '' ELSE
        left(encode(sha256(convert_to(the_key || '|' || content, 'UTF8')), 'hex'), 16) END
$function$;

-- A vote was declared void. Its voter is no longer spared by a rule that they confirmed before, or
-- were released from; and rules look only at what they do from now on, if nothing of theirs stands
-- any more, or if what stands was spared. Votes that stand and were never confirmed stay judged.
CREATE OR REPLACE FUNCTION public.prize_vote_voided()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
    the_contest bigint := (SELECT c.contest_id FROM public.prizes_category c WHERE c.id = NEW.category_id);
BEGIN
    PERFORM FROM public.prizes_contest  -- before the hold, as the trigger of its log does
        WHERE id = the_contest FOR NO KEY UPDATE;
    UPDATE public.prizes_hold h SET voided_after = (
            SELECT coalesce(max(e.number), 0) FROM public.prizes_holdevent e
            WHERE e.contest_id = the_contest AND e.voter = NEW.voter)
        WHERE h.contest_id = the_contest AND h.voter = NEW.voter;
    IF NOT EXISTS (
           SELECT FROM public.prizes_category c
           JOIN public.prizes_vote v ON v.category_id = c.id AND v.voter = NEW.voter
           WHERE c.contest_id = the_contest AND NOT v.voided)
       OR EXISTS (
           SELECT FROM public.prizes_holdevent e
           WHERE e.contest_id = the_contest AND e.voter = NEW.voter
             AND e.kind IN ('confirm', 'release'))
    THEN
        UPDATE public.prizes_signal SET before_void = true
            WHERE contest_id = the_contest AND voter = NEW.voter AND NOT before_void;
    END IF;
    RETURN NULL;
END $function$;

CREATE TRIGGER prize_vote_voided
    AFTER UPDATE OF voided ON public.prizes_vote
    FOR EACH ROW WHEN (NEW.voided AND NOT OLD.voided)
    EXECUTE FUNCTION prize_vote_voided();
