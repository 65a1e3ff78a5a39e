mod bad_input;
mod output_dir;
mod overlay;
mod pipes;
mod problems;
mod render;
mod terminal;
mod verbs;
