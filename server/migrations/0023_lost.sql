-- Features or metrics that are watched and of which a window said nothing, neither that they drift nor that they do not. NULL where a version before wrote it.
ALTER TABLE drift_results ADD COLUMN lost text[];
