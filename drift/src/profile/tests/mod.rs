mod golden;
mod numeric;
mod text;
