mod api_1_1;
mod broken;
mod forms;
mod golden;
mod golden_1_1;
mod golden_1_2;
mod reference;
mod words;
