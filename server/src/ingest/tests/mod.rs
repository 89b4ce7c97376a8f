mod fit;
mod room;
mod watched;
mod whole;
