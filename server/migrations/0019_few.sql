-- What a job found that looked at too few rows for anything to be said: how many there are of what is nearest to enough, and how many are enough. They wait for
-- as long as the window goes on that began then: a job that ends it leaves them as they are, and one of a version before does not know of them.
ALTER TABLE drift_jobs
    ADD COLUMN few_since  timestamptz,
    ADD COLUMN few_rows   bigint,
    ADD COLUMN few_needed bigint;
