-- The log of held votes only grows: each row carries the hash of the one before. This trigger alone
-- writes the state of a voter, and refuses a step that the state does not allow.

CREATE OR REPLACE FUNCTION public.prize_hold_log()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
    counted timestamptz;
    here record;
    rule record;
    head record;
    target text;
    allowed boolean;
BEGIN
    SELECT counted_at INTO counted FROM public.prizes_contest
        WHERE id = NEW.contest_id FOR NO KEY UPDATE;
    IF counted IS NOT NULL THEN
        RAISE EXCEPTION 'hold_after_count' USING ERRCODE = 'check_violation';
    END IF;
    SELECT r.id, r.confirm_hours INTO rule FROM public.prizes_pattern p
        JOIN public.prizes_holdrule r ON r.id = p.rule_id
        WHERE p.id = NEW.pattern_id AND p.contest_id = NEW.contest_id;
    SELECT state, until, voided_after INTO here FROM public.prizes_hold
        WHERE contest_id = NEW.contest_id AND voter = NEW.voter;
    allowed := CASE NEW.kind
        WHEN 'hold' THEN (here.state IS NULL OR here.state IN ('confirmed', 'released', 'void'))
            AND NOT EXISTS (
                SELECT FROM public.prizes_holdevent e
                JOIN public.prizes_pattern p ON p.id = e.pattern_id AND p.rule_id = rule.id
                WHERE e.contest_id = NEW.contest_id AND e.voter = NEW.voter
                  AND e.kind IN ('confirm', 'release') AND e.number > here.voided_after)
        WHEN 'confirm' THEN here.state = 'held' AND here.until > clock_timestamp()
        WHEN 'lapse' THEN here.state = 'held' AND here.until <= clock_timestamp()
        WHEN 'release' THEN here.state IN ('held', 'lapsed')
        WHEN 'void' THEN here.state <> 'void'
        ELSE false END;
    IF rule.id IS NULL OR allowed IS NOT TRUE THEN
        RAISE EXCEPTION 'hold_not_allowed' USING ERRCODE = 'check_violation';
    END IF;
    SELECT number, hash INTO head FROM public.prizes_holdevent
        WHERE contest_id = NEW.contest_id ORDER BY number DESC LIMIT 1;
    NEW.at := date_trunc('hour', clock_timestamp(), 'UTC');
    NEW.number := coalesce(head.number, 0) + 1;
    NEW.previous := coalesce(head.hash, repeat('0', 64));
    NEW.hash := encode(sha256(convert_to(concat_ws('|',
        NEW.previous, NEW.contest_id, NEW.number, NEW.kind, NEW.voter, rule.id,
        coalesce(NEW.by_id, 0), to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        NEW.reason), 'UTF8')), 'hex');
    target := CASE NEW.kind WHEN 'hold' THEN 'held' WHEN 'confirm' THEN 'confirmed'
        WHEN 'lapse' THEN 'lapsed' WHEN 'release' THEN 'released' ELSE 'void' END;
    INSERT INTO public.prizes_hold AS h
        (contest_id, voter, rule_id, pattern_id, state, until, told, tokens, voided_after)
        VALUES (NEW.contest_id, NEW.voter, rule.id, NEW.pattern_id, target,
                clock_timestamp() + make_interval(hours => rule.confirm_hours), '', '{}', 0)
        ON CONFLICT (contest_id, voter) DO UPDATE SET
            state = target,
            told = CASE WHEN target = 'held' THEN '' ELSE h.told END,
            tokens = CASE WHEN target = 'held' THEN '{}' ELSE h.tokens END,
            rule_id = CASE WHEN target = 'held' THEN excluded.rule_id ELSE h.rule_id END,
            pattern_id = CASE WHEN target = 'held' THEN excluded.pattern_id ELSE h.pattern_id END,
            until = CASE WHEN target = 'held' THEN excluded.until ELSE h.until END;
    RETURN NEW;
END $function$;

CREATE TRIGGER prize_hold_log
    BEFORE INSERT ON public.prizes_holdevent
    FOR EACH ROW
    EXECUTE FUNCTION prize_hold_log();

CREATE TRIGGER prize_hold_frozen
    BEFORE DELETE OR UPDATE ON public.prizes_holdevent
    FOR EACH ROW
    EXECUTE FUNCTION prize_frozen();

CREATE TRIGGER prize_hold_not_emptied
    BEFORE TRUNCATE ON public.prizes_holdevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION prize_frozen();
