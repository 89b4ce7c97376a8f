-- What was done, where the action does not say it: which roles were given, or from which to which they were changed.
ALTER TABLE audit ADD COLUMN detail text NOT NULL DEFAULT '';

-- Roles in spaces as they are given: `bank=read,shop=write`.
CREATE FUNCTION grants_told(grants jsonb) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN (
    SELECT coalesce(string_agg(granted.key || '=' || granted.value, ',' ORDER BY granted.key COLLATE "C"), '')
    FROM jsonb_each_text(grants) AS granted
);
