-- Amendments of results only grow: what was proposed stays as it was written, and is decided once.

CREATE OR REPLACE FUNCTION public.prize_amendment_kept()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    IF current_setting('prizes.explicit_migration', true) = 'on' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE'
       AND (OLD.entry_id, OLD.kind, OLD.note, OLD.reason, OLD.proposed_by_id, OLD.proposed_at)
           IS NOT DISTINCT FROM
           (NEW.entry_id, NEW.kind, NEW.note, NEW.reason, NEW.proposed_by_id, NEW.proposed_at)
       AND (OLD.confirmed_at IS NULL
            OR (OLD.confirmed_at, OLD.confirmed_by_id)
               IS NOT DISTINCT FROM (NEW.confirmed_at, NEW.confirmed_by_id))
       AND (OLD.dismissed_at IS NULL
            OR (OLD.dismissed_at, OLD.dismissed_by_id)
               IS NOT DISTINCT FROM (NEW.dismissed_at, NEW.dismissed_by_id))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $function$;

CREATE TRIGGER prize_amendment_kept
    BEFORE DELETE OR UPDATE ON public.prizes_amendment
    FOR EACH ROW
    EXECUTE FUNCTION prize_amendment_kept();
