//! Who uses which key: clients that run are seen to go over to the new one.

use keystow_core::KeyId;
use keystow_core::clients::Mode;
use keystow_core::key::UnixMs;
use keystow_core::rotation::Stage;

use super::create::{self, connections, new_key};
use super::live::{self, Live};
use crate::app::App;
use crate::contract::ConnectionRequest;
use crate::error::AppError;
use crate::handlers;
use crate::store::{Connected, Rotation, Workspace};

/// A connection of a rotation, and the programs that carry it.
pub(crate) struct Seen {
    pub connected: Connected,
    pub state: State,
    /// Programs that run.
    pub live: usize,
    /// When the server last took a message with the key they are to use.
    pub accepted_at: Option<UnixMs>,
}

/// How far a connection's programs are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// None runs: the next one uses the right key from the start.
    NotRunning,
    /// It speaks HTTP itself, and asks for its headers anew whenever it connects.
    AsksAnew,
    /// All of them have succeeded with the key they are to use.
    OnIt,
    /// One still works on what it sent with the other key.
    Finishing,
    /// One has not made a call since.
    Waiting,
    /// A program that was started with the other key in its environment keeps it until it ends.
    Holds,
}

/// The connections of a rotation as they are now.
pub(crate) fn clients(app: &App, rotation: &Rotation) -> Result<Vec<Seen>, AppError> {
    let back = matches!(
        rotation.stage,
        Stage::GoingBack | Stage::Cancelled | Stage::Failed
    );
    let wanted = match (back, &rotation.new) {
        (false, Some(new)) => new,
        _ => &rotation.old.id,
    };
    let everybody = live::all(&app.paths.data);
    let of = |connected: Connected| {
        let live: Vec<&Live> = everybody
            .iter()
            .filter(|live| live.connection == connected.id)
            .collect();
        let on_it = live.iter().filter(|live| live.key == *wanted);
        Seen {
            state: state(connected.mode, &live, wanted, back),
            live: live.len(),
            accepted_at: on_it.filter_map(|live| live.accepted_at).max(),
            connected,
        }
    };
    Ok(connections(app, rotation)?.into_iter().map(of).collect())
}

/// `known`: the key they are to use has proven itself before.
fn state(mode: Mode, live: &[&Live], wanted: &KeyId, known: bool) -> State {
    if mode == Mode::Helper {
        return State::AsksAnew;
    }
    let any = |is: fn(&Live) -> bool| live.iter().any(|live| is(live));
    if live
        .iter()
        .any(|live| live.mode == Mode::Exec && live.key != *wanted)
    {
        return State::Holds;
    }
    let waits = |live: &&&Live| {
        live.mode != Mode::Exec && (live.key != *wanted || !known && live.accepted_at.is_none())
    };
    if live.iter().any(|live| waits(&live)) {
        State::Waiting
    } else if any(|live| live.behind) {
        State::Finishing
    } else if live.is_empty() {
        State::NotRunning
    } else {
        State::OnIt
    }
}

/// Whether clients that run have all succeeded with the new key; where none runs, an entry is tried.
pub(super) fn observe(
    app: &App,
    workspace: &Workspace,
    rotation: &mut Rotation,
) -> Result<bool, AppError> {
    super::announce(app, rotation)?;
    let seen = clients(app, rotation)?;
    if !rotation.hurried && !settled(&seen) {
        return Ok(false);
    }
    if !seen.iter().any(|seen| seen.state == State::OnIt)
        && let Err(reason) = tried(app, workspace, rotation, &seen)?
    {
        create::refused(app, rotation, reason)?;
        return Ok(true);
    }
    rotation.stage = Stage::Observed;
    Ok(true)
}

/// Whether nobody is still to come over.
pub(super) fn settled(seen: &[Seen]) -> bool {
    !seen
        .iter()
        .any(|seen| matches!(seen.state, State::Waiting | State::Finishing))
}

/// Whether nothing is under way that was sent with the key that goes.
pub(super) fn finished(seen: &[Seen]) -> bool {
    !seen.iter().any(|seen| seen.state == State::Finishing)
}

/// Tries the new key as a client does, by an entry that was written; one that cannot be tried says nothing against the key, so
/// that is shown to its server then.
fn tried(
    app: &App,
    workspace: &Workspace,
    rotation: &Rotation,
    seen: &[Seen],
) -> Result<Result<(), String>, AppError> {
    let new = new_key(rotation)?;
    let entry = seen
        .iter()
        .find(|seen| seen.connected.mode != Mode::Exec && seen.connected.key == new);
    if let Some(entry) = entry {
        let request = ConnectionRequest {
            connection: entry.connected.id.to_string(),
        };
        if handlers::connections_probe(app, request)?.problem.is_none() {
            return Ok(Ok(()));
        }
    }
    create::prove(app, workspace, rotation)
}

#[cfg(test)]
mod tests {
    use keystow_core::ConnectionId;

    use super::*;

    fn live(mode: Mode, key: &str, accepted: bool, behind: bool) -> Live {
        Live {
            pid: 1,
            began: 1,
            connection: ConnectionId::new("c"),
            mode,
            key: KeyId::new(key),
            accepted_at: accepted.then_some(1),
            behind,
        }
    }

    #[test]
    fn a_connection_has_gone_over_when_all_its_programs_have() {
        let new = KeyId::new("new");
        let on_it = live(Mode::Bridge, "new", true, false);
        let cases = [
            (vec![], State::NotRunning),
            (vec![on_it.clone()], State::OnIt),
            (
                vec![live(Mode::Bridge, "new", false, false)],
                State::Waiting,
            ),
            (
                vec![on_it.clone(), live(Mode::Bridge, "old", true, false)],
                State::Waiting,
            ),
            (
                vec![live(Mode::Bridge, "new", true, true)],
                State::Finishing,
            ),
            (
                vec![on_it.clone(), live(Mode::Exec, "old", false, false)],
                State::Holds,
            ),
            (vec![live(Mode::Exec, "new", false, false)], State::OnIt),
        ];
        for (programs, wanted) in cases {
            let programs: Vec<&Live> = programs.iter().collect();
            assert_eq!(
                state(Mode::Bridge, &programs, &new, false),
                wanted,
                "{programs:?}"
            );
        }
    }

    #[test]
    fn on_the_way_back_it_is_enough_to_have_gone_back() {
        let old = KeyId::new("old");
        let back = live(Mode::Bridge, "old", false, false);
        assert_eq!(state(Mode::Bridge, &[&back], &old, true), State::OnIt);
        let still = live(Mode::Bridge, "new", true, false);
        assert_eq!(state(Mode::Bridge, &[&still], &old, true), State::Waiting);
    }
}
