-- What a job has yet to look at stays for as long as a window waits, and nothing else does for its sake. Where something is dropped that nobody looked
-- at, that is told.

-- Active profiles whose job has yet to look at rows of a partition that arrived before a moment: ten of them at most. Jobs look at records and counts of
-- both kinds (`record_counts`, see 0017): rows that are counted say nothing without what they came to.
CREATE FUNCTION awaited_in(parent text, part text, before timestamptz) RETURNS uuid[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
    profiles uuid[] := '{}';
BEGIN
    IF parent IN ('records', 'record_counts', 'bin_counts') THEN
        EXECUTE format(
            'SELECT ARRAY(
                 SELECT job.profile FROM drift_jobs AS job JOIN profiles AS own ON own.uid = job.profile
                 WHERE own.active AND EXISTS (
                     SELECT FROM %I AS sent WHERE sent.profile = job.profile AND sent.arrived > job.seen AND sent.arrived < $1
                 )
                 ORDER BY job.profile LIMIT 10
             )', part
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
    awaited text;
    many    bigint;
BEGIN
    FOR part IN
        SELECT child.relname
        FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
        WHERE inhparent = quote_ident(parent)::regclass
            AND child.relname ~ ('^' || parent || '_\d{8}$')
            AND right(child.relname, 8) < to_char(before, 'YYYYMMDD')
        ORDER BY 1
    LOOP
        lost := awaited_in(parent, part, 'infinity');
        IF lost = '{}' THEN
            EXECUTE format('DROP TABLE IF EXISTS %I', part);
            RETURN;
        END IF;
        -- By the index of each profile, however large the day is.
        awaited := format(
            'FROM drift_jobs AS job JOIN profiles AS own ON own.uid = job.profile
             CROSS JOIN LATERAL (SELECT * FROM %I WHERE profile = job.profile AND arrived > job.seen LIMIT %s) AS sent
             WHERE own.active', part, few + 1
        );
        EXECUTE format('SELECT count(*) FROM (SELECT sent.uid %s LIMIT %s) AS counted', awaited, few + 1) INTO many;
        IF many <= few THEN
            EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', parent, part);
            EXECUTE format('INSERT INTO %I SELECT sent.* %s ON CONFLICT DO NOTHING', fallen, awaited);
            EXECUTE format('DROP TABLE %I', part);
            lost := '{}';
            RETURN;
        ELSIF right(part, 8) < to_char(before - 7, 'YYYYMMDD') THEN
            EXECUTE format('DROP TABLE IF EXISTS %I', part);
            RETURN;
        END IF;
    END LOOP;
    part := NULL;
    lost := '{}';
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
    gone bigint;
BEGIN
    EXECUTE format(
        'DELETE FROM %1$I WHERE ctid = ANY (ARRAY(
             SELECT sent.ctid FROM %1$I AS sent LEFT JOIN (
                 SELECT job.profile, job.seen FROM drift_jobs AS job JOIN profiles AS own ON own.uid = job.profile WHERE own.active AND $3
             ) AS job USING (profile)
             WHERE sent.arrived < $1 AND (job.seen IS NULL OR sent.arrived <= job.seen OR sent.arrived < $1 - interval ''31 days'')
             LIMIT $2
         ))', parent || '_default'
    )
    USING before::timestamp AT TIME ZONE 'UTC', most, parent IN ('records', 'record_counts', 'bin_counts');
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
