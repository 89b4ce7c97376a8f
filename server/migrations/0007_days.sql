-- Days are made and dropped without keeping others waiting. Both need a lock that everything waits behind while it waits itself, as
-- for a job that reads a window for minutes: so it is given up soon, and asked for again later.
ALTER FUNCTION make_day(text, date) SET lock_timeout = '2s';

-- What falls beside is moved by day when days are made.
CREATE INDEX records_default_uid ON records_default (uid);
CREATE INDEX bin_counts_default_uid ON bin_counts_default (uid);
CREATE INDEX eval_records_default_uid ON eval_records_default (uid);

DROP FUNCTION drop_days(text, date);

-- Drops the oldest day before one: its partition; NULL where there is none. One at a time, so that each is a transaction of its own. A day
-- with what a job has yet to look at is kept for a week more.
CREATE FUNCTION drop_day(parent text, before date) RETURNS text
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
    part text;
    held boolean;
BEGIN
    FOR part IN
        SELECT child.relname
        FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
        WHERE inhparent = quote_ident(parent)::regclass
            AND child.relname ~ ('^' || parent || '_\d{8}$')
            AND right(child.relname, 8) < to_char(before, 'YYYYMMDD')
        ORDER BY 1
    LOOP
        held := false;
        IF right(part, 8) >= to_char(before - 7, 'YYYYMMDD') THEN
            EXECUTE format(
                'SELECT EXISTS (SELECT FROM drift_jobs AS job JOIN profiles AS own ON own.uid = job.profile
                     WHERE own.active AND EXISTS (SELECT FROM %I AS sent WHERE sent.profile = job.profile AND sent.arrived > job.seen))',
                part
            ) INTO held;
        END IF;
        IF NOT held THEN
            EXECUTE format('DROP TABLE IF EXISTS %I', part);
            RETURN part;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- Deletes so many rows of the default partition that arrived before a day: how many there were.
CREATE FUNCTION drop_fallen(parent text, before date, most integer) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    gone bigint;
BEGIN
    EXECUTE format(
        'DELETE FROM %1$I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$I WHERE arrived < $1 LIMIT $2))', parent || '_default'
    )
    USING before::timestamp AT TIME ZONE 'UTC', most;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
