-- What was kept long enough is found without reading the rest.
CREATE INDEX drift_results_ended ON drift_results (ended);
CREATE INDEX alerts_resolved ON alerts (resolved) WHERE resolved IS NOT NULL;
