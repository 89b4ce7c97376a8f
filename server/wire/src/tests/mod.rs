mod broken;
mod forms;
mod golden;
mod words;
