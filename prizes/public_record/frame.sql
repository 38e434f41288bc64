-- The frame of the vote: what decides the result beside the votes is a chain of its own.
-- Whatever writes the tables, these triggers add an event when the frame has changed.

CREATE OR REPLACE FUNCTION public.prize_moment(moment timestamptz)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
    SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$function$;

-- An officer, as the public sees them: two keys of one case differ when the people do, and
-- nobody can compute a key without the voter's, which is never published.
CREATE OR REPLACE FUNCTION public.prize_officer(officer bigint, voter text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT left(encode(sha256(convert_to(concat_ws('|', 'officer', voter, officer), 'UTF8')), 'hex'), 16)
$function$;

-- The frame as the tables say it now: one row for each thing. The chain says the same, or the
-- tables were changed behind the triggers.
CREATE OR REPLACE FUNCTION public.prize_frame_now(the_contest bigint, the_kind text DEFAULT NULL, the_record bigint DEFAULT NULL)
 RETURNS TABLE(kind text, record bigint, content text)
 LANGUAGE sql
 STABLE
AS $function$
    SELECT 'rules', c.id, jsonb_build_object(
            'contest', c.slug,
            'votes_per_category', c.votes_per_category,
            'all_categories_required', c.all_categories_required,
            'own_organization_barred', c.own_organization_barred,
            'officials_barred', c.officials_barred,
            'nominee_cap', c.nominee_cap,
            'champions_per_category', c.champions_per_category)::text
        FROM public.prizes_contest c
        WHERE c.id = the_contest AND coalesce(the_kind, 'rules') = 'rules'
    UNION ALL
    SELECT 'count', c.id, jsonb_build_object(
            'counted_at', public.prize_moment(c.counted_at),
            'results', encode(sha256(convert_to(coalesce((
                SELECT string_agg(concat_ws(':', r.entry_id, r.category_id, r.votes, r.rank, r.champion),
                                  ';' ORDER BY r.entry_id)
                FROM public.prizes_result r JOIN public.prizes_category k ON k.id = r.category_id
                WHERE k.contest_id = c.id), ''), 'UTF8')), 'hex'))::text
        FROM public.prizes_contest c
        WHERE c.id = the_contest AND c.counted_at IS NOT NULL
          AND coalesce(the_kind, 'count') = 'count'
    UNION ALL
    SELECT 'category', k.id, jsonb_build_object('code', k.action_line_id, 'number', k.number)::text
        FROM public.prizes_category k
        WHERE k.contest_id = the_contest AND coalesce(the_kind, 'category') = 'category'
          AND k.id = coalesce(the_record, k.id)
    UNION ALL
    SELECT 'phase', p.id, jsonb_build_object(
            'phase', p.kind,
            'opens', public.prize_moment(p.opens_at),
            'closes', public.prize_moment(p.closes_at))::text
        FROM public.prizes_phase p
        WHERE p.contest_id = the_contest AND coalesce(the_kind, 'phase') = 'phase'
          AND p.id = coalesce(the_record, p.id)
    UNION ALL
    SELECT 'extension', x.id, jsonb_build_object(
            'phase', p.kind,
            'from', public.prize_moment(x.old_end),
            'to', public.prize_moment(x.new_end))::text
        FROM public.prizes_extension x JOIN public.prizes_phase p ON p.id = x.phase_id
        WHERE p.contest_id = the_contest AND coalesce(the_kind, 'extension') = 'extension'
          AND x.id = coalesce(the_record, x.id)
    UNION ALL
    SELECT 'nominee', e.id, jsonb_build_object('entry', e.id, 'category', k.action_line_id)::text
        FROM public.prizes_entry e JOIN public.prizes_category k ON k.id = e.category_id
        WHERE e.contest_id = the_contest AND coalesce(the_kind, 'nominee') = 'nominee'
          AND e.id = coalesce(the_record, e.id)
          AND e.source = '' AND e.status IN ('nominated', 'champion', 'winner')
    UNION ALL
    SELECT 'void', s.id, jsonb_build_object(
            'vote', concat_ws('/', v.shard, v.number),
            'voided_by', concat_ws('/', d.shard, d.number),
            'first_key', public.prize_officer(s.proposed_by_id, v.voter),
            'second_key', public.prize_officer(s.confirmed_by_id, v.voter))::text
        FROM public.prizes_voiding s
        JOIN public.prizes_ballotevent v ON v.id = s.event_id
        JOIN public.prizes_ballotevent d ON d.id = s.voided_by_id
        WHERE v.contest_id = the_contest AND coalesce(the_kind, 'void') = 'void'
          AND s.id = coalesce(the_record, s.id)
$function$;

-- One event more, if what the tables say of a thing is not what the chain said last; a thing that
-- is gone has an empty content.
CREATE OR REPLACE FUNCTION public.prize_frame_note(the_contest bigint, the_kind text, the_record bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
DECLARE
    present text;
    known text;
BEGIN
    PERFORM FROM public.prizes_contest WHERE id = the_contest FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT n.content INTO present FROM public.prize_frame_now(the_contest, the_kind, the_record) n;
    SELECT f.content INTO known FROM public.prizes_frameevent f
        WHERE f.contest_id = the_contest AND f.kind = the_kind AND f.record = the_record
        ORDER BY f.number DESC LIMIT 1;
    IF coalesce(present, '') <> coalesce(known, '') THEN
        INSERT INTO public.prizes_frameevent (contest_id, kind, record, content)
            VALUES (the_contest, the_kind, the_record, coalesce(present, ''));
    END IF;
END $function$;

CREATE OR REPLACE FUNCTION public.prize_frame_chain()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
    head record;
BEGIN
    PERFORM FROM public.prizes_contest WHERE id = NEW.contest_id FOR NO KEY UPDATE;
    SELECT f.number, f.hash INTO head FROM public.prizes_frameevent f
        WHERE f.contest_id = NEW.contest_id ORDER BY f.number DESC LIMIT 1;
    NEW.at := date_trunc('second', clock_timestamp());
    NEW.number := coalesce(head.number, 0) + 1;
    NEW.previous := coalesce(head.hash, repeat('0', 64));
    NEW.hash := encode(sha256(convert_to(concat_ws('|',
        NEW.previous, NEW.contest_id, 'frame', NEW.number, NEW.kind, NEW.record,
        public.prize_moment(NEW.at), NEW.content), 'UTF8')), 'hex');
    RETURN NEW;
END $function$;

-- The argument of the trigger is the kind of the event.
CREATE OR REPLACE FUNCTION public.prize_frame_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
    old_row jsonb := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) END;
    new_row jsonb := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) END;
    one record;
