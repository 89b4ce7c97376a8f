mod counted;
mod fit;
mod room;
mod watched;
mod whole;
