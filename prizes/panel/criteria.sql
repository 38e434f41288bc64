-- Criteria and weights stand once a review is done.

CREATE OR REPLACE FUNCTION public.prize_criteria_stand()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
END $function$;

CREATE TRIGGER prize_criteria_stand
    BEFORE INSERT OR DELETE OR UPDATE ON public.prizes_criterion
    FOR EACH ROW
    EXECUTE FUNCTION prize_criteria_stand();

-- The mode of the reviews stands too.

CREATE OR REPLACE FUNCTION public.prize_review_mode_stands()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    IF current_setting('prizes.explicit_migration', true) IS DISTINCT FROM 'on' AND EXISTS (
        SELECT FROM public.prizes_review r JOIN public.prizes_entry e ON e.id = r.entry_id
        WHERE r.state = 'done' AND e.contest_id = NEW.id)
    THEN
        RAISE EXCEPTION 'review_mode_in_use' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $function$;

CREATE TRIGGER prize_review_mode_stands
    BEFORE UPDATE OF review_mode ON public.prizes_contest
    FOR EACH ROW
    WHEN (OLD.review_mode IS DISTINCT FROM NEW.review_mode)
    EXECUTE FUNCTION prize_review_mode_stands();
