-- Every account has a member's profile when its transaction ends.

CREATE OR REPLACE FUNCTION public.account_is_member()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    INSERT INTO stocktaking_member (user_id, languages, bio, listed, wants_news, created_at)
    SELECT NEW.id, '{}', '', false, false, NEW.date_joined
    WHERE EXISTS (SELECT 1 FROM accounts_user WHERE id = NEW.id)
    ON CONFLICT (user_id) DO NOTHING;
    RETURN NULL;
END $function$;

CREATE CONSTRAINT TRIGGER account_is_member
    AFTER INSERT ON public.accounts_user
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW
    EXECUTE FUNCTION account_is_member();
