mod fit;
mod room;
mod watched;
