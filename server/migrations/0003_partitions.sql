-- Days of tables that are cut by uid. What belongs to no day that is there goes into the default partition, so that no clock,
-- however wrong, loses a record.

-- The least uid of a moment: its milliseconds since 1970 in the first 48 bits.
CREATE FUNCTION uid_at(moment timestamptz) RETURNS uuid
LANGUAGE sql STABLE STRICT
RETURN rpad(lpad(to_hex(floor(extract(epoch FROM moment) * 1000)::bigint), 12, '0'), 32, '0')::uuid;

-- Makes the partition of a day (UTC), with what stands in the default partition of it. Whether there was none.
CREATE FUNCTION make_day(parent text, day date) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    part   text := parent || to_char(day, '_YYYYMMDD');
    fallen text := parent || '_default';
    least  uuid := uid_at(day::timestamp AT TIME ZONE 'UTC');
    beyond uuid := uid_at((day + 1)::timestamp AT TIME ZONE 'UTC');
BEGIN
    IF to_regclass(quote_ident(part)) IS NOT NULL THEN
        RETURN false;
    END IF;
    -- So that no row of the day falls in there meanwhile, and one server at a time does this.
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', fallen);
    IF to_regclass(quote_ident(part)) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);
    EXECUTE format('WITH moved AS (DELETE FROM %I WHERE uid >= $1 AND uid < $2 RETURNING *) INSERT INTO %I SELECT * FROM moved', fallen, part)
    USING least, beyond;
    -- Attaching, unlike making a partition, lets others read and write the table.
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part, least, beyond);
    RETURN true;
END $$;

-- Drops the days before one, and what arrived in the default partition before it. The names of the partitions that are gone.
CREATE FUNCTION drop_days(parent text, before date) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
    part text;
BEGIN
    FOR part IN
        SELECT child.relname
        FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
        WHERE inhparent = quote_ident(parent)::regclass
            AND child.relname ~ ('^' || parent || '_\d{8}$')
            AND right(child.relname, 8) < to_char(before, 'YYYYMMDD')
        ORDER BY 1
    LOOP
        EXECUTE format('DROP TABLE %I', part);
        RETURN NEXT part;
    END LOOP;
    EXECUTE format('DELETE FROM %I WHERE arrived < $1', parent || '_default') USING before::timestamp AT TIME ZONE 'UTC';
END $$;
