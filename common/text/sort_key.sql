-- The key by which names stand in the order of a reader's language.

CREATE OR REPLACE FUNCTION public.name_sort_key(name text, language text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
DECLARE
    own CONSTANT text := CASE language
        WHEN 'ru' THEN '^[0-9\u0400-\u04ff]'
        WHEN 'ar' THEN '^[0-9\u0600-\u06ff]'
        WHEN 'zh-hans' THEN '^[0-9\u3400-\u9fff]'
        ELSE '' END;
    plain text COLLATE pg_c_utf8 := lower(normalize(name, NFKC) COLLATE pg_c_utf8);
    key text;
BEGIN
    plain := regexp_replace(plain, '[\u0640\u064b-\u0652\u0670\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069]', '', 'g');
    -- the sign after such a letter stands behind all letters
    IF language = 'es' THEN
        plain := replace(plain, 'ñ', E'n\ufffd');
    END IF;
    -- й is a letter of its own, which the rules of unaccent may take for и
    plain := replace(plain, 'й', E'и\ufffd');
    plain := lower(public.unaccent('public.unaccent'::regdictionary, plain) COLLATE pg_c_utf8);
    plain := translate(plain, 'أإآٱ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', 'اااا01234567890123456789');
    plain := btrim(regexp_replace(plain, '[^[:alnum:]\ufffd\u0900-\u1aff]+', ' ', 'g'));
    IF language = 'ar' THEN
        plain := regexp_replace(plain, '^ال', '');
    END IF;
    plain := regexp_replace(plain, '(\d+)', '000000000\1', 'g');
    plain := regexp_replace(plain, '0*(\d{10,})', '\1', 'g');
    plain := left(plain, 100);
    key := plain;
    IF language = 'zh-hans' THEN
        key := encode(convert_to(plain, 'GB18030'), 'hex');
    END IF;
    IF own <> '' THEN
        key := (CASE WHEN plain ~ own THEN '0' ELSE '1' END) || key;
    END IF;
    RETURN key || E'\x01' || left(name, 100);
END $function$;
