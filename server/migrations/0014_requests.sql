-- Requests to applications, by route, as clients counted them. The first three columns are those of all tables that clients send to (see 0002); no
-- job takes windows of it, so rows carry no number of a transaction.
CREATE TABLE requests (
    profile uuid NOT NULL,
    uid     uuid NOT NULL,
    arrived timestamptz NOT NULL DEFAULT now(),
    -- JSON: an array of routes, each with its counts.
    routes  text NOT NULL,
    PRIMARY KEY (profile, uid)
) PARTITION BY RANGE (uid);
CREATE TABLE requests_default PARTITION OF requests DEFAULT;
CREATE INDEX requests_default_uid ON requests_default (uid);
