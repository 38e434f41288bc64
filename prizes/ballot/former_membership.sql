-- Who has left an organization still may not vote for it during the contest.

CREATE OR REPLACE FUNCTION public.prize_former_membership()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    INSERT INTO public.prizes_formermembership (user_id, organization_id, until)
        VALUES (OLD.user_id, OLD.organization_id, clock_timestamp());
    RETURN NULL;
END $function$;

CREATE TRIGGER prize_former_membership
    AFTER UPDATE OF organization_id ON public.stocktaking_member
    FOR EACH ROW
    WHEN (((old.organization_id IS NOT NULL) AND (old.organization_id IS DISTINCT FROM new.organization_id)))
    EXECUTE FUNCTION prize_former_membership();
