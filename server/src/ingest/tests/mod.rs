mod fit;
mod watched;
