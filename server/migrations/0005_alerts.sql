-- What is wrong with a profile, from when it was found until it is gone. All that drifts at one time is one alert.
CREATE TABLE alerts (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    profile      uuid NOT NULL REFERENCES profiles,
    created      timestamptz NOT NULL DEFAULT now(),
    -- When a job found it last.
    seen         timestamptz NOT NULL DEFAULT now(),
    -- Features or metrics, and what is said of each: a JSON object of texts.
    drifted      jsonb NOT NULL,
    -- When people were told of it last; NULL where they were not yet.
    told         timestamptz,
    -- When somebody said that it is known.
    acknowledged timestamptz,
    -- When a job found that it is gone.
    resolved     timestamptz
);
CREATE UNIQUE INDEX alerts_open ON alerts (profile) WHERE resolved IS NULL;
CREATE INDEX alerts_listed ON alerts (profile, created, id);

-- What is to be told to whom: written with what a job found, sent by any server until it has arrived. No row holds a secret.
CREATE TABLE deliveries (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    alert        bigint NOT NULL REFERENCES alerts ON DELETE CASCADE,
    -- Who is told: JSON.
    target       text NOT NULL,
    -- What is told: JSON.
    notice       text NOT NULL,
    created      timestamptz NOT NULL DEFAULT now(),
    due          timestamptz NOT NULL DEFAULT now(),
    -- Whose it is, and until when; NULL where it is nobody's.
    lease        uuid,
    leased_until timestamptz,
    -- How often it was tried, and why it did not arrive the last time; no reason where it did.
    tries        integer NOT NULL DEFAULT 0,
    failure      text,
    -- When it arrived or was given up.
    ended        timestamptz
);
CREATE INDEX deliveries_due ON deliveries (due) WHERE ended IS NULL;
-- What was told of an alert before is sent before; an alert that is dropped takes all that was told of it along.
CREATE INDEX deliveries_of ON deliveries (alert, id);
