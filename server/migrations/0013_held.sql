-- Whether people were told that an alert began, and not yet that it is gone: it came and went too often for that.
ALTER TABLE alerts ADD COLUMN held boolean NOT NULL DEFAULT false;
