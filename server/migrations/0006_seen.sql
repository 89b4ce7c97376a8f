-- Windows of drift jobs leave nothing out and take nothing twice, whatever becomes visible when. `arrived` is when a transaction
-- began, and records are seen once it is committed: one that takes its time is seen after others that arrived later. So rows carry the
-- number of their transaction as well, and a job knows below which number everything was over when it looked.
--
-- Numbers of transactions are this cluster's: where tables were brought to another by a dump, they begin anew. That is seen by a horizon
-- that went back, and for once `arrived` alone decides.
ALTER TABLE records ADD COLUMN xact xid8 NOT NULL DEFAULT '0';
ALTER TABLE records ALTER COLUMN xact SET DEFAULT pg_current_xact_id();
ALTER TABLE bin_counts ADD COLUMN xact xid8 NOT NULL DEFAULT '0';
ALTER TABLE bin_counts ALTER COLUMN xact SET DEFAULT pg_current_xact_id();
ALTER TABLE eval_records ADD COLUMN xact xid8 NOT NULL DEFAULT '0';
ALTER TABLE eval_records ALTER COLUMN xact SET DEFAULT pg_current_xact_id();

ALTER TABLE drift_jobs
    -- What has been looked at: rows that arrived up to `seen`, of transactions below this one. All there are of those were over then.
    ADD COLUMN seen_xact xid8 NOT NULL DEFAULT '0',
    -- Below this one all transactions were over when the job was claimed.
    ADD COLUMN horizon   xid8 NOT NULL DEFAULT '0',
    -- All that arrived an hour or more before `floor` was looked at, however long somebody's transaction held the horizon back: the horizon
    -- has come to `beyond`, a number that no transaction had yet at that time. `beyond` and `beyond_at` are the next such number and its time.
    ADD COLUMN floor     timestamptz NOT NULL DEFAULT '-infinity',
    ADD COLUMN beyond    xid8        NOT NULL DEFAULT '0',
    ADD COLUMN beyond_at timestamptz NOT NULL DEFAULT '-infinity',
    -- How many seconds the next window may have at most, where a longer one was too much.
    ADD COLUMN span      bigint;
-- Nothing of what is there was seen twice, and nothing is under way while this runs.
UPDATE drift_jobs SET seen_xact = pg_current_xact_id();

-- Whether a row belongs to the window of its job from `seen` up to `ended`. No transaction that writes records is open for an hour, so that
-- the index by `arrived` finds all of them.
CREATE FUNCTION is_in_window(arrived timestamptz, xact xid8, job drift_jobs, ended timestamptz) RETURNS boolean
LANGUAGE sql STABLE
RETURN arrived > least(job.seen, job.floor) - interval '1 hour' AND arrived <= ended
    AND (arrived > job.seen OR xact >= job.seen_xact AND job.horizon >= job.seen_xact)
    AND (xact < job.horizon OR job.horizon < job.seen_xact);
