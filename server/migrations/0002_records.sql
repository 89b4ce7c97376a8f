-- What clients send. The first three columns are the same in all tables:
--
-- * `profile`: whose it is. No foreign key: a look at the other table for each row is a third of what a row costs, and
--   profiles are never deleted.
-- * `uid`: UUID of version 7, made by the client when it made the record. It makes a batch that is sent twice harmless, and its
--   first 48 bits are a time, so that ranges of it are ranges of time: tables are cut by it into days (see 0003).
-- * `arrived`: when it was kept, by this database's clock. Windows are taken by it, so that neither a client's wrong clock nor a
--   client that was cut off for a week leaves a record out.

-- Rows of features, and metrics that an application measured itself.
CREATE TABLE records (
    profile uuid NOT NULL,
    uid     uuid NOT NULL,
    arrived timestamptz NOT NULL DEFAULT now(),
    -- Features that are numbers, in the order of the profile; NaN is missing.
    numbers double precision[] NOT NULL,
    -- Features that are texts, in the order of the profile; NULL as a whole where it has none, NULL within is missing.
    texts   text[],
    PRIMARY KEY (profile, uid)
) PARTITION BY RANGE (uid);
CREATE INDEX records_arrived ON records (profile, arrived);
CREATE TABLE records_default PARTITION OF records DEFAULT;

-- Rows of features that a client has counted by bin already.
CREATE TABLE bin_counts (
    profile uuid NOT NULL,
    uid     uuid NOT NULL,
    arrived timestamptz NOT NULL DEFAULT now(),
    -- Rows, feature after feature in the order of the profile: each bin, then other, unseen and missing.
    counts  bigint[] NOT NULL,
    PRIMARY KEY (profile, uid)
) PARTITION BY RANGE (uid);
CREATE INDEX bin_counts_arrived ON bin_counts (profile, arrived);
CREATE TABLE bin_counts_default PARTITION OF bin_counts DEFAULT;

-- What is to be evaluated.
CREATE TABLE eval_records (
    profile uuid NOT NULL,
    uid     uuid NOT NULL,
    arrived timestamptz NOT NULL DEFAULT now(),
    -- What the application calls it.
    id      text,
    -- The conversation that it belongs to.
    session text,
    -- The trace that it came from, 16 bytes.
    trace   bytea,
    -- A JSON object as it was sent, with its numbers exact and its members in their order.
    context text NOT NULL,
    PRIMARY KEY (profile, uid)
) PARTITION BY RANGE (uid);
CREATE INDEX eval_records_arrived ON eval_records (profile, arrived);
CREATE TABLE eval_records_default PARTITION OF eval_records DEFAULT;
