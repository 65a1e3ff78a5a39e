//! What a terminal gets, where the program `script` can stand in for one.

use std::process::{Command, Output, Stdio};

use crate::support::Place;

/// Runs the command with a terminal for all three streams, or not at all where there is no `script`.
fn in_terminal(place: &Place, arguments: &str, environment: &[(&str, &str)]) -> Option<(i32, String)> {
    let command = format!("{} {arguments}", env!("CARGO_BIN_EXE_monstack"));
    let Output { status, stdout, .. } = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .current_dir(place.path(""))
        .env_remove("NO_COLOR")
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .ok()?;
    Some((status.code()?, String::from_utf8(stdout).unwrap()))
}

#[test]
fn nobody_is_left_waiting_at_a_terminal() {
    let Some((code, text)) = in_terminal(&Place::new(), "render", &[]) else { return };
    assert_eq!(code, 2, "{text}");
    assert!(
        text.contains("standard input is a terminal") && text.contains("monstack render config.yaml"),
        "{text}"
    );
}

#[test]
fn the_list_of_a_terminal_is_that_of_the_default_stack() {
    let Some((code, text)) = in_terminal(&Place::new(), "list", &[]) else { return };
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("thanos-compactor"), "{text}");
}

#[test]
fn problems_are_shown_with_their_line_in_colour() {
    let place = Place::with("config.yaml", "delivery: helmchat\n");
    let Some((code, text)) = in_terminal(&place, "render config.yaml", &[]) else { return };
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("delivery: helmchat") && text.contains("^^^^^^^^") && text.contains('\u{1b}'),
        "{text}"
    );
}

#[test]
fn no_color_shows_the_line_without_colour() {
    let place = Place::with("config.yaml", "delivery: helmchat\n");
    let Some((_, text)) = in_terminal(&place, "render config.yaml", &[("NO_COLOR", "1")]) else { return };
    assert!(text.contains("config.yaml:1:11") && text.contains("^^^^^^^^"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
}
