-- Who has left an organization still may not vote for it during the contest.

CREATE OR REPLACE FUNCTION public.prize_former_membership()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    INSERT INTO public.prizes_formermembership (user_id, organisation_id, until)
        VALUES (OLD.user_id, OLD.organisation_id, clock_timestamp());
    RETURN NULL;
END $function$;

CREATE TRIGGER prize_former_membership
    AFTER UPDATE OF organisation_id ON public.stocktaking_member
    FOR EACH ROW
    WHEN (((old.organisation_id IS NOT NULL) AND (old.organisation_id IS DISTINCT FROM new.organisation_id)))
    EXECUTE FUNCTION prize_former_membership();
