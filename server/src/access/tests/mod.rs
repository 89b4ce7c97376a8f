mod attempts;
mod grants;
mod local;
mod password;
mod secret;
mod token;
