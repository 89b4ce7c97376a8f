-- Further uids that mean a profile: where the same is made and registered again, as by a program that is run again, it comes with a uid of its own, which
-- may stand in a file that was saved before. Never the uid of a profile.
CREATE TABLE profile_uids (
    uid     uuid PRIMARY KEY,
    profile uuid NOT NULL REFERENCES profiles
);

CREATE INDEX profile_uids_profile ON profile_uids (profile, uid);
