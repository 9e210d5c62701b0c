//! `keystow workspace serve`, and signing in to it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use keystow_testkit::{World, eventually};

use crate::support::*;

/// Serves in the foreground; gives the first line of talk.
fn serve(world: &World) -> (Child, String) {
    let mut server = command(world, &["workspace", "serve"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stderr.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    (server, line)
}

#[test]
fn it_serves_in_the_foreground_once_and_stops_on_request() {
    let world = World::new();
    let (mut server, line) = serve(&world);
    assert!(
        line.starts_with("The local workspace is at http://127.0.0.1:"),
        "{line}"
    );
    sign_in(&world);
    let workspaces = keystow(&world, &["workspaces", "--json"]).ok().json();
    assert!(
        line.contains(workspaces[0]["url"].as_str().unwrap()),
        "{line}"
    );

    let second = keystow(&world, &["workspace", "serve"]);
    assert_eq!(second.code, 1, "{second}");
    assert_said!(world, "workspace_serve_twice", second);

    terminate(&server);
    assert_eq!(server.wait().unwrap().code(), Some(0));

    // On the same port again, for whoever wrote it down.
    let (mut server, again) = serve(&world);
    assert_eq!(again, line);
    terminate(&server);
    assert_eq!(server.wait().unwrap().code(), Some(0));
}

#[test]
fn two_first_starts_at_the_same_time_agree_on_the_owner() {
    let world = World::new();
    let mut both: Vec<Child> = (0..2)
        .map(|_| {
            command(&world, &["workspace", "serve"])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    eventually("one of them gives way", || {
        both.iter_mut()
            .any(|server| server.try_wait().unwrap().is_some())
    });
    sign_in(&world);
    for server in &mut both {
        if server.try_wait().unwrap().is_none() {
            terminate(server);
        }
        server.wait().unwrap();
    }
}

#[test]
fn a_locked_keychain_keeps_the_first_start_from_making_an_owner_nobody_knows() {
    let world = World::new();
    world.lock_keychain();
    let ran = keystow(&world, &["workspace", "serve"]);
    assert_eq!(ran.code, 3, "{ran}");
    assert!(ran.stderr.contains("locked"), "{ran}");
    world.kill_keychain();
    world.start_keychain();
    sign_in(&world);
}

#[test]
fn a_browser_sign_in_prints_its_address_and_can_be_cancelled() {
    let world = signed_in();
    let mut waiting = command(
        &world,
        &["sign-in", "--provider", "local", "--method", "browser"],
    )
    .env("BROWSER", "true")
    .stdin(Stdio::null())
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    let mut talk = BufReader::new(waiting.stderr.take().unwrap()).lines();
    let address = talk.find_map(|line| {
        let line = line.unwrap();
        line.trim()
            .starts_with("http://127.0.0.1:")
            .then(|| line.trim().to_owned())
    });
    assert!(address.unwrap().contains("code_challenge"));
    terminate(&waiting);
    let rest: Vec<String> = talk.map_while(Result::ok).collect();
    assert_eq!(waiting.wait().unwrap().code(), Some(1), "{rest:?}");
    assert_eq!(rest.last().unwrap(), "error: The sign-in was cancelled.");
}

#[test]
fn a_code_for_another_screen_is_shown_with_its_address_and_can_be_cancelled() {
    let world = signed_in();
    let mut waiting = command(
        &world,
        &["sign-in", "--provider", "local", "--method", "device"],
    )
    .env("BROWSER", "true")
    .stdin(Stdio::null())
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    let mut talk = BufReader::new(waiting.stderr.take().unwrap()).lines();
    let mut said = Vec::new();
    for line in talk.by_ref() {
        said.push(line.unwrap());
        if said.last().unwrap().contains("Ctrl-C cancels") {
            break;
        }
    }
    assert_eq!(said[0], "Type the code", "{said:?}");
    assert_eq!(said[1].trim().chars().filter(|c| *c == '-').count(), 1);
    assert!(said[3].contains("http://127.0.0.1:"), "{said:?}");
    // No terminal, no picture.
    assert_eq!(said.len(), 5, "{said:?}");
    terminate(&waiting);
    let rest: Vec<String> = talk.map_while(Result::ok).collect();
    assert_eq!(waiting.wait().unwrap().code(), Some(1), "{rest:?}");
    assert_eq!(rest.last().unwrap(), "error: The sign-in was cancelled.");
}

#[test]
fn one_key_is_found_among_very_many() {
    let world = signed_in();
    keystow_workspace::seed(&world.paths().data, 100_000).unwrap();
    let list = |args: &[&str]| {
        keystow(&world, &[&["keys", "list", "--json"], args].concat())
            .ok()
            .json()
    };
    let found = list(&["--search", "Customer 77777 "]);
    assert_eq!(found["total"], 1);
    assert_eq!(found["keys"][0]["name"], "Customer 77777 on host-594");
    assert_eq!(
        list(&["--page", "2000"])["keys"].as_array().unwrap().len(),
        50
    );
}
