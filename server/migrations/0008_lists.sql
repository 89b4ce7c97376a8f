-- Lists of profiles are read newest first, a page at a time.
CREATE INDEX profiles_newest ON profiles (created DESC, uid DESC);
