mod reach;
mod webhook;
mod words;
