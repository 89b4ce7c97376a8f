-- When active profiles are looked at again. A row that is due is claimed by one server, which has it until a time.
CREATE TABLE drift_jobs (
    profile      uuid PRIMARY KEY REFERENCES profiles,
    -- What arrived up to here has been looked at.
    seen         timestamptz NOT NULL,
    due          timestamptz NOT NULL,
    -- Whose it is, and until when; NULL where it is nobody's.
    lease        uuid,
    leased_until timestamptz,
    -- How often it failed since it last came to an end, and why.
    failures     integer NOT NULL DEFAULT 0,
    failure      text
);
CREATE INDEX drift_jobs_due ON drift_jobs (due);

-- What the jobs found.
CREATE TABLE drift_results (
    profile  uuid NOT NULL REFERENCES profiles,
    -- What arrived after the first and up to the second.
    began    timestamptz NOT NULL,
    ended    timestamptz NOT NULL,
    rows     bigint NOT NULL,
    -- Features or metrics that drifted.
    drifted  text[] NOT NULL,
    -- All that was found, as JSON.
    document text NOT NULL,
    PRIMARY KEY (profile, ended)
);
