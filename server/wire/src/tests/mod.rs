mod broken;
mod forms;
mod golden;
mod reference;
mod words;