BEGIN
    FOR one IN
        SELECT DISTINCT (r.data ->> 'id')::bigint AS id,
            CASE TG_ARGV[0]
                WHEN 'rules' THEN (r.data ->> 'id')::bigint
                WHEN 'count' THEN (r.data ->> 'id')::bigint
                WHEN 'extension' THEN (SELECT p.contest_id FROM public.prizes_phase p
                                       WHERE p.id = (r.data ->> 'phase_id')::bigint)
                WHEN 'void' THEN (SELECT v.contest_id FROM public.prizes_ballotevent v
                                  WHERE v.id = (r.data ->> 'event_id')::bigint)
                ELSE (r.data ->> 'contest_id')::bigint
            END AS contest
        FROM (VALUES (old_row), (new_row)) AS r (data) WHERE r.data IS NOT NULL
    LOOP
        IF one.contest IS NOT NULL THEN
            PERFORM public.prize_frame_note(one.contest, TG_ARGV[0], one.id);
        END IF;
    END LOOP;
    RETURN NULL;
END $function$;

CREATE TRIGGER prize_frame_chain
    BEFORE INSERT ON public.prizes_frameevent
    FOR EACH ROW EXECUTE FUNCTION prize_frame_chain();

CREATE TRIGGER prize_frame_rules
    AFTER INSERT OR UPDATE ON public.prizes_contest
    FOR EACH ROW EXECUTE FUNCTION prize_frame_changed('rules');

CREATE TRIGGER prize_frame_count
    AFTER UPDATE ON public.prizes_contest
    FOR EACH ROW WHEN (OLD.counted_at IS DISTINCT FROM NEW.counted_at)
    EXECUTE FUNCTION prize_frame_changed('count');

CREATE TRIGGER prize_frame_category
    AFTER INSERT OR UPDATE OR DELETE ON public.prizes_category
    FOR EACH ROW EXECUTE FUNCTION prize_frame_changed('category');

CREATE TRIGGER prize_frame_phase
    AFTER INSERT OR UPDATE OR DELETE ON public.prizes_phase
    FOR EACH ROW EXECUTE FUNCTION prize_frame_changed('phase');

