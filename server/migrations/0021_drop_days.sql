-- For servers of a version before 0007, which took this away: drops the days before one, and what arrived in the default partition before it. The names of
-- the partitions that are gone. What a job has yet to look at stays, as with drop_oldest_day and drop_fallen.
CREATE FUNCTION drop_days(parent text, before date) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
    gone text;
BEGIN
    LOOP
        SELECT oldest.part INTO gone FROM drop_oldest_day(parent, before) AS oldest;
        EXIT WHEN gone IS NULL;
        RETURN NEXT gone;
    END LOOP;
    PERFORM drop_fallen(parent, before, 2147483647);
END $$;
