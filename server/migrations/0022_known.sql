-- What people know of an alert: its features or metrics when it was acknowledged, as in drifted. NULL where nobody acknowledged it, or a server of a version
-- before wrote that down; then it is what the alert names.
ALTER TABLE alerts ADD COLUMN known jsonb;
