-- What a job has yet to look at stays for as long as a window waits, and nothing else does for its sake. Where something is dropped that nobody looked
-- at, that is told.

-- Whether a row belongs to a window of its job that is yet to end (see is_in_window): what was committed late does, too.
CREATE FUNCTION is_awaited(arrived timestamptz, xact xid8, job drift_jobs) RETURNS boolean
LANGUAGE sql STABLE
RETURN arrived > least(job.seen, job.floor) - interval '1 hour'
    AND (arrived > job.seen OR xact >= job.seen_xact AND job.horizon >= job.seen_xact);

-- Whether jobs look at a table: at records and counts of both kinds (`record_counts`, see 0017).
CREATE FUNCTION has_jobs(parent text) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN parent IN ('records', 'record_counts', 'bin_counts');

-- Active profiles that lose rows of a partition which arrived before a moment, where it is dropped: ten of them at most. Rows that are counted (see 0017)
-- are not lost while what they came to is there, which is told for itself where it goes. A million rows of each profile are looked at, so that a day with
-- more of them can be dropped all the same.
CREATE FUNCTION lost_in(parent text, part text, before timestamptz) RETURNS uuid[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
    profiles uuid[] := '{}';
BEGIN
    IF has_jobs(parent) THEN
        EXECUTE format(
            'SELECT ARRAY(
                 SELECT job.profile FROM drift_jobs AS job JOIN profiles AS own ON own.uid = job.profile
                 WHERE own.active AND EXISTS (
                     SELECT FROM (
                         SELECT * FROM %I AS sent
                         WHERE sent.profile = job.profile AND sent.arrived < $1 AND is_awaited(sent.arrived, sent.xact, job)
                         LIMIT 1000000
                     ) AS sent
                     WHERE %s
                 )
                 ORDER BY job.profile LIMIT 10
             )', part, CASE parent WHEN 'records' THEN 'sent.counted IS NOT TRUE' ELSE 'true' END
        ) INTO profiles USING before;
    END IF;
    RETURN profiles;
END $$;

-- Drops the oldest day before one: its partition, and the profiles whose jobs have lost rows by that. No partition where there is none to drop.
--
-- Rows that a job has yet to look at move to the default partition, where they stay for as long as a window waits (see drop_fallen). Windows wait since
-- they have few rows; where there are many, a job fails, and the day stays as it is for a week.
CREATE FUNCTION drop_oldest_day(parent text, before date, OUT part text, OUT lost uuid[])
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
    few     CONSTANT integer := 10000;
    fallen  text := parent || '_default';
    -- By the index of each profile, however large the day is: what is said of the rows of each keeps them apart from the others.
    awaited text := 'FROM drift_jobs AS job JOIN profiles AS own ON own.uid = job.profile
        CROSS JOIN LATERAL (
            SELECT * FROM %I AS one WHERE one.profile = job.profile AND is_awaited(one.arrived, one.xact, job) %s
        ) AS sent
        WHERE own.active';
    many    bigint := 0;
BEGIN
    lost := '{}';
    FOR part IN
        SELECT child.relname
        FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
        WHERE inhparent = quote_ident(parent)::regclass
            AND child.relname ~ ('^' || parent || '_\d{8}$')
            AND right(child.relname, 8) < to_char(before, 'YYYYMMDD')
        ORDER BY 1
    LOOP
        IF has_jobs(parent) THEN
            EXECUTE format(
                'SELECT count(*) FROM (SELECT sent.uid ' || awaited || ' LIMIT %s) AS waits', part, format('LIMIT %s', few + 1), few + 1
            ) INTO many;
        END IF;
        IF many <= few THEN
            -- From here on nothing comes, and what came since it was counted moves too. Another server may have dropped it meanwhile.
            EXECUTE format('LOCK TABLE ONLY %I IN ACCESS EXCLUSIVE MODE', parent);
            CONTINUE WHEN to_regclass(quote_ident(part)) IS NULL;
            IF has_jobs(parent) THEN
                EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', parent, part);
                EXECUTE format('INSERT INTO %I SELECT sent.* ' || awaited || ' ON CONFLICT DO NOTHING', fallen, part, 'OFFSET 0');
            END IF;
            EXECUTE format('DROP TABLE %I', part);
            RETURN;
        ELSIF right(part, 8) < to_char(before - 7, 'YYYYMMDD') THEN
            lost := lost_in(parent, part, 'infinity');
            EXECUTE format('DROP TABLE IF EXISTS %I', part);
            RETURN;
        END IF;
    END LOOP;
    part := NULL;
END $$;

-- For servers of the version before.
CREATE OR REPLACE FUNCTION drop_day(parent text, before date) RETURNS text
LANGUAGE sql SET lock_timeout = '2s'
RETURN (SELECT part FROM drop_oldest_day(parent, before));

-- Deletes so many rows of the default partition that arrived before a day: how many there were. What a job has yet to look at stays for 31 days more: a
-- window waits for 30.
CREATE OR REPLACE FUNCTION drop_fallen(parent text, before date, most integer) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    gone  bigint;
    stays text := 'false';
BEGIN
    IF has_jobs(parent) THEN
        stays := 'sent.arrived >= $1 - interval ''31 days'' AND EXISTS (
            SELECT FROM drift_jobs AS job JOIN profiles AS own ON own.uid = job.profile
            WHERE own.active AND job.profile = sent.profile AND is_awaited(sent.arrived, sent.xact, job)
        )';
    END IF;
    EXECUTE format(
        'DELETE FROM %1$I WHERE ctid = ANY (ARRAY(
             SELECT sent.ctid FROM %1$I AS sent WHERE sent.arrived < $1 AND NOT (%2$s) LIMIT $2
         ))', parent || '_default', stays
    )
    USING before::timestamp AT TIME ZONE 'UTC', most;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
