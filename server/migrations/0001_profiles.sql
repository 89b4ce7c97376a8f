-- What is watched: documents as they were registered. Nothing of a profile changes but whether it is active.
CREATE TABLE profiles (
    -- UUID of version 7; records and all that comes of them refer to it.
    uid      uuid PRIMARY KEY,
    space    text NOT NULL,
    name     text NOT NULL,
    -- psi, spc, custom
    kind     text NOT NULL,
    -- A semantic version, whole: 1.2.3-rc.1
    version  text NOT NULL,
    -- JSON, as it was written.
    document text NOT NULL,
    active   boolean NOT NULL,
    created  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (space, name, kind, version)
);
