-- Further uids that mean a profile: where the same is made and registered again, as by a program that is run again, it comes with a uid of its own, which
-- may stand in a file that was saved before. Where a uid is one of these and that of a profile too, as where a version before registers that profile, it
-- means the one whose own it is.
CREATE TABLE profile_uids (
    uid     uuid PRIMARY KEY,
    profile uuid NOT NULL REFERENCES profiles
);

CREATE INDEX profile_uids_profile ON profile_uids (profile, uid);
