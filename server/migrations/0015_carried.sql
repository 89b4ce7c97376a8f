-- What the next window begins with, as JSON: features that had too few values for anything to be said of them, while others had enough. NULL where
-- there is none.
ALTER TABLE drift_jobs ADD COLUMN carried text;
