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