CREATE TRIGGER prize_frame_extension
    AFTER INSERT OR UPDATE OR DELETE ON public.prizes_extension
    FOR EACH ROW EXECUTE FUNCTION prize_frame_changed('extension');

CREATE TRIGGER prize_frame_nominee_new
    AFTER INSERT ON public.prizes_entry
    FOR EACH ROW WHEN (NEW.source = '' AND NEW.status IN ('nominated', 'champion', 'winner'))
    EXECUTE FUNCTION prize_frame_changed('nominee');

CREATE TRIGGER prize_frame_nominee
    AFTER UPDATE ON public.prizes_entry
    FOR EACH ROW WHEN (
        (OLD.status, OLD.category_id, OLD.contest_id, OLD.source)
            IS DISTINCT FROM (NEW.status, NEW.category_id, NEW.contest_id, NEW.source)
        AND (OLD.status IN ('nominated', 'champion', 'winner')
             OR NEW.status IN ('nominated', 'champion', 'winner')))
    EXECUTE FUNCTION prize_frame_changed('nominee');

CREATE TRIGGER prize_frame_nominee_gone
    AFTER DELETE ON public.prizes_entry
    FOR EACH ROW WHEN (OLD.source = '' AND OLD.status IN ('nominated', 'champion', 'winner'))
    EXECUTE FUNCTION prize_frame_changed('nominee');

CREATE TRIGGER prize_frame_void
    AFTER INSERT OR UPDATE OR DELETE ON public.prizes_voiding
    FOR EACH ROW EXECUTE FUNCTION prize_frame_changed('void');

-- A root holds the ends of all chains of a contest at one moment, that of the log of held votes
-- among them, and the root before it. How many steps that log has is not told, and stands as 0:
-- small numbers of held votes are not public.

CREATE OR REPLACE FUNCTION public.prize_heads(the_contest bigint)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
    SELECT coalesce(string_agg(concat_ws(':', h.chain, h.number, h.hash), ';' ORDER BY h.place), '')
    FROM (
        SELECT c.shard::text AS chain, c.number, c.hash, c.shard::int AS place
            FROM public.prizes_chainhead c WHERE c.contest_id = the_contest
        UNION ALL
        (SELECT 'frame', f.number, f.hash, -1 FROM public.prizes_frameevent f
            WHERE f.contest_id = the_contest ORDER BY f.number DESC LIMIT 1)
        UNION ALL
        (SELECT 'held', 0, e.hash, 1000 FROM public.prizes_holdevent e
            WHERE e.contest_id = the_contest ORDER BY e.number DESC LIMIT 1)
    ) h
$function$;

CREATE OR REPLACE FUNCTION public.prize_root()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
    before record;
BEGIN
    PERFORM FROM public.prizes_contest WHERE id = NEW.contest_id FOR NO KEY UPDATE;
    SELECT r.number, r.hash INTO before FROM public.prizes_root r
        WHERE r.contest_id = NEW.contest_id ORDER BY r.number DESC LIMIT 1;
    NEW.at := date_trunc('second', clock_timestamp());
    NEW.number := coalesce(before.number, 0) + 1;
    NEW.previous := coalesce(before.hash, repeat('0', 64));
    NEW.heads := public.prize_heads(NEW.contest_id);
    SELECT coalesce(sum(split_part(h, ':', 2)::int), 0) INTO NEW.events
        FROM regexp_split_to_table(nullif(NEW.heads, ''), ';') h;
    NEW.hash := encode(sha256(convert_to(concat_ws('|',
        NEW.previous, NEW.contest_id, NEW.number, public.prize_moment(NEW.at), NEW.heads), 'UTF8')), 'hex');
    RETURN NEW;
END $function$;

CREATE TRIGGER prize_root
    BEFORE INSERT ON public.prizes_root
    FOR EACH ROW EXECUTE FUNCTION prize_root();

DO $all$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['frameevent', 'root', 'roll'] LOOP
        EXECUTE format(
            'CREATE TRIGGER prize_%1$s_frozen BEFORE DELETE OR UPDATE ON public.prizes_%1$s'
            ' FOR EACH ROW EXECUTE FUNCTION prize_frozen()', kept);
        EXECUTE format(
            'CREATE TRIGGER prize_%1$s_not_emptied BEFORE TRUNCATE ON public.prizes_%1$s'
            ' FOR EACH STATEMENT EXECUTE FUNCTION prize_frozen()', kept);
    END LOOP;
END $all$;
