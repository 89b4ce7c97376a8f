-- What jobs found in numbers, in the order of the profile, so that stretches of time are put together without reading documents. NULL where a
-- version before wrote the row.
ALTER TABLE drift_results
    -- Of the stability index: rows, as in bin_counts. Of control charts: points of each feature. Of metrics: values of each.
    ADD COLUMN counts  bigint[],
    -- Of control charts and metrics: the mean of each.
    ADD COLUMN means   double precision[],
    -- Of metrics: the sum of the squared distances of values from their mean.
    ADD COLUMN squares double precision[];
