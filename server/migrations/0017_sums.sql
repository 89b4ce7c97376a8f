-- Whether a row of records is counted in record_counts (below); NULL where it is not, as where a version before keeps it.
--
-- The lock that this needs is waited behind by everything while it waits itself, as for a job that reads a window for minutes: so it is given up soon, and
-- asked for again. It comes first, so that nothing else is held meanwhile.
DO $$
BEGIN
    FOR try IN 1..600 LOOP
        BEGIN
            SET LOCAL lock_timeout = '2s';
            ALTER TABLE records ADD COLUMN counted boolean;
            SET LOCAL lock_timeout TO DEFAULT;
            RETURN;
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            PERFORM pg_sleep(1);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE = '`records` is read all the time: start again when that is over';
END $$;

-- Roll-ups: what so many windows of a profile that follow one another came to, put together, so that drift over months is read in few rows. They are
-- made from the oldest window on, so a window that ended after the last roll-up of its profile is in none, and all others with numbers are in one.
-- Windows themselves stay as they are: a version before goes on reading them, and what it writes is put together later.
CREATE TABLE drift_rollups (
    profile     uuid NOT NULL REFERENCES profiles,
    -- The first of its windows.
    began       timestamptz NOT NULL,
    first_ended timestamptz NOT NULL,
    -- The last of them.
    last_began  timestamptz NOT NULL,
    ended       timestamptz NOT NULL,
    -- As in drift_results.
    counts      bigint[] NOT NULL,
    means       double precision[] NOT NULL,
    squares     double precision[] NOT NULL,
    PRIMARY KEY (profile, ended)
);
CREATE INDEX drift_rollups_ended ON drift_rollups (ended);

-- What rows of features came to that were counted by bin when they were kept, in the same transaction: a row has the `arrived` and the `xact` of the
-- rows that are counted in it, so that it is in the same windows. Few rows, and rows some of which were there already, are not counted.
CREATE TABLE record_counts (
    profile uuid NOT NULL,
    -- The greatest of those that are counted, so that it is kept as long as they are.
    uid     uuid NOT NULL,
    arrived timestamptz NOT NULL DEFAULT now(),
    -- As in bin_counts.
    counts  bigint[] NOT NULL,
    xact    xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (profile, uid)
) PARTITION BY RANGE (uid);
CREATE INDEX record_counts_arrived ON record_counts (profile, arrived);
CREATE TABLE record_counts_default PARTITION OF record_counts DEFAULT;
CREATE INDEX record_counts_default_uid ON record_counts_default (uid);
