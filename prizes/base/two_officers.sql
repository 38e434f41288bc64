-- Where two officers have to sign, two accounts of one mailbox are one officer.

-- As `mailbox_of` in common/mail/addresses.py; accounts keep addresses in their one spelling.
CREATE OR REPLACE FUNCTION public.prize_mailbox(address text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT CASE WHEN domain IN ('gmail.com', 'googlemail.com')
                THEN replace(name, '.', '') || '@gmail.com' ELSE name || '@' || domain END
    FROM (SELECT coalesce(nullif(split_part(local, '+', 1), ''), local) AS name, domain
          FROM (SELECT substring(address FROM '^(.*)@') AS local,
                       substring(address FROM '[^@]*$') AS domain) AS parts) AS plain
$function$;

-- The arguments of the trigger are the columns of the first and of the second officer.
CREATE OR REPLACE FUNCTION public.prize_two_officers()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    IF (SELECT count(DISTINCT public.prize_mailbox(u.email)) FROM public.accounts_user u
        WHERE u.id IN ((to_jsonb(NEW) ->> TG_ARGV[0])::bigint,
                       (to_jsonb(NEW) ->> TG_ARGV[1])::bigint)) < 2
    THEN
        RAISE EXCEPTION '%: two accounts of one mailbox are one officer', TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $function$;

DO $all$
DECLARE
    kind record;
BEGIN
    FOR kind IN SELECT * FROM (VALUES
        ('voiding', 'proposed_by_id', 'confirmed_by_id'),
        ('groupvoid', 'proposed_by_id', 'confirmed_by_id'),
        ('countproposal', 'proposed_by_id', 'confirmed_by_id'),
        ('amendment', 'proposed_by_id', 'confirmed_by_id'),
        ('letter', 'written_by_id', 'approved_by_id'),
        ('forwarding', 'by_id', 'decided_by_id')) AS kinds (name, first, second)
    LOOP
        EXECUTE format(
            'CREATE TRIGGER prize_%1$s_by_two BEFORE INSERT OR UPDATE OF %2$I, %3$I'
            ' ON public.prizes_%1$s FOR EACH ROW WHEN (NEW.%3$I IS NOT NULL)'
            ' EXECUTE FUNCTION prize_two_officers(%2$L, %3$L)',
            kind.name, kind.first, kind.second);
    END LOOP;
END $all$;
