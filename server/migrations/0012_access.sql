-- Who may do what. Passwords, keys and refresh tokens stand here as hashes alone.
CREATE TABLE users (
    uid      uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name     text NOT NULL UNIQUE,
    -- Argon2id, in the form of PHC.
    password text NOT NULL,
    -- Whether the server made the password: nothing is done with it but to set another.
    one_time boolean NOT NULL,
    -- What may be done where: a JSON object of a role for each space; `*` is every space.
    grants   jsonb NOT NULL,
    created  timestamptz NOT NULL DEFAULT now(),
    -- Since when the user is let in no more.
    revoked  timestamptz
);

-- What services are let in by.
CREATE TABLE api_keys (
    -- How a key begins, which is shown and tells it from others.
    prefix  text PRIMARY KEY,
    -- SHA-256 of the whole key. It has 256 random bits, so that nothing slower is needed.
    hash    bytea NOT NULL UNIQUE,
    -- What it is for.
    name    text NOT NULL,
    grants  jsonb NOT NULL,
    created timestamptz NOT NULL DEFAULT now(),
    expires timestamptz,
    revoked timestamptz
);

-- From a login to its end. Access tokens name their session and are good for as long as it lasts.
CREATE TABLE sessions (
    uid     uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    holder  uuid NOT NULL REFERENCES users,
    began   timestamptz NOT NULL DEFAULT now(),
    expires timestamptz NOT NULL,
    ended   timestamptz
);
CREATE INDEX sessions_of ON sessions (holder, began);

-- Refresh tokens are good once. Those that were used are kept as long as their session, so that one that is used again is noticed.
CREATE TABLE refresh_tokens (
    -- SHA-256 of the token.
    hash    bytea PRIMARY KEY,
    session uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    used    timestamptz
);
CREATE INDEX refresh_tokens_of ON refresh_tokens (session);

-- Who did what. Nothing of it holds a secret.
CREATE TABLE audit (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL DEFAULT now(),
    -- A user, an API key, or what is neither: `(command line)`, `(this machine)`.
    actor   text NOT NULL,
    action  text NOT NULL,
    subject text NOT NULL
);
CREATE INDEX audit_at ON audit (at);
