mod deploy;
mod reference;
mod settings;
