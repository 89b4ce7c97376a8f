mod associations;
mod golden;
mod numeric;
mod text;
